/* Lines and columns of what JSON pointers point at. */
#include "api/review/source.h"

#include <check.h>
#include <string.h>

Suite *source_suite(void);

/* The region of `pointer`, found beside others. */
static source_region find(const char *text, const char *pointer) {
    source_mark marks[] = {{.pointer = pointer}, {.pointer = ""}, {.pointer = "/none"}};
    source_find(text, strlen(text), marks, 3);
    ck_assert_int_eq(source_mark_of(marks, 3, "/none")->region.line, 0);
    ck_assert_int_eq(source_mark_of(marks, 3, "")->region.line, 1);
    return source_mark_of(marks, 3, pointer)->region;
}

static void check_found(const char *text, const char *pointer, const char *value, int line, int column) {
    const source_region region = find(text, pointer);
    ck_assert_int_eq(region.line, line);
    ck_assert_int_eq(region.column, column);
    ck_assert_uint_eq(region.end_offset - region.offset, strlen(value));
    ck_assert_mem_eq(text + region.offset, value, strlen(value));
}

START_TEST(values_of_every_kind) {
    static const char text[] = "{\"a\": [1, -2.5e3 , {\"b\": null}],\n  \"c\" : \"x\\\"]\", \"d\":true}";
    check_found(text, "/a", "[1, -2.5e3 , {\"b\": null}]", 1, 7);
    check_found(text, "/a/0", "1", 1, 8);
    check_found(text, "/a/1", "-2.5e3", 1, 11);
    check_found(text, "/a/2/b", "null", 1, 26);
    check_found(text, "/c", "\"x\\\"]\"", 2, 9);
    check_found(text, "/d", "true", 2, 21);
}
END_TEST

START_TEST(ends) {
    const source_region region = find("{\"a\":\n[\n1\n]\n}", "/a");
    ck_assert_int_eq(region.line, 2);
    ck_assert_int_eq(region.column, 1);
    ck_assert_int_eq(region.end_line, 4);
    ck_assert_int_eq(region.end_column, 2);
}
END_TEST

START_TEST(columns_are_characters) {
    check_found("{\"\xC3\xA4\xE2\x82\xAC\": 1, \"b\": 2}", "/b", "2", 1, 16);
    check_found("[\"\xF0\x9F\x98\x80\", 7]", "/1", "7", 1, 7);
}
END_TEST

START_TEST(keys_with_a_slash_and_a_tilde) { check_found("{\"a/b\": {\"~\": 5}}", "/a~1b/~0", "5", 1, 15); }
END_TEST

START_TEST(a_number_is_no_beginning_of_another) {
    check_found("[0,1,2,3,4,5,6,7,8,9,10,11]", "/1", "1", 1, 4);
    check_found("[0,1,2,3,4,5,6,7,8,9,10,11]", "/11", "11", 1, 25);
    ck_assert_int_eq(find("[0]", "/00").line, 0);
    ck_assert_int_eq(find("[0]", "/0/a").line, 0);
}
END_TEST

/* The same pointer several times, out of order. */
START_TEST(many_at_once) {
    source_mark marks[] = {{.pointer = "/b"}, {.pointer = "/a/0"}, {.pointer = "/b"}, {.pointer = "/a"}};
    static const char text[] = "{\"a\": [1],\n\"b\": 2}";
    source_find(text, strlen(text), marks, 4);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(marks[i].region.line, marks[i].pointer[1] == 'b' ? 2 : 1);
        ck_assert(i == 0 || strcmp(marks[i - 1].pointer, marks[i].pointer) <= 0);
    }
}
END_TEST

START_TEST(deep_and_long_ones_are_passed_over) {
    char text[2048] = "", pointer[1024] = "";
    for (int i = 0; i < 100; i++) {
        strcat(text, "[");
        strcat(pointer, "/0");
    }
    for (int i = 0; i < 100; i++) strcat(text, "]");
    ck_assert_int_eq(find(text, pointer).line, 0);
    memset(text, 'k', sizeof text - 1);
    memcpy(text, "{\"", 2);
    memcpy(text + 1500, "\": 1, \"z\": 2}", sizeof "\": 1, \"z\": 2}");
    check_found(text, "/z", "2", 1, 1512);
}
END_TEST

Suite *source_suite(void) {
    Suite *suite = suite_create("source");
    TCase *core = tcase_create("core");
    tcase_add_test(core, values_of_every_kind);
    tcase_add_test(core, ends);
    tcase_add_test(core, columns_are_characters);
    tcase_add_test(core, keys_with_a_slash_and_a_tilde);
    tcase_add_test(core, a_number_is_no_beginning_of_another);
    tcase_add_test(core, many_at_once);
    tcase_add_test(core, deep_and_long_ones_are_passed_over);
    suite_add_tcase(suite, core);
    return suite;
}
