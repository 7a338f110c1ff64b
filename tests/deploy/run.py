#!/usr/bin/env python3
"""What is in docker/, each file with its own tool: run.py --program build/bin/convscope [-v] [NAME...]. Ends with "N passed, N failed, N skipped"."""

import argparse
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
# In place of this folder, which has a run.py too.
sys.path[0] = str(HERE.parent / "http")
sys.path.append(str(HERE.parent / "scale"))

from run import matching, run  # noqa: E402  (where to find it has to be said first)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=HERE.parents[1] / "build" / "bin" / "convscope", type=pathlib.Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("names", nargs="*", help="tests whose name contains one of these; default: all")
    options = parser.parse_args()
    if not options.program.exists():
        parser.error(f"there is no {options.program}: build first")
    os.environ["CONVSCOPE_PROGRAM"] = str(options.program.resolve())
    found = unittest.defaultTestLoader.discover(str(HERE))
    return run(unittest.TestSuite(matching(found, options.names)), options.verbose)


if __name__ == "__main__":
    sys.exit(main())
