#!/usr/bin/env python3
"""layers.py FIRST COUNT - requests of POST /v1/shape, a line each: layers FIRST, FIRST + 1, ... of the grid below.

Any layer is made from its number alone, so that a thousand machines need nothing from each other, nor a file.
"""

import itertools
import math
import sys

# The last turns fastest. In all 1,291,845,632 layers.
GRID = {
    "side": range(1, 225),
    "channels": range(8, 513, 8),
    "filters": range(8, 513, 8),
    "kernel": range(1, 12),
    "stride": range(1, 5),
    "dilation": range(1, 5),
    "groups": (1, 2, 4, 8),
    "padding": ("same", "valid"),
}
REQUEST = (
    '{{"layer":{{"op":"conv","kernel":[{kernel},{kernel}],"stride":[{stride},{stride}],"dilation":[{dilation},{dilation}],'
    '"groups":{groups},"filters":{filters},"padding":"{padding}"}},"input_shape":[null,{side},{side},{channels}],'
    '"fields":["output","parameters","cost"]}}'
)


def request(number):
    """Layer `number` of the grid."""
    values = {}
    for name, axis in reversed(GRID.items()):
        number, place = divmod(number, len(axis))
        values[name] = axis[place]
    return REQUEST.format(**values)


def main():
    first, count = map(int, sys.argv[1:])
    if first + count > math.prod(map(len, GRID.values())):
        sys.exit("there are not so many layers")
    lines = map(request, range(first, first + count))
    while piece := list(itertools.islice(lines, 1000)):
        print("\n".join(piece))


if __name__ == "__main__":
    main()
