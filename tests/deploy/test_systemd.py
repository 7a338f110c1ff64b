"""docker/systemd: systemd has nothing to say against the units, and the program serves under all that they take away."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from server import PROGRAM, ROOT

HERE = pathlib.Path(__file__).resolve().parent
UNITS = ROOT / "docker" / "systemd"
BUILD = pathlib.Path(PROGRAM).parents[1]
MOST_EXPOSED = 1.5
MINUTES = 3


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)
    return done.returncode, done.stdout


def why_no_boot():
    """What stands in the way of a systemd of our own, or None."""
    if os.geteuid() != 0:
        return "only root can start a systemd of its own"
    if not pathlib.Path("/lib/systemd/systemd").exists():
        return "systemd is not installed"
    status, printed = run("unshare", "--pid", "--fork", "--mount", "--net", "--cgroup", "mount", "-t", "tmpfs", "none", "/mnt")
    if status:
        return "no namespaces here: " + printed.strip()
    if not run("findmnt", "--types", "cgroup2")[1]:
        return "no control groups of version 2 here"
    return None


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not installed")
class Units(unittest.TestCase):
    def test_verify(self):
        with tempfile.TemporaryDirectory() as folder:
            for unit in UNITS.glob("convscope.*"):
                text = unit.read_text("utf-8").replace("/usr/bin/convscope", PROGRAM)
                pathlib.Path(folder, unit.name).write_text(text, "utf-8")
            units = list(pathlib.Path(folder).iterdir())
            self.assertEqual(len(units), 2)
            printed = run("systemd-analyze", "verify", "--man=no", *units)
        self.assertEqual(printed, (0, ""))

    def test_exposure(self):
        _, printed = run("systemd-analyze", "security", "--offline=true", "--no-pager", UNITS / "convscope.service")
        exposure = re.search(r"Overall exposure level for convscope.service: (\d+\.\d+)", printed)
        self.assertTrue(exposure, printed)
        self.assertLessEqual(float(exposure[1]), MOST_EXPOSED, printed)


class Boot(unittest.TestCase):
    """One systemd, whose service `inside` says what it saw."""

    @classmethod
    def setUpClass(cls):
        reason = why_no_boot()
        if reason:
            raise unittest.SkipTest(reason)
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as result:
            cls.status, cls.log = run(HERE / "boot", BUILD, HERE / "inside", result.name, timeout=60 * MINUTES)
            cls.printed = result.read()
        cls.saw = dict(line.split("=", 1) for line in cls.printed.splitlines() if "=" in line)

    def test_to_the_end(self):
        self.assertEqual(self.status, 0, self.log + self.printed)
        self.assertEqual(self.saw["last"], "yes")

    def test_started_by_a_connection(self):
        self.assertEqual((self.saw["before"], self.saw["after"]), ("inactive", "active"))
        self.assertEqual(self.saw["answer"], '{"output":{"shape":[null,296,111],"axes":["batch","length","filters"]}}')
        self.assertEqual(self.saw["command"], "/usr/bin/convscope serve ")

    def test_may_next_to_nothing(self):
        self.assertNotEqual(self.saw["Uid"], "0")
        self.assertEqual((int(self.saw["CapEff"], 16), int(self.saw["CapBnd"], 16)), (0, 0))
        self.assertEqual((self.saw["NoNewPrivs"], self.saw["Seccomp"]), ("1", "2"))
        self.assertEqual(self.saw["interfaces"], "lo")

    def test_writes_to_a_tmp_of_its_own_and_executes_nothing_there(self):
        self.assertEqual(self.saw["writable"], "/dev/pts /dev/shm /tmp /var/tmp")
        self.assertEqual(self.saw["executable"], "/dev/pts")  # where no file can be made

    def test_computes(self):
        self.assertEqual((self.saw["convolve"], self.saw["lines"]), ("200", "20000"))

    def test_who_computes_makes_way(self):
        self.assertEqual(self.saw["niceness"], "0 5")

    def test_keys_and_reload(self):
        self.assertEqual((self.saw["without_key"], self.saw["with_key"]), ("401", "200"))
        self.assertEqual((self.saw["before_reload"], self.saw["same_process"]), ("401", "yes"))

    def test_stops_in_order(self):
        self.assertEqual((self.saw["stopped"], self.saw["again"]), ("success inactive", "200"))

    def test_for_other_machines(self):
        self.assertEqual((self.saw["tls"], self.saw["tls_without_key"], self.saw["health"]), ("200", "401", "well"))


if __name__ == "__main__":
    unittest.main()
