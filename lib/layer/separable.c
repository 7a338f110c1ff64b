/* separable.c - separable convolution: a depthwise one, then one of kernel 1 that mixes the channels. */
#include "base/checked.h"
#include "layer/depthwise.h"
#include "layer/infer.h"
#include "layer/validate.h"
#include "layer/window.h"

/* For PyTorch and ONNX it is two layers: a convolution with as many groups as input channels, then one with kernel 1.
 */
static bool is_two_layers(cvs_framework framework) { return framework == CVS_PYTORCH || framework == CVS_ONNX; }

/* Keras has it in 1D and 2D, Keras 1 and tf.nn in 2D. */
static cvs_status check_existence(const cvs_layer *layer, cvs_framework framework, cvs_status refusal, cvs_error *err) {
    bool only_2d = framework == CVS_KERAS1 || framework == CVS_TENSORFLOW;
    bool lacking = only_2d ? layer->spatial_rank != 2 : framework == CVS_KERAS && layer->spatial_rank > 2;
    if (!lacking) return CVS_OK;
    cvs_fail(err, refusal, "separable-unavailable", "/spatial_rank",
             "%s has no separable convolution over %d spatial %s.", cvs__framework_title(framework),
             layer->spatial_rank, layer->spatial_rank == 1 ? "axis" : "axes");
    cvs_fail_expected(err, only_2d ? "2 spatial axes" : "1 or 2 spatial axes");
    return refusal;
}

static cvs_status separable_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_channels(layer, err);
    if (status == CVS_OK) status = cvs__check_range(layer->multiplier, 1, "/multiplier", "The multiplier", err);
    if (status == CVS_OK && is_two_layers(layer->framework))
        status = cvs_fail(err, CVS_INVALID, "separable-unavailable", "/op",
                          "%s has no separable convolution in one layer: there it is two, a convolution with as many "
                          "groups as input channels, then one with kernel 1.",
                          cvs__framework_title(layer->framework));
    if (status == CVS_OK) status = check_existence(layer, layer->framework, CVS_INVALID, err);
    return status == CVS_OK ? cvs__window_validate(layer, err) : status;
}

static cvs_status separable_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    int64_t between;
    cvs_status status = cvs__infer_input(inference, err);
    if (status == CVS_OK) status = cvs__infer_channels(inference, err);
    if (status == CVS_OK) status = cvs__depthwise_channels(inference, &between, err);
    if (status == CVS_OK) status = cvs__window_infer(inference, symbols, err);
    if (status == CVS_OK) cvs__infer_output(inference, CVS_AXIS_FILTERS, inference->layer.filters);
    return status;
}

static cvs__stored kernel_of(const cvs_layer *layer, bool channels_first, cvs__role role, cvs_axis out_axis) {
    cvs__stored kernel = {.role = role};
    if (channels_first) {
        cvs__push_axis(&kernel, out_axis);
        cvs__push_axis(&kernel, CVS_AXIS_IN_CHANNELS);
    }
    cvs__push_kernel_axes(&kernel, layer->spatial_rank);
    if (!channels_first) {
        cvs__push_axis(&kernel, CVS_AXIS_IN_CHANNELS);
        cvs__push_axis(&kernel, out_axis);
    }
    return kernel;
}

/* The kernel of a convolution with a group for each input channel. */
static cvs__stored grouped_kernel(const cvs_layer *layer) {
    cvs__stored kernel = {.role = CVS__DEPTHWISE_KERNEL, .filters_merged = true};
    cvs__push_axis(&kernel, CVS_AXIS_FILTERS);
    cvs__push_axis(&kernel, CVS_AXIS_IN_CHANNELS_PER_GROUP);
    cvs__push_kernel_axes(&kernel, layer->spatial_rank);
    return kernel;
}

static cvs_status separable_storage(const cvs_inference *inference, cvs_framework framework, cvs__storage *out,
                                    cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs_status status = check_existence(layer, framework, CVS_UNSUPPORTED, err);
    if (status != CVS_OK) return status;
    bool two = is_two_layers(framework);
    bool first = two || (framework == CVS_KERAS1 && layer->data_format == CVS_CHANNELS_FIRST);
    out->tensor[out->count++] =
        two ? grouped_kernel(layer) : kernel_of(layer, first, CVS__DEPTHWISE_KERNEL, CVS_AXIS_MULTIPLIER);
    out->tensor[out->count++] = kernel_of(layer, first, CVS__POINTWISE_KERNEL, CVS_AXIS_FILTERS);
    cvs__add_bias(layer, out);
    return CVS_OK;
}

/* Each cell of each filter takes in*multiplier products more. */
static bool pointwise_macs(const cvs_inference *inference, int64_t *macs) {
    const cvs_layer *layer = &inference->layer;
    int64_t factors[CVS_MAX_SPATIAL + 3] = {layer->in_channels ? layer->in_channels : CVS_DIM_UNKNOWN,
                                            layer->multiplier, layer->filters};
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        factors[3 + axis] = inference->output.shape.dim[cvs__spatial_position(layer->data_format, axis)];
    return cvs__cost_product(factors, 3 + layer->spatial_rank, macs);
}

static bool separable_work(const cvs_inference *inference, int64_t *macs, int64_t *bias_adds) {
    int64_t pointwise;
    if (!cvs__depthwise_macs(inference, macs) || !pointwise_macs(inference, &pointwise)) return false;
    if (!cvs__cost_bias(inference, bias_adds)) return false;
    return *macs == CVS_DIM_UNKNOWN || cvs__add(*macs, pointwise, macs);
}

const cvs__op cvs__op_separable = {
    .validate = separable_validate,
    .infer = separable_infer,
    .storage = separable_storage,
    .work = separable_work,
    .receptive_field = cvs__window_receptive_field,
    .step = cvs__window_step,
};
