"""GET /metrics: in its formats, and true."""

import json
import pathlib
import shutil
import subprocess
import time
import unittest

import prometheus
from busy import AGES, LONG_ANSWER, SMALL, begin
from client import Connection, once, request
from server import PATIENCE, ROOT, WRAPPER, Server

SHAPE = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4]}).encode()
TEXT, OPENMETRICS = "text/plain; version=0.0.4; charset=utf-8", "application/openmetrics-text; version=1.0.0; charset=utf-8"
PROMETHEUS_ASKS = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
# tests/run puts it there.
PROMTOOL = shutil.which("promtool") or shutil.which("promtool", path=str(ROOT / "build" / "tools"))


def scrape(server):
    return prometheus.read(once(server, "GET", "/metrics").body.decode())


def requests(families, **labels):
    return families["convscope_http_requests"].value("_total", **labels)


class Metrics(unittest.TestCase):
    def start(self, *arguments, **options):
        server = Server(*arguments, **options)
        self.addCleanup(server.kill)
        return server

    def wait_until(self, server, reached):
        """Scrape until it is so: a request is counted when its last byte has gone, which its client does not see."""
        end = time.monotonic() + PATIENCE
        while not reached(families := scrape(server)):
            self.assertLess(time.monotonic(), end, server.log)
        return families


class Formats(Metrics):
    def test_what_each_client_gets(self):
        server = self.start()
        for accept, content_type in (
            (None, TEXT),
            ("*/*", TEXT),
            ("text/plain", TEXT),
            ("text/html", TEXT),
            ("application/openmetrics-text", OPENMETRICS),
            (PROMETHEUS_ASKS, OPENMETRICS),
        ):
            response = once(server, "GET", "/metrics", headers=[("Accept", accept)] if accept else [])
            self.assertEqual((response.status, response.header("content-type")), (200, content_type))
            families = prometheus.read(response.body.decode(), content_type == OPENMETRICS)
            self.assertEqual(families["convscope_ready"].value(), 1)
            self.assertTrue(all(len(family.help) > 10 and family.help.endswith(".") for family in families.values()))

    def test_it_can_be_compressed(self):
        server = self.start()
        response = once(server, "GET", "/metrics", headers=[("Accept-Encoding", "gzip")])
        self.assertEqual(response.header("content-encoding"), "gzip")

    def test_methods(self):
        server = self.start()
        head = once(server, "HEAD", "/metrics")
        self.assertEqual((head.status, head.body, head.header("content-type")), (200, b"", TEXT))
        self.assertEqual(once(server, "POST", "/metrics", b"{}").status, 405)

    @unittest.skipUnless(PROMTOOL, "promtool, of Debian's package prometheus, is not there")
    def test_promtool_finds_nothing(self):
        server = self.start()
        for method, path, body in (("POST", "/v1/shape", SHAPE), ("POST", "/v1/convolve", SMALL), ("GET", "/none", None)):
            once(server, method, path, body)
        families = self.wait_until(server, lambda now: requests(now, route="other", method="GET", status="404"))
        self.assertGreater(len(families), 20)
        text = once(server, "GET", "/metrics").body
        done = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))


class Requests(Metrics):
    def test_by_route_method_and_status(self):
        server = self.start("--max-body", "1000")
        asked = (
            ("POST", "/v1/shape", SHAPE, "/v1/shape", "POST", 200),
            ("POST", "/v1/shape?a=b", b"{", "/v1/shape", "POST", 400),
            ("POST", "/v1/shape", b"{}", "/v1/shape", "POST", 422),
            ("POST", "/v1/shape", b" " * 1001, "/v1/shape", "POST", 413),
            ("DELETE", "/v1/shape", None, "/v1/shape", "other", 405),
            ("OPTIONS", "/v1/shape", None, "/v1/shape", "OPTIONS", 204),
            ("HEAD", "/healthz", None, "/healthz", "HEAD", 200),
            ("GET", "/v2/models/convolve", None, "/v2/models/{model}[/versions/{version}]", "GET", 200),
            ("GET", "/v2/models/none/versions/9/", None, "/v2/models/{model}[/versions/{version}]", "GET", 404),
            ("GET", '/no/"such\\path', None, "other", "GET", 404),
            ("OPTIONS", "*", None, "other", "OPTIONS", 204),
        )
        for method, path, body, *_, status in asked:
            self.assertEqual(once(server, method, path, body).status, status, path)
        families = self.wait_until(server, lambda now: requests(now, route="other", method="OPTIONS", status="204"))
        for *_, route, method, status in asked:
            self.assertEqual(requests(families, route=route, method=method, status=str(status)), 1, (route, status))

    def test_paths_of_strangers_are_one(self):
        """However many there are: labels must not grow with what clients think of."""
        server = self.start()
        with Connection(server) as connection:
            for i in range(300):
                connection.request("GET", f"/stranger/{i}")
                connection.request("GET", f"/v2/models/m{i}")
                connection.send(f"M{i} /healthz HTTP/1.1\r\nHost: test\r\n\r\n".encode())
                self.assertEqual(connection.response().status, 405)
            text = connection.request("GET", "/metrics").body.decode()
        families = prometheus.read(text)
        self.assertEqual(requests(families, route="other", method="GET", status="404"), 300)
        self.assertEqual(requests(families, route="/healthz", method="other", status="405"), 300)
        self.assertLess(len(text.splitlines()), 300)

    def test_sizes_and_durations(self):
        server = self.start()
        answer = once(server, "POST", "/v1/shape", SHAPE)
        head = once(server, "HEAD", "/healthz")
        self.assertGreater(int(head.header("content-length")), 0)
        families = self.wait_until(server, lambda now: requests(now, route="/healthz", method="HEAD", status="200"))
        self.assertEqual(families["convscope_http_request_body_bytes"].value("_total", route="/v1/shape"), len(SHAPE))
        sent = families["convscope_http_response_body_bytes"]
        self.assertEqual(sent.value("_total", route="/v1/shape"), len(answer.body))
        self.assertEqual(sent.value("_total", route="/healthz"), 0)
        duration = families["convscope_http_request_duration_seconds"]
        self.assertEqual(duration.value("_count", route="/v1/shape", status="2xx"), 1)
        self.assertLess(0, duration.value("_sum", route="/v1/shape", status="2xx"))

    def test_a_body_that_is_written_while_it_is_sent(self):
        server = self.start()
        answer = once(server, "POST", "/v1/convolve", LONG_ANSWER)
        families = self.wait_until(server, lambda now: requests(now, route="/v1/convolve", method="POST", status="200"))
        sent = families["convscope_http_response_body_bytes"]
        self.assertEqual(sent.value("_total", route="/v1/convolve"), len(answer.body))

    def test_many_in_one(self):
        server = self.start()
        lines = b"\n".join([SMALL, b"{}", SMALL])
        answer = once(server, "POST", "/v1/convolve", lines, [("Content-Type", "application/x-ndjson")])
        self.assertEqual(len(answer.body.splitlines()), 3)
        families = self.wait_until(server, lambda now: now["convscope_ndjson_lines"].value("_total"))
        self.assertEqual(families["convscope_ndjson_lines"].value("_total"), 3)
        self.assertEqual(families["convscope_ndjson_lines_refused"].value("_total"), 1)
        self.assertEqual(families["convscope_macs_computed"].value("_total"), 2 * 4)

    def test_an_answer_that_is_not_taken(self):
        server = self.start()
        with Connection(server) as connection:
            connection.send(request("POST", "/v1/convolve", LONG_ANSWER))
            connection.socket.recv(1000)
            connection.reset()
        incomplete = "convscope_http_responses_incomplete"
        self.wait_until(server, lambda now: now[incomplete].value("_total", route="/v1/convolve"))
        convolved = {"route": "/v1/convolve", "method": "POST", "status": "200"}
        families = self.wait_until(server, lambda now: requests(now, **convolved))
        self.assertEqual(requests(families, **convolved), 1)

    def test_a_request_that_is_given_up(self):
        server = self.start("--threads", "1")
        with Connection(server) as connection:
            connection.send(request("POST", "/v1/shape", SHAPE)[:-1])
            once(server, "GET", "/healthz")  # by then it has been read
            connection.reset()
        unanswered = "convscope_http_requests_unanswered"
        self.wait_until(server, lambda now: now[unanswered].value("_total", route="/v1/shape"))

    def test_one_that_is_too_slow(self):
        server = self.start("--head-timeout", "1")
        with Connection(server) as connection:
            connection.send(request("POST", "/v1/shape", SHAPE)[:-1])
            self.assertEqual(connection.response().status, 408)
        families = self.wait_until(server, lambda now: requests(now, route="/v1/shape", method="POST", status="408"))
        self.assertEqual(families["convscope_connections_cut"].value("_total", phase="body"), 1)
        self.assertEqual(families["convscope_http_requests_unanswered"].samples, {})


class Work(Metrics):
    def test_multiply_adds(self):
        """A known number: 88 positions of 8 filters over 3 steps of 4 channels, for 2 samples."""
        server = self.start()
        body = {"layer": "Conv1D(8, 3)", "input": {"shape": [2, 90, 4], "random": 1}, "weights": {"random": 7}}
        once(server, "POST", "/v1/convolve", json.dumps(body).encode())
        infer = {
            "parameters": {"layer": "Conv1D(1, 2)"},
            "inputs": [
                {"name": "input", "shape": [1, 4, 1], "datatype": "FP32", "data": [1, 2, 3, 4]},
                {"name": "kernel", "shape": [2, 1, 1], "datatype": "FP32", "data": [1, 10]},
                {"name": "bias", "shape": [1], "datatype": "FP32", "data": [0]},
            ],
        }
        path, route = "/v2/models/convolve/infer", "/v2/models/{model}[/versions/{version}]/infer"
        self.assertEqual(once(server, "POST", path, json.dumps(infer).encode()).status, 200)
        families = self.wait_until(server, lambda now: requests(now, route=route, method="POST", status="200"))
        self.assertEqual(families["convscope_macs_computed"].value("_total"), 2 * 88 * 8 * 3 * 4 + 3 * 2)
        self.assertEqual(families["convscope_queue_wait_seconds"].value("_count"), 2)
        self.assertEqual(families["convscope_queue_jobs"].value("_total", fate="done"), 2)

    def test_the_queue(self):
        server = self.start("--threads", "1", "--workers", "1", "--queue", "1", "--drain", "0", abrupt=True)
        idle = scrape(server)
        self.assertEqual((idle["convscope_workers"].value(), idle["convscope_queue_capacity"].value()), (1, 1))
        self.assertEqual((idle["convscope_workers_busy"].value(), idle["convscope_queue_length"].value()), (0, 0))
        begin(self, server, AGES)
        self.wait_until(server, lambda now: now["convscope_workers_busy"].value() == 1)
        waiting = begin(self, server, SMALL)
        full = self.wait_until(server, lambda now: now["convscope_queue_length"].value() == 1)
        self.assertEqual(full["convscope_ready"].value(), 0)
        self.assertEqual(full["convscope_http_requests_in_flight"].value(), 3)
        self.assertEqual(once(server, "POST", "/v1/convolve", SMALL).status, 503)
        refused = scrape(server)
        self.assertEqual(refused["convscope_queue_jobs"].value("_total", fate="refused"), 1)
        waiting.close()
        self.wait_until(server, lambda now: now["convscope_queue_jobs"].value("_total", fate="gone") == 1)
        self.wait_until(server, lambda now: now["convscope_ready"].value() == 1)
        self.wait_until(server, lambda now: now["convscope_queue_wait_seconds"].value("_count") == 1)


class Process(Metrics):
    def test_the_build_is_the_one_that_healthz_tells_of(self):
        server = self.start()
        health = once(server, "GET", "/healthz").json()
        ((_, labels),) = scrape(server)["convscope_build_info"].samples
        labels = dict(labels)
        microhttpd = labels.pop("libmicrohttpd")
        self.assertEqual({"status": "ok", **labels}, health)
        self.assertIn(f"libmicrohttpd {microhttpd},", "\n".join(server.log))

    @unittest.skipIf(WRAPPER, "the wrapper is in another process")
    def test_the_process_as_the_system_sees_it(self):
        before = time.time()
        server = self.start("--max-connections", "77")
        status = pathlib.Path(f"/proc/{server.process.pid}")
        with Connection(server) as connection:
            connection.request("GET", "/healthz")
            families = scrape(server)
            files = len(list((status / "fd").iterdir()))
        self.assertEqual(families["convscope_connections"].value(), 2)
        self.assertEqual(families["convscope_connections_limit"].value(), 77)
        self.assertEqual(families["convscope_connections_accepted"].value("_total"), 2)
        # The scrape's own connection may have been closed meanwhile.
        self.assertIn(families["process_open_fds"].value() - files, (0, 1))
        self.assertEqual(families["process_threads"].value(), len(list((status / "task").iterdir())))
        limits = [line for line in (status / "limits").read_text().splitlines() if line.startswith("Max open files")]
        self.assertEqual(families["process_max_fds"].value(), float(limits[0].split()[3]))
        resident = int((status / "statm").read_text().split()[1]) * 4096
        self.assertAlmostEqual(families["process_resident_memory_bytes"].value() / resident, 1, delta=0.2)
        self.assertGreaterEqual(families["process_start_time_seconds"].value(), int(before))
        self.assertLess(0, families["process_cpu_seconds"].value("_total"))
        self.assertLess(0, families["convscope_uptime_seconds"].value())


if __name__ == "__main__":
    unittest.main()
