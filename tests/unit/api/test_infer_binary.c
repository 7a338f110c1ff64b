/*
 * test_infer_binary.c - the binary tensor data extension: tensors behind the JSON of a request and of an answer.
 */
#include "ask.h"

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *infer_binary_suite(void);

/* A body: JSON, in which ' stands for ", and `size` bytes. */
typedef struct body {
    const char *json;
    const void *bytes;
    size_t size;
} body;

/* Ask with json_length as it should be and `off` more. */
static void infer_off(const body *b, int off, api_response *response) {
    const size_t length = strlen(b->json);
    char *text = malloc(length + b->size + 1);
    memcpy(text, b->json, length);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'') text[i] = '"';
    }
    if (b->size > 0) memcpy(text + length, b->bytes, b->size);
    const api_request request = {
        .body = text,
        .body_length = length + b->size,
        .path_value = {"convolve", "1"},
        .has_json_length = true,
        .json_length = length + (uint64_t)off,
    };
    *response = (api_response){0};
    api_oip_infer(ask_context(), &request, response);
    free(text);
}

static json_t *json_of(const api_response *response) {
    json_error_t error;
    json_t *json = json_loadb(response->body, response->body_length, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(json != NULL, "%s: %.200s", error.text, response->body);
    return json;
}

/* The answer's JSON; status 200 is wanted. The response is freed but for its tail, the caller's to free(). */
static json_t *infer(const body *b, float **tail, size_t *count) {
    api_response response;
    infer_off(b, 0, &response);
    json_t *json = json_of(&response);
    ck_assert_msg(response.status == 200, "%s: %.300s", b->json, response.body);
    *tail = (float *)(void *)response.tail;
    *count = response.tail_length / sizeof **tail;
    response.tail = NULL;
    api_response_free(&response);
    return json;
}

static void check_refused_bytes(const body *b, int off, int status, const char *pointer, const char *code) {
    api_response response;
    infer_off(b, off, &response);
    json_t *problem = json_of(&response);
    ck_assert_msg(response.status == status, "%s: %d", b->json, response.status);
    ck_assert_ptr_null(response.tail);
    ck_assert_str_eq(json_string_value(at(problem, "errors.0.code")), code);
    ck_assert_str_eq(json_string_value(at(problem, "errors.0.pointer")), pointer);
    json_decref(problem);
    api_response_free(&response);
}

#define LAYER(text) "'parameters': {'layer': '" text "'}"
#define TENSOR(name, shape, type, data)                                                                                \
    "{'name': '" name "', 'shape': " shape ", 'datatype': '" type "', 'data': " data "}"
#define BINARY(name, shape, type, size)                                                                                \
    "{'name': '" name "', 'shape': " shape ", 'datatype': '" type "', 'parameters': {'binary_data_size': " size "}}"

/* ---- answers ------------------------------------------------------------------------------ */

/* A binary input, a JSON kernel between, a binary bias: bytes follow in the order of the list, not of the weights. */
#define MIXED                                                                                                          \
    "'inputs': [" BINARY("bias", "[2]", "FP32", "8") ", " TENSOR(                                                      \
        "kernel", "[2, 1, 2]", "FP32", "[1, 2, 10, 20]") ", " BINARY("input", "[1, 3, 1]", "FP32", "12") "]"

static const float mixed[] = {100, 200, 1, 2, 3}, mixed_output[] = {121, 242, 132, 264};

START_TEST(json_and_binary_inputs_mix) {
    float *tail;
    size_t count;
    json_t *answer = infer(&(body){"{" LAYER("Conv1D(2, 2)") ", " MIXED "}", mixed, sizeof mixed}, &tail, &count);
    check_at(answer, "outputs",
             "[{'name': 'output', 'datatype': 'FP32', 'shape': [1, 2, 2], 'data': [121, 242, 132, 264]}]");
    ck_assert_ptr_null(tail);
    json_decref(answer);
}
END_TEST

/* Wherever the JSON ends: floats lie at any address. */
START_TEST(any_alignment) {
    for (int spaces = 0; spaces < 9; spaces++) {
        char text[1024];
        float *tail;
        size_t count;
        snprintf(text, sizeof text, "{%*s" LAYER("Conv1D(2, 2)") ", " MIXED "}", spaces, "");
        json_t *answer = infer(&(body){text, mixed, sizeof mixed}, &tail, &count);
        check_at(answer, "outputs.0.data", "[121, 242, 132, 264]");
        json_decref(answer);
    }
}
END_TEST

static const struct {
    const char *json;
    bool binary;
} wishes[] = {
    {"{'parameters': {'layer': 'Conv1D(2, 2)', 'binary_data_output': true}, " MIXED "}", true},
    {"{'parameters': {'layer': 'Conv1D(2, 2)', 'binary_data_output': true}, 'outputs': [{'name': 'output'}], " MIXED
     "}",
     true},
    {"{" LAYER("Conv1D(2, 2)") ", 'outputs': [{'name': 'output', 'parameters': {'binary_data': true}}], " MIXED "}",
     true},
    {"{'parameters': {'layer': 'Conv1D(2, 2)', 'binary_data_output': true}, 'outputs': [{'name': 'output', "
     "'parameters': "
     "{'binary_data': false}}], " MIXED "}",
     false},
};

START_TEST(binary_output_where_it_is_wanted) {
    api_response response;
    infer_off(&(body){wishes[_i].json, mixed, sizeof mixed}, 0, &response);
    ck_assert_int_eq(response.status, 200);
    json_t *answer = json_of(&response);
    const json_t *output = at(answer, "outputs.0");
    check_at(output, "shape", "[1, 2, 2]");
    if (wishes[_i].binary) {
        char length[24];
        snprintf(length, sizeof length, "%zu", response.body_length);
        ck_assert_str_eq(response.content_type, "application/octet-stream");
        ck_assert_uint_eq(response.header_count, 1);
        ck_assert_str_eq(response.headers[0].name, "Inference-Header-Content-Length");
        ck_assert_str_eq(response.headers[0].value, length);
        check_at(output, "parameters", "{'binary_data_size': 16}");
        ck_assert_ptr_null(json_object_get(output, "data"));
        ck_assert_uint_eq(response.tail_length, sizeof mixed_output);
        ck_assert_mem_eq(response.tail, mixed_output, sizeof mixed_output);
    } else {
        ck_assert_str_eq(response.content_type, "application/json");
        ck_assert_uint_eq(response.header_count, 0);
        check_at(output, "data", "[121, 242, 132, 264]");
        ck_assert_ptr_null(response.tail);
    }
    json_decref(answer);
    api_response_free(&response);
}
END_TEST

/* Two of each type, and what they are. */
static const struct {
    const char *datatype;
    size_t size;
    unsigned char bytes[16];
    float numbers[2];
} types[] = {
    {"BOOL", 2, {1, 0}, {1, 0}},
    {"UINT8", 2, {255, 7}, {255, 7}},
    {"INT8", 2, {255, 7}, {-1, 7}},
    {"UINT16", 4, {0xff, 0xff, 1, 0}, {65535, 1}},
    {"INT16", 4, {0xff, 0xff, 0, 0x80}, {-1, -32768}},
    {"UINT32", 8, {0xff, 0xff, 0xff, 0xff, 1}, {4294967296.0F, 1}},
    {"INT32", 8, {0xff, 0xff, 0xff, 0xff, 1}, {-1, 1}},
    {"UINT64", 16, {0, 0, 0, 0, 0, 0, 0, 0x80, 1}, {0x1p63F, 1}},
    {"INT64", 16, {0, 0, 0, 0, 0, 0, 0, 0x80, 1}, {-0x1p63F, 1}},
    {"FP16", 4, {0x00, 0x3c, 0x01, 0x80}, {1, -0x1p-24F}},
    {"BF16", 4, {0xc0, 0x3f, 0x00, 0xc0}, {1.5F, -2}},
    {"FP32", 8, {0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}, {1, -2}},
    {"FP64", 16, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f}, {1, 0.1F}},
};

START_TEST(every_datatype_in_binary) {
    char text[512];
    float *tail;
    size_t count;
    snprintf(text, sizeof text,
             "{'parameters': {'layer': 'nn.Flatten(1, 1)', 'binary_data_output': true}, 'inputs': [{'name': 'input', "
             "'shape': [1, 2], 'datatype': '%s', 'parameters': {'binary_data_size': %zu}}]}",
             types[_i].datatype, types[_i].size);
    json_decref(infer(&(body){text, types[_i].bytes, types[_i].size}, &tail, &count));
    ck_assert_uint_eq(count, 2);
    ck_assert_mem_eq(tail, types[_i].numbers, sizeof types[_i].numbers);
    free(tail);
}
END_TEST

/* What JSON cannot say: NaN and infinity go in and come out. */
START_TEST(non_finite_numbers_pass) {
    const float numbers[] = {NAN, INFINITY, -INFINITY, -0.0F};
    float *tail;
    size_t count;
    json_decref(
        infer(&(body){"{'parameters': {'layer': 'nn.Flatten(1, 1)', 'binary_data_output': true}, 'inputs': [" BINARY(
                          "input", "[2, 2]", "FP32", "16") "]}",
                      numbers, sizeof numbers},
              &tail, &count));
    ck_assert_mem_eq(tail, numbers, sizeof numbers);
    free(tail);
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

#define RELU(inputs) "{" LAYER("ReLU()") ", 'inputs': [" inputs "]}"

static const struct {
    const char *json;
    size_t size; /* of the bytes */
    int off;     /* how much longer than the JSON the header says it is */
    int status;
    const char *pointer, *code;
} refused[] = {
    /* the header */
    {RELU(BINARY("input", "[1, 4]", "FP32", "16")), 16, 17, 400, "", "json-length-too-large"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "16")), 16, -1, 400, "", "not-json"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "16")), 16, 1, 400, "", "not-json"},
    {"", 16, 0, 400, "", "json-length-zero"},
    /* the sizes */
    {RELU(BINARY("input", "[1, 4]", "FP32", "16")), 15, 0, 422, "/inputs/0/parameters/binary_data_size",
     "binary-data-missing"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "16")), 0, 0, 422, "/inputs/0/parameters/binary_data_size",
     "binary-data-missing"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "9223372036854775807")), 16, 0, 422,
     "/inputs/0/parameters/binary_data_size", "binary-data-missing"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "16")), 17, 0, 422, "/inputs", "binary-data-left"},
    {RELU(TENSOR("input", "[1, 2]", "FP32", "[1, 2]")), 8, 0, 422, "/inputs", "binary-data-left"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "12")), 16, 0, 422, "/inputs/0/parameters/binary_data_size",
     "data-length-mismatch"},
    {RELU(BINARY("input", "[1, 4]", "UINT8", "16")), 16, 0, 422, "/inputs/0/parameters/binary_data_size",
     "data-length-mismatch"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "0")), 0, 0, 422, "/inputs/0/parameters/binary_data_size",
     "data-length-mismatch"},
    {RELU(BINARY("input", "[4611686018427387904]", "FP32", "16")), 16, 0, 422, "/inputs/0/parameters/binary_data_size",
     "data-length-mismatch"},
    {RELU(BINARY("input", "[4611686018427387904, 4]", "FP32", "16")), 16, 0, 413, "/inputs/0/shape",
     "too-many-elements"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "-16")), 16, 0, 422, "/inputs/0/parameters/binary_data_size",
     "size-negative"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "'16'")), 16, 0, 422, "/inputs/0/parameters/binary_data_size",
     "wrong-type"},
    {RELU(BINARY("input", "[1, 4]", "FP32", "16.0")), 16, 0, 422, "/inputs/0/parameters/binary_data_size",
     "wrong-type"},
    {RELU(BINARY("input", "[1, 4]", "BYTES", "16")), 16, 0, 422, "/inputs/0/datatype", "unsupported-datatype"},
    {RELU("{'name': 'input', 'shape': [1, 2], 'datatype': 'FP32', 'data': [1, 2], 'parameters': {'binary_data_size': "
          "8}}"),
     8, 0, 422, "/inputs/0", "tensor-ambiguous"},
    {RELU(BINARY("input", "[1, 2]", "FP32", "8") ", " BINARY("bias", "[2]", "FP32", "8")), 12, 0, 422,
     "/inputs/1/parameters/binary_data_size", "binary-data-missing"},
};

START_TEST(bad_binary_requests_are_refused) {
    static const unsigned char bytes[17] = {0};
    check_refused_bytes(&(body){refused[_i].json, bytes, refused[_i].size}, refused[_i].off, refused[_i].status,
                        refused[_i].pointer, refused[_i].code);
}
END_TEST

/* A double that float32 cannot hold is named by its place among the bytes. */
START_TEST(a_double_out_of_range) {
    const double numbers[] = {1, 1e39};
    check_refused_bytes(&(body){RELU(BINARY("input", "[1, 2]", "FP64", "16")), numbers, sizeof numbers}, 0, 422,
                        "/inputs/0", "number-out-of-range");
}
END_TEST

START_TEST(the_header_is_named_to_who_left_it_out) {
    static const char text[] =
        "{\"parameters\": {\"layer\": \"ReLU()\"}, \"inputs\": [{\"name\": \"input\", \"shape\": [1], \"datatype\": "
        "\"FP32\", \"parameters\": {\"binary_data_size\": 4}}]}";
    const api_request request = {.body = text, .body_length = sizeof text - 1, .path_value = {"convolve"}};
    api_response response;
    api_oip_infer(ask_context(), &request, &response);
    ck_assert_int_eq(response.status, 422);
    ck_assert_ptr_nonnull(strstr(response.body, "Inference-Header-Content-Length"));
    api_response_free(&response);
}
END_TEST

/* All of the body counts, not its JSON alone. */
START_TEST(a_body_beyond_the_limit) {
    api_context context = *ask_context();
    context.limits.body_bytes = 300;
    char text[400] = "{\"parameters\": {\"layer\": \"ReLU()\"}}";
    const api_request request = {.body = text,
                                 .body_length = sizeof text,
                                 .path_value = {"convolve"},
                                 .has_json_length = true,
                                 .json_length = strlen(text)};
    api_response response;
    api_oip_infer(&context, &request, &response);
    ck_assert_int_eq(response.status, 413);
    api_response_free(&response);
}
END_TEST

START_TEST(other_models_are_not_found) {
    static const struct {
        const char *model, *version, *code;
    } cases[] = {
        {NULL, NULL, "unknown-model"}, {"resnet", "1", "unknown-model"}, {"convolve", "2", "unknown-model-version"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const api_request request = {.body = "{}", .body_length = 2, .path_value = {cases[i].model, cases[i].version}};
        api_response response;
        api_oip_infer(ask_context(), &request, &response);
        json_t *problem = json_of(&response);
        ck_assert_int_eq(response.status, 404);
        ck_assert_str_eq(json_string_value(at(problem, "errors.0.code")), cases[i].code);
        json_decref(problem);
        api_response_free(&response);
    }
}
END_TEST

Suite *infer_binary_suite(void) {
    Suite *suite = suite_create("api/infer binary");
    TCase *core = tcase_create("core"), *bad = tcase_create("bad requests");
    tcase_add_test(core, json_and_binary_inputs_mix);
    tcase_add_test(core, any_alignment);
    tcase_add_loop_test(core, binary_output_where_it_is_wanted, 0, sizeof wishes / sizeof *wishes);
    tcase_add_loop_test(core, every_datatype_in_binary, 0, sizeof types / sizeof *types);
    tcase_add_test(core, non_finite_numbers_pass);
    tcase_add_loop_test(bad, bad_binary_requests_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(bad, a_double_out_of_range);
    tcase_add_test(bad, the_header_is_named_to_who_left_it_out);
    tcase_add_test(bad, a_body_beyond_the_limit);
    tcase_add_test(bad, other_models_are_not_found);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, bad);
    return suite;
}
