#!/usr/bin/env python3
"""service_times.py - the CPU time and the bytes of one convolution: of a server with one core, and of HAProxy before it.

Input and weights are sent with every request, and the whole output comes back: as JSON numbers, as base64 in JSON, or as
.npy files in a form and bare bytes back. Requests go one at a time, so that what is measured is the CPU time of the two
processes, without any waiting; the least of some turns, for others use the machine too. Needs root, for a control group.
"""

import argparse
import array
import base64
import http.client
import json
import math
import random
import struct

from fleet import PORT, Fleet, add_arguments
from network import Loopback

# name: the layer in PyTorch, the shapes of its input and of its kernel.
LAYERS = {
    "1D, 300 steps, 5, 1 -> 111": ("nn.Conv1d(1, 111, 5)", [1, 1, 300], [111, 1, 5]),
    "1 x 1, 256 -> 64, 28 x 28": ("nn.Conv2d(256, 64, 1)", [1, 256, 28, 28], [64, 256, 1, 1]),
    "depthwise 3 x 3, 128, 56 x 56": ("nn.Conv2d(128, 128, 3, padding=1, groups=128)", [1, 128, 56, 56], [128, 1, 3, 3]),
    "3 x 3, 64 -> 64, 56 x 56": ("nn.Conv2d(64, 64, 3, padding=1)", [1, 64, 56, 56], [64, 64, 3, 3]),
    "7 x 7 / 2, 3 -> 64, 224 x 224": ("nn.Conv2d(3, 64, 7, stride=2, padding=3)", [1, 3, 224, 224], [64, 3, 7, 7]),
    "3 x 3, 256 -> 256, 14 x 14": ("nn.Conv2d(256, 256, 3, padding=1)", [1, 256, 14, 14], [256, 256, 3, 3]),
}


def draw(shape, numbers):
    return array.array("f", (numbers.gauss(0, 1) for _ in range(math.prod(shape))))


def as_numbers(shape, data):
    return {"shape": shape, "data": [float(f"{number:.9g}") for number in data]}


def as_base64(shape, data):
    return {"shape": shape, "dtype": "float32", "base64": base64.b64encode(data.tobytes()).decode("ascii")}


def json_request(write, encoding):
    def make(layer, tensors):
        body = {"layer": layer, "input": write(*tensors[0]), "weights": [write(*tensor) for tensor in tensors[1:]],
                "output": {"encoding": encoding}}
        return json.dumps(body, separators=(",", ":")).encode(), {"Content-Type": "application/json"}

    return make


def npy(shape, data):
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple(shape)}, }}\n".encode("ascii")
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + data.tobytes()


def form_request(layer, tensors):
    parts = {"layer": layer.encode("ascii")}
    parts.update(zip(("input", "weights[0]", "weights[1]"), (npy(*tensor) for tensor in tensors)))
    body = b"".join(b'--=\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode("ascii"), part)
                    for name, part in parts.items())
    headers = {"Content-Type": 'multipart/form-data; boundary="="', "Accept": "application/octet-stream"}
    return body + b"--=--\r\n", headers


CODINGS = {
    "JSON numbers": json_request(as_numbers, "json"),
    "base64": json_request(as_base64, "base64"),
    "bytes": form_request,
}


def ask(connection, body, headers):
    connection.request("POST", "/v1/convolve", body, headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {text[:500]}")
    return len(text)


def turn(fleet, connection, body, headers, cpu_seconds):
    """The CPU time of the server and of HAProxy for a request."""
    before, count = fleet.cpu_us(), 0
    while fleet.cpu_us()[0] - before[0] < 1e6 * cpu_seconds:
        ask(connection, body, headers)
        count += 1
    return [(after - first) / count for after, first in zip(fleet.cpu_us(), before)]


def measure(fleet, connection, body, headers, arguments):
    """The least of some turns, of each, and the bytes of the answer."""
    received = ask(connection, body, headers)
    turns = [turn(fleet, connection, body, headers, arguments.cpu_seconds) for _ in range(arguments.turns)]
    return *map(min, zip(*turns)), received


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--cpu-seconds", type=float, default=0.5, help="of the server, for a turn (default: 0.5)")
    parser.add_argument("--turns", type=int, default=3, help="of which the least time counts (default: 3)")
    parser.add_argument("--json", help="a file for the results, which plan.py reads")
    parser.add_argument("--layers", default="", help="only those whose name has this in it")
    arguments = parser.parse_args()
    numbers, results = random.Random(1), []
    print("| layer | coding | kB in | kB out | CPU µs: server | HAProxy |\n|---|---|--:|--:|--:|--:|")
    with Fleet(arguments, 1, 1.0, Loopback) as fleet:
        connection = http.client.HTTPConnection(fleet.net.address("proxy"), PORT, timeout=60)
        for name, (layer, *shapes) in LAYERS.items():
            if arguments.layers not in name:
                continue
            tensors = [(shape, draw(shape, numbers)) for shape in [*shapes, [shapes[1][0]]]]
            for coding, make in CODINGS.items():
                body, headers = make(layer, tensors)
                server, proxy, received = measure(fleet, connection, body, headers, arguments)
                results.append({"layer": name, "coding": coding, "bytes_in": len(body), "bytes_out": received,
                                "server_us": server, "proxy_us": proxy})
                print(f"| {name} | {coding} | {len(body) / 1e3:.1f} | {received / 1e3:.1f} | {server:.0f} | {proxy:.0f} |",
                      flush=True)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
