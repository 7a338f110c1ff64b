#!/usr/bin/python3
"""service.py - ResNet-50's first layer from JSON to JSON: POST /v1/convolve beside FastAPI with PyTorch, in one run.

Both servers listen on loopback, with all cores; requests alternate, one at a time. Times are of the whole exchange, and
end with the last byte: nothing is parsed in them but to check, once, that both computed the same. Peak memory is
VmHWM, less what the server had before its first request. Needs Debian's python3-fastapi, python3-uvicorn, python3-torch.
"""

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE, CHANNELS, FILTERS, KERNEL, STRIDE, PADDING = 224, 3, 64, 7, 2, 3


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/bin/convscope")
    parser.add_argument("--requests", type=int, default=15, help="of each server")
    parser.add_argument("--json", help="a file for the results")
    return parser.parse_args()


def tensor(shape, draw):
    count = 1
    for size in shape:
        count *= size
    return {"shape": shape, "data": [draw() for _ in range(count)]}


def draw_tensors():
    numbers = random.Random(1)
    pixels = tensor([1, CHANNELS, SIZE, SIZE], lambda: round(numbers.randrange(256) / 255, 7))
    normal = lambda: round(numbers.gauss(0, 0.1), 8)
    return pixels, [tensor([FILTERS, CHANNELS, KERNEL, KERNEL], normal), tensor([FILTERS], normal)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, name, command, path, body):
        self.name, self.path, self.port, self.times = name, path, free_port(), []
        self.body = json.dumps(body, separators=(",", ":")).encode()
        environment = {key: value for key, value in os.environ.items() if key != "OPENBLAS_CORETYPE"}
        self.process = subprocess.Popen([word.format(port=self.port) for word in command], cwd=HERE, env=environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self):
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                self.idle_kb = self.peak_kb()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{self.name} does not listen")

    def peak_kb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    def ask(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        start = time.perf_counter()
        connection.request("POST", self.path, self.body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        self.times.append(time.perf_counter() - start)
        connection.close()
        if response.status != 200:
            raise SystemExit(f"{self.name}: {response.status} {answer[:300]}")
        return answer


def start_servers(program):
    pixels, weights = draw_tensors()
    layer = f"nn.Conv2d({CHANNELS}, {FILTERS}, {KERNEL}, stride={STRIDE}, padding={PADDING})"
    ours = Server("convscope", [program, "serve", "--listen", "127.0.0.1:{port}", "--quiet"], "/v1/convolve",
                  {"layer": layer, "input": pixels, "weights": weights})
    peer = Server("FastAPI + PyTorch", [sys.executable, "-m", "uvicorn", "peer:app", "--port", "{port}"], "/convolve",
                  {"input": pixels, "weights": weights, "stride": STRIDE, "padding": PADDING})
    return ours, peer


def check_same(one, other):
    first, second = (json.loads(answer)["output"]["data"] for answer in (one, other))
    scale = max(map(abs, second))
    if len(first) != len(second) or max(abs(a - b) for a, b in zip(first, second)) > 1e-4 * scale:
        raise SystemExit("the two servers do not compute the same")


def measure(servers, requests):
    answers = [server.ask() for server in servers]
    check_same(*answers)
    peaks = [server.peak_kb() - server.idle_kb for server in servers]
    for server in servers:
        server.times.clear()
    for _ in range(requests):
        for server in servers:
            server.ask()
    return [{"server": server.name, "least_ms": min(server.times) * 1e3,
             "median_ms": statistics.median(server.times) * 1e3, "request_bytes": len(server.body),
             "answer_bytes": len(answer), "peak_over_idle_kb": peak}
            for server, answer, peak in zip(servers, answers, peaks)]


def report(results):
    ours = results[0]
    for r in results:
        larger = max(r["request_bytes"], r["answer_bytes"])
        print(f"{r['server']:18} {r['least_ms']:9.1f} ({r['median_ms']:9.1f}) ms  "
              f"{r['least_ms'] / ours['least_ms']:6.1f} ({r['median_ms'] / ours['median_ms']:6.1f})  "
              f"request {r['request_bytes']} B, answer {r['answer_bytes']} B, "
              f"peak over idle {r['peak_over_idle_kb']} kB = {r['peak_over_idle_kb'] * 1024 / larger:.1f} x the larger")


def main():
    arguments = read_arguments()
    servers = start_servers(os.path.abspath(arguments.program))
    try:
        for server in servers:
            server.wait()
        results = measure(servers, arguments.requests)
    finally:
        for server in servers:
            server.process.terminate()
            server.process.wait()
    report(results)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
