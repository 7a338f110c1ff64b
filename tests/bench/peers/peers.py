"""peers.py - the layers of bench_conv by PyTorch, ONNX Runtime and this project in turn, on the same cores.

Run by ./run, which installs what it needs.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import tempfile
import time

import torch

from sides import OnnxRuntime, Ours, PyTorch

TURNS = 5
PAUSE = 0.02  # seconds: after its work a thread pool spins for some milliseconds
LOST = 10  # a peer so many times slower was kept from the cores by its own threads or somebody else's


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench-conv", default="build/bin/bench_conv", help="the program of tests/bench/conv")
    parser.add_argument("--ort", required=True, help="the folder that onnxruntime-node is installed in")
    parser.add_argument("--set", choices=("headline", "all"), default="headline")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=1, help="for each layer, about")
    parser.add_argument("--json", help="a file for the results")
    return parser.parse_args()


def measure(layer, sides, seconds):
    """{side: (least, median) in microseconds} of one layer; turns alternate."""
    repetitions = {}
    for side in sides:
        side.prepare(layer)
        look = side.run(3)
        share = seconds * 1e6 / TURNS / len(sides)
        repetitions[side] = max(2, min(1000, int(share / min(look)))) if look else 0
    times = {side: [] for side in sides if repetitions[side]}
    for _ in range(TURNS):
        for side, own in times.items():
            time.sleep(PAUSE)
            own += side.run(repetitions[side])
    return {side.name: (min(own), statistics.median(own)) for side, own in times.items()}


def ratio(row, peer, which=0):
    """How much longer the peer takes, by minima or medians; None where a side is missing."""
    ours, other = row["us"].get(Ours.name), row["us"].get(peer)
    return other[which] / ours[which] if ours and other else None


def mean(rows, peer, which):
    """The geometric mean of the ratios, and how many were lost."""
    ratios = [ratio(row, peer, which) for row in rows if ratio(row, peer)]
    kept = [each for each in ratios if each < LOST]
    return math.exp(sum(map(math.log, kept)) / len(kept)) if kept else math.nan, len(ratios) - len(kept)


def print_row(row, sides):
    cells = [f"{'*' if row['layer']['headline'] else ' '} {row['layer']['name']:40}"]
    for side in sides:
        us = row["us"].get(side.name)
        cells.append(f"{us[0]:10.1f} ({us[1]:9.1f})" if us else f"{'-':>22}")
    cells += [f"{ratio(row, side.name) or math.nan:8.2f}" for side in sides[1:]]
    print(" ".join(cells), flush=True)


def print_means(rows, sides):
    headline = [row for row in rows if row["layer"]["headline"]]
    print("geometric means of minima (medians)")
    for what, some in (("headline", headline), ("all layers measured", rows)):
        for side in sides[1:]:
            (least, lost), (median, lost_medians) = (mean(some, side.name, which) for which in (0, 1))
            print(f"against {side.name:12} {least:6.3f} ({median:6.3f})  {what}, {len(some)} layers less {lost} "
                  f"({lost_medians}) lost")


def versions(arguments):
    with open(os.path.join(arguments.ort, "node_modules/onnxruntime-node/package.json"), encoding="utf-8") as file:
        runtime = json.load(file)["version"]
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        cpu = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    return {"cpu": cpu, "threads": arguments.threads, "pytorch": torch.__version__, "onnxruntime": runtime}


def main():
    arguments = read_arguments()
    layers = json.loads(subprocess.check_output([arguments.bench_conv, "--list-json"], text=True))
    about = versions(arguments)
    print("\n".join(f"{key:12} {value}" for key, value in about.items()))
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        sides = [Ours(arguments.bench_conv, arguments.threads), PyTorch(arguments.threads),
                 OnnxRuntime(arguments.threads, arguments.ort, scratch)]
        print(f"microseconds, minimum (median); ratios of minima, above 1: ours is faster\n  {'layer':40} "
              + " ".join(f"{side.name:>22}" for side in sides) + " /pytorch     /ort")
        for layer in layers:
            if arguments.set == "headline" and not layer["headline"]:
                continue
            rows.append({"layer": layer, "us": measure(layer, sides, arguments.seconds)})
            print_row(rows[-1], sides)
        for side in sides:
            side.close()
    print_means(rows, sides)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"about": about, "results": rows}, file, indent=1)


if __name__ == "__main__":
    main()
