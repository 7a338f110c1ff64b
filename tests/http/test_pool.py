"""What computes, what waits for it, and what must not."""

import json
import os
import pathlib
import socket
import unittest

from busy import A_WHILE, AGES, SMALL, begin, unanswered
from client import Connection, assert_problem, once, request
from server import Server

SHAPE = json.dumps({"layer": "Conv2D(40, (5, 5))", "framework": "keras", "input_shape": [None, 128, 128, 3]}).encode()


LINES = [("Content-Type", "application/x-ndjson")]


class Pool(unittest.TestCase):
    def start(self, *arguments, abrupt=False):
        server = Server("--threads", "1", "--workers", "1", *arguments, abrupt=abrupt)
        self.addCleanup(server.kill)
        return server

    def test_a_long_computation_delays_nobody(self):
        """One thread for clients, one worker, and that is busy: everything else is answered before it has ended."""
        server = self.start(abrupt=True)
        busy = begin(self, server, AGES)
        with Connection(server) as other:
            for _ in range(50):
                self.assertEqual(other.request("POST", "/v1/shape", SHAPE).status, 200)
        self.assertTrue(unanswered(busy))

    def test_who_computes_steps_back(self):
        """The workers, those that make answers and the engine's own threads leave the cores to all others."""
        server = Server("--workers", "3", "--threads", "2")
        self.addCleanup(server.kill)
        tasks = pathlib.Path(f"/proc/{server.process.pid}/task")
        nice = [int((task / "stat").read_text("ascii").rpartition(")")[2].split()[16]) for task in tasks.iterdir()]
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        together = once(server, "POST", "/v1/convolve", SMALL).json()["execution"]["threads"]
        computing = 3 + 3 + together - 1
        self.assertEqual(nice.count(min(ours + 5, 19)), computing, nice)
        self.assertGreaterEqual(nice.count(ours), 5, nice)
        self.assertEqual(len(nice), nice.count(ours) + computing, nice)

    def test_lines_that_compute_delay_nobody(self):
        server = self.start(abrupt=True)
        busy = begin(self, server, b"\n".join([AGES, SMALL]), headers=LINES)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += busy.socket.recv(1)
        self.assertIn(b"HTTP/1.1 200 ", head)
        with Connection(server) as other:
            for _ in range(50):
                self.assertEqual(other.request("POST", "/v1/shape", SHAPE).status, 200)
        self.assertTrue(unanswered(busy))

    def test_lines_wait_for_a_worker_like_others(self):
        """Lines and single requests take turns."""
        server = self.start()
        lines = begin(self, server, b"\n".join([A_WHILE] + [SMALL] * 100), headers=LINES)
        single = [begin(self, server, SMALL) for _ in range(3)]
        for connection in single:
            self.assertEqual(connection.response().json()["output"]["data"], [3, 5])
        answers = [json.loads(line) for line in lines.response().body.splitlines()]
        self.assertEqual([answer["output"]["data"] for answer in answers[1:]], [[3, 5]] * 100)
        server.stop()

    def test_a_full_queue_refuses_lines_that_compute(self):
        server = self.start("--queue", "0", abrupt=True)
        busy = begin(self, server, AGES)
        with Connection(server) as other:
            assert_problem(self, other.request("POST", "/v1/convolve", SMALL, LINES), 503, "queue-full")
            answer = other.request("POST", "/v1/shape", b"\n".join([SHAPE.strip()] * 100), LINES)
            self.assertEqual(answer.body.count(b"\n"), 100)
        self.assertTrue(unanswered(busy))

    def test_lines_end_with_their_client(self):
        """One line may be computed for nobody, not the next."""
        server = self.start()
        lines = begin(self, server, b"\n".join([SMALL] * 2000 + [AGES] * 5), headers=LINES)
        lines.socket.recv(1)
        lines.reset()
        self.assertEqual(once(server, "POST", "/v1/convolve", SMALL).status, 200)
        server.stop()

    def test_a_full_queue_refuses_at_once(self):
        server = self.start("--queue", "1", abrupt=True)
        running, waiting = begin(self, server, AGES), begin(self, server, SMALL)
        with Connection(server) as third:
            response = third.request("POST", "/v1/convolve", SMALL)
            assert_problem(self, response, 503, "queue-full")
            self.assertEqual(response.header("retry-after"), "1")
            self.assertIn("computes 1 requests at a time and lets 1 wait", response.json()["detail"])
            # The connection goes on, and what does not compute is not refused.
            self.assertEqual(third.request("POST", "/v1/shape", SHAPE).status, 200)
        self.assertTrue(unanswered(running) and unanswered(waiting))

    def test_without_a_queue_a_free_worker_is_enough(self):
        """The place is free again before the answer is sent: one client after another never meets a busy worker."""
        server = self.start("--queue", "0")
        with Connection(server) as connection:
            for _ in range(200):
                self.assertEqual(connection.request("POST", "/v1/convolve", SMALL).status, 200)
        server.stop()

    def test_what_waits_is_answered(self):
        server = self.start()
        first = begin(self, server, AGES)
        waiting = [begin(self, server, SMALL) for _ in range(5)]
        self.assertTrue(unanswered(first) and all(map(unanswered, waiting)))
        first.close()
        for connection in waiting:
            self.assertEqual(connection.response().json()["output"]["data"], [3, 5])
        server.stop()

    def test_pipelined_requests_are_answered_in_order(self):
        """A connection is suspended in between, with the next request already read."""
        server = self.start()
        bodies = [json.dumps({"layer": "UpSampling1D(1)", "input": [[[n]]]}).encode() for n in range(20)]
        with Connection(server) as connection:
            for body in bodies:
                connection.send(b"POST /v1/convolve HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            for n in range(20):
                self.assertEqual(connection.response().json()["output"]["data"], [n])
        server.stop()

    def too_late(self, connection, why):
        response = connection.response()
        assert_problem(self, response, 504, "deadline-passed")
        self.assertIn(why, response.json()["detail"])
        self.assertEqual(connection.request("POST", "/v1/shape", SHAPE).status, 200)

    def test_what_is_not_computed_in_time_is_told(self):
        """And the worker is free."""
        server = self.start("--deadline", "1")
        running = begin(self, server, AGES)
        self.too_late(running, "It was not computed within 1 seconds")
        self.assertEqual(running.request("POST", "/v1/convolve", SMALL).status, 200)
        server.stop()

    def test_a_request_that_waits_too_long_is_told(self):
        """Behind lines: these may take as long as they take."""
        server = self.start("--deadline", "1", abrupt=True)
        busy = begin(self, server, AGES, headers=LINES)
        self.too_late(begin(self, server, SMALL), "No worker was free for 1 seconds")
        busy.close()

    def test_what_is_computed_for_who_has_gone_ends(self):
        """Hours of work, in any form and by any algorithm; the server stops at once afterwards."""
        for body, headers in ((AGES, ()), (AGES.replace(b'"direct"', b'"im2col"'), ()), (AGES, LINES)):
            for leave in (Connection.reset, Connection.close):
                server = self.start("--queue", "0")
                leave(begin(self, server, body, headers=headers))
                while once(server, "POST", "/v1/convolve", SMALL).status == 503:
                    pass
                server.stop()

    def test_nothing_is_computed_for_who_has_gone(self):
        """Were those of the clients that have gone computed, the last answer would come after them."""
        for leave in (Connection.reset, Connection.close):
            server = self.start(abrupt=True)
            busy = begin(self, server, AGES)
            for _ in range(20):
                leave(begin(self, server, AGES))
            self.assertTrue(unanswered(busy))
            busy.close()
            self.assertEqual(once(server, "POST", "/v1/convolve", SMALL).status, 200)
            server.kill()

    def test_a_place_in_the_queue_is_free_when_the_client_has_gone(self):
        server = self.start("--queue", "1", abrupt=True)
        busy = begin(self, server, AGES)
        begin(self, server, SMALL).close()
        while once(server, "GET", "/readyz").status == 503:
            pass
        self.assertTrue(unanswered(busy))

    def test_a_client_that_has_sent_all_it_will_is_answered_by_a_free_worker(self):
        server = self.start()
        with Connection(server) as connection:
            connection.send(request("POST", "/v1/convolve", SMALL))
            connection.socket.shutdown(socket.SHUT_WR)
            self.assertEqual(connection.response().status, 200)
        server.stop()

    def test_a_full_queue_is_not_ready(self):
        server = self.start("--queue", "0", abrupt=True)
        for path in ("/readyz", "/v2/health/ready", "/v2/models/convolve/ready"):
            response = once(server, "GET", path)
            self.assertEqual((response.status, response.json()["ready"]), (200, True), response)
        busy = begin(self, server, AGES)
        for path in ("/readyz", "/v2/health/ready", "/v2/models/convolve/ready"):
            response = once(server, "GET", path)
            self.assertEqual((response.status, response.json()["ready"]), (503, False), response)
            self.assertEqual(response.json()["errors"][0]["code"], "not-ready")
            self.assertEqual(response.header("retry-after"), "1")
        self.assertEqual(once(server, "GET", "/healthz").status, 200)
        self.assertTrue(unanswered(busy))

    def test_a_client_that_gives_up_harms_nobody(self):
        server = self.start()
        busy = begin(self, server, A_WHILE)
        for _ in range(5):
            begin(self, server, SMALL).reset()
        busy.reset()
        self.assertEqual(once(server, "POST", "/v1/convolve", SMALL).status, 200)
        server.stop()

    def test_draining_finishes_what_waits(self):
        server = self.start()
        busy = begin(self, server, A_WHILE)
        waiting = [begin(self, server, SMALL) for _ in range(3)]
        server.signal()
        server.wait_for_log("finishing [4-9] requests")
        for connection in (busy, *waiting):
            response = connection.response()
            self.assertEqual((response.status, response.header("connection")), (200, "close"), response)
        self.assertEqual(server.wait(), 0, server.log)

    def test_what_takes_longer_than_draining_is_refused(self):
        """Those that wait, and the one that is computed, which ends."""
        server = self.start("--drain", "1")
        connections = [begin(self, server, body) for body in (AGES, SMALL, SMALL, SMALL)]
        server.signal()
        for connection in connections:
            response = connection.response()
            assert_problem(self, response, 503, "stopping")
            self.assertEqual(response.header("connection"), "close")
            self.assertTrue(connection.closed())
        server.wait_for_log("1 seconds are over: 0 requests cut off")
        server.wait_for_log("stopped")
        self.assertEqual(server.wait(), 0, server.log)


if __name__ == "__main__":
    unittest.main()
