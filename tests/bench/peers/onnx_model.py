"""onnx_model.py - writes a layer of the table as an ONNX model: the layer and a ReLU, which runtimes fuse."""

import numpy
import onnx
from onnx import helper, numpy_helper


def kernel_shape(layer):
    """As ONNX and PyTorch have it: (filters, in/g, k...), transposed (in, filters/g, k...)."""
    rows, columns = layer["filters"], layer["channels"]
    if layer["transposed"]:
        rows, columns = columns, rows
    return (rows, columns // layer["groups"], *layer["kernel"])


def tensors(layer):
    """Input, kernel and bias: small numbers of both signs."""
    numbers = numpy.random.default_rng(1)
    shapes = (1, layer["channels"], *layer["size"]), kernel_shape(layer), (layer["filters"],)
    return [numbers.uniform(-1, 1, shape).astype(numpy.float32) for shape in shapes]


def write_layer(layer, path):
    """Input "x", output "y"."""
    _, kernel, bias = tensors(layer)
    node = helper.make_node(
        "ConvTranspose" if layer["transposed"] else "Conv",
        ["x", "w", "b"],
        ["sum"],
        strides=layer["stride"],
        dilations=layer["dilation"],
        pads=layer["padding_before"] + layer["padding_after"],
        group=layer["groups"],
    )
    write(path, [node, helper.make_node("Relu", ["sum"], ["y"])], (1, layer["channels"], *layer["size"]),
          [numpy_helper.from_array(kernel, "w"), numpy_helper.from_array(bias, "b")])


def write_nothing(path):
    """A model that does next to nothing: what is left is the cost of calling a runtime."""
    write(path, [helper.make_node("Relu", ["x"], ["y"])], (1, 1, 1, 1), [])


def write(path, nodes, shape, weights):
    value = lambda name, dims: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, dims)
    graph = helper.make_graph(nodes, "layer", [value("x", shape)], [value("y", [None] * len(shape))], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, path)
