/*
 * test_memory.c - every request once for every allocation it makes, that one failing: an answer or a clean 503, no
 * crash, no block left over, and the next request is served.
 */
#include "ask.h"
#include "failing_malloc.h"
#include "form.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static void ask_model(const api_context *context, const api_request *request, api_response *response) {
    api_request asked = *request;
    asked.path_value[0] = "convolve";
    api_oip_model(context, &asked, response);
}

static void ask_model_ready(const api_context *context, const api_request *request, api_response *response) {
    api_request asked = *request;
    asked.path_value[0] = "convolve";
    api_oip_model_ready(context, &asked, response);
}

/* Two small models, with something to find in each. */
#define KERAS_MODEL                                                                                                    \
    "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": [{\"class_name\": \"Conv2D\", "        \
    "\"config\": "                                                                                                     \
    "{\"name\": \"c\", \"filters\": 4, \"kernel_size\": [1, 1], \"strides\": [2, 2], \"batch_input_shape\": [null, "   \
    "8, 8, "                                                                                                           \
    "3]}}, {\"class_name\": \"Lambda\", \"config\": {\"name\": \"l\"}}]}}"
#define TORCH_MODEL "\"nn.Sequential(nn.Conv2d(3, 8, 1, stride=2), nn.BatchNorm2d(8), nn.Conv2d(8, 4, 30))\""

static const struct {
    endpoint *call;
    int status;
    const char *body, *accept;
} requests[] = {
    {api_shape, 200,
     "{\"layer\": \"Convolution1D(nb_filter=111, filter_length=5)\", \"input_shape\": [null, 400, 300]}", NULL},
    {api_shape, 200,
     "{\"layer\": \"nn.Conv2d(3, 8, 3)\", \"input_shape\": [\"N\", 3, \"H=9\", \"W\"], \"language\": \"zh\"}", NULL},
    {api_shape, 200,
     "{\"layers\": [\"Conv2D(8, 3)\", {\"op\": \"conv\", \"filters\": 2, \"kernel\": [3, 3]}], "
     "\"input_shape\": [1, 9, 9, 3], \"fields\": [\"output\", \"cost\"]}",
     NULL},
    {api_shape, 200,
     "{\"layer\": \"Conv2D(8, 3)\", \"input_shape\": [1, 9, 9, 3], \"cell\": [0, 0], "
     "\"weights_shapes\": [[3, 3, 3, 8], [8]]}",
     NULL},
    {api_shape, 422, "{\"layer\": \"Conv2D(8, 3, stride=1)\", \"input_shape\": [1, 9, 9, 3]}", NULL},
    {api_shape, 422,
     "{\"layer\": {\"class_name\": \"Conv2D\", \"config\": {\"filters\": 8, \"kernel_size\": 12}}, "
     "\"input_shape\": [1, 9, 9, 3]}",
     NULL},
    {api_shape, 400, "{\"layer\": \"Conv2D(8, 3)\"", NULL},
    {api_convolve, 200,
     "{\"layer\": \"nn.Conv2d(1, 2, 2)\", \"input\": [[[[1, 2], [3, 4]]]], "
     "\"weights\": {\"random\": 7}, \"filters\": [1], \"trace\": {\"cell\": [0, 0]}}",
     NULL},
    {api_convolve, 200,
     "{\"layer\": \"Conv1D(64, 3)\", \"input\": {\"shape\": [1, 40, 32], \"random\": 1}, "
     "\"weights\": {\"random\": 7}, \"algorithm\": \"im2col\", \"output\": {\"encoding\": \"nested\"}}",
     NULL},
    {api_convolve, 200,
     "{\"layer\": \"Conv1D(1, 1)\", \"input\": {\"shape\": [1, 1, 1], \"base64\": \"AACAPw==\"}, "
     "\"weights\": [[[[1]]], [0]], \"output\": {\"encoding\": \"base64\"}}",
     NULL},
    {api_convolve, 200, "{\"layer\": \"ReLU()\", \"input\": {\"shape\": [1, 32768], \"random\": 1}}", NULL},
    {api_convolve, 422, "{\"layer\": \"Conv1D(1, 1)\", \"input\": [[[1]]]}", NULL},
    {api_convolve, 200, "{\"layer\": \"ReLU()\", \"input\": [[1, 2]]}", "application/octet-stream"},
    {api_convolve, 200, "{\"layer\": \"ReLU()\", \"input\": [[1, 2]]}", "application/x-npy"},
    {api_convolve, 200, "{\"layer\": \"ReLU()\", \"input\": [[1, 2]], \"filters\": [1]}", "application/x-npy"},
    {api_convolve, 406, "{\"layer\": \"ReLU()\", \"input\": [[1, 2]]}", "text/html"},
    {api_review, 200, "{\"model\": " KERAS_MODEL ", \"baseline\": [\"a:1\"], \"rules\": [\"all\", \"-CV022\"]}", NULL},
    {api_review, 200, KERAS_MODEL, "text/plain"},
    {api_review, 200, "{\"model\": " TORCH_MODEL ", \"input_shape\": [1, 3, \"H=9\", \"W\"]}", NULL},
    {api_review, 200, "{\"model\": " TORCH_MODEL ", \"input_shape\": [1, 3, 9, 9]}", "text/markdown"},
    {api_review, 200, "{\"model\": " TORCH_MODEL ", \"input_shapes\": {\"input\": [1, 3, 9, 9]}}", "text/csv"},
    {api_review, 200, "{\"model\": " TORCH_MODEL ", \"file\": \"a b.py\"}", "application/sarif+json"},
    {api_review, 422, "{\"model\": " TORCH_MODEL ", \"budget\": {\"mac\": 3}}", NULL},
    {api_review, 422, "{\"model\": {\"onnx_base64\": \"CAc=\"}, \"framework\": \"keras\"}", NULL},
    {api_review, 400, "nn.Conv2d(", NULL},
    {api_diff, 200, "{\"before\": " KERAS_MODEL ", \"after\": " TORCH_MODEL "}", NULL},
    {api_diff, 200,
     "{\"before\": \"nn.Sequential(nn.Conv2d(3, 8, 1))\", \"after\": \"nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), "
     "nn.ReLU())\", \"input_shape\": [1, 3, 8, 8]}",
     "text/markdown"},
    {api_diff, 200,
     "{\"before\": \"nn.Sequential(nn.Conv2d(3, 8, 1))\", \"after\": \"nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), "
     "nn.ReLU())\", \"input_shape\": [1, 3, 8, 8]}",
     NULL},
    {api_health, 200, "", NULL},
    {api_oip_live, 200, "", NULL},
    {api_oip_ready, 200, "", NULL},
    {api_oip_server, 200, "", NULL},
    {api_oip_model, 404, "", NULL},
    {ask_model, 200, "", NULL},
    {ask_model_ready, 200, "", NULL},
    {ask_infer, 200,
     "{\"id\": \"7\", \"parameters\": {\"layer\": \"Conv1D(1, 2)\"}, \"inputs\": [{\"name\": \"input\", \"shape\": "
     "[1, 2, 1], \"datatype\": \"FP32\", \"data\": [1, 2]}, {\"name\": \"kernel\", \"shape\": [2, 1, 1], \"datatype\": "
     "\"INT8\", \"data\": [[[1]], [[2]]]}, {\"name\": \"bias\", \"shape\": [1], \"datatype\": \"BOOL\", \"data\": "
     "[true]}]}",
     NULL},
    {ask_infer, 200,
     "{\"parameters\": {\"layer\": \"{\\\"op\\\": \\\"conv\\\", \\\"kernel\\\": [1], \\\"filters\\\": 1}\", "
     "\"binary_data_output\": true}, \"inputs\": [{\"name\": \"input\", \"shape\": [1, 2, 1], \"datatype\": \"FP16\", "
     "\"parameters\": {\"binary_data_size\": 4}}, {\"name\": \"kernel\", \"shape\": [1, 1, 1], \"datatype\": \"FP32\", "
     "\"data\": [2]}, {\"name\": \"bias\", \"shape\": [1], \"datatype\": \"FP32\", \"parameters\": "
     "{\"binary_data_size\": 4}}]}abcdefgh",
     NULL},
    {ask_infer, 422,
     "{\"parameters\": {\"layer\": \"Conv1D(1, 2)\"}, \"inputs\": [{\"name\": \"input\", \"shape\": [1, 2, 1], "
     "\"datatype\": \"UINT8\", \"data\": [1, 2]}]}",
     NULL},
};
enum { REQUESTS = sizeof requests / sizeof *requests };

/* Forms, of POST /v1/convolve: each lacks one part more than the one before it. */
enum { FORMS = 4 };
static const int form_status[FORMS] = {200, 422, 422, 422};

static void fill_form(int form, cvs_text *body) {
    static const float numbers[] = {1, 2, 3};
    form_text(body, "layer", form < 3 ? "Conv1D(1, 1)" : "Conv1D(1, 1, 1, 1, 1, 1)");
    form_floats(body, "input", "(1, 3, 1)", numbers, 3);
    if (form < 2) form_file(body, "kernel", "{'descr': '>f2', 'fortran_order': True, 'shape': (1, 1, 1)}", "<", 2);
    if (form < 1) form_floats(body, "bias", "(1,)", numbers, 1);
    form_end(body);
}

/* Request number `i` of both. */
typedef struct asking {
    endpoint *call;
    int status;
    api_request request;
    cvs_text form; /* owned */
} asking;

static asking begin_asking(int i) {
    if (i >= REQUESTS) {
        asking asks = {.call = api_convolve, .status = form_status[i - REQUESTS]};
        fill_form(i - REQUESTS, &asks.form);
        asks.request = (api_request){.body = asks.form.data, .body_length = asks.form.length, .form_type = FORM_TYPE};
        return asks;
    }
    return (asking){.call = requests[i].call,
                    .status = requests[i].status,
                    .request = {.body = requests[i].body,
                                .body_length = strlen(requests[i].body),
                                .accept = requests[i].accept,
                                .takes_flow = true}};
}

static void check_ordinary(const asking *asks) {
    api_response response;
    asks->call(ask_context(), &asks->request, &response);
    ck_assert_msg(response.status == asks->status, "%s: %s", asks->request.body, response.body);
    api_response_free(&response);
}

/* True when allocation number `nth` was made, and failed. */
static bool check_failure(const asking *asks, long nth, bool all_after) {
    api_response response;
    long live;
    failing_malloc_begin(nth, all_after);
    asks->call(ask_context(), &asks->request, &response);
    api_response_free(&response);
    bool failed = failing_malloc_end(&live);
    ck_assert_msg(response.status == asks->status || (failed && response.status == 503),
                  "allocation %ld of %s: status %d", nth, asks->request.body, response.status);
    ck_assert_msg(live == 0, "allocation %ld of %s: %ld blocks are left", nth, asks->request.body, live);
    return failed;
}

static void check_request(int i, bool all_after) {
    asking asks = begin_asking(i);
    check_ordinary(&asks); /* what is made once in a process is made now */
    long nth = 0;
    while (check_failure(&asks, nth, all_after)) nth++;
    ck_assert_msg(nth > 0, "%s made no allocation", asks.request.body);
    check_ordinary(&asks);
    cvs_text_free(&asks.form);
}

START_TEST(one_allocation_fails) { check_request(_i, false); }
END_TEST

START_TEST(all_later_allocations_fail) { check_request(_i, true); }
END_TEST

Suite *memory_suite(void);
Suite *memory_suite(void) {
    Suite *suite = suite_create("api/memory");
    TCase *core = tcase_create("out of memory");
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, one_allocation_fails, 0, REQUESTS + FORMS);
    tcase_add_loop_test(core, all_later_allocations_fail, 0, REQUESTS + FORMS);
    suite_add_tcase(suite, core);
    return suite;
}
