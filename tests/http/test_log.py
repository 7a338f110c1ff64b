"""What the server calls a request, and the line it writes about it."""

import json
import os
import re
import shlex
import subprocess
import time
import unittest

import prometheus
from busy import LONG_ANSWER, SMALL
from client import Connection, once, request
from server import PATIENCE, Server, command

SHAPE = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4]}).encode()
MADE = re.compile(r"[0-9a-f]{32}\Z")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
MEMBERS = ["time", "id", "trace", "client", "method", "path", "status", "bytes", "duration_us", "queue_us", "end"]


def read_plain(line):
    """The members of a line, as a shell reads its words."""
    return dict(word.split("=", 1) for word in shlex.split(line))


class Ids(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def answered(self, *ids, method="GET", path="/healthz"):
        """The id that a request with these ids is answered with."""
        response = once(self.server, method, path, headers=[("X-Request-Id", one) for one in ids])
        return response.header("x-request-id")

    def test_a_sane_id_comes_back(self):
        for sane in ("a", "req-1/2:3+4=5@x_y.z~", "x" * 128):
            self.assertEqual(self.answered(sane), sane)

    def test_any_other_is_replaced(self):
        for ids in ((), ("",), ("a b",), ('a"b',), ("a,b",), ("x" * 129,), ("\xe9",), ("one", "two"), ("one", "one")):
            self.assertRegex(self.answered(*ids), MADE, ids)

    def test_those_that_are_made_differ(self):
        with Connection(self.server) as connection:
            made = [connection.request("GET", "/healthz").header("x-request-id") for _ in range(50)]
        self.assertEqual(len(set(made)), 50)

    def test_every_answer_has_one(self):
        for method, path in (
            ("GET", "/none"),
            ("DELETE", "/v1/shape"),
            ("OPTIONS", "/v1/shape"),
            ("HEAD", "/healthz"),
            ("GET", "/metrics"),
        ):
            self.assertEqual(self.answered("mine", method=method, path=path), "mine")
        for path, body, kind in (
            ("/v1/shape", b"{", "application/json"),
            ("/v1/convolve", SMALL, "application/json"),
            ("/v1/convolve", LONG_ANSWER, "application/json"),
            ("/v1/convolve", SMALL + b"\n" + SMALL, "application/x-ndjson"),
        ):
            response = once(self.server, "POST", path, body, [("X-Request-Id", "mine"), ("Content-Type", kind)])
            self.assertEqual(response.header("x-request-id"), "mine", path)

    def test_a_head_that_is_refused(self):
        with Connection(self.server) as connection:
            connection.send(b"GET /healthz HTTP/1.1\r\nX-Request-Id: mine\r\n\r\n")
            response = connection.response()
        self.assertEqual((response.status, response.header("x-request-id")), (400, "mine"))


class Lines(unittest.TestCase):
    def start(self, *arguments):
        server = Server(*arguments)
        self.addCleanup(server.kill)
        return server

    def exchange(self, form):
        """Several requests to a server that logs in this form; the lines about them, read."""
        server = self.start("--log", form)
        asked = [
            ("POST", "/v1/shape?secret=1", SHAPE, [("X-Request-Id", "a-1"), ("traceparent", PARENT)]),
            ("GET", '/x"=\\y', None, [("X-Request-Id", "a-2"), ("traceparent", PARENT.upper())]),
            ("NO'SUCH", "/healthz", None, [("X-Request-Id", "a-3")]),
            ("POST", "/v1/convolve", SMALL, [("X-Request-Id", "a-4")]),
            ("HEAD", "/healthz", None, [("X-Request-Id", "a-5")]),
        ]
        answers = [once(server, *one) for one in asked]
        server.stop()
        read = json.loads if form == "json" else read_plain
        lines = [read(line) for line in server.log if not line.startswith("convscope: ")]
        # A line is written when its connection is done with, which several threads do in any order.
        return answers, sorted((line for line in lines if "message" not in line), key=lambda line: line["id"]), server

    def check(self, answers, lines):
        self.assertEqual([str(line["status"]) for line in lines], [str(answer.status) for answer in answers])
        self.assertEqual([int(line["bytes"]) for line in lines], [len(answer.body) for answer in answers])
        self.assertEqual([line["id"] for line in lines], ["a-1", "a-2", "a-3", "a-4", "a-5"])
        self.assertEqual([line["path"] for line in lines], ["/v1/shape", '/x"=\\y', "/healthz", "/v1/convolve", "/healthz"])
        for line in lines:
            self.assertEqual(list(line), MEMBERS)
            self.assertRegex(line["time"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
            self.assertRegex(line["client"], r"^127\.0\.0\.1:\d+$")
            self.assertEqual(line["end"], "whole")
            self.assertLess(0, int(line["duration_us"]))
            self.assertEqual(int(line["queue_us"]) > 0, line["path"] == "/v1/convolve", line)

    def test_plain(self):
        answers, lines, _ = self.exchange("plain")
        self.assertEqual([line["method"] for line in lines], ["POST", "GET", "NO'SUCH", "POST", "HEAD"])
        self.assertEqual([line["trace"] for line in lines], [TRACE, "-", "-", "-", "-"])
        self.check(answers, lines)

    def test_json(self):
        answers, lines, server = self.exchange("json")
        self.assertEqual([line["method"] for line in lines], ["POST", "GET", "NO'SUCH", "POST", "HEAD"])
        self.assertEqual([line["trace"] for line in lines], [TRACE, None, None, None, None])
        self.check(answers, lines)
        messages = [json.loads(line).get("message", "") for line in server.log]
        self.assertIn(f"listening on {server.url}", messages)
        self.assertEqual(messages[-1], "stopped")

    def test_none_is_the_default(self):
        for arguments in ((), ("--log", "none")):
            server = self.start(*arguments)
            once(server, "POST", "/v1/shape", SHAPE)
            server.stop()
            self.assertEqual([line for line in server.log if not line.startswith("convscope: ")], [])

    def test_no_line_can_be_slipped_in(self):
        """Whatever is in a request: one line, printable, and its members are its own."""
        server = self.start("--log", "json")
        for data in (
            b'GET /"\r\n{"status":200} HTTP/1.1\r\nHost: test\r\n\r\n',
            b"GET /\x1b[2J\x00 HTTP/1.1\r\nHost: test\r\n\r\n",
            b'G\x1b\x7f" /healthz HTTP/1.1\r\nHost: test\r\n\r\n',
            b"GET /healthz HTTP/1.1\r\nHost: test\r\nX-Request-Id: a\tb\r\n\r\n",
            b"GET /%0a{} HTTP/1.1\r\nHost: test\r\nX-Request-Id: \xff\xfe\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\nHost: test\r\ntraceparent: 00-\x80\r\n\r\n",
        ):
            with Connection(server) as connection:
                connection.send(data)
                connection.closed() if b"%0a" not in data and b"/healthz" not in data else connection.response()
        server.stop()
        for line in server.log:
            self.assertTrue(line.isascii() and line.isprintable(), line)
            self.assertIn(list(json.loads(line)), (MEMBERS, ["time", "message"]))

    def test_answers_that_do_not_arrive(self):
        server = self.start("--log", "json", "--threads", "1")
        with Connection(server) as connection:
            connection.send(request("POST", "/v1/convolve", LONG_ANSWER))
            connection.socket.recv(1000)
            connection.reset()
        server.wait_for_log('"path":"/v1/convolve","status":200,.*"end":"cut"')
        with Connection(server) as connection:
            connection.send(request("POST", "/v1/shape", SHAPE)[:-1])
            once(server, "GET", "/healthz")  # by then it has been read
            connection.reset()
        server.wait_for_log('"path":"/v1/shape","status":null.*"end":"none"')

    def test_a_start_that_fails_tells_of_it_in_json(self):
        server = self.start()
        again = command("serve", "--log", "json", "--listen", f"{server.host}:{server.port}")
        done = subprocess.run(again, capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("address already in use", json.loads(done.stderr)["message"])


class Unread(unittest.TestCase):
    """Nobody reads standard error: the server must not care."""

    def setUp(self):
        self.reader, writer = os.pipe()
        self.addCleanup(os.close, self.reader)
        self.process = subprocess.Popen(
            command("serve", "--listen", "127.0.0.1:0", "--log", "plain", "--threads", "1"), stderr=writer
        )
        os.close(writer)
        self.addCleanup(self.process.kill)
        self.text = b""
        while not (listening := re.search(rb"listening on http://([^:]+):(\d+)\n", self.text)):
            self.text += os.read(self.reader, 4096)
        self.host, self.port = listening[1].decode(), int(listening[2])

    def dropped(self, connection):
        families = prometheus.read(connection.request("GET", "/metrics").body.decode())
        return families["convscope_log_lines_dropped"].value("_total")

    def fill(self, connection):
        """Ask until lines are dropped."""
        head = request("GET", "/healthz", headers=[("X-Request-Id", "x" * 128)])
        for _ in range(200):
            connection.send(head * 50)
            for _ in range(50):
                connection.response()
            if self.dropped(connection):
                return
        self.fail("everything was read?")

    def test_requests_are_answered_and_lost_lines_counted(self):
        with Connection(self) as connection:
            self.fill(connection)
            self.assertEqual(connection.request("POST", "/v1/shape", SHAPE).status, 200)
            self.process.terminate()
            connection.close()
        started = time.monotonic()
        self.assertEqual(self.process.wait(PATIENCE), 0)
        self.assertLess(time.monotonic() - started, PATIENCE / 2)

    def test_once_it_is_read_again_the_log_says_how_many_are_lost(self):
        with Connection(self) as connection:
            self.fill(connection)
            os.set_blocking(self.reader, False)
            end = time.monotonic() + PATIENCE
            while b"lines left out" not in self.text:
                self.assertLess(time.monotonic(), end)
                connection.request("GET", "/healthz")
                try:
                    self.text += os.read(self.reader, 1 << 20)
                except BlockingIOError:
                    time.sleep(0.01)
            told = re.search(rb"\nconvscope: log: (\d+) lines left out, for they were not read fast enough\n", self.text)
            self.assertLess(0, int(told[1]))
            self.assertLessEqual(int(told[1]), self.dropped(connection))
        self.process.terminate()
        self.assertEqual(self.process.wait(PATIENCE), 0)


if __name__ == "__main__":
    unittest.main()
