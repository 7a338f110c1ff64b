"""Continuous integration for people runs what .ci/run runs, and GitHub will understand it."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml
from node_tools import install
from tree import ROOT, short

HERE = Path(__file__).resolve().parent
TOOLS = ROOT / "build" / "node-house"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")


def jobs():
    for path in WORKFLOWS:
        for name, job in yaml.safe_load(path.read_text("utf-8"))["jobs"].items():
            yield f"{short(path)}: {name}", job


def stages_run(job):
    """The stages of tests/run that a job runs, its matrix laid out."""
    for step in job["steps"]:
        for words in re.findall(r"^(?:\.ci|tests)/run (.+)$", step.get("run", ""), re.MULTILINE):
            if words == "${{ matrix.stages }}":
                words = " ".join(job["strategy"]["matrix"]["stages"])
            yield from words.split()


def stages_there_are():
    listed = subprocess.run([ROOT / "tests" / "run", "--list"], capture_output=True, text=True, timeout=60, check=True)
    return {line.split()[0] for line in listed.stdout.splitlines()}


class Tools(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        reason = install(HERE, TOOLS)
        if reason:
            raise unittest.SkipTest(reason)

    def said(self, *paths):
        environment = {**os.environ, "NODE_PATH": str(TOOLS / "node_modules")}
        command = ["node", HERE / "workflows.cjs", *paths]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout

    def test_they_find_nothing(self):
        self.assertEqual(self.said(*WORKFLOWS), "")

    def test_they_look(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "broken.yml")
            path.write_text(
                "on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    strategy: {matrix: {compiler: [gcc]}}\n    timeout: 5\n"
                "    steps:\n      - run: echo ${{ matrix.compilers }}\n",
                "utf-8",
            )
            said = self.said(path)
        self.assertRegex(said, 'actionlint: property "compilers" is not defined')
        self.assertRegex(said, "action-validator: .*'timeout' is not allowed")


class Workflows(unittest.TestCase):
    def test_they_run_every_stage_and_no_other(self):
        run = {stage for _, job in jobs() for stage in stages_run(job)}
        self.assertEqual(run, stages_there_are())

    def test_they_may_only_read_and_end(self):
        for path in WORKFLOWS:
            self.assertEqual(yaml.safe_load(path.read_text("utf-8"))["permissions"], {"contents": "read"}, short(path))
        for name, job in jobs():
            with self.subTest(job=name):
                self.assertIn("timeout-minutes", job)
                self.assertNotIn("permissions", job)

    def test_actions_are_githubs_own(self):
        used = {step["uses"] for _, job in jobs() for step in job["steps"] if "uses" in step}
        self.assertEqual([action for action in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", action)], [])


class IssueForms(unittest.TestCase):
    def test_forms_are_what_github_takes(self):
        self.assertGreater(len(FORMS), 0)
        for path in FORMS:
            form = yaml.safe_load(path.read_text("utf-8"))
            with self.subTest(form=path.name):
                self.assertLessEqual({"name", "description", "body"}, form.keys())
                asked = [part for part in form["body"] if part["type"] != "markdown"]
                self.assertTrue(all(part["type"] in ("textarea", "input", "dropdown", "checkboxes") for part in asked))
                self.assertTrue(all(part["attributes"]["label"] for part in asked))
                self.assertEqual(len({part["id"] for part in asked}), len(asked))
                for part in asked:
                    self.assertEqual("options" in part["attributes"], part["type"] in ("dropdown", "checkboxes"))


if __name__ == "__main__":
    unittest.main()
