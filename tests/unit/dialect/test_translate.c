/*
 * Generated layers of every operator, written for PyTorch and ONNX: what is written, line after line, makes of the same
 * input the same output; and where it is one line, it is the same layer.
 */
#include "support.h"

#include <jansson.h>

Suite *translate_suite(void);

enum { LAYERS = 400 };

static const cvs_op ops[] = {
    CVS_OP_CONV,
    CVS_OP_CONV_TRANSPOSE,
    CVS_OP_DEPTHWISE_CONV,
    CVS_OP_SEPARABLE_CONV,
    CVS_OP_MAX_POOL,
    CVS_OP_AVERAGE_POOL,
    CVS_OP_GLOBAL_MAX_POOL,
    CVS_OP_GLOBAL_AVERAGE_POOL,
    CVS_OP_ADAPTIVE_MAX_POOL,
    CVS_OP_ADAPTIVE_AVERAGE_POOL,
    CVS_OP_PAD,
    CVS_OP_CROP,
    CVS_OP_UPSAMPLE,
};

/* ---- layers ---- */

static bool is_pool(cvs_op op) { return op == CVS_OP_MAX_POOL || op == CVS_OP_AVERAGE_POOL; }

static void roll_padding(dice *d, cvs_layer *layer) {
    static const cvs_padding_mode modes[] = {CVS_PAD_VALID, CVS_PAD_SAME, CVS_PAD_SAME_LOWER, CVS_PAD_EXPLICIT};
    bool around = layer->op == CVS_OP_PAD || layer->op == CVS_OP_CROP, even = roll(d, 2);
    layer->padding.mode = around ? CVS_PAD_EXPLICIT : modes[roll(d, 4)];
    if (layer->op == CVS_OP_PAD) layer->padding.fill = (cvs_fill)roll(d, 4);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int most = is_pool(layer->op) ? (int)layer->kernel[axis] : 3;
        layer->padding.before[axis] = roll(d, most);
        layer->padding.after[axis] = even ? layer->padding.before[axis] : roll(d, most);
    }
}

static void roll_window(dice *d, cvs_layer *layer) {
    bool strided = roll(d, 2), dilated = !strided && layer->op != CVS_OP_AVERAGE_POOL && roll(d, 2);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        layer->kernel[axis] = 1 + roll(d, 5);
        layer->stride[axis] = strided ? 1 + roll(d, 4) : 1;
        layer->dilation[axis] = dilated ? 1 + roll(d, 3) : 1;
    }
    layer->ceil_mode = is_pool(layer->op) && roll(d, 2);
    layer->ceil_keeps_last = roll(d, 2);
    layer->count_include_pad = layer->op == CVS_OP_AVERAGE_POOL && roll(d, 2);
    layer->divisor = layer->op == CVS_OP_AVERAGE_POOL && roll(d, 5) == 0 ? 3 : 0;
}

static void roll_sizes(dice *d, cvs_layer *layer) {
    bool transposed = layer->op == CVS_OP_CONV_TRANSPOSE;
    bool adaptive = layer->op == CVS_OP_ADAPTIVE_MAX_POOL || layer->op == CVS_OP_ADAPTIVE_AVERAGE_POOL;
    layer->has_output_padding = transposed && roll(d, 2);
    layer->has_output_size = adaptive || (transposed && roll(d, 4) == 0);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t room = layer->stride[axis] > layer->dilation[axis] ? layer->stride[axis] : layer->dilation[axis];
        layer->output_padding[axis] = layer->has_output_padding ? roll(d, (int)room) : 0;
        layer->output_size[axis] = adaptive && roll(d, 4) == 0 ? CVS_DIM_UNKNOWN : 1 + roll(d, transposed ? 40 : 4);
        layer->scale[axis] = 1 + roll(d, 6) * 0.5;
    }
    layer->interpolation = layer->spatial_rank == 2 ? (cvs_interpolation)roll(d, 3) : (cvs_interpolation)roll(d, 2);
}

static cvs_layer roll_layer(dice *d, cvs_op op) {
    cvs_layer layer = cvs_layer_default(op, 1 + roll(d, 3));
    bool grouped = op == CVS_OP_CONV || op == CVS_OP_CONV_TRANSPOSE;
    layer.framework = CVS_CONVSCOPE;
    layer.data_format = (cvs_data_format)roll(d, 2);
    layer.groups = grouped && roll(d, 2) ? 1 + roll(d, 3) : 1;
    layer.in_channels = layer.groups * (1 + roll(d, 4));
    layer.filters = op == CVS_OP_SEPARABLE_CONV || grouped ? layer.groups * (1 + roll(d, 9)) : 0;
    if (op == CVS_OP_DEPTHWISE_CONV || op == CVS_OP_SEPARABLE_CONV) layer.multiplier = 1 + roll(d, 3);
    if (op <= CVS_OP_AVERAGE_POOL) roll_window(d, &layer);
    if (op <= CVS_OP_AVERAGE_POOL || op == CVS_OP_PAD || op == CVS_OP_CROP) roll_padding(d, &layer);
    roll_sizes(d, &layer);
    layer.use_bias = op > CVS_OP_SEPARABLE_CONV || roll(d, 2);
    layer.keep_spatial = (op == CVS_OP_GLOBAL_MAX_POOL || op == CVS_OP_GLOBAL_AVERAGE_POOL) && roll(d, 2);
    return layer;
}

static cvs_shape roll_input(dice *d, const cvs_layer *layer) {
    cvs_shape shape = {.rank = layer->spatial_rank + 2, .dim = {CVS_DIM_UNKNOWN}};
    bool first = layer->data_format == CVS_CHANNELS_FIRST;
    shape.dim[first ? 1 : shape.rank - 1] = layer->in_channels;
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        shape.dim[(first ? 2 : 1) + axis] = roll(d, 12) ? 13 + roll(d, 20) : CVS_DIM_UNKNOWN;
    return shape;
}

static cvs_shape channels_first(const cvs_shape *shape, cvs_data_format format) {
    cvs_shape out = *shape;
    if (format == CVS_CHANNELS_FIRST || shape->rank < 3) return out;
    out.dim[1] = shape->dim[shape->rank - 1];
    for (int i = 2; i < shape->rank; i++) out.dim[i] = shape->dim[i - 1];
    return out;
}

/* ---- the same layer ---- */

/* What is written in several ways, in one: a depthwise layer as a convolution, crops with what they give back. */
static cvs_layer plain(const cvs_layer *given) {
    cvs_layer layer = *given;
    bool same = layer.padding.mode == CVS_PAD_SAME || layer.padding.mode == CVS_PAD_SAME_LOWER;
    bool padded = layer.ceil_mode && !same; /* `same` rounds up by itself */
    if (layer.op == CVS_OP_DEPTHWISE_CONV) {
        layer.op = CVS_OP_CONV;
        layer.filters = layer.in_channels * layer.multiplier;
        layer.groups = layer.in_channels;
    }
    for (int axis = 0; axis < layer.spatial_rank; axis++) {
        if (layer.op == CVS_OP_CONV_TRANSPOSE) layer.padding.after[axis] -= layer.output_padding[axis];
        padded |= layer.padding.before[axis] || layer.padding.after[axis];
    }
    if (!padded) layer.count_include_pad = false;
    return layer;
}

static void check_axes(const cvs_layer *a, const cvs_layer *b, const char *text) {
    for (int axis = 0; axis < a->spatial_rank; axis++) {
        bool window = a->op <= CVS_OP_AVERAGE_POOL, pads = window || a->op == CVS_OP_PAD || a->op == CVS_OP_CROP;
        ck_assert_msg(!window || a->kernel[axis] == b->kernel[axis], "%s", text);
        ck_assert_msg(!window || a->stride[axis] == b->stride[axis], "%s", text);
        ck_assert_msg(!window || a->dilation[axis] == b->dilation[axis], "%s", text);
        ck_assert_msg(!pads || a->padding.before[axis] == b->padding.before[axis], "%s", text);
        ck_assert_msg(!pads || a->padding.after[axis] == b->padding.after[axis], "%s", text);
        ck_assert_msg(a->op != CVS_OP_UPSAMPLE || a->scale[axis] == b->scale[axis], "%s", text);
    }
}

static void check_same_layer(const cvs_inference *from, const cvs_inference *back, const char *text) {
    const cvs_layer a = plain(&from->layer), b = plain(&back->layer);
    if (a.op != b.op) return; /* a pool of everything, and one that adapts to one cell */
    ck_assert_msg(a.spatial_rank == b.spatial_rank, "%s", text);
    if (a.op <= CVS_OP_SEPARABLE_CONV)
        ck_assert_msg(a.filters == b.filters && a.groups == b.groups && a.use_bias == b.use_bias, "%s", text);
    ck_assert_msg(a.op != CVS_OP_AVERAGE_POOL || a.divisor == b.divisor, "%s", text);
    ck_assert_msg(a.op != CVS_OP_AVERAGE_POOL || a.divisor || a.count_include_pad == b.count_include_pad, "%s", text);
    ck_assert_msg(a.op != CVS_OP_PAD || a.padding.fill == b.padding.fill, "%s", text);
    ck_assert_msg(a.interpolation == b.interpolation || a.op != CVS_OP_UPSAMPLE, "%s", text);
    check_axes(&a, &b, text);
}

/* ---- the lines ---- */

/* Read a line or node, put it on what came out of the one before it. False: this version infers no such layer. */
static bool follow(const char *line, cvs_inference *at) {
    reading_case made = reading_make(line, CVS_FRAMEWORK_AUTO, 0);
    bool infers = strcmp(made.err.code, "op-unsupported") != 0;
    ck_assert_msg(made.status == CVS_OK || !infers, "%s: %s", line, made.err.message);
    const cvs_shape input = at->output.shape;
    if (infers)
        ck_assert_msg(cvs_infer(&made.reading.layer, &input, NULL, at, &made.err) == CVS_OK, "%s: %s", line,
                      made.err.message);
    reading_free(&made);
    return infers;
}

/* The lines of code, or the nodes of an array, one after another; how many, or 0 where one cannot be followed. */
static int follow_all(const char *text, cvs_inference *at) {
    int count = 0;
    bool followed = true;
    if (text[0] == '[') {
        json_t *nodes = json_loads(text, 0, NULL);
        ck_assert_msg(json_is_array(nodes), "%s", text);
        for (; followed && (size_t)count < json_array_size(nodes); count++) {
            char *node = json_dumps(json_array_get(nodes, (size_t)count), 0);
            followed = follow(node, at);
            free(node);
        }
        json_decref(nodes);
        return followed ? count : 0;
    }
    for (const char *line = text; followed && line; count++) {
        char copy[1024];
        const char *end = strchr(line, '\n');
        snprintf(copy, sizeof copy, "%.*s", (int)(end ? end - line : (long)strlen(line)), line);
        followed = follow(copy, at);
        line = end ? end + 1 : NULL;
    }
    return followed ? count : 0;
}

static bool check_written(const cvs_inference *inference, cvs_framework framework) {
    cvs_text text = {0};
    cvs_error err = {0};
    cvs_status status = cvs_dialect_write(inference, framework, &text, &err);
    ck_assert_msg(status == CVS_OK || (status == CVS_UNSUPPORTED && err.message[0]), "%s", err.message);
    /* Nothing here pads with an infinity but PyTorch's line before a max pool. */
    bool written = status == CVS_OK && !strstr(text.data, "-inf");
    if (written) {
        cvs_data_format format = inference->layer.data_format;
        cvs_shape wanted = channels_first(&inference->output.shape, format);
        cvs_inference at = {.output.shape = channels_first(&inference->input.shape, format)};
        int lines = follow_all(text.data, &at);
        if (lines) {
            ck_assert_msg(at.output.shape.rank == wanted.rank, "%s", text.data);
            size_t size = (size_t)wanted.rank * sizeof *wanted.dim;
            ck_assert_msg(memcmp(at.output.shape.dim, wanted.dim, size) == 0, "%s", text.data);
        }
        if (lines == 1) check_same_layer(inference, &at, text.data);
    }
    cvs_text_free(&text);
    return written;
}

START_TEST(written_and_followed) {
    dice d = {UINT64_C(0xD1B54A32D192ED03) + (uint64_t)_i};
    int written[CVS_FRAMEWORK_COUNT] = {0}, made = 0;
    for (int i = 0; i < LAYERS; i++) {
        cvs_layer layer = roll_layer(&d, ops[_i]);
        cvs_shape input = roll_input(&d, &layer);
        cvs_inference inference;
        cvs_error err = {0};
        if (cvs_infer(&layer, &input, NULL, &inference, &err) != CVS_OK) continue;
        made++;
        written[CVS_PYTORCH] += check_written(&inference, CVS_PYTORCH);
        written[CVS_ONNX] += check_written(&inference, CVS_ONNX);
    }
    ck_assert_msg(made > LAYERS / 2, "%s: only %d", cvs_op_name(ops[_i]), made);
    ck_assert_msg(written[CVS_PYTORCH] > made / 4, "%s: only %d of %d", cvs_op_name(ops[_i]), written[CVS_PYTORCH],
                  made);
    ck_assert_msg(written[CVS_ONNX] > made / 10, "%s: only %d of %d", cvs_op_name(ops[_i]), written[CVS_ONNX], made);
}
END_TEST

Suite *translate_suite(void) {
    Suite *suite = suite_create("translate");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, written_and_followed, 0, sizeof ops / sizeof *ops);
    suite_add_tcase(suite, core);
    return suite;
}
