#include "layers.h"

Suite *conv_suite(void);

/* ---- the founding question ------------------------------------------------- */

START_TEST(three_hundred_values_of_one_channel) {
    cvs_layer layer = conv(CVS_KERAS1, 1, 111, 5);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 300, 1), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, 296, 111));
    assert_axes(&inference.input, "batch, length, channels");
    assert_axes(&inference.output, "batch, length, filters");
    ck_assert_int_eq(inference.layer.in_channels, 1);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &weights, NULL), CVS_OK);
    assert_shape(&weights.weight[0].tensor.shape, SHAPE(5, 1, 1, 111));
    ck_assert_int_eq(weights.parameters, 666);
}
END_TEST

START_TEST(four_hundred_steps_of_three_hundred_channels) {
    cvs_layer layer = conv(CVS_KERAS1, 1, 111, 5);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 400, 300), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, 396, 111));
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &weights, NULL), CVS_OK);
    ck_assert_int_eq(weights.count, 2);
    assert_shape(&weights.weight[0].tensor.shape, SHAPE(5, 1, 300, 111));
    assert_axes(&weights.weight[0].tensor, "kernel_length, unit, in_channels, filters");
    assert_shape(&weights.weight[1].tensor.shape, SHAPE(111));
    assert_axes(&weights.weight[1].tensor, "filters");
    ck_assert_int_eq(weights.parameters, 166611);
}
END_TEST

Suite *conv_suite(void) {
    Suite *suite = suite_create("conv");
    TCase *core = tcase_create("core");
    tcase_add_test(core, three_hundred_values_of_one_channel);
    tcase_add_test(core, four_hundred_steps_of_three_hundred_channels);
    suite_add_tcase(suite, core);
    return suite;
}
