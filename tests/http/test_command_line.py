"""The commands that need no server: convscope review, shape, convolve, rules, man, completion."""

import contextlib
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import tempfile
import unittest

import yaml

from models import mobilenet_v2, onnx_model, skipping
from server import PATIENCE, command, run

NET = """model = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1),
    nn.ReLU(),
    nn.Conv2d(16, 32, 1, stride=2),
    nn.Flatten(),
    nn.Linear(8192, 10),
)
"""
FITS, SKIPS = ["--input", "1,3,32,32"], "/net.py:4:33: warning CV004 stride-skips-input in 2 (Conv2d): "


class Tools(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.net = self.file("net.py", NET)

    def file(self, name, text):
        (self.folder / name).write_text(text, "utf-8")
        return str(self.folder / name)

    def tool(self, status, *arguments, **options):
        done = run(*arguments, **options)
        self.assertEqual(done.returncode, status, done)
        return done.stdout


class Review(Tools):
    def test_a_table(self):
        table = self.tool(0, "review", self.net, *FITS)
        self.assertIn(SKIPS, table)
        self.assertIn("Parameters: 82,922\n", table)  # 448 + 544 + 81930
        self.assertNotIn("\x1b", table)
        self.assertIn("\x1b[1;33mwarning\x1b[0m CV004", self.tool(0, "review", self.net, *FITS, "--color=always"))

    def test_the_exit_status(self):
        for level, status in (("error", 0), ("warning", 1), ("note", 1), ("never", 0)):
            self.tool(status, "review", self.net, *FITS, "--fail-on", level)
        self.tool(1, "review", self.net, "--input", "1,3,30,30")
        self.tool(0, "review", self.net, "--input", "1,3,30,30", "--fail-on", "never")
        self.tool(1, "review", self.net, *FITS, "--budget", "macs=1k")
        self.tool(0, "review", self.net, *FITS, "--budget", "macs=1M,parameters=82922")
        self.tool(0, "review", self.net, *FITS, "--rules", "none", "--fail-on", "note")
        self.tool(2, "review", self.net, "--fail-on", "warnings")
        self.tool(2, "review", self.net, "--no-such-option")
        self.tool(3, "review", str(self.folder / "none.json"))
        self.tool(3, "review", self.file("half.json", '{"class_name": "Sequential",\n "config": '))
        self.tool(3, "review", self.net, self.file("bad.py", "for i in range(3): pass"), "--fail-on=warning")

    def test_errors_have_their_place(self):
        done = run("review", self.file("half.json", '{"class_name": "Sequential",\n "config" 3}'))
        self.assertRegex(done.stderr, r"half\.json:2:\d+: ")
        done = run("review", self.net, "--budget", "mac=3")
        self.assertIn("macs", done.stderr)

    def test_a_baseline(self):
        known = self.file("known.json", self.tool(0, "review", self.net, *FITS, "--format", "json"))
        self.tool(1, "review", self.net, *FITS, "--fail-on", "warning")
        table = self.tool(0, "review", self.net, *FITS, "--fail-on", "note", "--baseline", known)
        self.assertIn("known from the baseline", table)
        self.assertNotIn("CV004", table)

    def test_one_report_of_several_files(self):
        other = self.file("model.json", skipping().text(indent=1))
        report = json.loads(self.tool(1, "review", self.net, other, "--format", "sarif"))
        files = [{r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in one["results"]}
                 for one in report["runs"]]
        self.assertEqual(files, [{self.net}, {other}])
        self.assertEqual(len({one["automationDetails"]["id"] for one in report["runs"]}), 2)
        place = next(r for r in report["runs"][1]["results"] if r["ruleId"] == "CV004")["locations"][0]
        region, lines = place["physicalLocation"]["region"], (self.folder / "model.json").read_text().splitlines()
        self.assertEqual(lines[region["startLine"] - 1].strip(), '"strides": [')
        self.assertEqual(lines[region["endLine"] - 1].strip(), "]")

    def test_other_forms(self):
        model = self.file("model.json", mobilenet_v2().text())
        self.assertEqual(json.loads(self.tool(0, "review", model, "-f", "json"))["totals"]["parameters"], 3538984)
        self.assertTrue(self.tool(0, "review", model, "-f", "markdown").startswith("### Model mobilenet"))
        self.assertTrue(self.tool(0, "review", model, "-f", "csv").startswith("name,type,"))

    def test_standard_input(self):
        self.assertIn("CV004", self.tool(0, "review", *FITS, input=NET))
        lines = json.dumps({"model": NET, "input_shape": [1, 3, 32, 32]}) + "\n\n{}\n"
        answers = [json.loads(line) for line in self.tool(3, "review", "--ndjson", input=lines).splitlines()]
        self.assertEqual([len(answers), answers[0]["totals"]["parameters"]], [2, 82922])
        self.assertEqual(answers[1]["errors"][0]["code"], "model-missing")

    def test_options_that_are_wrong(self):
        for option, value in (("budget", "mac=3"), ("budget", "macs=many"), ("rules", "CV999"), ("input", "1,-3"),
                              ("input", "1,3,99999999999999999999,9"), ("thresholds", "dropout_rate=9")):
            done = run("review", self.net, self.net, f"--{option}", value)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done)
            self.assertEqual(done.stderr.count(f"convscope review: --{option}: "), 1, done.stderr)
        self.tool(2, "diff", self.net, self.net, "--rules", "CV999")


class Lines(Tools):
    """--ndjson: a request a line, an answer a line."""

    LINE = '{"layer": "ReLU()", "input_shape": [1, 2], "fields": ["output"]}\n'

    def test_several_files(self):
        one, other = self.file("one", self.LINE), self.file("other", self.LINE + self.LINE)
        self.assertEqual(len(self.tool(0, "shape", "--ndjson", one, other).splitlines()), 3)

    def test_what_cannot_be_read_is_no_success(self):
        for name in ("review", "shape", "convolve"):
            self.tool(3, name, "--ndjson", str(self.folder))
            self.tool(3, name, "--ndjson", str(self.folder / "none"))
        self.tool(2, "convolve", "--ndjson", "--npy", input="")

    def test_problems_are_answers(self):
        """Each in the place of what it answers; and with --fail-on never they fail nothing."""
        wrong = ["{", '{"layer": "Conv1D(8, 3"}', '{"layer": "Conv1D(8, 3)", "input_shape": [null, 2, 1]}']
        lines = "".join(self.LINE + one + "\n" for one in wrong) + self.LINE.rstrip("\n")
        for status, options in ((3, ()), (3, ("--fail-on", "error")), (0, ("--fail-on", "never"))):
            answers = self.tool(status, "shape", "--ndjson", *options, input=lines).splitlines()
            self.assertEqual([json.loads(one).get("status") for one in answers], [None, 400, None, 422, None, 422, None])
        self.tool(3, "convolve", "--ndjson", input="{}\n")
        self.tool(0, "convolve", "--ndjson", "--fail-on", "never", input="{}\n")
        self.tool(0, "review", "--ndjson", "--fail-on", "never", input="{}\n")
        self.tool(3, "shape", "--ndjson", "--fail-on", "never", str(self.folder / "none"))
        self.tool(2, "shape", "--ndjson", "--fail-on", "always", input="")

    def test_nobody_reads_the_answers(self):
        """It ends then, and says so, however much there is to answer."""
        with subprocess.Popen(command("shape", "--ndjson", "/dev/stdin"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as shape:
            shape.stdout.close()
            with self.assertRaises(BrokenPipeError):
                while True:
                    shape.stdin.write(self.LINE.encode())
                    shape.stdin.flush()
            with contextlib.suppress(BrokenPipeError):
                shape.stdin.close()
        self.assertNotEqual(shape.returncode, 0)

    def test_an_answer_comes_before_the_next_line(self):
        with subprocess.Popen(command("shape", "--ndjson"), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as shape:
            for _ in range(2):
                shape.stdin.write(self.LINE.encode())
                shape.stdin.flush()
                self.assertTrue(select.select([shape.stdout], [], [], PATIENCE)[0])
                self.assertEqual(json.loads(shape.stdout.readline())["output"]["shape"], [1, 2])


class Progress(Tools):
    """How far long work has come is told at a terminal, where the answers go elsewhere."""

    def test_lines(self):
        terminal, theirs = os.openpty()
        self.addCleanup(os.close, terminal)
        with subprocess.Popen(command("shape", "--ndjson"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=theirs) as shape:
            os.close(theirs)
            told, lines = b"", 0
            while b" lines" not in told and lines < 10 * PATIENCE:
                shape.stdin.write(Lines.LINE.encode())
                shape.stdin.flush()
                lines += 1
                if select.select([terminal], [], [], 0.1)[0]:
                    told += os.read(terminal, 4096)
        count = re.fullmatch(rb"convscope shape: (\d+) lines\x1b\[K\r", told)
        self.assertTrue(count and 0 < int(count[1]) <= lines, told)


class Readme(Tools):
    def test_the_hook_and_its_example(self):
        """What pre-commit runs: the hook's entry, the arguments of the example, and the files that changed."""
        root = pathlib.Path(__file__).resolve().parents[2]
        hook = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]
        example = re.search(r"```yaml\n# .pre-commit-config.yaml\n(.*?)```", (root / "README.md").read_text("utf-8"), re.S)
        used = yaml.safe_load(example[1])["repos"][0]["hooks"][0]
        self.assertEqual(used["id"], hook["id"])
        self.assertTrue(re.search(hook["files"], "models/net.onnx"))
        command, *arguments = hook["entry"].split()
        self.assertEqual(command, "convscope")
        self.assertIn("CV004", self.tool(1, *arguments, *used["args"], self.net))

    def test_the_table_is_as_printed(self):
        text = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
        code, command, table = re.search(r"```python\n(net = .*?)```\n\n```sh\n(.*?)\n```\n\n```text\n(.*?)```", text, re.S).groups()
        self.file("net.py", code)
        done = run(*command.split()[1:], cwd=self.folder)
        self.assertEqual((done.stdout, done.returncode), (table, 1))


class Diff(Tools):
    def test_two_files(self):
        other = self.file("other.py", NET.replace("16, 32, 1, stride=2", "16, 32, 3, stride=2, padding=1"))
        table = self.tool(0, "diff", self.net, other, *FITS)
        self.assertIn("fixed  warning CV004  2  ", table)
        self.assertRegex(table, r"changed  2 \(Conv2d\)  .*; kernel \[1,1\] to \[3,3\]; .*parameters \+4,096 ")
        self.tool(1, "diff", other, self.net, *FITS, "--fail-on", "warning")
        self.tool(0, "diff", other, self.net, *FITS)
        self.assertEqual(json.loads(self.tool(0, "diff", self.net, other, "-f", "json"))["unchanged"], 4)
        (self.folder / "model.onnx").write_bytes(onnx_model())
        onnx = str(self.folder / "model.onnx")
        self.assertIn("2 layers unchanged", self.tool(0, "diff", onnx, onnx))
        self.tool(2, "diff", self.net)
        self.tool(3, "diff", self.net, str(self.folder / "none"))


class Layers(Tools):
    def test_shape(self):
        text = self.tool(0, "shape", "Conv2D(40, 5)", "--input", "128,128,3")
        self.assertRegex(text, r"output +\(None, 124, 124, 40\)")
        answer = json.loads(self.tool(0, "shape", "nn.Conv2d(3, 8, 3)", "-i", "2,3,H,W=9", "-f", "json"))
        self.assertEqual(answer["output"]["shape"], [2, 8, "H - 2", 7])
        chain = self.tool(0, "shape", "Conv2D(8, 3)", "Flatten()", "--input", "None,8,8,1")
        self.assertRegex(chain, r"all: output \(None, 288\)")
        self.tool(3, "shape", "Conv2D(8, 9)", "--input", "4,4,3")
        self.tool(2, "shape")
        lines = '{"layer": "ReLU()", "input_shape": [1, 2]}\n'
        self.assertEqual(json.loads(self.tool(0, "shape", "--ndjson", input=lines))["output"]["shape"], [1, 2])

    def test_convolve(self):
        body = {"layer": "Conv1D(1, 2, use_bias=False)", "input": [[[1], [2], [3]]], "weights": [[[[1]], [[10]]]]}
        answer = json.loads(self.tool(0, "convolve", self.file("request.json", json.dumps(body))))
        self.assertEqual(answer["output"]["data"], [21, 32])
        del body["weights"]
        self.tool(3, "convolve", input=json.dumps(body))

    def test_rules(self):
        self.assertRegex(self.tool(0, "rules"), r"CV004 +warning +stride-skips-input ")
        self.assertEqual(json.loads(self.tool(0, "rules", "-f", "json"))["rules"][0]["id"], "CV001")


class Table(Tools):
    """What is written of the table of options."""

    NAMES = ("review", "diff", "shape", "convolve", "rules", "completion", "man")

    def options(self, name):
        return [word for word in self.tool(0, "help", name).split() if word.startswith("--")]

    def test_help(self):
        for name in self.NAMES:
            self.assertIn("--help", self.options(name))
            self.assertEqual(self.tool(0, name, "--help"), self.tool(0, "help", name))
            for line in self.tool(0, name, "--help").splitlines():
                self.assertTrue(len(line) <= 100 or line.startswith("  echo "), line)
            self.assertIn(f"  {name}", self.tool(0, "help"))

    @unittest.skipUnless(shutil.which("man") and shutil.which("groff"), "man-db and groff are not installed")
    def test_manual_pages_are_well_formed(self):
        for page in ((), *((name,) for name in self.NAMES)):
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=self.tool(0, "man", *page),
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), page)

    def test_manual_pages_name_every_option(self):
        for name in self.NAMES:
            page = self.tool(0, "man", name).replace("\\-", "-")
            for option in self.options(name):
                self.assertIn(option.strip("[],"), page)

    def test_bash_completes(self):
        script = self.file("complete.sh", self.tool(0, "completion", "bash") + """
COMP_WORDS=(convscope "$@"); COMP_CWORD=$#; _convscope; printf '%s\\n' "${COMPREPLY[@]}"
""")

        def complete(*words):
            done = subprocess.run(["bash", script, *words], capture_output=True, text=True, check=True)
            return done.stdout.split()

        self.assertEqual(complete("rev"), ["review"])
        self.assertEqual(complete("review", "--bas"), ["--baseline"])
        self.assertEqual(complete("review", "--format", "s"), ["sarif"])
        self.assertEqual(complete("review", str(self.folder / "ne")), [self.net])

    def test_other_shells(self):
        for shell in ("zsh", "fish"):
            script = self.file("script", self.tool(0, "completion", shell))
            self.assertIn("baseline", pathlib.Path(script).read_text())
            if shutil.which(shell):
                subprocess.run([shell, "-n", script], check=True)
        self.tool(2, "completion", "tcsh")


class Output(Tools):
    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_a_full_disk_is_no_success(self):
        with open("/dev/full", "w") as full:
            self.assertEqual(run("rules", stdout=full).returncode, 3)


if __name__ == "__main__":
    unittest.main()
