#include "layers.h"

#include <math.h>

Suite *window_suite(void);

/* ---- published sizes -------------------------------------------------------------- */

typedef struct published {
    const char *what;
    cvs_framework framework;
    cvs_padding_mode mode;
    int64_t i, k, s, d, before, after; /* padding: given for explicit, expected for the others */
    int64_t o;
} published;

static const published rows[] = {
    /* CS231n and Dumoulin & Visin's figures */
    {"no padding, unit strides", CVS_CONVSCOPE, CVS_PAD_VALID, 4, 3, 1, 1, 0, 0, 2},
    {"arbitrary padding", CVS_CONVSCOPE, CVS_PAD_EXPLICIT, 5, 4, 1, 1, 2, 2, 6},
    {"half padding", CVS_CONVSCOPE, CVS_PAD_SAME, 5, 3, 1, 1, 1, 1, 5},
    {"full padding", CVS_CONVSCOPE, CVS_PAD_FULL, 5, 3, 1, 1, 2, 2, 7},
    {"strided", CVS_CONVSCOPE, CVS_PAD_VALID, 5, 3, 2, 1, 0, 0, 2},
    {"strided and padded", CVS_CONVSCOPE, CVS_PAD_EXPLICIT, 5, 3, 2, 1, 1, 1, 3},
    {"strided, padded, odd", CVS_CONVSCOPE, CVS_PAD_EXPLICIT, 6, 3, 2, 1, 1, 1, 3},
    {"dilated", CVS_CONVSCOPE, CVS_PAD_VALID, 7, 3, 1, 2, 0, 0, 3},
    {"10 by 3 stride 2: 4.5 floored", CVS_CONVSCOPE, CVS_PAD_VALID, 10, 3, 2, 1, 0, 0, 4},
    {"AlexNet's first", CVS_CONVSCOPE, CVS_PAD_VALID, 227, 11, 4, 1, 0, 0, 55},
    /* TensorFlow's pads */
    {"same 224 k7 s2", CVS_KERAS, CVS_PAD_SAME, 224, 7, 2, 1, 2, 3, 112},
    {"same 224 k3 s2", CVS_KERAS, CVS_PAD_SAME, 224, 3, 2, 1, 0, 1, 112},
    {"same 23 k3 s2", CVS_KERAS, CVS_PAD_SAME, 23, 3, 2, 1, 1, 1, 12},
    {"same, even kernel", CVS_KERAS, CVS_PAD_SAME, 128, 4, 1, 1, 1, 2, 128},
    {"same, kernel below stride", CVS_KERAS, CVS_PAD_SAME, 11, 2, 5, 1, 0, 1, 3},
    {"same, kernel 1 stride 2", CVS_KERAS, CVS_PAD_SAME, 7, 1, 2, 1, 0, 0, 4},
    {"same, kernel beyond input", CVS_KERAS, CVS_PAD_SAME, 1, 5, 1, 1, 2, 2, 1},
    {"SAME_UPPER", CVS_ONNX, CVS_PAD_SAME, 224, 7, 2, 1, 2, 3, 112},
    {"SAME_LOWER", CVS_ONNX, CVS_PAD_SAME_LOWER, 224, 7, 2, 1, 3, 2, 112},
    {"torch same, dilated", CVS_PYTORCH, CVS_PAD_SAME, 17, 4, 1, 3, 4, 5, 17},
    {"causal", CVS_KERAS, CVS_PAD_CAUSAL, 10, 3, 1, 2, 4, 0, 10},
    {"causal, strided", CVS_KERAS, CVS_PAD_CAUSAL, 11, 3, 2, 1, 2, 0, 6},
    {"Keras 1 full", CVS_KERAS1, CVS_PAD_FULL, 11, 3, 1, 1, 2, 2, 13},
    {"Keras 1 full, strided", CVS_KERAS1, CVS_PAD_FULL, 11, 3, 2, 1, 2, 2, 7},
    {"Keras 1 same, strided", CVS_KERAS1, CVS_PAD_SAME, 11, 3, 2, 1, 1, 1, 6},
    {"atrous", CVS_KERAS1, CVS_PAD_VALID, 20, 3, 1, 2, 0, 0, 16},
    /* the corners */
    {"kernel is the padded input", CVS_ONNX, CVS_PAD_EXPLICIT, 5, 8, 3, 1, 2, 1, 1},
    {"pad above kernel", CVS_ONNX, CVS_PAD_EXPLICIT, 1, 3, 1, 1, 51, 51, 101},
    {"125 on 1", CVS_PYTORCH, CVS_PAD_EXPLICIT, 1, 125, 2, 1, 63, 63, 2},
    {"stride far beyond", CVS_PYTORCH, CVS_PAD_VALID, 9, 2, CVS_MAX_PARAMETER, 1, 0, 0, 1},
    {"as large as it gets", CVS_PYTORCH, CVS_PAD_VALID, INT64_MAX, 2, 1, 1, 0, 0, INT64_MAX - 1},
};

static cvs_layer layer_of(const published *row, int spatial_rank) {
    cvs_layer layer = conv(row->framework, spatial_rank, 1, row->k);
    layer.padding.mode = row->mode;
    for (int axis = 0; axis < spatial_rank; axis++) {
        layer.stride[axis] = row->s;
        layer.dilation[axis] = row->d;
        layer.padding.before[axis] = row->before;
        layer.padding.after[axis] = row->after;
    }
    return layer;
}

START_TEST(published_sizes_and_pads) {
    const published *row = &rows[_i];
    cvs_layer layer = layer_of(row, 1);
    cvs_shape input = layer.data_format == CVS_CHANNELS_FIRST ? SHAPE(1, 1, row->i) : SHAPE(1, row->i, 1);
    cvs_inference inference = infer(&layer, input, NULL);
    cvs_shape want = layer.data_format == CVS_CHANNELS_FIRST ? SHAPE(1, 1, row->o) : SHAPE(1, row->o, 1);
    assert_shape(&inference.output.shape, want);
    ck_assert_msg(inference.layer.padding.before[0] == row->before, "%s: before", row->what);
    ck_assert_msg(inference.layer.padding.after[0] == row->after, "%s: after", row->what);
}
END_TEST

/* ---- sizes that are not known ------------------------------------------------------------ */

START_TEST(pads_of_unknown_sizes) {
    cvs_layer layer = conv(CVS_KERAS, 1, 4, 3);
    cvs_receptive_field field;
    layer.padding.mode = CVS_PAD_SAME;
    cvs_inference inference = infer(&layer, SHAPE(NONE, NONE, 2), NULL);
    ck_assert_int_eq(inference.layer.padding.before[0], 1);
    ck_assert_int_eq(inference.output.shape.dim[1], NONE);
    layer.stride[0] = 2;
    inference = infer(&layer, SHAPE(NONE, NONE, 2), NULL);
    ck_assert_int_eq(inference.layer.padding.before[0], NONE);
    ck_assert_int_eq(inference.layer.padding.after[0], NONE);
    cvs_layer_receptive_field(&inference, &field);
    ck_assert_int_eq(field.size[0], 3);
    ck_assert_int_eq(field.jump[0], 2);
    ck_assert(isnan(field.start[0]));
    layer.kernel[0] = 1;
    inference = infer(&layer, SHAPE(NONE, NONE, 2), NULL);
    ck_assert_int_eq(inference.layer.padding.after[0], 0);
}
END_TEST

START_TEST(same_with_stride_one_keeps_the_symbol) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim h = 0;
    cvs_text text = {0};
    ck_assert_int_eq(cvs_symbols_name(symbols, "H", &h, NULL), CVS_OK);
    cvs_layer layer = conv(CVS_KERAS, 2, 4, 5);
    layer.padding.mode = CVS_PAD_SAME;
    cvs_inference inference = infer(&layer, SHAPE(NONE, h, 9, 2), symbols);
    assert_shape(&inference.output.shape, SHAPE(NONE, h, 9, 4));
    layer.stride[0] = 2;
    inference = infer(&layer, SHAPE(NONE, h, 9, 2), symbols);
    cvs_dim_format(symbols, inference.output.shape.dim[1], &text);
    ck_assert_str_eq(text.data, "floor((H + 1)/2)");
    cvs_text_free(&text);
    cvs_arena_free(&arena);
}
END_TEST

/* ---- the arithmetic, shown ---------------------------------------------------------------- */

static void assert_step(const cvs_layer *layer, cvs_dim size, cvs_symbols *symbols, const char *formula,
                        const char *substitution, int64_t result) {
    cvs_inference inference = infer(layer, SHAPE(NONE, size, 1), symbols);
    cvs_text text = {0};
    cvs_step step;
    cvs_layer_step(&inference, 0, &step, &text);
    ck_assert_int_eq(step.axis, CVS_AXIS_LENGTH);
    ck_assert_str_eq(step.formula, formula);
    ck_assert_str_eq(text.data, substitution);
    if (result) ck_assert_int_eq(step.result, result);
    cvs_text_free(&text);
}

START_TEST(steps_show_the_numbers) {
    static const char *const window = "floor((n + p_before + p_after - d*(k - 1) - 1)/s) + 1";
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim h = 0;
    ck_assert_int_eq(cvs_symbols_name(symbols, "H", &h, NULL), CVS_OK);
    cvs_layer layer = conv(CVS_CONVSCOPE, 1, 4, 5);
    assert_step(&layer, 300, NULL, window, "floor((300 + 0 + 0 - 1*(5 - 1) - 1)/1) + 1", 296);
    assert_step(&layer, NONE, NULL, window, "floor((n + 0 + 0 - 1*(5 - 1) - 1)/1) + 1", NONE);
    assert_step(&layer, h, symbols, window, "floor((H + 0 + 0 - 1*(5 - 1) - 1)/1) + 1", 0);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {2}, .after = {3}};
    layer.dilation[0] = 2;
    layer.stride[0] = 3;
    assert_step(&layer, 20, NULL, window, "floor((20 + 2 + 3 - 2*(5 - 1) - 1)/3) + 1", 6);
    layer.padding.mode = CVS_PAD_FULL;
    assert_step(&layer, 20, NULL, window, "floor((20 + 8 + 8 - 2*(5 - 1) - 1)/3) + 1", 10);
    layer.padding.mode = CVS_PAD_SAME_LOWER;
    layer.stride[0] = 2;
    assert_step(&layer, 224, NULL, "ceil(n/s)", "ceil(224/2)", 112);
    assert_step(&layer, NONE, NULL, "ceil(n/s)", "ceil(n/2)", NONE);
    assert_step(&layer, h, symbols, "ceil(n/s)", "ceil(H/2)", 0);
    layer.padding.mode = CVS_PAD_CAUSAL;
    cvs_layer first = conv(CVS_CONVSCOPE, 1, 1, 5);
    cvs_inference before = infer(&first, SHAPE(NONE, h, 1), symbols);
    assert_step(&layer, before.output.shape.dim[1], symbols, "ceil(n/s)", "ceil((H - 4)/2)", 0);
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(steps_of_each_axis) {
    cvs_layer layer = conv(CVS_PYTORCH, 3, 4, 1);
    static const int64_t kernel[] = {1, 2, 3};
    memcpy(layer.kernel, kernel, sizeof layer.kernel);
    cvs_inference inference = infer(&layer, SHAPE(1, 2, 7, 8, 9), NULL);
    static const cvs_axis axes[] = {CVS_AXIS_DEPTH, CVS_AXIS_HEIGHT, CVS_AXIS_WIDTH};
    for (int axis = 0; axis < 3; axis++) {
        cvs_step step;
        cvs_text text = {0};
        cvs_layer_step(&inference, axis, &step, &text);
        ck_assert_int_eq(step.axis, axes[axis]);
        ck_assert_int_eq(step.result, 7);
        cvs_text_free(&text);
    }
}
END_TEST

/* ---- what does not fit ----------------------------------------------------------------------- */

START_TEST(a_kernel_that_fits_nowhere_says_what_would) {
    cvs_layer layer = conv(CVS_KERAS, 2, 4, 5);
    layer.kernel[0] = 1;
    cvs_error err = refused(&layer, SHAPE(NONE, 9, 4, 1), "kernel-larger-than-input", "/kernel/1");
    ck_assert_str_eq(err.message,
                     "Along width the kernel is 5, but the input has only 4: it fits nowhere. The smallest "
                     "input for this kernel is 5, the largest kernel for this input is 4.");
    ck_assert_str_eq(err.expected, "a kernel of at most 4 or an input of at least 5");
    layer = conv(CVS_PYTORCH, 1, 4, 3);
    layer.dilation[0] = 4;
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {1}, .after = {1}};
    err = refused(&layer, SHAPE(1, 1, 6), "kernel-larger-than-input", "/kernel/0");
    ck_assert_str_eq(err.message, "Along length the kernel is 3 and, with dilation 4, spans 9 cells, but the input has "
                                  "only 6 (8 with padding): it fits nowhere. The smallest input for this kernel is 7, "
                                  "the largest kernel for this input is 2.");
    infer(&layer, SHAPE(1, 1, 7), NULL);
    layer.kernel[0] = 2;
    infer(&layer, SHAPE(1, 1, 6), NULL);
}
END_TEST

/* The founding question's slip: the 300 numbers were meant as steps. */
START_TEST(many_channels_and_a_short_length_are_pointed_at) {
    static const char last[] = " The 300 stands on the channel axis, which no window slides along; 300 steps of one "
                               "channel would be (batch, 300, 1).";
    cvs_layer layer = conv(CVS_KERAS1, 1, 111, 5);
    cvs_error err = refused(&layer, SHAPE(NONE, 1, 300), "kernel-larger-than-input", "/kernel/0");
    ck_assert_ptr_nonnull(strstr(err.message, last));
    err = refused(&layer, SHAPE(NONE, 1, 4), "kernel-larger-than-input", "/kernel/0");
    ck_assert_ptr_null(strstr(err.message, "channel axis"));
    layer = conv(CVS_PYTORCH, 1, 111, 5);
    err = refused(&layer, SHAPE(NONE, 300, 1), "kernel-larger-than-input", "/kernel/0");
    ck_assert_ptr_nonnull(strstr(err.message, "(batch, 1, 300)."));
}
END_TEST

START_TEST(fills_take_their_cells_from_the_input) {
    cvs_layer layer = conv(CVS_PYTORCH, 1, 1, 3);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .fill = CVS_FILL_REFLECT, .before = {5}, .after = {5}};
    infer(&layer, SHAPE(1, 1, 6), NULL);
    cvs_error err = refused(&layer, SHAPE(1, 1, 5), "padding-exceeds-input", "/padding/before/0");
    ck_assert_str_eq(err.expected, "at most 4");
    layer.padding.fill = CVS_FILL_CIRCULAR;
    infer(&layer, SHAPE(1, 1, 5), NULL);
    refused(&layer, SHAPE(1, 1, 4), "padding-exceeds-input", "/padding/before/0");
    layer.padding.fill = CVS_FILL_REPLICATE;
    infer(&layer, SHAPE(1, 1, 1), NULL);
    layer.framework = CVS_CONVSCOPE;
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .fill = CVS_FILL_REFLECT, .before = {0}, .after = {5}};
    refused(&layer, SHAPE(1, 1, 5), "padding-exceeds-input", "/padding/after/0");
}
END_TEST

START_TEST(padded_sizes_that_overflow) {
    cvs_layer layer = conv(CVS_CONVSCOPE, 1, 1, 3);
    layer.padding.mode = CVS_PAD_FULL;
    refused(&layer, SHAPE(1, INT64_MAX - 3, 1), "size-overflow", "");
    layer.padding.mode = CVS_PAD_SAME;
    refused(&layer, SHAPE(1, INT64_MAX, 1), "size-overflow", "");
    infer(&layer, SHAPE(1, INT64_MAX - 2, 1), NULL);
}
END_TEST

Suite *window_suite(void) {
    Suite *suite = suite_create("window");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, published_sizes_and_pads, 0, sizeof rows / sizeof *rows);
    tcase_add_test(core, pads_of_unknown_sizes);
    tcase_add_test(core, same_with_stride_one_keeps_the_symbol);
    tcase_add_test(core, steps_show_the_numbers);
    tcase_add_test(core, steps_of_each_axis);
    tcase_add_test(limits, a_kernel_that_fits_nowhere_says_what_would);
    tcase_add_test(limits, many_channels_and_a_short_length_are_pointed_at);
    tcase_add_test(limits, fills_take_their_cells_from_the_input);
    tcase_add_test(limits, padded_sizes_that_overflow);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
