"""The files of the project, without what is built or installed beside them."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]


def ours(name):
    return name not in (".git", "dist", "node_modules", "__pycache__") and not name.startswith("build")


def files(*suffixes):
    """Those whose names end in one of `suffixes`; all without any."""
    for folder, folders, names in os.walk(ROOT):
        # What is built lies at the top alone.
        folders[:] = sorted(name for name in folders if ours(name))
        for name in sorted(names):
            if not suffixes or name.endswith(suffixes):
                yield pathlib.Path(folder, name)


def short(path):
    return str(path.relative_to(ROOT))
