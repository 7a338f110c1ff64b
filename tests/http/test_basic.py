"""Methods, paths, types, sizes and connections, as a well-behaved client meets them."""

import concurrent.futures
import json
import socket
import unittest

from client import Connection, assert_problem, chunked, once, request
from one_server import OneServer
from server import Server, run

LAYER = "Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', activation='relu', subsample_length=1)"


def shape_request(shape, **members):
    return json.dumps({"layer": LAYER, "framework": "keras1", "input_shape": shape, **members}).encode()


class Basic(OneServer):
    """Tests that share a server with a body limit of 200,000 bytes, and with patience: a busy machine is no slow client."""

    LIMIT = 200_000
    OPTIONS = ("--max-body", str(LIMIT), "--head-timeout", "60")

    def once(self, *arguments, **options):
        return once(self.server, *arguments, **options)


class Answers(Basic):
    def test_healthz(self):
        response = self.once("GET", "/healthz")
        self.assertEqual(response.status, 200)
        self.assertEqual(response.header("content-type"), "application/json")
        self.assertEqual(response.header("x-content-type-options"), "nosniff")
        self.assertEqual(response.json()["status"], "ok")

    def test_the_founding_question(self):
        response = self.once("POST", "/v1/shape", shape_request([None, 300, 1]))
        self.assertEqual(response.status, 200, response)
        self.assertEqual(response.json()["output"]["shape"], [None, 296, 111])
        response = self.once("POST", "/v1/shape", shape_request([None, 400, 300]))
        answer = response.json()
        self.assertEqual(answer["output"]["shape"], [None, 396, 111])
        self.assertEqual([weight["shape"] for weight in answer["weights"]], [[5, 1, 300, 111], [111]])

    def test_a_feature_map(self):
        body = {
            "layer": {"op": "conv", "kernel": [2], "filters": 2, "activation": "linear"},
            "input": [[[1], [2], [4]]],
            "weights": [[[[1, 10]], [[1, 100]]], [0.5, 0]],
            "filters": [1],
        }
        response = self.once("POST", "/v1/convolve", json.dumps(body).encode())
        self.assertEqual(response.status, 200, response)
        (only,) = response.json()["feature_maps"]
        self.assertEqual((only["filter"], only["data"]), (1, [1 * 10 + 2 * 100, 2 * 10 + 4 * 100]))


class Methods(Basic):
    def test_a_long_output_is_whole_in_either_version(self):
        """It is sent while it is written, so that its length is not known before; HTTP/1.0 ends it by closing."""
        body = b'{"layer": "UpSampling1D(40000)", "input": [[[1, -0.5], [3, 0.25]]]}'
        expected = [1, -0.5] * 40000 + [3, 0.25] * 40000
        connection = self.connect()
        for _ in range(2):
            response = connection.request("POST", "/v1/convolve", body)
            self.assertEqual((response.status, response.header("content-type")), (200, "application/json"))
            self.assertEqual(response.header("transfer-encoding"), "chunked")
            self.assertEqual(response.json()["output"]["data"], expected)
        old = self.connect()
        old.send(b"POST /v1/convolve HTTP/1.0\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        old.closed()
        head, text = old.buffer.split(b"\r\n\r\n", 1)
        self.assertNotIn(b"chunked", head)
        self.assertEqual(json.loads(text)["output"]["data"], expected)

    def test_head_has_the_headers_of_get(self):
        connection = self.connect()
        get, head = connection.request("GET", "/healthz"), connection.request("HEAD", "/healthz")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.header("content-length"), get.header("content-length"))
        self.assertEqual(connection.request("GET", "/healthz").status, 200)

    def test_options(self):
        connection = self.connect()
        for path, allow in (
            ("/healthz", {"GET", "HEAD", "OPTIONS"}),
            ("/v1/shape", {"POST", "OPTIONS"}),
            ("*", {"GET", "HEAD", "POST", "OPTIONS"}),
        ):
            response = connection.request("OPTIONS", path)
            self.assertEqual((response.status, response.body), (204, b""), path)
            self.assertEqual(set(response.header("allow").split(", ")), allow, path)

    def test_unknown_paths(self):
        connection = self.connect()
        for path in ("/nothing", "/v1", "/v1/shapes", "/v1/shape/", "/healthz%00", "/v1%2Fshape", "/" + "x" * 2000, "//healthz"):
            assert_problem(self, connection.request("GET", path), 404, "not-found")
        self.assertIn("POST /v1/shape", connection.request("GET", "/nothing").json()["detail"])
        assert_problem(self, connection.request("POST", "/v1/nothing", b"{}"), 404, "not-found")

    def test_other_methods_are_refused_with_allow(self):
        connection = self.connect()
        for method, path, allow in (
            ("GET", "/v1/shape", {"POST", "OPTIONS"}),
            ("DELETE", "/v1/convolve", {"POST", "OPTIONS"}),
            ("TRACE", "/healthz", {"GET", "HEAD", "OPTIONS"}),
            ("post", "/v1/shape", {"POST", "OPTIONS"}),
            ("NONSENSE", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ):
            response = connection.request(method, path)
            assert_problem(self, response, 405, "method-not-allowed")
            self.assertEqual(set(response.header("allow").split(", ")), allow)
        head = connection.request("HEAD", "/v1/shape")
        self.assertEqual((head.status, head.body), (405, b""))

    def test_targets_in_other_forms(self):
        connection = self.connect()
        for target in ("/healthz?", "/healthz?a=b&c", "http://test/healthz", "HTTP://test:80/healthz?x"):
            self.assertEqual(connection.request("GET", target).status, 200, target)
        self.assertEqual(connection.request("OPTIONS", "http://test").json()["openapi"], "3.1.0")  # of "/"

    def test_a_body_that_nobody_asked_for_is_read_past(self):
        connection = self.connect()
        self.assertEqual(connection.request("GET", "/healthz", b"x" * 1000).status, 200)
        self.assertEqual(connection.request("GET", "/healthz").status, 200)


class Types(Basic):
    def test_json_types_are_taken(self):
        connection = self.connect()
        for kind in (
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/vnd.example+json",
            "application/x-www-form-urlencoded",
        ):
            response = connection.request("POST", "/v1/shape", shape_request([None, 300, 1]), [("Content-Type", kind)])
            self.assertEqual(response.status, 200, kind)

    def test_no_type_is_taken_for_json(self):
        connection = self.connect()
        body = shape_request([None, 300, 1])
        connection.send(b"POST /v1/shape HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        self.assertEqual(connection.response().status, 200)

    def test_other_types_are_refused(self):
        connection = self.connect()
        for kind in ("text/plain", "multipart/form-data; boundary=x", "application/jsonx", "+json", "json"):
            response = connection.request("POST", "/v1/shape", b"{}", [("Content-Type", kind)])
            assert_problem(self, response, 415, "unsupported-media-type")
        self.assertIn("application/json", response.json()["detail"])


class Sizes(Basic):
    def padded(self, size):
        body = shape_request([None, 300, 1])
        return body + b" " * (size - len(body))

    def test_up_to_the_limit(self):
        self.assertEqual(self.once("POST", "/v1/shape", self.padded(self.LIMIT)).status, 200)
        connection = self.connect()
        connection.send(request("POST", "/v1/shape", b"", [("Transfer-Encoding", "chunked")]))
        connection.send(chunked(self.padded(self.LIMIT), 7777))
        self.assertEqual(connection.response().status, 200)

    def test_more_is_refused_before_it_is_sent(self):
        for size in (self.LIMIT + 1, 2**31, 2**63, 2**64 - 1):
            connection = self.connect()
            connection.send(request("POST", "/v1/shape", b"", [("Content-Length", str(size))]))
            response = connection.response()
            assert_problem(self, response, 413, "body-too-large")
            self.assertIn(str(self.LIMIT), response.json()["detail"])
            self.assertEqual(response.header("connection"), "close")
            self.assertTrue(connection.closed())

    def test_more_in_chunks_is_refused(self):
        connection = self.connect()
        connection.send(request("POST", "/v1/shape", b"", [("Transfer-Encoding", "chunked")]))
        connection.send(chunked(self.padded(self.LIMIT + 1), 5000))
        response = connection.response()
        assert_problem(self, response, 413, "body-too-large")
        self.assertEqual(response.header("connection"), "close")
        self.assertTrue(connection.closed())

    def test_chunks_without_end_are_cut_off(self):
        connection = self.connect()
        connection.send(request("POST", "/v1/shape", b"", [("Transfer-Encoding", "chunked")]))
        with self.assertRaises(OSError):
            for _ in range(1000):
                connection.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        self.assertEqual(self.once("GET", "/healthz").status, 200)

    def test_one_byte_chunks(self):
        connection = self.connect()
        connection.send(request("POST", "/v1/shape", b"", [("Transfer-Encoding", "chunked")]))
        connection.send(chunked(self.padded(20000), 1))
        self.assertEqual(connection.response().status, 200)

    def test_expect_continue(self):
        connection = self.connect()
        body = shape_request([None, 300, 1])
        headers = [("Expect", "100-continue"), ("Content-Length", str(len(body)))]
        connection.send(request("POST", "/v1/shape", b"", headers))
        self.assertEqual(connection.response().status, 100)
        connection.send(body)
        self.assertEqual(connection.response().status, 200)

    def test_expect_continue_is_refused_without_100(self):
        connection = self.connect()
        headers = [("Expect", "100-continue"), ("Content-Length", str(self.LIMIT + 1))]
        connection.send(request("POST", "/v1/shape", b"", headers))
        assert_problem(self, connection.response(), 413, "body-too-large")
        self.assertTrue(connection.closed())

    def test_a_client_that_leaves_in_the_middle(self):
        for _ in range(20):
            connection = self.connect()
            connection.send(request("POST", "/v1/shape", b"{", [("Content-Length", "5000")]))
            connection.reset()
        self.assertEqual(self.once("GET", "/healthz").status, 200)


class Connections(Basic):
    def test_keep_alive(self):
        connection = self.connect()
        for _ in range(5):
            self.assertEqual(connection.request("POST", "/v1/shape", shape_request([None, 300, 1])).status, 200)
            assert_problem(self, connection.request("POST", "/v1/shape", b"{"), 400)
            assert_problem(self, connection.request("POST", "/nothing", b"{}" * 500), 404)
            assert_problem(self, connection.request("PUT", "/healthz", b"{}" * 500), 405)
            self.assertEqual(connection.request("GET", "/healthz").status, 200)

    def test_connection_close(self):
        connection = self.connect()
        response = connection.request("GET", "/healthz", headers=[("Connection", "close")])
        self.assertEqual(response.header("connection"), "close")
        self.assertTrue(connection.closed())

    def test_http_1_0(self):
        connection = self.connect()
        connection.send(b"GET /healthz HTTP/1.0\r\n\r\n")
        self.assertEqual(connection.response().status, 200)
        self.assertTrue(connection.closed())

    def test_pipelining(self):
        connection = self.connect()
        expected = [296, 196, 96]
        connection.send(b"".join(request("POST", "/v1/shape", shape_request([None, n + 4, 1])) for n in expected))
        answers = [connection.response().json()["output"]["shape"][1] for _ in expected]
        self.assertEqual(answers, expected)

    def test_a_request_byte_by_byte(self):
        connection = self.connect()
        for byte in request("POST", "/v1/shape", shape_request([None, 300, 1])):
            connection.send(bytes([byte]))
        self.assertEqual(connection.response().status, 200)

    def test_a_client_that_has_sent_all_it_will(self):
        connection = self.connect()
        connection.send(request("GET", "/healthz"))
        connection.socket.shutdown(socket.SHUT_WR)
        self.assertEqual(connection.response().status, 200)

    def test_many_connections(self):
        connections = [self.connect() for _ in range(200)]
        for connection in connections:
            connection.send(request("GET", "/healthz"))
        self.assertEqual({connection.response().status for connection in connections}, {200})


class Concurrency(Basic):
    def convolve(self, value):
        """A 1D layer whose answer tells which request it belongs to."""
        body = {
            "layer": {"op": "conv", "kernel": [3], "filters": 1, "use_bias": False},
            "input": [[[float(value)]] * 200],
            "weights": [[[[1]]] * 3],
        }
        response = self.once("POST", "/v1/convolve", json.dumps(body).encode())
        self.assertEqual(response.status, 200, response)
        self.assertEqual(response.json()["output"]["data"], [3 * value] * 198)

    def test_answers_do_not_mix(self):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for done in [pool.submit(self.convolve, value) for value in range(100)]:
                done.result()


class Program(unittest.TestCase):
    def test_ipv6(self):
        try:
            server = Server(listen="[::1]:0")
        except AssertionError as error:
            self.skipTest(f"no IPv6 here: {error}")
        with server:
            self.assertTrue(server.url.startswith("http://[::1]:"))
            self.assertEqual(once(server, "GET", "/healthz").status, 200)

    def test_one_thread_and_quiet(self):
        with Server("--threads", "1", "--quiet") as server:
            self.assertEqual(once(server, "GET", "/healthz").status, 200)
        self.assertEqual([line for line in server.log if "advice" not in line and "==" not in line],
                         [f"convscope: listening on {server.url}"])

    def test_the_log_says_what_runs(self):
        with Server() as server:
            pass
        log = "\n".join(server.log)
        self.assertRegex(log, r"convscope: version \d+\.\d+\.\d+")
        self.assertRegex(log, r"instructions (portable|avx2|avx512), blas \S")
        self.assertEqual(log.count("listening on http://"), 1)

    def execution(self, **options):
        """What a convolution's answer says of how it was computed, and the log."""
        body = {"layer": "Conv1D(1, 1)", "input": [[[2]]], "weights": [[[[3]]], [1]]}
        with Server(**options) as server:
            response = once(server, "POST", "/v1/convolve", json.dumps(body).encode())
        self.assertEqual(response.status, 200, response)
        return response.json()["execution"], "\n".join(server.log)

    def test_the_answer_tells_the_threads_of_a_layer(self):
        execution, log = self.execution()
        self.assertIn(f", {execution['threads']} threads", log)

    def test_instructions_can_be_capped(self):
        execution, log = self.execution(environment={"CONVSCOPE_ISA": "portable"})
        self.assertEqual(execution["isa"], "portable")
        self.assertIn("instructions portable,", log)
        self.assertNotIn("CONVSCOPE_ISA", log)

    def test_instructions_that_the_cpu_lacks_are_noted(self):
        execution, log = self.execution(environment={"CONVSCOPE_ISA": "avx512"})
        lacks = execution["isa"] != "avx512"
        note = f"advice: CONVSCOPE_ISA=avx512, but this CPU has no more than {execution['isa']}"
        self.assertEqual(note in log, lacks, log)

    def test_unknown_instructions_are_wrong_usage(self):
        ended = run("serve", "--listen", "127.0.0.1:0", environment={"CONVSCOPE_ISA": "avx3"})
        self.assertEqual(ended.returncode, 2)
        self.assertIn("CONVSCOPE_ISA=avx3: expected portable, avx2 or avx512", ended.stderr)

    def test_health(self):
        with Server() as server:
            self.assertEqual(run("health", server.url).returncode, 0)
            self.assertEqual(run("health", server.url + "/").returncode, 0)
        gone = run("health", server.url)
        self.assertEqual(gone.returncode, 1)
        self.assertIn("Connection refused", gone.stderr)

    def test_usage(self):
        for arguments in (
            (),
            ("nonsense",),
            ("serve", "--nonsense"),
            ("serve", "extra"),
            ("serve", "--listen", "8080"),
            ("serve", "--threads", "0"),
            ("serve", "--max-body", "lots"),
            ("serve", "--drain", "-1"),
            ("serve", "--listen"),
            ("health", "ftp://x"),
            ("help", "nonsense"),
        ):
            ended = run(*arguments)
            self.assertEqual(ended.returncode, 2, arguments)
            self.assertEqual(ended.stdout, "")
            self.assertIn("help", ended.stderr, arguments)

    def test_help_and_version(self):
        for arguments in (("help",), ("--help",), ("help", "serve"), ("serve", "--help"), ("health", "--help")):
            ended = run(*arguments)
            self.assertEqual(ended.returncode, 0, arguments)
            self.assertTrue(ended.stdout.startswith("usage: convscope "), arguments)
        self.assertEqual(run("version").stdout, run("--version").stdout)
        self.assertRegex(run("version").stdout, r"^convscope \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    unittest.main()
