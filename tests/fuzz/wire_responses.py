"""What comes back, read as strictly as RFC 9112 is written."""

import json
import re

STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) [\x20-\x7e]*")
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff\t]*[\x21-\x7e\x80-\xff])?|)[ \t]*")

# 501 and 505 name what HTTP has and this server has not, 503 and 504 are for want of memory, room or time.
STATUSES = {100, 200, 204, 400, 404, 405, 406, 408, 413, 414, 415, 417, 422, 429, 431, 501, 503, 504, 505}


class Malformed(Exception):
    """Bytes that are no answer."""


def require(holds, what):
    if not holds:
        raise Malformed(what)


def read_head(data):
    """The status, the fields, and what follows the head."""
    head, separator, rest = data.partition(b"\r\n\r\n")
    require(separator, f"no end of a head: {data[:200]!r}")
    lines = head.split(b"\r\n")
    status = STATUS_LINE.fullmatch(lines[0])
    require(status, f"no status line: {lines[0][:200]!r}")
    fields = {}
    for line in lines[1:]:
        field = FIELD.fullmatch(line)
        require(field, f"no field: {line!r}")
        name = field[1].lower().decode()
        require(name not in fields, f"{name} twice")
        fields[name] = field[2].decode("latin-1")
    return int(status[1]), fields, rest


def read_chunks(data):
    body = b""
    while True:
        size, separator, data = data.partition(b"\r\n")
        require(separator and re.fullmatch(rb"[0-9A-Fa-f]+", size), f"no chunk: {size[:40]!r}")
        length = int(size, 16)
        require(data[length : length + 2] == b"\r\n", "a chunk does not end where it says")
        body, data = body + data[:length], data[length + 2 :]
        if length == 0:
            return body, data


def read_body(status, fields, data, to_head):
    length, coding = fields.get("content-length"), fields.get("transfer-encoding")
    require(length is None or coding is None, "a length and chunks")
    if to_head or status < 200 or status == 204:
        return b"", data
    if coding is not None:
        require(coding == "chunked", f"transfer-encoding: {coding}")
        return read_chunks(data)
    if length is None:
        require(fields.get("connection") == "close", "a body without an end on a connection that is kept")
        return data, b""
    require(length.isdigit() and len(data) >= int(length), f"{len(data)} bytes of a body of {length}")
    return data[: int(length)], data[int(length) :]


def check_problem(status, body):
    problem = json.loads(body)
    require(problem["status"] == status, f"a problem of {problem['status']} with {status}")
    require(problem["detail"] and problem["detail"] == problem["error"], "a problem says what it is")


def check_body(status, fields, body):
    """JSON is JSON. What libmicrohttpd itself refuses, before the server sees it, it answers in HTML."""
    kind = fields.get("content-type", "")
    if "content-encoding" in fields or not body:
        return
    if kind == "application/problem+json":
        check_problem(status, body)
    elif kind == "application/x-ndjson":
        for line in body.splitlines():
            json.loads(line)
    elif kind == "application/json":
        json.loads(body)
    else:
        require(status >= 400 or kind.startswith("application/"), f"content-type: {kind}")


def check_all(data, to_head):
    """Every answer in what one connection sent back, the first perhaps to a HEAD; how many there were."""
    count = 0
    while data:
        status, fields, data = read_head(data)
        require(status in STATUSES, f"status {status}")
        require(status != 405 or "allow" in fields, "405 without Allow")
        body, data = read_body(status, fields, data, to_head and count == 0)
        check_body(status, fields, body)
        count += status >= 200
    return count
