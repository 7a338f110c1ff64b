#!/usr/bin/env python3
"""Several servers behind HAProxy: run.py --program build/bin/convscope [-v]. Ends with "N passed, N failed, N skipped"."""

import argparse
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
# In place of this folder, which has a run.py too.
sys.path[0] = str(HERE.parent / "http")

from run import run  # noqa: E402  (where to find it has to be said first)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=HERE.parents[1] / "build" / "bin" / "convscope", type=pathlib.Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    if not options.program.exists():
        parser.error(f"there is no {options.program}: build first")
    os.environ["CONVSCOPE_PROGRAM"] = str(options.program.resolve())
    return run(unittest.defaultTestLoader.discover(str(HERE)), options.verbose)


if __name__ == "__main__":
    sys.exit(main())
