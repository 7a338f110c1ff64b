#!/usr/bin/env python3
"""Look at the repository itself: links, scripts, versions, workflows: run.py [-v]. Ends with "N passed, N failed, N skipped"."""

import argparse
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
# In place of this folder, which has a run.py too.
sys.path[0] = str(HERE.parent / "http")

from run import run  # noqa: E402  (where to find it has to be said first)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    return run(unittest.defaultTestLoader.discover(str(HERE)), options.verbose)


if __name__ == "__main__":
    sys.exit(main())
