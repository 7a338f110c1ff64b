"""Shell scripts pass shellcheck, and C is formatted."""

import re
import shutil
import subprocess
import unittest

from tree import ROOT, files, short

SHELL = re.compile(rb"#!.*\b(?:ba)?sh\b|# shellcheck shell=")


def scripts():
    for path in files():
        with path.open("rb") as file:
            if SHELL.match(file.readline()):
                yield short(path)


def run(command, names):
    done = subprocess.run([*command, *names], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    return done.stdout + done.stderr, done.returncode


class Style(unittest.TestCase):
    @unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is not installed")
    def test_shellcheck_finds_nothing(self):
        names = list(scripts())
        self.assertIn("tests/run", names)
        self.assertIn("server/packages.sh", names)
        printed, status = run(["shellcheck", "--external-sources"], names)
        self.assertEqual(status, 0, printed)

    def test_c_is_formatted(self):
        if not shutil.which("clang-format"):
            self.skipTest("clang-format is not installed")
        version = run(["clang-format", "--version"], [])[0]
        if " 14." not in version:
            self.skipTest(f"only clang-format 14 breaks lines as clang-format 14 does; this is {version.strip()}")
        printed, status = run(["clang-format", "--dry-run", "-Werror"], map(short, files(".c", ".h")))
        self.assertEqual(status, 0, printed)


if __name__ == "__main__":
    unittest.main()
