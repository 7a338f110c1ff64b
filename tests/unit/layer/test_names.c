#include "layers.h"

Suite *names_suite(void);

START_TEST(every_name_reads_back) {
    for (int i = 0; i < CVS_FRAMEWORK_COUNT; i++) {
        cvs_framework framework = CVS_FRAMEWORK_COUNT;
        ck_assert(cvs_framework_from_name(cvs_framework_name((cvs_framework)i), &framework));
        ck_assert_int_eq((int)framework, i);
    }
    for (int i = CVS_PAD_VALID; i <= CVS_PAD_EXPLICIT; i++) {
        cvs_padding_mode mode = CVS_PAD_EXPLICIT;
        ck_assert(cvs_padding_mode_from_name(cvs_padding_mode_name((cvs_padding_mode)i), &mode));
        ck_assert_int_eq((int)mode, i);
    }
    for (int i = 0; i < CVS_ACT_COUNT; i++) {
        cvs_activation_kind kind = CVS_ACT_COUNT;
        ck_assert(cvs_activation_from_name(cvs_activation_name((cvs_activation_kind)i), &kind));
        ck_assert_int_eq((int)kind, i);
    }
    for (int i = 0; i < CVS_OP_COUNT; i++) {
        cvs_op op = CVS_OP_COUNT;
        ck_assert(cvs_op_from_name(cvs_op_name((cvs_op)i), &op));
        ck_assert_int_eq((int)op, i);
    }
}
END_TEST

START_TEST(names_of_the_wire) {
    ck_assert_str_eq(cvs_framework_name(CVS_KERAS1), "keras1");
    ck_assert_str_eq(cvs_op_name(CVS_OP_CONV), "conv");
    ck_assert_str_eq(cvs_op_name(CVS_OP_GLOBAL_AVERAGE_POOL), "global_average_pool");
    ck_assert_str_eq(cvs_interpolation_name(CVS_INTERPOLATION_LINEAR), "linear");
    ck_assert_str_eq(cvs_data_format_name(CVS_CHANNELS_FIRST), "channels_first");
    ck_assert_str_eq(cvs_padding_mode_name(CVS_PAD_SAME_LOWER), "same_lower");
    ck_assert_str_eq(cvs_fill_name(CVS_FILL_CIRCULAR), "circular");
    ck_assert_str_eq(cvs_activation_name(CVS_ACT_GELU_TANH), "gelu_tanh");
    ck_assert_str_eq(cvs_axis_name(CVS_AXIS_IN_CHANNELS_PER_GROUP), "in_channels_per_group");
    for (int i = 0; i < CVS_AXIS_COUNT; i++) ck_assert_ptr_nonnull(cvs_axis_name((cvs_axis)i));
}
END_TEST

START_TEST(strangers_are_no_names) {
    cvs_framework framework = CVS_ONNX;
    cvs_padding_mode mode;
    cvs_activation_kind kind;
    cvs_op op;
    ck_assert(!cvs_framework_from_name("Keras", &framework));
    ck_assert(!cvs_framework_from_name("", &framework));
    ck_assert(!cvs_framework_from_name(NULL, &framework));
    ck_assert_int_eq(framework, CVS_ONNX);
    ck_assert(!cvs_padding_mode_from_name("SAME", &mode));
    ck_assert(!cvs_activation_from_name("relu7", &kind));
    ck_assert(!cvs_op_from_name("convolution", &op));
    ck_assert_str_eq(cvs_framework_name((cvs_framework)99), "?");
    ck_assert_str_eq(cvs_op_name((cvs_op)-1), "?");
}
END_TEST

Suite *names_suite(void) {
    Suite *suite = suite_create("names");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, every_name_reads_back);
    tcase_add_test(core, names_of_the_wire);
    tcase_add_test(limits, strangers_are_no_names);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
