#!/usr/bin/env python3
"""slow_clients.py - how long good clients wait for POST /v1/shape beside clients that hold connections and workers.

Measured twice on one server, alone and beside `--slow` connections that send a byte of their head every second and as
many convolutions as there are workers and places in the queue. One good client asks on a connection that it keeps, one
on a new one each time, in turns. The load comes from a process of its own. The exit status is 0 when the 99th
percentile beside the load is below 10 ms, or three times what it is alone if that is more, and nothing good was
refused.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import selectors
import socket
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "http"))

MS = 1e3
SHAPE = json.dumps({"layer": "Conv2D(40, (5, 5), padding='same')", "framework": "keras",
                    "input_shape": [None, 128, 128, 3]}).encode()


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/bin/convscope")
    parser.add_argument("--slow", type=int, default=500, help="connections that send a byte a second")
    parser.add_argument("--queue", type=int, default=32, help="places in the server's queue")
    parser.add_argument("--requests", type=int, default=4000, help="of the good clients, alone and beside the load")
    parser.add_argument("--json", help="a file for the results")
    return parser.parse_args()


# ---- the load ----------------------------------------------------------------


class Slow:
    """A head that never ends. Whoever is cut off comes again."""

    def __init__(self, server, selector):
        self.server, self.selector, self.socket = server, selector, None

    def open(self):
        self.socket = socket.create_connection(self.server)
        self.socket.setblocking(False)
        self.socket.send(b"GET / HTTP/1.1\r\nX: ")
        self.selector.register(self.socket, selectors.EVENT_READ, self.again)

    def again(self):
        with contextlib.suppress(OSError):
            if self.socket.recv(4096):
                return
        self.selector.unregister(self.socket)
        self.socket.close()
        self.open()

    def drip(self):
        with contextlib.suppress(OSError):
            self.socket.send(b"x")


class Heavy:
    """A convolution that takes a worker for a while, and the next one as soon as it is answered."""

    def __init__(self, server, selector, data):
        self.data, self.answers, self.seen = data, 0, b""
        self.socket = socket.create_connection(server)
        selector.register(self.socket, selectors.EVENT_READ, self.again)
        self.socket.sendall(data)

    def again(self):
        self.seen += self.socket.recv(1 << 20)
        head, end, body = self.seen.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if not end or len(body) < length:
            return
        self.answers += head.startswith(b"HTTP/1.1 200 ")
        self.seen = b""
        self.socket.sendall(self.data)


def make_load(server, slow, heavy, ready, stop, answers):
    from busy import convolution
    from client import request

    selector = selectors.DefaultSelector()
    data = request("POST", "/v1/convolve", convolution(3e9))
    computing = [Heavy(server, selector, data) for _ in range(heavy)]
    dripping = [Slow(server, selector) for _ in range(slow)]
    for one in dripping:
        one.open()
    turn, next_time = 0, time.monotonic()
    while not stop.is_set():
        # A twentieth of them every twentieth of a second.
        if time.monotonic() >= next_time:
            next_time += 0.05
            turn += 1
            for one in dripping[turn % 20::20]:
                one.drip()
        for key, _ in selector.select(max(0, next_time - time.monotonic())):
            key.data()
        if turn == 20:
            ready.set()
    answers.value = sum(one.answers for one in computing)


# ---- good clients ------------------------------------------------------------


def exchange(connection, data):
    connection.sendall(data)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(1 << 16) or b"\r\n\r\n"
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    while len(body) < length:
        piece = connection.recv(1 << 16)
        if not piece:
            return False
        body += piece
    return head.startswith(b"HTTP/1.1 200 ")


def ask(server, count, data):
    """Milliseconds of each request, kept and new connections in turns; and how many were refused."""
    kept = socket.create_connection(server)
    kept.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    times, refused = {"kept": [], "new": []}, 0
    for i in range(count):
        start = time.perf_counter()
        if i % 2:
            refused += not exchange(kept, data)
        else:
            with socket.create_connection(server) as new:
                refused += not exchange(new, data)
        times["kept" if i % 2 else "new"].append((time.perf_counter() - start) * MS)
        time.sleep(0.001)
    return times, refused


def summary(times):
    ordered = sorted(times)
    return {"median_ms": statistics.median(ordered), "p99_ms": ordered[len(ordered) * 99 // 100],
            "most_ms": ordered[-1]}


def report(name, times, refused):
    figures = {kind: summary(one) for kind, one in times.items()} | {"all": summary(sum(times.values(), []))}
    for kind, one in figures.items():
        print(f"{name:8} {kind:5} median {one['median_ms']:7.3f} ms, 99 % {one['p99_ms']:7.3f} ms, "
              f"most {one['most_ms']:7.3f} ms")
    print(f"{name:8} refused {refused}")
    return figures | {"refused": refused}


def measure(arguments, server, request):
    address = (server.host, server.port)
    data = request("POST", "/v1/shape", SHAPE)
    ask(address, 200, data)
    results = {"alone": report("alone", *ask(address, arguments.requests, data))}
    ready, stop, answers = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Value("q")
    heavy = len(os.sched_getaffinity(0)) + arguments.queue
    load = multiprocessing.Process(target=make_load, args=(address, arguments.slow, heavy, ready, stop, answers))
    load.start()
    try:
        if not ready.wait(60):
            raise SystemExit("the load did not come about")
        start = time.monotonic()
        results["beside"] = report("beside", *ask(address, arguments.requests, data))
        passed = time.monotonic() - start
    finally:
        stop.set()
        load.join()
    print(f"load     {arguments.slow} slow connections, {heavy} convolutions at a time, {answers.value} answered in "
          f"{passed:.1f} s")
    return results | {"convolutions": answers.value, "seconds": passed}


def main():
    arguments = read_arguments()
    os.environ["CONVSCOPE_PROGRAM"] = os.path.abspath(arguments.program)
    os.environ.pop("OPENBLAS_CORETYPE", None)
    from client import request
    from server import Server

    with Server("--quiet", "--queue", str(arguments.queue), "--max-connections", "2000", "--deadline", "0") as server:
        results = measure(arguments, server, request)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
    limit = max(10, 3 * results["alone"]["all"]["p99_ms"])
    good = results["beside"]["all"]["p99_ms"] < limit and not results["beside"]["refused"]
    print(f"99 % beside the load {'stays' if good else 'DOES NOT STAY'} below {limit:.1f} ms with nothing refused")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
