#include <convscope/base.h>

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

Suite *text_suite(void);

START_TEST(text_grows) {
    cvs_text text = {0};
    for (int i = 0; i < 1000; i++) cvs_text_addf(&text, "%d,", i % 10);
    ck_assert_uint_eq(text.length, 2000);
    ck_assert_uint_eq(strlen(text.data), 2000);
    cvs_text_clear(&text);
    cvs_text_add(&text, "a");
    cvs_text_append(&text, "bcd", 2);
    ck_assert_str_eq(text.data, "abc");
    cvs_text_free(&text);
    ck_assert_ptr_null(text.data);
}
END_TEST

START_TEST(integers_of_every_size) {
    cvs_text text = {0};
    cvs_text_add_int(&text, INT64_MIN);
    cvs_text_add(&text, " ");
    cvs_text_add_int(&text, INT64_MAX);
    cvs_text_add(&text, " ");
    cvs_text_add_int(&text, 0);
    ck_assert_str_eq(text.data, "-9223372036854775808 9223372036854775807 0");
    cvs_text_free(&text);
}
END_TEST

START_TEST(failure_is_kept) {
    cvs_text text = {0};
    cvs_text_add(&text, "before");
    ck_assert_ptr_null(cvs_text_reserve(&text, SIZE_MAX / 2));
    cvs_text_add(&text, "after");
    ck_assert(text.failed);
    ck_assert_str_eq(text.data, "before");
    size_t length = 1;
    ck_assert_ptr_null(cvs_text_take(&text, &length));
    ck_assert_uint_eq(length, 0);
}
END_TEST

START_TEST(take_hands_the_bytes_over) {
    cvs_text text = {0};
    cvs_text_add(&text, "hello");
    size_t length = 0;
    char *bytes = cvs_text_take(&text, &length);
    ck_assert_str_eq(bytes, "hello");
    ck_assert_uint_eq(length, 5);
    ck_assert_ptr_null(text.data);
    free(bytes);
}
END_TEST

Suite *text_suite(void) {
    Suite *suite = suite_create("text");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, text_grows);
    tcase_add_test(core, integers_of_every_size);
    tcase_add_test(core, take_hands_the_bytes_over);
    tcase_add_test(limits, failure_is_kept);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
