/* Batch, group and layer normalisation. */
#include "any_rank.h"

Suite *norm_suite(void);

typedef struct fact {
    cvs_op op;
    cvs_framework framework;
    bool scale, center;
    const char *weights;
} fact;

/* On 6 channels; what each framework's layer of that name keeps, in the order of its weights. */
static const fact facts[] = {
    {CVS_OP_BATCH_NORM, CVS_KERAS, true, true, "gamma(6) beta(6) moving_mean(6)! moving_variance(6)!"},
    {CVS_OP_BATCH_NORM, CVS_KERAS, false, true, "beta(6) moving_mean(6)! moving_variance(6)!"},
    {CVS_OP_BATCH_NORM, CVS_KERAS, true, false, "gamma(6) moving_mean(6)! moving_variance(6)!"},
    {CVS_OP_BATCH_NORM, CVS_KERAS1, true, true, "gamma(6) beta(6) running_mean(6)! running_std(6)!"},
    {CVS_OP_BATCH_NORM, CVS_PYTORCH, true, true, "weight(6) bias(6) running_mean(6)! running_var(6)!"},
    {CVS_OP_BATCH_NORM, CVS_PYTORCH, false, false, "running_mean(6)! running_var(6)!"},
    {CVS_OP_BATCH_NORM, CVS_ONNX, true, true, "scale(6) B(6) input_mean(6)! input_var(6)!"},
    {CVS_OP_GROUP_NORM, CVS_KERAS, true, true, "gamma(6) beta(6)"},
    {CVS_OP_GROUP_NORM, CVS_PYTORCH, true, true, "weight(6) bias(6)"},
    {CVS_OP_GROUP_NORM, CVS_PYTORCH, false, false, ""},
    {CVS_OP_GROUP_NORM, CVS_ONNX, true, true, "scale(6) bias(6)"},
    {CVS_OP_LAYER_NORM, CVS_KERAS, true, true, "gamma(6) beta(6)"},
    {CVS_OP_LAYER_NORM, CVS_KERAS, false, true, "beta(6)"},
    {CVS_OP_LAYER_NORM, CVS_PYTORCH, true, false, "weight(6)"},
    {CVS_OP_LAYER_NORM, CVS_ONNX, true, false, "Scale(6)"},
    {CVS_OP_LAYER_NORM, CVS_ONNX, true, true, "Scale(6) B(6)"},
};

static cvs_layer norm(const fact *row) {
    cvs_layer layer = any(row->op, row->framework);
    layer.scale_weight = row->scale;
    layer.center_weight = row->center;
    if (row->op == CVS_OP_GROUP_NORM) layer.groups = 3;
    return layer;
}

START_TEST(weights_as_documented) {
    const fact *row = &facts[_i];
    cvs_layer layer = norm(row);
    bool first = layer.data_format == CVS_CHANNELS_FIRST && row->op != CVS_OP_LAYER_NORM;
    cvs_shape input = first ? SHAPE(2, 6, 5, 7) : SHAPE(2, 5, 7, 6);
    cvs_inference inference = infer(&layer, input, NULL);
    assert_shape(&inference.output.shape, input);
    assert_weights(&inference, CVS_FRAMEWORK_AUTO, row->weights);
    assert_free(&inference, 840, 840);
    assert_own_place(&inference, 2);
    assert_step(&inference, 0, "n", first ? "5" : layer.data_format == CVS_CHANNELS_FIRST ? "7" : "5");
}
END_TEST

START_TEST(statistics_may_be_left_out) {
    cvs_layer layer = any(CVS_OP_BATCH_NORM, CVS_PYTORCH);
    layer.running_stats = false;
    cvs_inference inference = infer(&layer, SHAPE(2, 6), NULL);
    assert_weights(&inference, CVS_PYTORCH, "weight(6) bias(6)");
    layer.framework = CVS_KERAS;
    refused(&layer, SHAPE(2, 6), "norm-statistics", "/running_stats");
}
END_TEST

START_TEST(the_axis_says_where_the_channels_are) {
    cvs_layer layer = any(CVS_OP_BATCH_NORM, CVS_KERAS);
    layer.axis = 1;
    cvs_inference inference = infer(&layer, SHAPE(2, 6, 5, 7), NULL);
    assert_axes(&inference.output, "batch, channels, height, width");
    assert_weights(&inference, CVS_KERAS, "gamma(6) beta(6) moving_mean(6)! moving_variance(6)!");
    layer.axis = -1;
    inference = infer(&layer, SHAPE(2, 6, 5, 7), NULL);
    assert_axes(&inference.output, "batch, height, width, channels");
    layer.axis = 4;
    refused(&layer, SHAPE(2, 6, 5, 7), "no-such-axis", "/axis");
    layer.axis = 0;
    refused(&layer, SHAPE(2, 6, 5, 7), "no-such-axis", "/axis");
}
END_TEST

START_TEST(channels_from_either_side) {
    cvs_layer layer = any(CVS_OP_BATCH_NORM, CVS_PYTORCH);
    layer.spatial_rank = 2;
    layer.in_channels = 6;
    cvs_inference inference = infer(&layer, SHAPE(NONE, NONE, 5, 7), NULL);
    ck_assert_int_eq(inference.input.shape.dim[1], 6);
    refused(&layer, SHAPE(2, 7, 5, 6), "channel-mismatch", "/input_shape/1");
    refused(&layer, SHAPE(2, 6, 5), "asymmetric-rank", "/input_shape");
    layer.spatial_rank = 1;
    infer(&layer, SHAPE(2, 6), NULL);
    infer(&layer, SHAPE(2, 6, 9), NULL);
    refused(&layer, SHAPE(2, 6, 9, 9), "asymmetric-rank", "/input_shape");
}
END_TEST

START_TEST(groups) {
    cvs_layer layer = any(CVS_OP_GROUP_NORM, CVS_PYTORCH);
    layer.groups = 4;
    cvs_error err = refused(&layer, SHAPE(2, 6, 9), "group-divides", "/groups");
    ck_assert_int_eq(err.status, CVS_INVALID);
    layer.groups = 0;
    refused(&layer, SHAPE(2, 6, 9), "bad-hyperparameter", "/groups");
    layer.groups = NONE; /* an instance norm */
    ck_assert_int_eq(infer(&layer, SHAPE(2, 6, 9), NULL).layer.groups, 6);
    ck_assert_int_eq(infer(&layer, SHAPE(2, NONE, 9), NULL).layer.groups, NONE);
    layer.framework = CVS_KERAS1;
    refused(&layer, SHAPE(2, 6, 9), "norm-unavailable", "/op");
}
END_TEST

START_TEST(weights_that_a_framework_does_not_leave_out) {
    cvs_layer layer = any(CVS_OP_BATCH_NORM, CVS_PYTORCH);
    layer.center_weight = false;
    refused(&layer, SHAPE(2, 6), "norm-weights", "/center_weight");
    layer = any(CVS_OP_LAYER_NORM, CVS_ONNX);
    layer.scale_weight = false;
    refused(&layer, SHAPE(2, 6), "norm-weights", "/scale_weight");
    layer = any(CVS_OP_BATCH_NORM, CVS_KERAS);
    layer.scale_weight = false;
    cvs_inference inference = infer(&layer, SHAPE(2, 6), NULL);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_PYTORCH, &weights, NULL), CVS_UNSUPPORTED);
}
END_TEST

/* ---- layer normalisation ---------------------------------------------------------------- */

/* torch.nn.LayerNorm((4, 6)) keeps weights of that shape; so does ONNX from its axis on. Keras has one axis. */
START_TEST(several_axes) {
    cvs_layer layer = any(CVS_OP_LAYER_NORM, CVS_PYTORCH);
    layer.target_rank = 2;
    layer.target[0] = 4;
    layer.target[1] = 6;
    cvs_inference inference = infer(&layer, SHAPE(2, 3, 4, NONE), NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 3, 4, 6));
    assert_weights(&inference, CVS_PYTORCH, "weight(4, 6) bias(4, 6)");
    refused(&layer, SHAPE(2, 3, 5, 6), "norm-shape", "/input_shape/2");
    refused(&layer, SHAPE(2, 6), "no-such-axis", "/target");
    layer = any(CVS_OP_LAYER_NORM, CVS_ONNX);
    layer.axis = 1;
    inference = infer(&layer, SHAPE(2, 3, 4), NULL);
    assert_weights(&inference, CVS_ONNX, "Scale(3, 4) B(3, 4)");
    layer.framework = CVS_KERAS;
    inference = infer(&layer, SHAPE(2, 3, 4), NULL);
    assert_weights(&inference, CVS_KERAS, "gamma(3) beta(3)");
}
END_TEST

/* In our own form sizes belong to the axes from `axis` on, so that Keras's one axis in the middle can be told. */
START_TEST(axes_in_the_middle) {
    cvs_layer layer = any(CVS_OP_LAYER_NORM, CVS_CONVSCOPE);
    layer.axis = 2;
    cvs_inference inference = infer(&layer, SHAPE(2, 7, 8, 3), NULL);
    assert_weights(&inference, CVS_CONVSCOPE, "gamma(8, 3) beta(8, 3)");
    layer.target_rank = 1;
    layer.target[0] = NONE;
    inference = infer(&layer, SHAPE(2, 7, 8, 3), NULL);
    assert_weights(&inference, CVS_CONVSCOPE, "gamma(8) beta(8)");
    layer.target[0] = 9;
    refused(&layer, SHAPE(2, 7, 8, 3), "norm-shape", "/input_shape/2");
    layer.target_rank = 3;
    layer.target[1] = layer.target[2] = NONE;
    refused(&layer, SHAPE(2, 7, 8, 3), "no-such-axis", "/target");
}
END_TEST

START_TEST(sizes_that_are_not_known) {
    cvs_layer layer = any(CVS_OP_LAYER_NORM, CVS_KERAS);
    cvs_inference inference = infer(&layer, SHAPE(2, 3, NONE), NULL);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS, &weights, NULL), CVS_INVALID);
    layer.axis = 3;
    refused(&layer, SHAPE(2, 3, 4), "no-such-axis", "/axis");
    layer.target_rank = 1;
    layer.target[0] = 0;
    refused(&layer, SHAPE(2, 3, 4), "bad-hyperparameter", "/target/0");
    layer.target_rank = CVS_MAX_RANK;
    refused(&layer, SHAPE(2, 3, 4), "norm-shape", "/target");
}
END_TEST

Suite *norm_suite(void) {
    Suite *suite = suite_create("norm");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, weights_as_documented, 0, sizeof facts / sizeof *facts);
    tcase_add_test(core, statistics_may_be_left_out);
    tcase_add_test(core, the_axis_says_where_the_channels_are);
    tcase_add_test(core, channels_from_either_side);
    tcase_add_test(core, groups);
    tcase_add_test(core, several_axes);
    tcase_add_test(core, axes_in_the_middle);
    tcase_add_test(limits, weights_that_a_framework_does_not_leave_out);
    tcase_add_test(limits, sizes_that_are_not_known);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
