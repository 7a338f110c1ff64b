/* onnx_write.c - what ONNX needs before a layer can be written as a node: numbers for padding, channels, other nodes.
 */
#include "layer/layer_internal.h"

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

static cvs_status adapt_padding(cvs__plan *plan, cvs_error *err) {
    cvs_status status = cvs__only_zeros(plan, err);
    if (status) return status;
    plan->layer.padding.fill = CVS_FILL_ZEROS;
    return is_automatic(&plan->layer) ? CVS_OK : pads_in_numbers(plan, err);
}

static cvs_status need_channels(const cvs__plan *plan, cvs_error *err) {
    if (plan->layer.in_channels) return CVS_OK;
    return cvs_fail(err, CVS_UNSUPPORTED, "channels-unknown", "/in_channels",
                    "ONNX needs the shape of W, which depends on the number of input channels");
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
        return cvs_fail(err, CVS_UNSUPPORTED, "windows-differ", "/output_size",
                        "ONNX has no adaptive pool, and an ordinary one needs windows that are all equal: sizes of the "
                        "input that are known and are multiples of the output's");
    }
    layer->has_output_size = false;
    return CVS_OK;
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
        return CVS_OK;
    }
}

cvs_status cvs__onnx_adapt(cvs__plan *plan, cvs_error *err) {
    plan->layer.data_format = CVS_CHANNELS_FIRST;
    cvs_status status = cvs__activation_apart(plan, err);
    return status ? status : adapt_window(plan, err);
}
