/* Padding, cropping and upsampling layers. */
#include "layers.h"

#include <math.h>

Suite *resize_suite(void);

static cvs_layer resizing(cvs_op op, cvs_framework framework, int spatial_rank) {
    cvs_layer layer = conv(framework, spatial_rank, 0, 0);
    layer.op = op;
    if (op != CVS_OP_UPSAMPLE) layer.padding.mode = CVS_PAD_EXPLICIT;
    return layer;
}

/* The only axis of a 1D layer. */
static cvs_layer along(cvs_op op, cvs_framework framework, int64_t before, int64_t after) {
    cvs_layer layer = resizing(op, framework, 1);
    layer.padding.before[0] = before;
    layer.padding.after[0] = after;
    return layer;
}

static cvs_layer scaled(cvs_framework framework, double scale) {
    cvs_layer layer = resizing(CVS_OP_UPSAMPLE, framework, 1);
    layer.scale[0] = scale;
    return layer;
}

/* ---- sizes that the frameworks gave -------------------------------------------- */

typedef struct published {
    cvs_op op;
    cvs_data_format format;
    int64_t number[4]; /* height before, after, width before, after; or height and width factors */
    int64_t input[4], output[4];
} published;

/* TensorFlow.js 4.22 */
static const published keras[] = {
    {CVS_OP_PAD, CVS_CHANNELS_FIRST, {0, 2, 0, 1}, {1, 3, 7, 11}, {1, 3, 9, 12}},
    {CVS_OP_CROP, CVS_CHANNELS_LAST, {0, 0, 2, 1}, {2, 11, 12, 2}, {2, 11, 9, 2}},
    {CVS_OP_UPSAMPLE, CVS_CHANNELS_LAST, {1, 2}, {2, 7, 11, 3}, {2, 7, 22, 3}},
};

START_TEST(sizes_that_keras_gave) {
    const published *row = &keras[_i];
    cvs_layer layer = resizing(row->op, CVS_KERAS, 2);
    layer.data_format = row->format;
    for (int axis = 0; axis < 2; axis++) {
        layer.padding.before[axis] = row->number[2 * axis];
        layer.padding.after[axis] = row->number[2 * axis + 1];
        layer.scale[axis] = (double)row->number[axis];
    }
    if (row->op == CVS_OP_UPSAMPLE) layer.padding = (cvs_padding){0};
    cvs_inference inference = infer(&layer, shape_of(row->input, 4), NULL);
    assert_shape(&inference.output.shape, shape_of(row->output, 4));
    bool first = row->format == CVS_CHANNELS_FIRST;
    assert_axes(&inference.output, first ? "batch, channels, height, width" : "batch, height, width, channels");
}
END_TEST

typedef struct factor {
    double scale;
    int64_t input, output;
} factor;

/* torch.nn.functional.interpolate: floor(input * scale_factor). */
static const factor factors[] = {{2, 7, 14},    {1.5, 7, 10},       {0.5, 9, 4}, {2.5, 3, 7},
                                 {0.25, 10, 2}, {1.0 / 3, 299, 99}, {1, 13, 13}, {3.7, 10, 37}};

START_TEST(sizes_that_pytorch_gave) {
    cvs_layer layer = scaled(CVS_PYTORCH, factors[_i].scale);
    cvs_inference inference = infer(&layer, SHAPE(2, 3, factors[_i].input), NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 3, factors[_i].output));
}
END_TEST

START_TEST(upsampling_to_a_size) {
    cvs_layer layer = resizing(CVS_OP_UPSAMPLE, CVS_PYTORCH, 2);
    layer.has_output_size = true;
    layer.output_size[0] = 24;
    layer.output_size[1] = 5;
    cvs_inference inference = infer(&layer, SHAPE(1, 3, 16, NONE), NULL);
    assert_shape(&inference.output.shape, SHAPE(1, 3, 24, 5));
    cvs_receptive_field field;
    cvs_layer_receptive_field(&inference, &field);
    ck_assert_int_eq(field.jump[0], 2);
    ck_assert_int_eq(field.jump_divisor[0], 3);
    ck_assert_int_eq(field.jump[1], NONE);
    ck_assert(isnan(field.start[1]));
}
END_TEST

/* ---- counted cell by cell ---------------------------------------------------------- */

static int64_t counted(const cvs_layer *layer, int64_t size) {
    int64_t cells = 0, before = layer->padding.before[0], after = layer->padding.after[0];
    if (layer->op == CVS_OP_UPSAMPLE) {
        for (int64_t i = 0; i < size; i++)
            for (int64_t copy = 0; copy < (int64_t)layer->scale[0]; copy++) cells++;
    } else if (layer->op == CVS_OP_PAD) {
        for (int64_t i = -before; i < size + after; i++) cells++;
    } else {
        for (int64_t i = 0; i < size; i++) cells += i >= before && i < size - after;
    }
    return cells;
}

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

START_TEST(sizes_equal_a_count) {
    static const cvs_op ops[] = {CVS_OP_PAD, CVS_OP_CROP, CVS_OP_UPSAMPLE};
    uint64_t state = 5;
    for (int round = 0; round < 5000; round++) {
        cvs_layer layer = along(ops[round % 3], CVS_CONVSCOPE, random_in(&state, 0, 9), random_in(&state, 0, 9));
        layer.scale[0] = (double)random_in(&state, 1, 6);
        int64_t size = random_in(&state, 1, 30), want = counted(&layer, size);
        if (want == 0) {
            refused(&layer, SHAPE(1, size, 3), "crop-exceeds-input",
                    layer.padding.before[0] >= size ? "/padding/before/0" : "/padding/after/0");
            continue;
        }
        cvs_inference inference = infer(&layer, SHAPE(1, size, 3), NULL);
        ck_assert_int_eq(inference.output.shape.dim[1], want);
        ck_assert_int_eq(by_symbol(&layer, size), want);
    }
}
END_TEST

START_TEST(a_symbol_times_a_fraction) {
    cvs_layer layer = scaled(CVS_CONVSCOPE, 1.5);
    for (int64_t size = 1; size < 40; size++)
        ck_assert_int_eq(by_symbol(&layer, size), infer(&layer, SHAPE(1, size, 3), NULL).output.shape.dim[1]);
    layer.scale[0] = 0.29; /* 100*0.29 is 28.999999999999996 */
    ck_assert_int_eq(by_symbol(&layer, 100), NONE);
    ck_assert_int_eq(infer(&layer, SHAPE(1, 100, 3), NULL).output.shape.dim[1], 28);
}
END_TEST

/* ---- what else they have ---------------------------------------------------------------- */

static void assert_field(const cvs_layer *layer, int64_t size, int64_t jump, int64_t divisor, double start) {
    cvs_inference inference = infer(layer, SHAPE(1, 8, 3), NULL);
    cvs_receptive_field field;
    cvs_layer_receptive_field(&inference, &field);
    ck_assert_int_eq(field.rank, 1);
    ck_assert_int_eq(field.size[0], size);
    ck_assert_int_eq(field.jump[0], jump);
    ck_assert_int_eq(field.jump_divisor[0], divisor);
    ck_assert_double_eq_tol(field.start[0], start, 1e-12);
}

START_TEST(receptive_fields) {
    cvs_layer layer = along(CVS_OP_PAD, CVS_CONVSCOPE, 2, 3);
    assert_field(&layer, 1, 1, 1, -2);
    layer = along(CVS_OP_CROP, CVS_CONVSCOPE, 2, 3);
    assert_field(&layer, 1, 1, 1, 2);
    layer = scaled(CVS_CONVSCOPE, 2);
    assert_field(&layer, 1, 1, 2, -0.25);
    layer.scale[0] = 1.5;
    layer.interpolation = CVS_INTERPOLATION_LINEAR;
    assert_field(&layer, 2, 2, 3, (2.0 / 3 - 1) / 2);
    layer.scale[0] = 0.1;
    layer.scale[0] *= 3; /* 0.30000000000000004 is no fraction of small numbers */
    layer.interpolation = CVS_INTERPOLATION_CUBIC;
    cvs_inference inference = infer(&layer, SHAPE(1, 8, 3), NULL);
    cvs_receptive_field field;
    cvs_layer_receptive_field(&inference, &field);
    ck_assert_int_eq(field.size[0], 4);
    ck_assert_double_eq_tol((double)field.jump[0] / (double)field.jump_divisor[0], 1 / 0.3, 1e-4);
    layer.scale[0] = 1;
    assert_field(&layer, 1, 1, 1, 0);
    layer.align_corners = true;
    layer.scale[0] = 1.5; /* 8 cells become 12 from corner to corner */
    assert_field(&layer, 4, 7, 11, 0);
}
END_TEST

static void assert_step(const cvs_layer *layer, cvs_dim size, const char *formula, const char *substitution) {
    cvs_inference inference = infer(layer, SHAPE(1, size, 3), NULL);
    cvs_step step;
    cvs_text text = {0};
    cvs_layer_step(&inference, 0, &step, &text);
    ck_assert_int_eq(step.axis, CVS_AXIS_LENGTH);
    ck_assert_str_eq(step.formula, formula);
    ck_assert_str_eq(text.data, substitution);
    ck_assert_int_eq(step.result, inference.output.shape.dim[1]);
    cvs_text_free(&text);
}

START_TEST(steps) {
    cvs_layer layer = along(CVS_OP_PAD, CVS_CONVSCOPE, 2, 3);
    assert_step(&layer, 10, "n + p_before + p_after", "10 + 2 + 3");
    layer = along(CVS_OP_CROP, CVS_CONVSCOPE, 2, 3);
    assert_step(&layer, NONE, "n - c_before - c_after", "n - 2 - 3");
    layer = scaled(CVS_CONVSCOPE, 1.5);
    assert_step(&layer, 10, "floor(n*scale)", "floor(10*1.5)");
    layer.has_output_size = true;
    layer.output_size[0] = 12;
    assert_step(&layer, 10, "o", "12");
}
END_TEST

START_TEST(neither_weights_nor_work) {
    static const cvs_op ops[] = {CVS_OP_PAD, CVS_OP_CROP, CVS_OP_UPSAMPLE};
    for (int i = 0; i < 3; i++) {
        cvs_layer layer = along(ops[i], CVS_CONVSCOPE, 0, 0);
        layer.scale[0] = 1;
        cvs_inference inference = infer(&layer, SHAPE(NONE, 10, 3), NULL);
        cvs_weights weights;
        cvs_cost cost;
        ck_assert_int_eq(cvs_layer_weights(&inference, CVS_PYTORCH, &weights, NULL), CVS_OK);
        ck_assert_int_eq(weights.count + weights.parameters, 0);
        ck_assert_int_eq(cvs_layer_cost(&inference, &cost, NULL), CVS_OK);
        ck_assert_int_eq(cost.macs + cost.flops + cost.weights_bytes, 0);
        ck_assert_int_eq(cost.output_bytes, 120);
    }
}
END_TEST

START_TEST(no_mode_is_no_padding) {
    cvs_layer layer = along(CVS_OP_PAD, CVS_KERAS, 2, 3);
    layer.padding.mode = CVS_PAD_VALID;
    assert_step(&layer, 10, "n + p_before + p_after", "10 + 0 + 0");
    layer.op = CVS_OP_CROP;
    assert_step(&layer, 10, "n - c_before - c_after", "10 - 0 - 0");
}
END_TEST

/* ---- limits ------------------------------------------------------------------------------ */

START_TEST(fills_take_their_cells_from_the_input) {
    cvs_layer layer = along(CVS_OP_PAD, CVS_PYTORCH, 1, 4);
    layer.padding.fill = CVS_FILL_REFLECT;
    infer(&layer, SHAPE(1, 3, 5), NULL);
    infer(&layer, SHAPE(1, 3, NONE), NULL);
    cvs_error err = refused(&layer, SHAPE(1, 3, 4), "padding-exceeds-input", "/padding/after/0");
    ck_assert_str_eq(err.expected, "at most 3");
    layer.padding.fill = CVS_FILL_CIRCULAR;
    infer(&layer, SHAPE(1, 3, 4), NULL);
    refused(&layer, SHAPE(1, 3, 3), "padding-exceeds-input", "/padding/after/0");
    layer.padding.fill = CVS_FILL_REPLICATE;
    infer(&layer, SHAPE(1, 3, 1), NULL);
    layer.framework = CVS_KERAS;
    refused(&layer, SHAPE(1, 3, 9), "padding-fill-unavailable", "/padding/fill");
}
END_TEST

START_TEST(paddings_that_do_not_exist) {
    cvs_layer layer = along(CVS_OP_PAD, CVS_CONVSCOPE, 1, -1);
    refused(&layer, SHAPE(1, 9, 3), "bad-hyperparameter", "/padding/after/0");
    layer.padding.mode = CVS_PAD_SAME;
    refused(&layer, SHAPE(1, 9, 3), "padding-mode-unavailable", "/padding/mode");
    layer = along(CVS_OP_CROP, CVS_CONVSCOPE, -1, 0);
    refused(&layer, SHAPE(1, 9, 3), "bad-hyperparameter", "/padding/before/0");
    layer = along(CVS_OP_CROP, CVS_CONVSCOPE, 4, 5);
    cvs_error err = refused(&layer, SHAPE(1, 9, 3), "crop-exceeds-input", "/padding/after/0");
    ck_assert_str_eq(err.message,
                     "Along length 4 cells are cut off before and 5 after, but there are only 9: nothing is left.");
    refused(&layer, SHAPE(1, 9, 9, 3), "asymmetric-rank", "/input_shape");
}
END_TEST

START_TEST(scales_that_do_not_exist) {
    static const double bad[] = {0, -1, NAN, INFINITY, 1e10};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cvs_layer layer = scaled(CVS_PYTORCH, bad[i]);
        refused(&layer, SHAPE(1, 3, 9), "upsample-scale", "/scale/0");
    }
    cvs_layer layer = scaled(CVS_KERAS, 1.5);
    refused(&layer, SHAPE(1, 9, 3), "upsample-scale", "/scale/0");
    layer = scaled(CVS_PYTORCH, 0.1);
    refused(&layer, SHAPE(1, 3, 9), "upsample-empty", "/scale/0");
    layer = scaled(CVS_PYTORCH, 1e-9);
    refused(&layer, SHAPE(1, 3, 9), "upsample-empty", "/scale/0");
    infer(&layer, SHAPE(1, 3, NONE), NULL);
    layer = scaled(CVS_PYTORCH, 2147483646.5);
    refused(&layer, SHAPE(1, 3, INT64_C(1) << 40), "size-overflow", "/scale/0");
    layer = scaled(CVS_PYTORCH, 2);
    layer.has_output_size = true;
    refused(&layer, SHAPE(1, 3, 9), "bad-hyperparameter", "/output_size/0");
    layer = scaled(CVS_KERAS1, 2);
    layer.interpolation = CVS_INTERPOLATION_LINEAR;
    refused(&layer, SHAPE(1, 9, 3), "interpolation-unavailable", "/interpolation");
    layer.interpolation = CVS_INTERPOLATION_COUNT;
    refused(&layer, SHAPE(1, 9, 3), "unknown-value", "/interpolation");
}
END_TEST

Suite *resize_suite(void) {
    Suite *suite = suite_create("resize");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, sizes_that_keras_gave, 0, sizeof keras / sizeof *keras);
    tcase_add_loop_test(core, sizes_that_pytorch_gave, 0, sizeof factors / sizeof *factors);
    tcase_add_test(core, upsampling_to_a_size);
    tcase_add_test(core, sizes_equal_a_count);
    tcase_add_test(core, a_symbol_times_a_fraction);
    tcase_add_test(core, receptive_fields);
    tcase_add_test(core, steps);
    tcase_add_test(core, neither_weights_nor_work);
    tcase_add_test(core, no_mode_is_no_padding);
    tcase_add_test(limits, fills_take_their_cells_from_the_input);
    tcase_add_test(limits, paddings_that_do_not_exist);
    tcase_add_test(limits, scales_that_do_not_exist);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
