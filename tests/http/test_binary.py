"""Tensors as bytes: the output as float32 and as .npy, bit for bit what the same request gives in JSON."""

import base64
import importlib.util
import io
import json
import unittest

import npy
from client import Connection, assert_problem, once
from one_server import OneServer

LAYER = "nn.Conv2d(3, 8, 3, padding=1)"
RAW = ("Accept", "application/octet-stream")
NPY = ("Accept", "application/x-npy")


def convolve_request(size, **members):
    image = {"shape": [1, 3, size, size], "random": 1}
    return json.dumps({"layer": LAYER, "input": image, "weights": {"random": 7}, **members}).encode()


class Answers(OneServer):
    def ask(self, body, *headers):
        return once(self.server, "POST", "/v1/convolve", body, headers)

    def numbers(self, size, **members):
        """The output's bytes as JSON tells them."""
        answer = self.ask(convolve_request(size, output={"encoding": "base64"}, **members)).json()
        return base64.b64decode(answer["output"]["data"])

    def test_bytes(self):
        for size in (1, 5, 64, 300):  # of 32 bytes and of 2.8 MB: more than a socket takes at once
            with self.subTest(size=size):
                response = self.ask(convolve_request(size), RAW)
                self.assertEqual(response.status, 200, response)
                self.assertEqual(response.header("content-type"), "application/octet-stream")
                self.assertEqual(response.header("convscope-shape"), f"1,8,{size},{size}")
                self.assertEqual(response.header("convscope-axes"), "batch,filters,height,width")
                self.assertTrue(response.header("convscope-algorithm"))
                self.assertEqual(response.header("content-length"), str(4 * 8 * size * size))
                self.assertEqual(response.body, self.numbers(size))

    def test_files(self):
        for size in (1, 64, 300):
            with self.subTest(size=size):
                response = self.ask(convolve_request(size), NPY)
                self.assertEqual(response.status, 200, response)
                self.assertEqual(response.header("content-type"), "application/x-npy")
                shape, descr, fortran, numbers, begin = npy.read(response.body)
                self.assertEqual((shape, descr, fortran), ((1, 8, size, size), "<f4", False))
                self.assertEqual(begin % 64, 0)
                self.assertEqual(numbers, self.numbers(size))

    def test_maps_are_stacked(self):
        maps = self.ask(convolve_request(9, filters=[6, 2], output={"encoding": "base64"})).json()["feature_maps"]
        shape, _, _, numbers, _ = npy.read(self.ask(convolve_request(9, filters=[6, 2]), NPY).body)
        self.assertEqual(shape, (2, 1, 9, 9))
        self.assertEqual(numbers, b"".join(base64.b64decode(one["data"]) for one in maps))
        shape, _, _, numbers, _ = npy.read(self.ask(convolve_request(9, filters=[]), NPY).body)
        self.assertEqual((shape, numbers), ((0, 1, 9, 9), b""))

    def test_a_connection_goes_on(self):
        with Connection(self.server) as connection:
            for header in (RAW, NPY, ("Accept", "*/*"), NPY, RAW):
                response = connection.request("POST", "/v1/convolve", convolve_request(40), [header])
                self.assertEqual(response.status, 200)

    def test_http_1_0(self):
        body = convolve_request(200)
        head = f"POST /v1/convolve HTTP/1.0\r\nAccept: application/x-npy\r\nContent-Length: {len(body)}\r\n\r\n"
        with Connection(self.server) as connection:
            connection.send(head.encode() + body)
            shape, _, _, numbers, _ = npy.read(connection.response("POST").body)
        self.assertEqual((shape, len(numbers)), ((1, 8, 200, 200), 4 * 8 * 200 * 200))

    def test_several_accept_headers_are_one_list(self):
        response = self.ask(convolve_request(2), ("Accept", "text/html"), ("Accept", "application/octet-stream;q=0.1"))
        self.assertEqual(response.header("content-type"), "application/octet-stream")

    def test_problems_stay_problems(self):
        assert_problem(self, self.ask(convolve_request(2), ("Accept", "image/png")), 406, "not-acceptable")
        assert_problem(self, self.ask(b"{", RAW), 400, "not-json")
        assert_problem(self, self.ask(convolve_request(2, trace={"cell": [0, 0]}), NPY), 422, "trace-needs-json")

    def test_clients_that_leave(self):
        for _ in range(20):
            with Connection(self.server) as connection:
                head = "POST /v1/convolve HTTP/1.1\r\nHost: test\r\nAccept: application/x-npy\r\n"
                body = convolve_request(300)
                connection.send(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
                connection.reset()
        self.assertEqual(self.ask(convolve_request(3), RAW).status, 200)

    @unittest.skipUnless(importlib.util.find_spec("numpy"), "NumPy is not installed (python3-numpy)")
    def test_numpy_loads_it(self):
        import numpy

        array = numpy.load(io.BytesIO(self.ask(convolve_request(64), NPY).body), allow_pickle=False)
        self.assertEqual((array.shape, array.dtype), ((1, 8, 64, 64), numpy.float32))
        again = io.BytesIO()
        numpy.save(again, array)
        self.assertEqual(again.getvalue(), self.ask(convolve_request(64), NPY).body)


if __name__ == "__main__":
    unittest.main()
