/* test_flow.c - a long answer read piece by piece is the text that is written at once. */
#include "ask.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *flow_suite(void);

enum { ROOM = 4 << 20 };

static void ask_for(int numbers, const char *more, bool takes_flow, api_response *response) {
    char body[256];
    int length =
        snprintf(body, sizeof body, "{\"layer\": \"LeakyReLU(0.3)\", \"input\": {\"shape\": [1, %d], \"random\": 5}%s}",
                 numbers, more);
    const api_request request = {.body = body, .body_length = (size_t)length, .takes_flow = takes_flow};
    api_convolve(ask_context(), &request, response);
    ck_assert_int_eq(response->status, 200);
}

/* The length of all before the time that it took to compute. */
static size_t before_time(const char *text) {
    const char *time = strstr(text, "\"compute_us\"");
    ck_assert_ptr_nonnull(time);
    return (size_t)(time - text);
}

static void check_read(int numbers, const char *more, size_t size) {
    api_response plain, flowing;
    char *text = malloc(ROOM);
    size_t length = 0, got;
    ask_for(numbers, more, false, &plain);
    ask_for(numbers, more, true, &flowing);
    ck_assert(text && flowing.flow && !flowing.body && !plain.flow);
    while ((got = api_flow_read(flowing.flow, text + length, size)) > 0) length += got;
    ck_assert_uint_eq(api_flow_read(flowing.flow, text + length, size), 0);
    text[length] = '\0';
    ck_assert_int_eq(text[length - 1], '}');
    ck_assert_uint_eq(before_time(text), before_time(plain.body));
    ck_assert_int_eq(memcmp(text, plain.body, before_time(text)), 0);
    api_flow_free(flowing.flow);
    free(plain.body);
    free(text);
}

/* Blocks are of 2049 numbers, 64 at a time. */
START_TEST(read_in_pieces_it_is_the_same_text) {
    static const char *const encodings[] = {"", ", \"output\": {\"encoding\": \"nested\"}",
                                            ", \"output\": {\"encoding\": \"base64\"}"};
    const char *more = encodings[_i];
    check_read(32768, more, 65536);
    check_read(32784, more, 7);
    check_read(131136, more, 100000);
    check_read(131137, more, 4096);
    check_read(200000, more, 1 << 20);
}
END_TEST

START_TEST(only_long_lists_flow) {
    static const struct {
        int numbers;
        const char *more;
    } cases[] = {{32767, ""}, {40000, ", \"filters\": [1]"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        api_response response;
        ask_for(cases[i].numbers, cases[i].more, true, &response);
        ck_assert(!response.flow && response.body);
        free(response.body);
    }
}
END_TEST

START_TEST(one_that_nobody_reads_is_freed) {
    api_response response;
    ask_for(40000, "", true, &response);
    api_flow_free(response.flow);
    api_flow_free(NULL);
}
END_TEST

Suite *flow_suite(void) {
    Suite *suite = suite_create("api/flow");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, read_in_pieces_it_is_the_same_text, 0, 3);
    tcase_add_test(core, only_long_lists_flow);
    tcase_add_test(core, one_that_nobody_reads_is_freed);
    suite_add_tcase(suite, core);
    return suite;
}
