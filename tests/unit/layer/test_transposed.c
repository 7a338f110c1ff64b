#include "layers.h"

Suite *transposed_suite(void);

static cvs_layer transposed(cvs_framework framework, int spatial_rank, int64_t kernel, int64_t stride) {
    cvs_layer layer = conv(framework, spatial_rank, 6, kernel);
    layer.op = CVS_OP_CONV_TRANSPOSE;
    for (int axis = 0; axis < spatial_rank; axis++) layer.stride[axis] = stride;
    return layer;
}

static cvs_inference along(const cvs_layer *layer, int64_t size, cvs_symbols *symbols) {
    bool first = layer->data_format == CVS_CHANNELS_FIRST;
    return infer(layer, first ? SHAPE(1, 4, size) : SHAPE(1, size, 4), symbols);
}

static int64_t length_of(const cvs_inference *inference) {
    return inference->output.shape.dim[inference->layer.data_format == CVS_CHANNELS_FIRST ? 2 : 1];
}

/* ---- sizes and crops that are published ------------------------------------------------ */

enum { ABSENT = -9 };

typedef struct published {
    cvs_framework framework;
    int64_t k, s, d;
    cvs_padding_mode mode;
    int64_t pad_before, pad_after, output_padding, wanted, input, output, before, empty; /* what comes out */
} published;

static const published layers[] = {
    /* Keras: deconv_output_length() and what TensorFlow cuts before */
    {CVS_KERAS, 4, 2, 1, CVS_PAD_SAME, 0, 0, ABSENT, ABSENT, 11, 22, 1, 0},
    {CVS_KERAS, 1, 2, 1, CVS_PAD_SAME, 0, 0, ABSENT, ABSENT, 11, 22, 0, 1},
    {CVS_KERAS, 5, 2, 1, CVS_PAD_SAME, 0, 0, ABSENT, ABSENT, 12, 24, 1, 0},
    {CVS_KERAS, 2, 3, 1, CVS_PAD_VALID, 0, 0, ABSENT, ABSENT, 7, 21, 0, 1},
    {CVS_KERAS, 4, 2, 1, CVS_PAD_VALID, 0, 0, ABSENT, ABSENT, 9, 20, 0, 0},
    {CVS_KERAS, 3, 2, 1, CVS_PAD_VALID, 0, 0, 0, ABSENT, 4, 9, 0, 0},
    {CVS_KERAS, 1, 3, 1, CVS_PAD_VALID, 0, 0, 0, ABSENT, 4, 10, 0, 0},
    {CVS_KERAS, 3, 2, 1, CVS_PAD_VALID, 0, 0, 1, ABSENT, 4, 10, 0, 1},
    {CVS_KERAS, 3, 2, 1, CVS_PAD_SAME, 0, 0, 0, ABSENT, 12, 23, 1, 0},
    {CVS_KERAS, 3, 2, 1, CVS_PAD_SAME, 0, 0, 1, ABSENT, 12, 24, 0, 1},
    {CVS_KERAS, 4, 3, 1, CVS_PAD_SAME, 0, 0, 2, ABSENT, 5, 14, 1, 2},
    {CVS_KERAS, 3, 1, 2, CVS_PAD_VALID, 0, 0, ABSENT, ABSENT, 5, 9, 0, 0},
    /* torch.nn.ConvTranspose1d */
    {CVS_PYTORCH, 2, 1, 2, CVS_PAD_EXPLICIT, 1, 1, 1, ABSENT, 53, 54, 1, 1},
    {CVS_PYTORCH, 1, 3, 1, CVS_PAD_EXPLICIT, 1, 1, 2, ABSENT, 19, 55, 1, 2},
    {CVS_PYTORCH, 1, 2, 1, CVS_PAD_EXPLICIT, 1, 1, ABSENT, ABSENT, 36, 69, 1, 0},
    {CVS_PYTORCH, 4, 2, 1, CVS_PAD_VALID, 0, 0, 0, ABSENT, 9, 20, 0, 0},
    {CVS_PYTORCH, 1, 3, 2, CVS_PAD_VALID, 0, 0, 2, ABSENT, 18, 54, 0, 2},
    /* onnx.backend.test: convtranspose_pads, _autopad_same, _output_shape, _kernel_shape, _dilations */
    {CVS_ONNX, 3, 3, 1, CVS_PAD_EXPLICIT, 1, 1, ABSENT, ABSENT, 3, 7, 1, 0},
    {CVS_ONNX, 3, 2, 1, CVS_PAD_EXPLICIT, 2, 2, ABSENT, ABSENT, 3, 3, 2, 0},
    {CVS_ONNX, 3, 2, 1, CVS_PAD_SAME, 0, 0, ABSENT, ABSENT, 3, 6, 0, 0},
    {CVS_ONNX, 3, 2, 1, CVS_PAD_SAME_LOWER, 0, 0, ABSENT, ABSENT, 3, 6, 1, 0},
    {CVS_ONNX, 1, 3, 1, CVS_PAD_SAME, 0, 0, ABSENT, ABSENT, 3, 9, 0, 2},
    {CVS_ONNX, 3, 3, 1, CVS_PAD_VALID, 0, 0, ABSENT, 10, 3, 10, 0, 1},
    {CVS_ONNX, 3, 2, 1, CVS_PAD_VALID, 0, 0, 1, 8, 3, 8, 0, 1},
    {CVS_ONNX, 4, 2, 1, CVS_PAD_VALID, 0, 0, ABSENT, 5, 3, 5, 2, 0},
    {CVS_ONNX, 4, 2, 1, CVS_PAD_SAME, 0, 0, ABSENT, 5, 3, 5, 1, 0},
    {CVS_ONNX, 2, 1, 2, CVS_PAD_VALID, 0, 0, ABSENT, ABSENT, 3, 5, 0, 0},
};

static cvs_layer layer_of(const published *row) {
    cvs_layer layer = transposed(row->framework, 1, row->k, row->s);
    layer.dilation[0] = row->d;
    layer.padding = (cvs_padding){.mode = row->mode, .before = {row->pad_before}, .after = {row->pad_after}};
    layer.has_output_padding = row->output_padding != ABSENT;
    if (layer.has_output_padding) layer.output_padding[0] = row->output_padding;
    layer.has_output_size = row->wanted != ABSENT;
    if (layer.has_output_size) layer.output_size[0] = row->wanted;
    return layer;
}

static void assert_settled(const cvs_inference *inference, const published *row) {
    const cvs_layer *layer = &inference->layer;
    ck_assert_int_eq(length_of(inference), row->output);
    ck_assert_int_eq(layer->padding.before[0], row->before);
    ck_assert_int_eq(layer->output_padding[0], row->empty);
    ck_assert_int_eq((row->input - 1) * row->s + row->d * (row->k - 1) + 1 - layer->padding.before[0] -
                         layer->padding.after[0] + layer->output_padding[0],
                     row->output);
}

START_TEST(published_sizes_and_crops) {
    cvs_layer layer = layer_of(&layers[_i]);
    cvs_inference inference = along(&layer, layers[_i].input, NULL);
    assert_settled(&inference, &layers[_i]);
    ck_assert(inference.layer.has_output_padding == layer.has_output_padding);
    cvs_inference again = along(&inference.layer, layers[_i].input, NULL);
    assert_settled(&again, &layers[_i]);
}
END_TEST

/* What a name stands for gives what the number gives. */
START_TEST(sizes_of_symbols) {
    cvs_arena arena = {0};
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim name;
    ck_assert_int_eq(cvs_symbols_name(symbols, "L", &name, NULL), CVS_OK);
    cvs_layer layer = layer_of(&layers[_i]);
    cvs_inference inference = along(&layer, name, symbols);
    const cvs_binding binding = {"L", layers[_i].input};
    ck_assert_int_eq(cvs_dim_bind(symbols, length_of(&inference), &binding, 1), layers[_i].output);
    int64_t known = layer.has_output_size ? NONE : layers[_i].before;
    ck_assert_int_eq(inference.layer.padding.before[0], known);
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(unknown_sizes_stay_unknown) {
    cvs_layer layer = transposed(CVS_KERAS, 2, 3, 2);
    cvs_inference inference = infer(&layer, SHAPE(NONE, NONE, 5, 4), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, NONE, 11, 6));
    assert_axes(&inference.output, "batch, height, width, filters");
}
END_TEST

START_TEST(what_is_open_may_be_inferred_again) {
    cvs_layer layer = transposed(CVS_ONNX, 1, 3, 2);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {1}, .after = {1}};
    layer.has_output_size = true;
    layer.output_size[0] = 9;
    cvs_inference open = along(&layer, NONE, NULL), again = along(&open.layer, NONE, NULL);
    ck_assert_int_eq(again.layer.padding.before[0], NONE);
    ck_assert_int_eq(length_of(&again), 9);
    layer = transposed(CVS_KERAS1, 2, 1, 3);
    layer.has_output_padding = true;
    open = infer(&layer, SHAPE(1, 5, 5, 1), NULL);
    again = infer(&open.layer, SHAPE(1, 5, 5, 1), NULL);
    assert_shape(&again.output.shape, SHAPE(1, 15, 15, 6));
    layer.output_padding[1] = 1;
    refused(&layer, SHAPE(1, 5, 5, 1), "output-padding-range", "/output_padding/1");
}
END_TEST

/* ---- scattering ------------------------------------------------------------------------- */

typedef struct setting {
    int64_t i, k, s, d, before, after, extra;
} setting;

static setting random_setting(uint64_t *state) {
    setting a = {.i = random_in(state, 1, 12),
                 .k = random_in(state, 1, 6),
                 .s = random_in(state, 1, 5),
                 .d = random_in(state, 1, 4),
                 .before = random_in(state, 0, 6),
                 .after = random_in(state, 0, 6)};
    a.extra = random_in(state, 0, (a.s > a.d ? a.s : a.d) - 1);
    return a;
}

/* One more than the last cell that any input and tap reach, then cut at both ends. */
static int64_t scatter(const setting *a) {
    int64_t last = 0;
    for (int64_t x = 0; x < a->i; x++)
        for (int64_t t = 0; t < a->k; t++)
            if (x * a->s + t * a->d > last) last = x * a->s + t * a->d;
    return last + 1 - a->before - a->after + a->extra;
}

static cvs_layer layer_with(const setting *a) {
    cvs_layer layer = transposed(CVS_CONVSCOPE, 1, a->k, a->s);
    layer.dilation[0] = a->d;
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {a->before}, .after = {a->after}};
    layer.has_output_padding = true;
    layer.output_padding[0] = a->extra;
    return layer;
}

START_TEST(sizes_equal_a_scatter) {
    uint64_t state = 5;
    int empty = 0;
    for (int round = 0; round < 50000; round++) {
        setting a = random_setting(&state);
        cvs_layer layer = layer_with(&a);
        int64_t want = scatter(&a);
        cvs_shape input = SHAPE(1, a.i, 3);
        cvs_inference inference;
        cvs_status status = cvs_infer(&layer, &input, NULL, &inference, NULL);
        empty += want < 1;
        if (want < 1 ? status != CVS_INVALID : status != CVS_OK || length_of(&inference) != want)
            ck_abort_msg("i %d k %d s %d d %d: wanted %d", (int)a.i, (int)a.k, (int)a.s, (int)a.d, (int)want);
    }
    ck_assert_int_gt(empty, 500);
}
END_TEST

/* The inputs that reach each output cell, marked one by one. */
static void inputs_of(const setting *a, int64_t cell, int64_t *first, int64_t *last) {
    *first = INT64_MAX, *last = INT64_MIN;
    for (int64_t x = -50; x <= 50; x++)
        for (int64_t t = 0; t < a->k; t++) {
            if (x * a->s + t * a->d - a->before != cell) continue;
            *first = x < *first ? x : *first;
            *last = x > *last ? x : *last;
        }
}

START_TEST(receptive_fields_equal_what_reaches_each_cell) {
    uint64_t state = 6;
    for (int round = 0; round < 2000; round++) {
        setting a = random_setting(&state);
        a.i = 30;
        cvs_layer layer = layer_with(&a);
        cvs_inference inference = along(&layer, a.i, NULL);
        cvs_receptive_field field;
        cvs_layer_receptive_field(&inference, &field);
        int64_t widest = 0, kinds = 0;
        double middles = 0;
        for (int64_t cell = 0; cell < a.s; cell++) {
            int64_t first, last;
            inputs_of(&a, cell, &first, &last);
            if (first > last) continue;
            if (last - first + 1 > widest) widest = last - first + 1;
            middles += (double)(first + last) / 2 - (double)cell / (double)a.s;
            kinds++;
        }
        ck_assert_int_eq(field.size[0], widest);
        ck_assert_int_eq(field.jump[0] * a.s, field.jump_divisor[0]);
        if (kinds == a.s) ck_assert_double_eq_tol(field.start[0], middles / (double)kinds, 1e-9);
    }
}
END_TEST

/* ---- weights and cost ----------------------------------------------------------------------- */

static void assert_kernel(const cvs_layer *layer, cvs_shape input, cvs_framework framework, cvs_shape want,
                          const char *axes) {
    cvs_inference inference = infer(layer, input, NULL);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, framework, &weights, NULL), CVS_OK);
    assert_shape(&weights.weight[0].tensor.shape, want);
    assert_axes(&weights.weight[0].tensor, axes);
    assert_shape(&weights.weight[1].tensor.shape, SHAPE(layer->filters));
}

START_TEST(kernels_as_stored) {
    cvs_layer layer = transposed(CVS_CONVSCOPE, 2, 3, 1);
    layer.kernel[1] = 5;
    cvs_shape last = SHAPE(1, 9, 9, 4), first = SHAPE(1, 4, 9, 9);
    assert_kernel(&layer, last, CVS_KERAS, SHAPE(3, 5, 6, 4), "kernel_height, kernel_width, filters, in_channels");
    assert_kernel(&layer, last, CVS_TENSORFLOW, SHAPE(3, 5, 6, 4), "kernel_height, kernel_width, filters, in_channels");
    assert_kernel(&layer, last, CVS_KERAS1, SHAPE(3, 5, 4, 6), "kernel_height, kernel_width, in_channels, filters");
    assert_kernel(&layer, last, CVS_PYTORCH, SHAPE(4, 6, 3, 5), "in_channels, filters, kernel_height, kernel_width");
    layer.data_format = CVS_CHANNELS_FIRST;
    assert_kernel(&layer, first, CVS_KERAS1, SHAPE(6, 4, 3, 5), "filters, in_channels, kernel_height, kernel_width");
    layer.groups = 2;
    assert_kernel(&layer, first, CVS_ONNX, SHAPE(4, 3, 3, 5),
                  "in_channels, filters_per_group, kernel_height, kernel_width");
    assert_kernel(&layer, first, CVS_CONVSCOPE, SHAPE(3, 5, 3, 4),
                  "kernel_height, kernel_width, filters_per_group, in_channels");
    cvs_inference inference = infer(&layer, first, NULL);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS, &weights, NULL), CVS_UNSUPPORTED);
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_TENSORFLOW, &weights, NULL), CVS_UNSUPPORTED);
    layer = transposed(CVS_CONVSCOPE, 1, 3, 1);
    inference = along(&layer, 9, NULL);
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_KERAS1, &weights, NULL), CVS_UNSUPPORTED);
}
END_TEST

/* 48 is what fvcore gives; counters that multiply by output cells give 192 and more. */
START_TEST(the_work_is_done_per_input_cell) {
    cvs_layer layer = transposed(CVS_PYTORCH, 2, 2, 2);
    layer.filters = 1;
    cvs_cost cost;
    cvs_inference inference = infer(&layer, SHAPE(1, 3, 2, 2), NULL);
    ck_assert_int_eq(cvs_layer_cost(&inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.macs, 48);
    ck_assert_int_eq(cost.bias_adds, 16);
    ck_assert_int_eq(cost.flops, 112);
}
END_TEST

START_TEST(work_equals_a_count_in_loops) {
    cvs_layer layer = transposed(CVS_PYTORCH, 2, 3, 2);
    layer.kernel[1] = 2;
    layer.groups = 2;
    layer.use_bias = false;
    cvs_inference inference = infer(&layer, SHAPE(5, 4, 3, 7), NULL);
    int64_t products = 0;
    for (int group = 0; group < 2; group++)
        for (int in = 0; in < 4 / 2; in++)
            for (int filter = 0; filter < 6 / 2; filter++)
                for (int y = 0; y < 3; y++)
                    for (int x = 0; x < 7; x++)
                        for (int ky = 0; ky < 3; ky++)
                            for (int kx = 0; kx < 2; kx++) products++;
    cvs_cost cost;
    ck_assert_int_eq(cvs_layer_cost(&inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.macs, products);
    ck_assert_int_eq(cost.bias_adds, 0);
}
END_TEST

/* ---- steps ------------------------------------------------------------------------------------ */

static void assert_step(const cvs_layer *layer, int64_t size, cvs_symbols *symbols, const char *formula,
                        const char *substitution) {
    cvs_inference inference = along(layer, size, symbols);
    cvs_step step;
    cvs_text text = {0};
    cvs_layer_step(&inference, 0, &step, &text);
    ck_assert_str_eq(step.formula, formula);
    ck_assert_str_eq(text.data, substitution);
    ck_assert_int_eq(step.result, length_of(&inference));
    cvs_text_free(&text);
}

START_TEST(steps_in_each_frameworks_arithmetic) {
    const char *general = "(n - 1)*s - p_before - p_after + d*(k - 1) + 1 + p_out";
    cvs_layer layer = transposed(CVS_KERAS, 1, 3, 2);
    assert_step(&layer, 4, NULL, "(n - 1)*s + max(d*(k - 1) + 1, s)", "(4 - 1)*2 + max(1*(3 - 1) + 1, 2)");
    layer.has_output_padding = true;
    layer.output_padding[0] = 1;
    assert_step(&layer, 4, NULL, general, "(4 - 1)*2 - 0 - 0 + 1*(3 - 1) + 1 + 1");
    layer.padding.mode = CVS_PAD_SAME;
    assert_step(&layer, NONE, NULL, "(n - 1)*s + (d*(k - 1) + 1) mod 2 + p_out",
                "(n - 1)*2 + (1*(3 - 1) + 1) mod 2 + 1");
    layer.has_output_padding = false;
    assert_step(&layer, 4, NULL, "n*s", "4*2");
    layer = transposed(CVS_PYTORCH, 1, 3, 2);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {1}, .after = {1}};
    assert_step(&layer, 4, NULL, general, "(4 - 1)*2 - 1 - 1 + 1*(3 - 1) + 1 + 0");
    layer = transposed(CVS_ONNX, 1, 4, 2);
    layer.has_output_size = true;
    layer.output_size[0] = 5;
    assert_step(&layer, 3, NULL, general, "(3 - 1)*2 - 2 - 1 + 1*(4 - 1) + 1 + 0");
    assert_step(&layer, NONE, NULL, "o", "5");
}
END_TEST

START_TEST(steps_of_symbols) {
    cvs_arena arena = {0};
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim name;
    ck_assert_int_eq(cvs_symbols_name(symbols, "L", &name, NULL), CVS_OK);
    cvs_layer pool = conv(CVS_KERAS, 1, 6, 3);
    cvs_inference before = along(&pool, name, symbols);
    cvs_layer layer = transposed(CVS_KERAS, 1, 3, 2);
    layer.padding.mode = CVS_PAD_SAME;
    cvs_inference inference = infer(&layer, before.output.shape, symbols);
    cvs_step step;
    cvs_text text = {0};
    cvs_layer_step(&inference, 0, &step, &text);
    ck_assert_str_eq(text.data, "(L - 2)*2");
    cvs_text_free(&text);
    cvs_arena_free(&arena);
}
END_TEST

/* ---- what does not exist --------------------------------------------------------------------- */

START_TEST(output_paddings_out_of_range) {
    cvs_layer layer = transposed(CVS_KERAS, 2, 3, 2);
    layer.has_output_padding = true;
    layer.output_padding[1] = 2;
    cvs_error err = refused(&layer, SHAPE(1, 9, 9, 1), "output-padding-range", "/output_padding/1");
    ck_assert_str_eq(err.expected, "0 to 1");
    layer = transposed(CVS_PYTORCH, 1, 3, 1);
    layer.dilation[0] = 3;
    layer.has_output_padding = true;
    layer.output_padding[0] = 2;
    infer(&layer, SHAPE(1, 1, 9), NULL);
    layer.output_padding[0] = 3;
    refused(&layer, SHAPE(1, 1, 9), "output-padding-range", "/output_padding/0");
    layer.output_padding[0] = -1;
    refused(&layer, SHAPE(1, 1, 9), "bad-hyperparameter", "/output_padding/0");
}
END_TEST

START_TEST(what_a_framework_lacks) {
    cvs_layer layer = transposed(CVS_KERAS, 2, 3, 2);
    layer.dilation[0] = 2;
    refused(&layer, SHAPE(1, 9, 9, 1), "keras-stride-and-dilation", "/dilation/0");
    layer = transposed(CVS_KERAS, 2, 3, 2);
    layer.groups = 2;
    refused(&layer, SHAPE(1, 9, 9, 4), "transposed-without-groups", "/groups");
    layer = transposed(CVS_KERAS1, 1, 3, 2);
    refused(&layer, SHAPE(1, 9, 4), "keras1-transposed-2d-only", "/spatial_rank");
    layer = transposed(CVS_PYTORCH, 1, 3, 1);
    layer.padding.mode = CVS_PAD_SAME;
    refused(&layer, SHAPE(1, 4, 9), "padding-mode-unavailable", "/padding/mode");
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .fill = CVS_FILL_CIRCULAR};
    refused(&layer, SHAPE(1, 4, 9), "padding-fill-unavailable", "/padding/fill");
    layer.padding.fill = CVS_FILL_ZEROS;
    layer.has_output_size = true;
    refused(&layer, SHAPE(1, 4, 9), "output-size-unavailable", "/output_size");
    layer = transposed(CVS_ONNX, 1, 3, 1);
    layer.has_output_size = true;
    refused(&layer, SHAPE(1, 4, 9), "bad-hyperparameter", "/output_size/0");
    layer = transposed(CVS_ONNX, 1, 3, 1);
    layer.groups = 4;
    refused(&layer, SHAPE(1, 4, 9), "group-divides", "/groups");
}
END_TEST

/* Deconvolution2D names its output; TensorFlow refuses one whose convolution would not give the input back. */
START_TEST(keras_1_names_its_output) {
    cvs_layer layer = transposed(CVS_KERAS1, 2, 3, 2);
    layer.has_output_size = true;
    for (int64_t wanted = 23; wanted <= 28; wanted++) {
        bool as_valid = wanted == 25 || wanted == 26, as_same = wanted == 23 || wanted == 24;
        layer.output_size[0] = layer.output_size[1] = wanted;
        for (int same = 0; same < 2; same++) {
            layer.padding.mode = same ? CVS_PAD_SAME : CVS_PAD_VALID;
            if (!(same ? as_same : as_valid)) {
                refused(&layer, SHAPE(NONE, 12, 12, 1), "output-size-range", "/output_size/0");
                continue;
            }
            cvs_inference inference = infer(&layer, SHAPE(NONE, 12, 12, 1), NULL);
            assert_shape(&inference.output.shape, SHAPE(NONE, wanted, wanted, 6));
            ck_assert_int_eq(inference.layer.padding.before[0], wanted == 23 ? 1 : 0);
        }
    }
}
END_TEST

START_TEST(crops_that_leave_nothing) {
    cvs_layer layer = transposed(CVS_PYTORCH, 1, 3, 1);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {2}, .after = {2}};
    cvs_error err = refused(&layer, SHAPE(1, 1, 2), "padding-exceeds-output", "/padding/before/0");
    ck_assert_str_eq(err.message,
                     "Along length an input of 2 makes 4 output cells, of which the padding cuts off 4: none is left.");
    ck_assert_str_eq(err.expected, "a padding of at most 3 in all");
    infer(&layer, SHAPE(1, 1, 3), NULL);
    layer = transposed(CVS_KERAS, 1, 2, 2);
    layer.padding.mode = CVS_PAD_SAME;
    layer.has_output_padding = true;
    refused(&layer, SHAPE(1, 1, 1), "padding-exceeds-output", "/padding/mode");
}
END_TEST

START_TEST(sizes_that_overflow) {
    cvs_layer layer = transposed(CVS_PYTORCH, 1, 3, 2);
    cvs_error err = refused(&layer, SHAPE(1, 1, INT64_MAX / 2 + 1), "size-overflow", "");
    ck_assert_int_eq(err.status, CVS_TOO_LARGE);
    layer = transposed(CVS_ONNX, 1, 3, 2);
    layer.has_output_size = true;
    layer.output_size[0] = 7;
    refused(&layer, SHAPE(1, 1, INT64_MAX / 2 + 1), "size-overflow", "");
}
END_TEST

Suite *transposed_suite(void) {
    Suite *suite = suite_create("transposed");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, published_sizes_and_crops, 0, sizeof layers / sizeof *layers);
    tcase_add_loop_test(core, sizes_of_symbols, 0, sizeof layers / sizeof *layers);
    tcase_add_test(core, unknown_sizes_stay_unknown);
    tcase_add_test(core, what_is_open_may_be_inferred_again);
    tcase_add_test(core, sizes_equal_a_scatter);
    tcase_add_test(core, receptive_fields_equal_what_reaches_each_cell);
    tcase_add_test(core, kernels_as_stored);
    tcase_add_test(core, the_work_is_done_per_input_cell);
    tcase_add_test(core, work_equals_a_count_in_loops);
    tcase_add_test(core, steps_in_each_frameworks_arithmetic);
    tcase_add_test(core, steps_of_symbols);
    tcase_add_test(limits, output_paddings_out_of_range);
    tcase_add_test(limits, what_a_framework_lacks);
    tcase_add_test(limits, keras_1_names_its_output);
    tcase_add_test(limits, crops_that_leave_nothing);
    tcase_add_test(limits, sizes_that_overflow);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
