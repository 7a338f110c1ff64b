"""share.py - a limit to the CPU time of a process, by a control group of version 2 or 1."""

import os
import pathlib

PERIOD_US = 10000
ROOT = pathlib.Path("/sys/fs/cgroup")


class Share:
    """Processes that enter it get that share of one CPU, in every 10 ms anew."""

    def __init__(self, name, share):
        quota = int(PERIOD_US * share)
        if (ROOT / "cgroup.controllers").exists():
            self.group = ROOT / name
            limits = {"cpu.max": f"{quota} {PERIOD_US}"}
        else:
            self.group = ROOT / "cpu" / name
            limits = {"cpu.cfs_period_us": PERIOD_US, "cpu.cfs_quota_us": quota}
        self.group.mkdir()
        for file, value in limits.items():
            (self.group / file).write_text(str(value), encoding="ascii")

    def enter(self):
        """The process that calls it."""
        (self.group / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")

    def close(self):
        """When its processes have ended."""
        self.group.rmdir()
