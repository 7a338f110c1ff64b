"""Tensors that come as .npy files in multipart/form-data, as curl and browsers send them."""

import gzip
import importlib.util
import io
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import npy
from client import Connection, assert_problem, chunked, once
from one_server import OneServer

BOUNDARY = "------------------------d74496d66958873e"
TYPE = ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
URL = "/v1/convolve"

# One filter that adds two neighbours, and ten.
KERNEL = npy.write((2, 1, 1), [1, 1])
BIAS = npy.write((1,), [10])
INPUT = npy.write((1, 4, 1), [1, 2, 3, 4])
SUMS = [13, 15, 17]
LAYER = '{"layer": "Conv1D(1, 2)"}'


def form(*parts, boundary=BOUNDARY, end=True):
    """The body of (name, bytes or text) pairs as curl writes it."""
    pieces = []
    for name, content in parts:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(content, bytes):
            head += f'; filename="{name}.npy"\r\nContent-Type: application/octet-stream'
        pieces.append(head.encode() + b"\r\n\r\n" + (content if isinstance(content, bytes) else content.encode()) + b"\r\n")
    return b"".join(pieces) + (f"--{boundary}--\r\n".encode() if end else b"")


WHOLE = form(("request", LAYER), ("input", INPUT), ("kernel", KERNEL), ("bias", BIAS))


class Forms(OneServer):
    OPTIONS = ("--max-body", "3000000")

    def ask(self, body, *headers):
        given = {name.lower() for name, _ in headers}
        return once(self.server, "POST", URL, body, (*headers, *(() if "content-type" in given else (TYPE,))))

    def sums(self, body, *headers):
        response = self.ask(body, *headers)
        self.assertEqual(response.status, 200, response)
        return response.json()["output"]["data"]

    def refused(self, status, code, body, *headers, pointer=""):
        response = self.ask(body, *headers)
        assert_problem(self, response, status, code)
        self.assertEqual(response.json()["errors"][0]["pointer"], pointer, response)
        self.assertEqual(self.sums(WHOLE), SUMS, "the server goes on")

    def test_files(self):
        self.assertEqual(self.sums(WHOLE), SUMS)

    def test_text_parts(self):
        self.assertEqual(
            self.sums(form(("layer", "Conv1D(1, 2)"), ("bias", BIAS), ("kernel", KERNEL), ("input", INPUT))), SUMS
        )

    def test_every_kind_of_number(self):
        numbers = [1, 2, 3, 4]
        for kind in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
            for order in "<>":
                for version in (1, 2, 3):
                    file = npy.write((1, 4, 1), numbers, order + kind, version=version)
                    body = form(("request", LAYER), ("input", file), ("kernel", KERNEL), ("bias", BIAS))
                    self.assertEqual(self.sums(body), SUMS, (kind, order, version))

    def test_the_order_of_fortran(self):
        rows = npy.write((2, 3), [1, 4, 2, 5, 3, 6], fortran_order=True)
        self.assertEqual(self.sums(form(("layer", "ReLU()"), ("input", rows))), [1, 2, 3, 4, 5, 6])

    def test_files_in_and_out(self):
        response = self.ask(WHOLE, ("Accept", "application/x-npy"))
        shape, descr, _, numbers, _ = npy.read(response.body)
        self.assertEqual((shape, descr), ((1, 3, 1), "<f4"))
        self.assertEqual(numbers, npy.write((3,), SUMS)[-12:])

    def test_long_files_at_any_address(self):
        for shift in range(4):
            numbers = [float(i % 251) for i in range(300_000)]
            body = form(("layer", "Activation('linear')" + " " * shift), ("input", npy.write((1, 300_000), numbers)))
            with self.subTest(shift=shift):
                self.assertEqual(self.sums(body), numbers)

    def test_however_it_is_sent(self):
        for size in (1, 7, 1000):
            with Connection(self.server) as connection:
                head = f"POST {URL} HTTP/1.1\r\nHost: test\r\n{TYPE[0]}: {TYPE[1]}\r\nTransfer-Encoding: chunked\r\n\r\n"
                connection.send(head.encode() + chunked(WHOLE, size))
                self.assertEqual(connection.response("POST").json()["output"]["data"], SUMS)
        self.assertEqual(self.sums(gzip.compress(WHOLE), ("Content-Encoding", "gzip")), SUMS)

    def test_quoted_boundary(self):
        body = form(("request", LAYER), ("input", INPUT), ("kernel", KERNEL), ("bias", BIAS), boundary="a b'(c)")
        self.assertEqual(self.sums(body, ("Content-Type", 'Multipart/Form-Data; Boundary="a b\'(c)"')), SUMS)

    def test_bad_boundaries(self):
        for boundary in ("", "x" * 71, "x" * 300, "b@b", '"bb '):
            self.refused(400, "bad-boundary", WHOLE, ("Content-Type", f"multipart/form-data; boundary={boundary}"))
        self.refused(400, "bad-boundary", WHOLE, ("Content-Type", "multipart/form-data"))
        for boundary in ("b\0b", "b\x01b"):
            response = self.ask(WHOLE, ("Content-Type", f"multipart/form-data; boundary={boundary}"))
            assert_problem(self, response, 400)

    def test_bad_bodies(self):
        parts = (("request", LAYER), ("input", INPUT))
        self.refused(400, "malformed-multipart", b"")
        self.refused(400, "malformed-multipart", LAYER.encode())
        self.refused(400, "malformed-multipart", form(*parts, end=False))
        self.refused(400, "malformed-multipart", form(*parts)[:-6])
        self.refused(400, "malformed-multipart", form(*parts) + b"more")
        self.refused(400, "malformed-multipart", form(*parts, boundary="other"))
        self.refused(400, "malformed-multipart", form(*parts).replace(b"\r\n", b"\n"))
        self.refused(400, "duplicate-part", form(*parts, ("input", INPUT)), pointer="/input")
        self.refused(422, "unknown-member", form(*parts, ("kernle", KERNEL)), pointer="/kernle")
        self.refused(413, "too-many-parts", form(*((f"part{i}", KERNEL) for i in range(10_000))))
        self.refused(413, "part-name-too-long", form(*parts, ("n" * 1000, KERNEL)))

    def test_bad_files(self):
        pickled = b"\x80\x04\x95\x0b\0\0\0\0\0\0\0\x8c\x02os\x94\x8c\x06system\x94\x93\x94."
        objects = npy.write((1,), [0], "|u1").replace(b"'|u1'", b"'|O' ")
        cases = (
            (pickled, "not-npy"),
            (objects, "npy-objects"),
            (INPUT[:5], "not-npy"),
            (INPUT[:9], "npy-truncated"),
            (INPUT[:40], "npy-truncated"),
            (INPUT[:-1], "data-length-mismatch"),
            (INPUT + b"\0", "data-length-mismatch"),
            (INPUT[:8] + b"\xff\x7f" + INPUT[10:], "npy-header-too-long"),
            (INPUT[:8] + b"\xff\x0f" + INPUT[10:], "npy-truncated"),
            (npy.write((-1, 4, 1), [1]), "size-negative"),
            (npy.write((2**63, 1), [1]), "size-overflow"),
            (npy.write((2**62, 1), [1]), "data-length-mismatch"),
            (npy.write((1,) * 9, [1]), "too-many-axes"),
            (INPUT.replace(b"'<f4'", b"'<c8'"), "unknown-dtype"),
            (INPUT.replace(b"'shape'", b"'shade'"), "npy-header"),
            (INPUT.replace(b"(1, 4, 1)", b"f(1, 4,1)"), "npy-header"),
        )
        for file, code in cases:
            with self.subTest(code=code):
                self.refused(422, code, form(("request", LAYER), ("input", file)), pointer="/input")
                body = form(("request", LAYER), ("input", INPUT), ("kernel", file), ("bias", BIAS))
                self.refused(422, code, body, pointer="/kernel")
        overflow = npy.write((2**40, 2**40), [1])
        self.refused(413, "too-many-elements", form(("request", LAYER), ("input", overflow)), pointer="/input")

    def test_too_large_a_body(self):
        body = form(("request", LAYER), ("input", INPUT), ("kernel", bytes(3_000_000)))
        assert_problem(self, self.ask(body), 413, "body-too-large")

    def test_only_where_forms_are_taken(self):
        response = once(self.server, "POST", "/v1/shape", WHOLE, [TYPE])
        assert_problem(self, response, 415, "unsupported-media-type")

    @unittest.skipUnless(shutil.which("curl"), "curl is not installed")
    def test_curl(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("x", INPUT), ("k", KERNEL), ("b", BIAS)):
                pathlib.Path(folder, f"{name}.npy").write_bytes(content)
            url = f"http://{self.server.host}:{self.server.port}{URL}"
            files = ("-F", "input=@x.npy", "-F", "kernel=@k.npy", "-F", "bias=@b.npy")
            for request in (f"request={LAYER};type=application/json", "layer=Conv1D(1, 2)"):
                command = ("curl", "--silent", "--show-error", "--max-time", "30", url, *files, "-F", request)
                answer = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout
                self.assertEqual(json.loads(answer)["output"]["data"], SUMS)

    @unittest.skipUnless(importlib.util.find_spec("numpy"), "NumPy is not installed (python3-numpy)")
    def test_numpy_saves_it(self):
        import numpy

        image = numpy.arange(24).reshape(1, 2, 3, 4)
        for array in (image, numpy.asfortranarray(image), image[:, ::-1], image.transpose(0, 3, 1, 2)):
            for kind in ("f2", ">f4", "f8", "u1", "i8", ">u4"):
                file = io.BytesIO()
                numpy.save(file, array.astype(kind))
                response = self.ask(form(("layer", "ReLU()"), ("input", file.getvalue())), ("Accept", "application/npy"))
                self.assertEqual(response.status, 200, response)
                numpy.testing.assert_array_equal(numpy.load(io.BytesIO(response.body)), array)


if __name__ == "__main__":
    unittest.main()
