#include "layers.h"

Suite *validate_suite(void);

static cvs_error invalid(const cvs_layer *layer, const char *code, const char *pointer) {
    cvs_error err = {0};
    ck_assert_int_eq(cvs_layer_validate(layer, &err), CVS_INVALID);
    ck_assert_msg(strcmp(err.code, code) == 0, "%s instead of %s: %s", err.code, code, err.message);
    ck_assert_str_eq(err.pointer, pointer);
    ck_assert_str_ne(err.message, "");
    ck_assert_int_eq(cvs_layer_validate(layer, NULL), CVS_INVALID);
    return err;
}

static void valid(const cvs_layer *layer) {
    cvs_error err = {0};
    ck_assert_msg(cvs_layer_validate(layer, &err) == CVS_OK, "%s", err.message);
}

START_TEST(numbers_out_of_range) {
    static const int64_t wrong[] = {0, -1, INT64_MIN, CVS_MAX_PARAMETER + 1, INT64_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cvs_layer layer = conv(CVS_KERAS, 2, 8, 3), broken = layer;
        valid(&layer);
        broken.filters = wrong[i];
        invalid(&broken, "bad-hyperparameter", "/filters");
        broken = layer;
        broken.groups = wrong[i];
        invalid(&broken, "bad-hyperparameter", "/groups");
        broken = layer;
        broken.kernel[0] = wrong[i];
        invalid(&broken, "bad-hyperparameter", "/kernel/0");
        broken = layer;
        broken.stride[1] = wrong[i];
        invalid(&broken, "bad-hyperparameter", "/stride/1");
        broken = layer;
        broken.dilation[1] = wrong[i];
        invalid(&broken, "bad-hyperparameter", "/dilation/1");
        if (wrong[i] == 0) continue;
        broken = layer;
        broken.in_channels = wrong[i];
        invalid(&broken, "bad-hyperparameter", "/in_channels");
        broken = conv(CVS_ONNX, 2, 8, 3);
        broken.padding.mode = CVS_PAD_EXPLICIT;
        broken.padding.after[1] = wrong[i];
        invalid(&broken, "bad-hyperparameter", "/padding/after/1");
        broken.padding.mode = CVS_PAD_VALID;
        valid(&broken);
    }
}
END_TEST

START_TEST(messages_have_the_numbers) {
    cvs_layer layer = conv(CVS_KERAS, 2, 8, 3);
    layer.stride[0] = 0;
    cvs_error err = invalid(&layer, "bad-hyperparameter", "/stride/0");
    ck_assert_str_eq(err.message, "The stride along height is 0; it must be at least 1.");
    ck_assert_str_eq(err.value, "0");
    ck_assert_str_eq(err.expected, "an integer from 1 to 2147483647");
    layer = conv(CVS_PYTORCH, 1, 8, 3);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {-1}};
    err = invalid(&layer, "bad-hyperparameter", "/padding/before/0");
    ck_assert_str_eq(err.message, "The padding before along length is -1; it must be 0 or more.");
}
END_TEST

START_TEST(axes_beyond_the_rank_are_not_looked_at) {
    cvs_layer layer = conv(CVS_KERAS, 1, 8, 3);
    layer.kernel[1] = layer.stride[2] = -7;
    valid(&layer);
}
END_TEST

START_TEST(values_of_no_enumeration) {
    cvs_layer layer = conv(CVS_KERAS, 2, 8, 3), broken = layer;
    broken.op = (cvs_op)99;
    invalid(&broken, "unknown-value", "/op");
    broken = layer;
    broken.framework = (cvs_framework)-1;
    invalid(&broken, "unknown-value", "/framework");
    broken = layer;
    broken.data_format = (cvs_data_format)2;
    invalid(&broken, "unknown-value", "/data_format");
    broken = layer;
    broken.padding.mode = (cvs_padding_mode)6;
    invalid(&broken, "unknown-value", "/padding/mode");
    broken = layer;
    broken.padding.fill = (cvs_fill)4;
    invalid(&broken, "unknown-value", "/padding/fill");
    broken = layer;
    broken.activation.kind = CVS_ACT_COUNT;
    invalid(&broken, "unknown-value", "/activation");
    for (int rank = -1; rank < 6; rank++) {
        broken = layer;
        broken.spatial_rank = rank;
        if (rank < 1 || rank > 3) invalid(&broken, "bad-spatial-rank", "/spatial_rank");
    }
    broken = layer;
    broken.framework = CVS_TENSORFLOW;
    invalid(&broken, "framework-without-layers", "/framework");
}
END_TEST

START_TEST(groups_divide_both_channel_counts) {
    cvs_layer layer = conv(CVS_CONVSCOPE, 2, 12, 3);
    layer.groups = 5;
    cvs_error err = invalid(&layer, "group-divides", "/groups");
    ck_assert_str_eq(err.message,
                     "Each of the 5 groups takes an equal share of the channels, but 5 does not divide the 12 "
                     "filters.");
    ck_assert_str_eq(err.expected, "4 or 6 groups");
    layer.groups = 6;
    valid(&layer);
    layer.in_channels = 8;
    err = invalid(&layer, "group-divides", "/groups");
    ck_assert_str_eq(err.expected, "4 groups");
    ck_assert_ptr_nonnull(strstr(err.message, "8 input channels"));
    layer.groups = 4;
    valid(&layer);
    layer.filters = layer.in_channels = CVS_MAX_PARAMETER; /* a prime */
    err = invalid(&layer, "group-divides", "/groups");
    ck_assert_str_eq(err.expected, "1 or 2147483647 groups");
}
END_TEST

/* ---- what a framework refuses ------------------------------------------------------- */

START_TEST(keras_refuses_stride_with_dilation) {
    cvs_layer layer = conv(CVS_KERAS, 2, 8, 3);
    layer.stride[0] = 2;
    valid(&layer);
    layer.dilation[1] = 3;
    cvs_error err = invalid(&layer, "keras-stride-and-dilation", "/dilation/1");
    ck_assert_str_eq(err.value, "3");
    layer.framework = CVS_CONVSCOPE;
    valid(&layer);
    layer.framework = CVS_KERAS;
    layer.stride[0] = 1;
    valid(&layer);
}
END_TEST

START_TEST(pytorch_refuses_same_with_stride) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 8, 7);
    layer.padding.mode = CVS_PAD_SAME;
    valid(&layer);
    layer.stride[1] = 2;
    cvs_error err = invalid(&layer, "torch-same-with-stride", "/stride/1");
    ck_assert_str_eq(err.expected, "stride 1, or padding 3 on this axis, which gives ceil(n/2) too");
    layer.kernel[1] = 4;
    err = invalid(&layer, "torch-same-with-stride", "/stride/1");
    ck_assert_ptr_nonnull(strstr(err.expected, "unequal ends"));
    layer.framework = CVS_ONNX;
    valid(&layer);
}
END_TEST

/* The padding that the message proposes does what it says. */
START_TEST(the_padding_proposed_for_pytorch_is_right) {
    for (int64_t n = 1; n < 40; n++)
        for (int64_t half = 0; half < 4; half++)
            for (int64_t s = 1; s < 5; s++) {
                cvs_layer layer = conv(CVS_PYTORCH, 1, 1, 2 * half + 1);
                layer.stride[0] = s;
                layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {half}, .after = {half}};
                cvs_inference inference = infer(&layer, SHAPE(1, 1, n), NULL);
                ck_assert_int_eq(inference.output.shape.dim[2], (n + s - 1) / s);
            }
}
END_TEST

START_TEST(keras1_has_no_groups) {
    cvs_layer layer = conv(CVS_KERAS1, 2, 8, 3);
    layer.groups = 2;
    invalid(&layer, "keras1-without-groups", "/groups");
}
END_TEST

START_TEST(padding_modes_of_the_frameworks) {
    static const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1,    CVS_PYTORCH,
                                               CVS_ONNX,  CVS_CONVSCOPE, CVS_FRAMEWORK_AUTO};
    /* valid, same, same_lower, causal, full, explicit */
    static const char *const has[] = {"110100", "110010", "110001", "111001", "111111", "111111"};
    for (int i = 0; i < 6; i++)
        for (int mode = 0; mode < 6; mode++) {
            cvs_layer layer = conv(frameworks[i], 1, 8, 3);
            layer.padding.mode = (cvs_padding_mode)mode;
            if (has[i][mode] == '1')
                valid(&layer);
            else
                invalid(&layer, "padding-mode-unavailable", "/padding/mode");
        }
}
END_TEST

START_TEST(causal_is_for_1d) {
    cvs_layer layer = conv(CVS_KERAS, 2, 8, 3);
    layer.padding.mode = CVS_PAD_CAUSAL;
    invalid(&layer, "causal-not-1d", "/padding/mode");
}
END_TEST

START_TEST(fills_and_uneven_padding) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 8, 3);
    layer.padding =
        (cvs_padding){.mode = CVS_PAD_EXPLICIT, .fill = CVS_FILL_REFLECT, .before = {1, 2}, .after = {1, 2}};
    valid(&layer);
    layer.padding.after[1] = 3;
    invalid(&layer, "padding-uneven", "/padding/after/1");
    layer.framework = CVS_ONNX;
    invalid(&layer, "padding-fill-unavailable", "/padding/fill");
    layer.padding.fill = CVS_FILL_ZEROS;
    valid(&layer);
}
END_TEST

START_TEST(a_rank_that_the_input_decides_brings_more_to_check) {
    cvs_layer layer = cvs_layer_default(CVS_OP_UPSAMPLE, 0);
    layer.scale[0] = 2;
    layer.scale[1] = -1;
    ck_assert_int_eq(cvs_layer_validate(&layer, NULL), CVS_OK);
    refused(&layer, SHAPE(1, 8, 8, 3), "upsample-scale", "/scale/1");
    infer(&layer, SHAPE(1, 8, 3), NULL);
}
END_TEST

Suite *validate_suite(void) {
    Suite *suite = suite_create("validate");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, keras_refuses_stride_with_dilation);
    tcase_add_test(core, pytorch_refuses_same_with_stride);
    tcase_add_test(core, the_padding_proposed_for_pytorch_is_right);
    tcase_add_test(core, keras1_has_no_groups);
    tcase_add_test(core, padding_modes_of_the_frameworks);
    tcase_add_test(core, causal_is_for_1d);
    tcase_add_test(core, fills_and_uneven_padding);
    tcase_add_test(core, groups_divide_both_channel_counts);
    tcase_add_test(limits, numbers_out_of_range);
    tcase_add_test(limits, messages_have_the_numbers);
    tcase_add_test(limits, axes_beyond_the_rank_are_not_looked_at);
    tcase_add_test(limits, values_of_no_enumeration);
    tcase_add_test(limits, a_rank_that_the_input_decides_brings_more_to_check);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
