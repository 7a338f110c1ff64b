"""The .npy format from its published description, with struct alone: an oracle that shares nothing with the program."""

import ast
import struct


def read(data):
    """(shape, descr, fortran_order, numbers as bytes, where they begin) of a file."""
    assert data[:6] == b"\x93NUMPY", data[:6]
    major, minor = data[6], data[7]
    assert (major, minor) in ((1, 0), (2, 0), (3, 0)), (major, minor)
    size = struct.calcsize("<H" if major == 1 else "<I")
    (length,) = struct.unpack_from("<H" if major == 1 else "<I", data, 8)
    begin = 8 + size + length
    header = ast.literal_eval(data[8 + size : begin].decode("latin-1"))
    assert sorted(header) == ["descr", "fortran_order", "shape"], header
    assert data[begin - 1 : begin] == b"\n", "the header ends with its line"
    return header["shape"], header["descr"], header["fortran_order"], data[begin:], begin


def write(shape, numbers, descr="<f4", fortran_order=False, version=1):
    """A file of `numbers`, which are written one behind the other as they come."""
    text = f"{{'descr': '{descr}', 'fortran_order': {fortran_order}, 'shape': {tuple(shape)!r}, }}\n".encode("latin-1")
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    kinds = {"f2": "e", "f4": "f", "f8": "d", "b1": "?", "i1": "b", "i2": "h", "i4": "i", "i8": "q"}
    kind = kinds.get(descr[1:]) or kinds[descr[1:].replace("u", "i")].upper()
    order = ">" if descr[0] == ">" else "<"
    return b"\x93NUMPY%c\0" % version + length + text + struct.pack(f"{order}{len(numbers)}{kind}", *numbers)
