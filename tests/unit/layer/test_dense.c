/* Dense layers: Keras Dense, torch.nn.Linear, ONNX Gemm. */
#include "any_rank.h"

Suite *dense_suite(void);

static cvs_layer dense(cvs_framework framework, int64_t units) {
    cvs_layer layer = any(CVS_OP_DENSE, framework);
    layer.filters = units;
    return layer;
}

typedef struct fact {
    cvs_framework framework;
    int64_t input[5]; /* ends with 0 */
    int64_t units;
    bool bias;
    const char *weights, *axes;
    int64_t macs, bias_adds;
} fact;

/* keras.layers.Dense: (batch, ..., input_dim) to (batch, ..., units); torch.nn.Linear: weight (out, in). */
static const fact facts[] = {
    {CVS_KERAS, {8, 512}, 10, true, "kernel(512, 10) bias(10)", "batch, units", 5120, 10},
    {CVS_KERAS, {8, 512}, 10, false, "kernel(512, 10)", "batch, units", 5120, 0},
    {CVS_KERAS, {2, 7, 512}, 10, true, "kernel(512, 10) bias(10)", "batch, length, units", 35840, 70},
    {CVS_KERAS, {2, 3, 5, 4}, 6, true, "kernel(4, 6) bias(6)", "batch, height, width, units", 360, 90},
    {CVS_KERAS1, {8, 512}, 10, true, "kernel(512, 10) bias(10)", "batch, units", 5120, 10},
    {CVS_PYTORCH, {8, 512}, 10, true, "weight(10, 512) bias(10)", "batch, units", 5120, 10},
    {CVS_PYTORCH, {2, 7, 512}, 10, false, "weight(10, 512)", "batch, length, units", 35840, 0},
    {CVS_ONNX, {8, 512}, 10, true, "B(10, 512) C(10)", "batch, units", 5120, 10},
    {CVS_CONVSCOPE, {1, 1}, 1, true, "kernel(1, 1) bias(1)", "batch, units", 1, 1},
};

START_TEST(as_documented) {
    const fact *row = &facts[_i];
    int rank = 0;
    while (row->input[rank]) rank++;
    cvs_layer layer = dense(row->framework, row->units);
    layer.use_bias = row->bias;
    cvs_shape output = shape_of(row->input, (size_t)rank);
    cvs_inference inference = infer(&layer, output, NULL);
    output.dim[rank - 1] = row->units;
    assert_shape(&inference.output.shape, output);
    assert_axes(&inference.output, row->axes);
    assert_weights(&inference, CVS_FRAMEWORK_AUTO, row->weights);
    cvs_cost cost;
    ck_assert_int_eq(cvs_layer_cost(&inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.macs, row->macs);
    ck_assert_int_eq(cost.bias_adds, row->bias_adds);
    ck_assert_int_eq(cost.flops, 2 * row->macs + row->bias_adds);
    assert_own_place(&inference, 0);
}
END_TEST

START_TEST(in_every_layout) {
    cvs_layer layer = dense(CVS_KERAS, 10);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 512), NULL);
    assert_weights(&inference, CVS_TENSORFLOW, "kernel(512, 10) bias(10)");
    assert_weights(&inference, CVS_PYTORCH, "weight(10, 512) bias(10)");
    cvs_text text = {0};
    ck_assert_int_eq(cvs_layout_conversion(&inference, CVS_KERAS, CVS_PYTORCH, 0, &text, NULL), CVS_OK);
    ck_assert_str_eq(text.data, "numpy.transpose(kernel, (1, 0))");
    cvs_text_free(&text);
}
END_TEST

START_TEST(features_come_from_either_side) {
    cvs_layer layer = dense(CVS_PYTORCH, 3);
    cvs_inference inference = infer(&layer, SHAPE(NONE, NONE), NULL);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_PYTORCH, &weights, NULL), CVS_INVALID);
    layer.in_channels = 5;
    inference = infer(&layer, SHAPE(NONE, NONE), NULL);
    assert_shape(&inference.input.shape, SHAPE(NONE, 5));
    cvs_error err = refused(&layer, SHAPE(2, 7, 6), "channel-mismatch", "/input_shape/2");
    ck_assert_ptr_nonnull(strstr(err.message, "flatten"));
    err = refused(&layer, SHAPE(2, 6), "channel-mismatch", "/input_shape/1");
    ck_assert_str_eq(err.value, "6");
}
END_TEST

START_TEST(names_pass_through) {
    names made;
    names_open(&made);
    cvs_layer layer = dense(CVS_KERAS, 3);
    cvs_inference inference = infer(&layer, SHAPE(NONE, named(&made, "T"), 5), made.symbols);
    assert_dim(&made, inference.output.shape.dim[1], "T");
    cvs_cost cost;
    ck_assert_int_eq(cvs_layer_cost(&inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.macs, NONE);
    ck_assert_int_eq(cost.weights_bytes, 72);
    cvs_arena_free(&made.arena);
}
END_TEST

START_TEST(what_is_refused) {
    cvs_layer layer = dense(CVS_KERAS, 0);
    refused(&layer, SHAPE(2, 5), "bad-hyperparameter", "/filters");
    layer = dense(CVS_KERAS, 3);
    layer.in_channels = -1;
    refused(&layer, SHAPE(2, 5), "bad-hyperparameter", "/in_channels");
    layer = dense(CVS_KERAS, 3);
    refused(&layer, SHAPE(5), "asymmetric-rank", "/input_shape");
    layer = dense(CVS_KERAS1, 3);
    refused(&layer, SHAPE(2, 7, 5), "asymmetric-rank", "/input_shape");
    layer = dense(CVS_ONNX, 3);
    refused(&layer, SHAPE(2, 7, 5), "asymmetric-rank", "/input_shape");
}
END_TEST

Suite *dense_suite(void) {
    Suite *suite = suite_create("dense");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, as_documented, 0, sizeof facts / sizeof *facts);
    tcase_add_test(core, in_every_layout);
    tcase_add_test(core, features_come_from_either_side);
    tcase_add_test(core, names_pass_through);
    tcase_add_test(limits, what_is_refused);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
