#include "layer/explain/explain_catalogue.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>

Suite *catalogue_suite(void);

START_TEST(keys_are_found) {
    const cvs__catalogue *catalogue = &cvs__explain_catalogue;
    ck_assert_int_eq(catalogue->count, EXPLAIN_COUNT);
    for (int i = 0; i < catalogue->count; i++) ck_assert_int_eq(cvs__catalogue_find(catalogue, catalogue->names[i]), i);
    ck_assert_int_eq(cvs__catalogue_find(catalogue, "volume.parameter"), -1);
    ck_assert_int_eq(cvs__catalogue_find(catalogue, ""), -1);
    ck_assert_int_eq(cvs__catalogue_find(catalogue, "~"), -1);
}
END_TEST

/* A catalogue of three texts by hand: "{0} {0?step:steps} of {1}", "plain", "{1}". */
static const char sample_bytes[] = " \0stepsteps of \0plain\0"
                                   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
static const cvs__piece sample_pieces[] = {{0, 0, 0, CVS__PIECE_VALUE},    {0, 1, 0, CVS__PIECE_LITERAL},
                                           {2, 4, 0, CVS__PIECE_IF_ONE},   {6, 5, 0, CVS__PIECE_IF_MANY},
                                           {11, 4, 0, CVS__PIECE_LITERAL}, {0, 0, 1, CVS__PIECE_VALUE},
                                           {16, 5, 0, CVS__PIECE_LITERAL}, {0, 0, 1, CVS__PIECE_VALUE}};
static const uint16_t sample_first[] = {0, 6, 7, 8};
static const char *const sample_names[] = {"b", "a", "c"};
static const uint16_t sample_by_name[] = {1, 0, 2};
static const cvs__catalogue sample = {
    3,
    sample_names,
    sample_by_name,
    {{sample_bytes, sample_pieces, sample_first}, {sample_bytes, sample_pieces, sample_first}}};

static void check_rendered(int text, cvs__value first, cvs__value second, const char *expected) {
    cvs_text out = {0};
    const cvs__value values[] = {first, second};
    cvs__render(&sample, text, CVS_ENGLISH, values, &out);
    ck_assert(!out.failed);
    ck_assert_str_eq(out.data, expected);
    ck_assert_uint_eq(out.length, strlen(expected));
    cvs_text_free(&out);
}

START_TEST(values_are_put_in) {
    check_rendered(0, cvs__integer(5), cvs__string("five"), "5 steps of five");
    check_rendered(0, cvs__integer(1), cvs__integer(-7), "1 step of -7");
    check_rendered(0, cvs__amount(1234567), cvs__integer(1234567), "1,234,567 steps of 1234567");
    check_rendered(0, cvs__string("H"), cvs__amount(999), "H steps of 999");
    check_rendered(0, cvs__amount(INT64_MIN), cvs__integer(INT64_MIN),
                   "-9,223,372,036,854,775,808 steps of -9223372036854775808");
    check_rendered(2, cvs__integer(0), cvs__amount(1000), "1,000");
    check_rendered(2, cvs__integer(0), (cvs__value){0}, "{?}");
    ck_assert_str_eq(cvs__catalogue_plain(&sample, 1, CVS_CHINESE), "plain");
}
END_TEST

START_TEST(a_failed_text_stays_failed) {
    cvs_text out = {.failed = true};
    const cvs__value values[] = {cvs__integer(5), cvs__integer(6)};
    cvs__render(&sample, 0, CVS_ENGLISH, values, &out);
    ck_assert(out.failed);
    ck_assert_ptr_null(out.data);
}
END_TEST

START_TEST(amounts_in_groups) {
    for (int64_t number = 1; number < INT64_MAX / 13; number *= 13) {
        cvs_text out = {0};
        cvs__add_amount(&out, number);
        char plain[32], *p = plain;
        size_t since_comma = 0;
        for (const char *c = out.data; *c; c++) {
            if (*c == ',') ck_assert_uint_eq((out.length - (size_t)(c - out.data)) % 4, 0);
            since_comma = *c == ',' ? 0 : since_comma + 1;
            ck_assert_uint_le(since_comma, 3);
            if (*c != ',') *p++ = *c;
        }
        *p = '\0';
        char expected[32];
        snprintf(expected, sizeof expected, "%lld", (long long)number);
        ck_assert_str_eq(plain, expected);
        cvs_text_free(&out);
    }
}
END_TEST

Suite *catalogue_suite(void) {
    Suite *suite = suite_create("catalogue");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, keys_are_found);
    tcase_add_test(core, values_are_put_in);
    tcase_add_test(core, amounts_in_groups);
    tcase_add_test(limits, a_failed_text_stays_failed);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
