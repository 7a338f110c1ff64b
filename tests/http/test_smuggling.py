"""Heads that two servers in a row could read differently: each must be refused, and what follows must not be answered."""

import random
import unittest

from client import Connection, assert_problem, once
from one_server import OneServer

SECOND = b"GET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n"


def head(*lines, start=b"POST /v1/shape HTTP/1.1", host=True):
    fields = [start, *([b"Host: test"] if host else []), b"Content-Type: application/json", *lines]
    return b"\r\n".join(fields) + b"\r\n\r\n"


# name: (status, code, bytes)
REFUSED = {
    "content-length and transfer-encoding": (
        400,
        "content-length-with-transfer-encoding",
        head(b"Content-Length: 60", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
    ),
    "transfer-encoding and content-length": (
        400,
        "content-length-with-transfer-encoding",
        head(b"transfer-encoding: chunked", b"content-length: 0") + b"0\r\n\r\n",
    ),
    "two lengths": (
        400,
        "duplicate-content-length",
        head(b"Content-Length: 5", b"Content-Length: 0") + b"hello",
    ),
    "two lengths, alike": (
        400,
        "duplicate-content-length",
        head(b"Content-Length: 0", b"Content-Length: 0"),
    ),
    "gzip, chunked": (
        501,
        "unsupported-transfer-encoding",
        head(b"Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
    ),
    "identity": (501, "unsupported-transfer-encoding", head(b"Transfer-Encoding: identity")),
    "xchunked": (501, "unsupported-transfer-encoding", head(b"Transfer-Encoding: xchunked") + b"0\r\n\r\n"),
    "chunked and a blank": (501, "unsupported-transfer-encoding", head(b"Transfer-Encoding: chunked ") + b"0\r\n\r\n"),
    "two encodings": (
        400,
        "duplicate-transfer-encoding",
        head(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity") + b"0\r\n\r\n",
    ),
    "a blank before the colon": (
        400,
        "bad-header-name",
        head(b"Transfer-Encoding : chunked", b"Content-Length: 5") + b"0\r\n\r\n",
    ),
    "a folded encoding": (400, "malformed-head", head(b"Transfer-Encoding:\r\n chunked") + b"0\r\n\r\n"),
    "a folded length": (400, "malformed-head", head(b"Content-Length:\r\n\t5") + b"hello"),
    "a folded value": (400, None, head(b"X-Long: a\r\n b, c")),
    "a line that ends in LF": (400, "malformed-head", head(b"X-A: b\nX-C: d")),
    "a request line that ends in LF": (400, "malformed-head", head().replace(b"\r\n", b"\n", 1)),
    "a head that ends in LF LF": (400, "malformed-head", head()[:-4] + b"\n\n"),
    "a hidden header behind LF": (400, "malformed-head", head(b"X-A: b\nContent-Length: 5") + b"hello"),
    "a NUL in a value": (400, "malformed-head", head(b"X-A: b\0c")),
    "a NUL that shortens an encoding": (
        400,
        "malformed-head",
        head(b"Transfer-Encoding: chunked\0, gzip") + b"0\r\n\r\n",
    ),
    "NULs that look like a line's end": (400, "malformed-head", head(b"Content-Length: 0\0\0X: y", b"X-Z: 1")),
    "a NUL in the target": (400, "malformed-head", head(start=b"POST /v1/shape\0x HTTP/1.1")),
    "a NUL in the query": (400, "malformed-head", head(start=b"POST /v1/review?input_shape=1\0x HTTP/1.1")),
    "a NUL in the method": (400, "malformed-head", head(start=b"POST\0x /v1/shape HTTP/1.1")),
    "two blanks before the target": (400, "malformed-head", head(start=b"POST  /v1/shape HTTP/1.1")),
    "a bare CR in a value": (400, "bad-header-value", head(b"X-A: b\rContent-Length: 5") + b"hello"),
    "a control character in a value": (400, "bad-header-value", head(b"X-A: b\x01")),
    "a control character in a name": (400, "bad-header-name", head(b"X-\x01A: b")),
    "two hosts": (400, "duplicate-host", head(b"Host: other")),
    "no host": (400, "missing-host", head(host=False)),
    "a host that is none": (400, "bad-host", head(b"Host: a, b", host=False)),
    "a host with a path": (400, "bad-host", head(b"Host: a/b", host=False)),
    "an expectation": (417, "unsupported-expectation", head(b"Expect: 200-ok", b"Content-Length: 5")),
    "HTTP/1.2": (505, "unsupported-http-version", head(start=b"POST /v1/shape HTTP/1.2")),
    "chunked in HTTP/1.0": (
        400,
        "transfer-encoding-in-http-1.0",
        head(b"Transfer-Encoding: chunked", start=b"POST /v1/shape HTTP/1.0") + b"0\r\n\r\n",
    ),
    "a blank in the target": (400, "bad-request-target", head(start=b"POST /v1/shape ?x HTTP/1.1")),
    "a byte that is not ASCII in the target": (400, "bad-request-target", head(start=b"POST /v1/sh\xc3\xa4pe HTTP/1.1")),
    "65 headers": (431, "too-many-headers", head(*[b"X-%d: y" % i for i in range(63)])),
}


class Smuggling(OneServer):
    def test_refused_and_closed(self):
        for name, (status, code, data) in REFUSED.items():
            with self.subTest(name), Connection(self.server) as connection:
                connection.send(data + SECOND)
                response = connection.response()
                assert_problem(self, response, status, code)
                self.assertEqual(response.header("connection"), "close")
                self.assertTrue(connection.closed(), "an answer to the second request came")
        self.assertEqual(once(self.server, "GET", "/healthz").status, 200)

    def test_lengths_that_are_no_numbers(self):
        """libmicrohttpd refuses these itself, and may write the head of its answer twice; never is a second request answered."""
        for length in (b"+5", b"-1", b"0x5", b"5,5", b"5 5", b"", b"9" * 21):
            with self.subTest(length), Connection(self.server) as connection:
                connection.send(head(b"Content-Length: " + length) + b"hello" + SECOND)
                connection.closed()
                self.assertIn(connection.buffer[:12], (b"HTTP/1.1 400", b"HTTP/1.1 413"))
                self.assertNotIn(b"HTTP/1.1 200", connection.buffer)

    def test_broken_requests_get_an_answer_or_are_closed(self):
        for data in (
            b"GET\r\n\r\n",
            b"GET /healthz\r\n\r\n",
            b"GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n",
            b"GET /healthz HTTP/1.1\0x\r\nHost: a\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
            b"GET /" + b"x" * 300_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 300_000 + b"\r\n\r\n",
            head(b"Transfer-Encoding: chunked") + b"-1\r\nx\r\n0\r\n\r\n",
            head(b"Transfer-Encoding: chunked") + b"fffffffffffffffff\r\nx\r\n0\r\n\r\n",
            head(b"Transfer-Encoding: chunked") + b"5\r\nhelloXX0\r\n\r\n",
        ):
            with self.subTest(data[:60]), Connection(self.server) as connection:
                try:
                    connection.send(data + SECOND)
                    connection.socket.shutdown(1)
                except OSError:
                    pass
                connection.closed()
                self.assertNotIn(b"HTTP/1.1 200", connection.buffer)
        self.assertEqual(once(self.server, "GET", "/healthz").status, 200)

    def test_heads_of_every_size_and_cut_pass(self):
        """The rules refuse nothing good: heads that fill buffers, arriving in pieces, several on one connection."""
        generator = random.Random(7)
        for _ in range(60):
            with Connection(self.server) as connection:
                for _ in range(3):
                    count = generator.randrange(0, 62)
                    most = generator.choice((3, 40, 900))
                    lines = [
                        b"X-%d:%s%s%s"
                        % (
                            i,
                            b" \t"[: generator.randrange(3)],
                            b"v" * generator.randrange(most),
                            generator.choice((b"", b" ", b"\t ", b" \xff; a=\"b\"")),
                        )
                        for i in range(count)
                    ]
                    data = head(*lines, start=b"GET /healthz?" + b"q" * generator.randrange(most) + b" HTTP/1.1")
                    if generator.random() < 0.2:
                        data = b"\r\n" + data  # blank lines before a request line are to be ignored
                    while data:
                        size = generator.choice((1, 100, 1500, 70_000))
                        connection.send(data[:size])
                        data = data[size:]
                    self.assertEqual(connection.response().status, 200)


if __name__ == "__main__":
    unittest.main()
