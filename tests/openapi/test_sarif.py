"""Reports for code scanning, in other people's hands: the schema of SARIF 2.1.0 that @microsoft/jest-sarif ships."""

import json
import os
import subprocess
import sys
import unittest

import jsonschema

from test_tools import ROOT, TOOLS, missing

sys.path.append(str(ROOT / "tests" / "http"))

from models import mobilenet_v2, onnx_model, skipping  # noqa: E402  (where to find it has to be said first)

PROGRAM = os.environ.get("CONVSCOPE_PROGRAM", ROOT / "build" / "bin" / "convscope")
SCHEMA = TOOLS / "node_modules" / "@microsoft" / "jest-sarif" / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"


class Sarif(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        reason = missing() or (None if os.path.exists(PROGRAM) else f"there is no {PROGRAM}: build first")
        if reason:
            raise unittest.SkipTest(reason)
        schema = json.loads(SCHEMA.read_text("utf-8"))
        cls.validator = jsonschema.validators.validator_for(schema)(schema)

    def report(self, model, *options):
        command = [PROGRAM, "review", "--format", "sarif", "--fail-on", "never", *options]
        return json.loads(subprocess.run(command, input=model, capture_output=True, timeout=60, check=True).stdout)

    def wrong(self, report):
        return [error.message for error in self.validator.iter_errors(report)]

    def test_reports_are_valid(self):
        for model in (skipping().text(), mobilenet_v2().text(indent=1), onnx_model(), "nn.Conv2d(3, 8, 1, stride=2)"):
            data = model if isinstance(model, bytes) else model.encode()
            for language in ("en", "zh"):
                report = self.report(data, "--rules", "all", "--language", language)
                self.assertEqual(self.wrong(report), [])
                self.check_for_github(report)

    def check_for_github(self, report):
        """What GitHub wants beside the schema, lest it refuse the whole file."""
        (run,) = report["runs"]
        rules = run["tool"]["driver"]["rules"]
        self.assertTrue(run["results"])
        for rule in rules:
            for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"], rule["help"]["text"]):
                self.assertTrue(0 < len(text) <= 1024, rule)
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            place = result["locations"][0]["physicalLocation"]
            self.assertFalse(place["artifactLocation"]["uri"].startswith("/"))
            region = place["region"]
            self.assertLess((region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"]))
            self.assertTrue(result["partialFingerprints"]["primaryLocationLineHash"])

    def test_the_schema_looks(self):
        report = self.report(skipping().text().encode())
        report["runs"][0]["results"][0]["level"] = "bad"
        self.assertNotEqual(self.wrong(report), [])


if __name__ == "__main__":
    unittest.main()
