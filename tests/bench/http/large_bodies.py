#!/usr/bin/env python3
"""large_bodies.py - many clients that send large bodies at once to a server that may take only so much memory.

Each of `--clients` threads sends a body of `--mib` MiB to POST /v1/convolve at the same moment. Printed are how they
were answered and the peak of the server's memory (VmHWM). The exit status is 0 when that is within `--max-memory`, when
everybody was answered, by 200 or by 503 with Retry-After, and when the server is healthy afterwards.
"""

import argparse
import collections
import contextlib
import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "http"))

MIB = 1 << 20


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/bin/convscope")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--mib", type=int, default=32, help="of each body")
    parser.add_argument("--max-memory", type=int, default=512, help="MiB that the server may take")
    parser.add_argument("--json", help="a file for the results")
    return parser.parse_args()


def ask(connection, data):
    """The answer, which may come before all is sent. Nothing is held against the contract: that would take seconds."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.socket.sendall(data)
    return connection.response("POST")


def ask_all(connections, data):
    """The answers to what all ask at the same moment; None for an exchange that broke off."""
    answers, together = [None] * len(connections), threading.Barrier(len(connections))

    def one(number):
        together.wait()
        try:
            answers[number] = ask(connections[number], data)
        except (AssertionError, OSError) as why:
            print(f"client {number}: {why!r}"[:300])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(connections))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def kind(answer):
    if answer is None:
        return "broken off"
    retry = answer.header("retry-after") if answer.status == 503 else None
    return f"{answer.status}, Retry-After {retry}" if retry else str(answer.status)


def healthy(server, once, body):
    """It is ready and answers the same request when that comes alone."""
    return (once(server, "GET", "/readyz").status, once(server, "POST", "/v1/convolve", body).status) == (200, 200)


def measure(arguments):
    from client import Connection, once, request
    from server import Server
    from test_memory import average

    body = average(arguments.mib * MIB)
    data = request("POST", "/v1/convolve", body)
    with Server("--max-memory", f"{arguments.max_memory}M", "--quiet") as server:
        idle = server.peak_kib()
        start = time.monotonic()
        with contextlib.ExitStack() as stack:
            opened = [stack.enter_context(Connection(server)) for _ in range(arguments.clients)]
            answers = ask_all(opened, data)
        seconds = time.monotonic() - start
        return {"answers": collections.Counter(map(kind, answers)), "seconds": seconds, "idle_mib": idle / 1024,
                "peak_mib": server.peak_kib() / 1024, "healthy": healthy(server, once, body)}


def main():
    arguments = read_arguments()
    os.environ["CONVSCOPE_PROGRAM"] = os.path.abspath(arguments.program)
    results = measure(arguments)
    print(f"{arguments.clients} clients, {arguments.mib} MiB each, --max-memory {arguments.max_memory}M: "
          f"peak {results['peak_mib']:.0f} MiB (idle {results['idle_mib']:.0f}), {results['seconds']:.1f} s, "
          f"{'healthy' if results['healthy'] else 'NOT HEALTHY'} afterwards")
    for answer, count in sorted(results["answers"].items()):
        print(f"{count:6} x {answer}")
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
    good = results["healthy"] and results["peak_mib"] <= arguments.max_memory
    return 0 if good and all(one == "200" or "Retry-After" in one for one in results["answers"]) else 1


if __name__ == "__main__":
    sys.exit(main())
