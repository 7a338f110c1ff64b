/* pytorch_write.c - what PyTorch needs before a layer can be written: numbers for padding, modules of its own. */
#include <stdio.h>

#include "layer/layer_internal.h"
#include "layer/norm.h"

#include "dialect/writer.h"

/* ---- padding ---- */

/*
 * The module that puts around what the layer's padding says, or cuts off what is negative. torch.nn lists the last axis
 * first. `value` stands in the cells; NULL: what the fill says.
 */
static cvs_text pad_line(const cvs_layer *layer, const char *value) {
    static const char *const names[] = {[CVS_FILL_ZEROS] = "ConstantPad",
                                        [CVS_FILL_REFLECT] = "ReflectionPad",
                                        [CVS_FILL_REPLICATE] = "ReplicationPad",
                                        [CVS_FILL_CIRCULAR] = "CircularPad"};
    bool constant = layer->padding.fill == CVS_FILL_ZEROS, zero_pad = constant && !value && layer->spatial_rank == 2;
    cvs_text text = {0};
    cvs_text_addf(&text, "nn.%s%dd((", zero_pad ? "ZeroPad" : names[layer->padding.fill], layer->spatial_rank);
    for (int axis = layer->spatial_rank - 1; axis >= 0; axis--) {
        cvs_text_addf(&text, "%lld, %lld%s", (long long)layer->padding.before[axis],
                      (long long)layer->padding.after[axis], axis ? ", " : ")");
    }
    if (constant && !zero_pad) cvs_text_addf(&text, ", %s", value ? value : "0");
    cvs_text_add(&text, ")");
    return text;
}

static cvs_status adapt_conv(cvs__plan *plan, cvs_error *err) {
    cvs_padding *padding = &plan->layer.padding;
    if (padding->mode == CVS_PAD_SAME && cvs__strides_are_one(&plan->layer)) return CVS_OK;
    if (!cvs__pads_known(&plan->layer)) return cvs__pads_unknown(plan, err);
    padding->mode = CVS_PAD_EXPLICIT;
    if (!cvs__pads_zero(&plan->layer) && cvs__pads_even(&plan->layer)) return CVS_OK;
    if (!cvs__pads_zero(&plan->layer)) {
        cvs_text text = pad_line(&plan->layer, NULL);
        cvs__plan_before(plan, &text);
    }
    *padding = (cvs_padding){.mode = CVS_PAD_VALID};
    return CVS_OK;
}

/* ---- transposed convolutions ---- */

/* Cut cells off behind: padding with a negative number. */
static void write_crop(cvs__plan *plan, const int64_t *after) {
    cvs_layer cropped = {.spatial_rank = plan->layer.spatial_rank};
    for (int axis = 0; axis < cropped.spatial_rank; axis++) cropped.padding.after[axis] = -after[axis];
    cvs_text text = pad_line(&cropped, NULL);
    cvs__plan_after(plan, &text);
}

/*
 * The output begins p_before cells into what the input reaches, and ends where its size says. PyTorch cuts p_before
 * at both ends and gives back output_padding behind; where more is to be cut there a layer after it does so.
 */
static cvs_status adapt_transposed(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    int64_t behind[CVS_MAX_SPATIAL] = {0};
    bool crops = false;
    if (!cvs__pads_known(layer)) return cvs__pads_unknown(plan, err);
    layer->has_output_size = layer->has_output_padding = false;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t back = layer->padding.before[axis] - layer->padding.after[axis] + layer->output_padding[axis];
        behind[axis] = back < 0 ? -back : 0;
        crops |= back < 0;
        layer->padding.after[axis] = layer->padding.before[axis];
        layer->output_padding[axis] = back < 0 ? 0 : back;
        layer->has_output_padding |= back > 0;
    }
    layer->padding.mode = cvs__pads_zero(layer) ? CVS_PAD_VALID : CVS_PAD_EXPLICIT;
    if (crops) write_crop(plan, behind);
    return CVS_OK;
}

/* ---- pools ---- */

/* PyTorch pads a pool by half its window at most. */
static bool pads_fit(const cvs_layer *layer) {
    bool fit = cvs__pads_even(layer);
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        fit &= layer->padding.before[axis] <= cvs__extent(layer->kernel[axis], layer->dilation[axis]) / 2;
    return fit;
}

/* A layer before the pool pads it; what that adds is input to the pool. */
static cvs_status pad_apart(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    bool average = layer->op == CVS_OP_AVERAGE_POOL;
    if (average && !layer->count_include_pad && !layer->divisor)
        return cvs__cannot(
            plan, &(cvs__obstacle){"padding-counted", "/padding", .sentence = EXPLAIN_CANNOT_PADS_COUNTED}, err);
    if (layer->ceil_mode && !cvs__no_late_window(layer))
        return cvs__cannot(plan, &(cvs__obstacle){"padding-uneven", "/padding", .sentence = EXPLAIN_CANNOT_PADS_CEIL},
                           err);
    cvs_text text = pad_line(layer, average ? NULL : "float('-inf')");
    cvs__plan_before(plan, &text);
    layer->padding = (cvs_padding){.mode = CVS_PAD_VALID};
    return CVS_OK;
}

static cvs_status adapt_pool(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    cvs_status status = cvs__plan_ceil(plan, false, err);
    if (status) return status;
    if (!cvs__pads_known(layer)) return cvs__pads_unknown(plan, err);
    bool none = cvs__pads_zero(layer);
    layer->padding.mode = none ? CVS_PAD_VALID : CVS_PAD_EXPLICIT;
    if (!none && !pads_fit(layer)) status = pad_apart(plan, err);
    if (none && !layer->ceil_mode) layer->count_include_pad = layer->op == CVS_OP_AVERAGE_POOL;
    return status;
}

/* A global pool adapts to one cell; without keep_spatial its axes go. */
static void adapt_global(cvs__plan *plan) {
    cvs_layer *layer = &plan->layer;
    bool flat = !layer->keep_spatial;
    layer->op = layer->op == CVS_OP_GLOBAL_MAX_POOL ? CVS_OP_ADAPTIVE_MAX_POOL : CVS_OP_ADAPTIVE_AVERAGE_POOL;
    layer->has_output_size = true;
    layer->keep_spatial = false;
    for (int axis = 0; axis < layer->spatial_rank; axis++) layer->output_size[axis] = 1;
    if (!flat) return;
    cvs_text text = {0};
    cvs_text_add(&text, "nn.Flatten()");
    cvs__plan_after(plan, &text);
}

/* ---- layers without a window ---- */

static cvs_status adapt_pad(cvs__plan *plan, cvs_error *err) {
    plan->layer.padding.mode = CVS_PAD_EXPLICIT;
    return cvs__pads_known(&plan->layer) ? CVS_OK : cvs__pads_unknown(plan, err);
}

static cvs_status check_weights(const cvs__plan *plan, cvs_error *err) {
    const cvs_layer *layer = &plan->layer;
    if (layer->scale_weight == layer->center_weight) return CVS_OK;
    return cvs__cannot(plan,
                       &(cvs__obstacle){"affine-halves", layer->scale_weight ? "/center_weight" : "/scale_weight",
                                        .sentence = EXPLAIN_CANNOT_NORM_HALVES},
                       err);
}

/* The channels' axis is 1; a batch norm's class tells the rank, (batch, channels) being BatchNorm1d's too. */
static cvs_status adapt_channel_norm(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    int rank = plan->inference->input.shape.rank - 2;
    cvs_status status = cvs__axis_channels_first(plan, err);
    if (!status) status = check_weights(plan, err);
    if (layer->op == CVS_OP_BATCH_NORM) layer->spatial_rank = rank < 1 ? 1 : rank;
    return status;
}

/* The last axes stay the last; normalized_shape says how many they are. */
static cvs_status adapt_layer_norm(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    int rank = plan->inference->input.shape.rank;
    if (cvs__layer_norm_first(&plan->inference->layer, rank) + layer->target_rank == rank) layer->axis = -1;
    for (int i = 0; i < layer->target_rank; i++)
        if (!cvs_dim_is_known(layer->target[i]))
            return cvs__cannot(
                plan, &(cvs__obstacle){"channels-unknown", "/input_shape", .sentence = EXPLAIN_CANNOT_NORM_SIZES}, err);
    bool halves = !layer->scale_weight && layer->center_weight;
    return halves ? check_weights(plan, err) : CVS_OK;
}

/* The functions that merge; "inputs" stands for a list of tensors. */
static cvs_status write_merge(cvs__plan *plan, cvs_error *err) {
    static const char *const pairs[] = {
        [CVS_OP_ADD - CVS_OP_ADD] = "torch.add(a, b)",
        [CVS_OP_MULTIPLY - CVS_OP_ADD] = "torch.mul(a, b)",
        [CVS_OP_MAXIMUM - CVS_OP_ADD] = "torch.maximum(a, b)",
    };
    cvs_op op = plan->layer.op;
    plan->apart = true;
    if (op == CVS_OP_CONCATENATE) {
        cvs__joint_channels_first(plan);
        snprintf(plan->after, sizeof plan->after, "torch.cat(inputs, dim=%d)", plan->layer.axis);
        return CVS_OK;
    }
    if (op == CVS_OP_AVERAGE)
        return cvs__cannot(plan, &(cvs__obstacle){"layer-unavailable", "/op", .sentence = EXPLAIN_CANNOT_AVERAGE}, err);
    if (plan->inference->input_count > 2)
        return cvs__cannot(plan,
                           &(cvs__obstacle){"two-inputs-only", "/op", .sentence = EXPLAIN_CANNOT_TWO_INPUTS,
                                            .term = pairs[op - CVS_OP_ADD], .amount = plan->inference->input_count},
                           err);
    snprintf(plan->after, sizeof plan->after, "%s", pairs[op - CVS_OP_ADD]);
    return CVS_OK;
}

/* ONNX's Flatten merges the axes before its axis too. */
static cvs_status adapt_flatten(cvs__plan *plan, cvs_error *err) {
    if (plan->inference->layer.framework != CVS_ONNX || plan->inference->output.axes[0] == CVS_AXIS_BATCH)
        return CVS_OK;
    return cvs__cannot(plan,
                       &(cvs__obstacle){"flatten-matrix", "/start_axis", .sentence = EXPLAIN_CANNOT_FLATTEN_PYTORCH,
                                        .amount = plan->layer.start_axis},
                       err);
}

static cvs_status adapt_plain(cvs__plan *plan, cvs_error *err) {
    switch (plan->layer.op) {
    case CVS_OP_PAD:
    case CVS_OP_CROP:
        return adapt_pad(plan, err);
    case CVS_OP_BATCH_NORM:
    case CVS_OP_GROUP_NORM:
        return adapt_channel_norm(plan, err);
    case CVS_OP_LAYER_NORM:
        return adapt_layer_norm(plan, err);
    case CVS_OP_FLATTEN:
        return adapt_flatten(plan, err);
    case CVS_OP_DROPOUT:
        cvs__plan_dropout(plan);
        return CVS_OK;
    case CVS_OP_ADD:
    case CVS_OP_MULTIPLY:
    case CVS_OP_AVERAGE:
    case CVS_OP_MAXIMUM:
    case CVS_OP_CONCATENATE:
        return write_merge(plan, err);
    default:
        return CVS_OK;
    }
}

/* A pool of one axis cannot be told to keep it. */
static cvs_status adapt_adaptive(const cvs__plan *plan, cvs_error *err) {
    const cvs_layer *layer = &plan->layer;
    if (layer->spatial_rank > 1 || layer->output_size[0] != CVS_DIM_UNKNOWN) return CVS_OK;
    return cvs__cannot(plan, &(cvs__obstacle){"size-missing", "/output_size", .sentence = EXPLAIN_CANNOT_SIZE}, err);
}

/* ---- the whole ---- */

static cvs_status adapt_window(cvs__plan *plan, cvs_error *err) {
    cvs_status status = CVS_OK;
    switch (plan->layer.op) {
    case CVS_OP_SEPARABLE_CONV:
        status = cvs__separable_as_convs(plan, err);
        return status ? status : adapt_conv(plan, err);
    case CVS_OP_DEPTHWISE_CONV:
        status = cvs__depthwise_as_conv(plan, err);
        return status ? status : adapt_conv(plan, err);
    case CVS_OP_CONV:
        return adapt_conv(plan, err);
    case CVS_OP_CONV_TRANSPOSE:
        return adapt_transposed(plan, err);
    case CVS_OP_MAX_POOL:
    case CVS_OP_AVERAGE_POOL:
        return adapt_pool(plan, err);
    case CVS_OP_GLOBAL_MAX_POOL:
    case CVS_OP_GLOBAL_AVERAGE_POOL:
        adapt_global(plan);
        return CVS_OK;
    case CVS_OP_ADAPTIVE_MAX_POOL:
    case CVS_OP_ADAPTIVE_AVERAGE_POOL:
        return adapt_adaptive(plan, err);
    default:
        return adapt_plain(plan, err);
    }
}

/* The activation goes last: what is put after the layer comes before it. */
cvs_status cvs__pytorch_adapt(cvs__plan *plan, cvs_error *err) {
    plan->layer.data_format = CVS_CHANNELS_FIRST;
    if (plan->layer.op == CVS_OP_ACTIVATION) return cvs__activation_alone(plan, err);
    cvs_status status = cvs__activation_apart(plan, err);
    return status ? status : adapt_window(plan, err);
}
