#include "http/layout.h"

#include <check.h>
#include <string.h>

Suite *layout_suite(void);

/* The end of a request line and its head as libmicrohttpd leaves them: colons and ends of lines have become NULs. */
static const char intact[] = "HTTP/1.1\0\0Host\0 a\0\0X-B\0\t c d\0\0X-Empty\0\0\0\0\0";

static http_field field_at(const char *bytes, size_t name, const char *name_text, size_t value,
                           const char *value_text) {
    return (http_field){bytes + name, strlen(name_text), bytes + value, strlen(value_text)};
}

static size_t read_intact(http_field fields[3]) {
    fields[0] = field_at(intact, 10, "Host", 16, "a");
    fields[1] = field_at(intact, 19, "X-B", 25, "c d");
    fields[2] = field_at(intact, 30, "X-Empty", 38, "");
    return 3;
}

START_TEST(an_ordinary_head) {
    http_field fields[3];
    size_t count = read_intact(fields);
    ck_assert_str_eq(fields[2].name, "X-Empty");
    ck_assert(http_layout_intact(intact, fields, count));
    ck_assert(http_layout_intact("HTTP/1.1\0\0\0", NULL, 0));
}
END_TEST

START_TEST(a_field_is_missing_in_between) {
    http_field fields[3];
    read_intact(fields);
    fields[1] = fields[2];
    ck_assert(!http_layout_intact(intact, fields, 2));
    ck_assert(!http_layout_intact(intact, fields, 1));
}
END_TEST

START_TEST(a_line_that_ended_in_lf) {
    static const char bytes[] = "HTTP/1.1\0\0A\0 b\0C\0 d\0\0\0\0";
    const http_field fields[] = {field_at(bytes, 10, "A", 13, "b"), field_at(bytes, 15, "C", 18, "d")};
    ck_assert_str_eq(fields[1].value, "d");
    ck_assert(!http_layout_intact(bytes, fields, 2));
    static const char request_line[] = "HTTP/1.1\0A\0 b\0\0\0\0";
    const http_field only = field_at(request_line, 9, "A", 12, "b");
    ck_assert(!http_layout_intact(request_line, &only, 1));
}
END_TEST

START_TEST(a_value_that_held_a_nul) {
    static const char last[] = "HTTP/1.1\0\0A\0 b\0x\0\0\0\0";
    const http_field only = field_at(last, 10, "A", 13, "b");
    ck_assert(!http_layout_intact(last, &only, 1));
    static const char two[] = "HTTP/1.1\0\0A\0 b\0\0x\0\0\0\0";
    const http_field cut = field_at(two, 10, "A", 13, "b");
    ck_assert(!http_layout_intact(two, &cut, 1));
}
END_TEST

START_TEST(a_name_that_swallowed_a_folded_line) {
    static const char bytes[] = "HTTP/1.1\0\0Transfer-Encoding\0\0\0 chunked\0\0\0\0Transfer-Encodingchunked";
    const http_field folded = {bytes + 42, 24, bytes + 28, 0};
    ck_assert_str_eq(folded.name, "Transfer-Encodingchunked");
    ck_assert(!http_layout_intact(bytes, &folded, 1));
}
END_TEST

/* A request line as libmicrohttpd leaves it: blanks and its end have become NULs, and so has the '?' of a query. */
static bool line_is_intact(const char *line, size_t target, size_t target_length, size_t version) {
    return http_layout_line_intact(line, line + target, target_length, line + version);
}

START_TEST(a_request_line) {
    ck_assert(line_is_intact("GET\0/a\0HTTP/1.1\0", 4, 2, 7));
    ck_assert(line_is_intact("GET\0/a\0b=c\0HTTP/1.1\0", 4, 6, 11));
    ck_assert(line_is_intact("GET\0/b\0b\0\0HTTP/1.1\0", 4, 6, 11)); /* "/%62" was decoded */
}
END_TEST

START_TEST(a_request_line_that_held_a_nul) {
    ck_assert(!line_is_intact("GET\0/a\0x\0HTTP/1.1\0", 4, 2, 9));
    ck_assert(!line_is_intact("GET\0x\0/a\0HTTP/1.1\0", 6, 2, 9));
}
END_TEST

START_TEST(a_request_line_with_two_blanks) { ck_assert(!line_is_intact("GET\0 /a\0HTTP/1.1\0", 5, 2, 8)); }
END_TEST

START_TEST(only_the_version_that_was_looked_at) {
    ck_assert(http_layout_known("0.9.75"));
    ck_assert(http_layout_known("0.9.75-6"));
    ck_assert(!http_layout_known("0.9.76"));
    ck_assert(!http_layout_known("1.0.1"));
}
END_TEST

Suite *layout_suite(void) {
    Suite *suite = suite_create("layout");
    TCase *core = tcase_create("core");
    tcase_add_test(core, an_ordinary_head);
    tcase_add_test(core, a_field_is_missing_in_between);
    tcase_add_test(core, a_line_that_ended_in_lf);
    tcase_add_test(core, a_value_that_held_a_nul);
    tcase_add_test(core, a_name_that_swallowed_a_folded_line);
    tcase_add_test(core, a_request_line);
    tcase_add_test(core, a_request_line_that_held_a_nul);
    tcase_add_test(core, a_request_line_with_two_blanks);
    tcase_add_test(core, only_the_version_that_was_looked_at);
    suite_add_tcase(suite, core);
    return suite;
}
