#!/usr/bin/env python3
"""throughput.py - POST /v1/shape with wrk, beside a bare libmicrohttpd + jansson handler and nginx, in one run.

Three servers with as many threads each: ours; bench_http_bare, which parses the body with jansson and builds, dumps and
sends the same answer without computing it; nginx with `return 200`, for orientation. They are asked in turns. With one
thread and two CPUs the servers have the last one and wrk the one before it. The figures are requests a second, the most
of all turns and the median, and the microseconds of CPU that a server took for a request: where wrk is the slower side,
only those compare. The exit status is 1 when a share is missed.

Needs Debian's wrk, and nginx or --nginx none.
"""

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from servers import run_on, start_bare, start_nginx, start_ours

HERE = os.path.dirname(os.path.abspath(__file__))

LAYERS = {
    "Keras 1 text, 1D": {
        "layer": "Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', activation='relu')",
        "input_shape": [None, 400, 300],
    },
    "Keras serialised, 2D": {
        "layer": {"class_name": "Conv2D", "config": {"filters": 64, "kernel_size": [3, 3], "padding": "same"}},
        "input_shape": [None, 56, 56, 64],
    },
    "PyTorch text, 2D": {
        "layer": "nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)",
        "input_shape": [1, 3, 224, 224],
    },
    "PyTorch text, transposed": {
        "layer": "nn.ConvTranspose2d(128, 64, 3, stride=2, padding=1, output_padding=1)",
        "input_shape": [1, 128, 14, 14],
    },
    "our own form, 2D": {
        "layer": {"op": "conv", "kernel": [3, 3], "filters": 16, "stride": [2, 2]},
        "input_shape": [None, 32, 32, 3],
    },
}

# What is asked for, and the share of the bare handler's throughput to reach.
ASKED = {"whole": ({}, 0.5), "output": ({"fields": ["output"]}, 0.85)}


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/bin/convscope")
    parser.add_argument("--bare", default="build/bin/bench_http_bare", help="built with -DCONVSCOPE_BENCH=ON")
    parser.add_argument("--nginx", default=shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"))
    parser.add_argument("--threads", type=int, default=1, help="of each server (default: 1)")
    parser.add_argument("--connections", type=int, default=32, help="default: 32")
    parser.add_argument("--seconds", type=int, default=1, help="of a turn (default: 1)")
    parser.add_argument("--turns", type=int, default=5, help="of each server (default: 5)")
    parser.add_argument("--layers", default="", help="only those whose name has this in it")
    parser.add_argument("--log", choices=("none", "plain", "json"), default="none", help="of ours (default: none)")
    parser.add_argument("--json", help="a file for the results")
    arguments = parser.parse_args()
    cpus = sorted(os.sched_getaffinity(0))
    apart = len(cpus) > 1 and arguments.threads == 1
    arguments.server_cpus, arguments.client_cpus = (cpus[-1:], cpus[-2:-1]) if apart else (cpus, cpus)
    arguments.nginx = None if arguments.nginx == "none" else arguments.nginx
    return arguments


def run_wrk(server, body_file, arguments):
    """One turn."""
    command = ["wrk", "-t1", f"-c{arguments.connections}", f"-d{arguments.seconds}", "-s",
               os.path.join(HERE, "post.lua"), server.url(), "--", body_file]
    before = server.cpu_us()
    out = subprocess.check_output(command, text=True, preexec_fn=run_on(arguments.client_cpus))
    cpu = server.cpu_us() - before
    result = json.loads(out.splitlines()[-1])
    if result["failed"] or not result["requests"]:
        raise SystemExit(f"{server.name}: {result['failed']} of {result['requests']} requests failed")
    return {"rate": result["requests"] / result["us"] * 1e6, "cpu_us": cpu / result["requests"],
            "p99_us": result["p99_us"]}


def measure(question, arguments, scratch):
    """{server: its turns} for one request."""
    body = json.dumps(question, separators=(",", ":")).encode()
    body_file = os.path.join(scratch, "body.json")
    with open(body_file, "wb") as file:
        file.write(body)
    servers = [start_ours(arguments)]
    try:
        whole = {key: value for key, value in question.items() if key != "fields"}
        servers.append(start_bare(arguments, servers[0].ask(json.dumps(whole).encode()), scratch))
        if json.loads(servers[0].ask(body)) != json.loads(servers[1].ask(body)):
            raise SystemExit(f"the two servers do not answer the same to {body.decode()}")
        if arguments.nginx:
            servers.append(start_nginx(arguments, scratch))
        turns = {server.name: [] for server in servers}
        for _ in range(arguments.turns):
            for server in servers:
                turns[server.name].append(run_wrk(server, body_file, arguments))
    finally:
        for server in servers:
            server.stop()
    return turns


def summarise(turns):
    rates = [turn["rate"] for turn in turns]
    return {"most": max(rates), "median": statistics.median(rates), "cpu_us": min(turn["cpu_us"] for turn in turns),
            "p99_us": statistics.median(turn["p99_us"] for turn in turns)}


def compare(sides):
    """Shares of the bare handler's throughput: by the best turns, by the medians, by CPU time alone."""
    ours, bare = sides["convscope"], sides["bare"]
    return {"most": ours["most"] / bare["most"], "median": ours["median"] / bare["median"],
            "cpu": bare["cpu_us"] / ours["cpu_us"]}


def print_row(row):
    cells = [f"{row['layer']:26} {row['asked']:7}"]
    for side in row["sides"].values():
        cells.append(f"{side['most']:8.0f} ({side['median']:7.0f}) {side['cpu_us']:5.1f}")
    share = row["share"]
    print("  ".join(cells) + f"  {share['most']:5.2f} ({share['median']:4.2f}) {share['cpu']:4.2f}", flush=True)


def print_means(rows):
    """Whether every target is reached by the geometric mean over the layers."""
    reached = True
    for asked, (_, target) in ASKED.items():
        some = [row["share"] for row in rows if row["asked"] == asked]
        most, median, cpu = (math.exp(statistics.fmean(math.log(share[key]) for share in some))
                             for key in ("most", "median", "cpu"))
        reached &= most >= target
        print(f"{asked}: {most:.2f} of the bare handler (medians {median:.2f}, CPU time {cpu:.2f}), to reach {target}: "
              f"{'reached' if most >= target else 'MISSED'}")
    return reached


def describe(arguments):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        cpu = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    return {"cpu": cpu, "server_cpus": list(arguments.server_cpus), "client_cpus": list(arguments.client_cpus),
            "threads": arguments.threads, "connections": arguments.connections, "log": arguments.log}


def main():
    arguments = read_arguments()
    about, rows = describe(arguments), []
    print("\n".join(f"{key:12} {value}" for key, value in about.items()))
    names = ["convscope", "bare"] + ["nginx"] * bool(arguments.nginx)
    print("requests a second: most (median), us of CPU each; share of bare: most (median), by CPU time")
    print(f"{'':34}" + "  ".join(f"{name:>24}" for name in names))
    with tempfile.TemporaryDirectory() as scratch:
        for layer, question in LAYERS.items():
            for asked, (more, _) in ASKED.items():
                if arguments.layers not in layer:
                    continue
                turns = measure({**question, **more}, arguments, scratch)
                sides = {name: summarise(some) for name, some in turns.items()}
                rows.append({"layer": layer, "asked": asked, "sides": sides, "share": compare(sides)})
                print_row(rows[-1])
    reached = print_means(rows)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"about": about, "results": rows}, file, indent=1)
    sys.exit(not reached)


if __name__ == "__main__":
    main()
