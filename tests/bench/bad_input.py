#!/usr/bin/env python3
"""How long a fresh server takes over each case of tests/http/cases/advisories, and how much memory.

    tests/bench/bad_input.py [AREA...]      other areas of tests/http/cases

CONVSCOPE_PROGRAM is the program (default: build/bin/convscope). A line a case: the status, the fastest of five answers
in milliseconds, the growth of the server's peak memory in KiB. The exit status is 1 when one answer has another status
than expected, takes over 50 ms or, being a refusal, more than 1 MiB: what is legal among them has to be computed.
"""

import json
import pathlib
import sys
import time

HTTP = pathlib.Path(__file__).resolve().parents[1] / "http"
sys.path.insert(0, str(HTTP))

from client import Connection  # noqa: E402
from server import Server  # noqa: E402
from test_cases import CASES, body_of  # noqa: E402

MOST_MS, MOST_KIB, TIMES = 50, 1024, 5

WARM_UP = {
    "layer": "Conv2D(2, 3)",
    "input": {"shape": [1, 8, 8, 1], "random": 1},
    "weights": {"kernel": {"random": 1}, "bias": [0, 0]},
}


def ask(server, method, path, body, headers=()):
    with Connection(server) as connection:
        start = time.perf_counter()
        status = connection.request(method, path, body, headers).status
        return status, (time.perf_counter() - start) * 1000


def measure(folder):
    expect = json.loads((folder / "expect.json").read_text("utf-8"))
    call = (expect.get("method", "POST"), expect["path"], body_of(folder), expect.get("headers", ()))
    with Server() as server:
        ask(server, "POST", "/v1/shape", b"{}")
        ask(server, "POST", "/v1/convolve", json.dumps(WARM_UP).encode())
        before = server.peak_kib()
        answers = [ask(server, *call) for _ in range(TIMES)]
        growth = server.peak_kib() - before
    fastest = min(ms for _, ms in answers)
    right = all(status == expect["status"] for status, _ in answers)
    name, verdict = f"{folder.parent.name}/{folder.name}", "" if right else "  WRONG"
    print(f"{name:66} {answers[0][0]} {fastest:8.2f} ms {growth:6d} KiB{verdict}")
    refused = expect["status"] >= 400
    return right and fastest <= MOST_MS and (growth <= MOST_KIB or not refused), fastest, growth if refused else 0


def main():
    areas = sys.argv[1:] or ["advisories"]
    results = [measure(e.parent) for area in areas for e in sorted((CASES / area).glob("*/expect.json"))]
    if not results:
        sys.exit(f"no cases in {', '.join(areas)}")
    bad = sum(not good for good, _, _ in results)
    slowest, largest = max(ms for _, ms, _ in results), max(kib for _, _, kib in results)
    print(f"{len(results)} cases: slowest {slowest:.2f} ms, most memory of a refusal {largest} KiB; {bad} beyond")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
