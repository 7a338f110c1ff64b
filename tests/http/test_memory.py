"""Memory of all requests together: --max-memory."""

import concurrent.futures
import json
import re
import unittest

from busy import A_WHILE, LONG_ANSWER, SMALL, begin
from client import Connection, assert_problem, once, request
from server import INSTRUMENTED, Server, run

MIB = 1 << 20


def average(size):
    """A body of about `size` bytes with a short answer."""
    numbers = size // 8
    data = b",".join([b"1.23456"] * numbers)
    head = b'{"layer": "GlobalAveragePooling1D()", "input": {"shape": [1, %d, 1], "data": [' % numbers
    return head + data + b"]}}"


def gauge(server, name):
    text = once(server, "GET", "/metrics").body.decode()
    return int(re.search(rf"^convscope_memory_{name}_bytes (\d+)$", text, re.M)[1])


class Memory(unittest.TestCase):
    def start(self, *arguments):
        server = Server("--threads", "1", "--workers", "1", "--max-connections", "80", *arguments)
        self.addCleanup(server.kill)
        return server

    def wait_until_all_is_given_back(self, server):
        while gauge(server, "used") or gauge(server, "bodies_used"):
            pass

    def test_more_than_fits_at_once(self):
        """24 times 8 MiB at once: everybody gets an answer or is told to come again, and the process keeps to its limit."""
        limit = 128 * MIB
        server = self.start("--max-memory", "128M")
        body = average(8 * MIB)

        def ask(_):
            with Connection(server) as connection:
                response = connection.request("POST", "/v1/convolve", body)
            if response.status == 503:
                assert_problem(self, response, 503, "memory-full")
                self.assertEqual(response.header("retry-after"), "1")
                self.assertIn("--max-memory", response.json()["detail"])
            return response.status

        with concurrent.futures.ThreadPoolExecutor(24) as clients:
            statuses = list(clients.map(ask, range(24)))
        self.assertLessEqual(set(statuses), {200, 503})
        self.assertIn(200, statuses)
        self.wait_until_all_is_given_back(server)
        self.assertEqual(once(server, "POST", "/v1/convolve", body).status, 200)
        if not INSTRUMENTED:
            self.assertLessEqual(server.peak_kib() * 1024, limit)
        server.stop()

    def test_a_body_that_never_fits(self):
        server = self.start("--max-memory", "128M")
        most = gauge(server, "bodies_limit")
        head = [("Expect", "100-continue"), ("Content-Length", str(most + MIB))]
        response = once(server, "POST", "/v1/convolve", None, head)
        assert_problem(self, response, 413, "memory-too-large")
        self.assertIn(str(most), response.json()["detail"])
        body = average(most + MIB)
        with Connection(server) as connection:
            assert_problem(self, connection.request("POST", "/v1/convolve", body), 413, "memory-too-large")
        self.wait_until_all_is_given_back(server)
        server.stop()

    def test_an_output_that_never_fits(self):
        server = self.start("--max-memory", "128M")
        body = json.dumps({"layer": "UpSampling1D(30000000)", "input": [[[1]]]}).encode()
        assert_problem(self, once(server, "POST", "/v1/convolve", body), 413, "memory-too-large")
        self.wait_until_all_is_given_back(server)
        server.stop()

    def test_who_asks_before_sending_is_told_before(self):
        server = self.start("--max-memory", "128M")
        most = gauge(server, "bodies_limit")
        holder = Connection(server)
        self.addCleanup(holder.close)
        holder.send(request("POST", "/v1/convolve", None, [("Content-Length", str(most))]) + b" " * (most // 4 * 3))
        while gauge(server, "bodies_used") < most // 4 * 3:
            pass
        head = [("Expect", "100-continue"), ("Content-Length", str(most // 2))]
        response = once(server, "POST", "/v1/convolve", None, head)
        assert_problem(self, response, 503, "memory-full")
        self.assertEqual(response.header("retry-after"), "1")
        self.assertEqual(once(server, "POST", "/v1/convolve", SMALL).status, 200)
        holder.reset()
        self.wait_until_all_is_given_back(server)
        server.stop()

    def test_answers_are_counted_until_they_are_sent(self):
        server = self.start()
        with Connection(server) as connection:
            connection.send(request("POST", "/v1/convolve", LONG_ANSWER))
            connection.socket.recv(1)
            self.assertGreater(gauge(server, "used"), 2 * 2 * 500000 * 4)
            connection.buffer = b"H"
            self.assertEqual(connection.response().status, 200)
        self.wait_until_all_is_given_back(server)
        server.stop()

    def test_whatever_becomes_of_a_request(self):
        """Refused, invalid, given up, as lines, compressed: all that was taken is given back."""
        server = self.start("--queue", "1")
        busy = begin(self, server, A_WHILE)
        begin(self, server, average(MIB)).reset()
        for body in (average(MIB), average(MIB)[:-3], b"[" * MIB, b'{"layer": ' + b"{" * 1000):
            once(server, "POST", "/v1/convolve", body)
            once(server, "POST", "/v1/shape", body)
        lines = [("Content-Type", "application/x-ndjson")]
        with Connection(server) as connection:
            connection.send(request("POST", "/v1/shape", SMALL + b"\n" + average(MIB), lines))
            connection.socket.recv(1)
            connection.reset()
        with Connection(server) as connection:
            connection.send(request("POST", "/v1/shape", average(MIB))[:-10])
            connection.reset()
        self.assertEqual(busy.response().status, 200)
        self.wait_until_all_is_given_back(server)
        server.stop()

    def test_a_line_that_there_is_no_memory_for(self):
        """It is told so, and the others have their answers."""
        server = self.start("--max-memory", "144M", "--max-body", "256M")
        lines = [SMALL, average(gauge(server, "limit")), SMALL]
        response = once(server, "POST", "/v1/convolve", b"\n".join(lines), [("Content-Type", "application/x-ndjson")])
        first, second, third = (json.loads(line) for line in response.body.splitlines())
        self.assertEqual(first["output"]["data"], [3, 5])
        self.assertEqual(second["status"], 413, second)
        self.assertEqual(third["output"]["data"], [3, 5])
        self.wait_until_all_is_given_back(server)
        server.stop()

    def test_too_little_to_start(self):
        ended = run("serve", "--listen", "127.0.0.1:0", "--max-memory", "8M")
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, r"--max-memory 8388608 is too little: \d+ connections and \d+ threads need \d+")


if __name__ == "__main__":
    unittest.main()
