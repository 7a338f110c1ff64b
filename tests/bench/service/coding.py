#!/usr/bin/python3
"""coding.py - what compressing answers costs and saves: the same request without it, as zstd and as gzip, in one run.

One connection on loopback, where nothing can be saved; requests alternate, times are of the whole exchange. The time that
compressing takes and the bytes that it saves give the speed of a network below which it pays.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import time

from service import free_port

CODINGS = ("identity", "zstd", "gzip")


def questions():
    """Pairs of a name and what to ask: path, body, type. Long ones first, so that the heap is that of a server that has worked."""
    layer = "Conv2D(64, 7, strides=2, padding='same')"
    image = {"shape": [1, 224, 224, 3], "random": 1}
    convolve = {"layer": layer, "input": image, "weights": {"random": 2}}
    shape = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4]})
    lines = "\n".join(
        json.dumps({"layer": f"Conv2D({8 + n % 100}, {1 + n % 7})", "input_shape": [None, 90 + n % 50, 90, 4]})
        for n in range(2000)
    )
    base64 = {**convolve, "output": {"encoding": "base64"}}
    return [
        ("floats as text", ("/v1/convolve", json.dumps(convolve), "application/json")),
        ("floats as base64", ("/v1/convolve", json.dumps(base64), "application/json")),
        ("2000 lines of shapes", ("/v1/shape", lines, "application/x-ndjson")),
        ("one shape", ("/v1/shape", shape, "application/json")),
    ]


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/bin/convscope")
    parser.add_argument("--requests", type=int, default=30, help="of each kind")
    parser.add_argument("--json", help="a file for the results")
    return parser.parse_args()


def ask(connection, question, coding):
    """Seconds and bytes of one exchange."""
    path, body, kind = question
    start = time.perf_counter()
    connection.request("POST", path, body, {"Content-Type": kind, "Accept-Encoding": coding})
    response = connection.getresponse()
    answer = response.read()
    seconds = time.perf_counter() - start
    if response.status != 200 or response.getheader("Content-Encoding", "identity") != coding:
        raise SystemExit(f"{path} as {coding}: {response.status} {answer[:300]}")
    return seconds, len(answer)


def measure(connection, question, requests):
    """For each coding the least and the median time in milliseconds, and the bytes."""
    times, sizes = {coding: [] for coding in CODINGS}, {}
    for _ in range(requests):
        for coding in CODINGS:
            seconds, sizes[coding] = ask(connection, question, coding)
            times[coding].append(seconds * 1e3)
    return {c: {"least_ms": min(times[c]), "median_ms": statistics.median(times[c]), "bytes": sizes[c]} for c in CODINGS}


def report(name, result):
    plain = result["identity"]
    for coding, r in result.items():
        extra = (r["least_ms"] - plain["least_ms"]) / 1e3
        saved = (plain["bytes"] - r["bytes"]) * 8
        pays = f"pays below {saved / extra / 1e6:6.0f} Mbit/s" if extra > 0 else ""
        print(f"{name:21} {coding:9} {r['least_ms']:8.2f} ({r['median_ms']:8.2f}) ms  {r['bytes']:9} bytes  "
              f"{r['bytes'] / plain['bytes']:5.2f}  {pays}")


def main():
    arguments = read_arguments()
    port = free_port()
    command = [os.path.abspath(arguments.program), "serve", "--listen", f"127.0.0.1:{port}", "--quiet"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    results = {}
    try:
        while "listening" not in (line := process.stderr.readline()):
            if not line:
                raise SystemExit(f"{command[0]} does not start")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for name, question in questions():
            results[name] = measure(connection, question, arguments.requests)
            report(name, results[name])
    finally:
        process.terminate()
        process.wait()
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
