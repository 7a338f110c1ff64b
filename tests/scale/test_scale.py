"""Servers that are stopped and replaced under load, behind HAProxy as docker/haproxy.cfg has it: no request is lost."""

import json
import re
import threading
import time
import unittest

import haproxy
from busy import AGES, begin, convolution
from client import Connection, assert_problem, once, request
from server import Server

IN_FLIGHT = 1000
DRAIN = ("--drain-delay", "3", "--drain", "120", "--deadline", "0")
SHAPE = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 9, 2]}).encode()
READY = r'convscope_http_requests_total{route="/readyz".*}'
SHORT = convolution(1e6, channels=16)


def metric(server, name):
    """The sum of all samples that match."""
    text = once(server, "GET", "/metrics").body.decode()
    return sum(int(value) for value in re.findall(rf"^{name} (\d+)$", text, re.M))


class Client(threading.Thread):
    """A good client that asks one thing after the other, on a connection kept as long as the other side keeps it."""

    def __init__(self, server, over):
        super().__init__(daemon=True)
        self.server, self.over = server, over
        self.answers, self.lost = 0, []

    def run(self):
        while not self.over.is_set() and not self.lost:
            try:
                self.talk()
            except (AssertionError, OSError) as why:
                self.lost.append(repr(why))

    def talk(self):
        with Connection(self.server) as connection:
            for _ in range(50):
                response = connection.request("POST", "/v1/shape", SHAPE)
                self.answers += 1
                if response.status != 200:
                    self.lost.append(repr(response))
                if response.header("connection") == "close" or self.over.is_set():
                    return


@unittest.skipUnless(haproxy.PROGRAM, "HAProxy is not installed (haproxy)")
class Scale(unittest.TestCase):
    def start(self, listen="127.0.0.1:0", queue=IN_FLIGHT):
        server = Server("--workers", "1", "--queue", str(queue), *DRAIN, listen=listen)
        self.addCleanup(server.kill)
        return server

    def test_a_thousand_in_flight(self):
        """Both are busy, a thousand requests wait at them, and one is told to stop."""
        first, second = self.start(), self.start()
        with haproxy.HAProxy(first, second) as proxy:
            busy = [begin(self, server, AGES) for server in (first, second)]
            clients = [Connection(proxy) for _ in range(IN_FLIGHT)]
            for client in clients:
                self.addCleanup(client.close)
                client.send(request("POST", "/v1/convolve", SHORT))
            waiting = [0]
            while sum(waiting) < IN_FLIGHT:
                waiting = [metric(server, "convscope_queue_length") for server in (first, second)]
            self.assertGreater(min(waiting), IN_FLIGHT // 3)
            first.signal()
            first.wait_for_log("not ready; taking connections")
            for connection in busy:
                connection.reset()
            for client in clients:
                self.assertEqual(client.response().status, 200)
            self.assertEqual(first.wait(), 0, first.log)
            self.assertFalse([line for line in first.log if "cut off" in line], first.log)

    def test_full_servers_stay_in(self):
        """They still answer what takes no time, and say themselves what they refuse."""
        servers = [self.start(queue=0), self.start(queue=0)]
        with haproxy.HAProxy(*servers) as proxy:
            busy = [begin(self, server, AGES) for server in servers]
            checks = [metric(server, READY) for server in servers]
            for server, before in zip(servers, checks):
                self.assertEqual(once(server, "GET", "/readyz").status, 503)
                while metric(server, READY) < before + 4:
                    time.sleep(0.1)
            for _ in range(4):
                self.assertEqual(once(proxy, "POST", "/v1/shape", SHAPE).status, 200)
            refused = once(proxy, "POST", "/v1/convolve", SHORT)
            assert_problem(self, refused, 503, "queue-full")
            for connection in busy:
                connection.reset()

    def test_one_after_the_other_is_replaced(self):
        servers = [self.start(), self.start()]
        over = threading.Event()
        with haproxy.HAProxy(*servers) as proxy:
            clients = [Client(proxy, over) for _ in range(8)]
            for client in clients:
                client.start()
            for number, server in enumerate(servers):
                before = sum(client.answers for client in clients)
                server.signal()
                self.assertEqual(server.wait(), 0, server.log)
                self.assertGreater(sum(client.answers for client in clients), before)
                servers[number] = self.start(listen=f"{server.host}:{server.port}")
                while not metric(servers[number], r'convscope_http_requests_total{route="/v1/shape".*}'):
                    time.sleep(0.05)
            over.set()
            for client in clients:
                client.join()
                self.assertEqual(client.lost, [])
            self.assertGreater(min(client.answers for client in clients), 0)


if __name__ == "__main__":
    unittest.main()
