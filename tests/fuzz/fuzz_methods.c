/*
 * POST /v1/convolve by different methods: the input is the body. Its layer, on random numbers, gives what the plainest
 * way to compute it does: portable kernels, sums in the order of the definition.
 */
#include "harness.h"

#include <math.h>
#include <stdlib.h>

static const api_context *plain_context(void) {
    static api_context plain;
    if (plain.engine) return &plain;
    cvs_engine *engine = NULL;
    cvs_error err = {0};
    const cvs_engine_options options = {.without_blas = true, .cap_isa = true, .isa = CVS_ISA_PORTABLE, .threads = 1};
    plain = *fuzz_context();
    fuzz_require(cvs_engine_create(&options, &engine, &err) == CVS_OK, "an engine can be made: %s", err.message);
    plain.engine = engine;
    return &plain;
}

static void convolve_plainly(const api_context *context, const api_request *request, api_response *response) {
    (void)context;
    api_convolve(plain_context(), request, response);
}

/* The same question about random numbers of the same shape, where `answer` says which that is. */
static void make_random(json_t *request, const json_t *answer) {
    json_t *shape = json_object_get(json_object_get(answer, "input"), "shape");
    json_object_set_new(request, "input", json_pack("{sO, si}", "shape", shape, "random", 1));
    if (json_object_get(request, "weights")) json_object_set_new(request, "weights", json_pack("{si}", "random", 2));
    json_object_del(request, "output");
    json_object_del(request, "filters");
    json_object_del(request, "trace");
}

/* ---- are they the same? ------------------------------------------------ */

static double largest(const json_t *data) {
    double most = 1;
    for (size_t i = 0; i < json_array_size(data); i++)
        most = fmax(most, fabs(json_number_value(json_array_get(data, i))));
    return most;
}

static void compare(const json_t *got, const json_t *want, const char *algorithm) {
    const double allowed = 1e-3 * largest(want);
    fuzz_require(json_array_size(got) == json_array_size(want), "as many numbers");
    for (size_t i = 0; i < json_array_size(want); i++) {
        const json_t *mine = json_array_get(got, i), *plain = json_array_get(want, i);
        const double difference = fabs(json_number_value(mine) - json_number_value(plain));
        fuzz_require(json_is_null(mine) == json_is_null(plain) && difference <= allowed,
                     "%s: number %zu is %g, plainly %g", algorithm, i, json_number_value(mine),
                     json_number_value(plain));
    }
}

static const json_t *data_of(const fuzz_answer *answer) {
    return json_object_get(json_object_get(answer->json, "output"), "data");
}

static void check_methods(json_t *request) {
    fuzz_answer fast = fuzz_ask_json(api_convolve, request);
    json_object_set_new(request, "algorithm", json_string("direct"));
    fuzz_answer plain = fuzz_ask_json(convolve_plainly, request);
    const json_t *execution = json_object_get(fast.json, "execution");
    if (fast.status == 200 && plain.status == 200)
        compare(data_of(&fast), data_of(&plain), json_string_value(json_object_get(execution, "algorithm")));
    fuzz_answer_free(&fast);
    fuzz_answer_free(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_answer answer = fuzz_ask(api_convolve, &(api_request){.body = (const char *)data, .body_length = size});
    if (answer.status == 200) {
        json_t *request = fuzz_parse(data, size);
        make_random(request, answer.json);
        check_methods(request);
        json_decref(request);
    }
    fuzz_answer_free(&answer);
    return 0;
}
