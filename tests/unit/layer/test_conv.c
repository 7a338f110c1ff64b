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

/* ---- what else people ask on that page --------------------------------------- */

START_TEST(shapes_of_the_page) {
    static const struct {
        cvs_framework framework;
        int rank;
        int64_t filters, kernel[3], stride[3];
        cvs_padding_mode mode;
        int64_t input[5], output[5];
    } table[] = {
        {CVS_KERAS, 2, 8, {3, 3}, {1, 1}, CVS_PAD_VALID, {NONE, 28, 28, 1}, {NONE, 26, 26, 8}},
        {CVS_KERAS, 2, 16, {3, 3}, {1, 1}, CVS_PAD_VALID, {NONE, 26, 26, 8}, {NONE, 24, 24, 16}},
        {CVS_KERAS, 2, 40, {5, 5}, {1, 1}, CVS_PAD_VALID, {NONE, 128, 128, 3}, {NONE, 124, 124, 40}},
        {CVS_KERAS, 2, 40, {5, 5}, {1, 1}, CVS_PAD_SAME, {NONE, 128, 128, 3}, {NONE, 128, 128, 40}},
        {CVS_PYTORCH, 2, 40, {5, 5}, {1, 1}, CVS_PAD_VALID, {1, 3, 128, 128}, {1, 40, 124, 124}},
        {CVS_KERAS, 2, 1, {3, 3}, {2, 2}, CVS_PAD_SAME, {NONE, 5, 5, 1}, {NONE, 3, 3, 1}},
        {CVS_KERAS1, 2, 40, {5, 3}, {2, 1}, CVS_PAD_VALID, {NONE, 128, 128, 3}, {NONE, 62, 126, 40}},
        {CVS_KERAS1, 3, 6, {3, 3, 3}, {1, 1, 1}, CVS_PAD_VALID, {NONE, 9, 10, 11, 1}, {NONE, 7, 8, 9, 6}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        cvs_layer layer = conv(table[i].framework, table[i].rank, table[i].filters, 1);
        memcpy(layer.kernel, table[i].kernel, sizeof layer.kernel);
        memcpy(layer.stride, table[i].stride, sizeof layer.stride);
        layer.padding.mode = table[i].mode;
        size_t rank = (size_t)table[i].rank + 2;
        cvs_inference inference = infer(&layer, shape_of(table[i].input, rank), NULL);
        assert_shape(&inference.output.shape, shape_of(table[i].output, rank));
    }
}
END_TEST

START_TEST(axes_are_named_in_every_rank_and_order) {
    cvs_layer layer = conv(CVS_PYTORCH, 3, 2, 1);
    cvs_inference inference = infer(&layer, SHAPE(1, 2, 3, 4, 5), NULL);
    assert_axes(&inference.input, "batch, channels, depth, height, width");
    assert_axes(&inference.output, "batch, filters, depth, height, width");
    layer = conv(CVS_KERAS, 2, 2, 1);
    inference = infer(&layer, SHAPE(1, 2, 3, 4), NULL);
    assert_axes(&inference.input, "batch, height, width, channels");
    assert_axes(&inference.output, "batch, height, width, filters");
}
END_TEST

START_TEST(defaults) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 2);
    ck_assert_int_eq(layer.spatial_rank, 2);
    ck_assert_int_eq(layer.groups, 1);
    ck_assert(layer.use_bias);
    ck_assert_int_eq(layer.stride[0] + layer.stride[1] + layer.dilation[0] + layer.dilation[1], 4);
    ck_assert_int_eq(layer.padding.mode, CVS_PAD_VALID);
    ck_assert_int_eq(layer.activation.kind, CVS_ACT_LINEAR);
    ck_assert_int_eq(cvs_layer_validate(&layer, NULL), CVS_INVALID);
}
END_TEST

Suite *conv_suite(void) {
    Suite *suite = suite_create("conv");
    TCase *core = tcase_create("core");
    tcase_add_test(core, three_hundred_values_of_one_channel);
    tcase_add_test(core, four_hundred_steps_of_three_hundred_channels);
    tcase_add_test(core, shapes_of_the_page);
    tcase_add_test(core, axes_are_named_in_every_rank_and_order);
    tcase_add_test(core, defaults);
    suite_add_tcase(suite, core);
    return suite;
}
