/*
 * POST /v2/models/convolve/infer: the input is the body. Where something follows its JSON, that is binary data, and the
 * request says how long the JSON is.
 */
#include "harness.h"

static size_t json_length(const uint8_t *data, size_t size) {
    json_error_t end;
    json_t *root = json_loadb((const char *)data, size, JSON_DISABLE_EOF_CHECK, &end);
    json_decref(root);
    return root ? (size_t)end.position : size;
}

static int64_t count_of(const json_t *shape) {
    int64_t count = 1;
    for (size_t i = 0; i < json_array_size(shape); i++) count *= json_integer_value(json_array_get(shape, i));
    return count;
}

/* Its numbers are in the JSON, or all that follows it. */
static void check_output(const fuzz_answer *answer, const json_t *output) {
    const json_t *shape = json_object_get(output, "shape"), *data = json_object_get(output, "data");
    const json_t *size = json_object_get(json_object_get(output, "parameters"), "binary_data_size");
    fuzz_check_shape(shape);
    fuzz_require(!data == !!size, "numbers in one place");
    if (data) fuzz_require((int64_t)json_array_size(data) == count_of(shape), "as many numbers as the shape has");
    const int64_t bytes = size ? json_integer_value(size) : 0;
    fuzz_require(!size || bytes == 4 * count_of(shape), "four bytes a number: %lld", (long long)bytes);
    fuzz_require(answer->length - answer->json_length == (size_t)bytes, "%zu bytes are JSON, %zu in all",
                 answer->json_length, answer->length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const size_t length = json_length(data, size);
    api_request request = {.body = (const char *)data, .body_length = size, .path_value = {"convolve", "1"}};
    request.has_json_length = length < size;
    request.json_length = length;
    fuzz_answer answer = fuzz_ask(api_oip_infer, &request);
    const json_t *outputs = json_object_get(answer.json, "outputs");
    fuzz_require(answer.status != 200 || json_array_size(outputs) == 1, "the model has one output");
    if (answer.status == 200) check_output(&answer, json_array_get(outputs, 0));
    fuzz_answer_free(&answer);
    return 0;
}
