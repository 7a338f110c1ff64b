/* dense.c - every unit has a weight for every number on the last axis; the axes before it stay. */
#include "layer/any_rank.h"
#include "layer/infer.h"
#include "layer/validate.h"

#include <stdio.h>

static cvs_status dense_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->filters, 1, "/filters", "The number of units", err);
    if (status != CVS_OK) return status;
    return cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input features", err);
}

static cvs_status wrong_features(const cvs_inference *inference, int last, cvs_error *err) {
    const cvs_shape *input = &inference->input.shape;
    long long wanted = inference->layer.in_channels, given = input->dim[last];
    char shape[96], pointer[32];
    cvs__shape_text(inference->symbols, input, shape, sizeof shape);
    snprintf(pointer, sizeof pointer, "/input_shape/%d", last);
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "channel-mismatch", pointer,
                 "The layer reads %lld features, but the input %s has %lld on its last axis.%s", wanted, shape, given,
                 input->rank > 2 ? " A flatten layer before it would merge the axes." : "");
    cvs_fail_value(err, "%lld", given);
    cvs_fail_expected(err, "%lld, or a layer made for %lld features", wanted, given);
    return status;
}

/* Whatever the data format of other layers: this one reads the last axis. */
static void name_axes(cvs_tensor_shape *tensor, cvs_axis last) {
    cvs__label_any(tensor, CVS_CHANNELS_LAST);
    tensor->axes[tensor->shape.rank - 1] = last;
}

/* Keras 1's Dense and ONNX's Gemm read matrices. */
static cvs_status dense_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    (void)symbols;
    cvs_layer *layer = &inference->layer;
    bool matrices = layer->framework == CVS_KERAS1 || layer->framework == CVS_ONNX;
    cvs_status status = cvs__infer_any_input(inference, 2, matrices ? 2 : CVS_MAX_RANK, err);
    if (status != CVS_OK) return status;
    int last = inference->input.shape.rank - 1;
    cvs_dim *features = &inference->input.shape.dim[last];
    if (layer->in_channels == 0 && cvs_dim_is_known(*features)) layer->in_channels = *features;
    if (layer->in_channels != 0 && !cvs_dim_is_known(*features)) *features = layer->in_channels;
    if (layer->in_channels != 0 && *features != layer->in_channels) return wrong_features(inference, last, err);
    layer->spatial_rank = 0;
    name_axes(&inference->input, CVS_AXIS_FEATURES);
    inference->output = inference->input;
    name_axes(&inference->output, CVS_AXIS_UNITS);
    inference->output.shape.dim[last] = layer->filters;
    return CVS_OK;
}

static cvs_status dense_storage(const cvs_inference *inference, cvs_framework framework, cvs__storage *out,
                                cvs_error *err) {
    (void)err;
    bool rows = framework == CVS_PYTORCH || framework == CVS_ONNX; /* a row for each unit; Gemm with transB = 1 */
    cvs__stored kernel = {.role = CVS__DENSE_KERNEL};
    cvs__push_axis(&kernel, rows ? CVS_AXIS_UNITS : CVS_AXIS_FEATURES);
    cvs__push_axis(&kernel, rows ? CVS_AXIS_FEATURES : CVS_AXIS_UNITS);
    out->tensor[out->count++] = kernel;
    if (inference->layer.use_bias)
        out->tensor[out->count++] = (cvs__stored){.role = CVS__DENSE_BIAS, .rank = 1, .axes = {CVS_AXIS_UNITS}};
    return CVS_OK;
}

static bool dense_work(const cvs_inference *inference, int64_t *macs, int64_t *bias_adds) {
    const cvs_layer *layer = &inference->layer;
    const cvs_shape *output = &inference->output.shape;
    int64_t factors[CVS_MAX_RANK + 1];
    int count = 0;
    for (int i = 1; i < output->rank; i++) factors[count++] = output->dim[i];
    *bias_adds = 0;
    if (layer->use_bias && !cvs__cost_product(factors, count, bias_adds)) return false;
    factors[count++] = layer->in_channels ? layer->in_channels : CVS_DIM_UNKNOWN;
    return cvs__cost_product(factors, count, macs);
}

const cvs__op cvs__op_dense = {
    .any_rank = true,
    .validate = dense_validate,
    .infer = dense_infer,
    .storage = dense_storage,
    .work = dense_work,
    .receptive_field = cvs__no_receptive_field,
    .step = cvs__same_step,
};
