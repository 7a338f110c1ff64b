"""Starting, stopping and what is in flight meanwhile."""

import json
import signal
import socket
import unittest

from client import Connection, assert_problem, once, request
from server import WRAPPER, Server, run

BODY = json.dumps({"layer": "Conv2D(40, (5, 5))", "framework": "keras", "input_shape": [None, 128, 128, 3]}).encode()


class Lifecycle(unittest.TestCase):
    def start(self, *arguments, abrupt=False):
        server = Server(*arguments, abrupt=abrupt)
        self.addCleanup(server.kill)
        return server

    def half_a_request(self, server):
        """A connection on which the second half of a body is still to come, and that half."""
        connection = Connection(server)
        self.addCleanup(connection.close)
        self.assertEqual(connection.request("GET", "/healthz").status, 200)
        data = request("POST", "/v1/shape", BODY)
        connection.send(data[:-20])
        return connection, data[-20:]

    def in_flight_seen(self, server):
        """A request on another connection after the half of one: the server has surely read that half by then."""
        with Connection(server) as other:
            self.assertEqual(other.request("GET", "/healthz").status, 200)

    def test_a_request_in_flight_is_finished(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = self.start("--threads", "1")
            connection, rest = self.half_a_request(server)
            self.in_flight_seen(server)
            server.signal(number)
            server.wait_for_log(r"finishing \d+ requests")
            with self.assertRaises(ConnectionError):
                socket.create_connection((server.host, server.port), timeout=10)
            connection.send(rest)
            response = connection.response()
            self.assertEqual(response.status, 200, response)
            self.assertEqual(response.header("connection"), "close")
            self.assertTrue(connection.closed())
            self.assertEqual(server.wait(), 0, server.log)

    def test_idle_connections_do_not_hold_it(self):
        server = self.start()
        idle = [Connection(server) for _ in range(20)]
        for connection in idle:
            self.addCleanup(connection.close)
            self.assertEqual(connection.request("GET", "/healthz").status, 200)
        server.signal()
        self.assertEqual(server.wait(), 0, server.log)
        for connection in idle:
            self.assertTrue(connection.closed())

    def test_requests_on_an_open_connection_while_draining(self):
        server = self.start("--threads", "1")
        busy, rest = self.half_a_request(server)
        with Connection(server) as other:
            self.assertEqual(other.request("GET", "/healthz").header("connection"), None)
            server.signal()
            server.wait_for_log(r"finishing \d+ requests")
            response = other.request("GET", "/healthz")
            self.assertEqual((response.status, response.header("connection")), (200, "close"))
            self.assertTrue(other.closed())
        busy.send(rest)
        self.assertEqual(busy.response().status, 200)
        self.assertEqual(server.wait(), 0, server.log)

    def test_what_has_come_before_the_signal_is_answered(self):
        """On connections that were open, and on those that nobody has taken from the kernel's queue yet."""
        server = self.start("--threads", "2")
        clients = [Connection(server) for _ in range(10)]
        for client in clients:
            self.assertEqual(client.request("GET", "/healthz").status, 200)
        server.signal(signal.SIGSTOP)
        clients += [Connection(server) for _ in range(30)]
        for client in clients:
            self.addCleanup(client.close)
            client.send(request("POST", "/v1/shape", BODY))
        server.signal()
        server.signal(signal.SIGCONT)
        for client in clients:
            self.assertEqual(client.response().status, 200)
        self.assertEqual(server.wait(), 0, server.log)

    def test_readiness_ends_before_serving_does(self):
        server = self.start("--drain-delay", "2")
        with Connection(server) as old:
            self.assertEqual(old.request("GET", "/readyz").json(), {"ready": True})
            server.signal()
            server.wait_for_log("not ready; taking connections for 2 seconds")
            response = old.request("GET", "/readyz")
            assert_problem(self, response, 503, "not-ready")
            self.assertEqual(response.header("connection"), "close")
        self.assertEqual(once(server, "POST", "/v1/shape", BODY).status, 200)
        server.wait_for_log(r"finishing \d+ requests")
        with self.assertRaises(ConnectionError):
            socket.create_connection((server.host, server.port), timeout=10)
        self.assertEqual(server.wait(), 0, server.log)

    def test_a_second_signal_ends_the_delay_too(self):
        server = self.start("--drain-delay", "3600", abrupt=True)
        server.signal()
        server.wait_for_log("not ready")
        server.signal()
        self.assertEqual(server.wait(), 128 + signal.SIGTERM, server.log)

    def test_draining_ends(self):
        server = self.start("--threads", "1", "--drain", "1", abrupt=True)
        self.half_a_request(server)
        self.in_flight_seen(server)
        server.signal()
        server.wait_for_log("1 seconds are over: 1 requests cut off")
        self.assertEqual(server.wait(), 0, server.log)

    def test_a_second_signal_ends_it_at_once(self):
        server = self.start("--threads", "1", "--drain", "3600", abrupt=True)
        self.half_a_request(server)
        self.in_flight_seen(server)
        server.signal()
        server.wait_for_log(r"finishing \d+ requests")
        server.signal()
        self.assertEqual(server.wait(), 128 + signal.SIGTERM, server.log)

    def test_two_on_one_port(self):
        with Server() as server:
            second = run("serve", "--listen", f"{server.host}:{server.port}")
            self.assertEqual(second.returncode, 1)
            self.assertIn(f"{server.host}:{server.port}: address already in use", second.stderr)
            self.assertNotIn("listening on", second.stderr)

    def test_addresses_that_cannot_be(self):
        for listen, reason in (("192.0.2.1:0", "no such address"), ("host.invalid:0", "is not known")):
            ended = run("serve", "--listen", listen)
            self.assertEqual(ended.returncode, 1)
            self.assertIn(reason, ended.stderr)

    @unittest.skipIf(WRAPPER, "the wrapper needs files of its own")
    def test_too_few_files(self):
        ended = run("serve", "--listen", "127.0.0.1:0", files=40)
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, r"this process may open 40 files and needs at least \d+: .*ulimit -n")

    @unittest.skipIf(WRAPPER, "the wrapper needs files of its own")
    def test_more_clients_than_files(self):
        """Those too many wait in the kernel's queue; the log is not flooded and nothing is lost."""
        with Server(files=100) as server:
            clients = [Connection(server) for _ in range(150)]
            for client in clients:
                client.send(request("GET", "/healthz", headers=[("Connection", "close")]))
            for client in clients:
                self.assertEqual(client.response().status, 200)
                client.close()
        self.assertLess(len(server.log), 30, server.log)

    def test_a_port_is_free_at_once_after_a_stop(self):
        server = self.start()
        with Connection(server) as connection:
            self.assertEqual(connection.request("GET", "/healthz", headers=[("Connection", "close")]).status, 200)
        server.stop()
        again = Server(listen=f"{server.host}:{server.port}")
        again.stop()


if __name__ == "__main__":
    unittest.main()
