"""The binary tensor data extension over HTTP: bodies as Triton's and KServe's clients make them, struct as the oracle."""

import gzip
import json
import random
import struct
import unittest

from client import Connection, assert_problem, chunked, request
from one_server import OneServer
from server import Server

INFER = "/v2/models/convolve/infer"
LENGTH = "Inference-Header-Content-Length"

# The protocol's types and struct's letters for them.
TYPES = {
    "BOOL": "?",
    "UINT8": "B",
    "UINT16": "H",
    "UINT32": "I",
    "UINT64": "Q",
    "INT8": "b",
    "INT16": "h",
    "INT32": "i",
    "INT64": "q",
    "FP16": "e",
    "FP32": "f",
    "FP64": "d",
}


def pack(datatype, values):
    """The values as the extension wants them: little-endian, nothing between."""
    return struct.pack(f"<{len(values)}{TYPES[datatype]}", *values)


def tensor(name, shape, datatype, values, binary=True):
    """An entry of "inputs", and its binary data or None."""
    entry = {"name": name, "shape": shape, "datatype": datatype}
    if not binary:
        return {**entry, "data": values}, None
    data = pack(datatype, values)
    return {**entry, "parameters": {"binary_data_size": len(data)}}, data


def body_of(layer, tensors, **members):
    """A request's body, and the length of its JSON or None where no binary data follows it."""
    parameters = {"layer": layer, **members.pop("parameters", {})}
    text = json.dumps({"parameters": parameters, "inputs": [entry for entry, _ in tensors], **members})
    data = [bytes_ for _, bytes_ in tensors if bytes_ is not None]
    return text.encode() + b"".join(data), len(text) if data else None


def read(response):
    """A response as Triton's client reads it: the JSON, and each output's binary data by name."""
    length = response.header(LENGTH)
    if length is None:
        return response.json(), {}
    answer, rest, outputs = json.loads(response.body[: int(length)]), response.body[int(length) :], {}
    for output in answer["outputs"]:
        size = output.get("parameters", {}).get("binary_data_size")
        if size is not None:
            outputs[output["name"]], rest = rest[:size], rest[size:]
    assert not rest, f"{len(rest)} bytes belong to no output"
    return answer, outputs


def single(value):
    """The nearest float32."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


class Inference(OneServer):
    def setUp(self):
        self.connection = self.connect()

    def infer(self, layer, tensors, headers=(), **members):
        body, length = body_of(layer, tensors, **members)
        if length is not None:
            headers = [*headers, (LENGTH, length)]
        response = self.connection.request("POST", INFER, body, [("Content-Type", "application/octet-stream"), *headers])
        self.assertEqual(response.status, 200, response)
        return response


BINARY = {"binary_data_output": True}


class Answers(Inference):
    def test_every_type_comes_back_as_its_float32(self):
        values = {"BOOL": [True, False, True], "FP16": [1.5, -(2.0**-24), 65504.0], "FP64": [0.1, -1e30, 3.0]}
        for datatype, letter in TYPES.items():
            bits = 8 * struct.calcsize(letter)
            least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if letter.islower() else (0, 2**bits - 1)
            numbers = values.get(datatype, [0.1, -3.5, 1e38] if datatype == "FP32" else [least, 7, most])
            response = self.infer("nn.Flatten(1, 1)", [tensor("input", [1, 3], datatype, numbers)], parameters=BINARY)
            answer, outputs = read(response)
            self.assertEqual(answer["outputs"][0]["datatype"], "FP32")
            expected = [single(float(number)) for number in struct.unpack(f"<3{letter}", pack(datatype, numbers))]
            self.assertEqual(list(struct.unpack("<3f", outputs["output"])), expected, datatype)

    def test_a_convolution_in_and_out(self):
        rng = random.Random(5)
        length, channels, filters, taps = 7, 3, 2, 3
        x = [rng.randint(-9, 9) for _ in range(length * channels)]
        w = [rng.randint(-9, 9) for _ in range(taps * channels * filters)]
        b = [rng.randint(-9, 9) for _ in range(filters)]
        expected = [
            b[f]
            + sum(
                x[(i + k) * channels + c] * w[(k * channels + c) * filters + f]
                for k in range(taps)
                for c in range(channels)
            )
            for i in range(length - taps + 1)
            for f in range(filters)
        ]
        for binary in ((True, True, True), (False, True, False), (True, False, True)):
            tensors = [
                tensor("bias", [filters], "FP32", b, binary[0]),
                tensor("input", [1, length, channels], "INT16", x, binary[1]),
                tensor("kernel", [taps, channels, filters], "FP64", w, binary[2]),
            ]
            response = self.infer(f"Conv1D({filters}, {taps})", tensors, id="a7", parameters=BINARY)
            answer, outputs = read(response)
            self.assertEqual(answer["id"], "a7")
            self.assertEqual(answer["outputs"][0]["shape"], [1, length - taps + 1, filters])
            self.assertEqual(list(struct.unpack(f"<{len(expected)}f", outputs["output"])), expected, binary)

    def test_the_head_of_a_binary_answer(self):
        response = self.infer("ReLU()", [tensor("input", [1, 5], "FP32", [1, -2, 3, 4, 5])], parameters=BINARY)
        self.assertEqual(response.header("content-type"), "application/octet-stream")
        self.assertIsNone(response.header("transfer-encoding"))
        self.assertEqual(int(response.header("content-length")), int(response.header(LENGTH)) + 20)
        answer, outputs = read(response)
        self.assertNotIn("data", answer["outputs"][0])
        self.assertEqual(outputs["output"], pack("FP32", [1, 0, 3, 4, 5]))

    def test_an_output_may_overrule_the_request(self):
        inputs = [tensor("input", [1, 2], "FP32", [1, -2])]
        for asked, wish, binary in ((True, False, False), (False, True, True), (None, True, True), (True, None, True)):
            parameters = {} if asked is None else {"binary_data_output": asked}
            output = {"name": "output", **({} if wish is None else {"parameters": {"binary_data": wish}})}
            response = self.infer("ReLU()", inputs, parameters=parameters, outputs=[output])
            answer, outputs = read(response)
            self.assertEqual(response.header(LENGTH) is not None, binary)
            self.assertEqual(list(outputs), ["output"] if binary else [])
            self.assertEqual(answer["outputs"][0].get("data"), None if binary else [1, 0])

    def test_long_outputs_are_the_same_numbers_in_both_forms(self):
        rng = random.Random(6)
        count = 300_000
        inputs = [tensor("input", [1, count], "FP32", [rng.uniform(-1, 1) for _ in range(count)])]
        _, outputs = read(self.infer("nn.Tanh()", inputs, parameters=BINARY))
        answer, _ = read(self.infer("nn.Tanh()", inputs))
        self.assertEqual(outputs["output"], pack("FP32", answer["outputs"][0]["data"]))
        self.assertEqual(self.connection.request("GET", "/v2/health/live").status, 200)


class Clients(Inference):
    """One request in the forms that clients give it."""

    def setUp(self):
        super().setUp()
        self.body, self.length = body_of("ReLU()", [tensor("input", [1, 2], "FP32", [1, -2])], parameters=BINARY)

    def check(self, body, headers, path=INFER):
        response = self.connection.request("POST", path, body, headers)
        self.assertEqual(response.status, 200, response)
        self.assertEqual(read(response)[1]["output"], pack("FP32", [1, 0]))

    def test_tritons_names_no_type(self):
        head = request("POST", INFER, None, [("Content-Length", len(self.body)), (LENGTH, self.length)])
        self.connection.send(head + self.body)
        response = self.connection.response()
        self.assertEqual(response.status, 200, response)
        self.assertEqual(read(response)[1]["output"], pack("FP32", [1, 0]))

    def test_tritons_may_compress(self):
        self.check(gzip.compress(self.body), [("Content-Encoding", "gzip"), (LENGTH, self.length)])

    def test_kserves_names_the_model_twice(self):
        inputs = [tensor("input", [1, 2], "FP32", [1, -2])]
        body, length = body_of("ReLU()", inputs, id="5", model_name="convolve", parameters=BINARY)
        self.check(body, [("Content-Type", "application/octet-stream"), (LENGTH, length)])

    def test_a_version_and_a_query(self):
        headers = [("Content-Type", "application/octet-stream"), (LENGTH, self.length)]
        self.check(self.body, headers, "/v2/models/convolve/versions/1/infer")
        self.check(self.body, headers, INFER + "?a=b")

    def test_chunks(self):
        headers = [("Transfer-Encoding", "chunked"), (LENGTH, self.length)]
        self.connection.send(request("POST", INFER, chunked(self.body, 7), headers))
        self.assertEqual(read(self.connection.response())[1]["output"], pack("FP32", [1, 0]))

    def test_all_of_the_body_may_be_json(self):
        body, length = body_of("ReLU()", [tensor("input", [1, 2], "FP32", [1, -2], False)], parameters=BINARY)
        self.assertIsNone(length)
        self.check(body, [("Content-Type", "application/octet-stream")])
        self.check(body, [("Content-Type", "application/json")])
        self.check(body, [(LENGTH, len(body))])


class Refusals(Inference):
    def refused(self, body, headers, status, code):
        with Connection(self.server) as connection:
            response = connection.request("POST", INFER, body, headers)
        assert_problem(self, response, status, code, "application/json")
        return response.json()

    def test_lengths_that_are_none(self):
        body, length = body_of("ReLU()", [tensor("input", [1, 2], "FP32", [1, -2])])
        for given in ("", "-1", "+5", "1e2", "0x10", f"{length},{length}", f"{length}.0", "many"):
            self.refused(body, [(LENGTH, given)], 400, "bad-inference-header-content-length")
        self.refused(body, [(LENGTH, length), (LENGTH, length)], 400, "duplicate-inference-header-content-length")

    def test_lengths_that_are_not_those_of_the_json(self):
        body, length = body_of("ReLU()", [tensor("input", [1, 2], "FP32", [1, -2])])
        self.refused(body, [(LENGTH, 0)], 400, "json-length-zero")
        self.refused(body, [(LENGTH, length - 1)], 400, "not-json")
        self.refused(body, [(LENGTH, length + 1)], 400, "not-json")
        self.refused(body, [(LENGTH, len(body) + 1)], 400, "json-length-too-large")
        self.refused(body, [(LENGTH, 2**64 + length)], 400, "json-length-too-large")
        self.refused(body, [], 400, "not-json")

    def test_sizes_that_are_not_those_of_the_tensors(self):
        entry, data = tensor("input", [1, 2], "FP32", [1, -2])
        for size, kept, code in (
            (8, 7, "binary-data-missing"),
            (8, 0, "binary-data-missing"),
            (2**62, 8, "binary-data-missing"),
            (4, 8, "data-length-mismatch"),
            (7, 8, "data-length-mismatch"),
            (-8, 8, "size-negative"),
            ("8", 8, "wrong-type"),
        ):
            entry["parameters"]["binary_data_size"] = size
            body, length = body_of("ReLU()", [(entry, data[:kept])])
            problem = self.refused(body, [(LENGTH, length)], 422, code)
            self.assertEqual(problem["errors"][0]["pointer"], "/inputs/0/parameters/binary_data_size")
        body, length = body_of("ReLU()", [tensor("input", [1, 2], "FP32", [1, -2])])
        self.refused(body + b"\0", [(LENGTH, length)], 422, "binary-data-left")

    def test_other_types(self):
        problem = self.refused(b"{}", [("Content-Type", "text/plain")], 415, "unsupported-media-type")
        self.assertIn("application/octet-stream", problem["error"])
        response = self.connection.request("POST", "/v1/shape", b"{}", [("Content-Type", "application/octet-stream")])
        assert_problem(self, response, 415, "unsupported-media-type")

    def test_a_body_beyond_the_limit(self):
        with Server("--max-body", "1000") as server, Connection(server) as connection:
            body, length = body_of("ReLU()", [tensor("input", [1, 250], "FP32", [0.0] * 250)])
            response = connection.request("POST", INFER, body, [(LENGTH, length)])
            assert_problem(self, response, 413, "body-too-large", "application/json")


if __name__ == "__main__":
    unittest.main()
