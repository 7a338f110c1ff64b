#!/usr/bin/env python3
"""Look at server/openapi.yaml, and with build/bin/convscope at reports in SARIF: run.py [-v] [NAME...]. Ends with one line "N passed, N failed, N skipped"."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
# In place of this folder, which has a run.py too.
sys.path[0] = str(HERE.parent / "http")

from run import main  # noqa: E402  (where to find it has to be said first)

if __name__ == "__main__":
    sys.exit(main(HERE, __doc__, program=False))
