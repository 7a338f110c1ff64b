"""Keys: who shows one is answered, who does not learns nothing; they can change while the server serves."""

import hashlib
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import tempfile
import unittest

from client import PATIENCE, Connection, assert_problem, once, request
from server import Server, run

BODY = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4]}).encode()
PLAIN, INVALID = 'Bearer realm="convscope"', 'Bearer realm="convscope", error="invalid_token"'


def line(name, key):
    return f"{name}:sha256:{hashlib.sha256(key.encode()).hexdigest()}\n"


def bearer(key, scheme="Bearer"):
    return [("Authorization", f"{scheme} {key}")]


class Keys(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.file = pathlib.Path(directory.name) / "keys"
        self.alice, self.bob = secrets.token_urlsafe(32), secrets.token_hex(32)
        self.file.write_text("# who may ask\n" + line("alice", self.alice) + line("bob", self.bob))

    def server(self, *arguments, **settings):
        server = Server("--api-keys", str(self.file), *arguments, **settings)
        self.addCleanup(server.kill)
        return server

    def refused(self, response, challenge=PLAIN, code="missing-api-key", media_type="application/problem+json"):
        assert_problem(self, response, 401, code, media_type)
        self.assertEqual(response.header("www-authenticate"), challenge)

    def test_who_is_answered(self):
        with self.server() as server, Connection(server) as connection:
            for headers in (
                bearer(self.alice),
                bearer(self.bob),
                bearer(self.bob, "bEaReR"),
                bearer(self.bob + " \t", "Bearer "),
                [("X-API-Key", self.alice)],
                [("x-api-key", f"  {self.bob} ")],
                [("Authorization", "Basic YTpi"), ("X-API-Key", self.alice)],
                [("X-API-Key", "of a proxy"), *bearer(self.alice)],
                [*bearer(self.alice), ("X-API-Key", "of a proxy")],
            ):
                response = connection.request("POST", "/v1/shape", BODY, headers)
                self.assertEqual(response.status, 200, (headers, response))

    def test_who_is_not(self):
        with self.server() as server, Connection(server) as connection:
            for headers in ([], [("Authorization", "Basic YTpi")], [("Authorization", self.alice)],
                            [("Authorization", "Bearer")], [("Authorization", "Bearer" + self.alice)],
                            [("Cookie", f"key={self.alice}")]):
                self.refused(connection.request("POST", "/v1/shape", BODY, headers))
            for key in ("x", self.alice[:-1], self.alice + "x", self.alice.swapcase(), f"{self.alice},{self.bob}", "alice",
                        hashlib.sha256(self.alice.encode()).hexdigest(), "x" * 10000):
                for headers in (bearer(key), [("X-API-Key", key)]):
                    self.refused(connection.request("POST", "/v1/shape", BODY, headers), INVALID, "unknown-api-key")
            self.refused(connection.request("POST", "/v1/shape", BODY, [("X-API-Key", "")]), INVALID, "unknown-api-key")
            self.refused(once(server, "POST", f"/v1/shape?key={self.alice}", BODY))

    def test_two_of_a_header_are_refused(self):
        with self.server() as server:
            for name, value in (("Authorization", f"Bearer {self.alice}"), ("X-API-Key", self.alice)):
                response = once(server, "GET", "/v1/rules", headers=[(name, value)] * 2)
                assert_problem(self, response, 400, f"duplicate-{name.lower()}")

    def test_what_is_open_and_what_is_not(self):
        with self.server() as server, Connection(server) as connection:
            for path in ("/healthz", "/readyz", "/v2/health/live", "/v2/health/ready/", "/docs", "/docs.css",
                         "/openapi.json", "/openapi.yaml", "/"):
                self.assertEqual(connection.request("GET", path).status, 200, path)
                self.assertEqual(connection.request("HEAD", path).status, 200, path)
            self.assertEqual(connection.request("OPTIONS", "/v1/convolve").status, 204)
            self.assertEqual(connection.request("OPTIONS", "*").status, 204)
            self.assertEqual(connection.request("OPTIONS", "/").status, 200)
            assert_problem(self, connection.request("POST", "/healthz", b"{}"), 405)
            for path in ("/metrics", "/v1/rules", "/docs/", "/nowhere", "/v1/shape"):
                self.refused(connection.request("GET", path))
            for path in ("/v2", "/v2/models/convolve", "/v2/nowhere"):
                self.refused(connection.request("GET", path), media_type="application/json")
            self.assertEqual(connection.request("GET", "/metrics", headers=bearer(self.bob)).status, 200)
            assert_problem(self, connection.request("GET", "/nowhere", headers=bearer(self.bob)), 404)

    def test_pages_of_other_origins(self):
        """A browser asks without the key whether it may send one, and shows the page why it was refused."""
        origin = ("Origin", "https://example.org")
        with self.server("--cors-origin", origin[1]) as server, Connection(server) as connection:
            asked = connection.request("OPTIONS", "/v1/shape", headers=[origin, ("Access-Control-Request-Method", "POST"),
                                       ("Access-Control-Request-Headers", "authorization")])  # fmt: skip
            self.assertEqual(asked.status, 204)
            allowed = asked.header("access-control-allow-headers").split(", ")
            self.assertLessEqual({"Authorization", "X-API-Key"}, set(allowed))
            refused = connection.request("POST", "/v1/shape", BODY, [origin])
            self.refused(refused)
            self.assertEqual(refused.header("access-control-allow-origin"), origin[1])
            self.assertIn("WWW-Authenticate", refused.header("access-control-expose-headers"))

    def test_refusals_are_counted(self):
        with self.server() as server, Connection(server) as connection:
            connection.request("POST", "/v1/shape", BODY)
            metrics = connection.request("GET", "/metrics", headers=bearer(self.bob)).body.decode()
            self.assertIn('convscope_http_requests_total{route="/v1/shape",method="POST",status="401"} 1', metrics)

    def test_a_long_body_is_not_waited_for(self):
        with self.server() as server, Connection(server) as connection:
            connection.send(request("POST", "/v1/convolve", headers=[("Content-Length", 60 << 20)]))
            self.refused(connection.response("POST"))
            self.assertTrue(connection.closed())

    def test_many_lines_need_a_key_too(self):
        headers = [("Content-Type", "application/x-ndjson")]
        with self.server() as server:
            self.refused(once(server, "POST", "/v1/shape", BODY + b"\n" + BODY, headers))
            response = once(server, "POST", "/v1/shape", BODY + b"\n" + BODY, headers + bearer(self.alice))
            self.assertEqual(len(response.body.splitlines()), 2)

    def test_they_change_on_sighup(self):
        server = self.server()
        asked = lambda key: once(server, "GET", "/v1/rules", headers=bearer(key)).status  # noqa: E731
        with Connection(server) as old:
            self.assertEqual(old.request("GET", "/v1/rules", headers=bearer(self.alice)).status, 200)
            carol = secrets.token_hex(32)
            self.file.write_text(line("bob", self.bob) + line("carol", carol) + line("dave", "d"))
            self.assertEqual((asked(self.alice), asked(carol)), (200, 401))
            server.signal(signal.SIGHUP)
            server.wait_for_log(f"3 keys in {self.file}")
            self.assertEqual((asked(self.alice), asked(self.bob), asked(carol)), (401, 200, 200))
            self.assertEqual(old.request("GET", "/v1/rules", headers=bearer(self.alice)).status, 401)
        self.file.write_text(line("carol", carol) + "broken\n")
        server.signal(signal.SIGHUP)
        server.wait_for_log(f"the keys stay as they were: {self.file}: line 2 does not begin with a name")
        self.file.unlink()
        server.signal(signal.SIGHUP)
        server.wait_for_log(f"the keys stay as they were: {self.file}: cannot be read")
        self.assertEqual((asked(self.alice), asked(self.bob), asked(carol)), (401, 200, 200))
        server.stop()

    def test_sighup_without_keys_ends_nothing(self):
        with Server() as server:
            server.signal(signal.SIGHUP)
            server.wait_for_log("SIGHUP: there is nothing to read again")
            self.assertEqual(once(server, "GET", "/healthz").status, 200)

    def test_the_manager_is_told_of_a_reload(self):
        told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(told.close)
        told.settimeout(PATIENCE)
        told.bind(str(self.file.parent / "notify"))
        with self.server(environment={"NOTIFY_SOCKET": told.getsockname()}) as server:
            self.assertEqual(told.recv(200), b"READY=1")
            server.signal(signal.SIGHUP)
            self.assertRegex(told.recv(200), rb"\ARELOADING=1\nMONOTONIC_USEC=[0-9]+\Z")
            self.assertEqual(told.recv(200), b"READY=1")

    def test_files_that_will_not_do(self):
        for text, mode, reason in (("", 0o600, "has no key"), ("x", 0o600, "line 1"), (line("a", "b"), 0o602, "others may change it")):
            self.file.write_text(text)
            os.chmod(self.file, mode)
            ended = run("serve", "--listen", "127.0.0.1:0", "--api-keys", str(self.file))
            self.assertEqual(ended.returncode, 1)
            self.assertIn(f"{self.file}: ", ended.stderr)
            self.assertIn(reason, ended.stderr)
        self.assertIn("cannot be read", run("serve", "--listen", "127.0.0.1:0", "--api-keys", "/nowhere").stderr)

    def test_a_key_that_is_made_is_known(self):
        made = run("keys", "new", "carol")
        key = made.stderr.strip()
        self.assertRegex(key, r"\Aconvscope_[0-9a-f]{64}\Z")
        self.assertEqual(made.stdout, line("carol", key))
        self.file.write_text(made.stdout)
        with self.server() as server:
            self.assertEqual(once(server, "GET", "/v1/rules", headers=bearer(key)).status, 200)
            self.assertIn("1 keys in", "\n".join(server.log))
            self.assertIsNone(re.search("[0-9a-f]{64}", "\n".join(server.log)))

    def test_how_keys_are_not_made(self):
        for words in ((), ("new",), ("new", "a b"), ("new", ""), ("new", "a", "b"), ("old", "a"), ("new", "x" * 65)):
            ended = run("keys", *words)
            self.assertEqual((ended.returncode, ended.stdout), (2, ""), words)
        self.assertIn("usage: convscope keys new NAME", run("keys", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
