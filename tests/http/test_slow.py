"""Clients that take their time, and clients that are too many."""

import json
import socket
import time
import unittest

from busy import A_WHILE, AGES, LONG_ANSWER, SMALL, begin, unanswered
from client import Connection, assert_problem, once, request
from one_server import OneServer
from server import WRAPPER, Server, run

HEAD = b"GET /healthz HTTP/1.1\r\nHost: a-host-with-a-name-that-takes-seconds-to-send\r\n\r\n"
BODY = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 9, 2], "language": "en"}).encode()


class Slow(OneServer):
    OPTIONS = ("--head-timeout", "1", "--min-rate", "1M")

    def drip(self, connection, data):
        """Send ten bytes a second until the server has had enough; whether it had."""
        try:
            for byte in data:
                connection.send(bytes([byte]))
                time.sleep(0.1)
        except OSError:
            return True
        return False

    def test_a_slow_head(self):
        connection = self.connect()
        self.assertTrue(self.drip(connection, HEAD))
        assert_problem(self, connection.response(), 408, "request-too-slow")
        self.assertTrue(connection.closed())

    def test_a_slow_head_after_a_good_one(self):
        connection = self.connect()
        self.assertEqual(connection.request("GET", "/healthz").status, 200)
        self.assertTrue(self.drip(connection, HEAD))
        assert_problem(self, connection.response(), 408, "request-too-slow")

    def test_a_slow_body(self):
        connection = self.connect()
        connection.send(request("POST", "/v1/shape", BODY)[: -len(BODY)])
        self.assertTrue(self.drip(connection, BODY))
        assert_problem(self, connection.response(), 408, "request-too-slow")
        self.assertTrue(connection.closed())

    def test_silence_between_requests_is_allowed(self):
        connection = self.connect()
        self.assertEqual(connection.request("POST", "/v1/shape", BODY).status, 200)
        time.sleep(2)
        self.assertEqual(connection.request("POST", "/v1/shape", BODY).status, 200)

    def test_a_slow_reader(self):
        connection = socket.socket()
        self.addCleanup(connection.close)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((self.server.host, self.server.port))
        connection.sendall(request("POST", "/v1/convolve", LONG_ANSWER))
        with self.assertRaises(ConnectionResetError):
            for _ in range(600):
                connection.recv(4096)
                time.sleep(0.1)

    def test_a_reader_that_keeps_up(self):
        answer = once(self.server, "POST", "/v1/convolve", LONG_ANSWER)
        self.assertEqual(len(answer.json()["output"]["data"]), 2 * 2 * 500000)

    def test_we_may_be_slow(self):
        self.assertEqual(once(self.server, "POST", "/v1/convolve", A_WHILE).status, 200)


class Many(unittest.TestCase):
    def test_slow_ones_leave_room_for_a_good_one(self):
        with Server("--head-timeout", "2") as server:
            slow = [Connection(server) for _ in range(500)]
            for connection in slow:
                self.addCleanup(connection.close)
                connection.send(HEAD[:20])
            self.assertEqual(once(server, "POST", "/v1/shape", BODY).status, 200)
            for connection in slow:
                assert_problem(self, connection.response(), 408, "request-too-slow")
                self.assertTrue(connection.closed())
            self.assertEqual(once(server, "POST", "/v1/shape", BODY).status, 200)

    def test_good_ones_beside_slow_ones_and_a_full_queue(self):
        """Whoever asks for what takes no time is answered, on new connections and old ones, and nobody is refused."""
        with Server("--workers", "1", "--queue", "2", "--head-timeout", "60", "--deadline", "0") as server:
            busy = begin(self, server, AGES)
            waiting = [begin(self, server, SMALL) for _ in range(2)]
            slow = [Connection(server) for _ in range(500)]
            for connection in slow:
                self.addCleanup(connection.close)
                connection.send(HEAD[:20])
            assert_problem(self, once(server, "POST", "/v1/convolve", SMALL), 503, "queue-full")
            with Connection(server) as kept:
                for connection in slow[:100]:
                    connection.send(HEAD[20:21])
                    self.assertEqual(kept.request("POST", "/v1/shape", BODY).status, 200)
                    self.assertEqual(once(server, "POST", "/v1/shape", BODY).status, 200)
            self.assertTrue(unanswered(busy))
            busy.reset()
            for connection in waiting:
                self.assertEqual(connection.response().status, 200)

    def test_one_address_may_have_only_so_many(self):
        with Server("--max-connections-per-ip", "3") as server:
            connections = [Connection(server) for _ in range(5)]
            served = 0
            for connection in connections:
                self.addCleanup(connection.close)
                try:
                    served += connection.request("GET", "/healthz").status == 200
                except (AssertionError, ConnectionError):
                    self.assertEqual(connection.buffer, b"")
            self.assertEqual(served, 3)

    def test_more_than_there_may_be_wait_for_their_turn(self):
        with Server("--threads", "1", "--max-connections", "4") as server:
            first = [Connection(server) for _ in range(4)]
            for connection in first:
                self.assertEqual(connection.request("GET", "/healthz").status, 200)
            fifth = Connection(server)
            self.addCleanup(fifth.close)
            fifth.send(request("GET", "/healthz"))
            for connection in first:
                self.assertEqual(connection.request("GET", "/healthz").status, 200)
                connection.close()
            self.assertEqual(fifth.response().status, 200)

    @unittest.skipIf(WRAPPER, "the wrapper needs files of its own")
    def test_connections_that_there_are_no_files_for(self):
        ended = run("serve", "--listen", "127.0.0.1:0", "--max-connections", "1000", files=500)
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, r"may open 500 files and needs at least 1\d\d\d")


class Idle(unittest.TestCase):
    def test_silence_has_an_end(self):
        with Server("--idle-timeout", "1") as server, Connection(server) as connection:
            self.assertEqual(connection.request("GET", "/healthz").status, 200)
            self.assertTrue(connection.closed())


if __name__ == "__main__":
    unittest.main()
