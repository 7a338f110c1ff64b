/*
 * test_bound.c - what a request may allocate follows from how many axes it has, never from a number in it: sizes near
 * 2^31 are answered or refused within the same bytes, and at once.
 */
#include "ask.h"
#include "failing_malloc.h"

#include <check.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/*
 * The bound: a constant for the request and its answer, and a few KiB for every axis of every tensor in the request.
 * All that is asked for counts, also what a growing buffer gives back.
 */
enum { BYTES_A_REQUEST = 32 * 1024, BYTES_AN_AXIS = 4 * 1024 };

#define BIG "2147483647"

typedef struct request {
    endpoint *call;
    int status, axes;
    const char *body;
} request;

/* One line for each operator and for each member whose numbers might be run over. */
static const request requests[] = {
    {api_shape, 200, 3, "{'layer': 'Conv1D(100000000, 3)', 'input_shape': [null, " BIG ", 1]}"},
    {api_shape, 413, 4, "{'layer': 'Conv2D(1000000000, " BIG ")', 'input_shape': [null, " BIG ", " BIG ", 3]}"},
    {api_shape, 200, 4, "{'layer': 'Conv2D(2, (1073741824, 1))', 'input_shape': [null, 1073741900, 7, 1]}"},
    {api_shape, 200, 4, "{'layer': 'Conv2D(2, 3, strides=1073741824)', 'input_shape': [null, " BIG ", 99, 1]}"},
    {api_shape, 200, 4, "{'layer': 'Conv2D(2, 3, dilation_rate=(1000000000, 1))', 'input_shape': [1, " BIG ", 9, 1]}"},
    {api_shape, 200, 3,
     "{'layer': 'nn.Conv1d(4, 4, 65537, stride=65536, padding=" BIG ", dilation=32749)', "
     "'input_shape': [1, 4, " BIG "], 'cell': [60000]}"},
    {api_shape, 200, 4,
     "{'layer': 'nn.Conv2d(1000000000, 1000000000, 1, groups=1000000000)', "
     "'input_shape': [1, 1000000000, 1, 1]}"},
    {api_shape, 200, 3,
     "{'layer': 'nn.ConvTranspose1d(4, 4, 40009, stride=30011, dilation=20011)', "
     "'input_shape': [1, 4, 1000000007], 'cell': [1000000000]}"},
    {api_shape, 200, 3, "{'layer': 'DepthwiseConv1D(" BIG ")', 'input_shape': [1, " BIG ", 1]}"},
    {api_shape, 200, 4,
     "{'layer': 'SeparableConv2D(7, (65536, 1), depth_multiplier=9)', "
     "'input_shape': [1, " BIG ", 8, 3]}"},
    {api_shape, 200, 4, "{'layer': 'MaxPooling2D((1000000007, 2))', 'input_shape': [null, " BIG ", 8, 1]}"},
    {api_shape, 200, 3, "{'layer': 'AveragePooling1D(40009, strides=30011)', 'input_shape': [1, " BIG ", 1]}"},
    {api_shape, 200, 4, "{'layer': 'GlobalMaxPooling2D()', 'input_shape': [null, " BIG ", 8, 1]}"},
    {api_shape, 200, 4, "{'layer': 'nn.AdaptiveAvgPool2d((1000000007, 3))', 'input_shape': [1, 1, " BIG ", 9]}"},
    {api_shape, 200, 3, "{'layer': 'nn.AdaptiveMaxPool1d(" BIG ")', 'input_shape': [1, 1, 1000000007]}"},
    {api_shape, 200, 4, "{'layer': 'ZeroPadding2D((1000000000, 1))', 'input_shape': [null, 7, 7, 1]}"},
    {api_shape, 200, 3, "{'layer': 'Cropping1D(1000000000)', 'input_shape': [null, " BIG ", 1]}"},
    {api_shape, 200, 3, "{'layer': 'UpSampling1D(1000000)', 'input_shape': [null, " BIG ", 1]}"},
    {api_shape, 200, 2, "{'layer': 'Dense(1000000000)', 'input_shape': [null, " BIG "]}"},
    {api_shape, 200, 8, "{'layer': 'Flatten()', 'input_shape': [1, " BIG ", 2, 2, 2, 2, 2, 2]}"},
    {api_shape, 200, 8, "{'layer': 'Reshape((2, 2, 2, 2, 2, 2, -1))', 'input_shape': [1, " BIG ", 2, 2, 2, 2, 2, 2]}"},
    {api_shape, 200, 8, "{'layer': 'Permute((7, 6, 5, 4, 3, 2, 1))', 'input_shape': [1, " BIG ", 2, 2, 2, 2, 2, 2]}"},
    {api_shape, 200, 2, "{'layer': 'RepeatVector(1000000000)', 'input_shape': [null, " BIG "]}"},
    {api_shape, 200, 4, "{'layer': 'BatchNormalization()', 'input_shape': [null, 9, 9, " BIG "]}"},
    {api_shape, 200, 3, "{'layer': 'nn.LayerNorm([" BIG ", 4])', 'input_shape': [1, " BIG ", 4]}"},
    {api_shape, 200, 3, "{'layer': 'nn.GroupNorm(1000000000, 1000000000)', 'input_shape': [1, 1000000000, 4]}"},
    {api_shape, 200, 3, "{'layer': 'ReLU()', 'input_shape': [1, " BIG ", 1000000000]}"},
    {api_shape, 200, 3, "{'layer': 'Dropout(0.5)', 'input_shape': [1, " BIG ", 1000000000]}"},
    {api_shape, 200, 9,
     "{'layer': 'Concatenate(axis=1)', "
     "'input_shapes': [[1, " BIG ", 2], [1, " BIG ", 2], [1, " BIG ", 2]]}"},
    {api_shape, 200, 6, "{'layer': 'Add()', 'input_shapes': [[1, " BIG ", 2], [1, " BIG ", 2]]}"},
    {api_shape, 200, 4,
     "{'layer': 'Conv2D(8, (" BIG ", 1), strides=(1000000007, 1), padding=\"same\")', "
     "'input_shape': ['N', 'H=" BIG "', 'W', 1], 'language': 'zh'}"},
    {api_shape, 200, 13,
     "{'layer': 'Conv2D(8, (65536, 1))', 'input_shape': [1, " BIG ", 9, 4], 'cell': [2147418111, 0], "
     "'weights_shapes': [[65536, 1, 4, 8], [8], [" BIG "], [" BIG ", 1, 1]]}"},
    {api_solve, 200, 8,
     "{'layer': 'Conv2D(?, ?, strides=?, padding=?, dilation_rate=?)', "
     "'input_shape': [null, " BIG ", " BIG ", 3], 'output_shape': [null, 1000000007, 65536, " BIG "]}"},
    {api_solve, 200, 6,
     "{'layer': 'nn.ConvTranspose1d(4, 4, ?, stride=?, padding=?, output_padding=?)', "
     "'input_shape': [1, 4, 65536], 'output_shape': [1, 4, " BIG "]}"},
    {ask_infer, 422, 3,
     "{'parameters': {'layer': 'ReLU()'}, 'inputs': [{'name': 'input', 'shape': [" BIG ", " BIG ", 1], "
     "'datatype': 'FP32', 'data': [1]}]}"},
    {ask_infer, 422, 2,
     "{'parameters': {'layer': 'ReLU()'}, 'inputs': [{'name': 'input', 'shape': [" BIG ", " BIG "], "
     "'datatype': 'FP64', 'parameters': {'binary_data_size': " BIG "}}]}"},
    {ask_infer, 422, 3,
     "{'parameters': {'layer': 'Conv1D(" BIG ", 1)'}, 'inputs': [{'name': 'input', 'shape': [1, 1, 1], "
     "'datatype': 'FP32', 'data': [1]}]}"},
    {ask_infer, 413, 3,
     "{'parameters': {'layer': 'UpSampling1D(" BIG ")'}, 'inputs': [{'name': 'input', 'shape': [1, 1, 1], "
     "'datatype': 'UINT8', 'data': [1]}]}"},
};
enum { REQUESTS = sizeof requests / sizeof *requests };

/* The request with JSON's own quotes; the caller frees. */
static char *body_of(const request *r) {
    char *body = strdup(r->body);
    for (char *p = body; *p; p++) {
        if (*p == '\'')
            *p = '"';
        else if (*p == '"')
            *p = '\'';
    }
    return body;
}

START_TEST(bytes_follow_from_axes) {
    const request *r = &requests[_i];
    char *body = body_of(r);
    const api_request sent = {.body = body, .body_length = strlen(body)};
    api_response response;
    long live;
    api_context *context = ask_context();
    failing_malloc_begin(LONG_MAX, false);
    r->call(context, &sent, &response);
    (void)failing_malloc_end(&live);
    size_t bytes = failing_malloc_bytes(), most = BYTES_A_REQUEST + (size_t)r->axes * BYTES_AN_AXIS;
    ck_assert_msg(response.status == r->status, "%s: status %d: %s", body, response.status, response.body);
    ck_assert_msg(bytes <= most, "%s: %zu bytes instead of at most %zu", body, bytes, most);
    free(response.body);
    free(body);
}
END_TEST

Suite *bound_suite(void);
Suite *bound_suite(void) {
    Suite *suite = suite_create("api/bound");
    TCase *core = tcase_create("bytes");
    tcase_add_loop_test(core, bytes_follow_from_axes, 0, REQUESTS);
    suite_add_tcase(suite, core);
    return suite;
}
