"""A server is killed, behind HAProxy as docker/haproxy.cfg has it: what of its requests is asked of another, what is lost."""

import signal
import unittest

import haproxy
from busy import AGES, begin
from client import Connection, request
from fleet import SHORT, Fleet, wait_for_queues
from load import Load

REQUESTS = 90
# More than tune.bufsize: it is passed on before all of it is there.
LONG = SHORT + b" " * 200000


class Killed(Fleet):
    def setUp(self):
        self.servers = [self.start() for _ in range(3)]
        self.proxy = self.enterContext(haproxy.HAProxy(*self.servers))
        self.proxy.wait_for("UP", "abc")

    def kill_with_all_waiting(self, send):
        """Have REQUESTS wait at servers that are all busy; kill the first. The clients, and how many waited there."""
        busy = [begin(self, server, AGES) for server in self.servers]
        clients = [self.enterContext(Connection(self.proxy)) for _ in range(REQUESTS)]
        for client in clients:
            send(client)
        waiting = wait_for_queues(self.servers, REQUESTS)
        self.assertGreater(min(waiting), REQUESTS // 9)
        self.servers[0].signal(signal.SIGKILL)
        self.servers[0].wait()
        for connection in busy[1:]:
            connection.reset()
        return clients, waiting[0]

    def test_what_waits_is_asked_of_another(self):
        """All of it, whether its body came with its head or behind it, and not once more than that."""

        def send(client):
            client.send(request("POST", "/v1/convolve", SHORT, [("Expect", "100-continue")])[: -len(SHORT)])
            self.assertEqual(client.any_response().status, 100)
            client.send(SHORT)

        clients, held = self.kill_with_all_waiting(send)
        for client in clients:
            self.assertEqual(client.any_response().status, 200)
        self.assertEqual(self.proxy.retries(), held)
        self.assertEqual(self.proxy.retries("a"), held)

    def test_what_is_too_long_to_be_kept_is_lost(self):
        """And nothing else: those at the other servers are answered."""
        clients, held = self.kill_with_all_waiting(lambda client: client.send(request("POST", "/v1/convolve", LONG)))
        statuses = [client.any_response().status for client in clients]
        self.assertEqual((statuses.count(502), statuses.count(200)), (held, REQUESTS - held))

    def test_under_load(self):
        """Nobody who asks notices: what was in flight is asked again, and the next ones of who is there."""
        with Load(self.proxy) as load:
            load.wait_for_more()
            self.servers[0].signal(signal.SIGKILL)
            self.servers[0].wait()
            load.wait_for_more()
            self.proxy.wait_for("DOWN", "a")
            load.wait_for_more()
            killed = self.servers[0]
            self.servers[0] = self.start(listen=f"{killed.host}:{killed.port}")
            self.proxy.wait_for("UP", "a")
            load.wait_for_more()
        load.report("one of three servers killed, and started again")
        self.assertEqual(load.lost(), [])


if __name__ == "__main__":
    unittest.main()
