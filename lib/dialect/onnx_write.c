/* onnx_write.c - what ONNX needs before a layer can be written as a node: numbers for padding, channels, other nodes.
 */
#include <math.h>
#include <stdio.h>

#include "layer/layer_internal.h"
#include "layer/norm.h"

#include "dialect/writer.h"

static bool is_automatic(const cvs_layer *layer) {
    return layer->padding.mode == CVS_PAD_SAME || layer->padding.mode == CVS_PAD_SAME_LOWER;
}

static cvs_status pads_in_numbers(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    if (!cvs__pads_known(layer)) return cvs__pads_unknown(plan, err);
    layer->padding.mode = cvs__pads_zero(layer) ? CVS_PAD_VALID : CVS_PAD_EXPLICIT;
    return CVS_OK;
}

/* A convolution's node pads with zeros; mirrored and other cells take a Pad before it. */
static cvs_status adapt_padding(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    if (is_automatic(layer) && layer->padding.fill == CVS_FILL_ZEROS) return CVS_OK;
    cvs_status status = pads_in_numbers(plan, err);
    if (status || layer->padding.fill == CVS_FILL_ZEROS) return status;
    if (layer->padding.mode == CVS_PAD_EXPLICIT) return cvs__pads_apart(plan, CVS_OP_PAD, err);
    layer->padding.fill = CVS_FILL_ZEROS;
    return CVS_OK;
}

static cvs_status need_channels(const cvs__plan *plan, cvs_error *err) {
    if (plan->layer.in_channels) return CVS_OK;
    return cvs__cannot(plan, &(cvs__obstacle){"channels-unknown", "/in_channels", .sentence = EXPLAIN_CANNOT_CHANNELS},
                       err);
}

static cvs_status adapt_conv(cvs__plan *plan, cvs_error *err) {
    cvs_status status = adapt_padding(plan, err);
    return status ? status : need_channels(plan, err);
}

/* The frameworks mean different sizes by `same` and by an output padding: numbers say what was settled. */
static cvs_status adapt_transposed(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    cvs_status status = need_channels(plan, err);
    if (!status) status = pads_in_numbers(plan, err);
    if (status) return status;
    layer->has_output_size = layer->has_output_padding = false;
    for (int axis = 0; axis < layer->spatial_rank; axis++) layer->has_output_padding |= layer->output_padding[axis] > 0;
    return CVS_OK;
}

static cvs_status adapt_pool(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    cvs_status status = cvs__plan_ceil(plan, true, err);
    if (!status) status = adapt_padding(plan, err);
    if (!status && layer->padding.mode == CVS_PAD_VALID && !layer->ceil_mode) layer->count_include_pad = false;
    return status;
}

/* A global pool's node leaves axes of size 1; without keep_spatial they go. */
static void adapt_global(cvs__plan *plan) {
    if (plan->layer.keep_spatial) return;
    plan->layer.keep_spatial = true;
    cvs_text text = {0};
    cvs_text_add(&text, "{\"op_type\": \"Flatten\"}");
    cvs__plan_after(plan, &text);
}

/* ---- adaptive pools ---- */

static bool adapts_to_one(const cvs_layer *layer) {
    bool one = true;
    for (int axis = 0; axis < layer->spatial_rank; axis++) one &= layer->output_size[axis] == 1;
    return one;
}

/* Where every axis is cut into equal windows, those are an ordinary pool's. */
static bool equal_windows(cvs__plan *plan) {
    cvs_layer *layer = &plan->layer;
    const cvs_inference *inference = plan->inference;
    int first = inference->layer.data_format == CVS_CHANNELS_FIRST ? 2 : 1;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs_dim size = inference->input.shape.dim[first + axis], cells = inference->output.shape.dim[first + axis];
        if (!cvs_dim_is_known(size) && layer->output_size[axis] == CVS_DIM_UNKNOWN) size = cells = 1;
        if (!cvs_dim_is_known(size) || cells < 1 || size % cells) return false;
        layer->kernel[axis] = layer->stride[axis] = size / cells;
    }
    return true;
}

static cvs_status adapt_adaptive(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    bool largest = layer->op == CVS_OP_ADAPTIVE_MAX_POOL;
    if (adapts_to_one(layer)) {
        layer->op = largest ? CVS_OP_GLOBAL_MAX_POOL : CVS_OP_GLOBAL_AVERAGE_POOL;
        layer->keep_spatial = true;
    } else if (equal_windows(plan)) {
        layer->op = largest ? CVS_OP_MAX_POOL : CVS_OP_AVERAGE_POOL;
        layer->ceil_keeps_last = true;
    } else {
        return cvs__cannot(plan, &(cvs__obstacle){"windows-differ", "/output_size", .sentence = EXPLAIN_CANNOT_WINDOWS},
                           err);
    }
    layer->has_output_size = false;
    return CVS_OK;
}

/* ---- layers without a window ---- */

/* Of a padding layer the cells may hold anything: Pad has a mode for it. */
static cvs_status adapt_pad(cvs__plan *plan, cvs_error *err) {
    plan->layer.padding.mode = CVS_PAD_EXPLICIT;
    return cvs__pads_known(&plan->layer) ? CVS_OK : cvs__pads_unknown(plan, err);
}

/* Resize by the factors that make the sizes wanted; where they do not come out even, its `sizes` would be needed. */
static cvs_status adapt_upsample(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    int first = plan->inference->layer.data_format == CVS_CHANNELS_FIRST ? 2 : 1;
    if (!layer->has_output_size) return CVS_OK;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs_dim size = plan->inference->input.shape.dim[first + axis];
        double scale = size > 0 ? (double)layer->output_size[axis] / (double)size : 0;
        if (floor((double)size * scale) != (double)layer->output_size[axis])
            return cvs__cannot(plan,
                               &(cvs__obstacle){"scale-unknown", "/output_size", .sentence = EXPLAIN_CANNOT_FACTOR,
                                                .amount = layer->output_size[axis]},
                               err);
        layer->scale[axis] = scale;
    }
    layer->has_output_size = false;
    return CVS_OK;
}

static cvs_status adapt_dense(cvs__plan *plan, cvs_error *err) {
    if (plan->inference->input.shape.rank != 2)
        return cvs__cannot(plan,
                           &(cvs__obstacle){"matrix-only", "/op", .sentence = EXPLAIN_CANNOT_MATRIX_ONNX,
                                            .amount = plan->inference->input.shape.rank},
                           err);
    return need_channels(plan, err);
}

/* Scale and bias are inputs that a norm's node cannot do without; LayerNormalization's bias may be left out. */
static cvs_status check_weights(const cvs__plan *plan, cvs_error *err) {
    const cvs_layer *layer = &plan->layer;
    if (layer->scale_weight && (layer->center_weight || layer->op == CVS_OP_LAYER_NORM)) return CVS_OK;
    return cvs__cannot(plan,
                       &(cvs__obstacle){"norm-weights-needed", layer->scale_weight ? "/center_weight" : "/scale_weight",
                                        .sentence = EXPLAIN_CANNOT_NORM_WEIGHTS},
                       err);
}

/* All axes from `axis` on: the layer's have to be the last ones. */
static cvs_status adapt_layer_norm(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    int rank = plan->inference->input.shape.rank;
    int behind = rank - layer->target_rank - cvs__layer_norm_first(&plan->inference->layer, rank);
    if (behind > 0)
        return cvs__cannot(plan,
                           &(cvs__obstacle){"axis-moves", "/axis", .sentence = EXPLAIN_CANNOT_NORM_LAST,
                                            .amount = behind, .other = rank},
                           err);
    layer->axis = -layer->target_rank;
    layer->target_rank = 0;
    return CVS_OK;
}

static cvs_status adapt_norm(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    cvs_status status = check_weights(plan, err);
    if (!status && layer->groups == CVS_DIM_UNKNOWN) status = need_channels(plan, err);
    if (status || layer->op != CVS_OP_LAYER_NORM) return status ? status : cvs__axis_channels_first(plan, err);
    return adapt_layer_norm(plan, err);
}

/* Two axes come out of Flatten, so it has to leave no other but the batch; only ONNX's own merges two runs. */
static cvs_status adapt_flatten(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    cvs__plan_flatten(plan);
    if (plan->inference->layer.framework == CVS_ONNX || layer->start_axis == 1) return CVS_OK;
    return cvs__cannot(plan,
                       &(cvs__obstacle){"flatten-axes", "/start_axis", .sentence = EXPLAIN_CANNOT_FLATTEN_ONNX,
                                        .amount = layer->start_axis},
                       err);
}

/* Add and Mul take two inputs, Sum any number. */
static cvs_status adapt_pair(cvs__plan *plan, cvs_error *err) {
    if (plan->inference->input_count <= 2) return CVS_OK;
    if (plan->layer.op == CVS_OP_MULTIPLY)
        return cvs__cannot(plan,
                           &(cvs__obstacle){"two-inputs-only", "/op", .sentence = EXPLAIN_CANNOT_TWO_INPUTS,
                                            .term = "Mul", .amount = plan->inference->input_count},
                           err);
    plan->apart = true;
    snprintf(plan->after, sizeof plan->after, "{\"op_type\": \"Sum\", \"attributes\": {}}");
    return CVS_OK;
}

static cvs_status adapt_plain(cvs__plan *plan, cvs_error *err) {
    switch (plan->layer.op) {
    case CVS_OP_PAD:
    case CVS_OP_CROP:
        return adapt_pad(plan, err);
    case CVS_OP_UPSAMPLE:
        return adapt_upsample(plan, err);
    case CVS_OP_DENSE:
        return adapt_dense(plan, err);
    case CVS_OP_BATCH_NORM:
    case CVS_OP_GROUP_NORM:
    case CVS_OP_LAYER_NORM:
        return adapt_norm(plan, err);
    case CVS_OP_CONCATENATE:
        cvs__joint_channels_first(plan);
        return CVS_OK;
    case CVS_OP_ADD:
    case CVS_OP_MULTIPLY:
        return adapt_pair(plan, err);
    case CVS_OP_FLATTEN:
        return adapt_flatten(plan, err);
    default:
        return CVS_OK;
    }
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

cvs_status cvs__onnx_adapt(cvs__plan *plan, cvs_error *err) {
    plan->layer.data_format = CVS_CHANNELS_FIRST;
    if (plan->layer.op == CVS_OP_ACTIVATION) return cvs__activation_alone(plan, err);
    cvs_status status = cvs__activation_apart(plan, err);
    return status ? status : adapt_window(plan, err);
}
