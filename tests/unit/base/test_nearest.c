#include <convscope/base.h>

#include <check.h>

static const char *const members[] = {"layer", "framework", "input_shape", "weights_shapes", "language", "cell", NULL};

START_TEST(slips_are_recognised) {
    static const char *const slips[][2] = {
        {"layre", "layer"},
        {"Layer", "layer"},
        {"frame_work", "framework"},
        {"inputshape", "input_shape"},
        {"input_shap", "input_shape"},
        {"weight_shapes", "weights_shapes"},
        {"cel", "cell"},
    };
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        ck_assert_pstr_eq(cvs_nearest_name(slips[i][0], members), slips[i][1]);
    }
}
END_TEST

START_TEST(strangers_have_no_nearest) {
    static const char *const strangers[] = {
        "", "x", "stride", "lang", "qwertyuiop", "an_extraordinarily_long_member_name_that_nobody_has"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        ck_assert_pstr_eq(cvs_nearest_name(strangers[i], members), NULL);
    }
    static const char *const nothing[] = {NULL};
    ck_assert_ptr_null(cvs_nearest_name("layer", nothing));
}
END_TEST

START_TEST(the_nearest_of_several_wins) {
    static const char *const close[] = {"padding", "paddings", "pads", NULL};
    ck_assert_str_eq(cvs_nearest_name("paddnig", close), "padding");
    ck_assert_str_eq(cvs_nearest_name("paddingss", close), "paddings");
    ck_assert_str_eq(cvs_nearest_name("pad", close), "pads");
}
END_TEST

Suite *nearest_suite(void);
Suite *nearest_suite(void) {
    Suite *suite = suite_create("base/nearest");
    TCase *core = tcase_create("core");
    tcase_add_test(core, slips_are_recognised);
    tcase_add_test(core, strangers_have_no_nearest);
    tcase_add_test(core, the_nearest_of_several_wins);
    suite_add_tcase(suite, core);
    return suite;
}
