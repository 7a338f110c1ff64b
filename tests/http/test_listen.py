"""Where the server can be reached: several addresses, Unix sockets, sockets that systemd hands over."""

import json
import os
import pathlib
import signal
import socket
import stat
import tempfile
import unittest

from client import PATIENCE, once, request, unix_connection
from server import Server, run

BODY = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4]}).encode()


class Listen(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.path = self.directory / "convscope.sock"

    def answers(self, response):
        self.assertEqual(response.status, 200, response)
        self.assertEqual(response.json()["output"]["shape"], [None, 88, 8])

    def asked_at(self, path):
        return once(None, "POST", "/v1/shape", BODY, through=unix_connection(path))

    def test_several_addresses(self):
        with Server("--listen", "127.0.0.1:0", "--listen", f"unix:{self.path}") as server:
            first, second = server.port, int(server.wait_for_log(r"listening on http://127\.0\.0\.1:(\d+)$")[1])
            server.wait_for_log(f"listening on unix:{self.path}$")
            self.assertNotEqual(first, second)
            for server.port in (first, second):
                self.answers(once(server, "POST", "/v1/shape", BODY))
            self.answers(self.asked_at(self.path))

    def test_dual_stack(self):
        if not socket.has_dualstack_ipv6():
            self.skipTest("this machine has no IPv6")
        with Server("--insecure", listen="[::]:0") as server:
            self.assertRegex("\n".join(server.log), r"listening on http://\[::\]:\d+, IPv6 and IPv4")
            for server.host in ("127.0.0.1", "::1"):
                self.answers(once(server, "POST", "/v1/shape", BODY))

    def test_long_answers_through_a_unix_socket(self):
        """Made while they are sent, by threads that hold the connection meanwhile; more than the socket has room for."""
        body = json.dumps({"layer": "Conv1D(64, 3, padding='same')", "input": {"shape": [1, 2000, 4], "random": 1},
                           "weights": {"random": 2}}).encode()
        with Server("--listen", f"unix:{self.path}") as server:
            data = [once(server, "POST", "/v1/convolve", body, through=through).json()["output"]["data"]
                    for through in (None, unix_connection(self.path))]
        self.assertEqual(data[0], data[1])
        self.assertEqual(len(data[0]), 2000 * 64)

    def test_a_unix_socket_has_its_permissions_and_goes_away(self):
        for mode in ("600", "666"):
            with Server("--listen", f"unix:{self.path}", "--socket-mode", mode):
                self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), int(mode, 8))
            self.assertFalse(self.path.exists())

    def test_what_was_left_behind_is_replaced_and_what_is_used_is_not(self):
        first = Server("--listen", f"unix:{self.path}", abrupt=True)
        second = run("serve", "--listen", f"unix:{self.path}")
        self.assertEqual(second.returncode, 1, second)
        self.assertIn(f"{self.path}: address already in use", second.stderr)
        self.answers(self.asked_at(self.path))
        first.kill()
        self.assertTrue(self.path.exists())
        with Server("--listen", f"unix:{self.path}"):
            self.answers(self.asked_at(self.path))

    def test_a_file_is_not_removed(self):
        self.path.write_text("dear")
        ended = run("serve", "--listen", f"unix:{self.path}")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("no socket", ended.stderr)
        self.assertEqual(self.path.read_text(), "dear")

    def test_one_address_that_cannot_be_ends_it(self):
        ended = run("serve", "--listen", f"unix:{self.path}", "--listen", "192.0.2.1:0")
        self.assertEqual(ended.returncode, 1)
        self.assertFalse(self.path.exists())

    def test_health_through_a_unix_socket(self):
        with Server("--listen", f"unix:{self.path}"):
            self.assertEqual(run("health", f"unix:{self.path}").returncode, 0)
        ended = run("health", f"unix:{self.path}")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("cannot connect", ended.stderr)


class ServiceManager(unittest.TestCase):
    """The tests are the manager."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def listener(self, family, where):
        opened = socket.socket(family, socket.SOCK_STREAM)
        self.addCleanup(opened.close)
        opened.bind(where)
        opened.listen()
        return opened

    def test_sockets_are_handed_over_and_outlive_the_server(self):
        path = self.directory / "a.sock"
        tcp = self.listener(socket.AF_INET, ("127.0.0.1", 0))
        unix = self.listener(socket.AF_UNIX, str(path))
        waiting = None
        for _ in range(2):
            with Server(listen=None, handed=[tcp, unix]) as server:
                self.assertEqual(server.port, tcp.getsockname()[1])
                server.wait_for_log(f"listening on unix:{path}, handed over by the service manager")
                self.assertEqual(len([line for line in server.log if "listening on" in line]), 2, server.log)
                if waiting:
                    waiting.sendall(request("GET", "/healthz", headers=[("Connection", "close")]))
                    self.assertTrue(waiting.recv(100).startswith(b"HTTP/1.1 200 "))
                    waiting.close()
                self.assertEqual(once(server, "GET", "/healthz").status, 200)
                self.assertEqual(once(server, "GET", "/healthz", through=unix_connection(path)).status, 200)
            self.assertTrue(path.exists())
            waiting = socket.create_connection(tcp.getsockname(), timeout=PATIENCE)  # until the next one takes it
        waiting.close()

    def test_sockets_for_another_process_are_left_alone(self):
        with Server(environment={"LISTEN_PID": "1", "LISTEN_FDS": "1"}) as server:
            self.assertEqual(len([line for line in server.log if "listening on" in line]), 1, server.log)

    def test_what_does_not_listen_is_refused(self):
        one, other = socket.socketpair()
        self.addCleanup(one.close)
        self.addCleanup(other.close)
        with self.assertRaisesRegex(AssertionError, "file descriptor 3, which was handed over, is no stream socket"):
            Server(listen=None, handed=[one])

    def manager(self, where):
        """A socket that is told of the server's states."""
        told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(told.close)
        told.settimeout(PATIENCE)
        told.bind(where)
        return told

    def test_the_manager_is_told(self):
        for where, name in ((str(self.directory / "notify"),) * 2, (f"\0convscope-{os.getpid()}", f"@convscope-{os.getpid()}")):
            told = self.manager(where)
            with Server(environment={"NOTIFY_SOCKET": name}) as server:
                self.assertEqual(told.recv(200), b"READY=1")
                server.signal(signal.SIGTERM)
                self.assertEqual(told.recv(200), b"STOPPING=1")

    def test_a_manager_that_is_not_there_is_no_trouble(self):
        for name in (str(self.directory / "nobody"), "x", "@", "/" + "x" * 200):
            with Server(environment={"NOTIFY_SOCKET": name}):
                pass


if __name__ == "__main__":
    unittest.main()
