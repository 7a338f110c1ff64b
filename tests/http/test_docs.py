"""/docs: a page without scripts whose links lead somewhere, which says all that the contract does and whose commands run."""

import html.parser
import json
import subprocess
import unittest

from client import once
from contract import CONTRACT
from one_server import OneServer
from server import PATIENCE
from test_openapi import operations, steady

VOID = ("meta", "link", "br", "hr", "img")
# The elements whose text is looked at.
PIECES = ("pre", "dt", "h3")
ADDRESS = "http://127.0.0.1:8080"


class Page(html.parser.HTMLParser):
    """What a page consists of. HTML lets some elements be left open; here each has to be closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.links = [], [], [], []
        self.pieces, self.piece = [], None
        self.feed(text)
        self.close()
        assert not self.open, f"{self.open} are not closed"

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)
        if tag in PIECES:
            self.piece = ""

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> at {self.getpos()} closes another element"
        if tag in PIECES:
            self.pieces.append((tag, self.piece))
            self.piece = None

    def handle_data(self, data):
        if self.piece is not None:
            self.piece += data

    def texts(self, tag):
        return [text for kind, text in self.pieces if kind == tag]


class Docs(OneServer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.response = once(cls.server, "GET", "/docs")
        cls.page = Page(cls.response.body.decode("utf-8"))

    def test_it_needs_nothing_from_elsewhere(self):
        policy = dict(rule.split(" ", 1) for rule in self.response.header("content-security-policy").split("; "))
        self.assertEqual((policy["default-src"], policy["style-src"]), ("'none'", "'self'"))
        self.assertNotIn("script-src", policy)
        self.assertFalse({"script", "style", "iframe", "form", "object"} & set(self.page.tags))
        files = {link for link in self.page.links if not link.startswith("#")} - {"data:,"}
        self.assertEqual(files, {"docs.css", "openapi.json", "openapi.yaml"})
        for name in files:
            self.assertEqual(once(self.server, "GET", f"/{name}").status, 200)
        style = once(self.server, "GET", "/docs.css")
        self.assertEqual(style.header("content-type"), "text/css; charset=utf-8")
        for elsewhere in (b"url(", b"@import", b"http"):
            self.assertNotIn(elsewhere, style.body)

    def test_links_lead_to_one_place(self):
        self.assertEqual(len(self.page.ids), len(set(self.page.ids)))
        for link in self.page.links:
            if link.startswith("#"):
                self.assertIn(link[1:], self.page.ids)

    def test_everything_is_there(self):
        schemas = CONTRACT.document["components"]["schemas"]
        for path, method, operation in operations():
            self.assertIn(operation["operationId"], self.page.ids)
            self.assertIn(f"{method} {path}", self.page.texts("h3"))
        told = {text.split(" ")[0] for text in self.page.texts("dt")}
        for name, schema in schemas.items():
            self.assertIn(f"schema-{name}", self.page.ids)
            self.assertLessEqual(set(schema.get("properties", ())), told)
        self.assertNotIn(b"(null)", self.response.body)

    def test_commands_answer_as_shown(self):
        blocks, compared = self.page.texts("pre"), 0
        for command, shown in zip(blocks, blocks[1:]):
            if not command.startswith("curl "):
                continue
            command = command.replace(ADDRESS, self.server.url).replace("curl ", "curl --silent --show-error ", 1)
            done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=PATIENCE, check=True)
            self.assertEqual(steady(json.loads(done.stdout)), steady(json.loads(shown)), command)
            compared += 1
        self.assertGreater(compared, 10)


if __name__ == "__main__":
    unittest.main()
