"""questions.py - what is asked under load: {name: (path, request)}."""

SEED = "Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', activation='relu')"


def convolution(side, channels, kernel=3):
    """Of input and weights that are drawn, so that hardly a byte is sent; one map of the output comes back."""
    return {"layer": f"Conv2D({channels}, {kernel}, padding='same', activation='relu')",
            "input": {"shape": [1, side, side, channels], "random": 1}, "weights": {"random": 7}, "filters": [0]}


QUESTIONS = {
    "shape, whole answer": ("/v1/shape", {"layer": SEED, "input_shape": [None, 400, 300]}),
    "shape, output alone": ("/v1/shape", {"layer": SEED, "input_shape": [None, 400, 300], "fields": ["output"]}),
    "convolve, 300 steps, 111 filters": ("/v1/convolve", {"layer": SEED, "input": {"shape": [1, 300, 1], "random": 1},
                                                          "weights": {"random": 7}, "filters": [7]}),
    "convolve, 28 x 28 x 64, 3 x 3": ("/v1/convolve", convolution(28, 64)),
}
