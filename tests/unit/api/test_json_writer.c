#include "api/json_writer.h"

#include <check.h>
#include <float.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_written(json_writer *writer, const char *expected) {
    size_t length;
    char *text = json_writer_take(writer, &length);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(length, strlen(text));
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(commas_follow_the_structure) {
    json_writer writer = {0};
    json_begin_object(&writer);
    json_key(&writer, "empty");
    json_begin_array(&writer);
    json_end_array(&writer);
    json_key(&writer, "list");
    json_begin_array(&writer);
    json_write_int(&writer, 1);
    json_begin_object(&writer);
    json_end_object(&writer);
    json_begin_array(&writer);
    json_write_null(&writer);
    json_write_bool(&writer, true);
    json_end_array(&writer);
    json_write_string(&writer, "x");
    json_end_array(&writer);
    json_member_int(&writer, "n", INT64_MIN);
    json_member_bool(&writer, "b", false);
    json_member_null(&writer, "z");
    json_member_string(&writer, "s", NULL);
    json_end_object(&writer);
    check_written(&writer, "{\"empty\":[],\"list\":[1,{},[null,true],\"x\"],\"n\":-9223372036854775808,"
                           "\"b\":false,\"z\":null,\"s\":null}");
}
END_TEST

START_TEST(strings_are_escaped) {
    json_writer writer = {0};
    json_begin_array(&writer);
    json_write_string(&writer, "plain");
    json_write_string(&writer, "quote \" back \\ slash /");
    json_write_string(&writer, "\b\t\n\f\r\x01\x1f\x7f");
    json_write_text(&writer, "a\0b", 3);
    json_write_string(&writer, "\xe4\xb8\xad\xe6\x96\x87 \xc3\xa9 \xf0\x9f\x98\x80");
    json_write_string(&writer, "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa");
    json_end_array(&writer);
    check_written(&writer, "[\"plain\",\"quote \\\" back \\\\ slash /\",\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f\","
                           "\"a\\u0000b\",\"\xe4\xb8\xad\xe6\x96\x87 \xc3\xa9 \xf0\x9f\x98\x80\","
                           "\"\\u2028\\u2029\xe2\x80\xaa\"]");
}
END_TEST

/* Cut sequences, overlong forms, surrogates and what lies beyond U+10FFFF. */
START_TEST(bytes_that_are_not_utf8_are_replaced) {
    static const char *const texts[] = {"\xff",         "\xc3",         "a\xe4\xb8",        "\xc0\xaf",
                                        "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_writer writer = {0};
        json_begin_array(&writer);
        json_write_string(&writer, texts[i]);
        json_end_array(&writer);
        size_t length;
        char *text = json_writer_take(&writer, &length);
        ck_assert_ptr_nonnull(strstr(text, "\\ufffd"));
        json_t *read = json_loadb(text, length, 0, NULL);
        ck_assert_msg(read != NULL, "case %zu: %s", i, text);
        json_decref(read);
        free(text);
    }
}
END_TEST

/* Random bytes: always JSON, and valid UTF-8 comes back as it went in. */
START_TEST(any_bytes_give_json) {
    srand(7);
    for (int round = 0; round < 2000; round++) {
        char bytes[40];
        size_t size = (size_t)rand() % sizeof bytes;
        bool ascii = round % 2;
        for (size_t i = 0; i < size; i++) bytes[i] = (char)(ascii ? 1 + rand() % 127 : rand() % 256);
        json_writer writer = {0};
        json_begin_array(&writer);
        json_write_text(&writer, bytes, size);
        json_end_array(&writer);
        size_t length;
        char *text = json_writer_take(&writer, &length);
        json_t *read = json_loadb(text, length, JSON_ALLOW_NUL, NULL);
        ck_assert_ptr_nonnull(read);
        const json_t *string = json_array_get(read, 0);
        if (ascii) {
            ck_assert_uint_eq(json_string_length(string), size);
            ck_assert_int_eq(memcmp(json_string_value(string), bytes, size), 0);
        }
        json_decref(read);
        free(text);
    }
}
END_TEST

START_TEST(doubles_are_the_shortest_that_read_back) {
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.5, "[0.5]"},
                 {2, "[2]"},
                 {-1.5, "[-1.5]"},
                 {0.1, "[0.1]"},
                 {1.0 / 3, "[0.3333333333333333]"},
                 {1e300, "[1e+300]"},
                 {200, "[200]"},
                 {(double)123456789012345678, "[1.2345678901234568e+17]"},
                 {0.1 + 0.2, "[0.30000000000000004]"},
                 {1e-7, "[1e-07]"},
                 {NAN, "[null]"},
                 {-INFINITY, "[null]"},
                 {DBL_MAX, "[1.7976931348623157e+308]"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_writer writer = {0};
        json_begin_array(&writer);
        json_write_double(&writer, cases[i].value);
        json_end_array(&writer);
        check_written(&writer, cases[i].text);
    }
}
END_TEST

START_TEST(floats_go_in_bulk) {
    static const float values[] = {0.1F, -2, NAN, 1e-45F};
    json_writer writer = {0};
    json_begin_array(&writer);
    json_write_int(&writer, 9);
    json_write_floats(&writer, values, 0);
    json_write_floats(&writer, values, 4);
    json_write_float(&writer, 0.25F);
    json_end_array(&writer);
    check_written(&writer, "[9,0.1,-2,null,1e-45,0.25]");
}
END_TEST

Suite *json_writer_suite(void);
Suite *json_writer_suite(void) {
    Suite *suite = suite_create("api/json_writer");
    TCase *core = tcase_create("core");
    tcase_add_test(core, commas_follow_the_structure);
    tcase_add_test(core, strings_are_escaped);
    tcase_add_test(core, bytes_that_are_not_utf8_are_replaced);
    tcase_add_test(core, any_bytes_give_json);
    tcase_add_test(core, doubles_are_the_shortest_that_read_back);
    tcase_add_test(core, floats_go_in_bulk);
    suite_add_tcase(suite, core);
    return suite;
}
