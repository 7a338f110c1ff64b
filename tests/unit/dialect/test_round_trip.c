/* Generated layers, written in every framework and read back: the same layer on the same input. */
#include "roll.h"

Suite *round_trip_suite(void);

enum { LAYERS = 6000 };

static const cvs_op ops[] = {CVS_OP_CONV,
                             CVS_OP_CONV,
                             CVS_OP_CONV,
                             CVS_OP_CONV,
                             CVS_OP_CONV_TRANSPOSE,
                             CVS_OP_CONV_TRANSPOSE,
                             CVS_OP_DEPTHWISE_CONV,
                             CVS_OP_SEPARABLE_CONV,
                             CVS_OP_MAX_POOL,
                             CVS_OP_AVERAGE_POOL,
                             CVS_OP_AVERAGE_POOL,
                             CVS_OP_GLOBAL_MAX_POOL,
                             CVS_OP_GLOBAL_AVERAGE_POOL,
                             CVS_OP_ADAPTIVE_MAX_POOL,
                             CVS_OP_ADAPTIVE_AVERAGE_POOL,
                             CVS_OP_PAD,
                             CVS_OP_CROP,
                             CVS_OP_UPSAMPLE};

enum { OPS = sizeof ops / sizeof *ops };

/* The same input for a layer with another order of axes. */
static cvs_shape reorder(const cvs_shape *shape, cvs_data_format from, cvs_data_format to) {
    cvs_shape out = *shape;
    if (from == to || shape->rank == 2) return out;
    for (int i = 1; i < shape->rank; i++) {
        int channels_moved = to == CVS_CHANNELS_FIRST ? i == 1 ? shape->rank - 1 : i - 1
                             : i == shape->rank - 1   ? 1
                                                      : i + 1;
        out.dim[i] = shape->dim[channels_moved];
    }
    return out;
}

static bool same_numbers(const cvs_layer *layer, const int64_t *a, const int64_t *b) {
    return memcmp(a, b, (size_t)layer->spatial_rank * sizeof *a) == 0;
}

static bool is_adaptive(cvs_op op) { return op == CVS_OP_ADAPTIVE_MAX_POOL || op == CVS_OP_ADAPTIVE_AVERAGE_POOL; }

static bool takes_largest(cvs_op op) {
    return op == CVS_OP_MAX_POOL || op == CVS_OP_GLOBAL_MAX_POOL || op == CVS_OP_ADAPTIVE_MAX_POOL;
}

static bool takes_average(cvs_op op) {
    return op == CVS_OP_AVERAGE_POOL || op == CVS_OP_GLOBAL_AVERAGE_POOL || op == CVS_OP_ADAPTIVE_AVERAGE_POOL;
}

/* What a framework has under another name: a depthwise layer as groups, one pool as another with the same windows. */
static bool same_op(const cvs_layer *a, const cvs_layer *b) {
    if (a->op == b->op) return true;
    if (a->op == CVS_OP_DEPTHWISE_CONV) return b->op == CVS_OP_CONV && b->groups == a->in_channels;
    if (a->op == CVS_OP_CROP && b->op == CVS_OP_PAD) return true; /* of no cells: the numbers are compared below */
    return (takes_largest(a->op) && takes_largest(b->op)) || (takes_average(a->op) && takes_average(b->op));
}

/* Of a transposed layer one cell less cut off is one cell more left empty, at the end. */
static void check_same_end(const cvs_layer *a, const cvs_layer *b, const char *text) {
    for (int axis = 0; axis < a->spatial_rank; axis++) {
        int64_t mine = a->padding.after[axis] - a->output_padding[axis];
        int64_t other = b->padding.after[axis] - b->output_padding[axis];
        ck_assert_msg(mine == other, "%s", text);
    }
}

static void check_same_window(const cvs_layer *a, const cvs_layer *b, const char *text) {
    bool padded = false;
    for (int axis = 0; axis < a->spatial_rank; axis++) padded |= a->padding.before[axis] || a->padding.after[axis];
    ck_assert_msg(same_numbers(a, a->kernel, b->kernel), "%s", text);
    ck_assert_msg(same_numbers(a, a->stride, b->stride), "%s", text);
    ck_assert_msg(same_numbers(a, a->dilation, b->dilation), "%s", text);
    ck_assert_msg(same_numbers(a, a->padding.before, b->padding.before), "%s", text);
    check_same_end(a, b, text);
    ck_assert_msg(!padded || a->padding.fill == b->padding.fill, "%s", text);
    ck_assert_msg(!padded || a->count_include_pad == b->count_include_pad || a->op != CVS_OP_AVERAGE_POOL, "%s", text);
    ck_assert_msg(a->divisor == b->divisor, "%s", text);
}

static void check_same_sum(const cvs_layer *a, const cvs_layer *b, const char *text) {
    ck_assert_msg(a->in_channels == b->in_channels, "%s", text);
    if (a->op > CVS_OP_SEPARABLE_CONV) return;
    ck_assert_msg(a->filters == b->filters, "%s", text);
    ck_assert_msg(a->groups == b->groups || a->op == CVS_OP_DEPTHWISE_CONV, "%s", text);
    ck_assert_msg(a->multiplier == b->multiplier || a->op != b->op, "%s", text);
    ck_assert_msg(a->use_bias == b->use_bias, "%s", text);
    ck_assert_msg(a->activation.kind == b->activation.kind, "%s", text);
    ck_assert_msg(a->activation.alpha == b->activation.alpha, "%s", text);
    ck_assert_msg(a->activation.beta == b->activation.beta, "%s", text);
}

static void check_same_layer(const cvs_inference *a, const cvs_inference *b, const char *text) {
    ck_assert_msg(same_op(&a->layer, &b->layer) && a->layer.spatial_rank == b->layer.spatial_rank, "%s", text);
    check_same_sum(&a->layer, &b->layer, text);
    if (!is_adaptive(a->layer.op)) check_same_window(&a->layer, &b->layer, text);
    ck_assert_msg(a->layer.interpolation == b->layer.interpolation, "%s", text);
    cvs_shape output = reorder(&a->output.shape, a->layer.data_format, b->layer.data_format);
    ck_assert_msg(output.rank == b->output.shape.rank, "%s", text);
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
        /* Pools are written alike in both generations of Keras; convolutions tell which one it is. */
        bool told = inference->layer.op == CVS_OP_CONV;
        cvs_layer layer = read_layer_as(text.data, told ? CVS_FRAMEWORK_AUTO : framework);
        ck_assert_int_eq(layer.framework, framework);
        cvs_shape input = reorder(&inference->input.shape, inference->layer.data_format, layer.data_format);
        cvs_inference back;
        ck_assert_msg(cvs_infer(&layer, &input, NULL, &back, &err) == CVS_OK, "%s: %s", text.data, err.message);
        cvs_text both = {0};
        cvs_text_addf(&both, "%s for ", text.data);
        ck_assert_int_eq(cvs_dialect_write(inference, CVS_CONVSCOPE, &both, &err), CVS_OK);
        check_same_layer(inference, &back, both.data);
        cvs_text_free(&both);
    }
    cvs_text_free(&text);
    return single;
}

START_TEST(written_and_read_back) {
    dice d = {UINT64_C(0x9E3779B97F4A7C15)};
    int checked[CVS_FRAMEWORK_COUNT] = {0};
    for (int i = 0; i < LAYERS; i++) {
        cvs_layer layer = roll_layer(&d, ops[i % OPS]);
        cvs_shape input = roll_input(&d, &layer);
        cvs_inference inference;
        cvs_error err = {0};
        ck_assert_msg(cvs_infer(&layer, &input, NULL, &inference, &err) == CVS_OK, "%s", err.message);
        for (int framework = CVS_KERAS; framework <= CVS_CONVSCOPE; framework++)
            checked[framework] += check_framework(&inference, (cvs_framework)framework);
    }
    ck_assert_int_eq(checked[CVS_CONVSCOPE], LAYERS);
    for (int framework = CVS_KERAS; framework < CVS_CONVSCOPE; framework++)
        ck_assert_msg(checked[framework] > LAYERS / 10, "%s: only %d", cvs_framework_name((cvs_framework)framework),
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
