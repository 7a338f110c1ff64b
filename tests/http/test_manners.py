"""Headers that browsers go by: those of every answer, and what pages of other origins may read (CORS)."""

import json
import unittest

from busy import LONG_ANSWER, SMALL
from client import Connection, once, request
from server import Server, run

SHAPE = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4]}).encode()
PAGE, OTHER, STRANGER = "https://example.org", "http://localhost:3000", "https://example.com"
STANDING = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
# Answers of every making: endpoints, refusals, bodies written while they are sent, lines, what the server says of itself.
ASKED = (
    ("GET", "/healthz", None, 200),
    ("HEAD", "/healthz", None, 200),
    ("POST", "/v1/shape", SHAPE, 200),
    ("POST", "/v1/shape", b"{", 400),
    ("POST", "/v1/convolve", SMALL, 200),
    ("POST", "/v1/convolve", LONG_ANSWER, 200),
    ("GET", "/v2/models/none", None, 404),
    ("GET", "/metrics", None, 200),
    ("GET", "/none", None, 404),
    ("DELETE", "/healthz", None, 405),
    ("OPTIONS", "/healthz", None, 204),
)


def vary(response):
    return {name.strip().lower() for name in (response.header("vary") or "").split(",") if name.strip()}


def granted(response):
    return {name: value for name, value in response.headers if name.startswith("access-control-")}


def preflight(server, path, origin, method="POST"):
    asked = [("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "content-type")]
    return once(server, "OPTIONS", path, headers=asked)


class Standing(unittest.TestCase):
    def test_every_answer_has_them(self):
        with Server() as server:
            answers = [once(server, method, path, body) for method, path, body, _ in ASKED]
            lines = once(server, "POST", "/v1/shape", SHAPE + b"\n" + SHAPE, [("Content-Type", "application/x-ndjson")])
            with Connection(server) as connection:
                connection.send(b"GET /healthz HTTP/1.1\r\n\r\n")
                answers += [connection.response(), lines]
            self.assertEqual([answer.status for answer in answers], [status for *_, status in ASKED] + [400, 200])
            for answer in answers:
                self.assertEqual({name: answer.header(name) for name in STANDING}, STANDING, answer)
                self.assertEqual(granted(answer), {})

    def test_of_one_that_came_too_slowly(self):
        with Server("--head-timeout", "1") as server, Connection(server) as connection:
            connection.send(request("POST", "/v1/shape", SHAPE)[:-1])
            answer = connection.response()
        self.assertEqual(answer.status, 408)
        self.assertEqual({name: answer.header(name) for name in STANDING}, STANDING)

    def test_files_may_be_kept_and_asked_about(self):
        with Server() as server:
            answer = once(server, "GET", "/openapi.json")
            self.assertEqual(answer.header("cache-control"), "no-cache")
            self.assertEqual(answer.header("x-content-type-options"), "nosniff")
            again = once(server, "GET", "/openapi.json", headers=[("If-None-Match", answer.header("etag"))])
            self.assertEqual((again.status, again.body, again.header("etag")), (304, b"", answer.header("etag")))


class Origins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--cors-origin", f"https://elsewhere.test,{PAGE}", "--cors-origin", OTHER)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def test_answers_to_pages_that_may_read_them(self):
        for method, path, body, status in ASKED:
            for origin in (PAGE, OTHER):
                answer = once(self.server, method, path, body, [("Origin", origin)])
                self.assertEqual(answer.status, status)
                self.assertEqual(answer.header("access-control-allow-origin"), origin)
                self.assertIn("X-Request-Id", answer.header("access-control-expose-headers").split(", "))
                self.assertIn("Convscope-Shape", answer.header("access-control-expose-headers").split(", "))
                self.assertNotIn("access-control-allow-credentials", granted(answer))
                self.assertIn("origin", vary(answer))

    def test_answers_to_all_others(self):
        for method, path, body, status in ASKED:
            for origin in ([STRANGER], ["null"], [], [PAGE + ".evil.test"], [PAGE, PAGE], ["*"]):
                answer = once(self.server, method, path, body, [("Origin", one) for one in origin])
                self.assertEqual((answer.status, granted(answer)), (status, {}))
                self.assertIn("origin", vary(answer))

    def test_compressed_answers_vary_by_both(self):
        answer = once(self.server, "POST", "/v1/shape", SHAPE, [("Origin", PAGE), ("Accept-Encoding", "gzip")])
        self.assertEqual(vary(answer), {"origin", "accept-encoding"})

    def test_preflights(self):
        for path, methods in (
            ("/v1/shape", {"POST", "OPTIONS"}),
            ("/v2/models/convolve/infer", {"POST", "OPTIONS"}),
            ("/v1/rules", {"GET", "HEAD", "OPTIONS"}),
        ):
            answer = preflight(self.server, path, PAGE)
            self.assertEqual((answer.status, answer.body), (204, b""))
            self.assertEqual(answer.header("access-control-allow-origin"), PAGE)
            self.assertEqual(set(answer.header("access-control-allow-methods").split(", ")), methods)
            taken = {name.strip().lower() for name in answer.header("access-control-allow-headers").split(",")}
            self.assertLessEqual({"content-type", "content-encoding", "x-request-id", "traceparent"}, taken)
            self.assertGreater(int(answer.header("access-control-max-age")), 600)
            self.assertNotIn("access-control-allow-credentials", granted(answer))
            self.assertIn("origin", vary(answer))

    def test_preflights_of_strangers_grant_nothing(self):
        answer = preflight(self.server, "/v1/shape", STRANGER)
        self.assertEqual((answer.status, granted(answer)), (204, {}))

    def test_where_options_has_an_answer_of_its_own_a_preflight_has_leave_too(self):
        answer = preflight(self.server, "/", PAGE, "GET")
        self.assertEqual((answer.status, answer.header("access-control-allow-origin")), (200, PAGE))
        self.assertIn("access-control-allow-headers", granted(answer))

    def test_there_is_nothing_to_ask_for_at_unknown_paths(self):
        self.assertEqual(preflight(self.server, "/none", PAGE).status, 404)


class Everybody(unittest.TestCase):
    def test_a_star_is_for_all_alike(self):
        with Server("--cors-origin", "*") as server:
            answer = once(server, "POST", "/v1/shape", SHAPE, [("Origin", STRANGER)])
            self.assertEqual(answer.header("access-control-allow-origin"), "*")
            self.assertNotIn("access-control-allow-credentials", granted(answer))
            self.assertEqual(vary(answer), {"accept-encoding"})
            self.assertEqual(preflight(server, "/v1/shape", "null").header("access-control-allow-origin"), "*")
            self.assertEqual(granted(once(server, "GET", "/healthz")), {})

    def test_nobody_is_the_default(self):
        with Server() as server:
            answer = preflight(server, "/v1/shape", PAGE)
            self.assertEqual((answer.status, granted(answer), vary(answer)), (204, {}, set()))

    def test_origins_that_none_can_be(self):
        for origin, why in (("example.org", "begin with its scheme"), (PAGE + "/", "without a slash")):
            ended = run("serve", "--cors-origin", origin)
            self.assertEqual(ended.returncode, 2)
            self.assertIn(f"'{origin}' is no origin", ended.stderr)
            self.assertIn(why, ended.stderr)


if __name__ == "__main__":
    unittest.main()
