/* Global and adaptive pools. */
#include "layers.h"

Suite *adaptive_pool_suite(void);

static cvs_layer pool(cvs_framework framework, cvs_op op, int spatial_rank) {
    cvs_layer layer = conv(framework, spatial_rank, 0, 0);
    layer.op = op;
    return layer;
}

static cvs_layer adaptive(int spatial_rank, int64_t first, int64_t second) {
    cvs_layer layer = pool(CVS_PYTORCH, CVS_OP_ADAPTIVE_AVERAGE_POOL, spatial_rank);
    layer.output_size[0] = first;
    layer.output_size[1] = second;
    return layer;
}

static void assert_nothing_computed(const cvs_inference *inference) {
    cvs_weights weights;
    cvs_cost cost;
    ck_assert_int_eq(cvs_layer_weights(inference, CVS_FRAMEWORK_AUTO, &weights, NULL), CVS_OK);
    ck_assert_int_eq(weights.count, 0);
    ck_assert_int_eq(cvs_layer_cost(inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.flops, 0);
}

static void assert_step(const cvs_inference *inference, int axis, const char *formula, const char *substitution,
                        cvs_dim result) {
    cvs_step step;
    cvs_text text = {0};
    cvs_layer_step(inference, axis, &step, &text);
    ck_assert_str_eq(step.formula, formula);
    ck_assert_str_eq(text.data, substitution);
    ck_assert_int_eq(step.result, result);
    cvs_text_free(&text);
}

/* ---- global ------------------------------------------------------------------------- */

START_TEST(global_pools_leave_the_channels) {
    cvs_layer layer = pool(CVS_KERAS, CVS_OP_GLOBAL_AVERAGE_POOL, 2);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 6, 9, 4), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, 4));
    assert_axes(&inference.output, "batch, channels");
    assert_nothing_computed(&inference);
    layer.data_format = CVS_CHANNELS_FIRST;
    inference = infer(&layer, SHAPE(2, 3, 6, NONE), NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 3));
    layer = pool(CVS_ONNX, CVS_OP_GLOBAL_MAX_POOL, 3);
    layer.keep_spatial = true;
    inference = infer(&layer, SHAPE(1, 3, 5, NONE, 7), NULL);
    assert_shape(&inference.output.shape, SHAPE(1, 3, 1, 1, 1));
    assert_axes(&inference.output, "batch, channels, depth, height, width");
    refused(&layer, SHAPE(1, 3, 5, 5), "asymmetric-rank", "/input_shape");
}
END_TEST

START_TEST(a_global_cell_sees_all) {
    cvs_arena arena = {0};
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim width;
    ck_assert_int_eq(cvs_symbols_name(symbols, "W", &width, NULL), CVS_OK);
    cvs_layer layer = pool(CVS_KERAS, CVS_OP_GLOBAL_MAX_POOL, 2);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 28, width, 4), symbols);
    cvs_receptive_field field;
    cvs_layer_receptive_field(&inference, &field);
    ck_assert_int_eq(field.size[0], 28);
    ck_assert_double_eq(field.start[0], 13.5);
    ck_assert_int_eq(field.size[1], NONE);
    ck_assert(field.start[1] != field.start[1]);
    assert_step(&inference, 0, "n - n + 1", "28 - 28 + 1", 1);
    assert_step(&inference, 1, "n - n + 1", "W - W + 1", 1);
    inference = infer(&layer, SHAPE(NONE, NONE, 1, 4), NULL);
    assert_step(&inference, 0, "n - n + 1", "n - n + 1", 1);
    cvs_arena_free(&arena);
}
END_TEST

/* ---- adaptive ------------------------------------------------------------------------- */

START_TEST(adaptive_pools_give_what_is_asked) {
    cvs_layer layer = adaptive(2, 4, NONE);
    cvs_inference inference = infer(&layer, SHAPE(2, 3, 10, 7), NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 3, 4, 7));
    assert_axes(&inference.output, "batch, channels, height, width");
    assert_nothing_computed(&inference);
    assert_step(&inference, 0, "o", "4", 4);
    assert_step(&inference, 1, "n", "7", 7);
    inference = infer(&layer, SHAPE(NONE, NONE, NONE, NONE), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, NONE, 4, NONE));
    assert_step(&inference, 1, "n", "n", NONE);
    cvs_receptive_field field;
    cvs_layer_receptive_field(&inference, &field);
    ck_assert_int_eq(field.size[0], NONE);
    ck_assert_int_eq(field.jump[0], NONE);
    ck_assert_int_eq(field.size[1], 1);
    ck_assert_int_eq(field.jump[1], field.jump_divisor[1]);
    ck_assert_double_eq(field.start[1], 0);
}
END_TEST

static int64_t floor_of(int64_t a, int64_t b) {
    int64_t whole = 0;
    while ((whole + 1) * b <= a) whole++;
    return whole;
}

START_TEST(adaptive_windows_measured) {
    for (int64_t size = 1; size <= 30; size++) {
        for (int64_t cells = 1; cells <= 30; cells++) {
            cvs_layer layer = adaptive(1, cells, 0);
            cvs_inference inference = infer(&layer, SHAPE(1, 1, size), NULL);
            cvs_receptive_field field;
            cvs_layer_receptive_field(&inference, &field);
            int64_t widest = 0;
            double middles = 0;
            for (int64_t j = 0; j < cells; j++) {
                int64_t first = floor_of(j * size, cells), end = size - floor_of((cells - 1 - j) * size, cells);
                if (end - first > widest) widest = end - first;
                middles += (double)(first + end - 1) / 2 - (double)(j * size) / (double)cells;
            }
            ck_assert_int_eq(inference.output.shape.dim[2], cells);
            ck_assert_int_eq(field.size[0], widest);
            ck_assert_int_eq(field.jump[0] * cells, size * field.jump_divisor[0]);
            ck_assert_double_eq_tol(field.start[0], middles / (double)cells, 1e-9);
        }
    }
}
END_TEST

START_TEST(sizes_that_are_none) {
    cvs_layer layer = adaptive(2, 4, 0);
    cvs_error err = refused(&layer, SHAPE(1, 1, 9, 9), "bad-hyperparameter", "/output_size/1");
    ck_assert_str_eq(err.message, "The output size along width is 0; it must be at least 1.");
    layer = adaptive(2, -2, 1);
    refused(&layer, SHAPE(1, 1, 9, 9), "bad-hyperparameter", "/output_size/0");
    layer = pool(CVS_PYTORCH, CVS_OP_GLOBAL_MAX_POOL, 1);
    layer.in_channels = -1;
    refused(&layer, SHAPE(1, 1, 9), "bad-hyperparameter", "/in_channels");
}
END_TEST

Suite *adaptive_pool_suite(void) {
    Suite *suite = suite_create("adaptive_pool");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, global_pools_leave_the_channels);
    tcase_add_test(core, a_global_cell_sees_all);
    tcase_add_test(core, adaptive_pools_give_what_is_asked);
    tcase_add_test(core, adaptive_windows_measured);
    tcase_add_test(limits, sizes_that_are_none);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
