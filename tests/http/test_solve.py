"""The way back, and the list of rules."""

import json
import unittest

from client import assert_problem, once
from one_server import OneServer
from server import Server


class Solve(OneServer):
    def solve(self, layer, before, after, **members):
        body = {"layer": layer, "input_shape": before, "output_shape": after, **members}
        return once(self.server, "POST", "/v1/solve", json.dumps(body).encode())

    def shape_of(self, layer, framework, before):
        body = {"layer": layer, "framework": framework, "input_shape": before, "fields": ["output"]}
        return once(self.server, "POST", "/v1/shape", json.dumps(body).encode()).json()["output"]["shape"]

    def test_a_name_is_a_size_not_known(self):
        answer = self.solve("Conv2D(8, 3, padding=?)", ["N", 8, 8, 1], ["N", 6, 6, 8]).json()
        self.assertEqual(answer["solutions"][0]["equivalent"], "Conv2D(8, 3)")

    def test_every_dialect_may_ask(self):
        asked = [
            ("Conv2D(64, 3, strides=?, padding='?')", "keras"),
            ({"class_name": "Conv2D", "config": {"filters": 64, "kernel_size": 3, "strides": "?", "padding": "?"}}, "keras"),
            ({"op": "conv", "filters": 64, "kernel": [3, 3], "stride": "?", "padding": "?"}, "convscope"),
        ]
        for layer, framework in asked:
            with self.subTest(layer=layer):
                answer = self.solve(layer, [None, 224, 224, 3], [None, 112, 112, 64]).json()
                self.assertEqual(answer["framework"], framework)
                self.assertEqual(answer["asked"], ["stride", "padding"])
                first = answer["solutions"][0]["settings"]
                self.assertEqual((first["stride"], first["padding"]["mode"]), ([2, 2], "same"))

    def test_solutions_give_the_output_they_promise(self):
        before, after = [1, 3, 224, 224], [1, 64, 112, 112]
        answer = self.solve("nn.Conv2d(3, ?, ?, stride=?, padding=?)", before, after).json()
        self.assertGreater(len(answer["solutions"]), 3)
        for solution in answer["solutions"]:
            self.assertEqual(self.shape_of(solution["equivalent"], "pytorch", before), after, solution)
            self.assertEqual(self.shape_of(solution["layer"], "pytorch", before), after, solution)

    def test_no_way_is_an_answer_that_says_why(self):
        asked = ("Conv2D(8, 3, padding=?)", [None, 28, 28, 1], [None, 31, 31, 8])
        answer = self.solve(*asked)
        self.assertEqual((answer.status, answer.json()["solutions"]), (200, []))
        self.assertIn("height 31: the largest they give is 28.", answer.json()["no_solution"])
        self.assertIn("最大只能到 28。", self.solve(*asked, language="zh").json()["no_solution"])
        self.assertNotIn("no_solution", self.solve(*asked[:2], [None, 28, 28, 8]).json())

    def test_the_language_may_come_with_the_head(self):
        body = {"layer": "Conv2D(8, 3, padding=?)", "input_shape": [None, 28, 28, 1], "output_shape": [None, 31, 31, 8]}
        head = [("Accept-Language", "zh-CN")]
        answer = once(self.server, "POST", "/v1/solve", json.dumps(body).encode(), headers=head)
        self.assertIn("28。", answer.json()["no_solution"])
        assert_problem(self, self.solve(*body.values(), language="fr"), 422)

    def test_what_is_missing_is_named(self):
        for body, code in (
            ({"layer": "Conv2D(8, 3)", "input_shape": [1, 9, 9, 1], "output_shape": [1, 7, 7, 8]}, "nothing-asked"),
            ({"layer": "Conv2D(8, ?)", "input_shape": [1, 9, 9, 1]}, "shape-missing"),
            ({"input_shape": [1, 9, 9, 1], "output_shape": [1, 7, 7, 8]}, "layer-missing"),
        ):
            response = once(self.server, "POST", "/v1/solve", json.dumps(body).encode())
            assert_problem(self, response, 422)
            self.assertEqual(response.json()["errors"][0]["code"], code)

    def test_an_open_setting_is_no_layer(self):
        body = json.dumps({"layer": "Conv2D(8, ?)", "input_shape": [1, 9, 9, 1]}).encode()
        response = once(self.server, "POST", "/v1/shape", body)
        assert_problem(self, response, 422)
        self.assertIn("/v1/solve", response.json()["detail"])


class Rules(unittest.TestCase):
    def test_all_rules_in_the_language_asked_for(self):
        with Server() as server:
            answer = once(server, "GET", "/v1/rules")
            english = answer.json()
            chinese = once(server, "GET", "/v1/rules", headers=[("Accept-Language", "zh-CN, en;q=0.5")]).json()
        self.assertIn("accept-language", answer.header("vary").lower().split(", "))
        self.assertEqual([rule["id"] for rule in english["rules"]], [f"CV{n:03}" for n in range(1, 59)])
        self.assertEqual((english["language"], chinese["language"]), ("en", "zh"))
        for one, other in zip(english["rules"], chinese["rules"]):
            self.assertEqual((one["id"], one["name"], one["level"]), (other["id"], other["name"], other["level"]))
            self.assertNotEqual(one["title"], other["title"])


if __name__ == "__main__":
    unittest.main()
