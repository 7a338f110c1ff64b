"""server/openapi.yaml beside the program: its examples are real answers, its lists are the program's own."""

import copy
import json
import re
import unittest

from client import Response, once
from contract import CONTRACT, FILE, Contract, unpack
from one_server import OneServer
from sent import Request
from server import Server

DOCUMENT = CONTRACT.document
SCHEMAS = DOCUMENT["components"]["schemas"]
# What depends on the machine or the day.
PASSING = ("algorithm", "isa", "threads", "blas", "compute_us")


def operations():
    """(path, method, operation) of everything in the file."""
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if method in ("get", "post", "options"):
                yield path, method, operation


def steady(value):
    """An answer without what another machine would answer otherwise."""
    if isinstance(value, dict):
        return {name: None if name in PASSING else steady(member) for name, member in value.items()}
    return [steady(element) for element in value] if isinstance(value, list) else value


class Program(OneServer):
    def ask(self, path, body, method="POST"):
        return once(self.server, method, path, None if body is None else json.dumps(body).encode())

    def expected(self, path, body, code):
        """What the program says it would take, where it refuses `body` with `code`."""
        problem = self.ask(path, body).json()
        self.assertEqual(problem["errors"][0]["code"], code, problem)
        return problem["errors"][0].get("expected", "").removeprefix("one of: ").split(", ")

    def test_examples_are_real_answers(self):
        compared = 0
        for path, _, operation in operations():
            path = path.replace("{model}", "convolve").replace("{version}", "1")
            content = CONTRACT.resolve(operation.get("requestBody", {})).get("content", {})
            answers = {
                name: (status, example["value"])
                for status, response in operation["responses"].items()
                for media in CONTRACT.resolve(response).get("content", {}).values()
                for name, example in media.get("examples", {}).items()
            }
            for name, example in content.get("application/json", {}).get("examples", {}).items():
                with self.subTest(f"{path} {name}"):
                    status, value = answers.pop(name)
                    response = self.ask(path, example["value"])
                    self.assertEqual((str(response.status), steady(response.json())), (status, steady(value)))
                    compared += 1
            self.assertFalse(answers, f"examples of {path} that answer nothing")
        self.assertGreater(compared, 10)

    def test_the_paths_are_the_programs(self):
        told = set()
        for path in ("/nothing", "/v2/nothing"):
            detail = self.ask(path, None, "GET").json()["detail"]
            for method, route in re.findall(r"(GET|POST) (/[^\s,]*)", detail.split("This server answers")[1]):
                optional = re.search(r"\[(.*?)\]", route)
                told.add((method, route.replace("[", "").replace("]", "")))
                if optional:
                    told.add((method, route.replace(optional[0], "")))
        self.assertEqual(told, {(method.upper(), path) for path, method, _ in operations() if method != "options"})

    def test_the_version_is_the_programs(self):
        self.assertEqual(self.ask("/healthz", None, "GET").json()["version"], DOCUMENT["info"]["version"])

    def test_the_members_of_requests_are_the_programs(self):
        tensor = {name for kind in ("FlatTensor", "Base64Tensor", "RandomTensor") for name in SCHEMAS[kind]["properties"]}
        members = SCHEMAS["ConvolveMembers"]["properties"]
        infer = SCHEMAS["InferRequest"]["properties"]
        layer = {"layer": "ReLU()"}
        inference = {"parameters": layer, "inputs": [{"name": "input", "shape": [1], "datatype": "FP32", "data": [1]}]}
        entry = inference["inputs"][0]
        v2 = "/v2/models/convolve/infer"
        for path, body, known in (
            ("/v1/shape", {"?": 1}, SCHEMAS["ShapeRequest"]["properties"]),
            ("/v1/solve", {"?": 1}, SCHEMAS["SolveRequest"]["properties"]),
            ("/v1/convolve", {"?": 1}, members),
            ("/v1/convolve", {**layer, "output": {"?": 1}}, members["output"]["properties"]),
            ("/v1/convolve", {**layer, "input": {"?": 1}}, tensor),
            ("/v1/convolve", {**layer, "input": [1], "trace": {"?": 1}}, members["trace"]["properties"]),
            (v2, {"?": 1}, infer),
            (v2, {"parameters": {"?": 1}}, infer["parameters"]["properties"]),
            (v2, {"parameters": layer, "inputs": [{"?": 1}]}, SCHEMAS["InferInput"]["properties"]),
            (
                v2,
                {"parameters": layer, "inputs": [{**entry, "parameters": {"?": 1}}]},
                SCHEMAS["InferInput"]["properties"]["parameters"]["properties"],
            ),
            (v2, {**inference, "outputs": [{"?": 1}]}, infer["outputs"]["items"]["properties"]),
            (
                v2,
                {**inference, "outputs": [{"name": "output", "parameters": {"?": 1}}]},
                infer["outputs"]["items"]["properties"]["parameters"]["properties"],
            ),
        ):
            with self.subTest(body=body):
                self.assertEqual(set(self.expected(path, body, "unknown-member")), set(known))

    def test_the_words_of_requests_are_the_programs(self):
        layer = {"layer": "ReLU()"}
        convolution = {"op": "conv", "kernel": [3], "filters": 1}
        entry = {"name": "input", "shape": [1], "datatype": "?", "data": [1]}
        for path, body, code, name in (
            ("/v1/shape", {**layer, "framework": "?"}, "unknown-framework", "AskedFramework"),
            ("/v1/shape", {**layer, "fields": ["?"]}, "unknown-field", "Field"),
            ("/v1/shape", {**layer, "language": "?"}, "unknown-language", "Language"),
            ("/v1/shape", {"layer": {**convolution, "padding": "zzz"}}, "unknown-word", "PaddingMode"),
            ("/v1/shape", {"layer": {**convolution, "padding": {"fill": "zzz"}}}, "unknown-word", "Fill"),
            ("/v1/shape", {"layer": {**convolution, "data_format": "zzz"}}, "unknown-word", "DataFormat"),
            ("/v1/convolve", {**layer, "algorithm": "?"}, "unknown-algorithm", "Algorithm"),
            ("/v1/convolve", {**layer, "output": {"encoding": "?"}}, "unknown-encoding", "Encoding"),
            ("/v2/models/convolve/infer", {"parameters": layer, "inputs": [entry]}, "unsupported-datatype", "Datatype"),
        ):
            with self.subTest(name):
                self.assertEqual(self.expected(path, body, code), SCHEMAS[name]["enum"])

    def test_the_activations_are_the_programs(self):
        for name in SCHEMAS["ActivationName"]["enum"]:
            answer = self.ask("/v1/shape", {"layer": {"op": "activation", "activation": name}, "input_shape": [1, 9]})
            self.assertIn(answer.json()["layer"]["activation"], (name, {"name": name}), answer)

    def test_the_members_of_layers_are_the_programs(self):
        asked = 0
        for rule in SCHEMAS["LayerMembers"]["allOf"]:
            op, known = rule["if"]["properties"]["op"], rule["then"]["propertyNames"]["enum"]
            for name in op["enum"] if "enum" in op else [op["const"]]:
                with self.subTest(name):
                    taken = self.expected("/v1/shape", {"layer": {"op": name, "?": 1}}, "unknown-argument")
                    self.assertEqual({"op", "name", *taken} - {""}, set(known))
                    asked += 1
        self.assertEqual(asked, len(SCHEMAS["Op"]["enum"]))
        for member in ("padding", "activation"):
            body = {"layer": {"op": "conv", "kernel": [3], "filters": 1, member: {"name": "relu", "?": 1}}}
            kind = {"padding": "AskedPadding", "activation": "ActivationNumbers"}[member]
            if member == "padding":
                del body["layer"][member]["name"]
            self.assertEqual(self.expected("/v1/shape", body, "unknown-argument"), list(SCHEMAS[kind]["properties"]))


class Served(OneServer):
    """The file is part of the program."""

    def get(self, path, *headers, method="GET"):
        return once(self.server, method, path, headers=headers)

    def test_it_is_the_file(self):
        self.assertEqual(self.get("/openapi.yaml").body, FILE.read_bytes())
        answer = self.get("/openapi.json")
        self.assertEqual(answer.json(), DOCUMENT)
        self.assertEqual(self.get("/", method="OPTIONS").body, answer.body)

    def test_in_every_coding(self):
        for path in ("/openapi.json", "/openapi.yaml"):
            plain = self.get(path)
            self.assertIsNone(plain.header("content-encoding"))
            for accept, coding in (("gzip", "gzip"), ("zstd", "zstd"), ("gzip, zstd", "zstd"), ("br", None)):
                answer = self.get(path, ("Accept-Encoding", accept))
                self.assertEqual(answer.header("content-encoding"), coding)
                self.assertEqual(unpack(answer.body, coding), plain.body)
                self.assertEqual(answer.header("etag"), plain.header("etag"))
                head = self.get(path, ("Accept-Encoding", accept), method="HEAD")
                self.assertEqual(head.header("content-length"), str(len(answer.body)))
                if coding:
                    self.assertLess(len(answer.body), len(plain.body) / 3)

    def test_who_has_it_is_told_so(self):
        tag = self.get("/openapi.json").header("etag")
        for known in (tag, tag.removeprefix("W/"), f'"a", {tag}', f'{tag},W/"b"', "*"):
            for method in ("GET", "HEAD"):
                answer = self.get("/openapi.json", ("If-None-Match", known), method=method)
                self.assertEqual((answer.status, answer.body, answer.header("etag")), (304, b"", tag), known)
        for unknown in ("", '"a"', tag[:-2], tag.strip('W/"'), "W/", '"', tag.upper().replace("W", "w")):
            self.assertEqual(self.get("/openapi.json", ("If-None-Match", unknown)).status, 200, unknown)
        answer = self.get("/openapi.json", ("If-None-Match", '"a"'), ("if-none-match", tag))
        self.assertEqual(answer.status, 304)

    def test_who_looks_around_is_told_where(self):
        for method, path in (("OPTIONS", "/v1/shape"), ("OPTIONS", "*"), ("GET", "/nothing"), ("POST", "/v2/nothing")):
            self.assertTrue(self.get(path, method=method).header("link").startswith("</openapi.json>"), path)
        self.assertIsNone(self.get("/healthz").header("link"))

    def test_other_methods(self):
        self.assertEqual(self.get("/openapi.json", method="POST").header("allow"), "GET, HEAD, OPTIONS")
        self.assertEqual(self.get("/", method="PUT").header("allow"), "GET, HEAD, OPTIONS")


class Breaking(unittest.TestCase):
    """What is not in the file fails: a file with something left out, and answers with something put in."""

    REQUEST = b'{"layer": "Conv1D(8, 3)", "input_shape": [null, 9, 2]}'

    @classmethod
    def setUpClass(cls):
        head = b"POST /v1/shape HTTP/1.1\r\nHost: test\r\nContent-Type: application/json"
        cls.request = Request(head, cls.REQUEST)
        with Server() as server:
            cls.response = once(server, "POST", "/v1/shape", cls.REQUEST)

    def refused(self, change, wanted, request=None, response=None):
        document = copy.deepcopy(DOCUMENT)
        change(document)
        with self.assertRaisesRegex(AssertionError, wanted):
            Contract(document).check(request or self.request, response or self.response)

    def answer(self, change):
        """The answer with its JSON changed."""
        value = self.response.json()
        change(value)
        return Response(200, self.response.headers, json.dumps(value).encode())

    @staticmethod
    def unchanged(document):
        pass

    def test_the_file_as_it_is(self):
        Contract(copy.deepcopy(DOCUMENT)).check(self.request, self.response)

    def test_a_status_left_out(self):
        self.refused(lambda d: d["paths"]["/v1/shape"]["post"]["responses"].pop("200"), "answered 200, which is not in")

    def test_a_path_left_out(self):
        self.refused(lambda d: d["paths"].pop("/v1/shape"), "POST /v1/shape, which is not in openapi.yaml")

    def test_a_type_left_out(self):
        responses = ("paths", "/v1/shape", "post", "responses", "200", "content")

        def change(document):
            for step in responses:
                document = document[step]
            document["text/plain"] = document.pop("application/json")

        self.refused(change, "is application/json, listed are")

    def test_a_member_left_out(self):
        self.refused(lambda d: d["components"]["schemas"]["Cost"]["properties"].pop("macs"), "/cost")

    def test_a_word_left_out(self):
        self.refused(lambda d: d["components"]["schemas"]["Axis"]["enum"].remove("length"), "length")

    def test_a_member_of_a_layer_left_out(self):
        def change(document):
            for rule in document["components"]["schemas"]["LayerMembers"]["allOf"]:
                if rule["if"]["properties"]["op"].get("const") == "conv":
                    rule["then"]["propertyNames"]["enum"].remove("groups")

        self.refused(change, "groups")

    def test_a_header_left_out(self):
        self.refused(lambda d: d["x-always"]["headers"].pop("X-Content-Type-Options"), "x-content-type-options")

    def test_a_member_of_the_request_left_out(self):
        change = lambda d: d["components"]["schemas"]["ShapeRequest"]["properties"].pop("input_shape")  # noqa: E731
        self.refused(change, "request.*input_shape")

    def test_answers_that_are_wrong(self):
        for change, wanted in (
            (lambda a: a.update(more=1), "more"),
            (lambda a: a["cost"].update(macs="many"), "macs"),
            (lambda a: a["cost"].pop("macs"), "macs"),
            (lambda a: a["layer"].pop("groups"), "groups"),
            (lambda a: a["layer"].update(ceil_mode=True), "ceil_mode"),
            (lambda a: a["output"]["shape"].append(-2), "shape"),
            (lambda a: a["weights"][0].update(shape=[None]), "shape"),
        ):
            with self.subTest(wanted):
                self.refused(self.unchanged, wanted, response=self.answer(change))

    def test_an_element_far_behind_is_looked_at(self):
        change = lambda a: a.update(weights=a["weights"] * 1000 + [{}])  # noqa: E731
        self.refused(self.unchanged, "weights/31", response=self.answer(change))

    def test_nan_is_no_json(self):
        broken = Response(200, self.response.headers, b'{"parameters": NaN}')
        self.refused(self.unchanged, "NaN is no JSON", response=broken)

    def test_a_line_that_is_wrong(self):
        headers = [(name, "application/x-ndjson" if name == "content-type" else value) for name, value in self.response.headers]
        request = Request(b"POST /v1/shape HTTP/1.1\r\nContent-Type: application/x-ndjson", self.REQUEST * 2)
        lines = self.response.body + b"\n" + self.response.body.replace(b'"macs"', b'"max"') + b"\n"
        self.refused(self.unchanged, "max", request, Response(200, headers, lines))


if __name__ == "__main__":
    unittest.main()
