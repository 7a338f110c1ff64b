"""server/openapi.yaml in other people's hands: Redocly finds nothing to say, and a client can be generated that compiles."""

import pathlib
import shutil
import subprocess
import unittest

from node_tools import MINUTES, install

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONTRACT = ROOT / "server" / "openapi.yaml"
# Where the tools are installed, once.
TOOLS = ROOT / "build" / "node"


def missing():
    return install(HERE, TOOLS)


def run(tool, *arguments):
    """What the tool prints, and its exit status."""
    command = [str(TOOLS / "node_modules" / ".bin" / tool), *map(str, arguments)]
    done = subprocess.run(command, cwd=TOOLS, capture_output=True, text=True, timeout=60 * MINUTES, check=False)
    return done.stdout + done.stderr, done.returncode


class Tools(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        reason = missing()
        if reason:
            raise unittest.SkipTest(reason)

    def lint(self, contract):
        return run("redocly", "lint", contract, "--config", HERE / "redocly.yaml")

    def test_redocly_finds_nothing(self):
        printed, status = self.lint(CONTRACT)
        self.assertEqual(status, 0, printed)
        self.assertNotIn("Warning", printed)

    def test_redocly_looks(self):
        broken = TOOLS / "broken.yaml"
        broken.write_text(CONTRACT.read_text("utf-8").replace("operationId: solve", "operationId: shape"), "utf-8")
        printed, status = self.lint(broken)
        self.assertEqual(status, 1, printed)
        self.assertIn("operation-operationId-unique", printed)

    def test_a_client_in_typescript(self):
        printed, status = run("openapi-typescript", CONTRACT, "--default-non-nullable", "false", "-o", TOOLS / "contract.ts")
        self.assertEqual(status, 0, printed)
        shutil.copy(HERE / "client.ts", TOOLS)
        printed, status = run("tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "client.ts")
        self.assertEqual((status, printed), (0, ""))


if __name__ == "__main__":
    unittest.main()
