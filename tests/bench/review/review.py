#!/usr/bin/env python3
"""How long a model takes from bytes to the shape of every tensor, beside ONNX's own C++ inference, and in what memory.

usage: review.py [--program FILE] [--models DIR] [--runs N]

The models are those of tests/onnx/run.py. Both start from the file's bytes in memory, in a process that has done it
before; figures are the least and the median of N runs. Ours gives weights, costs and receptive fields besides. The memory is
what the model takes, the file itself included.
"""
import argparse
import pathlib
import statistics
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "onnx"))

import run as models  # noqa: E402  (where to find it has to be said first)

SHAPES = {"ch_PP-OCRv4_det_infer.onnx": (1, 3, 640, 640), "ch_PP-OCRv4_rec_infer.onnx": (1, 3, 48, 320),
          "ch_ppocr_mobile_v2.0_cls_infer.onnx": (1, 3, 48, 192)}


def theirs(onnx, content, shape):
    """Milliseconds."""
    start = time.perf_counter()
    model = onnx.load_model_from_string(content)
    for dim, size in zip(model.graph.input[0].type.tensor_type.shape.dim, shape):
        dim.dim_value = size
    onnx.shape_inference.infer_shapes(model, data_prop=True)
    return (time.perf_counter() - start) * 1e3


def ours(program, path, shape, runs):
    """Milliseconds of each run, and the memory over the file's size."""
    answers = models.ask(program, [models.question(path, {"x": shape})] * runs)
    assert all(None not in sizes for sizes in answers[0]["tensors"].values())
    memory = (answers[0]["bytes"] + answers[0]["file_bytes"]) / answers[0]["file_bytes"]
    return [answer["milliseconds"] for answer in answers], memory


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=models.BUILD / "bin" / "onnx_shapes")
    parser.add_argument("--models", type=pathlib.Path, default=models.BUILD / "models")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    import onnx

    assets, reason = models.fetch(options.models)
    if not assets:
        sys.exit(reason)
    print(f"{'model':36} {'MB':>5} {'ours ms':>14} {'ONNX ' + onnx.__version__ + ' ms':>16} {'/ours':>6} {'memory/file':>12}")
    for file, shape in SHAPES.items():
        content = (assets / file).read_bytes()
        own, memory = ours(options.program, assets / file, shape, options.runs)
        other = [theirs(onnx, content, shape) for _ in range(options.runs)]
        print(f"{file:36} {len(content) / 1e6:5.1f} {min(own):6.2f} {statistics.median(own):7.2f} "
              f"{min(other):8.1f} {statistics.median(other):7.1f} {statistics.median(other) / statistics.median(own):6.1f} "
              f"{memory:12.2f}")


if __name__ == "__main__":
    main()
