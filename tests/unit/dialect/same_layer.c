#include "same_layer.h"

cvs_shape reorder(const cvs_shape *shape, cvs_data_format from, cvs_data_format to) {
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

static int axis_of(const cvs_inference *inference) {
    const cvs_layer *layer = &inference->layer;
    bool channels = layer->op == CVS_OP_BATCH_NORM || layer->op == CVS_OP_GROUP_NORM;
    /* What else normalizes several axes says how many they are. */
    if (layer->op == CVS_OP_LAYER_NORM && layer->target_rank > 1)
        return inference->input.shape.rank - layer->target_rank;
    if (channels && layer->axis == -1 && layer->data_format == CVS_CHANNELS_FIRST) return 1;
    return layer->axis < 0 ? layer->axis + inference->input.shape.rank : layer->axis;
}

bool turns_for(const cvs_inference *inference, cvs_framework framework) {
    switch (inference->layer.op) {
    case CVS_OP_DENSE:
    case CVS_OP_FLATTEN:
    case CVS_OP_RESHAPE:
    case CVS_OP_PERMUTE:
    case CVS_OP_REPEAT:
    case CVS_OP_LAYER_NORM:
        return false;
    case CVS_OP_BATCH_NORM:
    case CVS_OP_GROUP_NORM:
        return axis_of(inference) != 1 && (framework == CVS_PYTORCH || framework == CVS_ONNX);
    default:
        return inference->layer.op < CVS_OP_DENSE || framework == CVS_PYTORCH || framework == CVS_ONNX;
    }
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

static void check_same_activation(const cvs_layer *a, const cvs_layer *b, const char *text) {
    ck_assert_msg(a->activation.kind == b->activation.kind, "%s", text);
    ck_assert_msg(a->activation.alpha == b->activation.alpha, "%s", text);
    ck_assert_msg(a->activation.beta == b->activation.beta, "%s", text);
}

static void check_same_sum(const cvs_layer *a, const cvs_layer *b, const char *text) {
    ck_assert_msg(a->in_channels == b->in_channels, "%s", text);
    if (a->op > CVS_OP_SEPARABLE_CONV) return;
    ck_assert_msg(a->filters == b->filters, "%s", text);
    ck_assert_msg(a->groups == b->groups || a->op == CVS_OP_DEPTHWISE_CONV, "%s", text);
    ck_assert_msg(a->multiplier == b->multiplier || a->op != b->op, "%s", text);
    ck_assert_msg(a->use_bias == b->use_bias, "%s", text);
    check_same_activation(a, b, text);
}

/* ---- what has no window ---- */

static void check_same_norm(const cvs_inference *a, const cvs_inference *b, const char *text) {
    const cvs_layer *mine = &a->layer, *back = &b->layer;
    bool turned = turns_for(a, back->framework) && mine->data_format != back->data_format;
    ck_assert_msg(axis_of(b) == (turned ? 1 : axis_of(a)), "%s", text);
    ck_assert_msg(mine->scale_weight == back->scale_weight && mine->center_weight == back->center_weight, "%s", text);
    ck_assert_msg(mine->groups == back->groups, "%s", text);
    ck_assert_msg(mine->running_stats == back->running_stats, "%s", text);
}

static void check_same_rest(const cvs_inference *a, const cvs_inference *b, const char *text) {
    const cvs_layer *mine = &a->layer, *back = &b->layer;
    bool norm = mine->op >= CVS_OP_BATCH_NORM && mine->op <= CVS_OP_GROUP_NORM;
    ck_assert_msg(mine->op == back->op, "%s", text);
    if (norm) check_same_norm(a, b, text);
    if (mine->op == CVS_OP_DROPOUT)
        ck_assert_msg(mine->rate == back->rate && mine->whole_maps == back->whole_maps, "%s", text);
    if (mine->op == CVS_OP_DENSE || mine->op == CVS_OP_ACTIVATION) check_same_activation(mine, back, text);
    if (mine->op == CVS_OP_PERMUTE)
        ck_assert_msg(memcmp(mine->target, back->target, (size_t)mine->target_rank * sizeof *mine->target) == 0, "%s",
                      text);
    if (mine->op != CVS_OP_DENSE) return;
    ck_assert_msg(mine->filters == back->filters && mine->use_bias == back->use_bias, "%s", text);
}

/* ---- the whole ---- */

/* As every framework stores them; the orders of axes that a framework stores otherwise are the layer's own. */
static void check_same_weights(const cvs_inference *a, const cvs_inference *b, const char *text) {
    for (int framework = CVS_KERAS; framework < CVS_FRAMEWORK_COUNT; framework++) {
        if (framework == CVS_KERAS1 && a->layer.data_format != b->layer.data_format) continue;
        cvs_weights mine, back;
        cvs_status status = cvs_layer_weights(a, (cvs_framework)framework, &mine, NULL);
        ck_assert_msg(cvs_layer_weights(b, (cvs_framework)framework, &back, NULL) == status, "%s", text);
        if (status) continue;
        ck_assert_msg(mine.count == back.count && mine.parameters == back.parameters, "%s", text);
        for (int i = 0; i < mine.count; i++) {
            const cvs_shape *shape = &mine.weight[i].tensor.shape, *other = &back.weight[i].tensor.shape;
            size_t size = (size_t)shape->rank * sizeof *shape->dim;
            ck_assert_msg(shape->rank == other->rank && memcmp(shape->dim, other->dim, size) == 0, "%s", text);
        }
    }
}

void check_same_output(const cvs_inference *a, const cvs_inference *b, const char *text) {
    cvs_shape output = a->output.shape;
    if (turns_for(a, b->layer.framework)) output = reorder(&output, a->layer.data_format, b->layer.data_format);
    ck_assert_msg(output.rank == b->output.shape.rank, "%s", text);
    ck_assert_msg(memcmp(output.dim, b->output.shape.dim, (size_t)output.rank * sizeof *output.dim) == 0, "%s", text);
}

void check_same_layer(const cvs_inference *a, const cvs_inference *b, const char *text) {
    check_same_output(a, b, text);
    if (a->layer.op == b->layer.op && (a->layer.in_channels || a->layer.op > CVS_OP_SEPARABLE_CONV))
        check_same_weights(a, b, text);
    if (a->layer.op >= CVS_OP_DENSE) {
        check_same_rest(a, b, text);
        return;
    }
    ck_assert_msg(same_op(&a->layer, &b->layer) && a->layer.spatial_rank == b->layer.spatial_rank, "%s", text);
    check_same_sum(&a->layer, &b->layer, text);
    if (!is_adaptive(a->layer.op)) check_same_window(&a->layer, &b->layer, text);
    ck_assert_msg(a->layer.interpolation == b->layer.interpolation, "%s", text);
}
