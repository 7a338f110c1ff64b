#!/usr/bin/env python3
"""Several servers behind HAProxy: run.py --program build/bin/convscope [-v] [NAME...]. Ends with "N passed, N failed, N skipped"."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
# In place of this folder, which has a run.py too.
sys.path[0] = str(HERE.parent / "http")

from run import main  # noqa: E402  (where to find it has to be said first)

if __name__ == "__main__":
    sys.exit(main(HERE, __doc__))
