"""Taking connections in: under load at the end, without files for them, and evenly."""

import contextlib
import json
import os
import pathlib
import re
import resource
import socket
import tempfile
import threading
import time
import unittest

from client import PATIENCE, Connection, once, request, unix_connection
from server import INSTRUMENTED, WRAPPER, Server
from short_memory import ShortMemory

BODY = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 9, 2]}).encode()

# With and without a new connection for each request.
KEPT = request("POST", "/v1/shape", BODY)
CLOSED = request("POST", "/v1/shape", BODY, [("Connection", "close")])


class Client(threading.Thread):
    """Asks until it is refused; what it has begun to be told has to be whole."""

    def __init__(self, connect, data):
        super().__init__(daemon=True)
        self.connect, self.data = connect, data
        self.answers, self.torn = 0, []

    def run(self):
        while not self.torn:
            try:
                self.talk()
            except OSError:
                return

    def talk(self):
        with Connection(None, through=self.connect()) as connection:
            while not connection.buffer:
                connection.send(self.data)
                try:
                    response = connection.response()
                except AssertionError as why:
                    if connection.buffer:
                        self.torn.append(why)
                    return
                self.answers += response.status == 200
                if response.header("connection") == "close" or self.data is CLOSED:
                    return


class Stop(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name) / "convscope.sock"

    def stop_under_load(self, patience):
        with Server("--threads", "3", "--listen", f"unix:{self.path}", "--listen", "127.0.0.1:0") as server:
            server.wait_for_log(f"listening on unix:{self.path}")
            other = int(server.wait_for_log(r"listening on http://127\.0\.0\.1:(\d+)")[1])
            connects = [lambda port=port: socket.create_connection((server.host, port), timeout=PATIENCE)
                        for port in (server.port, other)]
            connects.append(lambda: unix_connection(self.path))
            clients = [Client(connect, data) for connect in connects for data in (KEPT, CLOSED)]
            for client in clients:
                client.start()
            time.sleep(patience)
            server.stop()
        for client in clients:
            client.join(timeout=PATIENCE)
            self.assertFalse(client.is_alive())
            self.assertEqual(client.torn, [])
        self.assertFalse(self.path.exists())
        return sum(client.answers for client in clients)

    def test_at_any_moment_under_load(self):
        """The process ends in order, at whatever its threads are just then."""
        answers = sum(self.stop_under_load(0.01 * i) for i in range(2 if WRAPPER else 12))
        self.assertGreater(answers, 0)


class Files(unittest.TestCase):
    def processor_time(self, server):
        """Seconds of it that the process has taken."""
        fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def allow(self, server, more):
        """Let the process open `more` files from now on, or as many as before; how many there may be."""
        files = [int(name) for name in os.listdir(f"/proc/{server.process.pid}/fd")]
        free = set(range(len(files) + more + max(files))) - set(files)
        limits = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (sorted(free)[more], limits[1]))
        return limits

    @unittest.skipIf(WRAPPER, "the wrapper needs files of its own")
    def test_no_files_for_a_while(self):
        """Who is in is served, the others wait outside; the log and the processor have nothing to do with it."""
        with Server("--threads", "2") as server:
            before = self.allow(server, 3)
            clients = [Connection(server) for _ in range(10)]
            for client in clients:
                self.addCleanup(client.close)
                client.send(KEPT)
            server.wait_for_log("no connection can be taken at the moment: Too many open files; clients wait")
            taken = self.processor_time(server)
            for client in clients[:3]:
                self.assertEqual(client.response().status, 200)
            time.sleep(1)
            self.assertLess(self.processor_time(server) - taken, 0.3)
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, before)
            for client in clients[3:]:
                self.assertEqual(client.response().status, 200)
        self.assertEqual(len([line for line in server.log if "no connection" in line]), 1, server.log)

    @unittest.skipIf(WRAPPER, "the wrapper needs files of its own")
    def test_it_ends_without_files_too(self):
        with Server("--threads", "2") as server:
            self.allow(server, 0)
            with Connection(server):
                server.wait_for_log("no connection can be taken")
                server.stop()


class Shared(unittest.TestCase):
    def files_of(self, server):
        """What each descriptor of the process is. One may be closed while they are read."""
        files = {}
        for one in pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                files[int(one.name)] = os.readlink(one)
        return files

    def connections_of_threads(self, server):
        """How many sockets each thread of the server watches."""
        files = self.files_of(server)
        sockets = {fd for fd, what in files.items() if what.startswith("socket:")}
        counts = []
        for fd in (fd for fd, what in files.items() if what == "anon_inode:[eventpoll]"):
            watched = pathlib.Path(f"/proc/{server.process.pid}/fdinfo/{fd}").read_text("ascii")
            counts.append(len(sockets & {int(one) for one in re.findall(r"^tfd:\s*(\d+)", watched, re.M)}))
        return sorted(counts)

    def open(self, server, count):
        opened = [Connection(server) for _ in range(count)]
        for connection in opened:
            self.addCleanup(connection.close)
            self.assertEqual(connection.request("GET", "/healthz").status, 200)
        return opened

    def test_threads_have_equally_many(self):
        with Server("--threads", "3") as server:
            opened = self.open(server, 30)
            self.assertEqual(self.connections_of_threads(server), [10, 10, 10])
            # Only those that come to the same thread, if it goes by descriptors.
            for connection in opened[::3]:
                connection.close()
            while sum(self.connections_of_threads(server)) > 20:
                pass
            self.open(server, 10)
            self.assertEqual(self.connections_of_threads(server), [10, 10, 10])

    def test_a_full_listener_leaves_the_other_alone(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "convscope.sock"
            with Server("--threads", "1", "--max-connections", "2", "--listen", f"unix:{path}") as server:
                self.open(server, 2)
                waiting = Connection(server)
                self.addCleanup(waiting.close)
                for _ in range(3):
                    self.assertEqual(once(None, "GET", "/healthz", through=unix_connection(path)).status, 200)
                self.assertEqual(waiting.buffer, b"")

    def test_clients_that_reset_at_once(self):
        with Server("--threads", "2", "--max-connections", "8") as server:
            for _ in range(300):
                Connection(server).reset()
            self.assertEqual(once(server, "POST", "/v1/shape", BODY).status, 200)
            self.open(server, 8)

    @unittest.skipIf(INSTRUMENTED, "the heap of this server is valgrind's or a sanitizer's: it cannot be made short")
    def test_connections_that_there_is_no_memory_for(self):
        """They are closed, wherever it fails, and take up no room in any count."""
        memory = ShortMemory()
        self.addCleanup(memory.close)
        limits = ("--threads", "1", "--max-connections", "3", "--max-connections-per-ip", "3")
        with Server(*limits, environment=memory.environment()) as server:
            failed = 0
            for nth in range(1, 15):
                memory.begin(nth)
                with contextlib.suppress(AssertionError, ConnectionError), Connection(server) as connection:
                    connection.request("GET", "/healthz")
                memory.settled()
                failed += memory.end()
            self.assertGreater(failed, 5)
            self.open(server, 3)

    def test_nothing_is_told_of_unix_sockets(self):
        """They have none of TCP's options: no reason to say so."""
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "convscope.sock"
            with Server("--listen", f"unix:{path}") as server:
                with Connection(None, through=unix_connection(path)) as connection:
                    for _ in range(3):
                        self.assertEqual(connection.request("POST", "/v1/shape", BODY).status, 200)
            self.assertFalse([line for line in server.log if "http:" in line.replace("http://", "")], server.log)


if __name__ == "__main__":
    unittest.main()
