#include "http/log.h"

#include <check.h>

Suite *log_suite(void);

START_TEST(a_flood_is_cut_and_counted) {
    http_log_limit limit = {0};
    unsigned left_out, written = 0;
    for (int i = 0; i < 1000; i++) written += http_log_allowed(&limit, 1000, &left_out);
    ck_assert_uint_eq(written, HTTP_LOG_LINES);
    ck_assert_uint_eq(left_out, 0);
    ck_assert(http_log_allowed(&limit, 1000 + HTTP_LOG_SECONDS, &left_out));
    ck_assert_uint_eq(left_out, 1000 - HTTP_LOG_LINES);
    ck_assert(http_log_allowed(&limit, 1000 + HTTP_LOG_SECONDS, &left_out));
    ck_assert_uint_eq(left_out, 0);
}
END_TEST

START_TEST(few_lines_all_pass) {
    http_log_limit limit = {0};
    unsigned left_out;
    for (int second = 0; second < 100; second++) {
        ck_assert(http_log_allowed(&limit, second, &left_out));
        ck_assert_uint_eq(left_out, 0);
    }
}
END_TEST

Suite *log_suite(void) {
    Suite *suite = suite_create("log");
    TCase *core = tcase_create("core");
    tcase_add_test(core, a_flood_is_cut_and_counted);
    tcase_add_test(core, few_lines_all_pass);
    suite_add_tcase(suite, core);
    return suite;
}
