"""sides.py - who is compared: each side is told a layer, then asked for the microseconds of some runs of it."""

import json
import os
import subprocess
import time

import torch

import onnx_model


class Program:
    """A program that answers a line of input with a line of output."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.process.args[0]} ended early")
        return answer.strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Ours:
    name = "convscope"

    def __init__(self, bench_conv, threads):
        self.program = Program([bench_conv, "--serve", "--threads", str(threads)])
        self.close = self.program.close

    def prepare(self, layer):
        self.layer = layer["name"]

    def run(self, repetitions):
        """Empty where the engine does not do the layer."""
        answer = self.program.ask(f"{repetitions} {self.layer}")
        return [] if answer == "unsupported" else [float(us) for us in answer.split()]


class PyTorch:
    """torch.nn.functional in inference mode; what one call cannot pad is padded before it, in the same time."""

    name = "pytorch"

    def __init__(self, threads):
        torch.set_num_threads(threads)

    def prepare(self, layer):
        x, kernel, bias = (torch.from_numpy(array) for array in onnx_model.tensors(layer))
        rank = len(layer["kernel"])
        function = getattr(torch.nn.functional, f"conv{'_transpose' * layer['transposed']}{rank}d")
        before, after = layer["padding_before"], layer["padding_after"]
        even = before == after
        around = [pad for pair in zip(reversed(before), reversed(after)) for pad in pair]
        settings = {"stride": layer["stride"], "dilation": layer["dilation"], "groups": layer["groups"]}
        settings["padding"] = before if even else 0

        def call():
            padded = x if even else torch.nn.functional.pad(x, around)
            return torch.relu_(function(padded, kernel, bias, **settings))

        self.call = call

    def run(self, repetitions):
        times = []
        with torch.inference_mode():
            for _ in range(repetitions + 1):
                start = time.perf_counter_ns()
                self.call()
                times.append((time.perf_counter_ns() - start) / 1000)
        return times[1:]

    def close(self):
        pass


class OnnxRuntime:
    """The faster of its two ways: convolutions on plain tensors, or blocked ones with reorders around them ("all").
    What a call of a model that does nothing takes is Node's, not the layer's, and taken off."""

    name = "onnxruntime"
    levels = ("extended", "all")

    def __init__(self, threads, folder, scratch):
        here = os.path.dirname(os.path.abspath(__file__))
        self.program = Program(["node", os.path.join(here, "ort.mjs"), str(threads), os.path.abspath(folder)])
        self.close = self.program.close
        self.path = os.path.join(scratch, "layer.onnx")
        onnx_model.write_nothing(self.path)
        self.load("nothing", (1, 1, 1, 1), "all")

    def load(self, name, shape, level):
        self.program.ask(json.dumps({"load": self.path, "as": name, "shape": shape, "level": level}))

    def timed(self, name, repetitions):
        return json.loads(self.program.ask(json.dumps({"run": name, "repetitions": repetitions})))["us"]

    def prepare(self, layer):
        onnx_model.write_layer(layer, self.path)
        for level in self.levels:
            self.load(level, (1, layer["channels"], *layer["size"]), level)
        self.best = min(self.levels, key=lambda level: min(self.timed(level, 4)))

    def run(self, repetitions):
        overhead = min(self.timed("nothing", 20))
        return [us - overhead for us in self.timed(self.best, repetitions)]
