#include "http/pattern.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *pattern_suite(void);

#define MODEL "/v2/models/{model}[/versions/{version}]"
#define LONG  "0123456789012345678901234567890123456789012345678901234567890123" /* one too many */

static const struct {
    const char *pattern, *path;
    bool fits;
    const char *values[API_PATH_VALUES];
} cases[] = {
    {"/v1/shape", "/v1/shape", true, {"", ""}},
    {"/v1/shape", "/v1/shape/", false, {0}},
    {"/v1/shape", "/v1/shap", false, {0}},
    {"/v1/shape", "", false, {0}},
    {"/v2[/]", "/v2", true, {"", ""}},
    {"/v2[/]", "/v2/", true, {"", ""}},
    {"/v2[/]", "/v2//", false, {0}},
    {"/v2[/]", "/v2[/]", false, {0}},
    {MODEL, "/v2/models/convolve", true, {"convolve", ""}},
    {MODEL, "/v2/models/convolve/versions/1", true, {"convolve", "1"}},
    {MODEL, "/v2/models/a/versions/b/", false, {0}},
    {MODEL "[/]", "/v2/models/a/versions/b/", true, {"a", "b"}},
    {MODEL "[/]", "/v2/models/a/", true, {"a", ""}},
    {MODEL, "/v2/models/", false, {0}},
    {MODEL, "/v2/models//versions/1", false, {0}},
    {MODEL, "/v2/models/a/versions/", false, {0}},
    {MODEL, "/v2/models/a/versions", false, {0}},
    {MODEL, "/v2/models/versions/versions/versions", true, {"versions", "versions"}},
    {MODEL "/infer[/]", "/v2/models/a/infer", true, {"a", ""}},
    {MODEL "/infer[/]", "/v2/models/a/versions/1/infer/", true, {"a", "1"}},
    {MODEL "/infer[/]", "/v2/models/a/versions/infer", false, {0}},
    {MODEL "/infer[/]", "/v2/models/infer", false, {0}},
    {MODEL, "/v2/models/" LONG, false, {0}},
    {MODEL, "/v2/models/a/versions/" LONG, false, {0}},
    {"/m[/v/{a}/x]/v/q", "/m/v/q", true, {"", ""}}, /* what a group left out had taken is forgotten */
    {"/m[/v/{a}/x]/v/q", "/m/v/q/x/v/q", true, {"q", ""}},
    {"/{a}.{b}", "/x.y", false, {0}}, /* a value reaches to the end of its segment */
};

START_TEST(paths_fit_or_do_not) {
    http_values values;
    memset(&values, 'x', sizeof values);
    ck_assert_int_eq(http_pattern_fits(cases[_i].pattern, cases[_i].path, &values), cases[_i].fits);
    for (int i = 0; i < API_PATH_VALUES; i++) {
        if (cases[_i].fits)
            ck_assert_str_eq(values.value[i], cases[_i].values[i]);
        else
            ck_assert_int_eq(values.value[i][0], 'x');
    }
}
END_TEST

START_TEST(the_longest_value_fits) {
    http_values values;
    char path[128];
    snprintf(path, sizeof path, "/v2/models/%s", &LONG[1]);
    ck_assert(http_pattern_fits(MODEL, path, &values));
    ck_assert_str_eq(values.value[0], &LONG[1]);
}
END_TEST

Suite *pattern_suite(void) {
    Suite *suite = suite_create("pattern");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, paths_fit_or_do_not, 0, sizeof cases / sizeof *cases);
    tcase_add_test(core, the_longest_value_fits);
    suite_add_tcase(suite, core);
    return suite;
}
