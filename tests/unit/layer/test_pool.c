#include "layers.h"

Suite *pool_suite(void);

static cvs_layer max_pool(cvs_framework framework, int spatial_rank, int64_t kernel, int64_t stride) {
    cvs_layer layer = conv(framework, spatial_rank, 0, kernel);
    layer.op = CVS_OP_MAX_POOL;
    for (int axis = 0; axis < spatial_rank; axis++) layer.stride[axis] = stride;
    return layer;
}

static void pad(cvs_layer *layer, int64_t before, int64_t after) {
    layer->padding.mode = CVS_PAD_EXPLICIT;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        layer->padding.before[axis] = before;
        layer->padding.after[axis] = after;
    }
}

/* ---- sizes that the frameworks gave -------------------------------------------- */

typedef struct published {
    cvs_framework framework;
    int64_t k, s, d, pad;
    bool ceil_mode;
    cvs_padding_mode mode;
    int64_t input, output;
} published;

static const published pools[] = {
    {CVS_PYTORCH, 2, 3, 1, 1, true, CVS_PAD_EXPLICIT, 43, 15},
    {CVS_PYTORCH, 4, 4, 1, 0, true, CVS_PAD_VALID, 13, 4},
    {CVS_PYTORCH, 4, 4, 1, 0, true, CVS_PAD_VALID, 7, 2},
    {CVS_PYTORCH, 2, 3, 1, 1, true, CVS_PAD_EXPLICIT, 8, 3},
    {CVS_PYTORCH, 2, 3, 1, 1, true, CVS_PAD_EXPLICIT, 12, 5},
    {CVS_PYTORCH, 4, 2, 1, 1, true, CVS_PAD_EXPLICIT, 21, 11},
    {CVS_PYTORCH, 2, 2, 2, 1, false, CVS_PAD_EXPLICIT, 9, 5},
    {CVS_PYTORCH, 4, 4, 1, 2, false, CVS_PAD_EXPLICIT, 24, 7},
    {CVS_PYTORCH, 2, 2, 1, 1, true, CVS_PAD_EXPLICIT, 44, 23},
    {CVS_PYTORCH, 3, 3, 1, 0, true, CVS_PAD_VALID, 1, 1},
    {CVS_KERAS, 1, 3, 1, 0, false, CVS_PAD_VALID, 20, 7},
    {CVS_KERAS, 2, 2, 1, 0, false, CVS_PAD_SAME, 23, 12},
    {CVS_KERAS, 2, 3, 1, 0, false, CVS_PAD_SAME, 25, 9},
    {CVS_KERAS1, 2, 2, 1, 0, false, CVS_PAD_VALID, 297, 148},
    {CVS_ONNX, 2, 1, 2, 0, false, CVS_PAD_VALID, 4, 2},
    {CVS_ONNX, 3, 1, 1, 2, false, CVS_PAD_EXPLICIT, 28, 30},
    {CVS_ONNX, 2, 1, 1, 0, false, CVS_PAD_SAME_LOWER, 32, 32},
    {CVS_ONNX, 3, 2, 1, 0, true, CVS_PAD_SAME, 5, 3},
};

START_TEST(sizes_that_the_frameworks_gave) {
    const published *row = &pools[_i];
    cvs_layer layer = max_pool(row->framework, 1, row->k, row->s);
    layer.dilation[0] = row->d;
    layer.ceil_mode = row->ceil_mode;
    if (row->mode == CVS_PAD_EXPLICIT) pad(&layer, row->pad, row->pad);
    layer.padding.mode = row->mode;
    bool first = layer.data_format == CVS_CHANNELS_FIRST;
    cvs_inference inference = infer(&layer, first ? SHAPE(2, 3, row->input) : SHAPE(2, row->input, 3), NULL);
    assert_shape(&inference.output.shape, first ? SHAPE(2, 3, row->output) : SHAPE(2, row->output, 3));
    assert_axes(&inference.output, first ? "batch, channels, length" : "batch, length, channels");
}
END_TEST

/* ---- a window pushed along ------------------------------------------------------- */

typedef struct setting {
    int64_t i, k, s, d, before, after;
    bool ceil_mode, keeps_last;
} setting;

static int64_t extent_of(const setting *a) {
    int64_t cells = 1;
    for (int64_t tap = 1; tap < a->k; tap++) cells += a->d;
    return cells;
}

/*
 * Floor mode: the windows that end within the padded input. Ceil mode: as long as the window before left cells of it
 * over; but one that begins in the padding after is ignored, unless it is kept.
 */
static int64_t count_windows(const setting *a) {
    int64_t windows = 0, end = a->i + a->after;
    for (int64_t start = -a->before;; start += a->s) {
        int64_t stop = start + extent_of(a);
        bool left_over = stop - a->s < end, counts = a->ceil_mode ? left_over : stop <= end;
        if (a->ceil_mode && !a->keeps_last && start >= a->i) counts = false;
        if (!counts) return windows;
        windows++;
    }
}

static setting random_setting(uint64_t *state) {
    setting a = {.i = random_in(state, 1, 30),
                 .k = random_in(state, 1, 6),
                 .s = random_in(state, 1, 8),
                 .d = random_in(state, 1, 3),
                 .ceil_mode = random_in(state, 0, 1),
                 .keeps_last = random_in(state, 0, 1)};
    a.before = random_in(state, 0, extent_of(&a) - 1);
    a.after = random_in(state, 0, extent_of(&a) - 1);
    return a;
}

/* The size as an expression in N, with the number put in. */
static int64_t by_symbol(const cvs_layer *layer, int64_t size) {
    cvs_arena arena = {0};
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim name;
    ck_assert_int_eq(cvs_symbols_name(symbols, "N", &name, NULL), CVS_OK);
    cvs_inference inference = infer(layer, SHAPE(1, name, 3), symbols);
    const cvs_binding binding = {"N", size};
    int64_t value = cvs_dim_bind(symbols, inference.output.shape.dim[1], &binding, 1);
    cvs_arena_free(&arena);
    return value;
}

START_TEST(sizes_equal_a_plain_count) {
    uint64_t state = 11;
    int empty = 0;
    for (int round = 0; round < 50000; round++) {
        setting a = random_setting(&state);
        cvs_layer layer = max_pool(CVS_CONVSCOPE, 1, a.k, a.s);
        layer.op = round % 2 ? CVS_OP_MAX_POOL : CVS_OP_AVERAGE_POOL;
        layer.dilation[0] = a.d;
        layer.ceil_mode = a.ceil_mode;
        layer.ceil_keeps_last = a.keeps_last;
        pad(&layer, a.before, a.after);
        int64_t want = count_windows(&a);
        cvs_inference inference;
        cvs_shape input = SHAPE(1, a.i, 3);
        cvs_status status = cvs_infer(&layer, &input, NULL, &inference, NULL);
        empty += want == 0;
        if (want == 0 ? status != CVS_INVALID : status != CVS_OK || inference.output.shape.dim[1] != want)
            ck_abort_msg("i %d k %d s %d d %d pads %d %d ceil %d: wanted %d", (int)a.i, (int)a.k, (int)a.s, (int)a.d,
                         (int)a.before, (int)a.after, a.ceil_mode, (int)want);
        if (round % 50 == 0 && want) ck_assert_int_eq(by_symbol(&layer, a.i), want);
    }
    ck_assert_int_gt(empty, 500);
}
END_TEST

/* ---- what else a pool has ------------------------------------------------------------ */

START_TEST(pools_have_no_weights_and_multiply_nothing) {
    cvs_layer layer = max_pool(CVS_PYTORCH, 2, 3, 2);
    pad(&layer, 1, 1);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 64, 112, 112), NULL);
    cvs_weights weights;
    cvs_cost cost;
    for (int framework = CVS_KERAS; framework < CVS_FRAMEWORK_COUNT; framework++) {
        ck_assert_int_eq(cvs_layer_weights(&inference, (cvs_framework)framework, &weights, NULL), CVS_OK);
        ck_assert_int_eq(weights.count + weights.parameters, 0);
    }
    ck_assert_int_eq(cvs_layer_cost(&inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.macs + cost.bias_adds + cost.flops + cost.weights_bytes, 0);
    ck_assert_int_eq(cost.output_bytes, 4 * 64 * 56 * 56);
    cvs_receptive_field field;
    cvs_layer_receptive_field(&inference, &field);
    ck_assert_int_eq(field.size[1], 3);
    ck_assert_int_eq(field.jump[1], 2);
    ck_assert_double_eq(field.start[1], 0);
}
END_TEST

START_TEST(symbols_of_every_axis_pass_through) {
    cvs_arena arena = {0};
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim height, channels;
    ck_assert_int_eq(cvs_symbols_name(symbols, "H", &height, NULL), CVS_OK);
    ck_assert_int_eq(cvs_symbols_name(symbols, "C", &channels, NULL), CVS_OK);
    cvs_layer layer = max_pool(CVS_PYTORCH, 2, 2, 2);
    layer.ceil_mode = true;
    cvs_inference inference = infer(&layer, SHAPE(NONE, channels, height, NONE), symbols);
    ck_assert_int_eq(inference.output.shape.dim[1], channels);
    ck_assert_int_eq(inference.output.shape.dim[3], NONE);
    cvs_text text = {0};
    cvs_dim_format(symbols, inference.output.shape.dim[2], &text);
    ck_assert_str_eq(text.data, "floor((H + 1)/2)");
    cvs_text_free(&text);
    cvs_arena_free(&arena);
}
END_TEST

static void assert_step(const cvs_layer *layer, int64_t size, const char *formula, const char *substitution) {
    cvs_inference inference = infer(layer, SHAPE(1, 1, size), NULL);
    cvs_step step;
    cvs_text text = {0};
    cvs_layer_step(&inference, 0, &step, &text);
    ck_assert_str_eq(step.formula, formula);
    ck_assert_str_eq(text.data, substitution);
    ck_assert_int_eq(step.result, inference.output.shape.dim[2]);
    cvs_text_free(&text);
}

START_TEST(steps_show_how_the_rest_is_rounded) {
    cvs_layer layer = max_pool(CVS_PYTORCH, 1, 3, 2);
    const char *rounded = "ceil((n + p_before + p_after - d*(k - 1) - 1)/s) + 1";
    assert_step(&layer, 10, "floor((n + p_before + p_after - d*(k - 1) - 1)/s) + 1",
                "floor((10 + 0 + 0 - 1*(3 - 1) - 1)/2) + 1");
    layer.ceil_mode = true;
    assert_step(&layer, 10, rounded, "ceil((10 + 0 + 0 - 1*(3 - 1) - 1)/2) + 1");
    layer = max_pool(CVS_PYTORCH, 1, 2, 2);
    layer.ceil_mode = true;
    pad(&layer, 1, 1);
    assert_step(&layer, 44, "min(ceil((n + p_before + p_after - d*(k - 1) - 1)/s) + 1, ceil((n + p_before)/s))",
                "min(ceil((44 + 1 + 1 - 1*(2 - 1) - 1)/2) + 1, ceil((44 + 1)/2))");
    layer.framework = CVS_ONNX;
    layer.ceil_keeps_last = true;
    assert_step(&layer, 44, rounded, "ceil((44 + 1 + 1 - 1*(2 - 1) - 1)/2) + 1");
    layer.padding.mode = CVS_PAD_SAME;
    assert_step(&layer, 45, "ceil(n/s)", "ceil(45/2)");
}
END_TEST

/* ---- what does not exist ----------------------------------------------------------------- */

START_TEST(pads_that_leave_a_window_empty) {
    cvs_layer layer = max_pool(CVS_PYTORCH, 1, 3, 1);
    pad(&layer, 2, 2);
    cvs_error err = refused(&layer, SHAPE(1, 1, 9), "pool-padding-range", "/padding/before/0");
    ck_assert_str_eq(
        err.message,
        "A pooling window that spans 3 along length may have at most 1 padded cells, half of itself, not 2.");
    ck_assert_str_eq(err.expected, "at most 1");
    layer.framework = CVS_ONNX;
    infer(&layer, SHAPE(1, 1, 9), NULL);
    pad(&layer, 2, 3);
    refused(&layer, SHAPE(1, 1, 9), "pool-padding-range", "/padding/after/0");
}
END_TEST

START_TEST(options_that_a_framework_lacks) {
    cvs_layer layer = max_pool(CVS_KERAS, 2, 2, 1);
    layer.dilation[1] = 2;
    refused(&layer, SHAPE(1, 9, 9, 1), "pool-without-dilation", "/dilation/1");
    layer = max_pool(CVS_PYTORCH, 2, 2, 1);
    layer.dilation[1] = 2;
    infer(&layer, SHAPE(1, 1, 9, 9), NULL);
    layer.op = CVS_OP_AVERAGE_POOL;
    refused(&layer, SHAPE(1, 1, 9, 9), "pool-without-dilation", "/dilation/1");
    layer = max_pool(CVS_KERAS1, 2, 2, 1);
    layer.ceil_mode = true;
    refused(&layer, SHAPE(1, 9, 9, 1), "pool-without-ceil-mode", "/ceil_mode");
    layer = max_pool(CVS_PYTORCH, 2, 2, 1);
    layer.padding.mode = CVS_PAD_SAME;
    refused(&layer, SHAPE(1, 1, 9, 9), "padding-mode-unavailable", "/padding/mode");
    layer.padding = (cvs_padding){.fill = CVS_FILL_REFLECT};
    refused(&layer, SHAPE(1, 1, 9, 9), "padding-fill-unavailable", "/padding/fill");
    layer.padding.fill = CVS_FILL_ZEROS;
    layer.divisor = -1;
    refused(&layer, SHAPE(1, 1, 9, 9), "bad-hyperparameter", "/divisor");
}
END_TEST

START_TEST(avg_pool3d_looks_at_the_input_without_its_pads) {
    cvs_layer layer = max_pool(CVS_PYTORCH, 3, 3, 1);
    pad(&layer, 1, 1);
    infer(&layer, SHAPE(1, 1, 9, 2, 9), NULL);
    layer.op = CVS_OP_AVERAGE_POOL;
    cvs_error err = refused(&layer, SHAPE(1, 1, 9, 2, 9), "kernel-larger-than-input", "/kernel/1");
    ck_assert_str_eq(err.expected, "at most 2");
    infer(&layer, SHAPE(1, 1, 9, NONE, 3), NULL);
    layer.framework = CVS_ONNX;
    infer(&layer, SHAPE(1, 1, 9, 2, 9), NULL);
}
END_TEST

START_TEST(a_window_too_large_counts_what_hangs_over) {
    cvs_layer layer = max_pool(CVS_PYTORCH, 1, 5, 3);
    layer.ceil_mode = true;
    infer(&layer, SHAPE(1, 1, 3), NULL);
    cvs_error err = refused(&layer, SHAPE(1, 1, 2), "kernel-larger-than-input", "/kernel/0");
    ck_assert_str_eq(err.expected, "a kernel of at most 4 or an input of at least 3");
    layer.kernel[0] = 4;
    infer(&layer, SHAPE(1, 1, 2), NULL);
}
END_TEST

Suite *pool_suite(void) {
    Suite *suite = suite_create("pool");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, sizes_that_the_frameworks_gave, 0, sizeof pools / sizeof *pools);
    tcase_add_test(core, sizes_equal_a_plain_count);
    tcase_add_test(core, pools_have_no_weights_and_multiply_nothing);
    tcase_add_test(core, symbols_of_every_axis_pass_through);
    tcase_add_test(core, steps_show_how_the_rest_is_rounded);
    tcase_add_test(limits, pads_that_leave_a_window_empty);
    tcase_add_test(limits, options_that_a_framework_lacks);
    tcase_add_test(limits, avg_pool3d_looks_at_the_input_without_its_pads);
    tcase_add_test(limits, a_window_too_large_counts_what_hangs_over);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
