"""Requests that keep a worker busy for as long as a test needs."""

import json
import select

from client import Connection, request
from server import WRAPPER, sanitizer


def convolution(multiplications, kernel=3, channels=256):
    """A short body whose answer is short and takes about that many multiplications, by plain loops."""
    side = int((multiplications / (kernel * channels) ** 2) ** 0.5)
    body = {
        "layer": {"op": "conv", "kernel": [kernel] * 2, "filters": channels, "use_bias": False, "padding": "same"},
        "algorithm": "direct",
        "filters": [0],
        "input": {"shape": [1, side, side, channels], "random": 1},
        "weights": [{"shape": [kernel, kernel, channels, channels], "random": 2}],
    }
    return json.dumps(body).encode()


# Longer than any test waits, with few numbers to begin with; a second or less on a machine of today; and how many times slower others are. Who asks
# for ages has to leave: the server gives up then, or is killed.
SLOWNESS = 50 if WRAPPER else {"tsan": 50, "asan": 5}.get(sanitizer(), 1)
AGES = convolution(3e11, kernel=255, channels=4)
A_WHILE = convolution(1e10 / SLOWNESS)
# 2,000,000 numbers, some 8 MB.
LONG_ANSWER = json.dumps({"layer": "UpSampling1D(500000)", "input": [[[1, -0.5], [3, 0.25]]]}).encode()
SMALL = json.dumps({"layer": "Conv1D(1, 2)", "input": [[[1], [2], [3]]], "weights": [[[[1]], [[1]]], [0]]}).encode()


def begin(test, server, body, path="/v1/convolve", headers=()):
    """Send a request and do not wait for its answer. The server has surely read it, if it has one thread."""
    connection = Connection(server)
    test.addCleanup(connection.close)
    connection.send(request("POST", path, body, headers))
    with Connection(server) as other:
        test.assertEqual(other.request("GET", "/healthz").status, 200)
    return connection


def unanswered(connection):
    """Whether nothing has come on that connection yet."""
    return not connection.buffer and not select.select([connection.socket], [], [], 0)[0]
