#!/usr/bin/env python3
"""make_files.py DIRECTORY: models as Keras 1, 2 and 3 save them, and files that nobody saves, for test_files.c.

h5py writes the HDF5 files, Python's zipfile the archives: programs that know nothing of Convscope. What Keras puts into
them is written down here from keras/engine/saving.py (2.2) and keras/src/saving/saving_lib.py (3).
"""
import io
import json
import pathlib
import sys
import warnings
import zipfile

import h5py
import numpy

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def layer(kind, name, nodes=None, **config):
    made = {"class_name": kind, "config": {"name": name, **config}}
    return made if nodes is None else {**made, "name": name, "inbound_nodes": nodes}


def conv(name, filters, nodes=None, **config):
    return layer("Conv2D", name, nodes, filters=filters, kernel_size=[3, 3], **config)


def sequence(*layers, **more):
    return {"class_name": "Sequential", "config": {"name": "net", "layers": list(layers)}, **more}


NET = sequence(
    conv("first", 4, batch_input_shape=[None, 8, 8, 3]),
    layer("BatchNormalization", "norm", axis=[3]),
    layer("Flatten", "flat"),
    layer("Dense", "last", units=2),
)
FIRST = {"first/kernel:0": (3, 3, 3, 4), "first/bias:0": (4,)}
NORM = {f"norm/{name}:0": (4,) for name in ("gamma", "beta", "moving_mean", "moving_variance")}
LAST = {"last/kernel:0": (144, 2), "last/bias:0": (2,)}
NET_WEIGHTS = {"first": FIRST, "norm": NORM, "flat": {}, "last": LAST}


def text_list(names):
    return numpy.array([name.encode() for name in names]) if names else numpy.zeros((0,), "S1")


def any_length(names):
    """What Keras gives to h5py: since h5py 3 texts of any length, and of an empty list float64."""
    return [name.encode() for name in names]


def fill(group, weights, chunk=None, lists=text_list):
    if chunk:
        names = list(weights)
        for number, start in enumerate(range(0, len(names), chunk)):
            group.attrs[f"layer_names{number}"] = text_list(names[start : start + chunk])
    else:
        group.attrs["layer_names"] = lists(list(weights))
    for name, shapes in weights.items():
        inner = group.create_group(name)
        inner.attrs["weight_names"] = lists(list(shapes))
        for path, shape in shapes.items():
            inner.create_dataset(path, data=numpy.zeros(shape, "f4"))


def save_h5(name, model, weights, change=None, as_text=str, chunk=None, lists=text_list, **how):
    with h5py.File(folder / name, "w", **how) as file:
        file.attrs["model_config"] = as_text(json.dumps(model))
        fill(file.create_group("model_weights"), weights, chunk, lists)
        if change:
            change(file)


save_h5("keras2.h5", NET, NET_WEIGHTS)
save_h5("keras2_bytes.h5", NET, NET_WEIGHTS, as_text=lambda text: numpy.bytes_(text))
save_h5("keras2_latest.h5", NET, NET_WEIGHTS, libver="latest")
save_h5("keras2_parts.h5", NET, NET_WEIGHTS, chunk=2)
save_h5("keras2_shape.h5", NET, {**NET_WEIGHTS, "first": {"first/kernel:0": (3, 3, 3, 5), "first/bias:0": (4,)}})
save_h5("keras2_texts.h5", NET, NET_WEIGHTS, lists=any_length)
save_h5("keras2_texts_shape.h5", NET, {**NET_WEIGHTS, "first": {"first/kernel:0": (3, 3, 3, 5), "first/bias:0": (4,)}},
        lists=any_length)
save_h5("keras2_count.h5", NET, {**NET_WEIGHTS, "last": {"last/kernel:0": (144, 2)}})
# So many that their names stand in a tree of several levels.
DENSE = [f"dense_{number}" for number in range(300)]
save_h5(
    "keras2_many.h5",
    sequence(layer("Dense", DENSE[0], units=1, batch_input_shape=[None, 1]),
             *(layer("Dense", name, units=1) for name in DENSE[1:])),
    {name: {f"{name}/kernel:0": (1 + (name == "dense_217"), 1), f"{name}/bias:0": (1,)} for name in DENSE},
)
save_h5(
    "keras1.h5",
    {
        "class_name": "Sequential",
        "config": [
            {
                "class_name": "Convolution1D",
                "config": {
                    "name": "c",
                    "nb_filter": 111,
                    "filter_length": 5,
                    "border_mode": "valid",
                    "batch_input_shape": [None, 300, 1],
                },
            }
        ],
    },
    {"c": {"c_W": (5, 1, 1, 111), "c_b": (111,)}},
)

OUTER = {
    "class_name": "Model",
    "config": {
        "name": "outer",
        "layers": [
            layer("InputLayer", "x", [], batch_input_shape=[None, 8, 8, 3]),
            {**sequence(conv("inner", 4, batch_input_shape=[None, 8, 8, 3])), "name": "net",
             "inbound_nodes": [[["x", 0, 0, {}]]]},
            conv("after", 2, [[["net", 1, 0, {}]]]),
        ],
        "input_layers": [["x", 0, 0]],
        "output_layers": [["after", 0, 0]],
    },
}
save_h5(
    "nested.h5",
    OUTER,
    {
        "x": {},
        "net": {"inner/kernel:0": (3, 3, 3, 7), "inner/bias:0": (4,)},
        "after": {"after/kernel:0": (3, 3, 4, 2), "after/bias:0": (2,)},
    },
)


# ---- what nobody saves ----------------------------------------------------------------


def replace_kernel(make):
    def change(file):
        group = file["model_weights/first/first"]
        del group["kernel:0"]
        make(group)

    return change


def virtual(group):
    layout = h5py.VirtualLayout((3, 3, 3, 4), "f4")
    layout[...] = h5py.VirtualSource(str(folder / "keras2.h5"), "model_weights/first/first/kernel:0", (3, 3, 3, 4))
    group.create_virtual_dataset("kernel:0", layout)


def elsewhere(group):
    group.create_dataset("kernel:0", (3, 3, 3, 4), "f4", external=[(str(folder / "data.bin"), 0, 432)])


def outside(group):
    group["kernel:0"] = h5py.ExternalLink(str(folder / "keras2.h5"), "/model_weights/first/first/kernel:0")


def soft(group):
    group["kernel:0"] = h5py.SoftLink("/model_weights/first/first/kernel:0")


def no_data(group):
    pass


def circle(file):
    file["model_weights/first/first/again"] = file["model_weights"]


for name, make in {"virtual": virtual, "elsewhere": elsewhere, "outside": outside, "soft": soft, "absent": no_data}.items():
    save_h5(f"{name}.h5", NET, NET_WEIGHTS, replace_kernel(make))
save_h5("circle.h5", NET, NET_WEIGHTS, circle)
with h5py.File(folder / "weights_only.h5", "w") as file:
    fill(file, NET_WEIGHTS)
with h5py.File(folder / "number.h5", "w") as file:
    file.attrs["model_config"] = 3
with h5py.File(folder / "not_json.h5", "w") as file:
    file.attrs["model_config"] = '{"class_name": '


# ---- Keras 3 -----------------------------------------------------------------------------


def weights_h5(groups):
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        for group, shapes in groups.items():
            variables = file.create_group(f"{group}/vars")
            for number, shape in enumerate(shapes):
                variables.create_dataset(str(number), data=numpy.zeros(shape, "f4"))
    return made.getvalue()


def save_keras(name, model, groups, **more):
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.4.1", "date_saved": "2024-07-01@12:00:00"}))
        archive.writestr("config.json", json.dumps(model))
        if groups is not None:
            archive.writestr("model.weights.h5", weights_h5(groups))
        for file, content in more.items():
            archive.writestr(file, content)


def layer3(kind, name, **config):
    return {"module": "keras.layers", "class_name": kind, "config": {"name": name, **config}, "registered_name": None}


NET3 = {
    "module": "keras",
    "class_name": "Sequential",
    "config": {
        "name": "net",
        "layers": [
            layer3("InputLayer", "x", batch_shape=[None, 8, 8, 3]),
            layer3("Conv2D", "a", filters=4, kernel_size=[3, 3]),
            layer3("Conv2D", "b", filters=2, kernel_size=[3, 3]),
            layer3("Dropout", "drop", rate=0.5),
        ],
    },
    "registered_name": None,
    "build_config": {"input_shape": [None, 8, 8, 3]},
}
A, B = [(3, 3, 3, 4), (4,)], [(3, 3, 4, 2), (2,)]
save_keras("keras3.keras", NET3, {"layers/conv2d": A, "layers/conv2d_1": B, "layers/dropout/seed_generator": [(2,)]})
save_keras("keras3_names.keras", NET3, {"layers/a": A, "layers/b": B})
save_keras("keras3_first.keras", NET3, {f"_layer_checkpoint_dependencies/{group}": shapes
                                        for group, shapes in {"conv2d": A, "conv2d_1": B}.items()})
save_keras("keras3_shape.keras", NET3, {"layers/conv2d": A, "layers/conv2d_1": A})
save_keras("keras3_bare.keras", NET3, None)

with zipfile.ZipFile(folder / "bomb.keras", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    archive.writestr("config.json", " " * 20_000_000)
with zipfile.ZipFile(folder / "torch.pt", "w") as archive:
    archive.writestr("archive/data.pkl", b"\x80\x02.")
with zipfile.ZipFile(folder / "many.keras", "w") as archive:
    for number in range(5000):
        archive.writestr(f"assets/{number}", "")
with zipfile.ZipFile(folder / "twice.keras", "w") as archive:
    warnings.simplefilter("ignore")  # which it is right to give
    archive.writestr("config.json", json.dumps(NET3))
    archive.writestr("config.json", json.dumps(sequence()))
with zipfile.ZipFile(folder / "lzma.keras", "w", zipfile.ZIP_LZMA) as archive:
    archive.writestr("config.json", json.dumps(NET3))
damaged = bytearray((folder / "keras3_bare.keras").read_bytes())
damaged[damaged.index(b'"class_name"') + 3] ^= 1
(folder / "damaged.keras").write_bytes(damaged)
(folder / "net.json").write_text("\ufeff\n" + json.dumps(NET), encoding="utf-8")
(folder / "net.py").write_text("net = Sequential([Input((8, 8, 3)), Conv2D(4, 3)])\n")
