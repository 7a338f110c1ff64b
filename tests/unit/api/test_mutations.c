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
    free(response.body);
}

START_TEST(mutated_requests_are_answered) {
    api_context *context = ask_context();
    context->limits.output_elements = 100000;
    context->limits.macs = 1000000;
    srand((unsigned)_i + 1);
    for (int round = 0; round < ROUNDS; round++) {
        char body[MOST];
        snprintf(body, sizeof body, "%s", seeds[pick(sizeof seeds / sizeof *seeds)]);
        for (size_t changes = 1 + pick(4); changes > 0; changes--) mutate(body);
        check_answered(_i == 0 ? api_shape : api_convolve, body);
    }
}
END_TEST

Suite *mutations_suite(void);
Suite *mutations_suite(void) {
    Suite *suite = suite_create("api/mutations");
    TCase *core = tcase_create("limits");
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, mutated_requests_are_answered, 0, 2);
    suite_add_tcase(suite, core);
    return suite;
}
