"""Servers that are stopped and replaced under load, behind HAProxy as docker/haproxy.cfg has it: no request is lost."""

import time
import unittest

import haproxy
from busy import AGES, begin
from client import Connection, assert_problem, once, request
from fleet import SHORT, Fleet, metric, wait_for_queues
from load import SHAPE, Load

IN_FLIGHT = 1000
READY = r'convscope_http_requests_total{route="/readyz".*}'


class Replaced(Fleet):
    def test_a_thousand_in_flight(self):
        """Both are busy, a thousand requests wait at them, and one is told to stop."""
        first, second = self.start(), self.start()
        with haproxy.HAProxy(first, second) as proxy:
            proxy.wait_for("UP", "ab")
            busy = [begin(self, server, AGES) for server in (first, second)]
            clients = [Connection(proxy) for _ in range(IN_FLIGHT)]
            for client in clients:
                self.addCleanup(client.close)
                client.send(request("POST", "/v1/convolve", SHORT))
            waiting = wait_for_queues((first, second), IN_FLIGHT)
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
            proxy.wait_for("UP", "ab")
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
        """Three of them, under load."""
        servers = [self.start() for _ in range(3)]
        with haproxy.HAProxy(*servers) as proxy:
            proxy.wait_for("UP", "abc")
            with Load(proxy) as load:
                for number, server in enumerate(servers):
                    load.wait_for_more()
                    server.signal()
                    self.assertEqual(server.wait(), 0, server.log)
                    load.wait_for_more()
                    servers[number] = self.start(listen=f"{server.host}:{server.port}")
                    while not metric(servers[number], r'convscope_http_requests_total{route="/v1/convolve".*}'):
                        time.sleep(0.05)
            load.report("three servers replaced")
        self.assertEqual(load.lost(), [])


if __name__ == "__main__":
    unittest.main()
