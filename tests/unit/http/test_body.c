#include "http/body.h"

#include "compress.h"

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

/* ---- counted ---------------------------------------------------------------- */

START_TEST(a_long_body_is_whole) {
    static char piece[10007];
    http_body body = http_body_begin(20u << 20, 0, true);
    for (size_t i = 0; i < 2000; i++) {
        memset(piece, (int)(i % 251), sizeof piece);
        ck_assert(http_body_add(&body, piece, sizeof piece));
    }
    ck_assert_uint_eq(body.length, 2000 * sizeof piece);
    for (size_t i = 0; i < body.length; i += 997) ck_assert_int_eq(body.data[i], (char)(i / sizeof piece % 251));
    http_body_free(&body);
    ck_assert_ptr_null(body.data);
}
END_TEST

START_TEST(memory_is_asked_for_as_it_is_taken) {
    static const char piece[65536];
    api_budget budget = {.total = 4u << 20};
    http_body body = http_body_begin(64u << 20, 64u << 20, true);
    http_body_count(&body, &budget);
    ck_assert_uint_eq(budget.used, 0); /* not for what is announced */
    while (body.state == HTTP_BODY_WANTED) {
        ck_assert(http_body_add(&body, piece, sizeof piece));
        ck_assert_uint_le(body.capacity, budget.used + API_ACCOUNT_FREE);
        ck_assert_uint_le(budget.used, budget.total);
    }
    ck_assert_int_eq(body.state, HTTP_BODY_NO_MEMORY);
    ck_assert(api_account_short(&body.account));
    ck_assert_uint_eq(budget.used, 0);
    ck_assert(http_body_add(&body, piece, sizeof piece)); /* read past */
    ck_assert_int_eq(http_body_end(&body).status, 503);
    http_body_free(&body);
}
END_TEST

START_TEST(whether_it_will_fit_is_known_before) {
    api_budget budget = {.total = 1u << 20};
    http_body fits = http_body_begin(64u << 20, 1u << 20, true), large = http_body_begin(64u << 20, 2u << 20, true);
    http_body_count(&fits, &budget);
    http_body_count(&large, &budget);
    ck_assert(http_body_fits(&fits));
    ck_assert(!http_body_fits(&large));
    ck_assert_uint_eq(budget.used, 0);
    ck_assert_int_eq(large.state, HTTP_BODY_NO_MEMORY);
    http_body_free(&fits);
    http_body_free(&large);
}
END_TEST

START_TEST(an_inflater_is_counted) {
    api_budget budget = {.total = 1u << 20};
    http_body body = http_body_begin(64u << 20, 100, true);
    http_body_count(&body, &budget);
    http_body_inflate(&body, HTTP_CODING_ZSTD); /* whose window may be 8 MiB */
    ck_assert_int_eq(body.state, HTTP_BODY_NO_MEMORY);
    ck_assert_uint_eq(budget.used, 0);
    http_body_free(&body);
    body = http_body_begin(64u << 20, 100, true);
    http_body_count(&body, &budget);
    http_body_inflate(&body, HTTP_CODING_GZIP);
    ck_assert_int_eq(body.state, HTTP_BODY_WANTED);
    ck_assert_uint_gt(budget.used, 0);
    (void)http_body_end(&body);
    ck_assert_uint_eq(budget.used, 0);
    http_body_free(&body);
}
END_TEST

/* ---- compressed ------------------------------------------------------------ */

static const http_coding codings[] = {HTTP_CODING_GZIP, HTTP_CODING_ZSTD};
enum { BOTH = sizeof codings / sizeof *codings };

static http_body begin_compressed(size_t limit, http_coding coding) {
    http_body body = http_body_begin(limit, 1000, true);
    http_body_inflate(&body, coding);
    ck_assert_int_eq(body.state, HTTP_BODY_WANTED);
    return body;
}

static void check_end(http_body *body, int status) {
    ck_assert_int_eq(http_body_end(body).status, status);
    ck_assert_ptr_null(body->inflater);
    http_body_free(body);
}

START_TEST(the_limit_is_of_what_is_inflated) {
    static const char spaces[200001];
    for (size_t more = 0; more < 2; more++) {
        compressed packed = compress_part(codings[_i], spaces, 200000 + more);
        http_body body = begin_compressed(200000, codings[_i]);
        ck_assert(http_body_add(&body, packed.bytes, 10));
        ck_assert(http_body_add(&body, packed.bytes + 10, packed.length - 10));
        ck_assert_uint_eq(body.length, more ? 0 : 200000);
        check_end(&body, more ? 413 : 0);
        compressed_free(packed);
    }
}
END_TEST

/* Parts that hold nothing would otherwise come for ever. */
START_TEST(what_comes_is_counted_too) {
    compressed empty = compress_part(codings[_i], "", 0);
    for (int more = 0; more < 2; more++) {
        http_body body = begin_compressed(3 * empty.length, codings[_i]);
        for (int i = 0; i < 3 + more; i++) ck_assert(http_body_add(&body, empty.bytes, empty.length));
        check_end(&body, more ? 413 : 0);
    }
    compressed_free(empty);
}
END_TEST

START_TEST(of_a_damaged_body_nothing_is_kept) {
    static const char spaces[100000];
    compressed packed = compress_part(codings[_i], spaces, sizeof spaces);
    packed.bytes[packed.length - 1] ^= 1;
    http_body body = begin_compressed(1u << 20, codings[_i]);
    ck_assert(http_body_add(&body, packed.bytes, packed.length - 1));
    ck_assert_ptr_nonnull(body.data);
    ck_assert(http_body_add(&body, packed.bytes + packed.length - 1, 1));
    ck_assert_ptr_null(body.data);
    ck_assert(http_body_add(&body, "more", 4));
    ck_assert_ptr_null(body.data);
    check_end(&body, 400);
    compressed_free(packed);
}
END_TEST

START_TEST(a_body_that_was_cut_off_is_freed) {
    compressed packed = compress_part(codings[_i], "abc", 3);
    http_body body = begin_compressed(1000, codings[_i]);
    ck_assert(http_body_add(&body, packed.bytes, packed.length - 1));
    http_body_free(&body);
    compressed_free(packed);
}
END_TEST

START_TEST(ends_of_plain_bodies) {
    http_body whole = http_body_begin(3, 0, true), large = http_body_begin(3, 0, true),
              unwanted = http_body_begin(3, 0, false);
    ck_assert(http_body_add(&whole, "abc", 3) && http_body_add(&large, "abcd", 4) &&
              http_body_add(&unwanted, "abcd", 4));
    check_end(&whole, 0);
    check_end(&large, 413);
    check_end(&unwanted, 0);
}
END_TEST

Suite *body_suite(void) {
    Suite *suite = suite_create("body");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits"), *oom = tcase_create("oom");
    tcase_add_test(core, pieces_are_joined);
    tcase_add_test(core, a_long_body_is_whole);
    tcase_add_test(limits, memory_is_asked_for_as_it_is_taken);
    tcase_add_test(limits, whether_it_will_fit_is_known_before);
    tcase_add_test(limits, an_inflater_is_counted);
    tcase_add_test(core, memory_follows_the_bytes_not_the_announcement);
    tcase_add_test(core, a_body_as_announced_takes_just_its_size);
    tcase_add_test(core, more_than_announced_still_grows);
    tcase_add_test(core, an_unwanted_body_is_counted_and_dropped);
    tcase_add_test(limits, the_limit_is_exact);
    tcase_add_test(limits, patience_ends);
    tcase_add_test(oom, no_memory_is_a_state);
    tcase_add_test(core, ends_of_plain_bodies);
    tcase_add_loop_test(core, of_a_damaged_body_nothing_is_kept, 0, BOTH);
    tcase_add_loop_test(core, a_body_that_was_cut_off_is_freed, 0, BOTH);
    tcase_add_loop_test(limits, the_limit_is_of_what_is_inflated, 0, BOTH);
    tcase_add_loop_test(limits, what_comes_is_counted_too, 0, BOTH);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, oom);
    return suite;
}
