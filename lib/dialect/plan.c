/* plan.c - what the dialects' adapt() share: is the padding known, even, a mode in disguise? */
#include <stdio.h>
#include <string.h>

#include "base/checked.h"
#include "layer/layer_internal.h"

#include "dialect/keras_arguments.h"
#include "dialect/writer.h"

/* What separates lines, or the nodes of an array. */
static const char *separator(const cvs__plan *plan) {
    return cvs__dialect_of(plan->layer.framework)->positional ? "\n" : ", ";
}

static void join(cvs__plan *plan, char *place, size_t size, const char *first, const char *second) {
    char joined[sizeof plan->before];
    int length = snprintf(joined, sizeof joined, "%s%s%s", first, *first && *second ? separator(plan) : "", second);
    plan->failed |= length < 0 || (size_t)length >= size;
    if (!plan->failed) memcpy(place, joined, (size_t)length + 1);
}

void cvs__plan_before(cvs__plan *plan, cvs_text *text) {
    plan->failed |= text->failed;
    if (!plan->failed) join(plan, plan->before, sizeof plan->before, plan->before, text->data);
    cvs_text_free(text);
}

void cvs__plan_after(cvs__plan *plan, cvs_text *text) {
    plan->failed |= text->failed;
    if (!plan->failed) join(plan, plan->after, sizeof plan->after, text->data, plan->after);
    cvs_text_free(text);
}

bool cvs__pads_known(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->padding.before[axis] < 0 || layer->padding.after[axis] < 0) return false;
    return true;
}

bool cvs__pads_zero(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->padding.before[axis] || layer->padding.after[axis]) return false;
    return true;
}

bool cvs__pads_even(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->padding.before[axis] != layer->padding.after[axis]) return false;
    return true;
}

bool cvs__strides_are_one(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->stride[axis] != 1) return false;
    return true;
}

/* Are the pads `before` and `after`, of each axis's ke - 1? */
static bool pads_are(const cvs_layer *layer, int64_t (*before)(int64_t), int64_t (*after)(int64_t)) {
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t rest = cvs__extent(layer->kernel[axis], layer->dilation[axis]) - 1;
        if (layer->padding.before[axis] != before(rest) || layer->padding.after[axis] != after(rest)) return false;
    }
    return true;
}

static int64_t none(int64_t rest) { return 0; }
static int64_t all(int64_t rest) { return rest; }
static int64_t smaller_half(int64_t rest) { return rest / 2; }
static int64_t larger_half(int64_t rest) { return rest - rest / 2; }

cvs_padding_mode cvs__pads_mode(const cvs_layer *layer) {
    if (cvs__pads_zero(layer)) return CVS_PAD_VALID;
    if (cvs__strides_are_one(layer) && pads_are(layer, smaller_half, larger_half)) return CVS_PAD_SAME;
    if (layer->spatial_rank == 1 && pads_are(layer, all, none)) return CVS_PAD_CAUSAL;
    return pads_are(layer, all, all) ? CVS_PAD_FULL : CVS_PAD_EXPLICIT;
}

cvs_status cvs__pads_unknown(const cvs__plan *plan, cvs_error *err) {
    return cvs__cannot(plan,
                       &(cvs__obstacle){"padding-depends-on-input", "/padding", .sentence = EXPLAIN_CANNOT_PADS_OPEN,
                                        .term = cvs_padding_mode_name(plan->layer.padding.mode)},
                       err);
}

cvs_status cvs__only_zeros(const cvs__plan *plan, cvs_error *err) {
    cvs_fill fill = plan->layer.padding.fill;
    if (fill == CVS_FILL_ZEROS || cvs__pads_zero(&plan->layer)) return CVS_OK;
    return cvs__cannot(plan,
                       &(cvs__obstacle){"padding-fill-unavailable", "/padding/fill", .sentence = EXPLAIN_CANNOT_FILL,
                                        .term = cvs_fill_name(fill)},
                       err);
}

/* ---- layers as others ---- */

cvs_status cvs__pads_apart(cvs__plan *plan, cvs_op op, cvs_error *err) {
    cvs_layer part = cvs_layer_default(op, plan->layer.spatial_rank);
    part.data_format = plan->layer.data_format;
    part.padding = plan->layer.padding;
    part.padding.mode = CVS_PAD_EXPLICIT;
    plan->layer.padding = (cvs_padding){.mode = CVS_PAD_VALID};
    return cvs__plan_add(plan, &part, op == CVS_OP_CROP, err);
}

static cvs_status need_channels(const cvs__plan *plan, cvs_error *err) {
    if (plan->layer.in_channels) return CVS_OK;
    return cvs__cannot(plan, &(cvs__obstacle){"channels-unknown", "/in_channels", .sentence = EXPLAIN_CANNOT_DEPTHWISE},
                       err);
}

cvs_status cvs__depthwise_as_conv(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    cvs_status status = need_channels(plan, err);
    if (status) return status;
    if (!cvs__mul(layer->in_channels, layer->multiplier, &layer->filters))
        return cvs_fail(err, CVS_TOO_LARGE, "size-overflow", "/multiplier", "the channels are too many");
    layer->op = CVS_OP_CONV;
    layer->groups = layer->in_channels;
    layer->multiplier = 1;
    return CVS_OK;
}

cvs_status cvs__separable_as_convs(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    cvs__plan half = {.layer = *layer, .language = plan->language};
    half.layer.use_bias = false;
    half.layer.activation = (cvs_activation){.kind = CVS_ACT_LINEAR};
    cvs_status status = cvs__depthwise_as_conv(&half, err);
    if (!status) status = cvs__plan_add(plan, &half.layer, false, err);
    if (status) return status;
    cvs_layer pointwise = cvs_layer_default(CVS_OP_CONV, layer->spatial_rank);
    pointwise.framework = layer->framework;
    pointwise.data_format = layer->data_format;
    pointwise.in_channels = half.layer.filters;
    pointwise.filters = layer->filters;
    pointwise.use_bias = layer->use_bias;
    pointwise.activation = layer->activation;
    for (int axis = 0; axis < layer->spatial_rank; axis++) pointwise.kernel[axis] = 1;
    *layer = pointwise;
    return CVS_OK;
}

cvs_status cvs__axis_channels_first(cvs__plan *plan, cvs_error *err) {
    int rank = plan->inference->input.shape.rank, axis = plan->layer.axis;
    if (axis < 0) axis += rank;
    if (axis == rank - 1 && plan->inference->layer.data_format == CVS_CHANNELS_LAST) axis = 1;
    plan->layer.axis = axis;
    if (axis == 1 || plan->inference->layer.data_format == CVS_CHANNELS_FIRST) return CVS_OK;
    return cvs__cannot(
        plan, &(cvs__obstacle){"axis-moves", "/axis", .sentence = EXPLAIN_CANNOT_AXIS, .amount = axis, .other = rank},
        err);
}

void cvs__plan_dropout(cvs__plan *plan) {
    int rank = plan->inference->input.shape.rank - 2;
    if (plan->layer.whole_maps) plan->layer.spatial_rank = rank < 1 ? 1 : rank;
}

void cvs__plan_flatten(cvs__plan *plan) {
    cvs_layer *layer = &plan->layer;
    int rank = plan->inference->input.shape.rank;
    if (layer->start_axis < 0) layer->start_axis += rank;
    if (layer->end_axis == rank - 1) layer->end_axis = -1;
}

void cvs__joint_channels_first(cvs__plan *plan) {
    int rank = plan->inference->output.shape.rank, *axis = &plan->layer.axis;
    if (*axis < 0) *axis += rank;
    bool turned = plan->inference->layer.data_format == CVS_CHANNELS_LAST && rank > 2 && rank <= CVS_MAX_SPATIAL + 2;
    if (turned && *axis > 0) *axis = *axis == rank - 1 ? 1 : *axis + 1;
}

/* The last window begins before i + p_before + p_after - ke + s. */
bool cvs__no_late_window(const cvs_layer *layer) {
    bool none_late = true;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]);
        none_late &= layer->stride[axis] + layer->padding.after[axis] <= extent;
    }
    return none_late;
}

/* Does the input have the same number of windows either way? */
static bool ceils_alike(const cvs__plan *plan) {
    cvs_layer layer = plan->inference->layer;
    cvs_inference other;
    const cvs_shape *output = &plan->inference->output.shape;
    layer.framework = CVS_CONVSCOPE;
    layer.ceil_keeps_last = !layer.ceil_keeps_last;
    if (cvs_infer(&layer, &plan->inference->input.shape, NULL, &other, NULL)) return false;
    bool alike = true;
    for (int axis = 1; axis < output->rank; axis++)
        alike &= cvs_dim_is_known(output->dim[axis]) && output->dim[axis] == other.output.shape.dim[axis];
    return alike;
}

cvs_status cvs__plan_ceil(cvs__plan *plan, bool keeps_last, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    bool same = layer->padding.mode == CVS_PAD_SAME || layer->padding.mode == CVS_PAD_SAME_LOWER;
    if (same) layer->ceil_mode = false;
    bool differs = layer->ceil_mode && layer->ceil_keeps_last != keeps_last;
    if (differs && !cvs__no_late_window(layer) && !ceils_alike(plan))
        return cvs__cannot(
            plan,
            &(cvs__obstacle){"ceil-mode-differs", "/ceil_keeps_last",
                             .sentence = keeps_last ? EXPLAIN_CANNOT_LATE_KEPT : EXPLAIN_CANNOT_LATE_DROPPED},
            err);
    layer->ceil_keeps_last = keeps_last;
    return CVS_OK;
}
