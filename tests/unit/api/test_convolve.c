#include "ask.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ONES9  "{'shape': [3, 3, 1, 1], 'data': [1, 1, 1, 1, 1, 1, 1, 1, 1]}"
#define SUM3X3 "'layer': {'op': 'conv', 'kernel': [3, 3], 'filters': 1, 'use_bias': false}"

/* An all-ones kernel sums: 1 + 2 + ... + 9. */
START_TEST(sum_of_a_window) {
    json_t *answer =
        ask(api_convolve, 200,
            "{" SUM3X3 ", 'input': [[[[1], [2], [3]], [[4], [5], [6]], [[7], [8], [9]]]], 'weights': [" ONES9 "]}");
    check_at(answer, "output.shape", "[1, 1, 1, 1]");
    check_at(answer, "output.data", "[45]");
    check_at(answer, "output.non_finite", "0");
    check_at(answer, "input.shape", "[1, 3, 3, 1]");
    check_at(answer, "layer.op", "'conv'");
    ck_assert_ptr_null(json_object_get(answer, "feature_maps"));
    ck_assert_ptr_null(json_object_get(answer, "trace"));
    check_at(answer, "execution.threads", "3");
    ck_assert_uint_gt(json_string_length(at(answer, "execution.algorithm")), 0);
    ck_assert_uint_gt(json_string_length(at(answer, "execution.isa")), 0);
    ck_assert_uint_gt(json_string_length(at(answer, "execution.blas")), 0);
    ck_assert(json_number_value(at(answer, "execution.compute_us")) >= 0);
    json_decref(answer);
}
END_TEST

/* The trick input that shows the summing over channels: red 1, green 100, blue 10000 give 40404 everywhere. */
START_TEST(channels_are_summed) {
    json_t *answer = ask(api_convolve, 200,
                         "{'layer': 'nn.Conv2d(3, 1, 2, bias=False)', 'input': [[[[1, 1, 1], [1, 1, 1]], [[100, 100, "
                         "100], [100, 100, 100]], "
                         "[[10000, 10000, 10000], [10000, 10000, 10000]]]], "
                         "'weights': {'weight': [[[[1, 1], [1, 1]], [[1, 1], [1, 1]], [[1, 1], [1, 1]]]]}}");
    check_at(answer, "output.shape", "[1, 1, 1, 2]");
    check_at(answer, "output.data", "[40404, 40404]");
    json_decref(answer);
}
END_TEST

/* The same numbers in every form of a tensor and every encoding of the answer. */
START_TEST(forms_and_encodings_agree) {
    static const char *const inputs[] = {
        "[[[1], [-2], [0.5], [4]]]",
        "{'shape': [1, 4, 1], 'data': [1, -2, 0.5, 4]}",
        "{'shape': [1, 4, 1], 'dtype': 'float32', 'base64': 'AACAPwAAAMAAAAA/AACAQA=='}",
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        char body[512];
        snprintf(
            body, sizeof body,
            "{'layer': 'Conv1D(2, 2)', 'input': %s, 'weights': {'kernel': [[[1, 0]], [[0.5, 1]]], 'bias': [0, 10]}, "
            "'output': {'encoding': 'nested'}}",
            inputs[i]);
        json_t *answer = ask(api_convolve, 200, body);
        check_at(answer, "output.data", "[[[0, 8], [-1.75, 10.5], [2.5, 14]]]");
        json_decref(answer);
    }
    json_t *answer =
        ask(api_convolve, 200,
            "{'layer': 'Conv1D(2, 2)', 'input': [[[1], [-2], [0.5], [4]]], "
            "'weights': {'kernel': [[[1, 0]], [[0.5, 1]]], 'bias': [0, 10]}, 'output': {'encoding': 'base64'}}");
    check_at(answer, "output.data", "'AAAAAAAAAEEAAOC/AAAoQQAAIEAAAGBB'");
    json_decref(answer);
}
END_TEST

/* Filter 7's feature map: the output without its last axis, and nothing else. */
START_TEST(feature_maps_of_filters) {
    static const char question[] =
        "{'layer': 'Convolution1D(nb_filter=111, filter_length=5, activation=\\u0027relu\\u0027)', "
        "'input': {'shape': [2, 300, 1], 'random': 1}, 'weights': {'random': 2}%s}";
    char body[512];
    snprintf(body, sizeof body, question, "");
    json_t *whole = ask(api_convolve, 200, body);
    snprintf(body, sizeof body, question, ", 'filters': [7, 110]");
    json_t *maps = ask(api_convolve, 200, body);
    check_at(maps, "output.shape", "[2, 296, 111]");
    ck_assert_ptr_null(json_object_get(at(maps, "output"), "data"));
    ck_assert_uint_eq(json_array_size(at(maps, "feature_maps")), 2);
    check_at(maps, "feature_maps.0.filter", "7");
    check_at(maps, "feature_maps.1.filter", "110");
    check_at(maps, "feature_maps.0.shape", "[2, 296]");
    const json_t *data = at(whole, "output.data"), *map = at(maps, "feature_maps.0.data");
    ck_assert_uint_eq(json_array_size(map), 592);
    double least = INFINITY, most = -INFINITY, sum = 0;
    for (size_t i = 0; i < 592; i++) {
        double value = json_number_value(json_array_get(map, i));
        ck_assert_double_eq(value, json_number_value(json_array_get(data, i * 111 + 7)));
        least = fmin(least, value);
        most = fmax(most, value);
        sum += value;
    }
    ck_assert_double_eq(json_number_value(at(maps, "feature_maps.0.min")), least);
    ck_assert_double_eq(json_number_value(at(maps, "feature_maps.0.max")), most);
    ck_assert_double_eq_tol(json_number_value(at(maps, "feature_maps.0.mean")), sum / 592, 1e-6);
    ck_assert(most > 0);
    json_decref(whole);
    json_decref(maps);
}
END_TEST

START_TEST(feature_maps_with_channels_first) {
    json_t *answer = ask(api_convolve, 200,
                         "{'layer': 'nn.Conv1d(1, 2, 1, bias=False)', 'input': [[[1, 2]], [[3, 4]]], "
                         "'weights': [[[[1]], [[10]]]], 'filters': [1], 'output': {'encoding': 'nested'}}");
    check_at(answer, "feature_maps.0.shape", "[2, 2]");
    check_at(answer, "feature_maps.0.data", "[[10, 20], [30, 40]]");
    json_decref(answer);
}
END_TEST

/* Beyond float32 there is infinity: null on the wire, counted, and left out of the statistics. */
START_TEST(non_finite_values_are_null) {
    json_t *answer =
        ask(api_convolve, 200,
            "{'layer': 'nn.Conv1d(1, 1, 1, bias=False)', 'input': [[[1, 3e38, -3e38]]], 'weights': [[[[10]]]], "
            "'filters': [0]}");
    check_at(answer, "output.non_finite", "2");
    check_at(answer, "feature_maps.0.data", "[10, null, null]");
    check_at(answer, "feature_maps.0.min", "10");
    check_at(answer, "feature_maps.0.max", "10");
    check_at(answer, "feature_maps.0.mean", "10");
    json_decref(answer);
}
END_TEST

/* A traced cell is added up here again, from the numbers that the answer shows. */
static void check_trace(const char *body, size_t products, bool padded) {
    json_t *answer = ask(api_convolve, 200, body);
    const json_t *list = at(answer, "trace.products");
    ck_assert_uint_eq(json_array_size(list), products);
    double sum = json_number_value(at(answer, "trace.bias"));
    bool has_padding = false;
    for (size_t i = 0; i < products; i++) {
        const json_t *product = json_array_get(list, i);
        double input = json_number_value(at(product, "input")), weight = json_number_value(at(product, "weight"));
        has_padding |= json_is_null(at(product, "input_index"));
        ck_assert_double_eq_tol(json_number_value(at(product, "product")), input * weight, 1e-6);
        sum += input * weight;
    }
    ck_assert(has_padding == padded);
    ck_assert_double_eq_tol(json_number_value(at(answer, "trace.sum")), sum, 1e-5);
    double value = json_number_value(at(answer, "trace.value"));
    ck_assert_double_eq_tol(value, sum > 0 ? sum : 0, 1e-5);
    json_decref(answer);
}

START_TEST(traces_add_up) {
    check_trace("{'layer': 'Convolution1D(nb_filter=3, filter_length=5, activation=\\u0027relu\\u0027)', "
                "'input': {'shape': [2, 12, 4], 'random': 5}, 'weights': {'random': 6}, "
                "'trace': {'cell': [7], 'filter': 2, 'sample': 1}}",
                20, false);
    check_trace("{'layer': {'op': 'conv', 'kernel': [3, 2], 'filters': 6, 'groups': 2, 'stride': [2, 1], "
                "'dilation': [1, 2], 'padding': {'mode': 'explicit', 'before': [1, 2], 'after': [0, 1]}, "
                "'activation': 'relu', 'data_format': 'channels_first'}, "
                "'input': {'shape': [1, 4, 7, 6], 'random': 5}, 'weights': {'random': 9}, "
                "'trace': {'cell': [0, 1], 'filter': 4}}",
                12, true);
}
END_TEST

/* Padding that mirrors reads real cells: no product is without an input. */
START_TEST(trace_of_mirrored_padding) {
    json_t *answer = ask(api_convolve, 200,
                         "{'layer': 'nn.Conv1d(1, 1, 3, padding=1, padding_mode=\\u0027reflect\\u0027, bias=False)', "
                         "'input': [[[1, 2, 4]]], 'weights': [[[[100, 10, 1]]]], 'trace': {'cell': [0]}}");
    check_at(answer, "output.data", "[212, 124, 242]");
    check_at(answer, "trace.products.0",
             "{'input_index': [0, 0, 1], 'weight_index': [0, 0, 0], 'input': 2, 'weight': 100, 'product': 200}");
    check_at(answer, "trace.sum", "212");
    json_decref(answer);
}
END_TEST

START_TEST(random_is_reproducible) {
    static const char body[] = "{'layer': 'nn.Conv1d(2, 2, 3)', 'input': {'shape': [1, 2, 9], 'random': 3}, "
                               "'weights': [{'random': 7}, {'shape': [2], 'random': 8}]}";
    json_t *first = ask(api_convolve, 200, body), *second = ask(api_convolve, 200, body);
    ck_assert(json_equal(at(first, "output"), at(second, "output")));
    json_t *together = ask(api_convolve, 200,
                           "{'layer': 'nn.Conv1d(2, 2, 3)', 'input': {'shape': [1, 2, 9], 'random': 3}, "
                           "'weights': {'random': 7}}");
    ck_assert(json_equal(at(first, "output"), at(together, "output"))); /* weight i is made from seed + i */
    json_decref(first);
    json_decref(second);
    json_decref(together);
}
END_TEST

START_TEST(missing_weights_are_listed) {
    json_t *problem = ask(api_convolve, 422,
                          "{'layer': 'Convolution1D(nb_filter=111, filter_length=5)', "
                          "'input': {'shape': [1, 400, 300], 'random': 1}}");
    check_at(problem, "errors.0.code", "'weights-missing'");
    check_at(problem, "errors.0.pointer", "'/weights'");
    check_at(problem, "weights.0.shape", "[5, 1, 300, 111]");
    check_at(problem, "weights.0.axes", "['kernel_length', 'unit', 'in_channels', 'filters']");
    check_at(problem, "weights.1.shape", "[111]");
    json_decref(problem);
}
END_TEST

#define CONV1   "'layer': 'nn.Conv1d(1, 2, 2)', "
#define INPUT   "'input': [[[1, 2, 3]]], "
#define WEIGHTS "'weights': [[[[1, 2]], [[3, 4]]], [0, 0]]"

START_TEST(mistakes_are_named) {
    static const struct {
        int status;
        const char *pointer, *code, *body;
    } cases[] = {
        {422, "/layer", "layer-missing", "{}"},
        {422, "/input", "input-missing", "{'layer': 'nn.Conv1d(1, 2, 2)'}"},
        {422, "/wieghts", "unknown-member", "{" CONV1 INPUT "'wieghts': []}"},
        {422, "/algorithm", "unknown-algorithm", "{" CONV1 INPUT WEIGHTS ", 'algorithm': 'fft'}"},
        {422, "/output/encoding", "unknown-encoding", "{" CONV1 INPUT WEIGHTS ", 'output': {'encoding': 'hex'}}"},
        {422, "/output/format", "unknown-member", "{" CONV1 INPUT WEIGHTS ", 'output': {'format': 'json'}}"},
        {422, "/output", "wrong-type", "{" CONV1 INPUT WEIGHTS ", 'output': 'json'}"},
        {422, "/input", "wrong-type", "{" CONV1 "'input': 5, " WEIGHTS "}"},
        {422, "/input/0/0/1", "wrong-type", "{" CONV1 "'input': [[[1, 'x']]], " WEIGHTS "}"},
        {422, "/input/0/0/1", "number-out-of-range", "{" CONV1 "'input': [[[1, 1e39]]], " WEIGHTS "}"},
        {422, "/input/0/1", "ragged-array", "{" CONV1 "'input': [[[1, 2], [1]]], " WEIGHTS "}"},
        {422, "/input/data", "data-length-mismatch",
         "{" CONV1 "'input': {'shape': [1, 1, 3], 'data': [1]}, " WEIGHTS "}"},
        {422, "/input", "shape-missing", "{" CONV1 "'input': {'random': 5}, " WEIGHTS "}"},
        {422, "/input/shape/1", "channel-mismatch",
         "{" CONV1 "'input': {'shape': [1, 2, 3], 'data': [1, 2, 3, 4, 5, 6]}, " WEIGHTS "}"},
        {422, "/input", "channel-mismatch", "{" CONV1 "'input': [[[1, 2, 3], [4, 5, 6]]], " WEIGHTS "}"},
        {422, "/input", "asymmetric-rank", "{" CONV1 "'input': [[1, 2, 3]], " WEIGHTS "}"},
        {422, "/layer", "kernel-larger-than-input", "{" CONV1 "'input': [[[1]]], " WEIGHTS "}"},
        {422, "/weights", "weights-missing", "{" CONV1 INPUT "'weights': null}"},
        {422, "/weights", "wrong-type", "{" CONV1 INPUT "'weights': 5}"},
        {422, "/weights", "wrong-number-of-weights", "{" CONV1 INPUT "'weights': [[[[1, 2]], [[3, 4]]]]}"},
        {422, "/weights/bias", "weights-missing", "{" CONV1 INPUT "'weights': {'kernel': [[[1, 2]], [[3, 4]]]}}"},
        {422, "/weights/kernels", "unknown-member", "{" CONV1 INPUT "'weights': {'kernels': []}}"},
        {422, "/weights/0", "weights-shape-mismatch", "{" CONV1 INPUT "'weights': [[[[1], [2]], [[3], [4]]], [0, 0]]}"},
        {422, "/weights/kernel", "weights-shape-mismatch",
         "{" CONV1 INPUT "'weights': {'kernel': [1], 'bias': [0, 0]}}"},
        {422, "/weights/1", "weights-shape-mismatch", "{" CONV1 INPUT "'weights': [[[[1, 2]], [[3, 4]]], [0]]}"},
        {422, "/weights/1/1", "wrong-type", "{" CONV1 INPUT "'weights': [[[[1, 2]], [[3, 4]]], [0, null]]}"},
        {422, "/weights/weight/0/0/1", "number-out-of-range",
         "{" CONV1 INPUT "'weights': {'weight': [[[1, -1e300]], [[3, 4]]], 'bias': [0, 0]}}"},
        {422, "/weights/0/random", "wrong-type", "{" CONV1 INPUT "'weights': [{'random': 'x'}, [0, 0]]}"},
        {422, "/weights/shape", "shape-not-wanted", "{" CONV1 INPUT "'weights': {'random': 1, 'shape': [2]}}"},
        {422, "/filters", "wrong-type", "{" CONV1 INPUT WEIGHTS ", 'filters': 1}"},
        {422, "/filters/0", "no-such-filter", "{" CONV1 INPUT WEIGHTS ", 'filters': [2]}"},
        {422, "/filters/0", "no-such-filter", "{" CONV1 INPUT WEIGHTS ", 'filters': [-1]}"},
        {422, "/filters/0", "wrong-type", "{" CONV1 INPUT WEIGHTS ", 'filters': [0.5]}"},
        {422, "/filters", "too-many-filters", "{" CONV1 INPUT WEIGHTS ", 'filters': [0, 1, 0]}"},
        {422, "/trace/cell", "cell-missing", "{" CONV1 INPUT WEIGHTS ", 'trace': {'filter': 0}}"},
        {422, "/trace/cell", "wrong-rank", "{" CONV1 INPUT WEIGHTS ", 'trace': {'cell': [0, 0]}}"},
        {422, "/trace/cell/0", "cell-outside-output", "{" CONV1 INPUT WEIGHTS ", 'trace': {'cell': [2]}}"},
        {422, "/trace/filter", "no-such-filter", "{" CONV1 INPUT WEIGHTS ", 'trace': {'cell': [0], 'filter': 2}}"},
        {422, "/trace/sample", "no-such-sample", "{" CONV1 INPUT WEIGHTS ", 'trace': {'cell': [0], 'sample': 1}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_refused(api_convolve, cases[i].status, cases[i].pointer, cases[i].code, cases[i].body);
    }
}
END_TEST

/* Each limit on its own, by a request that is a little over it. */
START_TEST(limits_are_checked_before_anything_is_computed) {
    api_context *context = ask_context();
    const api_context before = *context;
    static const char body[] = "{'layer': 'nn.Conv1d(10, 20, 3)', 'input': {'shape': [2, 10, 12], 'random': 1}, "
                               "'weights': {'random': 1}}";
    json_decref(ask(api_convolve, 200, body));
    context->limits.output_elements = 399;
    check_refused(api_convolve, 413, "", "output-too-large", body);
    context->limits.output_elements = 239;
    check_refused(api_convolve, 413, "/input", "input-too-large", body);
    *context = before;
    context->limits.macs = 2 * 20 * 10 * 10 * 3 - 1;
    check_refused(api_convolve, 413, "", "too-many-macs", body);
    *context = before;
    context->limits.workspace_bytes = 4 * (20 * 10 * 3 + 20) - 1;
    check_refused(api_convolve, 413, "/weights", "weights-too-large", body);
    *context = before;
    check_refused(api_convolve, 413, "/input", "input-too-large",
                  "{'layer': 'nn.Conv2d(1, 1, 1)', 'input': {'shape': [1, 1, 1000000, 1000000], 'random': 1}, "
                  "'weights': {'random': 1}}");
    context->limits.macs = INT64_MAX;
    check_refused(api_convolve, 413, "/weights", "weights-too-large",
                  "{'layer': 'nn.Conv2d(2000000, 2000000, 1)', 'input': {'shape': [1, 2000000, 1, 1], 'random': 1}, "
                  "'weights': {'random': 1}}");
}
END_TEST

Suite *convolve_suite(void);
Suite *convolve_suite(void) {
    Suite *suite = suite_create("api/convolve");
    TCase *core = tcase_create("core");
    tcase_add_test(core, sum_of_a_window);
    tcase_add_test(core, channels_are_summed);
    tcase_add_test(core, forms_and_encodings_agree);
    tcase_add_test(core, feature_maps_of_filters);
    tcase_add_test(core, feature_maps_with_channels_first);
    tcase_add_test(core, non_finite_values_are_null);
    tcase_add_test(core, traces_add_up);
    tcase_add_test(core, trace_of_mirrored_padding);
    tcase_add_test(core, random_is_reproducible);
    tcase_add_test(core, missing_weights_are_listed);
    suite_add_tcase(suite, core);
    TCase *limits = tcase_create("limits");
    tcase_add_test(limits, mistakes_are_named);
    tcase_add_test(limits, limits_are_checked_before_anything_is_computed);
    suite_add_tcase(suite, limits);
    return suite;
}
