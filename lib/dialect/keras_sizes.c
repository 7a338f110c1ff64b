/* keras_sizes.c - sizes that Keras, of either generation, says in its own way: of pools, transposed layers, scales. */
#include <math.h>
#include <string.h>

#include "layer/layer_internal.h"

#include "dialect/keras_arguments.h"
#include "dialect/writer.h"

/* ---- pools ---- */

/* Rounding up makes no difference where every window fits. */
static bool windows_fit(const cvs__plan *plan) {
    const cvs_layer *layer = &plan->layer;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs_dim size = plan->inference->input.shape.dim[cvs__spatial_position(layer->data_format, axis)];
        int64_t extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]);
        int64_t pads = layer->padding.before[axis] + layer->padding.after[axis];
        if (!cvs_dim_is_known(size) || (size + pads - extent) % layer->stride[axis]) return false;
    }
    return true;
}

static cvs_status fail_pool_padding(const cvs__plan *plan, cvs_error *err) {
    bool max = plan->layer.op == CVS_OP_MAX_POOL;
    return cvs__cannot(
        plan,
        &(cvs__obstacle){"pool-padding-unavailable", "/padding",
                         .sentence = max ? EXPLAIN_CANNOT_POOL_PADDING_MAX : EXPLAIN_CANNOT_POOL_PADDING_AVERAGE},
        err);
}

/* Cells that count can be a layer of zeros; others must be those of `same`. */
static cvs_status adapt_pool_padding(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    bool counted = layer->op == CVS_OP_AVERAGE_POOL && layer->count_include_pad;
    bool same = layer->padding.mode == CVS_PAD_SAME && !counted;
    layer->count_include_pad = false;
    if (same) return CVS_OK;
    if (!cvs__pads_known(layer)) return cvs__pads_unknown(plan, err);
    cvs_padding_mode mode = cvs__pads_mode(layer);
    if (mode != CVS_PAD_VALID && counted) return cvs__pads_apart(plan, CVS_OP_PAD, err);
    if (mode != CVS_PAD_VALID && mode != CVS_PAD_SAME) return fail_pool_padding(plan, err);
    layer->padding = (cvs_padding){.mode = mode};
    return CVS_OK;
}

cvs_status cvs__keras_adapt_pool(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    if (layer->ceil_mode && cvs__pads_known(layer) && windows_fit(plan)) layer->ceil_mode = false;
    if (!layer->ceil_mode || layer->padding.mode == CVS_PAD_SAME) layer->ceil_mode = layer->ceil_keeps_last = false;
    return adapt_pool_padding(plan, err);
}

/* ---- transposed layers ---- */

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

/* How many cells more than its stride a kernel reaches over: what `same` cuts off. */
static int64_t excess(const cvs_layer *layer, int axis) {
    return cvs__extent(layer->kernel[axis], layer->dilation[axis]) - layer->stride[axis];
}

/* Would the mode leave the same cells, with no output padding said? */
static bool is_plain_mode(const cvs_layer *layer, cvs_padding_mode mode) {
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t cut = mode == CVS_PAD_SAME ? larger(excess(layer, axis), 0) : 0;
        if (layer->output_padding[axis] != larger(-excess(layer, axis), 0)) return false;
        if (layer->padding.before[axis] != cut / 2 || layer->padding.after[axis] != cut - cut / 2) return false;
    }
    return true;
}

/* By a mode where one does just this; else all cells, of which a layer after it cuts off what is padding. */
static cvs_status adapt_crop(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    layer->has_output_size = false;
    bool valid = is_plain_mode(layer, CVS_PAD_VALID), same = is_plain_mode(layer, CVS_PAD_SAME);
    layer->has_output_padding = !valid && !same;
    if (!valid && !same && !cvs__pads_zero(layer)) {
        cvs_layer uncut = *layer;
        memset(&uncut.padding, 0, sizeof uncut.padding);
        layer->has_output_padding = !is_plain_mode(&uncut, CVS_PAD_VALID);
        return cvs__pads_apart(plan, CVS_OP_CROP, err);
    }
    layer->padding = (cvs_padding){.mode = same && !valid ? CVS_PAD_SAME : CVS_PAD_VALID};
    return CVS_OK;
}

/* TensorFlow makes no more cells than a strided layer could have come from. */
static cvs_status check_reach(const cvs__plan *plan, cvs_error *err) {
    const cvs_layer *layer = &plan->layer;
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->output_padding[axis] >= layer->stride[axis])
            return cvs__cannot(plan,
                               &(cvs__obstacle){"output-size-range", "/output_size",
                                                .sentence = EXPLAIN_CANNOT_OUTPUT_REACH, .amount = layer->stride[axis],
                                                .other = layer->output_padding[axis]},
                               err);
    return CVS_OK;
}

/* Keras 1 has the size of the output in place of an output padding. */
static cvs_status adapt_deconvolution(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    const cvs_inference *inference = plan->inference;
    bool uncut = cvs__pads_zero(layer), same = is_plain_mode(layer, CVS_PAD_SAME);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs_dim size = inference->output.shape.dim[cvs__spatial_position(inference->layer.data_format, axis)];
        int64_t cut = uncut || same ? 0 : layer->padding.before[axis] + layer->padding.after[axis];
        if (!cvs_dim_is_known(size))
            return cvs__cannot(
                plan,
                &(cvs__obstacle){"output-size-unknown", "/output_size", .sentence = EXPLAIN_CANNOT_OUTPUT_UNKNOWN},
                err);
        layer->output_size[axis] = size + cut;
    }
    cvs_status status = same ? CVS_OK : check_reach(plan, err);
    if (status) return status;
    layer->has_output_size = true;
    layer->has_output_padding = false;
    if (!uncut && !same) return cvs__pads_apart(plan, CVS_OP_CROP, err);
    layer->padding = (cvs_padding){.mode = uncut ? CVS_PAD_VALID : CVS_PAD_SAME};
    return CVS_OK;
}

static bool is_as_written(const cvs__plan *plan) {
    const cvs_layer *was = &plan->inference->layer;
    bool mode = was->padding.mode == CVS_PAD_VALID || was->padding.mode == CVS_PAD_SAME;
    return was->framework == plan->layer.framework && mode;
}

cvs_status cvs__keras_adapt_transposed(cvs__plan *plan, cvs_error *err) {
    if (is_as_written(plan)) return CVS_OK;
    cvs_status status = cvs__only_zeros(plan, err);
    if (status) return status;
    if (!cvs__pads_known(&plan->layer)) return cvs__pads_unknown(plan, err);
    return plan->layer.framework == CVS_KERAS1 ? adapt_deconvolution(plan, err) : adapt_crop(plan, err);
}

/* ---- scales ---- */

/* The scale that makes a wanted size; 0: none does. */
static double scale_of(const cvs__plan *plan, int axis) {
    const cvs_layer *layer = &plan->layer;
    if (!layer->has_output_size) return layer->scale[axis];
    cvs_dim size = plan->inference->input.shape.dim[cvs__spatial_position(layer->data_format, axis)];
    bool whole = size > 0 && layer->output_size[axis] % size == 0;
    return whole ? (double)(layer->output_size[axis] / size) : 0;
}

cvs_status cvs__keras_adapt_upsample(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    if (layer->align_corners && layer->interpolation != CVS_INTERPOLATION_NEAREST)
        return cvs__cannot(
            plan, &(cvs__obstacle){"corners-unaligned", "/align_corners", .sentence = EXPLAIN_CANNOT_CORNERS}, err);
    layer->align_corners = false;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        double scale = scale_of(plan, axis);
        if (scale < 1 || scale != floor(scale))
            return cvs__cannot(
                plan, &(cvs__obstacle){"scale-not-whole", "/scale", .sentence = EXPLAIN_CANNOT_SCALE_WHOLE}, err);
        layer->scale[axis] = scale;
    }
    layer->has_output_size = false;
    return CVS_OK;
}
