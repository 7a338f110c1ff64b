"""Starts and stops HAProxy with docker/haproxy.cfg, on loopback, in front of two to four servers."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
import types

from client import PATIENCE, Connection, once, request
from server import ROOT

PROGRAM = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class HAProxy:
    """Ready as soon as one of the servers is. `host` and `port` are where it listens."""

    def __init__(self, *servers):
        self.host, self.port = "127.0.0.1", free_port()
        self.statistics = types.SimpleNamespace(host=self.host, port=free_port())
        environment = {
            **os.environ,
            "CONVSCOPE_BIND": f"{self.host}:{self.port}",
            "CONVSCOPE_STATS_BIND": f"{self.host}:{self.statistics.port}",
            **{f"CONVSCOPE_{letter}": f"{server.host}:{server.port}" for letter, server in zip("ABCD", servers)},
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

    def count(self, metric, server):
        """What it says of that server, "a" to "d"; `metric` may have a label in braces."""
        with Connection(self.statistics) as connection:
            connection.send(request("GET", "/metrics"))
            text = connection.any_response().body.decode()
        name, _, label = metric.rstrip("}").partition("{")
        labels = f'proxy="servers",server="{server}"' + (label and f",{label}")
        return int(re.search(rf"^haproxy_server_{name}{{{labels}}} (\d+)$", text, re.M)[1])

    def retries(self, servers="abc"):
        """How many requests these servers did not answer, so that they were asked again."""
        return sum(self.count("retry_warnings_total", server) for server in servers)

    def wait_for(self, state, servers):
        """Wait until it knows all of these servers to be "UP" or "DOWN"."""
        end = time.monotonic() + PATIENCE
        while not all(self.count(f'status{{state="{state}"}}', server) for server in servers):
            assert time.monotonic() < end, f"{servers} are not {state}"
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)
