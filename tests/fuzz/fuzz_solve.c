/* POST /v1/solve: the input is the body. */
#include "harness.h"

#include <string.h>

/* A size that the request leaves open fits any; "H=3" counts as open here. */
static bool fits(const json_t *wanted, const json_t *got) {
    return !json_is_integer(wanted) || json_integer_value(wanted) < 0 || !json_is_integer(got) ||
           json_equal(wanted, got);
}

static void check_fits(const json_t *wanted, const json_t *got, const char *what) {
    fuzz_require(json_array_size(wanted) == json_array_size(got), "as many axes as asked for: %s", what);
    for (size_t i = 0; i < json_array_size(wanted); i++)
        fuzz_require(fits(json_array_get(wanted, i), json_array_get(got, i)), "axis %zu comes out as asked: %s", i,
                     what);
}

/* What a solution is as the user writes it gives the shape that was asked for. */
static void check_solution(const json_t *request, const char *framework, json_t *solution) {
    json_t *layer = json_object_get(solution, "equivalent");
    if (!layer || json_is_null(layer) || json_is_array(layer)) return;
    if (json_is_string(layer) && strchr(json_string_value(layer), '\n')) return;
    json_t *question = json_pack("{sO, ss, sO, s[s]}", "layer", layer, "framework", framework, "input_shape",
                                 json_object_get(request, "input_shape"), "fields", "output");
    fuzz_answer answer = fuzz_ask_json(api_shape, question);
    char *what = json_dumps(layer, JSON_ENCODE_ANY);
    fuzz_require(answer.status == 200, "a solution is a layer: %s: %s", what, answer.body);
    check_fits(json_object_get(request, "output_shape"),
               json_object_get(json_object_get(answer.json, "output"), "shape"), what);
    free(what);
    fuzz_answer_free(&answer);
    json_decref(question);
}

static void check_solutions(const json_t *request, const json_t *answer) {
    const char *framework = json_string_value(json_object_get(answer, "framework"));
    const json_t *solutions = json_object_get(answer, "solutions"), *why = json_object_get(answer, "no_solution");
    fuzz_require(framework && json_array_size(json_object_get(answer, "asked")) > 0, "something was asked");
    fuzz_require((json_array_size(solutions) > 0) == !why, "there are solutions, or a reason");
    fuzz_require(!why || (json_is_string(why) && json_string_length(why) > 0), "the reason is a sentence");
    for (size_t i = 0; i < json_array_size(solutions); i++)
        check_solution(request, framework, json_array_get(solutions, i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_answer answer = fuzz_ask(api_solve, &(api_request){.body = (const char *)data, .body_length = size});
    if (answer.status == 200) {
        json_t *request = fuzz_parse(data, size);
        check_solutions(request, answer.json);
        json_decref(request);
    }
    fuzz_answer_free(&answer);
    return 0;
}
