"""Many requests in one body, a line each (application/x-ndjson)."""

import json
import os
import unittest

from client import Connection, assert_problem, chunked, once, request
from one_server import OneServer
from server import Server

LINES = [("Content-Type", "application/x-ndjson")]


def layer(filters, length):
    return json.dumps({"layer": f"Conv1D({filters}, 3)", "input_shape": [None, length, 4], "fields": ["output"]}).encode()


class Lines(OneServer):
    OPTIONS = ("--max-body", "2000", "--max-stream", "8M")

    def ask(self, body, path="/v1/shape"):
        return once(self.server, "POST", path, body, LINES)

    def answers(self, body, path="/v1/shape"):
        response = self.ask(body, path)
        self.assertEqual((response.status, response.header("content-type")), (200, "application/x-ndjson"))
        self.assertTrue(response.body.endswith(b"\n") or not response.body)
        return [json.loads(line) for line in response.body.splitlines()]

    def test_answers_come_in_order(self):
        body = b"\n".join(layer(1 + n % 50, 3 + n) for n in range(3000)) + b"\n"
        answers = self.answers(body)
        self.assertEqual([a["output"]["shape"] for a in answers], [[None, 1 + n, 1 + n % 50] for n in range(3000)])

    def test_the_last_line_needs_no_end(self):
        for body in (layer(2, 9), layer(2, 9) + b"\n", b"\n\r\n  \n" + layer(2, 9) + b"\r\n\n"):
            self.assertEqual([a["output"]["shape"] for a in self.answers(body)], [[None, 7, 2]])

    def test_no_line_no_answer(self):
        self.assertEqual(self.answers(b""), [])
        self.assertEqual(self.answers(b"\n\n \n"), [])

    def test_an_error_is_an_answer(self):
        bad = [b"not json", b'{"layer": "Conv1D(2, 30)", "input_shape": [null, 9, 4]}', b"{" + b" " * 3000 + b"}", b"[]"]
        answers = self.answers(b"\n".join([layer(2, 9), *bad, layer(3, 9)]))
        self.assertEqual([a.get("status", 200) for a in answers], [200, 400, 422, 413, 422, 200])
        self.assertEqual(answers[-1]["output"]["shape"], [None, 7, 3])

    def test_a_line_may_be_a_merge(self):
        ask = {"layer": "Concatenate()", "fields": ["output"]}
        bodies = [{**ask, "input_shapes": [[2, 3], [2, n]]} for n in (1, 5)] + [{**ask, "input_shapes": [[2, 3]]}]
        answers = self.answers(b"\n".join(json.dumps(body).encode() for body in bodies))
        self.assertEqual([a["output"]["shape"] for a in answers[:2]], [[2, 4], [2, 8]])
        self.assertEqual(answers[2]["errors"][0]["code"], "merge-inputs")

    def test_other_endpoints_take_lines_too(self):
        one = {"layer": "Conv1D(1, 2)", "input": [[[1], [2], [3]]], "weights": [[[[1]], [[1]]], [0]]}
        answers = self.answers(b"\n".join([json.dumps(one).encode()] * 3), "/v1/convolve")
        self.assertEqual([a["output"]["data"] for a in answers], [[3, 5]] * 3)

    def test_a_chunked_body(self):
        body = b"\n".join(layer(1 + n % 9, 5) for n in range(500))
        head = [*LINES, ("Transfer-Encoding", "chunked")]
        with Connection(self.server) as connection:
            connection.send(request("POST", "/v1/shape", None, head) + chunked(body, 777))
            answers = connection.response().body.splitlines()
        self.assertEqual(len(answers), 500)

    def test_a_stream_has_a_limit(self):
        with Connection(self.server) as connection:
            connection.send(request("POST", "/v1/shape", None, [*LINES, ("Content-Length", str(9 << 20))]))
            assert_problem(self, connection.response(), 413, "body-too-large")
        with Connection(self.server) as connection:
            head = request("POST", "/v1/shape", None, [*LINES, ("Transfer-Encoding", "chunked")])
            connection.send(head + chunked(b"\n" * ((8 << 20) + 1000), 65536))
            assert_problem(self, connection.response(), 413, "body-too-large")
        self.assertEqual(self.ask(layer(1, 9)).status, 200)


class Memory(unittest.TestCase):
    @unittest.skipIf(os.environ.get("CONVSCOPE_WRAPPER"), "memory is the wrapper's")
    def test_it_does_not_grow_with_the_number_of_lines(self):
        """60,000 whole answers are some 300 MB; the server may take 8 MB more than for 600."""
        body = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4]}).encode() + b"\n"
        with Server("--threads", "1") as server:
            once(server, "POST", "/v1/shape", body * 600, LINES)
            before = server.peak_kib()
            with Connection(server, patience=120) as connection:
                answer = connection.request("POST", "/v1/shape", body * 60_000, LINES)
            self.assertEqual(answer.body.count(b"\n"), 60_000)
            self.assertLess(server.peak_kib() - before, 8 * 1024)


if __name__ == "__main__":
    unittest.main()
