"""The README's commands give the answers that the README prints."""

import json
import pathlib
import re
import shlex
import unittest

from client import once
from server import Server

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
EXAMPLE = re.compile(r"```sh\n(curl .*?)```\n(?:\n```json\n(.*?)\n```\n)?", re.S)


def parse(command):
    """The path and the body of `curl URL -d BODY`."""
    words = shlex.split(command)
    assert words[0] == "curl" and words[2] == "-d" and len(words) == 4, words
    return words[1].removeprefix("http://127.0.0.1:8080"), words[3].encode()


class Readme(unittest.TestCase):
    def test_commands_answer_as_printed(self):
        examples = EXAMPLE.findall(README.read_text(encoding="utf-8"))
        self.assertGreaterEqual(len([answer for _, answer in examples if answer]), 3)
        with Server() as server:
            for command, printed in examples:
                with self.subTest(command=command[:80]):
                    path, body = parse(command)
                    answer = once(server, "POST", path, body)
                    if printed:
                        self.assertEqual(answer.body.decode(), printed)
                    else:
                        self.assertEqual(answer.status, 200, answer.body)

    def test_filter_sevens_map_has_296_numbers(self):
        (body,) = [parse(c)[1] for c, _ in EXAMPLE.findall(README.read_text(encoding="utf-8")) if "convolve" in c]
        with Server() as server:
            answer = json.loads(once(server, "POST", "/v1/convolve", body).body)
        self.assertEqual(answer["feature_maps"][0]["filter"], 7)
        self.assertEqual(len(answer["feature_maps"][0]["data"]), 296)

    def test_the_table_of_rules_is_the_programs(self):
        with Server() as server:
            rules = once(server, "GET", "/v1/rules").json()["rules"]
        text = README.read_text(encoding="utf-8")
        for rule in rules:
            if rule["scope"] == "layer":
                level = rule["level"] + ("" if rule["on_by_default"] else ", off by default")
                self.assertIn(f"| {rule['id']} {rule['name']} | {level} | {rule['title']} |", text)


if __name__ == "__main__":
    unittest.main()
