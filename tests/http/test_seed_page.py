"""The questions of the page that Convscope began with, each asked as its asker would and answered in numbers and words."""

import json
import unittest

from client import once
from one_server import OneServer

FOUNDING = (
    "model.add(Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', activation=\"relu\", subsample_length=1))"
)


class SeedPage(OneServer):
    def ask(self, layer, input_shape, **members):
        body = {"layer": layer, "input_shape": input_shape, **members}
        response = once(self.server, "POST", "/v1/shape", json.dumps(body).encode())
        self.assertEqual(response.status, 200, response)
        return response.json()

    def said(self, answer, *sentences):
        text = "\n".join(answer["explanation"]["paragraphs"])
        for sentence in sentences:
            self.assertIn(sentence, text)

    def weights(self, answer):
        return [weight["shape"] for weight in answer["weights"]]

    def test_what_the_asker_expected(self):
        """300 steps of one channel: 296 values a filter."""
        answer = self.ask(FOUNDING, [None, 300, 1])
        self.assertEqual(answer["output"]["shape"], [None, 296, 111])
        self.assertEqual(self.weights(answer), [[5, 1, 1, 111], [111]])
        self.assertEqual(answer["parameters"], 666)
        self.assertEqual(answer["explanation"]["steps"][0]["substitution"], "floor((300 + 0 + 0 - 1*(5 - 1) - 1)/1) + 1")

    def test_what_the_asker_had_and_what_axis_2_is(self):
        answer = self.ask(FOUNDING, [None, 400, 300])
        self.assertEqual(answer["output"]["shape"], [None, 396, 111])
        self.assertEqual(self.weights(answer), [[5, 1, 300, 111], [111]])
        self.assertEqual(answer["weights"][0]["axes"], ["kernel_length", "unit", "in_channels", "filters"])
        self.said(
            answer,
            "Axis 2 of (5, 1, 300, 111) is in_channels = 300",
            "channels are not slid over but summed",
            "Then feed it as (batch, 300, 1)",
        )

    def test_the_same_in_chinese(self):
        answer = self.ask(FOUNDING, [None, 400, 300], language="zh")
        self.said(answer, "(5, 1, 300, 111) 的轴 2 是 in_channels = 300", "通道轴上没有滑动，只有求和")

    def test_the_weights_tell_what_the_layer_was_given(self):
        """On (300, 1) the weights (5, 1, 300, 111) cannot be: axis 2 says so."""
        answer = self.ask(FOUNDING, [None, 300, 1], weights_shapes=[[5, 1, 300, 111], [111]])
        self.assertFalse(answer["weights_seen"]["fits"])
        self.assertEqual(answer["weights_seen"]["weights"][0]["differs"], [False, False, True, False])
        finding = next(f for f in answer["findings"] if f["rule"] == "CV005")
        self.assertEqual(finding["pointer"], "/weights_shapes/0/2")
        self.assertIn("made for 300 input channels", finding["message"])

    def test_filter_sevens_feature_map(self):
        answer = self.ask(FOUNDING, [None, 400, 300])
        self.said(answer, "The weights of filter 7 (counted from 0) are `kernel[..., 7]`", "a slice of the layer's output y")
        body = {"layer": FOUNDING, "input": {"shape": [1, 300, 1], "random": 1}, "weights": {"random": 2}, "filters": [7]}
        maps = once(self.server, "POST", "/v1/convolve", json.dumps(body).encode()).json()["feature_maps"]
        self.assertEqual([(m["filter"], len(m["data"])) for m in maps], [(7, 296)])

    def test_why_16_and_not_128(self):
        """24x24x16 after 8 filters and then 16: each filter sums over all maps before it."""
        chain = {"layers": ["Conv2D(8, (3, 3))", "Conv2D(16, (3, 3))"], "input_shape": [None, 28, 28, 1]}
        answer = once(self.server, "POST", "/v1/shape", json.dumps(chain).encode()).json()
        self.assertEqual(answer["output"]["shape"], [None, 24, 24, 16])
        second = answer["layers"][1]
        self.assertEqual(self.weights(second), [[3, 3, 8, 16], [16]])
        self.said(second, "There are 16 of them and not 16 × 8 = 128")

    def test_5x5_with_kernel_3_stride_2_and_padding(self):
        self.assertEqual(self.ask("nn.Conv2d(1, 1, 3, stride=2)", [1, 1, 5, 5])["output"]["shape"], [1, 1, 2, 2])
        padded = self.ask("nn.Conv2d(1, 1, 3, stride=2, padding=1)", [1, 1, 5, 5])
        self.assertEqual(padded["output"]["shape"], [1, 1, 3, 3])
        same = self.ask("Conv2D(1, 3, strides=2, padding='same')", [None, 5, 5, 1])
        self.assertEqual(same["output"]["shape"], [None, 3, 3, 1])
        self.said(same, "It keeps the size at stride 1 only: here the height goes from 5 to ceil(5/2) = 3.")

    def test_128x128x3_with_40_filters_of_5x5(self):
        answer = self.ask("Conv2D(40, (5, 5))", [None, 128, 128, 3])
        self.assertEqual(answer["output"]["shape"], [None, 124, 124, 40])
        self.assertEqual((self.weights(answer), answer["parameters"]), ([[5, 5, 3, 40], [40]], 3040))
        self.said(answer, "The layer has (5 × 5 × 3 + 1) × 40 = 3,040 parameters")

    def test_how_keras_1_and_2_differ_in_1d(self):
        first = self.ask(FOUNDING, [None, 400, 300])
        second = self.ask("Conv1D(111, 5, activation='relu')", [None, 400, 300])
        self.assertEqual((first["framework"], second["framework"]), ("keras1", "keras"))
        self.assertEqual(self.weights(second), [[5, 300, 111], [111]])
        self.assertEqual(first["output"], second["output"])
        self.said(first, "Keras 1 runs its 1D convolution as a 2D one", "Keras 2 and 3 store the same kernel without it")
        self.assertEqual(first["equivalents"]["keras"], "Conv1D(111, 5, activation='relu')")

    def test_how_a_2d_filter_slides_and_what_it_collects(self):
        answer = self.ask("Conv2D(1, 3)", [None, 5, 5, 2], cell=[2, 1])
        self.said(
            answer,
            "it spans 3 rows × 3 columns × all 2 channels",
            "Along the height the window starts at rows 0, 1, 2",
            "y[0, 0, 0] = numpy.sum(x[0:3, 0:3, :] * kernel[..., 0]) + bias[0]",
        )
        height, width = answer["receptive_window"]
        self.assertEqual((height["first"], height["count"]), (2, 3))
        self.assertEqual((width["first"], width["count"]), (1, 3))


if __name__ == "__main__":
    unittest.main()
