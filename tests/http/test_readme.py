"""The README's commands give the answers that the README prints."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import npy
from client import once
from server import PATIENCE, Server

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
ADDRESS = "http://127.0.0.1:8080"
EXAMPLE = re.compile(r"```sh\n((?:curl|printf) .*?)```\n(?:\n```json\n(.*?)\n```\n)?", re.S)


def examples():
    """Pairs of a command that asks a server and its printed answer, or ""."""
    found = EXAMPLE.findall(README.read_text(encoding="utf-8"))
    return [(command, printed) for command, printed in found if ADDRESS in command]


def run(server, command, folder=None):
    """What the command prints, as the shell runs it in `folder`."""
    command = command.replace(ADDRESS, server.url).replace("curl ", "curl --silent --show-error ")
    shell = ["bash", "-c", command]
    done = subprocess.run(shell, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=folder)
    assert done.returncode == 0 and not done.stderr, done
    return done.stdout


class Readme(unittest.TestCase):
    def test_commands_answer_as_printed(self):
        self.assertGreaterEqual(len([printed for _, printed in examples() if printed]), 3)
        with Server() as server:
            for command, printed in examples():
                if " -o " in command:
                    continue  # it prints nothing: test_the_answer_is_a_file
                with self.subTest(command=command[:80]):
                    answer = run(server, command)
                    if printed:
                        self.assertEqual(answer, printed)
                    else:
                        self.assertTrue(answer)
                        self.assertFalse([line for line in answer.splitlines() if "status" in json.loads(line)])

    def test_the_answer_is_a_file(self):
        (command,) = [command for command, _ in examples() if " -o " in command]
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            files = {"x": ((1, 4, 1), [1, 2, 3, 4]), "kernel": ((2, 1, 1), [1, 10]), "bias": ((1,), [100])}
            for name, (shape, numbers) in files.items():
                pathlib.Path(folder, f"{name}.npy").write_bytes(npy.write(shape, numbers))
            self.assertEqual(run(server, command, folder), "")
            shape, descr, _, numbers, _ = npy.read(pathlib.Path(folder, "y.npy").read_bytes())
        self.assertEqual((shape, descr), ((1, 3, 1), "<f4"))
        self.assertEqual(numbers, npy.write((3,), [121, 132, 143])[-12:])

    def test_filter_sevens_map_has_296_numbers(self):
        (command,) = [command for command, _ in examples() if '"filters": [7]' in command]
        with Server() as server:
            answer = json.loads(run(server, command))
        self.assertEqual(answer["feature_maps"][0]["filter"], 7)
        self.assertEqual(len(answer["feature_maps"][0]["data"]), 296)

    def test_the_output_of_the_inference_request_is_the_one_told(self):
        (command,) = [command for command, _ in examples() if "/v2/" in command]
        with Server() as server:
            answer = json.loads(run(server, command))
        output = json.dumps(answer["outputs"][0], separators=(",", ":"))
        self.assertIn(f"The answer's `outputs[0]` is `{output}`", README.read_text(encoding="utf-8"))

    def test_the_table_of_rules_is_the_programs(self):
        with Server() as server:
            rules = once(server, "GET", "/v1/rules").json()["rules"]
        text = README.read_text(encoding="utf-8")
        for rule in rules:
            level = rule["level"] + ("" if rule["on_by_default"] else ", off by default")
            self.assertIn(f"| {rule['id']} {rule['name']} | {level} | {rule['title']} |", text)


if __name__ == "__main__":
    unittest.main()
