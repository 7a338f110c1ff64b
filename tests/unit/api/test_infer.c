/*
 * test_infer.c - the Open Inference Protocol's requests, without HTTP. What KServe's and Triton's own documents show is
 * in tests/http.
 */
#include "ask.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *infer_suite(void);

#define LAYER(text) "'parameters': {'layer': '" text "'}"
#define TENSOR(name, shape, type, data)                                                                                \
    "{'name': '" name "', 'shape': " shape ", 'datatype': '" type "', 'data': " data "}"
#define INPUT  TENSOR("input", "[1, 4, 1]", "FP32", "[1, 2, 3, 4]")
#define KERNEL TENSOR("kernel", "[2, 1, 1]", "FP32", "[1, 10]")
#define BIAS   TENSOR("bias", "[1]", "FP32", "[100]")

/* ---- answers --------------------------------------------------------------------------- */

START_TEST(every_member_of_an_answer) {
    json_t *answer = ask(ask_infer, 200, "{" LAYER("Conv1D(1, 2)") ", 'inputs': [" INPUT ", " KERNEL ", " BIAS "]}");
    check_at(answer, "model_name", "'convolve'");
    check_at(answer, "model_version", "'1'");
    check_at(answer, "outputs",
             "[{'name': 'output', 'datatype': 'FP32', 'shape': [1, 3, 1], 'data': [121, 132, 143]}]");
    check_at(answer, "parameters.threads", "3");
    const json_t *value;
    const char *key;
    json_object_foreach((json_t *)(uintptr_t)at(answer, "parameters"), key, value) {
        ck_assert_msg(json_is_string(value) || json_is_integer(value), "%s is not what a parameter may be", key);
    }
    json_decref(answer);
}
END_TEST

START_TEST(an_id_is_echoed_or_left_out) {
    json_t *answer = ask(ask_infer, 200, "{'id': 'x\xc3\xa9/1', " LAYER("ReLU()") ", 'inputs': [" INPUT "]}");
    check_at(answer, "id", "'x\xc3\xa9/1'");
    json_decref(answer);
    answer = ask(ask_infer, 200, "{'id': '', " LAYER("ReLU()") ", 'inputs': [" INPUT "]}");
    check_at(answer, "id", "''");
    json_decref(answer);
    static const char *const without[] = {"", "'id': null, "};
    for (int i = 0; i < 2; i++) {
        char body[256];
        snprintf(body, sizeof body, "{%s" LAYER("ReLU()") ", 'inputs': [" INPUT "]}", without[i]);
        answer = ask(ask_infer, 200, body);
        ck_assert_ptr_null(json_object_get(answer, "id"));
        json_decref(answer);
    }
}
END_TEST

/* What clients add that changes nothing: Triton's and MLServer's parameters, KServe's name of the model, nulls. */
static const char *const same_answers[] = {
    "{" LAYER("Conv1D(1, 2)") ", 'inputs': [" INPUT ", " KERNEL ", " BIAS "]}",
    "{" LAYER("Conv1D(1, 2)") ", 'inputs': [" BIAS ", " INPUT ", " KERNEL "], 'outputs': []}",
    "{'model_name': 'm', 'model_version': '', " LAYER("Conv1D(1, 2)") ", 'inputs': [" INPUT ", " KERNEL ", " BIAS "]}",
    "{'inputs': [" INPUT ", " KERNEL ", " BIAS
    "], 'parameters': {'layer': 'Conv1D(1, 2)', 'priority': 0, 'timeout': 5, "
    "'content_type': 'np', 'algorithm': 'direct', 'framework': 'keras', 'binary_data_output': false}}",
    "{" LAYER("Conv1D(1, 2)") ", 'inputs': [" INPUT ", " KERNEL ", " BIAS "], 'outputs': [{'name': 'output', "
                              "'parameters': {'binary_data': false, 'content_type': 'np'}}]}",
    "{'parameters': {'layer': 'Conv1D(1, 2)', 'binary_data_output': true}, 'inputs': [" INPUT ", " KERNEL ", " BIAS
    "], "
    "'outputs': [{'name': 'output', 'parameters': {'binary_data': false}}]}",
    "{'parameters': {'layer': 'Conv1D(1, 2)'}, 'outputs': null, 'inputs': [" KERNEL
    ", {'data': [[[1], [2], [3], [4]]], "
    "'parameters': {'content_type': 'np'}, 'datatype': 'FP64', 'shape': [1, 4, 1], 'name': 'input'}, "
    "{'name': 'bias', 'shape': [1], 'datatype': 'UINT64', 'data': [100], 'parameters': null}]}",
    "{'parameters': {'layer': ' {\\'op\\': \\'conv\\', \\'kernel\\': [2], \\'filters\\': 1}'}, 'inputs': [" INPUT
    ", " KERNEL ", " BIAS "]}",
};

START_TEST(other_ways_to_ask_the_same) {
    json_t *answer = ask(ask_infer, 200, same_answers[_i]);
    check_at(answer, "outputs",
             "[{'name': 'output', 'datatype': 'FP32', 'shape': [1, 3, 1], 'data': [121, 132, 143]}]");
    json_decref(answer);
}
END_TEST

/* Names are the framework's, in its own layout; two weights may also be called kernel and bias anywhere. */
static const struct {
    const char *layer, *inputs, *output;
} layers[] = {
    {"nn.Conv1d(1, 1, 2)",
     TENSOR("input", "[1, 1, 3]", "FP32", "[1, 2, 3]") ", " TENSOR(
         "weight", "[1, 1, 2]", "FP32", "[1, 10]") ", " TENSOR("bias", "[1]", "FP32", "[0.5]"),
     "[21.5, 32.5]"},
    {"nn.Conv1d(1, 1, 2, bias=False)",
     TENSOR("input", "[1, 1, 3]", "FP32", "[1, 2, 3]") ", " TENSOR("kernel", "[1, 1, 2]", "FP32", "[1, 10]"),
     "[21, 32]"},
    {"SeparableConv1D(1, 2)",
     TENSOR("input", "[1, 3, 1]", "FP32",
            "[1, 2, 3]") ", " TENSOR("depthwise_kernel", "[2, 1, 1]", "FP32",
                                     "[1, 10]") ", " TENSOR("pointwise_kernel", "[1, 1, 1]", "FP32",
                                                            "[2]") ", " TENSOR("bias", "[1]", "FP32", "[1]"),
     "[43, 65]"},
    {"Dense(1, use_bias=False)",
     TENSOR("kernel", "[2, 1]", "FP32", "[1, 10]") ", " TENSOR("input", "[2, 2]", "FP32", "[[1, 2], [3, 4]]"),
     "[21, 43]"},
    {"MaxPooling1D(2)", TENSOR("input", "[1, 4, 1]", "FP32", "[1, 2, 4, 3]"), "[2, 4]"},
};

START_TEST(layers_with_their_own_weights) {
    char body[1024];
    snprintf(body, sizeof body, "{'parameters': {'layer': '%s'}, 'inputs': [%s]}", layers[_i].layer, layers[_i].inputs);
    json_t *answer = ask(ask_infer, 200, body);
    check_at(answer, "outputs.0.data", layers[_i].output);
    json_decref(answer);
}
END_TEST

START_TEST(non_finite_numbers_are_null_and_counted) {
    json_t *answer = ask(ask_infer, 200,
                         "{" LAYER("Conv1D(1, 1, use_bias=False)") ", 'inputs': [" TENSOR(
                             "input", "[1, 3, 1]", "FP32", "[3e38, 1, -3e38]") ", " TENSOR("kernel", "[1, 1, 1]",
                                                                                           "FP32", "[3e38]") "]}");
    check_at(answer, "outputs.0.data", "[null, 3e38, null]");
    check_at(answer, "outputs.0.parameters", "{'non_finite': 2}");
    json_decref(answer);
}
END_TEST

/* ---- datatypes -------------------------------------------------------------------------- */

static const struct {
    const char *datatype, *data, *numbers; /* NULL: refused */
} datatypes[] = {
    {"BOOL", "[true, false, 1, 0]", "[1, 0, 1, 0]"},
    {"BOOL", "[[[true], [false], [0], [1]]]", "[1, 0, 0, 1]"},
    {"BOOL", "[0, 1, 1, 0]", "[0, 1, 1, 0]"},
    {"BOOL", "[0, 1, 2, 0]", NULL},
    {"BOOL", "[0, 0.5, 1, 0]", NULL},
    {"BOOL", "[true, 'true', 1, 0]", NULL},
    {"BOOL", "[true, [true, [true, true, true, true]], 1, 0]", NULL},
    {"BOOL", "[true, null, 1, 0]", NULL},
    {"UINT8", "[0, 1, 254, 255]", "[0, 1, 254, 255]"},
    {"UINT8", "[[[0], [1], [254], [255.0]]]", "[0, 1, 254, 255]"},
    {"UINT8", "[0, 1, 254, 256]", NULL},
    {"UINT8", "[0, 1, 254, -1]", NULL},
    {"UINT8", "[0, 1, 254, 0.5]", NULL},
    {"UINT8", "[[[0], [1], [254], [0.5]]]", NULL},
    {"UINT8", "[0, 1, true, 3]", NULL},
    {"INT8", "[-128, -1, 0, 127]", "[-128, -1, 0, 127]"},
    {"INT8", "[-129, -1, 0, 127]", NULL},
    {"INT8", "[-128, -1, 0, 128]", NULL},
    {"UINT16", "[0, 1, 2, 65535]", "[0, 1, 2, 65535]"},
    {"UINT16", "[0, 1, 2, 65536]", NULL},
    {"INT16", "[-32768, 1, 2, 32767]", "[-32768, 1, 2, 32767]"},
    {"INT16", "[-32769, 1, 2, 32767]", NULL},
    {"UINT32", "[0, 1, 2, 4294967040]", "[0, 1, 2, 4294967000]"},
    {"UINT32", "[0, 1, 2, 4294968000]", NULL},
    {"INT32", "[-2147483648, 1, 2, 3]", "[-2147483600, 1, 2, 3]"},
    {"INT32", "[-2147484000, 1, 2, 3]", NULL},
    {"UINT64", "[0, 1, 2, 9223372036854775807]", "[0, 1, 2, 9223372000000000000]"},
    {"UINT64", "[0, 1, 2, -1]", NULL},
    {"INT64", "[-9223372036854775808, 1, 2, 3]", "[-9223372000000000000, 1, 2, 3]"},
    {"FP16", "[0.5, -1, 2, 3e4]", "[0.5, -1, 2, 30000]"},
    {"BF16", "[0.5, -1, 2, 3e4]", "[0.5, -1, 2, 30000]"},
    {"FP32", "[0.1, -1, 2, 3]", "[0.1, -1, 2, 3]"},
    {"FP64", "[0.1, -1, 1e-50, 3]", "[0.1, -1, 0, 3]"},
    {"FP64", "[0.1, -1, 2, 1e39]", NULL},
    {"FP32", "[0.1, true, 2, 3]", NULL},
};

/* What goes through a layer that changes nothing. */
START_TEST(datatypes_in_json) {
    char body[512];
    snprintf(
        body, sizeof body,
        "{" LAYER(
            "nn.Flatten(2, 2)") ", 'inputs': [{'name': 'input', 'shape': [1, 4, 1], 'datatype': '%s', 'data': %s}]}",
        datatypes[_i].datatype, datatypes[_i].data);
    json_t *answer = ask(ask_infer, datatypes[_i].numbers ? 200 : 422, body);
    if (datatypes[_i].numbers) {
        json_t *wanted = json_loads(datatypes[_i].numbers, 0, NULL);
        for (size_t i = 0; i < 4; i++) {
            const float found = (float)json_number_value(json_array_get(at(answer, "outputs.0.data"), i));
            ck_assert_msg(found == (float)json_number_value(json_array_get(wanted, i)), "%s: %a", body, (double)found);
        }
        json_decref(wanted);
    } else {
        const char *pointer = json_string_value(at(answer, "errors.0.pointer"));
        ck_assert_msg(strncmp(pointer, "/inputs/0/data", 14) == 0, "%s: %s", body, pointer);
    }
    json_decref(answer);
}
END_TEST

/* ---- what is refused ---------------------------------------------------------------------- */

#define RELU(inputs)     "{" LAYER("ReLU()") ", 'inputs': [" inputs "]}"
#define WITH(parameters) "{'parameters': " parameters ", 'inputs': [" INPUT "]}"
#define OUTPUTS(outputs) "{" LAYER("ReLU()") ", 'inputs': [" INPUT "], 'outputs': " outputs "}"
#define CONV(inputs)     "{" LAYER("Conv1D(1, 2)") ", 'inputs': [" inputs "]}"

static const struct {
    int status;
    const char *pointer, *code, *body;
} refused[] = {
    {400, "", "not-json", "{'inputs': ["},
    {400, "", "body-empty", ""},
    {422, "", "wrong-type", "[]"},
    {422, "/input", "unknown-member", "{'input': []}"},
    {422, "/id", "wrong-type", "{'id': 42, " LAYER("ReLU()") ", 'inputs': [" INPUT "]}"},
    {422, "/model_name", "wrong-type", "{'model_name': [], " LAYER("ReLU()") ", 'inputs': [" INPUT "]}"},
    /* parameters */
    {422, "/parameters/layer", "layer-missing", "{'inputs': [" INPUT "]}"},
    {422, "/parameters/layer", "layer-missing", WITH("{}")},
    {422, "/parameters", "wrong-type", WITH("[]")},
    {422, "/parameters/layer", "wrong-type", WITH("{'layer': {'op': 'relu'}}")},
    {422, "/parameters/layer", "wrong-type", WITH("{'layer': 5}")},
    {422, "/parameters/layr", "unknown-member", WITH("{'layr': 'ReLU()'}")},
    {422, "/parameters/x", "unknown-member", WITH("{'layer': 'ReLU()', 'x': {'y': []}}")},
    {422, "/parameters/layer", "unknown-layer", WITH("{'layer': 'Konv2D(8, 3)'}")},
    {422, "/parameters/layer", "not-json", WITH("{'layer': '{'}")},
    {422, "/parameters/layer", "setting-asked", WITH("{'layer': 'Conv1D(1, ?)'}")},
    {422, "/parameters/framework", "unknown-framework", WITH("{'layer': 'ReLU()', 'framework': 'caffe'}")},
    {422, "/parameters/framework", "wrong-type", WITH("{'layer': 'ReLU()', 'framework': 1}")},
    {422, "/parameters/algorithm", "unknown-algorithm", WITH("{'layer': 'ReLU()', 'algorithm': 'fft'}")},
    {422, "/parameters/binary_data_output", "wrong-type", WITH("{'layer': 'ReLU()', 'binary_data_output': 1}")},
    {422, "/parameters/timeout", "wrong-type", WITH("{'layer': 'ReLU()', 'timeout': '5'}")},
    {422, "/parameters/sequence_id", "unknown-member", WITH("{'layer': 'ReLU()', 'sequence_id': 5}")},
    {422, "/parameters/content_type", "unsupported-content-type", WITH("{'layer': 'ReLU()', 'content_type': 'pd'}")},
    /* outputs */
    {422, "/outputs", "wrong-type", OUTPUTS("{}")},
    {422, "/outputs/0", "wrong-type", OUTPUTS("['output']")},
    {422, "/outputs/0/name", "member-missing", OUTPUTS("[{}]")},
    {422, "/outputs/0/name", "unknown-output", OUTPUTS("[{'name': 'output0'}]")},
    {422, "/outputs/1", "output-twice", OUTPUTS("[{'name': 'output'}, {'name': 'output'}]")},
    {422, "/outputs/0/data", "unknown-member", OUTPUTS("[{'name': 'output', 'data': []}]")},
    {422, "/outputs/0/parameters/classification", "unknown-member",
     OUTPUTS("[{'name': 'output', 'parameters': {'classification': 2}}]")},
    {422, "/outputs/0/parameters/binary_data", "wrong-type",
     OUTPUTS("[{'name': 'output', 'parameters': {'binary_data': 'true'}}]")},
    /* inputs as such */
    {422, "/inputs", "input-missing", "{" LAYER("ReLU()") "}"},
    {422, "/inputs", "input-missing", RELU("")},
    {422, "/inputs", "wrong-type", "{" LAYER("ReLU()") ", 'inputs': " INPUT "}"},
    {422, "/inputs/0", "wrong-type", RELU("[1, 2]")},
    {422, "/inputs", "too-many-inputs", RELU(INPUT ", {}, {}, {}, {}, {}, {}")},
    {422, "/inputs", "input-missing", CONV(KERNEL ", " BIAS)},
    {422, "/inputs/1/name", "input-twice", RELU(INPUT ", " INPUT)},
    {422, "/inputs/1/name", "unknown-input", RELU(INPUT ", " KERNEL)},
    {422, "/inputs/0/name", "unknown-input",
     CONV(TENSOR("input0", "[1]", "FP32", "[1]") ", " INPUT ", " KERNEL ", " BIAS)},
    {422, "/inputs/3", "input-twice",
     "{" LAYER("nn.Conv1d(1, 1, 2)") ", 'inputs': [" TENSOR("input", "[1, 1, 2]", "FP32", "[1, 2]") ", " TENSOR(
         "weight", "[1, 1, 2]", "FP32", "[1, 2]") ", " BIAS ", " TENSOR("kernel", "[1, 1, 2]", "FP32", "[1, 2]") "]}"},
    {422, "/inputs", "weights-missing", CONV(INPUT ", " KERNEL)},
    {422, "/inputs", "weights-missing", CONV(INPUT)},
    {422, "/inputs/2", "weights-shape-mismatch",
     CONV(INPUT ", " BIAS ", " TENSOR("kernel", "[1, 1, 2]", "FP32", "[1, 2]"))},
    /* one input */
    {422, "/inputs/0/name", "member-missing", RELU("{'shape': [1], 'datatype': 'FP32', 'data': [1]}")},
    {422, "/inputs/0/name", "wrong-type", RELU("{'name': 1, 'shape': [1], 'datatype': 'FP32', 'data': [1]}")},
    {422, "/inputs/0/shape", "member-missing", RELU("{'name': 'input', 'datatype': 'FP32', 'data': [1]}")},
    {422, "/inputs/0/shape", "wrong-type", RELU(TENSOR("input", "4", "FP32", "[1]"))},
    {422, "/inputs/0/shape", "wrong-rank", RELU(TENSOR("input", "[]", "FP32", "[1]"))},
    {422, "/inputs/0/shape", "wrong-rank", RELU(TENSOR("input", "[1, 1, 1, 1, 1, 1, 1, 1, 1]", "FP32", "[1]"))},
    {422, "/inputs/0/shape/1", "wrong-type", RELU(TENSOR("input", "[1, '4']", "FP32", "[1]"))},
    {422, "/inputs/0/shape/1", "wrong-type", RELU(TENSOR("input", "[1, 4.0]", "FP32", "[1, 2, 3, 4]"))},
    {422, "/inputs/0/shape/0", "size-negative", RELU(TENSOR("input", "[-1, 4]", "FP32", "[1, 2, 3, 4]"))},
    {413, "/inputs/0/shape", "too-many-elements", RELU(TENSOR("input", "[4611686018427387904, 4]", "FP32", "[1]"))},
    {422, "/inputs/0/data", "data-length-mismatch", RELU(TENSOR("input", "[4611686018427387904]", "FP32", "[1]"))},
    {400, "", "not-json", RELU(TENSOR("input", "[18446744073709551616]", "FP32", "[1]"))},
    {422, "/inputs/0/datatype", "member-missing", RELU("{'name': 'input', 'shape': [1], 'data': [1]}")},
    {422, "/inputs/0/datatype", "unsupported-datatype", RELU(TENSOR("input", "[1]", "BYTES", "['a']"))},
    {422, "/inputs/0/datatype", "unsupported-datatype", RELU(TENSOR("input", "[1]", "fp32", "[1]"))},
    {422, "/inputs/0/datatype", "wrong-type", RELU("{'name': 'input', 'shape': [1], 'datatype': 32, 'data': [1]}")},
    {422, "/inputs/0/data", "member-missing", RELU("{'name': 'input', 'shape': [1], 'datatype': 'FP32'}")},
    {422, "/inputs/0/data", "wrong-type", RELU(TENSOR("input", "[1]", "FP32", "1"))},
    {422, "/inputs/0/data", "data-length-mismatch", RELU(TENSOR("input", "[1, 3]", "FP32", "[1, 2, 3, 4]"))},
    {422, "/inputs/0/data", "data-length-mismatch", RELU(TENSOR("input", "[1, 3]", "FP32", "[1, 2]"))},
    {422, "/inputs/0/data", "data-length-mismatch", RELU(TENSOR("input", "[1, 3]", "FP32", "[]"))},
    {422, "/inputs/0/data", "data-shape-mismatch", RELU(TENSOR("input", "[2, 2]", "FP32", "[[1, 2, 3, 4]]"))},
    {422, "/inputs/0/data", "data-shape-mismatch", RELU(TENSOR("input", "[1, 4, 1]", "FP32", "[[1, 2, 3, 4]]"))},
    {422, "/inputs/0/data/1", "ragged-array", RELU(TENSOR("input", "[2, 2]", "FP32", "[[1, 2], [3]]"))},
    {422, "/inputs/0/data/1", "wrong-type", RELU(TENSOR("input", "[2, 2]", "FP32", "[[1, 2], 3]"))},
    {422, "/inputs/0/data/1/0", "wrong-type", RELU(TENSOR("input", "[2, 2]", "FP32", "[[1, 2], [null, 4]]"))},
    {422, "/inputs/0/data/2", "wrong-type", RELU(TENSOR("input", "[1, 3]", "FP32", "[1, 2, 'NaN']"))},
    {422, "/inputs/0/data/2", "number-out-of-range", RELU(TENSOR("input", "[1, 3]", "FP32", "[1, 2, 1e39]"))},
    {422, "/inputs/0/data/1", "wrong-type", RELU(TENSOR("input", "[1, 2]", "UINT8", "[1, null]"))},
    {422, "/inputs/0/data/0/1", "wrong-type", RELU(TENSOR("input", "[1, 2]", "UINT8", "[[1, null]]"))},
    {422, "/inputs/0/data", "number-not-of-datatype", RELU(TENSOR("input", "[1, 2]", "UINT8", "[1, 256]"))},
    {422, "/inputs/0/base64", "unknown-member",
     RELU("{'name': 'input', 'shape': [1], 'datatype': 'FP32', 'base64': 'AAAAAA=='}")},
    {422, "/inputs/0/parameters/shared_memory_region", "unknown-member",
     RELU("{'name': 'input', 'shape': [1], 'datatype': 'FP32', 'parameters': {'shared_memory_region': 'x'}}")},
    {422, "/inputs/0/parameters", "wrong-type",
     RELU("{'name': 'input', 'shape': [1], 'datatype': 'FP32', 'data': [1], 'parameters': 7}")},
    /* the layer on its input */
    {422, "/inputs/0/shape", "asymmetric-rank",
     "{" LAYER("Conv1D(1, 2)") ", 'inputs': [" TENSOR("input", "[1, 2]", "FP32", "[1, 2]") "]}"},
    {422, "/parameters/layer", "kernel-larger-than-input", "{" LAYER("Conv1D(1, 7)") ", 'inputs': [" INPUT "]}"},
    {413, "", "output-too-large", "{" LAYER("UpSampling1D(100000000)") ", 'inputs': [" INPUT "]}"},
};

START_TEST(bad_requests_are_refused) {
    check_refused(ask_infer, refused[_i].status, refused[_i].pointer, refused[_i].code, refused[_i].body);
}
END_TEST

START_TEST(missing_weights_are_listed) {
    json_t *problem = ask(ask_infer, 422, CONV(INPUT ", " BIAS));
    check_at(problem, "weights.0.name", "'kernel'");
    check_at(problem, "weights.0.shape", "[2, 1, 1]");
    const char *detail = json_string_value(at(problem, "detail"));
    ck_assert_ptr_nonnull(strstr(detail, "\"kernel\" is missing"));
    ck_assert_ptr_nonnull(strstr(detail, "(2, 1, 1)"));
    ck_assert_ptr_null(strstr(detail, "random"));
    json_decref(problem);
}
END_TEST

Suite *infer_suite(void) {
    Suite *suite = suite_create("api/infer");
    TCase *core = tcase_create("core"), *bad = tcase_create("bad requests");
    tcase_add_test(core, every_member_of_an_answer);
    tcase_add_test(core, an_id_is_echoed_or_left_out);
    tcase_add_loop_test(core, other_ways_to_ask_the_same, 0, sizeof same_answers / sizeof *same_answers);
    tcase_add_loop_test(core, layers_with_their_own_weights, 0, sizeof layers / sizeof *layers);
    tcase_add_test(core, non_finite_numbers_are_null_and_counted);
    tcase_add_loop_test(core, datatypes_in_json, 0, sizeof datatypes / sizeof *datatypes);
    tcase_add_loop_test(bad, bad_requests_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(bad, missing_weights_are_listed);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, bad);
    return suite;
}
