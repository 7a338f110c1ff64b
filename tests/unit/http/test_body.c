#include "http/body.h"

#include <check.h>
#include <string.h>

Suite *body_suite(void);

START_TEST(pieces_are_joined) {
    http_body body = http_body_begin(1000000, 0, true);
    for (int i = 0; i < 200000; i++) ck_assert(http_body_add(&body, "abc", 3));
    ck_assert_int_eq(body.state, HTTP_BODY_WANTED);
    ck_assert_uint_eq(body.length, 600000);
    for (size_t i = 0; i < body.length; i++) ck_assert_int_eq(body.data[i], "abc"[i % 3]);
    http_body_free(&body);
    ck_assert_ptr_null(body.data);
}
END_TEST

START_TEST(memory_follows_the_bytes_not_the_announcement) {
    http_body body = http_body_begin(1u << 30, 1u << 30, true);
    ck_assert_uint_eq(body.capacity, 0);
    ck_assert(http_body_add(&body, "a", 1));
    ck_assert_uint_le(body.capacity, 65536);
    http_body_free(&body);
}
END_TEST

START_TEST(a_body_as_announced_takes_just_its_size) {
    char piece[1000] = "";
    http_body body = http_body_begin(1u << 30, 100000, true);
    for (int i = 0; i < 100; i++) ck_assert(http_body_add(&body, piece, sizeof piece));
    ck_assert_uint_eq(body.capacity, 100000);
    http_body_free(&body);
}
END_TEST

START_TEST(more_than_announced_still_grows) {
    http_body body = http_body_begin(100, 2, true);
    ck_assert(http_body_add(&body, "abc", 3));
    ck_assert_uint_eq(body.length, 3);
    http_body_free(&body);
}
END_TEST

START_TEST(the_limit_is_exact) {
    http_body body = http_body_begin(10, 0, true);
    ck_assert(http_body_add(&body, "0123456789", 10));
    ck_assert_int_eq(body.state, HTTP_BODY_WANTED);
    ck_assert(http_body_add(&body, "x", 1));
    ck_assert_int_eq(body.state, HTTP_BODY_TOO_LARGE);
    ck_assert_ptr_null(body.data);
    ck_assert(http_body_add(&body, "more", 4));
    ck_assert_uint_eq(body.length, 0);
}
END_TEST

START_TEST(patience_ends) {
    char piece[65536] = "";
    http_body body = http_body_begin(10, 0, true);
    int pieces = 0;
    while (pieces < 1000 && http_body_add(&body, piece, sizeof piece)) pieces++;
    ck_assert_int_eq(pieces, 16);
}
END_TEST

START_TEST(an_unwanted_body_is_counted_and_dropped) {
    http_body body = http_body_begin(10, 5, false);
    ck_assert(http_body_add(&body, "hello", 5));
    ck_assert_ptr_null(body.data);
    ck_assert_uint_eq(body.seen, 5);
}
END_TEST

START_TEST(no_memory_is_a_state) {
    http_body body = http_body_begin(SIZE_MAX / 2, SIZE_MAX / 2, true);
    ck_assert(http_body_add(&body, "a", 1));
    body.length = body.capacity = SIZE_MAX / 4; /* as if that much had come: doubling it cannot succeed */
    ck_assert(http_body_add(&body, "b", 1));
    ck_assert_int_eq(body.state, HTTP_BODY_NO_MEMORY);
    ck_assert_ptr_null(body.data);
}
END_TEST

Suite *body_suite(void) {
    Suite *suite = suite_create("body");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits"), *oom = tcase_create("oom");
    tcase_add_test(core, pieces_are_joined);
    tcase_add_test(core, memory_follows_the_bytes_not_the_announcement);
    tcase_add_test(core, a_body_as_announced_takes_just_its_size);
    tcase_add_test(core, more_than_announced_still_grows);
    tcase_add_test(core, an_unwanted_body_is_counted_and_dropped);
    tcase_add_test(limits, the_limit_is_exact);
    tcase_add_test(limits, patience_ends);
    tcase_add_test(oom, no_memory_is_a_state);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, oom);
    return suite;
}
