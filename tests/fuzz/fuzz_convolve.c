/* POST /v1/convolve: the input is the body. */
#include "harness.h"

#include <string.h>

static int64_t count_of(const json_t *shape) {
    int64_t count = 1;
    for (size_t i = 0; i < json_array_size(shape); i++) count *= json_integer_value(json_array_get(shape, i));
    return count;
}

/* The numbers, and the nulls among them, of an array however nested. */
static void count_numbers(const json_t *data, int64_t *numbers, int64_t *nulls) {
    if (!json_is_array(data)) {
        fuzz_require(json_is_number(data) || json_is_null(data), "data are numbers");
        ++*numbers;
        *nulls += json_is_null(data);
        return;
    }
    for (size_t i = 0; i < json_array_size(data); i++) count_numbers(json_array_get(data, i), numbers, nulls);
}

static void check_data(const json_t *tensor, const json_t *data) {
    const int64_t count = count_of(json_object_get(tensor, "shape"));
    const json_t *non_finite = json_object_get(tensor, "non_finite");
    int64_t numbers = 0, nulls = 0;
    if (json_is_string(data)) {
        fuzz_require((int64_t)json_string_length(data) == (4 * count + 2) / 3 * 4, "base64 of four bytes a number");
        return;
    }
    count_numbers(data, &numbers, &nulls);
    fuzz_require(numbers == count, "as many numbers as the shape has: %lld, not %lld", (long long)numbers,
                 (long long)count);
    fuzz_require(!non_finite || json_integer_value(non_finite) == nulls, "nulls are counted");
}

static void check_output(const json_t *answer) {
    const json_t *output = json_object_get(answer, "output"), *data = json_object_get(output, "data");
    const json_t *maps = json_object_get(answer, "feature_maps");
    fuzz_check_shape(json_object_get(output, "shape"));
    fuzz_require(!data == !!maps, "an output, or maps");
    if (data) check_data(output, data);
    for (size_t i = 0; i < json_array_size(maps); i++) {
        const json_t *map = json_array_get(maps, i);
        check_data(map, json_object_get(map, "data"));
    }
    const json_t *execution = json_object_get(answer, "execution");
    fuzz_require(json_string_length(json_object_get(execution, "algorithm")) > 0, "the algorithm has a name");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_answer answer =
        fuzz_ask(api_convolve, &(api_request){.body = (const char *)data, .body_length = size, .takes_flow = true});
    if (answer.status == 200) check_output(answer.json);
    fuzz_answer_free(&answer);
    return 0;
}
