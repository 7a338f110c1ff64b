"""Compressed bodies: gzip against Python's, zstd against the `zstd` program."""

import gzip
import json
import subprocess
import unittest
import zlib

from client import Connection, assert_problem, chunked, once, request
from one_server import OneServer
from server import WRAPPER, Server

LINES = ("Content-Type", "application/x-ndjson")
BODY = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4], "fields": ["output"]}).encode()
ANSWER = b'{"output":{"shape":[null,88,8],"axes":["batch","length","filters"]}}'


def zstd(data, *options):
    """`data` as the zstd program compresses what it reads from a pipe, or with "-d" what it was."""
    return subprocess.run(["zstd", "-q", "-c", *options], input=data, capture_output=True, check=True, timeout=60).stdout


PACK = {"gzip": gzip.compress, "zstd": zstd}
UNPACK = {"gzip": gzip.decompress, "zstd": lambda data: zstd(data, "-d"), None: bytes}


class Requests(OneServer):
    OPTIONS = ("--max-body", "100000", "--max-stream", "4M")

    def ask(self, body, coding, *headers):
        return once(self.server, "POST", "/v1/shape", body, [("Content-Encoding", coding), *headers])

    def test_either_coding_under_every_name(self):
        for coding, pack in (("gzip", gzip.compress), ("x-gzip", gzip.compress), ("GZip", gzip.compress), ("zstd", zstd)):
            self.assertEqual(self.ask(pack(BODY), coding).body, ANSWER, coding)
        for nothing in ("", "identity", ", Identity"):
            self.assertEqual(self.ask(BODY, nothing).body, ANSWER, nothing)

    def test_every_level(self):
        for level in range(10):
            self.assertEqual(self.ask(gzip.compress(BODY, level), "gzip").body, ANSWER)
        for option in ("--fast=5", "-1", "-3", "-19", "--no-check"):
            self.assertEqual(self.ask(zstd(BODY, option), "zstd").body, ANSWER)

    def test_several_members_are_one_body(self):
        for coding, pack in PACK.items():
            parts = b"".join(pack(BODY[at : at + 9]) for at in range(0, len(BODY), 9))
            self.assertEqual(self.ask(parts, coding).body, ANSWER, coding)

    def test_in_chunks_of_any_size(self):
        for coding, pack in PACK.items():
            body = pack(BODY)
            for size in (1, 2, 3, 17, len(body)):
                with Connection(self.server) as connection:
                    head = [("Content-Encoding", coding), ("Transfer-Encoding", "chunked")]
                    connection.send(request("POST", "/v1/shape", b"", head) + chunked(body, size))
                    self.assertEqual(connection.response().body, ANSWER)

    def test_other_codings_are_refused_with_those_taken(self):
        for coding in ("br", "deflate", "gzip, zstd", "gzip, gzip", "gzip;q=1", "compress"):
            response = self.ask(zlib.compress(BODY), coding)
            assert_problem(self, response, 415, "unsupported-content-encoding")
            self.assertEqual(response.header("accept-encoding"), "gzip, zstd")
        response = once(self.server, "POST", "/v1/shape", BODY, [("Content-Encoding", "gzip"), ("content-encoding", "gzip")])
        assert_problem(self, response, 415, "unsupported-content-encoding")
        # RFC 9110, 12.5.3: not in a refusal for another reason.
        response = self.ask(gzip.compress(BODY), "gzip", ("Content-Type", "text/plain"))
        assert_problem(self, response, 415, "unsupported-media-type")
        self.assertIsNone(response.header("accept-encoding"))

    def test_options_names_the_codings(self):
        self.assertEqual(once(self.server, "OPTIONS", "/v1/shape").header("accept-encoding"), "gzip, zstd")
        self.assertIsNone(once(self.server, "OPTIONS", "/healthz").header("accept-encoding"))

    def test_where_no_body_is_wanted_its_coding_does_not_matter(self):
        with Connection(self.server) as connection:
            for coding in ("gzip", "br", "gzip, zstd"):
                header = [("Content-Encoding", coding)]
                self.assertEqual(connection.request("GET", "/healthz", headers=header).status, 200)
                self.assertEqual(connection.request("GET", "/healthz", b"nonsense", header).status, 200)
                assert_problem(self, connection.request("GET", "/nothing", b"nonsense", header), 404)
            assert_problem(self, connection.request("POST", "/v1/shape", b"", [("Content-Encoding", "gzip")]), 400)

    def test_what_is_wrong_is_said_and_the_connection_stays(self):
        with Connection(self.server) as connection:
            for coding, pack in PACK.items():
                body, header = pack(BODY), [("Content-Encoding", coding)]
                middle = len(body) // 2
                for broken, code in (
                    (body[:-1], "compressed-body-truncated"),
                    (body[:middle], "compressed-body-truncated"),
                    (body[:1], "compressed-body-truncated"),
                    (body[:middle] + bytes([body[middle] ^ 255]) + body[middle + 1 :], "compressed-body-corrupt"),
                    (body + b"\n", "compressed-body-trailing"),
                    (body + BODY, "compressed-body-trailing"),
                    (BODY, "compressed-body-mismatch"),
                ):
                    response = connection.request("POST", "/v1/shape", broken, header)
                    assert_problem(self, response, 400, code)
                    response = connection.request("POST", "/v1/shape", broken, [*header, LINES])
                    assert_problem(self, response, 400, code)
                self.assertEqual(connection.request("POST", "/v1/shape", body, header).body, ANSWER)

    def test_a_wrong_checksum(self):
        body = gzip.compress(BODY)
        for at in range(-8, 0):  # the CRC, then the length
            wrong = bytearray(body)
            wrong[at] ^= 1
            assert_problem(self, self.ask(bytes(wrong), "gzip"), 400, "compressed-body-corrupt")

    def test_a_window_that_is_too_large(self):
        data = BODY + b" " * 70_000
        self.assertEqual(self.ask(zstd(data, "--long=23"), "zstd").body, ANSWER)
        assert_problem(self, self.ask(zstd(data, "--long=24"), "zstd"), 400, "zstd-window-too-large")
        assert_problem(self, self.ask(zstd(data, "--ultra", "-22"), "zstd"), 400, "zstd-window-too-large")

    def test_the_limit_is_of_the_inflated_body(self):
        for coding, pack in PACK.items():
            self.assertEqual(self.ask(pack(BODY + b" " * (100_000 - len(BODY))), coding).body, ANSWER)
            response = self.ask(pack(BODY + b" " * (100_001 - len(BODY))), coding)
            assert_problem(self, response, 413, "body-too-large")
            self.assertIn("100000 bytes", response.json()["detail"])

    def test_a_compressed_body_without_end_is_cut_off(self):
        """Members that hold nothing never reach the limit of what is inflated."""
        for coding, pack in PACK.items():
            empty = pack(b"") * 3000
            with Connection(self.server) as connection:
                head = [("Content-Encoding", coding), ("Transfer-Encoding", "chunked")]
                connection.send(request("POST", "/v1/shape", b"", head))
                with self.assertRaises(OSError):
                    for _ in range(1000):
                        connection.send(b"%x\r\n%s\r\n" % (len(empty), empty))
        self.assertEqual(once(self.server, "GET", "/healthz").status, 200)

    def test_lines(self):
        body = (BODY + b"\n") * 5000
        for coding, pack in PACK.items():
            self.assertEqual(self.ask(pack(body), coding, LINES).body, (ANSWER + b"\n") * 5000)

    @unittest.skipIf(WRAPPER, "the wrapper puts files there itself")
    def test_lines_are_put_aside_as_they_came(self):
        """Without a directory for files there is room for 256 KiB: too little for these lines, enough compressed."""
        body = (BODY + b"\n") * 10_000
        with Server(environment={"TMPDIR": "/nonexistent"}) as server:
            assert_problem(self, once(server, "POST", "/v1/shape", body, [LINES]), 503, "no-room")
            for coding, pack in PACK.items():
                answer = once(server, "POST", "/v1/shape", pack(body), [LINES, ("Content-Encoding", coding)])
                self.assertEqual(answer.body, (ANSWER + b"\n") * 10_000)

    def test_a_stream_has_a_limit(self):
        for coding, pack in PACK.items():
            self.assertEqual(self.ask(pack(b"\n" * (4 << 20)), coding, LINES).body, b"")
            assert_problem(self, self.ask(pack(b"\n" * ((4 << 20) + 1)), coding, LINES), 413, "body-too-large")


WHOLE = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4]}).encode()
# 80,000 numbers, of which the text is made while it is sent, and an answer that is made before.
NUMBERS = {"layer": "LeakyReLU(0.3)", "input": {"shape": [1, 80000], "random": 5}}
CHAIN = {"layers": ["Conv1D(8, 3)"] * 40, "input_shape": [None, 900, 8]}
LONG = [
    ("/v1/convolve", NUMBERS),
    ("/v1/convolve", {**NUMBERS, "output": {"encoding": "nested"}}),
    ("/v1/convolve", {**NUMBERS, "output": {"encoding": "base64"}}),
    ("/v1/shape", CHAIN),
]


class Answers(OneServer):
    def ask(self, accept, method="POST", path="/v1/shape", body=WHOLE, headers=()):
        """A response, its body as it was before it was compressed."""
        accept = [] if accept is None else [("Accept-Encoding", accept)]
        response = once(self.server, method, path, body, [*accept, *headers])
        response.sent = response.body
        if method != "HEAD":
            response.body = UNPACK[response.header("content-encoding")](response.body)
        return response

    def test_the_client_gets_what_it_likes_best(self):
        plain = self.ask(None)
        self.assertGreater(len(plain.body), 4000)
        for accept, coding in (
            (None, None),
            ("", None),
            ("identity", None),
            ("br", None),
            ("gzip", "gzip"),
            ("x-gzip", "gzip"),
            ("*", "gzip"),
            ("gzip, deflate", "gzip"),
            ("gzip, deflate, br, zstd", "zstd"),
            ("zstd;q=0.5, gzip;q=0.6", "gzip"),
            ("gzip;q=0.5, identity", None),
            ("gzip;q=0", None),
            ("identity;q=0, gzip;q=0.1", "gzip"),
        ):
            response = self.ask(accept)
            self.assertEqual((response.status, response.header("content-encoding")), (200, coding), accept)
            self.assertEqual((response.body, response.header("vary")), (plain.body, "Accept-Encoding"), accept)
            self.assertEqual(response.header("content-length"), str(len(response.sent)), accept)
            if coding:
                self.assertLess(len(response.sent), len(plain.body) / 2, accept)

    def test_several_lines_are_one_list(self):
        response = self.ask("gzip;q=0.1", headers=[("Accept-Encoding", "zstd;q=0.2"), ("accept-encoding", "br")])
        self.assertEqual(response.header("content-encoding"), "zstd")

    def test_short_answers_go_as_they_are(self):
        for arguments in (("POST", "/v1/shape", BODY), ("GET", "/healthz", None), ("POST", "/v1/shape", b"{}")):
            response = self.ask("gzip, zstd", *arguments)
            self.assertIsNone(response.header("content-encoding"), response)
            self.assertEqual(response.header("vary"), "Accept-Encoding")

    def test_unless_that_is_refused(self):
        for coding in ("gzip", "zstd"):
            response = self.ask(f"identity;q=0, {coding}", "GET", "/healthz", None)
            self.assertEqual((response.header("content-encoding"), response.json()["status"]), (coding, "ok"))
            response = self.ask(f"{coding}, *;q=0", body=b"{}")
            self.assertEqual(response.header("content-encoding"), coding)
            assert_problem(self, response, 422)

    def test_what_refuses_everything_gets_nothing(self):
        for accept in ("identity;q=0", "*;q=0", "br, *;q=0", "gzip;q=0, zstd;q=0, identity;q=0"):
            response = self.ask(accept)
            assert_problem(self, response, 406, "not-acceptable")
            self.assertIsNone(response.header("content-encoding"))

    def test_long_answers(self):
        for path, members in LONG:
            body = json.dumps(members).encode()
            plain = self.ask(None, path=path, body=body).json()["output"]
            for coding in ("gzip", "zstd"):
                response = self.ask(coding, path=path, body=body)
                self.assertGreater(len(response.body), 65536)
                self.assertEqual(response.header("content-encoding"), coding)
                self.assertEqual(response.header("transfer-encoding"), "chunked")
                self.assertEqual(response.json()["output"], plain)
                self.assertLess(len(response.sent), len(response.body) * 0.8)

    def test_binary_answers_go_as_they_are(self):
        body = json.dumps(NUMBERS).encode()
        binary = [("Accept", "application/octet-stream")]
        plain = self.ask("gzip, zstd", path="/v1/convolve", body=body, headers=binary)
        self.assertEqual((len(plain.body), plain.header("content-encoding")), (320_000, None))
        forced = self.ask("zstd, identity;q=0", path="/v1/convolve", body=body, headers=binary)
        self.assertEqual((forced.body, forced.header("content-encoding")), (plain.body, "zstd"))

    def test_http_1_0(self):
        """Without chunks the end of the connection is the end of the answer."""
        body = json.dumps(NUMBERS).encode()
        plain = self.ask(None, path="/v1/convolve", body=body).json()["output"]
        for coding in ("gzip", "zstd"):
            head = b"POST /v1/convolve HTTP/1.0\r\nAccept-Encoding: %s\r\nContent-Length: %d\r\n\r\n"
            with Connection(self.server) as connection:
                connection.send(head % (coding.encode(), len(body)) + body)
                connection.closed()
                head, sent = connection.buffer.split(b"\r\n\r\n", 1)
            self.assertIn(b"Content-Encoding: " + coding.encode(), head)
            self.assertEqual(json.loads(UNPACK[coding](sent))["output"], plain)

    def test_lines(self):
        body = (WHOLE + b"\n") * 3000
        plain = self.ask(None, body=body, headers=[LINES])
        self.assertEqual(plain.body.count(b"\n"), 3000)
        for coding in ("gzip", "zstd"):
            response = self.ask(coding, body=body, headers=[LINES])
            self.assertEqual((response.header("content-encoding"), response.body), (coding, plain.body))
            self.assertLess(len(response.sent), len(plain.body) / 5)
            self.assertEqual(self.ask(coding, body=b"", headers=[LINES]).body, b"")

    def test_head_has_the_headers_of_get(self):
        for coding in ("gzip", "zstd", "identity"):
            get, head = (self.ask(coding, method, "/v1/rules", None) for method in ("GET", "HEAD"))
            self.assertEqual(head.sent, b"")
            for name in ("content-encoding", "content-length", "content-type", "vary"):
                self.assertEqual(head.header(name), get.header(name), coding)

    def test_an_answer_without_a_body_has_no_coding(self):
        response = self.ask("gzip, identity;q=0", "OPTIONS", "/v1/shape", None)
        self.assertEqual((response.status, response.sent), (204, b""))
        self.assertIsNone(response.header("content-encoding"))
        self.assertIsNone(response.header("vary"))

    def test_both_ways(self):
        response = self.ask("zstd", body=gzip.compress(WHOLE), headers=[("Content-Encoding", "gzip")])
        self.assertEqual(response.body, self.ask(None).body)

    def test_a_client_that_leaves_in_the_middle(self):
        body = json.dumps({**NUMBERS, "input": {"shape": [1, 1_000_000], "random": 5}}).encode()
        for coding in ("gzip", "zstd"):
            connection = Connection(self.server)
            connection.send(request("POST", "/v1/convolve", body, [("Accept-Encoding", coding)]))
            self.assertTrue(connection.socket.recv(1000))
            connection.reset()
        self.assertEqual(self.ask("gzip").status, 200)


class NoCompression(OneServer):
    OPTIONS = ("--no-compression",)

    def test_answers_go_as_they_are(self):
        for accept in ("gzip, zstd", "gzip, identity;q=0", "identity;q=0"):
            response = once(self.server, "POST", "/v1/shape", WHOLE, [("Accept-Encoding", accept)])
            self.assertEqual((response.status, response.header("content-encoding")), (200, None), accept)
            self.assertGreater(len(response.body), 4000)

    def test_bodies_may_still_be_compressed(self):
        response = once(self.server, "POST", "/v1/shape", gzip.compress(BODY), [("Content-Encoding", "gzip")])
        self.assertEqual(response.body, ANSWER)


class Bombs(unittest.TestCase):
    """10 GB of zeros in 10 MB of gzip, and in less of zstd: a body of at most 64 MiB must cost no more than that."""

    def bombs(self):
        yield "gzip", gzip.compress(bytes(10**9 // 8), 9) * 80
        yield "zstd", zstd(bytes(10**9 // 8), "-3") * 80

    @unittest.skipIf(WRAPPER, "memory is the wrapper's")
    def test_memory_is_bounded_by_the_limit(self):
        with Server("--threads", "1", "--max-body", "16M", "--max-stream", "64M") as server:
            once(server, "POST", "/v1/shape", BODY)
            before = server.peak_kib()
            for coding, bomb in self.bombs():
                for headers in ([], [LINES]):
                    response = once(server, "POST", "/v1/shape", bomb, [("Content-Encoding", coding), *headers])
                    assert_problem(self, response, 413, "body-too-large")
            # Of what 10 GB would take; sanitizers take several times as much as the program itself.
            self.assertLess(server.peak_kib() - before, 128 * 1024)
            self.assertEqual(once(server, "POST", "/v1/shape", BODY).body, ANSWER)

    def test_lines_that_inflate_too_much(self):
        """Long before they have become as long as lines may be; what is merely simple is answered."""
        with Server("--threads", "1") as server:
            for coding, bomb in self.bombs():
                response = once(server, "POST", "/v1/shape", bomb, [("Content-Encoding", coding), LINES])
                assert_problem(self, response, 413, "inflates-too-much")
            response = once(server, "POST", "/v1/shape", gzip.compress((BODY + b"\n") * 7000),
                            [("Content-Encoding", "gzip"), LINES])  # fmt: skip
            self.assertEqual(response.body.count(b"\n"), 7000)


if __name__ == "__main__":
    unittest.main()
