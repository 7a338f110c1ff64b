"""Requests as bytes, and how they are spoiled: what a client sends that is broken, hostile, or only unusual."""

import gzip
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent

JSON = ("Content-Type", "application/json")
LINES = ("Content-Type", "application/x-ndjson")

CONVOLUTION = json.dumps(
    {"layer": "nn.Conv2d(1, 2, 2)", "input": [[[[1, 2.5], [3e1, -4]]]], "weights": {"random": 7}, "filters": [1]}
).encode()

# Fields that mean something to somebody between the client and the server, or to the server.
FIELDS = [
    b"Content-Length: 0",
    b"Content-Length: 18446744073709551616",
    b"Content-Length: -1",
    b"Content-Length: 5, 5",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding : chunked",
    b"Content-Encoding: gzip",
    b"Content-Encoding: zstd",
    b"Content-Encoding: identity",
    b"Accept-Encoding: gzip;q=0.5, zstd;q=0, *;q=0.1",
    b"Accept-Encoding: identity;q=0",
    b"Accept: application/octet-stream",
    b"Accept: text/html;q=1, */*;q=0",
    b"Accept-Language: zh;q=0.9, en;q=0.8",
    b"Content-Type: application/x-ndjson",
    b"Content-Type: application/octet-stream",
    b"Content-Type: text/plain",
    b"Inference-Header-Content-Length: 10",
    b"Expect: 100-continue",
    b"Expect: 200-ok",
    b"Connection: close",
    b"Connection: keep-alive, Upgrade",
    b"Upgrade: h2c",
    b"Range: bytes=0-1",
    b"If-None-Match: *",
    b"Host: other",
    b"Host:",
    b"X-Long: " + b"a" * 3000,
    b"X-A: b\r\n folded",
    b"X-A: b\nX-C: d",
    b"X-A: \0",
    b": empty",
    b"no colon",
]

PIECES = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"\r\n\r\n", b"0\r\n\r\n", b"ffffffffffffffff\r\n", b"\xff", b"%00", b"HTTP/1.1", b"GET "]


def message(method, target, fields=(), body=None, version="HTTP/1.1"):
    lines = [f"{method} {target} {version}", "Host: test", *(f"{name}: {value}" for name, value in fields)]
    if body is not None and "Transfer-Encoding" not in dict(fields):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


def chunked(body, size):
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def bodies(target, most=2000):
    """What the libFuzzer target of that name has in its corpus."""
    files = sorted((HERE / "corpus" / target).iterdir())
    return [file.read_bytes() for file in files if file.stat().st_size <= most]


def well_formed(random):
    """One request as a decent client sends it."""
    shape = random.choice(bodies("shape"))
    kind = random.randrange(13)
    if kind == 0:
        path = random.choice(["/healthz", "/v1/rules", "/nothing", "/v2", "/v2/models/convolve", "/v2/health/live", "*"])
        return message(random.choice(["GET", "HEAD", "OPTIONS", "DELETE"]), path)
    if kind == 1:
        return message("GET", "/v1/rules", [("Accept-Language", "zh, en;q=0.5")], version="HTTP/1.0")
    if kind == 2:
        return message("POST", "/v1/solve", [JSON], random.choice(bodies("solve")))
    if kind == 3:
        accept = random.choice(["application/json", "application/octet-stream", "application/x-npy", "*/*"])
        return message("POST", "/v1/convolve", [JSON, ("Accept", accept)], CONVOLUTION)
    if kind == 4:
        return message("POST", "/v1/shape", [LINES], random.choice(bodies("lines")))
    if kind == 5:
        fields = [random.choice([JSON, LINES]), ("Transfer-Encoding", "chunked")]
        return message("POST", "/v1/shape", fields, chunked(shape, random.randrange(1, 200)))
    if kind == 6:
        packed = gzip.compress(shape, mtime=0)
        return message("POST", "/v1/shape", [JSON, ("Content-Encoding", "gzip"), ("Accept-Encoding", "gzip")], packed)
    if kind == 7:
        return message("POST", "/v1/shape", [JSON, ("Expect", "100-continue")], shape)
    return message("POST", "/v1/shape", [JSON], shape)


def spoil_head(data, random):
    """A line of the head more, less, twice, or in another place."""
    head, separator, body = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    at = random.randrange(1, len(lines) + 1)
    kind = random.randrange(5)
    if kind <= 1:
        lines.insert(at, random.choice(FIELDS))
    elif kind == 2 and at < len(lines):
        del lines[at]
    elif kind == 3 and at < len(lines):
        lines.append(lines[at])
    elif kind == 4:
        lines += [b"X-%d: y" % i for i in range(random.choice([1, 60, 64, 200]))]
    return b"\r\n".join(lines) + separator + body


def may_spoil_body(data):
    """A convolution's body stays: with a number changed it may be one that takes minutes."""
    return b"/v1/convolve" not in data and b"/infer" not in data


def spoil_bytes(data, random):
    """Bytes anywhere, mostly in the head; what a piece of hostile text does there."""
    head = data.find(b"\r\n\r\n") + 4
    end = len(data) if may_spoil_body(data) and random.randrange(2) else head
    at = random.randrange(max(end, 1))
    kind = random.randrange(4)
    if kind == 0:
        return data[:at] + random.choice(PIECES) + data[at:]
    if kind == 1:
        return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
    if kind == 2:
        return data[:at] + data[min(at + random.randrange(1, 8), end) :]
    return data[:at]


def request(random):
    """Bytes to send over one connection, where they are cut into pieces, and how many answers are owed to them."""
    data, owed = well_formed(random), 1
    if random.randrange(6) == 0:
        owed = 1 if b"HTTP/1.0" in data else 2
        data += message("POST", "/v1/shape", [JSON], random.choice(bodies("shape")))
    for _ in range(random.choice([0, 1, 1, 2, 3])):
        data, owed = random.choice([spoil_head, spoil_bytes])(data, random), 0
    cuts = sorted(random.randrange(len(data) + 1) for _ in range(random.choice([0, 0, 1, 3])))
    return data, cuts, owed
