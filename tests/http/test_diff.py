"""POST /v1/diff: two models beside each other."""

import json
import unittest

from client import assert_problem, once
from models import Keras, mobilenet_v2
from one_server import OneServer


def small(filters=4, kernel=3, extra=False, first="conv2d", batch_norm=True):
    """Two convolutions and a classifier."""
    m = Keras("small", (16, 16, 3))
    m.add("Conv2D", f"{first}", filters=filters, kernel_size=[kernel] * 2, padding="same", activation="relu")
    if batch_norm:
        m.add("BatchNormalization", "bn", axis=[3])
    if extra:
        m.add("Conv2D", "conv2d_1", filters=filters, kernel_size=[3, 3], padding="same", activation="relu")
    m.add("Conv2D", "conv2d_2" if extra else "conv2d_1", filters=8, kernel_size=[1, 1], activation="relu")
    m.add("GlobalAveragePooling2D", "pool")
    m.add("Dense", "dense", units=10)
    return m


class Diff(OneServer):
    def post(self, before, after, headers=(), **wish):
        body = json.dumps({"before": before, "after": after, **wish}).encode()
        return once(self.server, "POST", "/v1/diff", body, headers)

    def diff(self, before, after, **wish):
        response = self.post(before, after, **wish)
        self.assertEqual(response.status, 200, response)
        return response.json()

    def changes(self, before, after):
        """(change, name before, name after) of every layer that changed."""
        layers = self.diff(before.model(), after.model())["layers"]
        return [(one["change"], one.get("before", {}).get("name"), one.get("after", {}).get("name")) for one in layers]

    def test_a_model_and_itself(self):
        answer = self.diff(small().model(), small().text())
        self.assertEqual((answer["layers"], answer["unchanged"]), ([], 5))
        self.assertEqual(answer["findings"], {"new": [], "fixed": []})
        self.assertEqual(answer["totals"]["macs"]["change"], 0)

    def test_more_filters(self):
        answer = self.diff(small(4).model(), small(8).model())
        changed = {one["after"]["name"]: one["changes"] for one in answer["layers"]}
        self.assertEqual(changed["conv2d"]["settings"], {"filters": [4, 8]})
        self.assertEqual(changed["conv2d"]["output_shapes"], [[[None, 16, 16, 4]], [[None, 16, 16, 8]]])
        self.assertEqual(changed["conv2d"]["parameters"], [112, 224])
        self.assertNotIn("settings", changed["conv2d_1"])  # its input is another, not itself
        self.assertEqual(changed["conv2d_1"]["parameters"], [40, 72])
        self.assertEqual(answer["totals"]["parameters"]["change"], 112 + 16 + 32)
        self.assertEqual(set(changed), {"conv2d", "bn", "conv2d_1"})
        self.assertEqual(answer["unchanged"], 2)

    def test_a_layer_that_comes_between_shifts_names(self):
        self.assertEqual(
            self.changes(small(), small(extra=True)),
            # What the pool sees has grown.
            [("added", None, "conv2d_1"), ("changed", "conv2d_1", "conv2d_2"), ("changed", "pool", "pool")],
        )

    def test_what_is_gone_stands_where_it_stood(self):
        self.assertEqual(self.changes(small(), small(batch_norm=False))[0], ("removed", "bn", None))

    def test_another_name_alone(self):
        self.assertEqual(self.changes(small(), small(first="stem")), [("renamed", "conv2d", "stem")])

    def test_a_larger_kernel_is_seen_by_what_follows(self):
        answer = self.diff(small().model(), small(kernel=5).model())
        changed = {one["after"]["name"]: one["changes"] for one in answer["layers"]}
        self.assertEqual(changed["conv2d_1"]["receptive_field"], [[3, 3], [5, 5]])
        self.assertNotIn("dense", changed)

    def test_findings(self):
        def skipping(strides):
            m = Keras("m", (8, 8, 3))
            m.add("Conv2D", "c", filters=4, kernel_size=[1, 1], strides=strides)
            m.add("ReLU", "r")
            return m.model()

        answer = self.diff(skipping([1, 1]), skipping([2, 2]), rules="CV004")
        self.assertEqual([one["rule"] for one in answer["findings"]["new"]], ["CV004"])
        self.assertEqual(answer["findings"]["fixed"], [])
        answer = self.diff(skipping([2, 2]), skipping([1, 1]), rules="CV004")
        self.assertEqual([one["pointer"] for one in answer["findings"]["fixed"]], ["/before/config/layers/1/config/strides"])
        response = self.post(skipping([1, 1]), skipping([2, 2]), rules="CV004")
        self.assertEqual(response.header("convscope-findings"), "errors=0, warnings=1, notes=0, failed=0")

    def test_other_forms(self):
        comment = self.post(small(4).model(), small(8).model(), [("Accept", "text/markdown")]).body.decode()
        self.assertIn("| Parameters | ", comment)
        self.assertNotIn("at least", comment)
        self.assertRegex(comment, r"\| changed \| conv2d \(Conv2D\) \| ")
        table = self.post(small(4).model(), small(8).model(), [("Accept", "text/plain")]).body.decode()
        self.assertIn("+160 (+", table)
        self.assertIn("2 layers unchanged", table)

    def test_sums_that_leave_layers_out(self):
        whole, cut = "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())", "nn.Sequential(nn.Conv2d(3, 8, 3), nn.Linear(7, 2))"
        for accept, row in (("text/markdown", "| Parameters | 224 | at least 224 | = |"),
                            ("text/plain", "Parameters  224  at least 224  =")):
            response = self.post(whole, cut, [("Accept", accept)], input_shape=[1, 3, 8, 8])
            self.assertIn(row, response.body.decode())

    def test_a_model_of_many_layers(self):
        before, after = mobilenet_v2(), mobilenet_v2()
        for layer in after.layers:
            layer["config"]["trainable"] = False
        after.layers.insert(5, after.layers[4] | {"name": "again", "inbound_nodes": [[["Conv1_relu", 0, 0, {}]]]})
        after.layers[5]["config"] = {**after.layers[4]["config"], "name": "again"}
        changes = self.changes(before, after)
        self.assertEqual([one for one in changes if one[0] != "changed"], [("added", None, "again")])
        self.assertIn(("changed", "Conv1", "Conv1"), changes)  # it is frozen

    def test_refusals(self):
        m = small().model()
        for body in (b"", b"nn.Conv2d(3, 8, 3)", b"3", b"{"):
            assert_problem(self, once(self.server, "POST", "/v1/diff", body), 400)
        assert_problem(self, once(self.server, "POST", "/v1/diff", b"[]"), 422, "wrong-type")
        for body, pointer in (({"before": m}, "/after"), ({"before": m, "after": 3}, "/after"),
                              ({"before": {"class_name": "Sequential", "config": 3}, "after": m}, "/before/config"),
                              ({"before": m, "after": m, "model": m}, "/model"), ({"before": m, "after": "x ="}, "/after")):
            response = once(self.server, "POST", "/v1/diff", json.dumps(body).encode())
            assert_problem(self, response, 422)
            self.assertEqual(response.json()["errors"][0]["pointer"], pointer)


if __name__ == "__main__":
    unittest.main()
