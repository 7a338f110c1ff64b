/*
 * POST /v1/review and /v1/diff: the input is the body of a review. What is added up is the sum, every finding speaks of
 * a layer that there is, every form is written of what one was, and nothing changes from a model to itself.
 */
#include "harness.h"

#include <string.h>

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

/* ---- the answer ---------------------------------------------------------------------------- */

static bool has_layer(const json_t *layers, const char *name) {
    size_t i;
    json_t *layer;
    json_array_foreach(layers, i, layer) {
        if (strcmp(text_of(layer, "name"), name) == 0) return true;
    }
    return false;
}

static void check_finding(const json_t *answer, const json_t *finding) {
    const char *level = text_of(finding, "level"), *message = text_of(finding, "message");
    const json_t *layer = json_object_get(finding, "layer");
    fuzz_require(level && (!strcmp(level, "error") || !strcmp(level, "warning") || !strcmp(level, "note")), "a level");
    fuzz_require(message && *message, "a sentence");
    fuzz_require(json_is_null(layer) || has_layer(json_object_get(answer, "layers"), json_string_value(layer)),
                 "a finding's layer is one: %s", message);
}

static void check_sum(const json_t *answer, const char *key) {
    const json_t *totals = json_object_get(answer, "totals"), *layers = json_object_get(answer, "layers");
    if (strcmp(text_of(json_object_get(totals, "completeness"), key), "unavailable") == 0) return;
    json_int_t sum = 0;
    for (size_t i = 0; i < json_array_size(layers); i++) {
        const json_t *figure = json_object_get(json_array_get(layers, i), key);
        if (__builtin_add_overflow(sum, json_integer_value(figure), &sum)) return;
    }
    fuzz_require(json_integer_value(json_object_get(totals, key)) == sum, "%s adds up to %lld", key, (long long)sum);
}

static void check_review(const json_t *answer) {
    const json_t *findings = json_object_get(answer, "findings");
    check_sum(answer, "parameters");
    check_sum(answer, "trainable");
    for (size_t i = 0; i < json_array_size(findings); i++) check_finding(answer, json_array_get(findings, i));
}

/* ---- more questions about the same ---------------------------------------------------------------- */

static void check_forms(const api_request *request) {
    static const char *const forms[] = {"text/plain", "text/markdown", "text/csv", "application/sarif+json"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        api_request other = *request;
        other.accept = forms[i];
        fuzz_answer answer = fuzz_ask(api_review, &other);
        fuzz_require(answer.status == 200 && answer.length > 0, "%s of what was JSON: %d", forms[i], answer.status);
        fuzz_answer_free(&answer);
    }
}

static void check_same(const uint8_t *data, size_t size) {
    json_t *question = fuzz_parse(data, size), *model = json_object_get(question, "model");
    if (model) {
        json_object_set(question, "before", model);
        json_object_set(question, "after", model);
        json_object_del(question, "model");
        fuzz_answer answer = fuzz_ask_json(api_diff, question);
        const json_t *findings = json_object_get(answer.json, "findings");
        fuzz_require(answer.status == 200 || answer.status == 413, "a model can be compared to itself: %s",
                     answer.body);
        fuzz_require(json_array_size(json_object_get(answer.json, "layers")) == 0 &&
                         json_array_size(json_object_get(findings, "new")) == 0 &&
                         json_array_size(json_object_get(findings, "fixed")) == 0,
                     "nothing changes from a model to itself: %s", answer.body);
        fuzz_answer_free(&answer);
    }
    json_decref(question);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const api_request request = {.body = (const char *)data, .body_length = size};
    fuzz_answer answer = fuzz_ask(api_review, &request);
    if (answer.status == 200) {
        check_review(answer.json);
        check_forms(&request);
        check_same(data, size);
    }
    fuzz_answer_free(&answer);
    return 0;
}
