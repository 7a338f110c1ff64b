/* POST /v1/shape: the input is the body. */
#include "harness.h"

static bool is_chain(const json_t *answer) { return json_object_get(answer, "layers") != NULL; }

static void check_layer(const json_t *answer) {
    const json_t *output = json_object_get(answer, "output");
    if (!output) return;
    const json_t *shape = json_object_get(output, "shape");
    fuzz_check_shape(shape);
    fuzz_require(json_array_size(json_object_get(output, "axes")) == json_array_size(shape), "each axis has a name");
}

/* Asked for the output alone, the answer has the same output and nothing else. */
static void check_output_alone(json_t *request, const json_t *answer) {
    json_object_set_new(request, "fields", json_pack("[s]", "output"));
    json_object_del(request, "cell");
    json_object_del(request, "weights_shapes");
    fuzz_answer alone = fuzz_ask_json(api_shape, request);
    fuzz_require(alone.status == 200, "what has all fields has the output: %s", alone.body);
    const json_t *output = json_object_get(answer, "output");
    fuzz_require(json_equal(json_object_get(alone.json, "output"), output), "the output alone is the same: %s",
                 alone.body);
    fuzz_require(json_object_size(alone.json) == (is_chain(answer) ? 2 : 1), "nothing but the output: %s", alone.body);
    fuzz_answer_free(&alone);
}

static void check_whole(json_t *request, const json_t *answer) {
    const json_t *layers = json_object_get(answer, "layers");
    for (size_t i = 0; i < json_array_size(layers); i++) check_layer(json_array_get(layers, i));
    check_layer(answer);
    if (!json_object_get(request, "fields") && !json_object_get(request, "weights_shapes"))
        check_output_alone(request, answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_answer answer =
        fuzz_ask(api_shape, &(api_request){.body = (const char *)data, .body_length = size, .takes_flow = true});
    if (answer.status == 200) {
        json_t *request = fuzz_parse(data, size);
        check_whole(request, answer.json);
        json_decref(request);
    }
    fuzz_answer_free(&answer);
    return 0;
}
