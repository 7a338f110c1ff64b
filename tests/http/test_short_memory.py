"""A running server without memory: of the allocations that a request makes, in the server and in every library that it
uses, one fails, then another, until none is left; and the same with every one after it failing as well.

The request is answered as ever, or refused with 503. A connection that there is no memory to accept is closed, and an
answer that is made while it is sent may end early, which its framing tells the client. The server gives back all that it
took, and goes on.
"""

import gzip
import json
import unittest

from client import Connection, assert_problem, once
from contract import unpack
from models import skipping
from server import INSTRUMENTED, Server
from short_memory import ShortMemory
from test_forms import TYPE as FORM
from test_forms import WHOLE
from test_inference_binary import INFER, LENGTH

# More than any request makes.
MOST = 3000

CLOSE = ("Connection", "close")
LINES = ("Content-Type", "application/x-ndjson")

SHAPE = json.dumps({"layer": "Conv2D(8, 3, padding='same')", "input_shape": [None, 9, 9, 3]}).encode()
OWN_FORM = {"layer": {"op": "conv", "kernel": [3], "filters": 4, "stride": [2]}, "input_shape": ["n", "L", 3], "language": "zh"}
CHAIN = {"layers": ["nn.Conv1d(3, 8, 3)", "nn.ReLU()", "nn.MaxPool1d(2)"], "input_shape": [1, 3, 30]}
KERAS1 = {"layer": "Convolution1D(111, 5)", "input_shape": [None, 400, 300]}
SOLVE = {"layer": "Conv2D(8, 3, padding=?)", "input_shape": [1, 8, 8, 1], "output_shape": [1, 6, 6, 8]}
KERAS_MODEL = "Sequential([Conv2D(8, 3, input_shape=(12, 12, 3)), MaxPooling2D(), Flatten(), Dense(4)])"
TORCH_MODEL = "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(800, 4))"
CONVOLVE = {"layer": "Conv1D(1, 2)", "input": [[[1], [2], [3]]], "weights": [[[[1]], [[1]]], [0]]}
# Its answer is made while it is sent.
LONG = {"layer": "UpSampling1D(40000)", "input": [[[1, -0.5], [3, 0.25]]]}
INFERENCE = {
    "inputs": [{"name": "input", "shape": [1, 3, 1], "datatype": "FP32", "data": [1, 2, 3]}],
    "parameters": {"layer": "UpSampling1D(2)"},
}
BINARY = json.dumps(
    {
        "inputs": [{"name": "input", "shape": [1, 3, 1], "datatype": "FP32", "parameters": {"binary_data_size": 12}}],
        "parameters": {"layer": "UpSampling1D(2)", "binary_data_output": True},
    }
).encode()


def post(path, body, *headers):
    return "POST", path, body if isinstance(body, bytes) else json.dumps(body).encode(), headers


# Requests, and the status of their answers where there is memory.
REQUESTS = {
    "health": (("GET", "/healthz", None, ()), 200),
    "ready": (("GET", "/readyz", None, ()), 200),
    "metrics": (("GET", "/metrics", None, ()), 200),
    "contract": (("GET", "/openapi.json", None, ()), 200),
    "contract of another coding": (("GET", "/openapi.yaml", None, [("Accept-Encoding", "gzip")]), 200),
    "documentation": (("GET", "/docs", None, ()), 200),
    "rules": (("GET", "/v1/rules", None, ()), 200),
    "options": (("OPTIONS", "/v1/shape", None, ()), 204),
    "no such path": (("GET", "/nothing", None, ()), 404),
    "no such method": (("DELETE", "/v1/shape", None, ()), 405),
    "no such type": (post("/v1/shape", SHAPE, ("Content-Type", "text/plain")), 415),
    "shape": (post("/v1/shape", SHAPE), 200),
    "shape as gzip": (post("/v1/shape", gzip.compress(SHAPE), ("Content-Encoding", "gzip"), ("Accept-Encoding", "gzip")), 200),
    "shape as zstd": (post("/v1/shape", SHAPE, ("Accept-Encoding", "zstd")), 200),
    "shape of our own form": (post("/v1/shape", OWN_FORM), 200),
    "shapes of a chain": (post("/v1/shape", CHAIN), 200),
    "shape that cannot be": (post("/v1/shape", {"layer": "Conv1D(1, 9)", "input_shape": [1, 3, 1]}), 422),
    "no JSON": (post("/v1/shape", b"{"), 400),
    "lines": (post("/v1/shape", SHAPE + b"\n{\n" + SHAPE, LINES), 200),
    "lines as gzip": (post("/v1/shape", gzip.compress(SHAPE + b"\n" + SHAPE), LINES, ("Content-Encoding", "gzip")), 200),
    "layouts alone": (post("/v1/shape", {**KERAS1, "fields": ["weights_layouts"]}), 200),
    "equivalents alone": (post("/v1/shape", {**KERAS1, "fields": ["equivalents"]}), 200),
    "what was seen": (post("/v1/shape", {**KERAS1, "weights_shapes": [[5, 1, 300, 111], [111]], "cell": [7]}), 200),
    "solve": (post("/v1/solve", SOLVE), 200),
    "solve without a way": (post("/v1/solve", {**SOLVE, "output_shape": [1, 60, 60, 8]}), 200),
    "review of Keras code": (post("/v1/review", {"model": KERAS_MODEL, "input_shape": [1, 12, 12, 3]}), 200),
    "review of PyTorch code": (post("/v1/review", {"model": TORCH_MODEL, "input_shape": [1, 3, 12, 12]}), 200),
    "review of Keras JSON": (post("/v1/review", {"model": skipping().model(), "language": "zh"}), 200),
    "review as a comment": (post("/v1/review", {"model": KERAS_MODEL}, ("Accept", "text/markdown")), 200),
    "review as a table": (post("/v1/review", {"model": TORCH_MODEL}, ("Accept", "text/plain")), 200),
    "review as CSV": (post("/v1/review", {"model": KERAS_MODEL}, ("Accept", "text/csv")), 200),
    "review as SARIF": (post("/v1/review", {"model": KERAS_MODEL}, ("Accept", "application/sarif+json")), 200),
    "review of what cannot be": (post("/v1/review", {"model": "Sequential([Conv2D(8, 3, input_shape=(2, 2, 1))])"}), 200),
    "convolve": (post("/v1/convolve", CONVOLVE), 200),
    "convolve to base64": (post("/v1/convolve", {**CONVOLVE, "output": {"encoding": "base64"}}), 200),
    "convolve to nested lists": (post("/v1/convolve", {**CONVOLVE, "output": {"encoding": "nested"}}), 200),
    "convolve traced": (post("/v1/convolve", {**CONVOLVE, "trace": {"cell": [0], "filter": 0}}), 200),
    "convolve to a file": (post("/v1/convolve", CONVOLVE, ("Accept", "application/x-npy")), 200),
    "convolve of files": (post("/v1/convolve", WHOLE, FORM), 200),
    "convolve of lines": (post("/v1/convolve", json.dumps(CONVOLVE).encode(), LINES), 200),
    "convolve without weights": (post("/v1/convolve", {**CONVOLVE, "weights": None}), 422),
    "long answer": (post("/v1/convolve", LONG), 200),
    "long answer as zstd": (post("/v1/convolve", LONG, ("Accept-Encoding", "zstd")), 200),
    "inference server": (("GET", "/v2", None, ()), 200),
    "inference model": (("GET", "/v2/models/convolve", None, ()), 200),
    "inference server ready": (("GET", "/v2/health/ready", None, ()), 200),
    "inference model ready": (("GET", "/v2/models/convolve/ready", None, ()), 200),
    "inference of no model": (("GET", "/v2/models/nothing", None, ()), 404),
    "inference": (post(INFER, INFERENCE), 200),
    "inference of bytes": (post(INFER, BINARY + bytes(12), (LENGTH, str(len(BINARY)))), 200),
}


def constant(answer):
    """Without what is measured: the times of the computation."""
    measured = {"execution"} | ({"parameters"} if "model_name" in answer else set())
    return {name: value for name, value in answer.items() if name not in measured}


class ShortOfMemory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if INSTRUMENTED:
            raise unittest.SkipTest("the heap of this server is valgrind's or a sanitizer's: it cannot be made short")
        cls.memory = ShortMemory()
        cls.addClassCleanup(cls.memory.close)
        cls.server = Server("--threads", "1", "--workers", "1", environment=cls.memory.environment())
        cls.addClassCleanup(cls.server.kill)
        once(cls.server, "GET", "/healthz")
        before = cls.memory.settled()
        with Connection(cls.server):
            cls.accepting = cls.memory.settled()[0] - before[0]  # blocks that a connection has before it says anything

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def exchange(self, method, path, body, headers):
        """The answer; "closed" when there is none, "cut" when there is a part of one."""
        with Connection(self.server) as connection:
            try:
                return connection.request(method, path, body, [*headers, CLOSE])
            except AssertionError as error:
                if not str(error).startswith("closed"):
                    raise
                return "closed" if str(error) == "closed after b''" else "cut"

    def answers(self, response):
        """What has to be the same each time: a list, of every line where there are several."""
        body = unpack(response.body, response.header("content-encoding"))
        kind = response.header("content-type") or ""
        if length := response.header(LENGTH):
            return [constant(json.loads(body[: int(length)])), body[int(length) :]]
        if "json" not in kind:
            return [] if b"\n# HELP" in body else [body]
        lines = body.splitlines() if "ndjson" in kind else [body]
        return [constant(json.loads(line)) for line in lines]

    def check(self, outcome, nth, kind, expected):
        if outcome == "closed":
            self.assertLessEqual(nth, self.accepting)
        elif outcome == "cut":
            self.assertEqual(expected.header("transfer-encoding"), "chunked")
        elif outcome.status == 503:
            assert_problem(self, outcome, 503, media_type=kind)
            self.assertEqual(outcome.header("retry-after"), "1")
        else:
            self.assertEqual(outcome.status, expected.status, outcome)
            for one, other in zip(self.answers(outcome), self.answers(expected), strict=True):
                self.assertTrue(one == other or (isinstance(one, dict) and one.get("status") == 503), (one, other))

    def with_each_failing(self, asked, status, all_after):
        """How many allocations have failed."""
        for _ in range(3):
            expected = self.exchange(*asked)
            self.assertEqual(expected.status, status, expected)
        kind = "application/json" if asked[1].startswith("/v2") else "application/problem+json"
        before = self.memory.settled()
        for nth in range(1, MOST):
            self.memory.begin(nth, all_after)
            outcome = self.exchange(*asked)
            after = self.memory.settled(before)
            failed = self.memory.end()
            try:
                self.assertLessEqual(after, before, "blocks and bytes that are left")
                self.check(outcome, nth, kind, expected)
            except AssertionError as error:
                which = f"allocation {nth}{' and all after it' if all_after else ''}"
                self.fail(f"{error}\nwithout {which}, which these made: {self.memory.where()}")
            if not failed:
                self.assertEqual(outcome.status, status, outcome)
                return nth - 1
        return self.fail("there is never enough memory")


def add_test(name, asked, status):
    def test(self):
        for all_after in (False, True):
            self.assertGreater(self.with_each_failing(asked, status, all_after), self.accepting)

    setattr(ShortOfMemory, f"test_{name.replace(' ', '_')}", test)


for called, (what, answered) in REQUESTS.items():
    add_test(called, what, answered)


if __name__ == "__main__":
    unittest.main()
