#include "layers.h"

Suite *weights_suite(void);

typedef struct stored {
    int spatial_rank;
    cvs_data_format format;
    int64_t groups;
    cvs_framework framework;
    const char *name;
    int rank;
    int64_t shape[5];
    const char *axes;
} stored;

/* 12 input channels, 8 filters, kernel 3 | 3, 5 | 3, 5, 7. */
static const stored table[] = {
    {1, CVS_CHANNELS_LAST, 1, CVS_KERAS, "kernel", 3, {3, 12, 8}, "kernel_length, in_channels, filters"},
    {1, CVS_CHANNELS_FIRST, 1, CVS_KERAS, "kernel", 3, {3, 12, 8}, "kernel_length, in_channels, filters"},
    {1, CVS_CHANNELS_LAST, 1, CVS_KERAS1, "kernel", 4, {3, 1, 12, 8}, "kernel_length, unit, in_channels, filters"},
    {1, CVS_CHANNELS_FIRST, 1, CVS_KERAS1, "kernel", 4, {3, 1, 12, 8}, "kernel_length, unit, in_channels, filters"},
    {1, CVS_CHANNELS_LAST, 1, CVS_PYTORCH, "weight", 3, {8, 12, 3}, "filters, in_channels, kernel_length"},
    {2,
     CVS_CHANNELS_LAST,
     1,
     CVS_TENSORFLOW,
     "kernel",
     4,
     {3, 5, 12, 8},
     "kernel_height, kernel_width, in_channels, filters"},
    {2,
     CVS_CHANNELS_LAST,
     1,
     CVS_CONVSCOPE,
     "kernel",
     4,
     {3, 5, 12, 8},
     "kernel_height, kernel_width, in_channels, filters"},
    {2,
     CVS_CHANNELS_LAST,
     1,
     CVS_KERAS1,
     "kernel",
     4,
     {3, 5, 12, 8},
     "kernel_height, kernel_width, in_channels, filters"},
    {2,
     CVS_CHANNELS_FIRST,
     1,
     CVS_KERAS1,
     "kernel",
     4,
     {8, 12, 3, 5},
     "filters, in_channels, kernel_height, kernel_width"},
    {2,
     CVS_CHANNELS_FIRST,
     4,
     CVS_KERAS,
     "kernel",
     4,
     {3, 5, 3, 8},
     "kernel_height, kernel_width, in_channels_per_group, filters"},
    {2,
     CVS_CHANNELS_FIRST,
     4,
     CVS_ONNX,
     "W",
     4,
     {8, 3, 3, 5},
     "filters, in_channels_per_group, kernel_height, kernel_width"},
    {3,
     CVS_CHANNELS_FIRST,
     2,
     CVS_PYTORCH,
     "weight",
     5,
     {8, 6, 3, 5, 7},
     "filters, in_channels_per_group, kernel_depth, kernel_height, kernel_width"},
    {3,
     CVS_CHANNELS_LAST,
     1,
     CVS_KERAS,
     "kernel",
     5,
     {3, 5, 7, 12, 8},
     "kernel_depth, kernel_height, kernel_width, in_channels, filters"},
    {3,
     CVS_CHANNELS_FIRST,
     1,
     CVS_KERAS1,
     "kernel",
     5,
     {8, 12, 3, 5, 7},
     "filters, in_channels, kernel_depth, kernel_height, kernel_width"},
};

static cvs_inference layer_of(const stored *row) {
    cvs_layer layer = conv(CVS_CONVSCOPE, row->spatial_rank, 8, 3);
    static const int64_t kernel[] = {3, 5, 7};
    memcpy(layer.kernel, kernel, sizeof layer.kernel);
    layer.data_format = row->format;
    layer.groups = row->groups;
    layer.in_channels = 12;
    cvs_shape input = {.rank = row->spatial_rank + 2, .dim = {NONE, NONE, NONE, NONE, NONE}};
    return infer(&layer, input, NULL);
}

START_TEST(as_each_framework_stores_them) {
    const stored *row = &table[_i];
    cvs_inference inference = layer_of(row);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, row->framework, &weights, NULL), CVS_OK);
    ck_assert_int_eq(weights.count, 2);
    ck_assert_str_eq(weights.weight[0].name, row->name);
    ck_assert_str_eq(weights.weight[1].name, row->framework == CVS_ONNX ? "B" : "bias");
    assert_shape(&weights.weight[0].tensor.shape, shape_of(row->shape, (size_t)row->rank));
    assert_axes(&weights.weight[0].tensor, row->axes);
    assert_shape(&weights.weight[1].tensor.shape, SHAPE(8));
    int64_t count = 1;
    for (int i = 0; i < row->rank; i++) count *= row->shape[i];
    ck_assert_int_eq(weights.weight[0].count, count);
    ck_assert_int_eq(weights.parameters, count + 8);
    ck_assert(weights.weight[0].trainable);
}
END_TEST

START_TEST(without_bias_there_is_one) {
    cvs_layer layer = conv(CVS_ONNX, 2, 8, 3);
    layer.use_bias = false;
    cvs_inference inference = infer(&layer, SHAPE(1, 2, 9, 9), NULL);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &weights, NULL), CVS_OK);
    ck_assert_int_eq(weights.count, 1);
    ck_assert_str_eq(weights.weight[0].name, "W");
    ck_assert_int_eq(weights.parameters, 8 * 2 * 9);
}
END_TEST

START_TEST(unknown_channels_leave_the_weights_open) {
    cvs_layer layer = conv(CVS_KERAS, 2, 8, 3);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 9, 9, NONE), NULL);
    cvs_weights weights;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS, &weights, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "channels-unknown");
}
END_TEST

START_TEST(counts_that_overflow) {
    cvs_layer layer = conv(CVS_KERAS, 2, CVS_MAX_PARAMETER, 65536);
    cvs_inference inference = infer(&layer, SHAPE(1, 65536, 65536, 1), NULL);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS, &weights, NULL), CVS_OK);
    ck_assert_int_eq(weights.weight[0].count, INT64_C(2147483647) << 32);
    inference.layer.in_channels = 2;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS, &weights, &err), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs_layer_weights(&inference, (cvs_framework)-3, &weights, NULL), CVS_INVALID);
}
END_TEST

Suite *weights_suite(void) {
    Suite *suite = suite_create("weights");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, as_each_framework_stores_them, 0, sizeof table / sizeof *table);
    tcase_add_test(core, without_bias_there_is_one);
    tcase_add_test(limits, unknown_channels_leave_the_weights_open);
    tcase_add_test(limits, counts_that_overflow);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
