#include "support.h"

Suite *pytorch_suite(void);

START_TEST(positional_arguments_in_their_true_order) {
    cvs_layer layer = read_layer("nn.Conv2d(4, 8, (3, 5), 2, (1, 2), 3, 2, False, 'reflect', None, torch.float32)");
    ck_assert_int_eq(layer.framework, CVS_PYTORCH);
    ck_assert_int_eq(layer.in_channels, 4);
    ck_assert_int_eq(layer.filters, 8);
    check_ints(layer.kernel, 3, 5, 0);
    check_ints(layer.stride, 2, 2, 1);
    ck_assert_int_eq(layer.padding.mode, CVS_PAD_EXPLICIT);
    check_ints(layer.padding.before, 1, 2, 0);
    check_ints(layer.padding.after, 1, 2, 0);
    check_ints(layer.dilation, 3, 3, 1);
    ck_assert_int_eq(layer.groups, 2);
    ck_assert(!layer.use_bias);
    ck_assert_int_eq(layer.padding.fill, CVS_FILL_REFLECT);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_FIRST);
}
END_TEST

START_TEST(printed_modules) {
    cvs_layer layer =
        read_layer("(conv1): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)");
    check_ints(layer.kernel, 7, 7, 0);
    check_ints(layer.padding.before, 3, 3, 0);
    ck_assert(!layer.use_bias);
    layer = read_layer("Conv1d(2, 3, kernel_size=(3,), stride=(1,), padding=same, padding_mode=circular)");
    ck_assert_int_eq(layer.padding.mode, CVS_PAD_SAME);
    ck_assert_int_eq(layer.padding.fill, CVS_FILL_CIRCULAR);
}
END_TEST

START_TEST(padding_words) {
    ck_assert_int_eq(read_layer("nn.Conv2d(1, 1, 3, padding='valid')").padding.mode, CVS_PAD_VALID);
    ck_assert_int_eq(read_layer("nn.Conv2d(1, 1, 3, padding=0)").padding.mode, CVS_PAD_VALID);
    ck_assert_int_eq(read_layer("nn.Conv2d(1, 1, 3, padding=(0, 1))").padding.mode, CVS_PAD_EXPLICIT);
    ck_assert_str_eq(read_error("nn.Conv2d(1, 1, 3, padding='causal')").expected, "same, valid");
    ck_assert_str_eq(read_error("nn.Conv2d(1, 1, 3, padding=(1, 1, 1))").code, "wrong-length");
}
END_TEST

START_TEST(lazy_modules) {
    cvs_layer code = read_layer("nn.LazyConv2d(8, 3)");
    cvs_layer printed = read_layer("LazyConv2d(0, 8, kernel_size=(3, 3), stride=(1, 1))");
    cvs_layer positional = read_layer("nn.LazyConv2d(8, (3, 5), 2, (1, 2), 3, 2, False, 'reflect')");
    check_ints(positional.dilation, 3, 3, 1);
    ck_assert_int_eq(positional.groups, 2);
    ck_assert_int_eq(positional.padding.fill, CVS_FILL_REFLECT);
    ck_assert_int_eq(code.filters, 8);
    ck_assert_int_eq(code.in_channels, 0);
    ck_assert_int_eq(printed.filters, 8);
    ck_assert_int_eq(printed.in_channels, 0);
    check_ints(printed.kernel, 3, 3, 0);
}
END_TEST

START_TEST(booleans_may_be_0_and_1_in_python) {
    ck_assert(!read_layer("nn.Conv2d(1, 1, 3, bias=0)").use_bias);
    ck_assert(read_layer("nn.Conv2d(1, 1, 3, bias=1)").use_bias);
    ck_assert_str_eq(read_error("nn.Conv2d(1, 1, 3, bias=2)").code, "wrong-type");
}
END_TEST

START_TEST(corners_of_upsamplings) {
    ck_assert(read_layer("nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)").align_corners);
    ck_assert(!read_layer("nn.Upsample(scale_factor=2, mode='bilinear', align_corners=False)").align_corners);
    ck_assert(!read_layer("nn.Upsample(None, 2, 'nearest', None)").align_corners);
    cvs_layer bilinear = read_layer("UpsamplingBilinear2d(scale_factor=2.0, mode=bilinear)");
    ck_assert(bilinear.align_corners);
    ck_assert_int_eq(bilinear.interpolation, CVS_INTERPOLATION_LINEAR);
    ck_assert_str_eq(read_error("nn.Upsample(scale_factor=2, align_corners=False)").code, "corners-of-nearest");
}
END_TEST

/* adaptive_avg_pool2d(None) is a TypeError there, and so is (None,) of one axis. */
START_TEST(adaptive_pools_need_a_size) {
    ck_assert_int_eq(read_layer("nn.AdaptiveAvgPool2d((None, None))").output_size[1], CVS_DIM_UNKNOWN);
    ck_assert_str_eq(read_error("nn.AdaptiveAvgPool2d(None)").expected, "a list with a size or none for each axis");
    ck_assert_str_eq(read_error("nn.AdaptiveMaxPool1d(None)").expected, "an integer");
    ck_assert_str_eq(read_error("nn.AdaptiveMaxPool1d((None,))").code, "size-missing");
}
END_TEST

START_TEST(negative_pads_cut_off_and_fill_nothing) {
    cvs_layer layer = read_layer("nn.ReflectionPad1d(-1)");
    ck_assert_int_eq(layer.op, CVS_OP_CROP);
    ck_assert_int_eq(layer.padding.fill, CVS_FILL_ZEROS);
}
END_TEST

Suite *pytorch_suite(void) {
    Suite *suite = suite_create("pytorch");
    TCase *core = tcase_create("core");
    tcase_add_test(core, positional_arguments_in_their_true_order);
    tcase_add_test(core, printed_modules);
    tcase_add_test(core, padding_words);
    tcase_add_test(core, lazy_modules);
    tcase_add_test(core, booleans_may_be_0_and_1_in_python);
    tcase_add_test(core, corners_of_upsamplings);
    tcase_add_test(core, adaptive_pools_need_a_size);
    tcase_add_test(core, negative_pads_cut_off_and_fill_nothing);
    suite_add_tcase(suite, core);
    return suite;
}
