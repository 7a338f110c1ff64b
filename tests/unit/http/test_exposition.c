#include "http/exposition.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *exposition_suite(void);

static void assert_text(exposition *out, const char *expected) {
    ck_assert(!out->text.failed);
    ck_assert_str_eq(out->text.data, expected);
    cvs_text_free(&out->text);
}

START_TEST(counters_and_gauges) {
    exposition out = {0};
    exposition_counter(&out, "a_things", "What they are.", 18446744073709551615u);
    exposition_gauge(&out, "b_ratio", "How far.", 0.5);
    exposition_end(&out);
    assert_text(&out, "# HELP a_things_total What they are.\n# TYPE a_things_total counter\n"
                      "a_things_total 18446744073709551615\n"
                      "# HELP b_ratio How far.\n# TYPE b_ratio gauge\nb_ratio 0.5\n");
}
END_TEST

START_TEST(openmetrics_names_families_without_the_suffix) {
    exposition out = {.openmetrics = true};
    exposition_counter(&out, "a_things", "What they are.", 7);
    exposition_end(&out);
    assert_text(&out, "# HELP a_things What they are.\n# TYPE a_things counter\na_things_total 7\n# EOF\n");
}
END_TEST

START_TEST(labels_are_escaped) {
    exposition out = {0};
    exposition_family(&out, "a", EXPOSITION_GAUGE, "Help.");
    exposition_begin(&out, "");
    exposition_label(&out, "x", "a\"b\\c\nd");
    exposition_label(&out, "y", "");
    exposition_count(&out, 1);
    assert_text(&out, "# HELP a Help.\n# TYPE a gauge\na{x=\"a\\\"b\\\\c\\nd\",y=\"\"} 1\n");
}
END_TEST

START_TEST(large_numbers_keep_their_digits) {
    exposition out = {0};
    exposition_gauge(&out, "a", "Help.", 1795653638.0);
    exposition_gauge(&out, "b", "Help.", 439050240000.0);
    ck_assert_ptr_nonnull(strstr(out.text.data, "\na 1795653638\n"));
    ck_assert_ptr_nonnull(strstr(out.text.data, "\nb 439050240000\n"));
    cvs_text_free(&out.text);
}
END_TEST

START_TEST(buckets_are_added_up) {
    static const exposition_pair labels[] = {{"route", "/x"}, {NULL, NULL}};
    http_histogram_counts counts = {.count = 6, .sum_us = 61000042};
    exposition out = {0};
    char line[128];
    counts.bucket[0] = 1;
    counts.bucket[2] = 3;
    counts.bucket[HTTP_BUCKETS - 1] = 2;
    exposition_family(&out, "t_seconds", EXPOSITION_HISTOGRAM, "Time.");
    exposition_histogram(&out, labels, &counts);
    for (int i = 0; i < HTTP_BOUNDS; i++) {
        snprintf(line, sizeof line, "\nt_seconds_bucket{route=\"/x\",le=\"%s\"} %d\n", http_bounds[i].seconds,
                 i < 2 ? 1 : 4);
        ck_assert_msg(strstr(out.text.data, line), "%s", line);
    }
    ck_assert_ptr_nonnull(strstr(out.text.data, "\nt_seconds_bucket{route=\"/x\",le=\"+Inf\"} 6\n"
                                                "t_seconds_sum{route=\"/x\"} 61.000042\n"
                                                "t_seconds_count{route=\"/x\"} 6\n"));
    cvs_text_free(&out.text);
}
END_TEST

Suite *exposition_suite(void) {
    Suite *suite = suite_create("exposition");
    TCase *core = tcase_create("core");
    tcase_add_test(core, counters_and_gauges);
    tcase_add_test(core, openmetrics_names_families_without_the_suffix);
    tcase_add_test(core, labels_are_escaped);
    tcase_add_test(core, large_numbers_keep_their_digits);
    tcase_add_test(core, buckets_are_added_up);
    suite_add_tcase(suite, core);
    return suite;
}
