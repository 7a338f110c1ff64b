/* pool.c - the largest or the average of a window, each channel by itself. */
#include "layer/infer.h"
#include "layer/validate.h"
#include "layer/window.h"

#include <stdio.h>

static const char *sort_of(const cvs_layer *layer) { return layer->op == CVS_OP_MAX_POOL ? "max" : "average"; }

/* Of the frameworks' pools, PyTorch's max pool and ONNX's have a dilation; Keras has no ceil mode. */
static cvs_status check_options(const cvs_layer *layer, cvs_error *err) {
    bool undilated =
        cvs__is_keras(layer->framework) || (layer->framework == CVS_PYTORCH && layer->op == CVS_OP_AVERAGE_POOL);
    for (int axis = 0; axis < layer->spatial_rank && undilated; axis++) {
        if (layer->dilation[axis] == 1) continue;
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/dilation/%d", axis);
        cvs_status status =
            cvs_fail(err, CVS_INVALID, "pool-without-dilation", pointer,
                     "%s has no dilation in its %s pooling, and here it is %lld.",
                     cvs__framework_title(layer->framework), sort_of(layer), (long long)layer->dilation[axis]);
        cvs_fail_expected(err, "1");
        return status;
    }
    if (!cvs__is_keras(layer->framework) || !layer->ceil_mode) return CVS_OK;
    cvs_status status = cvs_fail(err, CVS_INVALID, "pool-without-ceil-mode", "/ceil_mode",
                                 "%s has no ceil_mode: its pools drop a last window that does not fit.",
                                 cvs__framework_title(layer->framework));
    cvs_fail_expected(err, "padding \"same\", which keeps it");
    return status;
}

/*
 * A window with no input in it has no largest value and no average. PyTorch allows half a window: "pad should be at
 * most half of effective kernel size"; ONNX Runtime any number below the kernel.
 */
static cvs_status check_pads(const cvs_layer *layer, cvs_error *err) {
    if (layer->padding.mode != CVS_PAD_EXPLICIT) return CVS_OK;
    bool half = layer->framework == CVS_PYTORCH;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]), most = half ? extent / 2 : extent - 1;
        bool at_start = layer->padding.before[axis] > most;
        int64_t padding = at_start ? layer->padding.before[axis] : layer->padding.after[axis];
        if (padding <= most) continue;
        char pointer[48];
        snprintf(pointer, sizeof pointer, "/padding/%s/%d", at_start ? "before" : "after", axis);
        cvs_status status =
            cvs_fail(err, CVS_INVALID, "pool-padding-range", pointer,
                     "A pooling window that spans %lld along %s may have at most %lld padded cells%s, "
                     "not %lld.",
                     (long long)extent, cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)), (long long)most,
                     half ? ", half of itself" : ": otherwise a window would see no input", (long long)padding);
        cvs_fail_value(err, "%lld", (long long)padding);
        cvs_fail_expected(err, "at most %lld", (long long)most);
        return status;
    }
    return CVS_OK;
}

static cvs_status pool_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
    if (status == CVS_OK) status = cvs__check_range(layer->divisor, 0, "/divisor", "The divisor", err);
    if (status == CVS_OK) status = cvs__window_validate(layer, err);
    if (status == CVS_OK) status = check_options(layer, err);
    return status == CVS_OK ? check_pads(layer, err) : status;
}

/* PyTorch's AvgPool3d alone wants the kernel to fit the input without its padding (pool3d_shape_check). */
static cvs_status check_fits_unpadded(const cvs_inference *inference, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    if (layer->framework != CVS_PYTORCH || layer->op != CVS_OP_AVERAGE_POOL || layer->spatial_rank != 3) return CVS_OK;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs_dim size = inference->input.shape.dim[cvs__spatial_position(layer->data_format, axis)];
        if (!cvs_dim_is_known(size) || size >= layer->kernel[axis]) continue;
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/kernel/%d", axis);
        cvs_status status = cvs_fail(err, CVS_INVALID, "kernel-larger-than-input", pointer,
                                     "PyTorch's AvgPool3d needs an input as large as its kernel even where it pads or "
                                     "rounds up: along %s the kernel is %lld, the input has %lld.",
                                     cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)),
                                     (long long)layer->kernel[axis], (long long)size);
        cvs_fail_value(err, "%lld", (long long)layer->kernel[axis]);
        cvs_fail_expected(err, "at most %lld", (long long)size);
        return status;
    }
    return CVS_OK;
}

static cvs_status pool_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    cvs_status status = cvs__infer_each_channel(inference, err);
    if (status == CVS_OK) status = check_fits_unpadded(inference, err);
    return status == CVS_OK ? cvs__window_infer(inference, symbols, err) : status;
}

const cvs__op cvs__op_pool = {
    .validate = pool_validate,
    .infer = pool_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = cvs__window_receptive_field,
    .step = cvs__window_step,
};
