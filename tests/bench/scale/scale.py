#!/usr/bin/env python3
"""scale.py - 1, 2 and 4 servers behind HAProxy under closed-loop load: throughput, latency, CPU time, efficiency.

Every server, HAProxy and wrk have a network namespace each, where the kernel and the rights (root) allow it, else an
address of loopback. It is run twice:

  whole  the servers have all CPUs of this machine, and share them with HAProxy and wrk: more servers cannot compute
         more, and what throughput they lose is what it costs to be several
  share  each server has no more than a share of one CPU (a control group), so small that what four of them, HAProxy and
         wrk need is there: how throughput grows with servers

Efficiency is against as many times one server's throughput (share), or against one server's (whole).
Needs Debian's haproxy, wrk, curl and iproute2. Exits with 1 when a request fails.
"""

import argparse
import json
import os
import subprocess
import tempfile

from fleet import Fleet, add_arguments
from questions import QUESTIONS

COUNTS = (1, 2, 4)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--connections", type=int, default=32, help="default: 32")
    parser.add_argument("--seconds", type=int, default=1, help="of a turn (default: 1)")
    parser.add_argument("--turns", type=int, default=5, help="of which the one with most answers counts (default: 5)")
    parser.add_argument("--share", type=float, default=0.1, help="of one CPU, for each server (default: 0.1)")
    parser.add_argument("--json", help="a file for the results")
    return parser.parse_args()


def first_line(command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()[0]


def describe(arguments):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        lines = [line.partition(":") for line in file]
    cpu = {key.strip(): value.strip() for key, _, value in lines}
    level = subprocess.run([arguments.program, "serve", "--check-config"], capture_output=True, text=True, check=False)
    said = (level.stdout + level.stderr).splitlines()
    return {
        "cpu": f"{cpu.get('model name')}, family {cpu.get('cpu family')}, model {cpu.get('model')}, {os.cpu_count()} CPUs",
        "kernel": os.uname().release,
        "dispatch": next((line.strip() for line in said if "avx" in line or "portable" in line), "unknown"),
        "convscope": first_line([arguments.program, "--version"]),
        "haproxy": first_line([arguments.haproxy, "-v"]),
        "wrk": first_line(["wrk", "-v"]),
        "load": f"{arguments.connections} connections, best of {arguments.turns} turns of {arguments.seconds} s, share {arguments.share}",
    }


def measure(arguments, share, scratch):
    """{question: {count: its best turn}}, and on what network."""
    turns = {name: {} for name in QUESTIONS}
    for count in COUNTS:
        with Fleet(arguments, count, share) as fleet:
            kind = fleet.net.kind
            for name, (path, question) in QUESTIONS.items():
                body_file = os.path.join(scratch, "body.json")
                with open(body_file, "w", encoding="ascii") as file:
                    json.dump(question, file, separators=(",", ":"))
                some = [fleet.load(path, body_file, arguments) for _ in range(arguments.turns)]
                turns[name][count] = max(some, key=lambda turn: turn["rate"])
    return turns, kind


def print_table(what, turns, scales):
    print(f"\n{what}\n")
    print("| question | servers | a second | p50 ms | p99 ms | CPU µs a request: servers | HAProxy | wrk | efficiency |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, by_count in turns.items():
        for count, turn in by_count.items():
            efficiency = turn["rate"] / by_count[1]["rate"] / (count if scales else 1)
            print(f"| {name} | {count} | {turn['rate']:.0f} | {turn['p50_us'] / 1e3:.2f} | {turn['p99_us'] / 1e3:.2f} "
                  f"| {turn['server_us']:.0f} | {turn['proxy_us']:.0f} | {turn['wrk_us']:.0f} | {efficiency:.2f} |")


def main():
    arguments = read_arguments()
    about, results = describe(arguments), {}
    print("\n".join(f"{key:10} {value}" for key, value in about.items()), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for what, share in (("whole", None), ("share", arguments.share)):
            results[what], about["network"] = measure(arguments, share, scratch)
            print_table(f"{what}, {about['network']}", results[what], share)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"about": about, "results": results}, file, indent=1)


if __name__ == "__main__":
    main()
