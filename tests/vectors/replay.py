#!/usr/bin/env python3
"""Ask a Convscope for every golden vector and compare its answers with the oracle's.

usage: replay.py (--program FILE | --url URL) [--match TEXT] [FILE.jsonl ...]

Shapes go through POST /v1/shape and must be equal; values go through POST /v1/convolve and must lie
within the case's tolerance. Without files, every *.jsonl beside this program is replayed. One line is
printed for each case that fails; the last line is `N passed, N failed`, and the exit status is 0 only
when something passed and nothing failed.
"""
import argparse
import contextlib
import http.client
import json
import math
import os
import pathlib
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent


class Client:
    """One kept-alive connection: hundreds of cases need no more."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=120)

    def post(self, path, question):
        body = json.dumps(question)
        self.connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            raise Mismatch(f"{path} answers {response.status}: {answer.get('detail')}")
        return answer


class Mismatch(Exception):
    """The answer is not the oracle's."""


def expect_equal(what, got, want):
    if got != want:
        raise Mismatch(f"{what} is {got}, should be {want}")


def check_shapes(client, case):
    asked = ("framework", "layer", "input_shape", "input_shapes")
    answer = client.post("/v1/shape", {name: case[name] for name in asked if name in case})
    expect_equal("the output shape", answer["output"]["shape"], case["output_shape"])
    expect_equal("the weights' shapes", [w["shape"] for w in answer["weights"]], case["weights_shapes"])


def check_values(client, case):
    weights = zip(case["weights_shapes"], case["weights"] or [])
    answer = client.post("/v1/convolve", {
        "framework": case["framework"],
        "layer": case["layer"],
        "input": {"shape": case["input_shape"], "data": case["input"]},
        "weights": [{"shape": shape, "data": data} for shape, data in weights]})
    expect_equal("the convolved shape", answer["output"]["shape"], case["output_shape"])
    compare_values(answer["output"]["data"], case["output"], case["tolerance"])


def compare_values(got, want, tolerance):
    expect_equal("the number of values", len(got), len(want))
    allowed = tolerance * max(1.0, max(map(abs, want), default=0.0))
    for index, (g, w) in enumerate(zip(got, want)):
        # A null stands for a value that is not finite; no oracle gave one.
        if g is None or not math.isfinite(g) or abs(g - w) > allowed:
            raise Mismatch(f"value {index} of {len(want)} is {g}, should be {w} within {allowed:g}")


def check(client, case):
    check_shapes(client, case)
    if case.get("output") is not None:
        check_values(client, case)


def read_cases(files):
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


@contextlib.contextmanager
def running(program):
    """The URL of a server started for the replay and stopped after it."""
    os.environ["CONVSCOPE_PROGRAM"] = program
    sys.path.insert(0, str(HERE.parent / "http"))
    from server import Server
    with Server() as server:
        yield server.url


def replay(url, files, match):
    """Counts of passed and failed cases."""
    client = Client(url)
    passed = failed = 0
    for case in read_cases(files):
        if match not in case["id"]:
            continue
        try:
            check(client, case)
            passed += 1
        except Mismatch as mismatch:
            failed += 1
            print(f"{case['id']}: {mismatch}", flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--program", help="start this convscope on a free port")
    where.add_argument("--url", help="a server that is already running")
    parser.add_argument("--match", default="", help="only cases whose id contains this")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    server = contextlib.nullcontext(options.url) if options.url else running(options.program)
    with server as url:
        passed, failed = replay(url, options.files or sorted(HERE.rglob("*.jsonl")), options.match)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
