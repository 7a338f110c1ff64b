#!/usr/bin/env python3
"""Run every HTTP test against a program: run.py --program build/bin/convscope [-v] [NAME...]

NAME limits the run to tests whose name contains it. Ends with one line "N passed, N failed, N skipped".
"""

import argparse
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class Counts(unittest.TextTestResult):
    """A test counts once, however many of its subtests fail."""

    def summary(self):
        broken = {getattr(test, "test_case", test).id() for test, _ in self.failures + self.errors}
        left = [test.id() for test, _ in self.skipped]
        # What was said of a whole class was said before its tests were run.
        passed = self.testsRun - len([name for name in [*broken, *left] if "setUpClass" not in name])
        return f"{passed} passed, {len(broken)} failed, {len(left)} skipped"


def matching(suite, names):
    """The tests of `suite` whose name contains one of `names`."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from matching(test, names)
        elif not names or any(name in test.id() for name in names):
            yield test


def run(suite, verbose):
    """Run the tests and print their summary; the exit status."""
    result = unittest.TextTestRunner(resultclass=Counts, verbosity=2 if verbose else 1).run(suite)
    print(result.summary())
    return 0 if result.wasSuccessful() else 1


def main(here, description, program=True):
    """The tests in the folder `here`, as the command line says; the exit status. `program`: whether they want one."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    if program:
        parser.add_argument("--program", default=HERE.parents[1] / "build" / "bin" / "convscope", type=pathlib.Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("names", nargs="*", help="tests whose name contains one of these; default: all")
    options = parser.parse_args()
    if program:
        if not options.program.exists():
            parser.error(f"there is no {options.program}: build first")
        os.environ["CONVSCOPE_PROGRAM"] = str(options.program.resolve())
    found = unittest.defaultTestLoader.discover(str(here))
    return run(unittest.TestSuite(matching(found, options.names)), options.verbose)


if __name__ == "__main__":
    sys.exit(main(HERE, __doc__))
