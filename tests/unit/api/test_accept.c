#include "api/accept.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *accept_suite(void);

static const char *const types[] = {"application/json", "application/octet-stream", "image/png", NULL};

START_TEST(what_is_liked_best) {
    static const struct {
        const char *accept;
        int expected;
    } cases[] = {
        {NULL, 0},
        {"*/*", 0},
        {"application/json", 0},
        {"application/octet-stream", 1},
        {"Application/Octet-Stream", 1},
        {"image/*", 2},
        {"application/*", 0},
        {"application/json;q=0.5, application/octet-stream", 1},
        {"application/json ; q=0.5 ,application/octet-stream; Q=0.499", 0},
        {"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", 0},
        {"*/*;q=0.1, application/octet-stream;q=0.2", 1},
        /* The most specific range decides, wherever it stands and however small its weight. */
        {"application/json;q=0.1, application/*;q=0.5", 1},
        {"application/*;q=0.5, application/json;q=0.1, */*;q=0.3", 1},
        {"application/json;q=0, */*", 1},
        {"application/*;q=0, */*;q=0.001", 2},
        {"application/json;charset=utf-8", 0},
        {"image/png;title=\"a,b;q=0\";q=1, application/json;q=0.9", 2},
        {"image/png;title=\"a\\\",b\";q=1, application/json;q=0.9", 2},
        {"image/png;title=\"a, application/json;q=1\";q=0.5, application/octet-stream;q=0.9", 1},
        /* Nothing that is here. */
        {"text/html", -1},
        {"application/json;q=0", -1},
        {"application/json;q=0.000, image/png;q=0", -1},
        {"", -1},
        {"json", -1},
        {"application/jsonp", -1},
        {"*", -1},
        {"application/", -1},
        {"*/json", -1},
        /* What cannot be read is passed over. */
        {"application/json;q=1.1", -1},
        {"application/json;q=-1, image/png", 2},
        {"application/json;q=, image/png", 2},
        {"application/json;q=0.1234, image/png", 2},
        {"application/json;q=1e0, image/png", 2},
        {"application/json;q=nan, image/png", 2},
        {"application/json;q=.5, image/png", 2},
        {",,;q=1,,image/png,", 2},
        {"application/json;title=\"never closed, image/png", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int chosen = accept_media_type(cases[i].accept, types);
        ck_assert_msg(chosen == cases[i].expected, "%s: %d, not %d", cases[i].accept, chosen, cases[i].expected);
    }
}
END_TEST

START_TEST(nothing_beyond_the_end_is_read) {
    static const char list[] = "a;q=0.5, b;q=0.25, c;q=\"";
    static const int weights[] = {500, 250, -1};
    for (size_t length = 0; length < sizeof list; length++) {
        char *copy = strndup(list, length);
        span rest = {copy, copy + length};
        accept_element element;
        size_t found = 0;
        while (accept_next(&rest, &element)) {
            ck_assert_uint_lt(found, 3);
            ck_assert_int_eq(element.name.begin[0], "abc"[found]);
            if (length == sizeof list - 1) ck_assert_int_eq(element.weight, weights[found]);
            found++;
        }
        free(copy);
    }
}
END_TEST

Suite *accept_suite(void) {
    Suite *suite = suite_create("accept");
    TCase *core = tcase_create("core");
    tcase_add_test(core, what_is_liked_best);
    tcase_add_test(core, nothing_beyond_the_end_is_read);
    suite_add_tcase(suite, core);
    return suite;
}
