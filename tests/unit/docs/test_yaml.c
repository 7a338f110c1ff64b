#include "docs/yaml.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *yaml_suite(void);

static json_t *read_text(const char *text) {
    FILE *file = fmemopen((char *)(uintptr_t)text, strlen(text), "r");
    ck_assert_ptr_nonnull(file);
    json_t *value = yaml_read(file, "text");
    fclose(file);
    return value;
}

/* What stands for what, by the tables and examples of YAML 1.2 (chapters 7, 8 and 10.3). */
static const char *const meanings[][2] = {
    {"null", "null"},
    {"a:", "{\"a\":null}"},
    {"~", "null"},
    {"[true, False, TRUE, yes, no, on]", "[true,false,true,\"yes\",\"no\",\"on\"]"},
    {"[0, -1, +12, 007]", "[0,-1,12,7]"},
    {"[0.5, .5, 1., -2e3, 1E-2]", "[0.5,0.5,1.0,-2000.0,0.01]"},
    {"[., -, 1.2.3, 0x10, 1_000, .inf, .nan, e5, 1e999, 12:30]",
     "[\".\",\"-\",\"1.2.3\",\"0x10\",\"1_000\",\".inf\",\".nan\",\"e5\",\"1e999\",\"12:30\"]"},
    {"12345678901234567890", "1.2345678901234567e19"},
    {"['1', \"true\", 'it''s', \"a\\tb\\u00e9\"]", "[\"1\",\"true\",\"it's\",\"a\\tb\xc3\xa9\"]"},
    {"a: |\n  one\n  two\n", "{\"a\":\"one\\ntwo\\n\"}"},
    {"a: >-\n  one\n  two\n\n  three\n", "{\"a\":\"one two\\nthree\"}"},
    {"- {b: 1, a: [2]}\n- - 3\n", "[{\"b\":1,\"a\":[2]},[3]]"},
    {"a: &x {b: 1}\nc: [*x, *x]\n", "{\"a\":{\"b\":1},\"c\":[{\"b\":1},{\"b\":1}]}"},
    {"# a comment\na: 1 # another\n", "{\"a\":1}"},
    {"\"404\": x\n200: y\n", "{\"404\":\"x\",\"200\":\"y\"}"},
};

START_TEST(what_it_means) {
    json_t *value = read_text(meanings[_i][0]);
    ck_assert_ptr_nonnull(value);
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    ck_assert_str_eq(text, meanings[_i][1]);
    free(text);
    json_decref(value);
}
END_TEST

static const char *const refused[] = {
    "",           "a: 1\na: 2", "{a: 1, \"a\": 2}", "[a]: 1",     "a: !!int 5", "a: !mine 5", "a: [1",
    "a: *nobody", "a: &x [*x]", "a: &x {b: *x}",    "a: \"\\x\"", "a: \xff",    "\ta: 1",
};

START_TEST(what_is_no_json) { ck_assert_ptr_null(read_text(refused[_i])); }
END_TEST

Suite *yaml_suite(void) {
    Suite *suite = suite_create("yaml");
    TCase *tcase = tcase_create("core");
    tcase_add_loop_test(tcase, what_it_means, 0, sizeof meanings / sizeof *meanings);
    tcase_add_loop_test(tcase, what_is_no_json, 0, sizeof refused / sizeof *refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
