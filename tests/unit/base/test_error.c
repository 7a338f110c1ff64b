#include <convscope/base.h>

#include <check.h>
#include <string.h>

Suite *error_suite(void);

START_TEST(first_error_wins) {
    cvs_error err = {0};
    ck_assert_int_eq(cvs_fail(&err, CVS_INVALID, "stride", "/stride/0", "the stride is %d", 0), CVS_INVALID);
    ck_assert_int_eq(cvs_fail(&err, CVS_NO_MEMORY, "memory", NULL, "late"), CVS_NO_MEMORY);
    ck_assert_int_eq(err.status, CVS_INVALID);
    ck_assert_str_eq(err.message, "the stride is 0");
    ck_assert_str_eq(err.pointer, "/stride/0");
    ck_assert_int_eq(err.offset, -1);
}
END_TEST

START_TEST(null_error_is_allowed) {
    ck_assert_int_eq(cvs_fail(NULL, CVS_SYNTAX, "x", NULL, "y"), CVS_SYNTAX);
    cvs_fail_value(NULL, "%d", 1);
    cvs_fail_expected(NULL, "%d", 1);
    cvs_error_prefix(NULL, "/layer");
}
END_TEST

START_TEST(long_texts_are_cut) {
    char text[2000];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cvs_error err = {0};
    cvs_fail(&err, CVS_INVALID, text, text, "%s", text);
    cvs_fail_value(&err, "%s", text);
    cvs_fail_expected(&err, "%s", text);
    cvs_error_prefix(&err, "/layer");
    ck_assert_uint_eq(strlen(err.code), sizeof err.code - 1);
    ck_assert_uint_eq(strlen(err.message), sizeof err.message - 1);
    ck_assert_uint_eq(strlen(err.value), sizeof err.value - 1);
    ck_assert_uint_eq(strlen(err.expected), sizeof err.expected - 1);
    ck_assert_uint_eq(strlen(err.pointer), sizeof err.pointer - 1);
    ck_assert_int_eq(strncmp(err.pointer, "/layeraaa", 9), 0);
}
END_TEST

/* Two-, three- and four-byte characters, shifted by 0..3 bytes so that the cut falls everywhere in them. */
START_TEST(long_texts_are_cut_between_characters) {
    static const char *const characters[] = {"\xC3\xA9", "\xE5\x8D\xB7", "\xF0\x9F\x98\x80"};
    for (size_t c = 0; c < 3; c++) {
        for (size_t shift = 0; shift < 4; shift++) {
            char text[1000] = "";
            for (size_t i = 0; i < shift; i++) strcat(text, "a");
            while (strlen(text) < sizeof text - 5) strcat(text, characters[c]);
            cvs_error err = {0};
            cvs_fail(&err, CVS_INVALID, "x", text, "%s", text);
            cvs_fail_value(&err, "%s", text);
            const char *const cut[] = {err.message, err.value, err.pointer};
            const size_t room[] = {sizeof err.message - 1, sizeof err.value - 1, sizeof err.pointer - 1};
            size_t size = strlen(characters[c]);
            for (size_t i = 0; i < 3; i++) ck_assert_uint_eq(strlen(cut[i]), room[i] - (room[i] - shift) % size);
        }
    }
}
END_TEST

START_TEST(prefix_needs_an_error) {
    cvs_error err = {0};
    cvs_error_prefix(&err, "/layer");
    ck_assert_str_eq(err.pointer, "");
}
END_TEST

Suite *error_suite(void) {
    Suite *suite = suite_create("error");
    TCase *core = tcase_create("core");
    tcase_add_test(core, first_error_wins);
    tcase_add_test(core, null_error_is_allowed);
    tcase_add_test(core, long_texts_are_cut);
    tcase_add_test(core, long_texts_are_cut_between_characters);
    tcase_add_test(core, prefix_needs_an_error);
    suite_add_tcase(suite, core);
    return suite;
}
