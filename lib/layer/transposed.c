/* transposed.c - transposed convolution: what is particular to it besides its sizes. */
#include "layer/transposed.h"

#include "layer/infer.h"
#include "layer/validate.h"
#include "layer/window.h"

#include <math.h>
#include <stdio.h>

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

/* Neither Keras nor tf.nn groups them, and Keras 1 has none but Deconvolution2D. */
static cvs_status check_existence(const cvs_layer *layer, cvs_framework framework, cvs_status refusal, cvs_error *err) {
    if (layer->groups > 1 && (cvs__is_keras(framework) || framework == CVS_TENSORFLOW)) {
        cvs_fail(err, refusal, "transposed-without-groups", "/groups", "%s has no grouped transposed convolution.",
                 cvs__framework_title(framework));
        cvs_fail_expected(err, "1 group");
        return refusal;
    }
    if (framework == CVS_KERAS1 && layer->spatial_rank != 2) {
        cvs_fail(err, refusal, "keras1-transposed-2d-only", "/spatial_rank",
                 "The only transposed convolution of Keras 1 is Deconvolution2D; this one has %d spatial axes.",
                 layer->spatial_rank);
        cvs_fail_expected(err, "2");
        return refusal;
    }
    return CVS_OK;
}

/* Keras: "Stride must be greater than output padding"; PyTorch and ONNX: less than the stride or the dilation. */
static cvs_status check_output_padding(const cvs_layer *layer, cvs_error *err) {
    const cvs__list list = {layer->output_padding, 0, "/output_padding", "output padding"};
    if (!layer->has_output_padding) return CVS_OK;
    cvs_status status = cvs__check_list(layer, list, err);
    for (int axis = 0; axis < layer->spatial_rank && status == CVS_OK && !layer->has_output_size; axis++) {
        int64_t bound = layer->stride[axis];
        if (!cvs__is_keras(layer->framework)) bound = larger(bound, layer->dilation[axis]);
        if (layer->framework == CVS_KERAS1) bound = 1;
        if (layer->output_padding[axis] < bound) continue;
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/output_padding/%d", axis);
        status = cvs_fail(err, CVS_INVALID, "output-padding-range", pointer,
                          "The output padding along %s is %lld; with stride %lld and dilation %lld it must be below "
                          "%lld: %s.",
                          cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)),
                          (long long)layer->output_padding[axis], (long long)layer->stride[axis],
                          (long long)layer->dilation[axis], (long long)bound,
                          layer->framework == CVS_KERAS1 ? "Keras 1 has none, but an output_shape"
                                                         : "it chooses among the sizes that one input size can give");
        cvs_fail_value(err, "%lld", (long long)layer->output_padding[axis]);
        cvs_fail_expected(err, "0 to %lld", (long long)bound - 1);
    }
    return status;
}

static cvs_status check_output_size(const cvs_layer *layer, cvs_error *err) {
    const cvs__list list = {layer->output_size, 1, "/output_size", "output size"};
    if (!layer->has_output_size) return CVS_OK;
    if (layer->framework != CVS_KERAS && layer->framework != CVS_PYTORCH) return cvs__check_list(layer, list, err);
    cvs_status status = cvs_fail(err, CVS_INVALID, "output-size-unavailable", "/output_size",
                                 "A transposed convolution of %s is not made for one output size.",
                                 cvs__framework_title(layer->framework));
    cvs_fail_expected(err, "output_padding, which chooses among the sizes that are possible");
    return status;
}

static cvs_status transposed_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_channels(layer, err);
    if (status == CVS_OK) status = cvs__window_validate(layer, err);
    if (status == CVS_OK) status = check_existence(layer, layer->framework, CVS_INVALID, err);
    if (status == CVS_OK) status = check_output_padding(layer, err);
    if (status == CVS_OK) status = check_output_size(layer, err);
    return status == CVS_OK ? cvs__check_groups(layer, err) : status;
}

static cvs_status transposed_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_input(inference, err);
    if (status == CVS_OK) status = cvs__infer_channels(inference, err);
    if (status == CVS_OK) status = cvs__check_groups(layer, err);
    for (int axis = 0; axis < layer->spatial_rank && status == CVS_OK; axis++)
        status = cvs__transposed_size(inference, axis, symbols, err);
    if (status == CVS_OK) cvs__infer_output(inference, CVS_AXIS_FILTERS, layer->filters);
    return status;
}

/* Keras 1's Deconvolution2D inherits the kernel of Convolution2D and turns it around when it runs. */
static cvs__stored transposed_kernel(const cvs_layer *layer, cvs_framework framework) {
    cvs__stored kernel = {.role = CVS__KERNEL};
    cvs_axis filters = layer->groups > 1 ? CVS_AXIS_FILTERS_PER_GROUP : CVS_AXIS_FILTERS;
    bool keras1 = framework == CVS_KERAS1, keras1_th = keras1 && layer->data_format == CVS_CHANNELS_FIRST;
    bool window_last = framework == CVS_PYTORCH || framework == CVS_ONNX || keras1_th;
    bool filters_first = keras1 ? keras1_th : !window_last;
    if (!window_last) cvs__push_kernel_axes(&kernel, layer->spatial_rank);
    cvs__push_axis(&kernel, filters_first ? filters : CVS_AXIS_IN_CHANNELS);
    cvs__push_axis(&kernel, filters_first ? CVS_AXIS_IN_CHANNELS : filters);
    if (window_last) cvs__push_kernel_axes(&kernel, layer->spatial_rank);
    return kernel;
}

static cvs_status transposed_storage(const cvs_inference *inference, cvs_framework framework, cvs__storage *out,
                                     cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs_status status = check_existence(layer, framework, CVS_UNSUPPORTED, err);
    if (status != CVS_OK) return status;
    out->tensor[out->count++] = transposed_kernel(layer, framework);
    cvs__add_bias(layer, out);
    return CVS_OK;
}

/* Every input cell multiplies with the kernel's cells of the filters of its group. */
static bool transposed_work(const cvs_inference *inference, int64_t *macs, int64_t *bias_adds) {
    const cvs_layer *layer = &inference->layer;
    int64_t factors[2 * CVS_MAX_SPATIAL + 2] = {layer->in_channels ? layer->in_channels : CVS_DIM_UNKNOWN,
                                                layer->filters / layer->groups};
    int count = 2;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        factors[count++] = layer->kernel[axis];
        factors[count++] = inference->input.shape.dim[cvs__spatial_position(layer->data_format, axis)];
    }
    return cvs__cost_product(factors, count, macs) && cvs__cost_bias(inference, bias_adds);
}

/*
 * An output cell is fed by the taps with t*d of one remainder modulo s: every (s/g)-th tap, g = gcd(d, s), and the
 * inputs they bring are d/g apart.
 */
static void transposed_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    const cvs_layer *layer = &inference->layer;
    *out = (cvs_receptive_field){.rank = layer->spatial_rank};
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t stride = layer->stride[axis], dilation = layer->dilation[axis], kernel = layer->kernel[axis];
        int64_t divisor = (int64_t)cvs__gcd((uint64_t)stride, (uint64_t)dilation), before = layer->padding.before[axis];
        double middle = (double)(cvs__extent(kernel, dilation) - 1) / 2;
        out->size[axis] = (kernel - 1) / (stride / divisor) * (dilation / divisor) + 1;
        out->jump[axis] = 1;
        out->jump_divisor[axis] = stride;
        out->start[axis] = before == CVS_DIM_UNKNOWN ? (double)NAN : ((double)before - middle) / (double)stride;
    }
}

const cvs__op cvs__op_transposed = {
    .validate = transposed_validate,
    .infer = transposed_infer,
    .storage = transposed_storage,
    .work = transposed_work,
    .receptive_field = transposed_receptive_field,
    .step = cvs__transposed_step,
};
