"""Good clients in a crowd of bad ones: slow heads, bodies that break off, floods of connections and of requests."""

import contextlib
import json
import os
import random
import threading
import time
import unittest

from busy import SMALL
from client import Connection, once, request
from server import INSTRUMENTED, Server
from test_memory import average, gauge

SHAPE = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 9, 2]}).encode()
BROKEN = average(1 << 20)
REQUESTS = 20 if INSTRUMENTED else 100


class Crowd(unittest.TestCase):
    OPTIONS = ("--head-timeout", "1", "--min-rate", "64K", "--threads", "2", "--workers", "1", "--max-memory", "512M",
               "--max-connections", "500")

    def setUp(self):
        self.server = Server(*self.OPTIONS)
        self.addCleanup(self.server.kill)
        self.over, self.since = threading.Event(), time.monotonic()
        self.troubled = {}  # how often each kind of bad client has done its worst

    # ---- bad clients: each does one thing, again and again -----------------------

    def slow_heads(self):
        """Twenty connections that send a byte now and then until they are cut off."""
        slow = [Connection(self.server) for _ in range(20)]
        for letter in b"GET /healthz HTTP/1.1\r\nX: aaaaaaaa":
            for connection in slow:
                with contextlib.suppress(OSError):
                    connection.send(bytes([letter]))
            if self.over.wait(0.05):
                break
        for connection in slow:
            connection.close()

    def resets_in_bodies(self):
        data = request("POST", "/v1/convolve", BROKEN)
        with Connection(self.server) as connection:
            connection.send(data[: random.randrange(200, len(data))])
            connection.reset()

    def resets_in_answers(self):
        with Connection(self.server) as connection:
            connection.send(request("POST", "/v1/convolve", SMALL) * 3)
            connection.socket.recv(1)
            connection.reset()

    def floods_of_connections(self):
        opened = [Connection(self.server) for _ in range(50)]
        for connection in opened:
            connection.reset()

    def floods_of_requests(self):
        """A hundred at once, and none of the answers is read."""
        with Connection(self.server) as connection:
            connection.send(request("GET", "/healthz") * 100)

    def noise(self):
        with Connection(self.server) as connection:
            connection.send(os.urandom(2000) + b"\r\n\r\n")
            connection.socket.settimeout(1)
            with contextlib.suppress(TimeoutError):
                connection.socket.recv(1)

    def bad_client(self, misbehave):
        while not self.over.is_set():
            with contextlib.suppress(OSError):
                misbehave()
                self.troubled[misbehave.__name__] = self.troubled.get(misbehave.__name__, 0) + 1

    # ---- good clients --------------------------------------------------------------

    def good_client(self, answers):
        for _ in range(REQUESTS):
            with Connection(self.server) as connection:
                for path, body in (("/v1/shape", SHAPE), ("/v1/convolve", SMALL)):
                    answers.append(connection.request("POST", path, body))

    def run_all(self, bad, good):
        bad_ones = [threading.Thread(target=self.bad_client, args=(kind,), daemon=True) for kind in bad]
        good_ones = [threading.Thread(target=self.good_client, args=(answers,), daemon=True) for answers in good]
        for thread in bad_ones + good_ones:
            thread.start()
        for thread in good_ones:
            thread.join()
        while len(self.troubled) < len(bad):
            time.sleep(0.01)
        self.over.set()
        for thread in bad_ones:
            thread.join()

    def test_good_clients_are_served(self):
        good = [[] for _ in range(4)]
        bad = [self.slow_heads, self.resets_in_bodies, self.resets_in_answers, self.floods_of_connections,
               self.floods_of_requests, self.noise]
        self.run_all(bad, good)
        for answers in good:
            self.assertEqual([answer.status for answer in answers], [200] * 2 * REQUESTS)
            for shape, convolved in zip(answers[::2], answers[1::2]):
                self.assertEqual(shape.json()["output"]["shape"], [None, 7, 8])
                self.assertEqual(convolved.json()["output"]["data"], [3, 5])
        while gauge(self.server, "used") or gauge(self.server, "bodies_used"):
            pass
        self.assertEqual(once(self.server, "POST", "/v1/shape", SHAPE).status, 200)
        most = 12 * (2 + (time.monotonic() - self.since) / 10)  # in ten seconds, of what clients cause
        self.assertLess(len(self.server.log), most, self.server.log)
        self.server.stop()


if __name__ == "__main__":
    unittest.main()
