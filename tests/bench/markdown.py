#!/usr/bin/python3
"""markdown.py - the README's table from `bench_conv --json` and `peers/run --json`, both of the headline layers.

    tests/bench/markdown.py build/conv.json build/peers.json
"""

import json
import math
import sys


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def by_layer(results, **wanted):
    return {r["layer"]["name"]: r for r in results if all(r[key] == value for key, value in wanted.items())}


def mean(ratios):
    known = [ratio for ratio in ratios if ratio]
    return math.exp(sum(map(math.log, known)) / len(known))


def onednn_ratios(result):
    least = {task: times["least_us"] for task, times in result["times"].items()}
    return least["onednn_plain"] / least["planned"], least["onednn_own"] / least["planned"]


def peer_ratio(result, peer, lost=10):
    """None where the peer was kept from the cores, as peers.py leaves it out of its mean."""
    ratio = result["us"][peer][0] / result["us"]["convscope"][0]
    return ratio if ratio <= lost else None


def row(one, two, peers):
    share = two["flops"] / two["times"]["planned"]["least_us"] * 1e-3 / two["peak_gflops"]
    return [two["layer"]["name"], two["algorithm"], two["times"]["planned"]["least_us"], share, onednn_ratios(one)[0],
            *onednn_ratios(two), peer_ratio(peers, "pytorch"), peer_ratio(peers, "onnxruntime")]


def cell(value):
    return value if isinstance(value, str) else "-" if value is None else f"{value:.2f}"


def main():
    conv, peers = read(sys.argv[1]), read(sys.argv[2])
    ones, twos = (by_layer(conv["results"], format="nchw", threads=threads) for threads in (1, 2))
    others = by_layer(peers["results"])
    rows = [row(ones[name], twos[name], others[name]) for name in twos]
    print("| layer | algorithm | µs | of peak | oneDNN plain, 1 thread | oneDNN plain | oneDNN's own layout "
          "| PyTorch | ONNX Runtime |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, algorithm, us, *numbers in rows:
        print("|", " | ".join([name, algorithm, f"{us:.0f}", *map(cell, numbers)]), "|")
    means = [mean([r[column] for r in rows]) for column in range(4, 9)]
    print("| **geometric mean** | | | |", " | ".join(f"**{value:.2f}**" for value in means), "|")


if __name__ == "__main__":
    main()
