"""What a test sent on a connection, cut into requests again, so that an answer can be held against what it answers.

Tests send what no library would: where the end of a request is in doubt, so is everything behind it, and is forgotten.
"""

import re


class Request:
    """One request as it was sent; `body` is None where it is not known, or not all of it was sent."""

    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        self.method = words[0]
        target = " ".join(words[1:-1]) if len(words) > 2 else "".join(words[1:])
        self.path = re.split(r"[?#]", re.sub(r"(?i)^https?://[^/?#]*", "", target))[0] or "/"
        self.headers = [tuple(line.split(":", 1)) for line in lines[1:] if ":" in line]
        self.body = body
        self.json_length = self.header("inference-header-content-length")

    def header(self, name):
        """The first value of a header, or None."""
        return next((value.strip() for key, value in self.headers if key.lower() == name), None)

    def key(self):
        return self.method, self.path, tuple(self.headers), self.body


def dechunk(data):
    """The body of the chunks that `data` begins with, and how long they are; (None, 0) where they do not end."""
    body, at = b"", 0
    while match := re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r\n").match(data, at):
        size, at = int(match[1], 16), match.end()
        body, at = body + data[at : at + size], at + size + 2
        if size == 0 and len(data) >= at:
            return body, at
    return None, 0


class Sent:
    """The bytes of a connection."""

    def __init__(self):
        self.data = bytearray()

    def add(self, data):
        self.data += data

    def next(self):
        """The next request that was sent, which is taken; None when nothing was."""
        data = bytes(self.data).lstrip(b"\r\n")
        if not data:
            return None
        head, blank, rest = data.partition(b"\r\n\r\n")
        request = Request(head, None)
        length, coding = request.header("content-length"), request.header("transfer-encoding")
        end = 0
        if coding is not None:
            request.body, end = dechunk(rest)
        elif blank and re.fullmatch("[0-9]{1,15}", length or "0") and len(rest) >= int(length or 0):
            end = int(length or 0)
            request.body = rest[:end]
        self.data = bytearray(rest[end:] if request.body is not None else b"")
        return request
