/*
 * test_mutations.c - whatever is sent, JSON comes back, with a status that says whose mistake it was.
 */
#include "ask.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 6000, MOST = 1024 };

static const char *const seeds[] = {
    "{\"layer\": \"Convolution1D(nb_filter=11, filter_length=5, activation='relu')\", \"input_shape\": [null, 40, 3]}",
    "{\"layer\": \"nn.Conv2d(3, 8, (3, 3), stride=2, padding='valid')\", \"input_shape\": [\"N\", 3, \"H=9\", -1]}",
    "{\"layers\": [\"Conv2D(8, 3)\", {\"op\": \"conv\", \"filters\": 2, \"kernel\": [3, 3], \"padding\": \"same\"}], "
    "\"input_shape\": [1, 9, 9, 3], \"fields\": [\"output\", \"cost\", \"explanation\"], \"language\": \"zh\"}",
    "{\"layer\": {\"class_name\": \"Conv2D\", \"config\": {\"filters\": 8, \"kernel_size\": [2, 2], \"strides\": [1, "
    "1]}}, "
    "\"input_shape\": [1, 9, 9, 3], \"cell\": [0, 1], \"weights_shapes\": [[2, 2, 3, 8], [8]]}",
    "{\"layer\": {\"op_type\": \"Conv\", \"attributes\": {\"kernel_shape\": [3], \"pads\": [1, 0]}, "
    "\"weights_shape\": [4, 2, 3]}, \"input_shape\": [1, 2, 9]}",
    "{\"layer\": \"nn.Conv2d(1, 2, 2)\", \"input\": [[[[1, 2.5], [3e1, -4]]]], \"weights\": {\"random\": 7}, "
    "\"filters\": [1], \"trace\": {\"cell\": [0, 0], \"filter\": 1}, \"output\": {\"encoding\": \"nested\"}}",
    "{\"layer\": \"Conv1D(1, 2)\", \"input\": {\"shape\": [1, 2, 1], \"base64\": \"AACAPwAAgD8=\"}, "
    "\"weights\": [[[[1]], [[0.5]]], {\"shape\": [1], \"data\": [0]}], \"algorithm\": \"im2col\"}",
};

static const char *const infer_seeds[] = {
    "{\"id\": \"7\", \"parameters\": {\"layer\": \"Conv1D(1, 2)\"}, \"inputs\": [{\"name\": \"input\", \"shape\": [1, "
    "2, "
    "1], \"datatype\": \"FP32\", \"data\": [1, 2.5]}, {\"name\": \"kernel\", \"shape\": [2, 1, 1], \"datatype\": "
    "\"INT8\", "
    "\"data\": [[[1]], [[2]]]}, {\"name\": \"bias\", \"shape\": [1], \"datatype\": \"BOOL\", \"data\": [true]}], "
    "\"outputs\": [{\"name\": \"output\"}]}",
    "{\"parameters\": {\"layer\": \"{\\\"op\\\": \\\"relu\\\"}\", \"binary_data_output\": true}, \"inputs\": "
    "[{\"name\": "
    "\"input\", \"shape\": [1, 2], \"datatype\": \"FP16\", \"parameters\": {\"binary_data_size\": 4}}]}abcd",
    "{\"parameters\": {\"layer\": \"Dense(1)\"}, \"inputs\": [{\"name\": \"input\", \"shape\": [1, 1], \"datatype\": "
    "\"FP64\", \"parameters\": {\"binary_data_size\": 8}}, {\"name\": \"kernel\", \"shape\": [1, 1], \"datatype\": "
    "\"UINT8\", \"parameters\": {\"binary_data_size\": 1}}, {\"name\": \"bias\", \"shape\": [1], \"datatype\": "
    "\"FP32\", "
    "\"data\": [1]}], \"outputs\": [{\"name\": \"output\", \"parameters\": {\"binary_data\": true}}]}abcdefghi",
};

static const char *const model_seeds[] = {
    "{\"model\": {\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"class_name\": \"Conv2D\", \"config\": "
    "{\"name\": \"c\", \"filters\": 4, \"kernel_size\": [1, 1], \"strides\": [2, 2], \"batch_input_shape\": [null, 8, "
    "8, 3]}}, {\"class_name\": \"Dense\", \"config\": {\"units\": 2}}]}}, \"rules\": \"all,-CV022\"}",
    "{\"class_name\": \"Functional\", \"config\": {\"layers\": [{\"class_name\": \"InputLayer\", \"name\": \"x\", "
    "\"config\": {\"batch_input_shape\": [null, 4, 4, 3], \"name\": \"x\"}, \"inbound_nodes\": []}, {\"class_name\": "
    "\"Add\", \"name\": \"a\", \"config\": {}, \"inbound_nodes\": [[[\"x\", 0, 0, {}], [\"x\", 0, 0, {}]]]}], "
    "\"input_layers\": [[\"x\", 0, 0]], \"output_layers\": [[\"a\", 0, 0]]}}",
    ("{\"model\": \"nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 2))\", \"input_shapes\": "
     "{\"input\": [1, 3, \"H=9\", \"W\"]}, \"budget\": {\"macs\": 3e3}, \"baseline\": [\"a\"], \"file\": \"a b\"}"),
    "model = Sequential()\nmodel.add(Conv2D(8, (3, 3), input_shape=(28, 28, 1)))\nmodel.add(Dense(10))\n",
};

static const char *const diff_seeds[] = {
    "{\"before\": \"nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten())\", \"after\": \"nn.Sequential("
    "nn.Conv2d(3, 4, 1, bias=False), nn.BatchNorm2d(4), nn.Flatten())\", \"input_shape\": [1, 3, 8, \"W\"]}",
    "{\"before\": {\"class_name\": \"Sequential\", \"config\": [{\"class_name\": \"Conv2D\", \"config\": {\"name\": "
    "\"c\", \"filters\": 4, \"kernel_size\": 1, \"batch_input_shape\": [null, 8, 8, 3]}}]}, \"after\": "
    "\"Sequential([Conv2D(2, 3)])\", \"input_shape\": [1, 8, 8, 3], \"language\": \"zh\"}",
};

static const char *const pieces[] = {
    "null", "-1",      "0",    "1e39", "9223372036854775807", "[]", "{}", "\"\"", "\"H=3\"", ",", "]", "}", "(", ")",
    "'",    "\\u0000", "\xff", "true", "\"layer\"",           "[["};

static size_t pick(size_t count) { return (size_t)rand() % count; }

/* Replace a stretch of `text` by `piece`. */
static void splice(char *text, size_t at, size_t gone, const char *piece) {
    size_t length = strlen(text), added = strlen(piece);
    if (at + gone > length || length - gone + added >= MOST) return;
    memmove(text + at + added, text + at + gone, length - at - gone + 1);
    memcpy(text + at, piece, added);
}

static void mutate(char *text) {
    size_t length = strlen(text), at = pick(length + 1);
    switch (pick(4)) {
    case 0:
        splice(text, at, pick(4), pieces[pick(sizeof pieces / sizeof *pieces)]);
        break;
    case 1:
        splice(text, at, pick(12), "");
        break;
    case 2:
        splice(text, at, 1, (char[]){(char)(1 + pick(255)), '\0'});
        break;
    default: {
        char stretch[24] = "";
        size_t size = pick(sizeof stretch);
        if (at + size <= length) memcpy(stretch, text + at, size);
        splice(text, pick(length + 1), 0, stretch);
    }
    }
}

static void check_answered(endpoint *call, const char *body) {
    const api_request request = {.body = body, .body_length = strlen(body)};
    api_response response;
    call(ask_context(), &request, &response);
    int status = response.status;
    ck_assert_msg(status == 200 || status == 400 || status == 413 || status == 422, "%d: %s", status, body);
    json_error_t error;
    json_t *answer = json_loadb(response.body, response.body_length, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(answer != NULL, "%s in the answer to %s", error.text, body);
    ck_assert_msg(status == 200 || json_integer_value(at(answer, "status")) == status, "%s", body);
    json_decref(answer);
    api_response_free(&response);
}

static const struct {
    endpoint *call;
    const char *const *seeds;
    size_t count;
    int rounds;
} kinds[] = {
    {api_shape, seeds, sizeof seeds / sizeof *seeds, ROUNDS},
    {api_convolve, seeds, sizeof seeds / sizeof *seeds, ROUNDS},
    {ask_infer, infer_seeds, sizeof infer_seeds / sizeof *infer_seeds, ROUNDS},
    {api_review, model_seeds, sizeof model_seeds / sizeof *model_seeds, ROUNDS / 2},
    {api_diff, diff_seeds, sizeof diff_seeds / sizeof *diff_seeds, ROUNDS / 2},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

START_TEST(mutated_requests_are_answered) {
    api_context *context = ask_context();
    context->limits.output_elements = 100000;
    context->limits.macs = 1000000;
    srand((unsigned)_i + 1);
    for (int round = 0; round < kinds[_i].rounds; round++) {
        char body[MOST];
        snprintf(body, sizeof body, "%s", kinds[_i].seeds[pick(kinds[_i].count)]);
        for (size_t changes = 1 + pick(4); changes > 0; changes--) mutate(body);
        check_answered(kinds[_i].call, body);
    }
}
END_TEST

/* Not for programs alone: what is a report in JSON stays one, and texts are written. */
START_TEST(mutated_models_are_answered_in_every_form) {
    static const char *const forms[] = {"text/plain", "text/markdown", "text/csv", "application/sarif+json"};
    srand(7);
    for (int round = 0; round < ROUNDS / 2; round++) {
        char body[MOST];
        snprintf(body, sizeof body, "%s", model_seeds[pick(sizeof model_seeds / sizeof *model_seeds)]);
        for (size_t changes = 1 + pick(2); changes > 0; changes--) mutate(body);
        const api_request request = {.body = body, .body_length = strlen(body), .accept = forms[round % 4]};
        api_response response;
        api_review(ask_context(), &request, &response);
        ck_assert_msg(response.body && response.body_length > 0, "%s", body);
        if (response.status == 200 && round % 4 == 3) {
            json_t *report = json_loadb(response.body, response.body_length, JSON_REJECT_DUPLICATES, NULL);
            ck_assert_msg(report != NULL, "%s: %s", body, response.body);
            json_decref(report);
        }
        api_response_free(&response);
    }
}
END_TEST

Suite *mutations_suite(void);
Suite *mutations_suite(void) {
    Suite *suite = suite_create("api/mutations");
    TCase *core = tcase_create("limits");
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, mutated_requests_are_answered, 0, KINDS);
    tcase_add_test(core, mutated_models_are_answered_in_every_form);
    suite_add_tcase(suite, core);
    return suite;
}
