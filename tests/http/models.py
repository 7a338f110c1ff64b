"""Models as Keras writes them, built layer by layer: MobileNetV2 (Sandler et al., 2018) and small ones; one of ONNX."""

import json


class Keras:
    """A functional model. Each call adds a layer behind the last one, or behind those that `after` names."""

    def __init__(self, name, shape):
        self.name, self.layers = name, []
        self.add("InputLayer", "x", batch_input_shape=[None, *shape])

    def add(self, kind, name, after=None, **config):
        before = [after] if isinstance(after, str) else after
        if before is None:
            before = [self.layers[-1]["name"]] if self.layers else []
        nodes = [[[one, 0, 0, {}] for one in before]] if before else []
        entry = {"class_name": kind, "name": name, "config": {"name": name, **config}, "inbound_nodes": nodes}
        self.layers.append(entry)
        return name

    def model(self):
        ends = [["x", 0, 0]], [[self.layers[-1]["name"], 0, 0]]
        config = {"name": self.name, "layers": self.layers, "input_layers": ends[0], "output_layers": ends[1]}
        return {"class_name": "Functional", "config": config, "keras_version": "2.15.0", "backend": "tensorflow"}

    def text(self, **style):
        return json.dumps(self.model(), **style)


def _conv(m, name, filters, kernel, strides=1, relu=True, kind="Conv2D"):
    sizes = {"depth_multiplier": 1} if kind == "DepthwiseConv2D" else {"filters": filters}
    padding = "valid" if strides == 2 else "same"
    if strides == 2:
        m.add("ZeroPadding2D", f"{name}_pad", padding=[[0, 1], [0, 1]], data_format="channels_last")
    m.add(kind, name, kernel_size=[kernel] * 2, strides=[strides] * 2, padding=padding, use_bias=False,
          data_format="channels_last", dilation_rate=[1, 1], activation="linear", trainable=True,
          kernel_initializer={"class_name": "VarianceScaling", "config": {"scale": 1, "mode": "fan_avg"}}, **sizes)
    m.add("BatchNormalization", f"{name}_bn", axis=[3], momentum=0.999, epsilon=0.001, center=True, scale=True)
    if relu:
        m.add("ReLU", f"{name}_relu", max_value=6, negative_slope=0, threshold=0)
    return m.layers[-1]["name"]


def mobilenet_v2():
    """Width 1, 224 x 224, 1000 classes: 3,538,984 parameters (keras.applications), 300 million MACs."""
    m = Keras("mobilenet_v2", (224, 224, 3))
    last, channels, block = _conv(m, "Conv1", 32, 3, 2), 32, 0
    for expand, filters, repeats, strides in (
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)
    ):
        for i in range(repeats):
            name, before, step = f"block_{block}", last, strides if i == 0 else 1
            if expand > 1:
                _conv(m, f"{name}_expand", channels * expand, 1)
            _conv(m, f"{name}_depthwise", None, 3, step, kind="DepthwiseConv2D")
            last = _conv(m, f"{name}_project", filters, 1, relu=False)
            if step == 1 and channels == filters:
                last = m.add("Add", f"{name}_add", after=[before, last])
            channels, block = filters, block + 1
    _conv(m, "Conv_1", 1280, 1)
    m.add("GlobalAveragePooling2D", "pool", data_format="channels_last")
    m.add("Dense", "predictions", units=1000, activation="softmax", use_bias=True)
    return m


def skipping():
    """A stride that skips input (CV004), a layer that does not fit, and one that nobody knows."""
    m = Keras("skipping", (8, 8, 3))
    m.add("Conv2D", "skips", filters=4, kernel_size=[1, 1], strides=[2, 2])
    m.add("Conv2D", "large", filters=4, kernel_size=[9, 9])
    m.add("Lambda", "odd", after="skips")
    m.add("Dense", "end", units=2)
    return m


# ---- ONNX: protobuf by hand, field numbers as in onnx.proto ----------------------------------------------------------


def _varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out + bytes([number]))


def _field(number, value):
    """A field: a number, a text, or what is in a message."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _tensor(name, dims):
    """Float32, all zeros."""
    count = 1
    for size in dims:
        count *= size
    return b"".join(_field(1, size) for size in dims) + _field(2, 1) + _field(8, name) + _field(9, bytes(4 * count))


def _value(name, dims):
    sizes = b"".join(_field(1, _field(1, size) if isinstance(size, int) else _field(2, size)) for size in dims)
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, sizes)))


def _node(kind, name, inputs, outputs, **ints):
    attributes = (
        _field(5, _field(1, key) + b"".join(_field(8, one) for one in values) + _field(20, 7))
        for key, values in ints.items()
    )
    ends = b"".join(_field(1, one) for one in inputs) + b"".join(_field(2, one) for one in outputs)
    return ends + _field(3, name) + _field(4, kind) + b"".join(attributes)


def onnx_model():
    """Conv 3x3 with stride 2 and Relu on (N, 3, H, W)."""
    graph = (
        _field(1, _node("Conv", "conv", ["x", "w"], ["c"], strides=[2, 2], pads=[1, 1, 1, 1]))
        + _field(1, _node("Relu", "relu", ["c"], ["y"]))
        + _field(2, "small")
        + _field(5, _tensor("w", [8, 3, 3, 3]))
        + _field(11, _value("x", ["N", 3, "H", "W"]))
        + _field(12, _value("y", ["N", 8, "h", "w2"]))
    )
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 13))
