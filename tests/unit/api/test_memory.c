/*
 * test_memory.c - every request once for every allocation it makes, that one failing: an answer or a clean 503, no
 * crash, no block left over, and the next request is served.
 */
#include "ask.h"
#include "failing_malloc.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    endpoint *call;
    int status;
    const char *body;
} requests[] = {
    {api_shape, 200,
     "{\"layer\": \"Convolution1D(nb_filter=111, filter_length=5)\", \"input_shape\": [null, 400, 300]}"},
    {api_shape, 200,
     "{\"layer\": \"nn.Conv2d(3, 8, 3)\", \"input_shape\": [\"N\", 3, \"H=9\", \"W\"], \"language\": \"zh\"}"},
    {api_shape, 200,
     "{\"layers\": [\"Conv2D(8, 3)\", {\"op\": \"conv\", \"filters\": 2, \"kernel\": [3, 3]}], "
     "\"input_shape\": [1, 9, 9, 3], \"fields\": [\"output\", \"cost\"]}"},
    {api_shape, 200,
     "{\"layer\": \"Conv2D(8, 3)\", \"input_shape\": [1, 9, 9, 3], \"cell\": [0, 0], "
     "\"weights_shapes\": [[3, 3, 3, 8], [8]]}"},
    {api_shape, 422, "{\"layer\": \"Conv2D(8, 3, stride=1)\", \"input_shape\": [1, 9, 9, 3]}"},
    {api_shape, 422,
     "{\"layer\": {\"class_name\": \"Conv2D\", \"config\": {\"filters\": 8, \"kernel_size\": 12}}, "
     "\"input_shape\": [1, 9, 9, 3]}"},
    {api_shape, 400, "{\"layer\": \"Conv2D(8, 3)\""},
    {api_convolve, 200,
     "{\"layer\": \"nn.Conv2d(1, 2, 2)\", \"input\": [[[[1, 2], [3, 4]]]], "
     "\"weights\": {\"random\": 7}, \"filters\": [1], \"trace\": {\"cell\": [0, 0]}}"},
    {api_convolve, 200,
     "{\"layer\": \"Conv1D(64, 3)\", \"input\": {\"shape\": [1, 40, 32], \"random\": 1}, "
     "\"weights\": {\"random\": 7}, \"algorithm\": \"im2col\", \"output\": {\"encoding\": \"nested\"}}"},
    {api_convolve, 200,
     "{\"layer\": \"Conv1D(1, 1)\", \"input\": {\"shape\": [1, 1, 1], \"base64\": \"AACAPw==\"}, "
     "\"weights\": [[[[1]]], [0]], \"output\": {\"encoding\": \"base64\"}}"},
    {api_convolve, 422, "{\"layer\": \"Conv1D(1, 1)\", \"input\": [[[1]]]}"},
    {api_health, 200, ""},
};
enum { REQUESTS = sizeof requests / sizeof *requests };

static void call_once(int i, api_response *response) {
    const api_request request = {.body = requests[i].body, .body_length = strlen(requests[i].body)};
    requests[i].call(ask_context(), &request, response);
}

static void check_ordinary(int i) {
    api_response response;
    call_once(i, &response);
    ck_assert_msg(response.status == requests[i].status, "%s: %s", requests[i].body, response.body);
    free(response.body);
}

/* True when allocation number `nth` was made, and failed. */
static bool check_failure(int i, long nth, bool all_after) {
    api_response response;
    long live;
    failing_malloc_begin(nth, all_after);
    call_once(i, &response);
    free(response.body);
    bool failed = failing_malloc_end(&live);
    ck_assert_msg(response.status == requests[i].status || (failed && response.status == 503),
                  "allocation %ld of %s: status %d", nth, requests[i].body, response.status);
    ck_assert_msg(live == 0, "allocation %ld of %s: %ld blocks are left", nth, requests[i].body, live);
    return failed;
}

static void check_request(int i, bool all_after) {
    check_ordinary(i); /* what is made once in a process is made now */
    long nth = 0;
    while (check_failure(i, nth, all_after)) nth++;
    ck_assert_msg(nth > 0, "%s made no allocation", requests[i].body);
    check_ordinary(i);
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
    tcase_add_loop_test(core, one_allocation_fails, 0, REQUESTS);
    tcase_add_loop_test(core, all_later_allocations_fail, 0, REQUESTS);
    suite_add_tcase(suite, core);
    return suite;
}
