/* conv.c - convolution over 1, 2 or 3 spatial axes, grouped and dilated. */
#include "layer/infer.h"
#include "layer/validate.h"
#include "layer/window.h"

static cvs_status refuse_keras1_groups(cvs_status status, cvs_error *err) {
    cvs_fail(err, status, "keras1-without-groups", "/groups", "Keras 1 has no grouped convolution.");
    cvs_fail_expected(err, "1 group");
    return status;
}

static cvs_status conv_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_channels(layer, err);
    if (status == CVS_OK) status = cvs__window_validate(layer, err);
    if (status != CVS_OK) return status;
    if (layer->framework == CVS_KERAS1 && layer->groups > 1) return refuse_keras1_groups(CVS_INVALID, err);
    return cvs__check_groups(layer, err);
}

static cvs_status conv_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_input(inference, err);
    if (status == CVS_OK) status = cvs__infer_channels(inference, err);
    if (status == CVS_OK) status = cvs__check_groups(layer, err);
    if (status == CVS_OK) status = cvs__window_infer(inference, symbols, err);
    if (status == CVS_OK) cvs__infer_output(inference, CVS_AXIS_FILTERS, layer->filters);
    return status;
}

static cvs__stored conv_kernel(const cvs_layer *layer, cvs_framework framework) {
    cvs__stored kernel = {.role = CVS__KERNEL};
    cvs_axis in = layer->groups > 1 ? CVS_AXIS_IN_CHANNELS_PER_GROUP : CVS_AXIS_IN_CHANNELS;
    bool keras1_1d = framework == CVS_KERAS1 && layer->spatial_rank == 1;
    bool keras1_th = framework == CVS_KERAS1 && !keras1_1d && layer->data_format == CVS_CHANNELS_FIRST;
    if (framework == CVS_PYTORCH || framework == CVS_ONNX || keras1_th) {
        cvs__push_axis(&kernel, CVS_AXIS_FILTERS);
        cvs__push_axis(&kernel, in);
        cvs__push_kernel_axes(&kernel, layer->spatial_rank);
        return kernel;
    }
    cvs__push_kernel_axes(&kernel, layer->spatial_rank);
    if (keras1_1d) cvs__push_axis(&kernel, CVS_AXIS_UNIT);
    cvs__push_axis(&kernel, in);
    cvs__push_axis(&kernel, CVS_AXIS_FILTERS);
    return kernel;
}

static cvs_status conv_storage(const cvs_inference *inference, cvs_framework framework, cvs__storage *out,
                               cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    if (framework == CVS_KERAS1 && layer->groups > 1) return refuse_keras1_groups(CVS_UNSUPPORTED, err);
    out->tensor[out->count++] = conv_kernel(layer, framework);
    cvs__add_bias(layer, out);
    return CVS_OK;
}

/* Every output cell of every filter multiplies the kernel's cells with the input channels of its group. */
static bool conv_work(const cvs_inference *inference, int64_t *macs, int64_t *bias_adds) {
    const cvs_layer *layer = &inference->layer;
    int64_t factors[2 * CVS_MAX_SPATIAL + 2] = {layer->filters};
    int count = 1;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        factors[count++] = inference->output.shape.dim[cvs__spatial_position(layer->data_format, axis)];
        factors[count++] = layer->kernel[axis];
    }
    factors[count++] = layer->in_channels ? layer->in_channels / layer->groups : CVS_DIM_UNKNOWN;
    return cvs__cost_product(factors, count, macs) && cvs__cost_bias(inference, bias_adds);
}

const cvs__op cvs__op_conv = {
    .validate = conv_validate,
    .infer = conv_infer,
    .storage = conv_storage,
    .work = conv_work,
    .receptive_field = cvs__window_receptive_field,
    .step = cvs__window_step,
};
