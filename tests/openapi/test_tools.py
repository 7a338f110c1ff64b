"""server/openapi.yaml in other people's hands: Redocly finds nothing to say, and a client can be generated that compiles."""

import json
import pathlib
import shutil
import subprocess
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONTRACT = ROOT / "server" / "openapi.yaml"
# Where the tools are installed, once; and how long that may take.
TOOLS = ROOT / "build" / "node"
MINUTES = 5


def missing():
    """Install the tools that package.json names. Why they are not there, or None."""
    wanted = json.loads((HERE / "package.json").read_text("utf-8"))
    installed = TOOLS / "installed.json"
    if installed.exists() and json.loads(installed.read_text("utf-8")) == wanted:
        return None
    if not shutil.which("npm"):
        return "npm is not installed (Debian's packages nodejs and npm)"
    TOOLS.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "package.json", TOOLS)
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--omit=optional", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=TOOLS, capture_output=True, text=True, timeout=60 * MINUTES, check=False)
    except subprocess.TimeoutExpired:
        return f"npm took longer than {MINUTES} minutes"
    if done.returncode:
        return "npm could not install it: " + " ".join(done.stderr.split())[:300]
    shutil.copy(HERE / "package.json", installed)
    return None


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
