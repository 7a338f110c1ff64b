#!/usr/bin/python3
"""plot.py - draws what `bench_conv --json FILE` measured.

Above, per layer, how much faster ours is than oneDNN from plain layouts; below, GFLOP/s of both against the CPU's peak
(Winograd layers pass it: they are counted as the direct method). Needs Debian's python3-matplotlib.
"""

import argparse
import json
import math

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.fonttype"] = "none"
from matplotlib import pyplot

OURS, PEER = "#1f6f8b", "#d08c3f"


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("json")
    parser.add_argument("svg")
    parser.add_argument("--threads", type=int, help="default: the most that were measured")
    parser.add_argument("--format", default="nchw", choices=("nchw", "nhwc"))
    return parser.parse_args()


def gflops(result, task):
    return result["flops"] / result["times"][task]["least_us"] * 1e-3


def draw_ratios(axes, results):
    ratios = [r["times"]["onednn_plain"]["least_us"] / r["times"]["planned"]["least_us"] for r in results]
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    axes.bar(range(len(ratios)), [ratio - 1 for ratio in ratios], bottom=1, color=OURS)
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set_yscale("log")
    axes.yaxis.set_minor_formatter("")
    axes.set_yticks([0.5, 1, 2, 4, 8, 16], ["0.5", "1", "2", "4", "8", "16"])
    axes.axhline(mean, color=OURS, linewidth=1, linestyle="--", label=f"geometric mean {mean:.2f}")
    axes.set_ylabel("times as fast as oneDNN,\nplain layouts")
    axes.legend(loc="upper left", frameon=False)


def draw_rates(axes, results):
    sides = (-0.2, "planned", OURS, "convscope"), (0.2, "onednn_plain", PEER, "oneDNN, plain")
    for shift, task, color, label in sides:
        rates = [gflops(result, task) for result in results]
        axes.bar([i + shift for i in range(len(rates))], rates, width=0.4, color=color, label=label)
    axes.axhline(results[0]["peak_gflops"], color="black", linewidth=0.8, linestyle=":", label="peak of multiply-adds")
    axes.set_ylabel("GFLOP/s")
    axes.set_xticks(range(len(results)), [result["layer"]["name"] for result in results], rotation=90, fontsize=7)
    axes.legend(loc="upper right", frameon=False)


def main():
    arguments = read_arguments()
    with open(arguments.json, encoding="utf-8") as file:
        measured = json.load(file)
    threads = arguments.threads or max(result["threads"] for result in measured["results"])
    results = [
        result for result in measured["results"]
        if result["threads"] == threads and result["format"] == arguments.format
        and {"planned", "onednn_plain"} <= result["times"].keys()
    ]
    if not results:
        raise SystemExit("the file has no layer that both sides computed so")
    figure, (above, below) = pyplot.subplots(2, 1, sharex=True, figsize=(max(8, 0.36 * len(results)), 8))
    draw_ratios(above, results)
    draw_rates(below, results)
    machine = measured["machine"]
    above.set_title(f"{machine['cpu']}, {machine['isa']}, {threads} thread{'s' * (threads > 1)}, {arguments.format}, "
                    f"batch 1; oneDNN {machine['onednn']}", fontsize=9)
    figure.tight_layout()
    figure.savefig(arguments.svg, metadata={"Date": None})


if __name__ == "__main__":
    main()
