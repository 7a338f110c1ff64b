#include <convscope/explain.h>

#include <check.h>

Suite *language_suite(void);

START_TEST(tags_of_every_spelling) {
    const struct {
        const char *tag;
        cvs_language language;
    } cases[] = {{"en", CVS_ENGLISH},         {"en-GB", CVS_ENGLISH},      {"EN_us", CVS_ENGLISH},
                 {"zh", CVS_CHINESE},         {"zh-CN", CVS_CHINESE},      {"zh_Hans", CVS_CHINESE},
                 {"ZH-hans-CN", CVS_CHINESE}, {"zh_CN.UTF-8", CVS_CHINESE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cvs_language language = CVS_LANGUAGE_COUNT;
        ck_assert_msg(cvs_language_from_tag(cases[i].tag, &language), "%s", cases[i].tag);
        ck_assert_int_eq(language, cases[i].language);
    }
}
END_TEST

START_TEST(other_languages_are_refused) {
    const char *const tags[] = {"", "e", "eng", "fr", "-en", "zhx", "z", "*"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        cvs_language language;
        ck_assert_msg(!cvs_language_from_tag(tags[i], &language), "%s", tags[i]);
    }
}
END_TEST

START_TEST(tags_come_back) {
    for (int i = 0; i < CVS_LANGUAGE_COUNT; i++) {
        cvs_language language;
        ck_assert(cvs_language_from_tag(cvs_language_tag((cvs_language)i), &language));
        ck_assert_int_eq(language, i);
    }
}
END_TEST

Suite *language_suite(void) {
    Suite *suite = suite_create("language");
    TCase *core = tcase_create("core");
    tcase_add_test(core, tags_of_every_spelling);
    tcase_add_test(core, other_languages_are_refused);
    tcase_add_test(core, tags_come_back);
    suite_add_tcase(suite, core);
    return suite;
}
