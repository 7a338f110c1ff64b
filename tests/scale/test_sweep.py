"""The sweep of docker/kubernetes/sweep: its script as a pod runs it, and the command line behind a pipe as Spark has it."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

from server import PATIENCE, PROGRAM, ROOT

SWEEP = ROOT / "docker" / "kubernetes" / "sweep"
LAYERS = 500


def layers(first, count):
    made = subprocess.run([sys.executable, SWEEP / "layers.py", str(first), str(count)], capture_output=True, text=True,
                          timeout=PATIENCE, check=True)
    return made.stdout.splitlines()


def partition(lines, *options):
    """What Spark's pipe does to a partition: a process gets an element a line while its lines are read; the elements that
    come out, and its exit status. A status other than 0 fails the partition."""
    command = [PROGRAM, "shape", "--ndjson", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def write():
            with process.stdin:
                process.stdin.writelines(f"{line}\n" for line in lines)

        writer = threading.Thread(target=write)
        writer.start()
        answers = [line.rstrip("\n") for line in process.stdout]
        writer.join()
    return answers, process.returncode


class Pipe(unittest.TestCase):
    """An element in, an element out, in their order."""

    def test_the_answers_are_those_of_the_lines(self):
        asked = layers(640000000, LAYERS)
        answers, status = partition(asked)
        self.assertEqual((len(answers), status), (LAYERS, 0))
        for line, answer in zip(asked, map(json.loads, answers)):
            layer = json.loads(line)["layer"]
            self.assertEqual(answer["output"]["shape"][-1], layer["filters"])
            kernel, channels = layer["kernel"][0], json.loads(line)["input_shape"][-1]
            self.assertEqual(answer["parameters"],
                             layer["filters"] * (kernel**2 * channels // layer["groups"] + 1))

    def test_a_layer_that_cannot_be_is_an_answer(self):
        asked = layers(0, LAYERS)
        answers, status = partition(asked, "--fail-on", "never")
        self.assertEqual((len(answers), status), (LAYERS, 0))
        refused = [json.loads(line).get("status") == 422 for line in answers]
        self.assertEqual(refused, ['"padding":"valid"' in line and '"kernel":[1,1]' not in line for line in asked])
        self.assertEqual(partition(asked)[1], 3)


class Sweep(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results, self.programs = pathlib.Path(folder.name) / "results", pathlib.Path(folder.name) / "bin"
        self.results.mkdir()
        self.programs.mkdir()
        (self.programs / "convscope").symlink_to(PROGRAM)

    def sweep(self, part):
        """The exit status of what a pod of the job runs."""
        environment = {"PATH": f"{self.programs}:{os.environ['PATH']}", "JOB_COMPLETION_INDEX": str(part),
                       "LAYERS": str(LAYERS), "RESULTS": str(self.results)}
        return subprocess.run(["bash", SWEEP / "sweep.sh"], env=environment, stderr=subprocess.PIPE, timeout=PATIENCE,
                              check=False).returncode

    def answers(self, part):
        file = self.results / f"part-{part:05}.ndjson.zst"
        return subprocess.run(["zstd", "-dc", file], capture_output=True, text=True, check=True).stdout.splitlines()

    def replace_program(self, script):
        """Behind its back."""
        program = self.programs / "convscope"
        program.unlink()
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        program.chmod(0o755)

    def test_parts(self):
        """Side by side they are the grid."""
        for part in (0, 7):
            self.assertEqual(self.sweep(part), 0)
            self.assertEqual(self.answers(part), partition(layers(part * LAYERS, LAYERS))[0])

    def test_a_part_that_fails_leaves_nothing(self):
        for script in (f"head -n 9 | {PROGRAM} shape --ndjson; kill -KILL $$", "head -n 9", "cat; echo"):
            self.replace_program(script)
            self.assertNotEqual(self.sweep(3), 0, script)
            self.assertEqual(list(self.results.iterdir()), [], script)

    def test_a_part_that_is_there_is_not_made_again(self):
        self.assertEqual(self.sweep(2), 0)
        self.replace_program("exit 1")
        self.assertEqual(self.sweep(2), 0)
        self.assertEqual(len(self.answers(2)), LAYERS)

    def test_the_end_of_the_grid(self):
        self.assertNotEqual(self.sweep(1291845632 // LAYERS), 0)
        self.assertEqual(len(layers(1291845632 - 1, 1)), 1)


if __name__ == "__main__":
    unittest.main()
