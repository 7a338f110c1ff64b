"""Requests that are folders of data: cases/AREA/NAME/ with what is sent and what must come back.

What is sent, one of
    request.json        the body, byte for byte
    request.raw         the same, for bodies that are not JSON
    request.parts.json  [[text, times], ...]: a body too long to be kept as a file
What must come back: expect.json
    path     where to send it
    status   the status code
    method   default POST
    headers  [[name, value], ...] to send besides
    pointer  errors[0].pointer, a JSON pointer into the request
    code     errors[0].code
    says     a piece of text, or several, that the detail holds
    answer   for a status of 200: members that the answer has, compared deeply where they are objects
Every status from 400 on must be an RFC 9457 problem, and the same server must go on answering.
"""

import json
import pathlib
import unittest

from client import Connection, assert_problem
from one_server import OneServer

CASES = pathlib.Path(__file__).resolve().parent / "cases"


def body_of(folder):
    for name in ("request.json", "request.raw"):
        if (folder / name).exists():
            return (folder / name).read_bytes()
    parts = json.loads((folder / "request.parts.json").read_text("utf-8"))
    return b"".join(text.encode() * times for text, times in parts)


class Cases(OneServer):
    def check(self, folder):
        expect = json.loads((folder / "expect.json").read_text("utf-8"))
        unknown = set(expect) - {"path", "status", "method", "headers", "pointer", "code", "says", "answer"}
        self.assertFalse(unknown, "members of expect.json that mean nothing")
        with Connection(self.server) as connection:
            response = connection.request(
                expect.get("method", "POST"), expect["path"], body_of(folder), expect.get("headers", ())
            )
        self.assertEqual(response.status, expect["status"], response)
        if response.status >= 400:
            self.check_problem(response, expect)
        else:
            self.contains(response.json(), expect.get("answer", {}), "")
        with Connection(self.server) as connection:
            self.assertEqual(connection.request("GET", "/healthz").status, 200)

    def check_problem(self, response, expect):
        # KServe's client reads no other type (test_inference.py).
        media_type = "application/json" if expect["path"].startswith("/v2/") else "application/problem+json"
        assert_problem(self, response, expect["status"], expect.get("code"), media_type)
        problem = response.json()
        if "pointer" in expect:
            self.assertEqual(problem["errors"][0]["pointer"], expect["pointer"], problem)
        says = expect.get("says", [])
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, problem["detail"])

    def contains(self, answer, expected, pointer):
        if isinstance(expected, dict):
            self.assertIsInstance(answer, dict, pointer)
            for name, value in expected.items():
                self.assertIn(name, answer, pointer)
                self.contains(answer[name], value, f"{pointer}/{name}")
        else:
            self.assertEqual(answer, expected, pointer)


def add_case(folder):
    def test(self):
        self.check(folder)

    test.__doc__ = f"cases/{folder.parent.name}/{folder.name}"
    name = f"test_{folder.parent.name}_{folder.name}".replace("-", "_")
    assert not hasattr(Cases, name), name
    setattr(Cases, name, test)


for expectation in sorted(CASES.glob("*/*/expect.json")):
    add_case(expectation.parent)


if __name__ == "__main__":
    unittest.main()
