"""docker/README.md: what it asks is answered, and its files and folders are there."""

import json
import re
import subprocess
import unittest

from server import PATIENCE, ROOT, Server

README = ROOT / "docker" / "README.md"
TEXT = README.read_text("utf-8")
# A command and its lines, which end with its quotes; where it asks.
CURL = re.compile(r"^curl (?:'[^']*'|[^'\n])*", re.M)
SERVER = re.compile(r"http://(127\.0\.0\.1:8080|\$HOST)(?=/)")


class Examples(unittest.TestCase):
    def test_what_is_asked_is_answered(self):
        asked = [command for command in CURL.findall(TEXT) if SERVER.search(command)]
        self.assertEqual(len(asked), 3)
        with Server() as server:
            for command in asked:
                command = SERVER.sub(server.url, command).replace("curl ", "curl --silent --show-error --fail-with-body ")
                done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=PATIENCE, check=False)
                with self.subTest(command):
                    self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
                    json.loads(done.stdout)

    def test_its_folders_are_there(self):
        for name in re.findall(r"\bdocker/[\w./*-]+", TEXT):
            self.assertTrue(list(ROOT.glob(name)), name)


if __name__ == "__main__":
    unittest.main()
