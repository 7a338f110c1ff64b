#!/usr/bin/env python3
"""plan.py - cores and network for a rate of convolutions, from the service times that service_times.py --json measured.

cores = rate * CPU time / busy; servers = cores / cores of a machine, rounded up, and one more; network = rate * bytes.
"""

import argparse
import json
import math


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("times", help="what service_times.py --json wrote")
    parser.add_argument("--rate", type=float, default=100000, help="convolutions a second (default: 100000)")
    parser.add_argument("--busy", type=float, default=0.6, help="share of a core's time that is used (default: 0.6)")
    parser.add_argument("--cores", type=int, default=16, help="of a machine (default: 16)")
    arguments = parser.parse_args()
    with open(arguments.times, encoding="utf-8") as file:
        rows = json.load(file)

    def cores(cpu_us):
        return arguments.rate * cpu_us / 1e6 / arguments.busy

    print(f"| layer | coding | cores | machines of {arguments.cores} | HAProxy cores | Gbit/s in | out |\n"
          "|---|---|--:|--:|--:|--:|--:|")
    for row in rows:
        machines = math.ceil(cores(row["server_us"]) / arguments.cores) + 1
        gigabits = (arguments.rate * row[way] * 8 / 1e9 for way in ("bytes_in", "bytes_out"))
        print(f"| {row['layer']} | {row['coding']} | {cores(row['server_us']):.0f} | {machines} "
              f"| {cores(row['proxy_us']):.0f} | " + " | ".join(f"{rate:.0f}" for rate in gigabits) + " |")


if __name__ == "__main__":
    main()
