"""fleet.py - servers behind HAProxy as docker/haproxy.cfg has it, each on a host of its own, and wrk on another."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from network import network
from share import Share

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "http"))

from servers import run_on, ticks  # noqa: E402  (where to find it has to be said first)

CONFIGURATION = HERE.parents[2] / "docker" / "haproxy.cfg"
PORT, STATISTICS_PORT = 8080, 8404


def add_arguments(parser):
    """What every measurement of a fleet wants to be told."""
    parser.add_argument("--program", default="build/bin/convscope")
    parser.add_argument("--haproxy", default=shutil.which("haproxy", path=os.environ["PATH"] + ":/usr/sbin"))


def cpu_us(processes):
    return sum(ticks(process.pid) for process in processes) * 1e6 / os.sysconf("SC_CLK_TCK")


class Fleet:
    """`count` servers; with a share, each has one CPU and of that no more than the share."""

    def __init__(self, arguments, count, share, network=network):
        self.arguments, self.processes, self.shares = arguments, [], []
        names = "abcd"[:count]
        self.net = network(["proxy", "client", *names])
        try:
            self.servers = [self.start_server(name, share, i) for i, name in enumerate(names)]
            self.proxy = self.start_proxy(names)
            self.wait(names)
        except BaseException:
            self.close()
            raise

    def start(self, host, command, **options):
        process = subprocess.Popen([*self.net.at(host), *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, **options)
        self.processes.append(process)
        return process

    def start_server(self, name, share, number):
        cpus = sorted(os.sched_getaffinity(0))
        group = share and Share(f"convscope-{os.getpid()}-{name}", share)
        if group:
            self.shares.append(group)

        def limit():
            group.enter()
            run_on([cpus[number % len(cpus)]])()

        command = [self.arguments.program, "serve", "--listen", f"{self.net.address(name)}:{PORT}", "--insecure"]
        return self.start(name, command, preexec_fn=limit if group else None)

    def start_proxy(self, names):
        address = self.net.address("proxy")
        environment = {
            **os.environ,
            "CONVSCOPE_BIND": f"{address}:{PORT}",
            "CONVSCOPE_STATS_BIND": f"{address}:{STATISTICS_PORT}",
            "CONVSCOPE_B": f"{address}:1",
            **{f"CONVSCOPE_{name.upper()}": f"{self.net.address(name)}:{PORT}" for name in names},
        }
        return self.start("proxy", [self.arguments.haproxy, "-f", CONFIGURATION, "-db"], env=environment)

    def statistics(self):
        url = f"http://{self.net.address('proxy')}:{STATISTICS_PORT}/metrics"
        return subprocess.run([*self.net.at("client"), "curl", "-s", url], capture_output=True, text=True,
                              check=False).stdout

    def wait(self, names):
        """Until all of them serve."""
        for _ in range(200):
            up = re.findall(r'^haproxy_server_status\{.*server="(\w)",state="UP"\} 1$', self.statistics(), re.M)
            if up == list(names):
                return
            time.sleep(0.05)
        raise SystemExit("the servers do not serve")

    def cpu_us(self):
        """Of the servers, and of HAProxy, so far."""
        return cpu_us(self.servers), cpu_us([self.proxy])

    def load(self, path, body_file, arguments):
        """What wrk says of one turn, and the CPU time that servers, HAProxy and wrk took for a request."""
        url = f"http://{self.net.address('proxy')}:{PORT}{path}"
        command = [*self.net.at("client"), "wrk", "-t1", f"-c{arguments.connections}",
                   f"-d{arguments.seconds}", "--timeout", "30", "-s", HERE.parent / "http" / "post.lua", url, "--", body_file]
        before = *self.cpu_us(), os.times()
        result = json.loads(subprocess.check_output(command, text=True).splitlines()[-1])
        after = *self.cpu_us(), os.times()
        if result["failed"] or not result["requests"]:
            raise SystemExit(f"{result['failed']} of {result['requests']} requests failed")
        wrk_us = 1e6 * sum(getattr(after[2], key) - getattr(before[2], key) for key in ("children_user", "children_system"))
        return {"rate": result["requests"] / result["us"] * 1e6, "p50_us": result["p50_us"], "p99_us": result["p99_us"],
                "server_us": (after[0] - before[0]) / result["requests"],
                "proxy_us": (after[1] - before[1]) / result["requests"], "wrk_us": wrk_us / result["requests"]}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()
        for group in self.shares:
            group.close()
        self.net.close()
