#include "api/api.h"

#include <check.h>

Suite *language_suite(void);

static cvs_language language_of(const char *accept) {
    const api_request request = {.accept_language = accept};
    return api_language(&request);
}

START_TEST(the_best_liked_of_those_spoken) {
    ck_assert_int_eq(language_of("zh"), CVS_CHINESE);
    ck_assert_int_eq(language_of("zh-CN,zh;q=0.9,en;q=0.8"), CVS_CHINESE);
    ck_assert_int_eq(language_of("en;q=0.5 , zh-Hans ; q=0.7"), CVS_CHINESE);
    ck_assert_int_eq(language_of("fr, de;q=0.9, zh;q=0.1"), CVS_CHINESE);
    ck_assert_int_eq(language_of("en-US,zh;q=0.9"), CVS_ENGLISH);
    ck_assert_int_eq(language_of("zh;q=0"), CVS_ENGLISH);
}
END_TEST

START_TEST(english_when_nothing_helps) {
    ck_assert_int_eq(language_of(NULL), CVS_ENGLISH);
    ck_assert_int_eq(language_of(""), CVS_ENGLISH);
    ck_assert_int_eq(language_of("fr"), CVS_ENGLISH);
    ck_assert_int_eq(language_of(",,;q=,;;,"), CVS_ENGLISH);
    ck_assert_int_eq(language_of("a-tag-that-is-much-longer-than-any-tag-of-a-language-ever-was;q=1"), CVS_ENGLISH);
}
END_TEST

Suite *language_suite(void) {
    Suite *suite = suite_create("language");
    TCase *core = tcase_create("core");
    tcase_add_test(core, the_best_liked_of_those_spoken);
    tcase_add_test(core, english_when_nothing_helps);
    suite_add_tcase(suite, core);
    return suite;
}
