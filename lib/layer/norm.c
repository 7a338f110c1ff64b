/* norm.c - batch and group normalisation: gamma and beta for each channel. */
#include "layer/norm.h"

#include "layer/any_rank.h"
#include "layer/infer.h"
#include "layer/validate.h"

#include <stdio.h>

static cvs_status norm_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
    bool each = layer->op == CVS_OP_GROUP_NORM && layer->groups == CVS_DIM_UNKNOWN;
    if (status == CVS_OK && !each) status = cvs__check_range(layer->groups, 1, "/groups", "The number of groups", err);
    if (status != CVS_OK) return status;
    return cvs__norm_check(layer, cvs__framework_of(layer), CVS_INVALID, err);
}

/* PyTorch and ONNX normalise axis 1; so does a layer of channels-first data whose axis is the default, the last. */
int cvs__norm_axis(const cvs_layer *layer, int rank) {
    bool second = layer->framework == CVS_PYTORCH || layer->framework == CVS_ONNX;
    if (second || (layer->axis == -1 && layer->data_format == CVS_CHANNELS_FIRST)) return 1;
    return cvs__resolve_axis(layer->axis, rank);
}

static cvs_status refuse_axis(const cvs_layer *layer, int rank, cvs_error *err) {
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "no-such-axis", "/axis",
                 "Axis %d is to be normalised; the input has axes 0 to %d, and 0 is the batch.", layer->axis, rank - 1);
    cvs_fail_value(err, "%d", layer->axis);
    cvs_fail_expected(err, "1 to %d, or -1 for the last", rank - 1);
    return status;
}

/* The normalised axis is the channel axis, and tells where it stands whatever the data format says. */
static void name_by_axis(cvs_inference *inference, int axis) {
    int rank = inference->input.shape.rank;
    cvs_data_format format = inference->layer.data_format;
    if (axis == 1) format = CVS_CHANNELS_FIRST;
    if (axis == rank - 1 && rank > 2) format = CVS_CHANNELS_LAST;
    cvs__label_any(&inference->input, format);
}

static cvs_status settle_channels(cvs_inference *inference, int axis, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    cvs_dim *channels = &inference->input.shape.dim[axis];
    if (layer->in_channels == 0 && cvs_dim_is_known(*channels)) layer->in_channels = *channels;
    if (layer->in_channels == 0) return CVS_OK;
    if (!cvs_dim_is_known(*channels)) *channels = layer->in_channels;
    if (*channels == layer->in_channels) return CVS_OK;
    char shape[96], pointer[32];
    cvs__shape_text(inference->symbols, &inference->input.shape, shape, sizeof shape);
    snprintf(pointer, sizeof pointer, "/input_shape/%d", axis);
    cvs_status status = cvs_fail(err, CVS_INVALID, "channel-mismatch", pointer,
                                 "The layer normalises %lld channels, but the input %s has %lld on axis %d.",
                                 (long long)layer->in_channels, shape, (long long)*channels, axis);
    cvs_fail_value(err, "%lld", (long long)*channels);
    cvs_fail_expected(err, "%lld, or a layer made for %lld channels", (long long)layer->in_channels,
                      (long long)*channels);
    return status;
}

/* torch.nn.BatchNorm2d takes 4 axes, BatchNorm1d (batch, features) too; other frameworks' take any. */
static cvs_status check_torch_rank(cvs_inference *inference, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    int rank = layer->spatial_rank;
    bool says = layer->framework == CVS_PYTORCH && layer->op == CVS_OP_BATCH_NORM && rank > 0;
    return cvs__infer_any_input(inference, says && rank > 1 ? rank + 2 : 2, says ? rank + 2 : CVS_MAX_RANK, err);
}

static cvs_status norm_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    (void)symbols;
    cvs_layer *layer = &inference->layer;
    cvs_status status = check_torch_rank(inference, err);
    if (status != CVS_OK) return status;
    int axis = cvs__norm_axis(layer, inference->input.shape.rank);
    if (axis < 1) return refuse_axis(layer, inference->input.shape.rank, err);
    name_by_axis(inference, axis);
    status = settle_channels(inference, axis, err);
    layer->filters = 0; /* it has none that groups could divide */
    if (layer->groups == CVS_DIM_UNKNOWN && layer->in_channels) layer->groups = layer->in_channels;
    bool grouped = layer->op == CVS_OP_GROUP_NORM && layer->groups != CVS_DIM_UNKNOWN;
    if (status == CVS_OK && grouped) status = cvs__check_groups(layer, err);
    if (status == CVS_OK) cvs__infer_same_shape(inference);
    return status;
}

static cvs_status norm_storage(const cvs_inference *inference, cvs_framework framework, cvs__storage *out,
                               cvs_error *err) {
    const cvs__stored over = {.rank = 1, .axes = {CVS_AXIS_CHANNELS}};
    return cvs__norm_storage(inference, framework, &over, out, err);
}

const cvs__op cvs__op_norm = {
    .any_rank = true,
    .validate = norm_validate,
    .infer = norm_infer,
    .storage = norm_storage,
    .work = cvs__no_work,
    .receptive_field = cvs__same_receptive_field,
    .step = cvs__same_step,
};
