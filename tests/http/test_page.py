"""GET /: the page and its files, or the documentation where the program was built without it."""

import re
import unittest

from client import Connection, assert_problem, once
from one_server import OneServer

LASTS = "public, max-age=31536000, immutable"


class Page(OneServer):
    """Both kinds of build."""

    def test_the_first_page_is_one(self):
        response = once(self.server, "GET", "/")
        self.assertEqual((response.status, response.header("content-type")), (200, "text/html; charset=utf-8"))
        self.assertEqual(response.header("cache-control"), "no-cache")
        self.assertEqual(response.header("cross-origin-opener-policy"), "same-origin")
        policy = response.header("content-security-policy")
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(once(self.server, "HEAD", "/").header("etag"), response.header("etag"))

    def test_a_file_that_there_is_not(self):
        for path in ("/assets/", "/assets/nothing.js", "/assets/../index.html", "/assets", "/index.html",
                     "/assets/a/b.js", "/assets/" + "x" * 100):
            assert_problem(self, once(self.server, "GET", path), 404, "not-found")

    def test_other_methods(self):
        assert_problem(self, once(self.server, "POST", "/assets/x.js", b"{}"), 405, "method-not-allowed")


class Files(OneServer):
    """What the page is made of."""

    def setUp(self):
        self.page = once(self.server, "GET", "/").body.decode("utf-8")
        self.files = re.findall(r'(?:src|href)="(/assets/[^"]+)"', self.page)
        if not self.files:
            self.skipTest("the program was built without the page")

    def test_each_is_there_for_good_and_of_its_type(self):
        types = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
        self.assertEqual({name.rpartition(".")[2] for name in self.files}, set(types))
        for name in self.files:
            response = once(self.server, "GET", name)
            self.assertEqual((response.status, response.header("content-type")), (200, types[name.rpartition(".")[2]]))
            self.assertEqual(response.header("cache-control"), LASTS)
            self.assertEqual(once(self.server, "GET", name, None, [("If-None-Match", response.header("etag"))]).status, 304)

    def test_who_comes_back_gets_the_same_policy(self):
        for name in ("/", "/docs"):
            first = once(self.server, "GET", name)
            again = once(self.server, "GET", name, None, [("If-None-Match", first.header("etag"))])
            self.assertEqual(again.status, 304)
            policy = "content-security-policy"
            self.assertEqual(again.header(policy), first.header(policy))

    def test_they_are_sent_short(self):
        script = next(name for name in self.files if name.endswith(".js"))
        with Connection(self.server) as connection:
            sizes = {}
            for coding in ("identity", "gzip", "zstd"):
                response = connection.request("GET", script, None, [("Accept-Encoding", coding)])
                self.assertEqual(response.header("content-encoding") or "identity", coding)
                sizes[coding] = len(response.body)
        self.assertLess(max(sizes["gzip"], sizes["zstd"]) * 2, sizes["identity"])

    def test_the_page_may_run_its_script_and_ask_this_server(self):
        policy = once(self.server, "GET", "/").header("content-security-policy")
        for rule in ("script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"):
            self.assertIn(rule, policy)


if __name__ == "__main__":
    unittest.main()
