"""Starts and stops HAProxy with docker/haproxy.cfg, on loopback, in front of two servers."""

import contextlib
import os
import shutil
import socket
import subprocess
import time

from client import PATIENCE, once
from server import ROOT

PROGRAM = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class HAProxy:
    """Ready as soon as both servers are. `host` and `port` are where it listens."""

    def __init__(self, first, second):
        self.host, self.port = "127.0.0.1", free_port()
        environment = {
            **os.environ,
            "CONVSCOPE_BIND": f"{self.host}:{self.port}",
            "CONVSCOPE_A": f"{first.host}:{first.port}",
            "CONVSCOPE_B": f"{second.host}:{second.port}",
        }
        self.process = subprocess.Popen([PROGRAM, "-f", ROOT / "docker" / "haproxy.cfg", "-db"], env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while not self.ready():
            assert self.process.poll() is None and time.monotonic() < end, "HAProxy does not serve"
            time.sleep(0.05)

    def ready(self):
        with contextlib.suppress(OSError, AssertionError):
            return once(self, "GET", "/readyz").status == 200
        return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)
