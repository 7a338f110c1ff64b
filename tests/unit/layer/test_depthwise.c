/* Depthwise and separable convolutions. */
#include "layers.h"

Suite *depthwise_suite(void);

static cvs_layer depthwise(cvs_framework framework, int spatial_rank, int64_t kernel, int64_t multiplier) {
    cvs_layer layer = conv(framework, spatial_rank, 0, kernel);
    layer.op = CVS_OP_DEPTHWISE_CONV;
    layer.multiplier = multiplier;
    return layer;
}

static cvs_layer separable(cvs_framework framework, int spatial_rank, int64_t kernel, int64_t multiplier) {
    cvs_layer layer = depthwise(framework, spatial_rank, kernel, multiplier);
    layer.op = CVS_OP_SEPARABLE_CONV;
    layer.filters = 5;
    return layer;
}

/* ---- shapes that tensorflow.js gave ------------------------------------------------------ */

START_TEST(published_shapes) {
    static const struct {
        cvs_op op;
        int64_t kernel[2], stride, multiplier;
        cvs_padding_mode mode;
        cvs_data_format format;
        int64_t input[4], output[4], depthwise[4];
    } table[] = {
        {CVS_OP_DEPTHWISE_CONV,
         {4, 4},
         2,
         1,
         CVS_PAD_VALID,
         CVS_CHANNELS_FIRST,
         {2, 3, 8, 6},
         {2, 3, 3, 2},
         {4, 4, 3, 1}},
        {CVS_OP_DEPTHWISE_CONV,
         {3, 2},
         1,
         3,
         CVS_PAD_VALID,
         CVS_CHANNELS_LAST,
         {1, 6, 10, 2},
         {1, 4, 9, 6},
         {3, 2, 2, 3}},
        {CVS_OP_DEPTHWISE_CONV,
         {2, 2},
         2,
         3,
         CVS_PAD_SAME,
         CVS_CHANNELS_LAST,
         {1, 7, 7, 4},
         {1, 4, 4, 12},
         {2, 2, 4, 3}},
        {CVS_OP_SEPARABLE_CONV,
         {2, 2},
         2,
         2,
         CVS_PAD_VALID,
         CVS_CHANNELS_FIRST,
         {1, 3, 8, 9},
         {1, 5, 4, 4},
         {2, 2, 3, 2}},
        {CVS_OP_SEPARABLE_CONV,
         {3, 3},
         2,
         1,
         CVS_PAD_SAME,
         CVS_CHANNELS_LAST,
         {2, 13, 7, 4},
         {2, 7, 4, 5},
         {3, 3, 4, 1}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        bool is_separable = table[i].op == CVS_OP_SEPARABLE_CONV;
        cvs_layer layer = (is_separable ? separable : depthwise)(CVS_KERAS, 2, 1, table[i].multiplier);
        memcpy(layer.kernel, table[i].kernel, sizeof table[i].kernel);
        layer.stride[0] = layer.stride[1] = table[i].stride;
        layer.padding.mode = table[i].mode;
        layer.data_format = table[i].format;
        cvs_inference inference = infer(&layer, shape_of(table[i].input, 4), NULL);
        assert_shape(&inference.output.shape, shape_of(table[i].output, 4));
        cvs_weights weights;
        ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS, &weights, NULL), CVS_OK);
        ck_assert_int_eq(weights.count, is_separable ? 3 : 2);
        assert_shape(&weights.weight[0].tensor.shape, shape_of(table[i].depthwise, 4));
        cvs_inference again = infer(&inference.layer, shape_of(table[i].input, 4), NULL);
        assert_shape(&again.output.shape, shape_of(table[i].output, 4));
    }
}
END_TEST

START_TEST(symbols_are_multiplied) {
    cvs_arena arena = {0};
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim channels;
    ck_assert_int_eq(cvs_symbols_name(symbols, "C", &channels, NULL), CVS_OK);
    cvs_layer layer = depthwise(CVS_KERAS, 1, 3, 2);
    cvs_inference inference = infer(&layer, SHAPE(NONE, NONE, channels), symbols);
    cvs_text text = {0};
    cvs_dim_format(symbols, inference.output.shape.dim[2], &text);
    ck_assert_str_eq(text.data, "2*C");
    cvs_text_free(&text);
    ck_assert_int_eq(inference.layer.filters, 0);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS, &weights, NULL), CVS_INVALID);
    inference = infer(&layer, SHAPE(NONE, NONE, NONE), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, NONE, NONE));
    cvs_arena_free(&arena);
}
END_TEST

/* ---- weights --------------------------------------------------------------------------- */

START_TEST(kernels_as_stored) {
    cvs_layer layer = depthwise(CVS_CONVSCOPE, 2, 3, 2);
    layer.kernel[1] = 5;
    cvs_inference inference = infer(&layer, SHAPE(1, 9, 9, 4), NULL);
    ck_assert_int_eq(inference.layer.filters, 8);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS, &weights, NULL), CVS_OK);
    assert_shape(&weights.weight[0].tensor.shape, SHAPE(3, 5, 4, 2));
    assert_axes(&weights.weight[0].tensor, "kernel_height, kernel_width, in_channels, multiplier");
    ck_assert_int_eq(weights.parameters, 3 * 5 * 4 * 2 + 8);
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_PYTORCH, &weights, NULL), CVS_OK);
    assert_shape(&weights.weight[0].tensor.shape, SHAPE(8, 1, 3, 5));
    assert_axes(&weights.weight[0].tensor, "filters, in_channels_per_group, kernel_height, kernel_width");
    assert_shape(&weights.weight[1].tensor.shape, SHAPE(8));
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS1, &weights, NULL), CVS_UNSUPPORTED);
}
END_TEST

START_TEST(separable_weights_as_stored) {
    cvs_layer layer = separable(CVS_KERAS1, 2, 3, 2);
    cvs_inference inference = infer(&layer, SHAPE(1, 9, 9, 4), NULL);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &weights, NULL), CVS_OK);
    ck_assert_str_eq(weights.weight[0].name, "depthwise_kernel");
    ck_assert_str_eq(weights.weight[1].name, "pointwise_kernel");
    ck_assert_str_eq(weights.weight[2].name, "bias");
    assert_shape(&weights.weight[0].tensor.shape, SHAPE(3, 3, 4, 2));
    assert_shape(&weights.weight[1].tensor.shape, SHAPE(1, 1, 8, 5));
    assert_shape(&weights.weight[2].tensor.shape, SHAPE(5));
    layer.data_format = CVS_CHANNELS_FIRST;
    inference = infer(&layer, SHAPE(1, 4, 9, 9), NULL);
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &weights, NULL), CVS_OK);
    assert_shape(&weights.weight[0].tensor.shape, SHAPE(2, 4, 3, 3));
    assert_axes(&weights.weight[0].tensor, "multiplier, in_channels, kernel_height, kernel_width");
    assert_shape(&weights.weight[1].tensor.shape, SHAPE(5, 8, 1, 1));
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_PYTORCH, &weights, NULL), CVS_OK); /* of two layers there */
    assert_shape(&weights.weight[0].tensor.shape, SHAPE(8, 1, 3, 3));
    assert_axes(&weights.weight[0].tensor, "filters, in_channels_per_group, kernel_height, kernel_width");
    assert_shape(&weights.weight[1].tensor.shape, SHAPE(5, 8, 1, 1));
    assert_shape(&weights.weight[2].tensor.shape, SHAPE(5));
}
END_TEST

/* ---- cost -------------------------------------------------------------------------------- */

START_TEST(work_equals_a_count_in_loops) {
    cvs_layer layer = depthwise(CVS_KERAS, 2, 3, 2);
    cvs_inference inference = infer(&layer, SHAPE(7, 6, 5, 4), NULL);
    int64_t products = 0, mixed = 0, sums = 0;
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 3; x++) {
            for (int channel = 0; channel < 4; channel++)
                for (int kernel = 0; kernel < 2; kernel++) {
                    sums++;
                    for (int tap = 0; tap < 3 * 3; tap++) products++;
                }
            for (int filter = 0; filter < 5; filter++)
                for (int between = 0; between < 4 * 2; between++) mixed++;
        }
    cvs_cost cost;
    ck_assert_int_eq(cvs_layer_cost(&inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.macs, products);
    ck_assert_int_eq(cost.bias_adds, sums);
    layer = separable(CVS_KERAS, 2, 3, 2);
    inference = infer(&layer, SHAPE(7, 6, 5, 4), NULL);
    ck_assert_int_eq(cvs_layer_cost(&inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.macs, products + mixed);
    ck_assert_int_eq(cost.bias_adds, 5 * 4 * 3);
    inference = infer(&layer, SHAPE(7, NONE, 5, 4), NULL);
    ck_assert_int_eq(cvs_layer_cost(&inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.macs, NONE);
    ck_assert_int_eq(cost.bias_adds, NONE);
}
END_TEST

/* ---- what does not exist -------------------------------------------------------------------- */

START_TEST(what_a_framework_lacks) {
    cvs_layer layer = depthwise(CVS_KERAS1, 2, 3, 1);
    refused(&layer, SHAPE(1, 9, 9, 4), "depthwise-unavailable", "/op");
    layer = depthwise(CVS_KERAS, 3, 3, 1);
    refused(&layer, SHAPE(1, 9, 9, 9, 4), "depthwise-unavailable", "/spatial_rank");
    layer.framework = CVS_CONVSCOPE;
    infer(&layer, SHAPE(1, 9, 9, 9, 4), NULL);
    layer = separable(CVS_PYTORCH, 2, 3, 1);
    refused(&layer, SHAPE(1, 4, 9, 9), "separable-unavailable", "/op");
    layer = separable(CVS_KERAS1, 1, 3, 1);
    refused(&layer, SHAPE(1, 9, 4), "separable-unavailable", "/spatial_rank");
    layer = depthwise(CVS_KERAS, 1, 3, 1);
    layer.padding.mode = CVS_PAD_CAUSAL;
    refused(&layer, SHAPE(1, 9, 4), "padding-mode-unavailable", "/padding/mode");
    layer = separable(CVS_KERAS, 1, 3, 1);
    layer.padding.mode = CVS_PAD_CAUSAL;
    infer(&layer, SHAPE(1, 9, 4), NULL);
    layer = separable(CVS_KERAS, 2, 3, 1);
    layer.stride[0] = layer.dilation[1] = 2;
    refused(&layer, SHAPE(1, 9, 9, 4), "keras-stride-and-dilation", "/dilation/1");
}
END_TEST

START_TEST(numbers_that_are_none) {
    cvs_layer layer = depthwise(CVS_KERAS, 1, 3, 0);
    refused(&layer, SHAPE(1, 9, 4), "bad-hyperparameter", "/multiplier");
    layer = separable(CVS_KERAS, 1, 3, 0);
    refused(&layer, SHAPE(1, 9, 4), "bad-hyperparameter", "/multiplier");
    layer = depthwise(CVS_KERAS, 1, 3, 2);
    layer.filters = 7;
    cvs_error err = refused(&layer, SHAPE(1, 9, 4), "multiplier-mismatch", "/filters");
    ck_assert_str_eq(err.expected, "8");
    layer.filters = 0;
    refused(&layer, SHAPE(1, 9, INT64_MAX / 2 + 1), "size-overflow", "/multiplier");
    layer = separable(CVS_KERAS, 1, 3, 2);
    refused(&layer, SHAPE(1, 9, INT64_MAX / 2 + 1), "size-overflow", "/multiplier");
}
END_TEST

Suite *depthwise_suite(void) {
    Suite *suite = suite_create("depthwise");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, published_shapes);
    tcase_add_test(core, symbols_are_multiplied);
    tcase_add_test(core, kernels_as_stored);
    tcase_add_test(core, separable_weights_as_stored);
    tcase_add_test(core, work_equals_a_count_in_loops);
    tcase_add_test(limits, what_a_framework_lacks);
    tcase_add_test(limits, numbers_that_are_none);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
