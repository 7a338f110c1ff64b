#include "api/shape_input.h"

#include "json_text.h"

#include <check.h>
#include <string.h>

START_TEST(sizes_unknowns_names_and_values) {
    json_t *json = json_text("[null, -1, 0, 28, 'H', 'H', 'W=3']");
    cvs_arena arena = cvs_arena_make(0);
    cvs_error err = {0};
    shape_names names = {0};
    cvs_shape input;
    ck_assert_msg(shape_input_read(json, &arena, &names, &input, &err) == CVS_OK, "%s", err.message);
    ck_assert_int_eq(input.rank, 7);
    ck_assert_int_eq(input.dim[0], CVS_DIM_UNKNOWN);
    ck_assert_int_eq(input.dim[1], CVS_DIM_UNKNOWN);
    ck_assert_int_eq(input.dim[2], 0);
    ck_assert_int_eq(input.dim[3], 28);
    ck_assert(cvs_dim_is_symbolic(input.dim[4]));
    ck_assert_int_eq(input.dim[5], input.dim[4]);
    ck_assert(cvs_dim_is_symbolic(input.dim[6]));
    cvs_shape bound = shape_input_bound(&names, &input);
    ck_assert_int_eq(bound.dim[3], 28);
    ck_assert_int_eq(bound.dim[4], input.dim[4]);
    ck_assert_int_eq(bound.dim[6], 3);
    cvs_arena_free(&arena);
    json_decref(json);
}
END_TEST

/* Names and their values hold in all shapes of a request, more of them than fit one shape. */
START_TEST(names_are_shared) {
    json_t *first = json_text("['A=1', 'B=2', 'C=3', 'D=4', 'E=5', 'F=6', 'G=7', 'H=8']");
    json_t *second = json_text("['I=9', 'H', 'A=1', 'X']"), *third = json_text("['X', 'I=8']");
    cvs_arena arena = cvs_arena_make(0);
    cvs_error err = {0};
    shape_names names = {0};
    cvs_shape a, b, c;
    ck_assert_int_eq(shape_input_read(first, &arena, &names, &a, &err), CVS_OK);
    ck_assert_int_eq(shape_input_read(second, &arena, &names, &b, &err), CVS_OK);
    ck_assert_int_eq(a.dim[7], b.dim[1]);
    ck_assert_uint_eq(names.count, 9);
    cvs_shape bound = shape_input_bound(&names, &b);
    ck_assert_int_eq(bound.dim[0], 9);
    ck_assert_int_eq(bound.dim[1], 8);
    ck_assert_int_eq(bound.dim[3], b.dim[3]);
    ck_assert_int_eq(shape_input_read(third, &arena, &names, &c, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "name-bound-twice");
    ck_assert_str_eq(err.pointer, "/1");
    cvs_arena_free(&arena);
    json_decref(first);
    json_decref(second);
    json_decref(third);
}
END_TEST

START_TEST(what_is_no_shape_is_named) {
    static const struct {
        const char *text, *pointer, *code;
    } cases[] = {
        {"5", "", "wrong-type"},
        {"{}", "", "wrong-type"},
        {"[]", "", "wrong-rank"},
        {"[1,1,1,1,1,1,1,1,1]", "", "wrong-rank"},
        {"[1, 2.0]", "/1", "wrong-type"},
        {"[1, true]", "/1", "wrong-type"},
        {"[1, [2]]", "/1", "wrong-type"},
        {"[-2]", "/0", "size-negative"},
        {"[-9223372036854775808]", "/0", "size-negative"},
        {"['H=']", "/0", "size-not-a-number"},
        {"['H=x']", "/0", "size-not-a-number"},
        {"['H=-1']", "/0", "size-not-a-number"},
        {"['H=2147483648']", "/0", "size-not-a-number"},
        {"['H=99999999999999999999']", "/0", "size-not-a-number"},
        {"['H=1', 'H=2']", "/1", "name-bound-twice"},
        {"[1, '']", "/1", NULL},
        {"[1, '2H']", "/1", NULL},
        {"[1, 'a name']", "/1", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *json = json_text(cases[i].text);
        cvs_arena arena = cvs_arena_make(0);
        cvs_error err = {0};
        shape_names names = {0};
        cvs_shape input;
        ck_assert_msg(shape_input_read(json, &arena, &names, &input, &err) == CVS_INVALID, "%s was taken",
                      cases[i].text);
        if (cases[i].code) ck_assert_str_eq(err.code, cases[i].code);
        ck_assert_msg(strcmp(err.pointer, cases[i].pointer) == 0, "%s: %s", cases[i].text, err.pointer);
        cvs_arena_free(&arena);
        json_decref(json);
    }
}
END_TEST

Suite *shape_input_suite(void);
Suite *shape_input_suite(void) {
    Suite *suite = suite_create("api/shape_input");
    TCase *core = tcase_create("core");
    tcase_add_test(core, sizes_unknowns_names_and_values);
    tcase_add_test(core, names_are_shared);
    tcase_add_test(core, what_is_no_shape_is_named);
    suite_add_tcase(suite, core);
    return suite;
}
