/* depthwise.c - depthwise convolution: each channel by its own `multiplier` kernels; nothing is summed over channels.
 */
#include "layer/depthwise.h"

#include "base/checked.h"
#include "layer/dim.h"
#include "layer/infer.h"
#include "layer/validate.h"
#include "layer/window.h"

/* ---- what a separable convolution shares -------------------------------------- */

cvs_status cvs__depthwise_channels(const cvs_inference *inference, int64_t *out, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    *out = 0;
    if (cvs__mul(layer->in_channels, layer->multiplier, out)) return CVS_OK;
    return cvs_fail(err, CVS_TOO_LARGE, "size-overflow", "/multiplier",
                    "%lld channels with %lld kernels each are more than 2^63 - 1.", (long long)layer->in_channels,
                    (long long)layer->multiplier);
}

bool cvs__depthwise_macs(const cvs_inference *inference, int64_t *macs) {
    const cvs_layer *layer = &inference->layer;
    int64_t factors[2 * CVS_MAX_SPATIAL + 2] = {layer->in_channels ? layer->in_channels : CVS_DIM_UNKNOWN,
                                                layer->multiplier};
    int count = 2;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        factors[count++] = layer->kernel[axis];
        factors[count++] = inference->output.shape.dim[cvs__spatial_position(layer->data_format, axis)];
    }
    return cvs__cost_product(factors, count, macs);
}

/* ---- the row -------------------------------------------------------------------- */

/* Keras has it in 1D and 2D, tf.nn in 2D, Keras 1 not at all. */
static cvs_status check_existence(const cvs_layer *layer, cvs_framework framework, cvs_status refusal, cvs_error *err) {
    bool lacking = framework == CVS_KERAS1 || (framework == CVS_KERAS && layer->spatial_rank > 2) ||
                   (framework == CVS_TENSORFLOW && layer->spatial_rank != 2);
    if (!lacking) return CVS_OK;
    cvs_fail(err, refusal, "depthwise-unavailable", framework == CVS_KERAS1 ? "/op" : "/spatial_rank",
             "%s has no depthwise convolution over %d spatial %s.", cvs__framework_title(framework),
             layer->spatial_rank, layer->spatial_rank == 1 ? "axis" : "axes");
    if (framework != CVS_KERAS1)
        cvs_fail_expected(err, framework == CVS_KERAS ? "1 or 2 spatial axes" : "2 spatial axes");
    return refusal;
}

static cvs_status depthwise_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->multiplier, 1, "/multiplier", "The multiplier", err);
    if (status == CVS_OK) status = cvs__check_range(layer->filters, 0, "/filters", "The number of filters", err);
    if (status == CVS_OK)
        status = cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
    if (status == CVS_OK) status = check_existence(layer, layer->framework, CVS_INVALID, err);
    return status == CVS_OK ? cvs__window_validate(layer, err) : status;
}

/* The number of filters follows; one that was given has to be that. */
static cvs_status settle_filters(cvs_inference *inference, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    int64_t filters;
    cvs_status status = cvs__depthwise_channels(inference, &filters, err);
    if (status != CVS_OK || filters == 0) return status;
    if (layer->filters && layer->filters != filters) {
        status = cvs_fail(err, CVS_INVALID, "multiplier-mismatch", "/filters",
                          "%lld input channels with %lld kernels each make %lld output channels, not %lld.",
                          (long long)layer->in_channels, (long long)layer->multiplier, (long long)filters,
                          (long long)layer->filters);
        cvs_fail_value(err, "%lld", (long long)layer->filters);
        cvs_fail_expected(err, "%lld", (long long)filters);
        return status;
    }
    layer->filters = filters;
    return CVS_OK;
}

static cvs_status depthwise_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs_dim channels = CVS_DIM_UNKNOWN;
    cvs_status status = cvs__infer_input(inference, err);
    if (status == CVS_OK) status = cvs__infer_channels(inference, err);
    if (status == CVS_OK) status = settle_filters(inference, err);
    if (status == CVS_OK) status = cvs__window_infer(inference, symbols, err);
    if (status != CVS_OK) return status;
    int position = cvs__channel_position(layer->data_format, layer->spatial_rank);
    status = cvs__dim_mul(symbols, inference->input.shape.dim[position], layer->multiplier, &channels, err);
    if (status == CVS_OK) cvs__infer_output(inference, CVS_AXIS_FILTERS, channels);
    return status;
}

/* For PyTorch and ONNX it is a convolution with as many groups as channels. */
static cvs_status depthwise_storage(const cvs_inference *inference, cvs_framework framework, cvs__storage *out,
                                    cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs_status status = check_existence(layer, framework, CVS_UNSUPPORTED, err);
    if (status != CVS_OK) return status;
    cvs__stored kernel = {.role = CVS__KERNEL, .filters_merged = framework == CVS_PYTORCH || framework == CVS_ONNX};
    if (kernel.filters_merged) {
        cvs__push_axis(&kernel, CVS_AXIS_FILTERS);
        cvs__push_axis(&kernel, CVS_AXIS_IN_CHANNELS_PER_GROUP);
        cvs__push_kernel_axes(&kernel, layer->spatial_rank);
    } else {
        cvs__push_kernel_axes(&kernel, layer->spatial_rank);
        cvs__push_axis(&kernel, CVS_AXIS_IN_CHANNELS);
        cvs__push_axis(&kernel, CVS_AXIS_MULTIPLIER);
    }
    out->tensor[out->count++] = kernel;
    cvs__add_bias(layer, out);
    return CVS_OK;
}

static bool depthwise_work(const cvs_inference *inference, int64_t *macs, int64_t *bias_adds) {
    return cvs__depthwise_macs(inference, macs) && cvs__cost_bias(inference, bias_adds);
}

const cvs__op cvs__op_depthwise = {
    .validate = depthwise_validate,
    .infer = depthwise_infer,
    .storage = depthwise_storage,
    .work = depthwise_work,
    .receptive_field = cvs__window_receptive_field,
    .step = cvs__window_step,
};
