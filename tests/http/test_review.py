"""POST /v1/review: whole models."""

import base64
import csv
import io
import json
import unittest
import zipfile

from client import assert_problem, once
from models import mobilenet_v2, onnx_model, skipping
from one_server import OneServer

PATH = "/v1/review"


class Review(OneServer):
    def post(self, body, headers=(), query=""):
        data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        if isinstance(body, bytes) and "content-type" not in {name.lower() for name, _ in headers}:
            headers = [*headers, ("Content-Type", "application/octet-stream")]
        return once(self.server, "POST", PATH + query, data, headers)

    def review(self, body, query=""):
        response = self.post(body, query=query)
        self.assertEqual(response.status, 200, response)
        return response.json()

    def text(self, body, kind, query=""):
        response = self.post(body, [("Accept", kind)], query)
        self.assertEqual((response.status, response.header("content-type").split(";")[0]), (200, kind), response)
        return response.body.decode()

    def refused(self, body, status, code, pointer=None, query=""):
        response = self.post(body, query=query)
        assert_problem(self, response, status, code)
        if pointer is not None:
            self.assertEqual(response.json()["errors"][0]["pointer"], pointer)
        return response.json()["errors"][0]


class Answers(Review):
    def test_a_model_of_the_literature(self):
        answer = self.review({"model": mobilenet_v2().model(), "input_shape": [1, 224, 224, 3]})
        totals = answer["totals"]
        self.assertEqual(totals["parameters"], 3538984)
        self.assertEqual(totals["trainable"], 3504872)
        self.assertEqual(totals["macs"], 300774272)
        self.assertEqual(set(totals["completeness"].values()), {"complete"})
        self.assertEqual(totals["not_counted"], {})
        layers = {layer["name"]: layer for layer in answer["layers"]}
        self.assertEqual(layers["x"]["type"], "InputLayer")
        self.assertEqual(layers["Conv_1"]["output_shape"], [1, 7, 7, 1280])
        self.assertEqual(layers["Conv_1"]["receptive_field"]["size"], [491, 491])
        self.assertEqual(layers["Conv_1"]["receptive_field_least"]["size"], [163, 163])
        self.assertEqual(layers["block_4_add"]["inputs"], ["block_3_project_bn", "block_4_project_bn"])
        self.assertEqual(answer["tensors"]["predictions"], [1, 1000])
        self.assertEqual([f for f in answer["findings"] if f["level"] == "error"], [])

    def test_the_file_itself_is_a_body(self):
        file = mobilenet_v2().text()
        answer = self.review(file, "?input_shape=2,160,160,3")
        self.assertEqual(answer["tensors"]["Conv_1"], [2, 5, 5, 1280])
        self.assertEqual(answer["layers"][1]["pointer"], "/config/layers/1")
        named = self.review(file, "?input_shape=x:1,H%3D96,W,3")
        self.assertEqual(named["tensors"]["Conv1"], [1, 48, "floor(W/2)", 32])
        self.assertEqual(named["totals"]["completeness"]["macs"], "partial")  # a Dense layer does not see W
        typed = self.post(file, [("Content-Type", "application/octet-stream")])
        self.assertEqual(typed.status, 200, typed)

    def test_a_text_in_the_request(self):
        m = skipping()
        self.assertEqual(self.review({"model": m.text()})["layers"][1]["output_shape"], [None, 4, 4, 4])
        error = self.refused({"model": '{"class_name":\n "Sequential" "config"}'}, 422, "not-json", "/model")
        self.assertEqual(error["line"], 2)

    def test_what_cannot_be_stops_what_depends_on_it(self):
        answer = self.review({"model": skipping().model()})
        states = {layer["name"]: layer["state"] for layer in answer["layers"]}
        self.assertEqual(
            states, {"x": "known", "skips": "known", "large": "failed", "odd": "unknown", "end": "waiting"}
        )
        error = {layer["name"]: layer for layer in answer["layers"]}["large"]["error"]
        self.assertEqual(error["pointer"], "/model/config/layers/2/config/kernel_size/0")
        self.assertEqual(answer["totals"]["completeness"]["macs"], "partial")
        self.assertEqual(answer["totals"]["not_counted"]["macs"], ["Conv2D", "Lambda", "Dense"])

    def test_an_onnx_file(self):
        for body in (onnx_model(), {"model": {"onnx_base64": base64.b64encode(onnx_model()).decode()}}):
            answer = self.review(body)
            self.assertEqual(answer["framework"], "onnx")
            self.assertEqual(answer["tensors"]["c"], ["N", 8, "floor((H + 1)/2)", "floor((W + 1)/2)"])
            self.assertEqual(answer["layers"][1]["weights"][0]["name"], "w")
            self.assertEqual(answer["totals"]["parameters"], 216)
        answer = self.review(onnx_model(), "?input_shape=1,3,8,8")
        self.assertEqual((answer["tensors"]["y"], answer["totals"]["macs"]), ([1, 8, 4, 4], 216 * 16))
        query = "?input_shape=1,3,8,8&rules=all&file=my%20nets/a%25b.onnx"
        sarif = json.loads(self.text(onnx_model(), "application/sarif+json", query))
        self.assertTrue(sarif["runs"][0]["results"])
        for result in sarif["runs"][0]["results"]:  # GitHub refuses one without a place
            place = result["locations"][0]["physicalLocation"]
            self.assertEqual((place["region"]["startLine"], place["artifactLocation"]["uri"]), (1, "my%20nets/a%25b.onnx"))

    def test_a_file_of_keras_3(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("metadata.json", '{"keras_version": "3.3.3"}')
            file.writestr("config.json", mobilenet_v2().text())
        for body in (archive.getvalue(), {"model": {"file_base64": base64.b64encode(archive.getvalue()).decode()}}):
            answer = self.review(body)
            self.assertEqual(answer["totals"]["parameters"], 3538984)
            self.assertEqual(answer["layers"][1]["pointer"], "/config/layers/1")

    def test_a_line_a_model(self):
        m = skipping().model()
        lines = "\n".join(json.dumps(one) for one in ({"model": m}, m, {"mode": m})).encode()
        response = self.post(lines, [("Content-Type", "application/x-ndjson")])
        answers = [json.loads(line) for line in response.body.splitlines()]
        self.assertEqual([len(answers[0]["layers"]), len(answers[1]["layers"])], [5, 5])
        self.assertEqual(answers[2]["errors"][0]["pointer"], "/mode")


class Findings(Review):
    def test_where_they_are(self):
        text = skipping().text(indent=1)
        for body, within in ((text, ""), ({"model": text}, "")):
            finding = next(f for f in self.review(body)["findings"] if f["rule"] == "CV004")
            self.assertEqual((finding["layer"], finding["level"]), ("skips", "warning"))
            self.assertEqual(finding["pointer"], within + "/config/layers/1/config/strides")
            line = text.splitlines()[finding["line"] - 1]
            self.assertEqual(line[: finding["column"] - 1].strip(), '"strides":')

    def test_places_count_from_the_model_in_a_request(self):
        body = '{"language": "en",\n\n "model": ' + skipping().text() + "}"
        finding = next(f for f in self.review(body)["findings"] if f["rule"] == "CV004")
        self.assertEqual(finding["line"], 1)
        self.assertEqual(finding["column"], skipping().text().index("[2, 2]") + 1)

    def test_which_rules(self):
        def found(**wish):
            return {finding["rule"] for finding in self.review({"model": skipping().model(), **wish})["findings"]}

        usual = found()
        self.assertIn("CV004", usual)
        self.assertIn("CV001", usual)
        self.assertEqual(found(rules="-CV004"), usual - {"CV004"})
        self.assertEqual(found(rules=["stride-skips-input"]), {"CV004"})
        self.assertEqual(found(rules="CV004,-all"), set())
        self.refused({"model": skipping().model(), "rules": "CV004,CV999"}, 422, "rule-unknown", "/rules")

    def test_a_baseline(self):
        body = {"model": skipping().model()}
        first = self.review(body)
        known = self.review({**body, "baseline": first})
        self.assertEqual({finding["baseline"] for finding in known["findings"]}, {"unchanged"})
        body["baseline"] = [finding["fingerprint"] for finding in first["findings"] if finding["rule"] != "CV004"]
        again = self.review(body)
        self.assertEqual([f["rule"] for f in again["findings"] if f["baseline"] == "new"], ["CV004"])

    def test_a_baseline_that_is_none(self):
        for baseline, pointer in ((3, "/baseline"), ({}, "/baseline"), ([{"name": "s"}], "/baseline/0"),
                                  (["a", 3], "/baseline/1"), ([{"fingerprint": 3}], "/baseline/0")):  # fmt: skip
            self.refused({"model": skipping().model(), "baseline": baseline}, 422, "wrong-type", pointer)

    def test_a_budget_that_is_known_hides_no_other(self):
        body = {"model": skipping().model(), "rules": "CV049"}
        body["baseline"] = self.review({**body, "budget": {"parameters": 1}})
        again = self.review({**body, "budget": {"parameters": 1, "weights_bytes": 1}})
        self.assertEqual([(f["baseline"], *f["numbers"]) for f in again["findings"]],
                         [("unchanged", "parameters", "limit"), ("new", "weights_bytes", "limit")])

    def test_comments_take_findings_back(self):
        def found(first="", second="", third=""):
            text = (f"net = nn.Sequential({first}\n    nn.Conv2d(3, 16, 1, stride=2),{second}\n"
                    f"    nn.BatchNorm2d(16),{third}\n)\n")  # fmt: skip
            response = self.post({"model": text, "input_shape": [1, 3, 32, 32], "budget": {"parameters": 1},
                                  "rules": "CV004,CV032,CV049"})
            self.assertEqual(response.status, 200, response)
            findings = response.json()["findings"]
            self.assertIn(f"warnings={sum(f['level'] == 'warning' and 'ignored' not in f for f in findings)},",
                          response.header("convscope-findings"))  # fmt: skip
            return {f["rule"] for f in findings if "ignored" not in f}

        self.assertEqual(found(), {"CV004", "CV032", "CV049"})
        self.assertEqual(found(second="  # convscope: ignore"), {"CV049"})
        self.assertEqual(found(second="  # convscope: ignore CV004"), {"CV032", "CV049"})
        self.assertEqual(found(second="  # noqa: E501  # convscope: ignore CV004"), {"CV032", "CV049"})
        self.assertEqual(found(second="  #convscope:ignore bias-before-batchnorm, CV004"), {"CV049"})
        self.assertEqual(found(third="  # convscope: ignore"), {"CV004", "CV032", "CV049"})
        self.assertEqual(found(first="  # convscope: ignore-file CV049"), {"CV004", "CV032"})
        self.assertEqual(found(third="  # convscope: ignore-file"), set())
        self.assertEqual(found(second="  # ignore CV004"), {"CV004", "CV032", "CV049"})

    def test_comments_that_are_wrong(self):
        for words, code in (("ignore CV999", "CV999"), ("ignored", "convscope: ignore"), ("ignore " + "CV004," * 99, "too long")):
            body = f"nn.Sequential(nn.Conv2d(3, 8, 3),\n  nn.ReLU())  # convscope: {words}\n"
            response = self.post({"model": body, "input_shape": [1, 3, 32, 32]})
            assert_problem(self, response, 422, "comment-unknown")
            error = response.json()["errors"][0]
            self.assertIn(code, error["message"])
            self.assertEqual((error["line"], error["column"]), (2, 17))

    def test_language(self):
        answer = self.review({"model": skipping().model(), "language": "zh"})
        self.assertRegex(answer["findings"][0]["message"], "[\u4e00-\u9fff]")


class Forms(Review):
    def test_a_table(self):
        table = self.text(mobilenet_v2().text(), "text/plain", "?file=net.json")
        self.assertRegex(table, r"Conv_1 \(Conv2D\) +\(None, 7, 7, 1280\) +409,600 +20,070,400 +163x163\.\.491x491 ")
        self.assertIn("Parameters: 3,538,984\n", table)
        self.assertIn("net.json:1:", self.text(skipping().text(), "text/plain", "?file=net.json"))
        partial = self.text(skipping().text(), "text/plain")
        self.assertIn("at least", partial)
        self.assertIn("without Conv2D, Lambda, Dense\n", partial)

    def test_a_comment(self):
        m = skipping()
        m.layers[1]["name"] = m.layers[1]["config"]["name"] = "@all|<img src=x>`"
        m.layers[2]["inbound_nodes"] = m.layers[3]["inbound_nodes"] = [[["@all|<img src=x>`", 0, 0, {}]]]
        comment = self.text(m.text(), "text/markdown")
        self.assertNotIn("@all", comment)
        self.assertNotIn("<img", comment)
        rows = [line for line in comment.splitlines() if "CV004" in line]
        self.assertEqual(len(rows), 1, comment)
        self.assertEqual(rows[0].replace("\\|", "").count("|"), 5)

    def test_lines_of_a_spreadsheet(self):
        rows = list(csv.DictReader(io.StringIO(self.text(mobilenet_v2().text(), "text/csv"), newline="")))
        self.assertEqual(sum(int(row["parameters"]) for row in rows), 3538984)
        self.assertEqual(rows[1]["output_shape"], "(None, 225, 225, 3)")

    def test_what_is_not_offered(self):
        response = self.post(skipping().text(), [("Accept", "image/png")])
        assert_problem(self, response, 406, "not-acceptable")


class Refusals(Review):
    def test_requests(self):
        m = skipping().model()
        self.refused({"model": m, "input_shapes": {"y": [1, 2]}}, 422, "input-unknown", "/input_shapes/y")
        self.refused({"model": m, "input_shape": [1, "?"]}, 422, "bad-size-name", "/input_shape/1")
        self.refused({"modell": m}, 422, "unknown-member", "/modell")
        self.refused({}, 422, "model-missing", "/model")
        self.refused({"model": 3}, 422, "wrong-type", "/model")
        self.refused({"model": {"class_name": "Sequential", "config": 3}}, 422, "layers-missing", "/model/config")
        self.refused(m, 422, "unknown-member", "/shape", "?shape=1,2")
        self.refused(m, 422, "unknown-framework", "/framework", "?framework=caffe")
        self.refused(" ", 400, "body-empty", "")
        self.refused("{", 400, "not-json", "")
        self.assertEqual(self.post(onnx_model()[:-5]).status, 400)
        half = {"onnx_base64": base64.b64encode(onnx_model()[:100]).decode()}
        self.assertEqual(self.post({"model": half}).json()["errors"][0]["pointer"], "/model/onnx_base64")
        self.refused({"model": {"onnx_base64": "@"}}, 422, "not-base64", "/model/onnx_base64")
        self.refused({"model": {"file_base64": "", "name": "m"}}, 422, "unknown-member", "/model/name")
        self.refused({"model": m, "framework": "onnx"}, 422, "framework-not-of-model", "/model")

    def test_a_query_beside_lines(self):
        line = json.dumps(skipping().model()).encode()
        response = self.post(line, [("Content-Type", "application/x-ndjson")], "?rules=none")
        assert_problem(self, response, 400, "query-of-lines")

    def test_more_parameters_than_there_is_room_for(self):
        query = "?" + "&".join(f"input_shape=x{i}:1" for i in range(40))
        self.refused(skipping().model(), 422, "too-many-parameters", query=query)


if __name__ == "__main__":
    unittest.main()
