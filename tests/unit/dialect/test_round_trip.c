/* Generated layers, written in every framework and read back: the same layer on the same input. */
#include "support.h"

Suite *round_trip_suite(void);

enum { LAYERS = 3000 };

static void roll_padding(dice *d, cvs_layer *layer) {
    static const cvs_padding_mode modes[] = {CVS_PAD_VALID, CVS_PAD_SAME,     CVS_PAD_SAME_LOWER, CVS_PAD_CAUSAL,
                                             CVS_PAD_FULL,  CVS_PAD_EXPLICIT, CVS_PAD_EXPLICIT};
    layer->padding.mode = modes[roll(d, 7)];
    if (layer->padding.mode == CVS_PAD_CAUSAL && layer->spatial_rank > 1) layer->padding.mode = CVS_PAD_SAME;
    bool even = roll(d, 2);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        layer->padding.before[axis] = roll(d, 3);
        layer->padding.after[axis] = even ? layer->padding.before[axis] : roll(d, 3);
    }
    if (roll(d, 4) == 0) layer->padding.fill = (cvs_fill)roll(d, 4);
}

static cvs_activation roll_activation(dice *d) {
    cvs_activation activation = {.kind = roll(d, 2) ? CVS_ACT_LINEAR : (cvs_activation_kind)roll(d, CVS_ACT_COUNT)};
    if (activation.kind == CVS_ACT_LEAKY_RELU) activation.alpha = 0.01F * (float)roll(d, 40);
    if (activation.kind == CVS_ACT_ELU) activation.alpha = roll(d, 2) ? 1.0F : 1.0F / 3.0F;
    if (activation.kind == CVS_ACT_HARD_SIGMOID)
        activation = (cvs_activation){activation.kind, roll(d, 2) ? 0.2F : 1.0F / 6.0F, 0.5F};
    return activation;
}

static cvs_layer roll_layer(dice *d) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 1 + roll(d, 3));
    layer.framework = CVS_CONVSCOPE;
    layer.data_format = (cvs_data_format)roll(d, 2);
    layer.groups = roll(d, 3) ? 1 : 1 + roll(d, 3);
    layer.in_channels = layer.groups * (1 + roll(d, 4));
    layer.filters = layer.groups * (1 + roll(d, 200));
    bool alike = roll(d, 2), strided = roll(d, 2);
    for (int axis = 0; axis < layer.spatial_rank; axis++) {
        bool first = axis == 0 || !alike;
        layer.kernel[axis] = first ? 1 + roll(d, 5) : layer.kernel[0];
        layer.stride[axis] = !strided ? 1 : first ? 1 + roll(d, 3) : layer.stride[0];
        layer.dilation[axis] = strided ? 1 : first ? 1 + roll(d, 3) : layer.dilation[0];
    }
    roll_padding(d, &layer);
    layer.use_bias = roll(d, 4) != 0;
    layer.activation = roll_activation(d);
    return layer;
}

/* 13 and more on each axis: every kernel fits, every fill is legal. Now and then a size is not known. */
static cvs_shape roll_input(dice *d, const cvs_layer *layer) {
    cvs_shape shape = {.rank = layer->spatial_rank + 2};
    int first = layer->data_format == CVS_CHANNELS_FIRST ? 2 : 1;
    shape.dim[0] = CVS_DIM_UNKNOWN;
    shape.dim[layer->data_format == CVS_CHANNELS_FIRST ? 1 : shape.rank - 1] = layer->in_channels;
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        shape.dim[first + axis] = roll(d, 12) ? 13 + roll(d, 20) : CVS_DIM_UNKNOWN;
    return shape;
}

/* The same input for a layer with another order of axes. */
static cvs_shape reorder(const cvs_shape *shape, cvs_data_format from, cvs_data_format to) {
    cvs_shape out = *shape;
    if (from == to) return out;
    for (int i = 1; i < shape->rank; i++) {
        int channels_moved = to == CVS_CHANNELS_FIRST ? i == 1 ? shape->rank - 1 : i - 1
                             : i == shape->rank - 1   ? 1
                                                      : i + 1;
        out.dim[i] = shape->dim[channels_moved];
    }
    return out;
}

static void check_same_layer(const cvs_inference *a, const cvs_inference *b, const char *text) {
    size_t size = (size_t)a->layer.spatial_rank * sizeof(int64_t);
    ck_assert_msg(a->layer.op == b->layer.op && a->layer.spatial_rank == b->layer.spatial_rank, "%s", text);
    ck_assert_msg(a->layer.filters == b->layer.filters && a->layer.in_channels == b->layer.in_channels, "%s", text);
    ck_assert_msg(a->layer.groups == b->layer.groups && a->layer.use_bias == b->layer.use_bias, "%s", text);
    ck_assert_msg(memcmp(a->layer.kernel, b->layer.kernel, size) == 0, "%s", text);
    ck_assert_msg(memcmp(a->layer.stride, b->layer.stride, size) == 0, "%s", text);
    ck_assert_msg(memcmp(a->layer.dilation, b->layer.dilation, size) == 0, "%s", text);
    ck_assert_msg(memcmp(a->layer.padding.before, b->layer.padding.before, size) == 0, "%s", text);
    ck_assert_msg(memcmp(a->layer.padding.after, b->layer.padding.after, size) == 0, "%s", text);
    ck_assert_msg(a->layer.activation.kind == b->layer.activation.kind, "%s", text);
    ck_assert_msg(a->layer.activation.alpha == b->layer.activation.alpha, "%s", text);
    ck_assert_msg(a->layer.activation.beta == b->layer.activation.beta, "%s", text);
    bool padded = false;
    for (int axis = 0; axis < a->layer.spatial_rank; axis++)
        padded |= a->layer.padding.before[axis] || a->layer.padding.after[axis];
    ck_assert_msg(!padded || a->layer.padding.fill == b->layer.padding.fill, "%s", text);
    cvs_shape output = reorder(&a->output.shape, a->layer.data_format, b->layer.data_format);
    ck_assert_msg(memcmp(output.dim, b->output.shape.dim, (size_t)output.rank * sizeof *output.dim) == 0, "%s", text);
}

static bool is_single(const cvs_text *text) { return text->data[0] != '[' && !strchr(text->data, '\n'); }

/* True when the framework can write the layer in one line, which then was checked. */
static bool check_framework(const cvs_inference *inference, cvs_framework framework) {
    cvs_text text = {0};
    cvs_error err = {0};
    cvs_status status = cvs_dialect_write(inference, framework, &text, &err);
    ck_assert_msg(status == CVS_OK || status == CVS_UNSUPPORTED, "%s", err.message);
    bool single = status == CVS_OK && is_single(&text);
    if (single) {
        cvs_layer layer = read_layer(text.data);
        ck_assert_int_eq(layer.framework, framework);
        cvs_shape input = reorder(&inference->input.shape, inference->layer.data_format, layer.data_format);
        cvs_inference back;
        ck_assert_msg(cvs_infer(&layer, &input, NULL, &back, &err) == CVS_OK, "%s: %s", text.data, err.message);
        check_same_layer(inference, &back, text.data);
    }
    cvs_text_free(&text);
    return single;
}

START_TEST(written_and_read_back) {
    dice d = {UINT64_C(0x9E3779B97F4A7C15)};
    int checked[CVS_FRAMEWORK_COUNT] = {0};
    for (int i = 0; i < LAYERS; i++) {
        cvs_layer layer = roll_layer(&d);
        cvs_shape input = roll_input(&d, &layer);
        cvs_inference inference;
        cvs_error err = {0};
        ck_assert_msg(cvs_infer(&layer, &input, NULL, &inference, &err) == CVS_OK, "%s", err.message);
        for (int framework = CVS_KERAS; framework <= CVS_CONVSCOPE; framework++)
            checked[framework] += check_framework(&inference, (cvs_framework)framework);
    }
    ck_assert_int_eq(checked[CVS_CONVSCOPE], LAYERS);
    for (int framework = CVS_KERAS; framework < CVS_CONVSCOPE; framework++)
        ck_assert_msg(checked[framework] > LAYERS / 20, "%s: only %d", cvs_framework_name((cvs_framework)framework),
                      checked[framework]);
}
END_TEST

Suite *round_trip_suite(void) {
    Suite *suite = suite_create("round_trip");
    TCase *core = tcase_create("core");
    tcase_add_test(core, written_and_read_back);
    suite_add_tcase(suite, core);
    return suite;
}
