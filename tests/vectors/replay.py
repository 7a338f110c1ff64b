#!/usr/bin/env python3
"""Ask a Convscope for every golden vector and compare its answers with the oracle's.

usage: replay.py (--program FILE | --url URL) [--match TEXT] [--models DIR] [FILE.jsonl ...]

Shapes go through POST /v1/shape and must be equal; values go through POST /v1/convolve and must lie
within the case's tolerance. Whole models go through POST /v1/review. Questions and answers must be as server/openapi.yaml says. Without files, every *.jsonl beside this program is replayed. One line is
printed for each case that fails; the last line is `N passed, N failed`, and the exit status is 0 only
when something passed and nothing failed.
"""
import argparse
import base64
import contextlib
import http.client
import json
import math
import os
import pathlib
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
# Where tests/onnx/run.py keeps what it fetches.
MODELS = HERE.parent.parent / "build" / "models" / "package" / "assets"
sys.path.insert(0, str(HERE.parent / "http"))

from contract import CONTRACT  # noqa: E402  (where to find it has to be said first)


class Client:
    """One kept-alive connection: hundreds of cases need no more."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=120)

    def post(self, path, question):
        body = json.dumps(question)
        self.connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            raise Mismatch(f"{path} answers {response.status}: {answer.get('detail')}")
        self.check_contract(path, question, answer)
        return answer

    @staticmethod
    def check_contract(path, question, answer):
        try:
            CONTRACT.check_json("POST", path, question, answer)
        except AssertionError as error:
            raise Mismatch(str(error)) from error


class Mismatch(Exception):
    """The answer is not the oracle's."""


def expect_equal(what, got, want):
    if got != want:
        raise Mismatch(f"{what} is {got}, should be {want}")


def check_shapes(client, case):
    asked = ("framework", "layer", "input_shape", "input_shapes")
    answer = client.post("/v1/shape", {name: case[name] for name in asked if name in case})
    expect_equal("the output shape", answer["output"]["shape"], case["output_shape"])
    expect_equal("the weights' shapes", [w["shape"] for w in answer["weights"]], case["weights_shapes"])


def check_values(client, case):
    weights = zip(case["weights_shapes"], case["weights"] or [])
    answer = client.post("/v1/convolve", {
        "framework": case["framework"],
        "layer": case["layer"],
        "input": {"shape": case["input_shape"], "data": case["input"]},
        "weights": [{"shape": shape, "data": data} for shape, data in weights]})
    expect_equal("the convolved shape", answer["output"]["shape"], case["output_shape"])
    compare_values(answer["output"]["data"], case["output"], case["tolerance"])


def compare_values(got, want, tolerance):
    expect_equal("the number of values", len(got), len(want))
    allowed = tolerance * max(1.0, max(map(abs, want), default=0.0))
    for index, (g, w) in enumerate(zip(got, want)):
        # A null stands for a value that is not finite; no oracle gave one.
        if g is None or not math.isfinite(g) or abs(g - w) > allowed:
            raise Mismatch(f"value {index} of {len(want)} is {g}, should be {w} within {allowed:g}")


def check_model(client, case):
    """A whole model: every layer's output shape and parameters."""
    answer = client.post("/v1/review", {"model": case["model"], "input_shape": case["input_shape"]})
    layers = {layer["name"]: layer for layer in answer["layers"]}
    for want in case["layers"]:
        got = layers.get(want["name"]) or {}
        expect_equal(f"the output shape of {want['name']}", got.get("output_shape"), want["output_shape"])
        expect_equal(f"the parameters of {want['name']}", got.get("parameters"), want["params"])
    expect_equal("all parameters", answer["totals"]["parameters"], case["total_params"])


def check_file(client, case, models):
    """A model's file: every tensor's shape."""
    path = models / case["file"]
    if not path.exists():
        raise Mismatch(f"there is no {path}: tests/onnx/run.py fetches it")
    model = {"file_base64": base64.b64encode(path.read_bytes()).decode()}
    answer = client.post("/v1/review", {"model": model, "input_shapes": case["input_shapes"]})
    for name, shape in case["values"].items():
        expect_equal(f"the shape of {name}", answer["tensors"].get(name), shape)


def check(client, case, models):
    if "model" in case:
        check_model(client, case)
        return
    if "file" in case:
        check_file(client, case, models)
        return
    check_shapes(client, case)
    if case.get("output") is not None:
        check_values(client, case)


def read_cases(files):
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


@contextlib.contextmanager
def running(program):
    """The URL of a server started for the replay and stopped after it."""
    os.environ["CONVSCOPE_PROGRAM"] = program
    from server import Server
    with Server() as server:
        yield server.url


def replay(url, files, match, models):
    """Counts of passed and failed cases."""
    client = Client(url)
    passed = failed = 0
    for case in read_cases(files):
        if match not in case["id"]:
            continue
        try:
            check(client, case, models)
            passed += 1
        except Mismatch as mismatch:
            failed += 1
            print(f"{case['id']}: {mismatch}", flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--program", help="start this convscope on a free port")
    where.add_argument("--url", help="a server that is already running")
    parser.add_argument("--match", default="", help="only cases whose id contains this")
    parser.add_argument("--models", type=pathlib.Path, default=MODELS, help="where the files of models are")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    server = contextlib.nullcontext(options.url) if options.url else running(options.program)
    with server as url:
        passed, failed = replay(url, options.files or sorted(HERE.rglob("*.jsonl")), options.match, options.models)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
