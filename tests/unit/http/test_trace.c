#include "http/trace.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *trace_suite(void);

/* ---- ids of clients ------------------------------------------------------------ */

static const struct {
    const char *value;
    bool taken;
} ids[] = {
    {"a", true},
    {"7b4d0c3e-5c0e-4c0a-9a53-0d7f3c1b2a10", true},
    {"host/42:7+x=y@z.~_", true},
    {"", false},
    {"two words", false},
    {"a\"b", false},
    {"a\\b", false},
    {"a\nb", false},
    {"a\x1b[2Jb", false},
    {"a;b", false},
    {"a,b", false},
    {"<a>", false},
    {"a\xc3\xa9", false},
};

START_TEST(ids_of_safe_characters_are_taken_over) {
    http_trace trace = {0};
    http_trace_read_id(&trace, ids[_i].value, strlen(ids[_i].value));
    ck_assert_str_eq(trace.id, ids[_i].taken ? ids[_i].value : "");
}
END_TEST

START_TEST(long_ids_are_not) {
    char id[HTTP_ID_MAX + 1];
    http_trace trace = {0};
    memset(id, 'x', sizeof id);
    http_trace_read_id(&trace, id, HTTP_ID_MAX - 1);
    ck_assert_uint_eq(strlen(trace.id), HTTP_ID_MAX - 1);
    trace = (http_trace){0};
    http_trace_read_id(&trace, id, HTTP_ID_MAX);
    ck_assert_str_eq(trace.id, "");
}
END_TEST

START_TEST(an_id_holds_no_nul) {
    http_trace trace = {0};
    http_trace_read_id(&trace, "a\0b", 3);
    ck_assert_str_eq(trace.id, "");
}
END_TEST

START_TEST(several_are_none) {
    static const char parent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    http_trace trace = {0};
    for (int i = 0; i < 3; i++) {
        http_trace_read_id(&trace, "abc", 3);
        http_trace_read_parent(&trace, parent, strlen(parent));
        ck_assert_str_eq(trace.id, i ? "" : "abc");
        ck_assert_int_eq(*trace.trace_id != '\0', i == 0);
    }
}
END_TEST

/* ---- traceparent ------------------------------------------------------------------ */

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"

static const struct {
    const char *value;
    bool taken;
} parents[] = {
    {"00-" TRACE "-00f067aa0ba902b7-01", true},
    {"00-" TRACE "-00f067aa0ba902b7-00", true},
    {"00-" TRACE "-0000000000000001-ff", true},
    {"01-" TRACE "-00f067aa0ba902b7-01", true},
    {"cc-" TRACE "-00f067aa0ba902b7-01-what-the-future-will-be-like", true},
    {"cc-" TRACE "-00f067aa0ba902b7-01.what", false},
    {"00-" TRACE "-00f067aa0ba902b7-01-more", false}, /* version 0 ends here */
    {"ff-" TRACE "-00f067aa0ba902b7-01", false},
    {"00-00000000000000000000000000000000-00f067aa0ba902b7-01", false},
    {"00-" TRACE "-0000000000000000-01", false},
    {"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false},
    {"00-" TRACE "-00f067aa0ba902b7-0", false},
    {"00-" TRACE "-00f067aa0ba902b7-0g", false},
    {"00_" TRACE "-00f067aa0ba902b7-01", false},
    {"00-" TRACE "_00f067aa0ba902b7-01", false},
    {"00-" TRACE "-00f067aa0ba902b7_01", false},
    {"0x-" TRACE "-00f067aa0ba902b7-01", false},
    {"00-" TRACE, false},
    {"", false},
};

/* At the end of a block, so that a byte read too many is found. */
START_TEST(a_well_formed_parent_names_its_trace) {
    const size_t length = strlen(parents[_i].value);
    char *value = malloc(length + (length == 0));
    http_trace trace = {0};
    memcpy(value, parents[_i].value, length);
    http_trace_read_parent(&trace, value, length);
    ck_assert_str_eq(trace.trace_id, parents[_i].taken ? TRACE : "");
    free(value);
}
END_TEST

/* ---- ids of our own ------------------------------------------------------------------ */

static int compare(const void *one, const void *other) { return strcmp(one, other); }

START_TEST(ids_differ) {
    enum { COUNT = 5000 };
    static char made[COUNT][HTTP_ID_MAX];
    http_ids ids_of_one, ids_of_another;
    char other[HTTP_ID_MAX];
    http_ids_begin(&ids_of_one);
    http_ids_begin(&ids_of_another);
    for (int i = 0; i < COUNT; i++) {
        http_ids_next(&ids_of_one, made[i]);
        ck_assert_uint_eq(strlen(made[i]), 32);
        ck_assert_uint_eq(strspn(made[i], "0123456789abcdef"), 32);
    }
    http_ids_next(&ids_of_another, other);
    ck_assert_int_ne(strncmp(made[0], other, 16), 0);
    qsort(made, COUNT, sizeof *made, compare);
    for (int i = 1; i < COUNT; i++) ck_assert_str_ne(made[i - 1], made[i]);
}
END_TEST

Suite *trace_suite(void) {
    Suite *suite = suite_create("trace");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, ids_of_safe_characters_are_taken_over, 0, sizeof ids / sizeof *ids);
    tcase_add_test(core, long_ids_are_not);
    tcase_add_test(core, an_id_holds_no_nul);
    tcase_add_test(core, several_are_none);
    tcase_add_loop_test(core, a_well_formed_parent_names_its_trace, 0, sizeof parents / sizeof *parents);
    tcase_add_test(core, ids_differ);
    suite_add_tcase(suite, core);
    return suite;
}
