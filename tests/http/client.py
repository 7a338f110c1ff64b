"""HTTP with nothing hidden: bytes out, responses in, one socket. What a library would mend or refuse to send goes through."""

import contextlib
import json
import socket
import struct

from contract import CONTRACT
from sent import Sent

# Nothing answers that late; a test that waits so long has failed.
PATIENCE = 60


class Response:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # list of (name in lower case, value)
        self.body = body

    def header(self, name):
        """The value of a header that must not occur twice, or None."""
        values = [value for key, value in self.headers if key == name.lower()]
        assert len(values) <= 1, f"{name} occurs {len(values)} times"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body.decode("utf-8"))

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:300]!r}>"


def connect(server, patience):
    opened = socket.create_connection((server.host, server.port), timeout=patience)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def unix_connection(path):
    """A socket that is connected to that Unix socket."""
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    opened.settimeout(PATIENCE)
    opened.connect(str(path))
    return opened


class Connection:
    """One TCP connection to a server, or `through` a socket that is connected to it already."""

    def __init__(self, server, patience=PATIENCE, through=None):
        self.socket = through or connect(server, patience)
        self.buffer = b""
        self.sent = Sent()

    def send(self, data):
        self.sent.add(data)
        self.socket.sendall(data)

    def request(self, method, path, body=None, headers=()):
        """Send a well-formed request and read its response, which may come before all was sent."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.send(request(method, path, body, headers))
        return self.response(method)

    def _receive(self):
        try:
            data = self.socket.recv(1 << 16)
        except ConnectionResetError:
            data = b""
        self.buffer += data
        return bool(data)

    def response(self, method="GET"):
        """The next response to a request of that method; AssertionError when the connection ends before.

        It has to be as server/openapi.yaml says."""
        response = self.any_response(method)
        request = self.sent.next() if response.status != 100 else None
        if request:
            CONTRACT.check(request, response)
        return response

    def any_response(self, method="GET"):
        """The same, whatever server/openapi.yaml says: a proxy answers too."""
        while b"\r\n\r\n" not in self.buffer:
            assert self._receive(), f"closed after {self.buffer!r}"
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, value in (line.split(":", 1) for line in lines[1:])]
        status = int(lines[0].split(" ")[1])
        if dict(headers).get("transfer-encoding") == "chunked":
            return Response(status, headers, self._chunks())
        length = int(dict(headers).get("content-length", 0))
        if method == "HEAD" or status in (100, 204):
            length = 0
        while len(self.buffer) < length:
            assert self._receive(), f"closed {length - len(self.buffer)} bytes before the end of {lines}"
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Response(status, headers, body)

    def _until(self, length=None):
        """The next `length` bytes, or those up to the next line end, which is taken as well."""
        while len(self.buffer) < length if length is not None else b"\r\n" not in self.buffer:
            assert self._receive(), "closed within a chunk"
        if length is None:
            length = self.buffer.index(b"\r\n") + 2
        taken, self.buffer = self.buffer[:length], self.buffer[length:]
        return taken

    def _chunks(self):
        pieces = []
        while size := int(self._until(), 16):
            pieces.append(self._until(size + 2)[:-2])
        self._until(2)
        return b"".join(pieces)

    def closed(self):
        """Wait until the server closes; whether it sent nothing more before that."""
        while self._receive():
            pass
        return not self.buffer

    def close(self):
        self.socket.close()

    def reset(self):
        """Close with a TCP reset, as a client does that crashes or gives up."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def request(method, path, body=None, headers=()):
    """The bytes of a request. `headers` are (name, value) pairs added to Host and, with a body, its length and JSON type."""
    given = {name.lower() for name, _ in headers}
    lines = [f"{method} {path} HTTP/1.1"]
    if "host" not in given:
        lines.append("Host: test")
    if body is not None:
        if "content-type" not in given:
            lines.append("Content-Type: application/json")
        if not given & {"content-length", "transfer-encoding"}:
            lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def chunked(body, size):
    """`body` in chunks of `size` bytes."""
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def once(server, method, path, body=None, headers=(), through=None):
    """One request on a connection of its own."""
    with Connection(server, through=through) as connection:
        return connection.request(method, path, body, headers)


def assert_problem(test, response, status, code=None, media_type="application/problem+json"):
    """`response` is an RFC 9457 problem as every error of this server is."""
    test.assertEqual(response.status, status, response)
    test.assertEqual(response.header("content-type"), media_type, response)
    problem = response.json()
    test.assertEqual(problem["status"], status, problem)
    for member in ("type", "title", "detail"):
        test.assertTrue(problem[member], problem)
    test.assertEqual(problem["error"], problem["detail"], problem)
    test.assertTrue(problem["errors"], problem)
    if code is not None:
        test.assertEqual(problem["errors"][0]["code"], code, problem)
