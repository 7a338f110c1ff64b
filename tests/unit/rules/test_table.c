#include <convscope/rules.h>

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *table_suite(void);

START_TEST(ids_count_up) {
    size_t count = 0;
    const cvs_rule *rules = cvs_rules(&count);
    ck_assert_uint_eq(count, 58);
    for (size_t i = 0; i < count; i++) {
        char id[32];
        snprintf(id, sizeof id, "CV%03zu", i + 1);
        ck_assert_str_eq(rules[i].id, id);
        ck_assert(*rules[i].condition && *rules[i].source);
    }
}
END_TEST

START_TEST(found_by_id_and_by_name) {
    size_t count = 0;
    const cvs_rule *rules = cvs_rules(&count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_ptr_eq(cvs_rule_find(rules[i].id), &rules[i]);
        ck_assert_ptr_eq(cvs_rule_find(rules[i].name), &rules[i]);
    }
    ck_assert_ptr_null(cvs_rule_find("CV059"));
    ck_assert_ptr_null(cvs_rule_find(""));
    ck_assert_ptr_null(cvs_rule_find("cv001"));
}
END_TEST

START_TEST(names_are_kebab_case) {
    size_t count = 0;
    const cvs_rule *rules = cvs_rules(&count);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(strspn(rules[i].name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(rules[i].name));
}
END_TEST

START_TEST(matters_of_taste_are_off) {
    size_t count = 0, off = 0;
    const cvs_rule *rules = cvs_rules(&count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(rules[i].on_by_default, rules[i].precision != CVS_LOW);
        off += !rules[i].on_by_default;
    }
    ck_assert_uint_eq(off, 6);
}
END_TEST

START_TEST(scopes) {
    static const char *const layer_rules[] = {"CV001", "CV002", "CV003", "CV004", "CV005", "CV006", "CV007",
                                              "CV008", "CV009", "CV010", "CV011", "CV012", "CV013", "CV014",
                                              "CV015", "CV016", "CV017", "CV023", "CV024", "CV025", "CV030",
                                              "CV031", "CV044", "CV050", "CV051", "CV052", "CV056"};
    size_t count = 0, found = 0, listed = sizeof layer_rules / sizeof *layer_rules;
    const cvs_rule *rules = cvs_rules(&count);
    for (size_t i = 0; i < listed; i++) ck_assert_int_eq(cvs_rule_find(layer_rules[i])->scope, CVS_SCOPE_LAYER);
    for (size_t i = 0; i < count; i++) found += rules[i].scope == CVS_SCOPE_LAYER;
    ck_assert_uint_eq(found, listed);
}
END_TEST

START_TEST(every_rule_speaks_both_languages) {
    size_t count = 0;
    const cvs_rule *rules = cvs_rules(&count);
    for (size_t i = 0; i < count; i++) {
        const char *en = cvs_rule_title(&rules[i], CVS_ENGLISH), *zh = cvs_rule_title(&rules[i], CVS_CHINESE);
        const char *help = cvs_rule_help(&rules[i], CVS_ENGLISH), *zh_help = cvs_rule_help(&rules[i], CVS_CHINESE);
        ck_assert_msg(strlen(en) > 20 && strlen(zh) > 12, "%s", rules[i].id);
        ck_assert_msg(strlen(help) > 10 && strlen(zh_help) > 12, "%s", rules[i].id);
        ck_assert_msg(strcmp(en, zh) && strcmp(help, zh_help), "%s", rules[i].id);
        ck_assert_msg(!strpbrk(en, "{}") && !strpbrk(zh, "{}") && !strpbrk(help, "{}") && !strpbrk(zh_help, "{}"), "%s",
                      rules[i].id);
    }
}
END_TEST

START_TEST(names_of_values) {
    ck_assert_str_eq(cvs_level_name(CVS_NOTE), "note");
    ck_assert_str_eq(cvs_level_name(CVS_WARNING), "warning");
    ck_assert_str_eq(cvs_level_name(CVS_ERROR), "error");
    ck_assert_str_eq(cvs_precision_name(CVS_VERY_HIGH), "very-high");
    ck_assert_str_eq(cvs_precision_name(CVS_LOW), "low");
    ck_assert_str_eq(cvs_scope_name(CVS_SCOPE_LAYER), "layer");
    ck_assert_str_eq(cvs_scope_name(CVS_SCOPE_MODEL), "model");
}
END_TEST

Suite *table_suite(void) {
    Suite *suite = suite_create("table");
    TCase *core = tcase_create("core");
    tcase_add_test(core, ids_count_up);
    tcase_add_test(core, found_by_id_and_by_name);
    tcase_add_test(core, names_are_kebab_case);
    tcase_add_test(core, matters_of_taste_are_off);
    tcase_add_test(core, scopes);
    tcase_add_test(core, every_rule_speaks_both_languages);
    tcase_add_test(core, names_of_values);
    suite_add_tcase(suite, core);
    return suite;
}
