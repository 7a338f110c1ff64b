"""Holds what goes over the wire against server/openapi.yaml: every answer, and every request that was accepted.

client.py hands each exchange to check(), which raises AssertionError with the place in the answer and the rule it breaks.
A path, method, status, type, header or member that the file does not list is an error.
"""

import email.parser
import gzip
import json
import pathlib
import re
import subprocess
import threading

import jsonschema
import yaml

FILE = pathlib.Path(__file__).resolve().parents[2] / "server" / "openapi.yaml"

# A longer array is validated by its first and its last elements: what is between is more of the same.
LONG, KEPT = 64, 16


def load(file=FILE):
    return yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


# ---- bodies --------------------------------------------------------------------------------------------------------


def thin(value):
    """`value` with its long arrays cut down to what is validated."""
    if isinstance(value, dict):
        return {name: thin(member) for name, member in value.items()}
    if isinstance(value, list):
        return [thin(element) for element in (value if len(value) <= LONG else value[:KEPT] + value[-KEPT:])]
    return value


def without_nulls(value):
    """A request without the members that are null, for they count as absent. In a layer null has a meaning."""
    if isinstance(value, dict):
        return {
            name: member if name in ("layer", "layers") else without_nulls(member)
            for name, member in value.items()
            if member is not None
        }
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [without_nulls(element) for element in value]
    return value


def refuse_constant(name):
    raise AssertionError(f"{name} is no JSON")


def parse(text):
    return thin(json.loads(text, parse_constant=refuse_constant))


def unpack(body, coding):
    """The body as it was before it was compressed."""
    coding = (coding or "").strip(" ,").lower()
    if coding in ("gzip", "x-gzip"):
        return gzip.decompress(body)
    if coding == "zstd":
        return subprocess.run(["zstd", "-q", "-c", "-d"], input=body, capture_output=True, check=True, timeout=60).stdout
    assert coding in ("", "identity"), f"a body in {coding}"
    return body


def media_type(value):
    return (value or "").split(";")[0].strip().lower()


def form_of(content_type, body):
    """The parts of a form by their names: JSON where the name is "request", else text."""
    message = email.parser.BytesParser().parsebytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body)
    parts = {}
    for part in message.get_payload():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        parts[name] = without_nulls(parse(content)) if name == "request" else content.decode("latin-1")
    return parts


def deepest(error):
    """Of an error that has others below it, for each of several alternatives, the one that came furthest."""
    while error.context:
        error = max(error.context, key=lambda below: len(below.absolute_path))
    return error


# ---- the file ------------------------------------------------------------------------------------------------------


class Contract:
    def __init__(self, document):
        self.document = document
        self.paths = [(self._pattern(path), path, item) for path, item in document["paths"].items()]
        self.validators = {}
        self.lock = threading.Lock()  # older versions of jsonschema keep a stack in a validator
        self.seen = set()

    @staticmethod
    def _pattern(path):
        slash = "/?" if path.startswith("/v2") else ""
        parts = (re.escape(part) if part[0] != "{" else "[^/]+" for part in re.split(r"(\{\w+\})", path) if part)
        return re.compile("".join(parts) + slash)

    def resolve(self, node):
        """A node of the file, behind its $ref if it is one."""
        while "$ref" in node:
            target = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def validate(self, schema, value, what):
        """Assert that `value` is what the schema says."""
        key = id(schema)
        with self.lock:
            if key not in self.validators:
                whole = {**schema, "components": self.document["components"]}
                self.validators[key] = jsonschema.Draft202012Validator(whole)
            error = next(self.validators[key].iter_errors(value), None)
        if error:
            error = deepest(error)
            place = "/".join(map(str, error.absolute_path))
            rule = "/".join(map(str, error.absolute_schema_path))
            raise AssertionError(f"{what}: /{place}: {error.message[:500]} (rule {rule})")

    # ---- which part of it is meant

    def operation(self, method, path):
        """The operation for a request, or None when the file has none."""
        method = "get" if method == "HEAD" else method.lower() if method.isupper() else ""
        for pattern, name, item in self.paths:
            if pattern.fullmatch(path) and method in item:
                return f"{method.upper()} {name}", item[method]
        return None

    def responses(self, method, path):
        """What may answer a request, and what to call it in messages."""
        found = self.operation(method, path)
        if found:
            return found[0], found[1]["responses"]
        elsewhere = self.document["x-elsewhere"]
        prefix = max((one for one in elsewhere if f"{path}/".startswith(one.rstrip("/") + "/")), key=len, default="/")
        return f"{method} {path[:60]}, which is not in openapi.yaml,", elsewhere[prefix]

    # ---- an answer

    def check_headers(self, response, listed, what):
        listed = {name.lower(): self.resolve(header) for name, header in listed.items()}
        always = {name.lower(): self.resolve(header) for name, header in self.document["x-always"]["headers"].items()}
        for name, value in response.headers:
            header = listed.get(name) or always.get(name)
            assert header, f"{what} has the header {name}, which is not in openapi.yaml"
            self.validate(header["schema"], value, f"{what}, header {name}")
        for name, header in listed.items():
            assert not header.get("required") or response.header(name) is not None, f"{what} lacks the header {name}"

    def check_response(self, response, head, responses, what):
        listed = responses.get(str(response.status))
        assert listed, f"{what} was answered {response.status}, which is not in openapi.yaml: {response}"
        listed, what = self.resolve(listed), f"{what}, answer {response.status}"
        self.check_headers(response, listed.get("headers", {}), what)
        kind, content = media_type(response.header("content-type")), listed.get("content", {})
        if not content:
            assert not response.body and not kind, f"{what} has a body of type {kind}"
            return None
        assert kind in content, f"{what} is {kind}, listed are {list(content)}"
        if head:
            return None
        body = unpack(response.body, response.header("content-encoding"))
        length = response.header("inference-header-content-length")
        values = self.values(kind, body, content[kind], length)
        for value in values:
            self.validate(content[kind].get("x-json-head") or content[kind]["schema"], value, what)
        return values

    @staticmethod
    def values(kind, body, content, length):
        """The JSON in a body: one text, one a line, or the one before binary data."""
        if kind == "application/x-ndjson":
            return [parse(line) for line in sorted(set(body.splitlines()))]
        if "x-json-head" in content:
            return [parse(body[: int(length)] if length is not None else body)]
        return [parse(body)] if kind.endswith("json") else []

    # ---- a request that was accepted

    def check_request(self, request, response, operation, what):
        listed = self.resolve(operation["requestBody"])["content"]
        kind = media_type(request.header("content-type"))
        if request.json_length:
            kind = "application/octet-stream"
        elif kind == "application/jsonl":
            kind = "application/x-ndjson"
        elif kind not in listed:
            kind = "application/json"
        body, content = unpack(request.body, request.header("content-encoding")), listed[kind]
        if kind == "multipart/form-data":
            values = [form_of(request.header("content-type"), body)]
        elif kind == "application/x-ndjson":
            values = self.accepted_lines(body, response)
        else:
            values = self.values(kind, body, content, request.json_length)
        for value in values:
            self.validate(content.get("x-json-head") or content["schema"], without_nulls(value), f"{what}, request")

    @staticmethod
    def accepted_lines(body, response):
        """Those of many requests, a line each, that were not answered by a problem."""
        answers = unpack(response.body, response.header("content-encoding")).splitlines()
        pairs = zip((line for line in body.splitlines() if line.strip()), answers)
        return [parse(line) for line, answer in set(pairs) if not answer.startswith(b'{"type":"about:blank"')]

    # ---- both

    def check(self, request, response):
        """Hold an exchange against the file. `request` has method, path, header() and body, None where it is not known."""
        key = (request.key(), response.status, tuple(response.headers[1:]), response.body)
        if key in self.seen:
            return
        what, responses = self.responses(request.method, request.path)
        self.check_response(response, request.method == "HEAD", responses, what)
        found = self.operation(request.method, request.path)
        if found and "requestBody" in found[1] and response.status < 300 and request.body is not None:
            self.check_request(request, response, found[1], what)
        if len(response.body) < 4096:
            self.seen.add(key)

    def check_json(self, method, path, question, answer):
        """The same for JSON alone that was answered 200."""
        what, operation = self.operation(method, path)
        schemas = (
            ("request", self.resolve(operation["requestBody"]), without_nulls(question)),
            ("answer", self.resolve(operation["responses"]["200"]), answer),
        )
        for name, message, value in schemas:
            self.validate(message["content"]["application/json"]["schema"], thin(value), f"{what}, {name}")


CONTRACT = Contract(load())
