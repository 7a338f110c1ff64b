#include "layer/infer.h"

#include "base/checked.h"
#include "layer/dim.h"
#include "layer/validate.h"

#include <stdio.h>
#include <string.h>

void cvs__shape_text(const cvs_symbols *symbols, const cvs_shape *shape, char *out, size_t size) {
    cvs_text text = {0};
    cvs_text_add(&text, "(");
    for (int i = 0; i < shape->rank; i++) {
        if (i) cvs_text_add(&text, ", ");
        if (shape->dim[i] == CVS_DIM_UNKNOWN)
            cvs_text_add(&text, "None");
        else
            cvs_dim_format(symbols, shape->dim[i], &text);
    }
    cvs_text_add(&text, ")");
    snprintf(out, size, "%s", text.failed ? "(...)" : text.data);
    cvs_text_free(&text);
}

/* "(batch, height, width, channels)" */
static void axes_text(const cvs_tensor_shape *tensor, char *out, size_t size) {
    size_t used = 0;
    for (int i = 0; i < tensor->shape.rank && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "(", cvs_axis_name(tensor->axes[i]));
    if (used < size) snprintf(out + used, size - used, ")");
}

static cvs_status wrong_rank(const cvs_inference *inference, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    const cvs_shape *given = &inference->input.shape;
    cvs_tensor_shape wanted = {0};
    char shape[96], axes[96];
    cvs__label_data(&wanted, layer->data_format, layer->spatial_rank, CVS_AXIS_CHANNELS);
    cvs__shape_text(inference->symbols, given, shape, sizeof shape);
    axes_text(&wanted, axes, sizeof axes);
    const char *advice = "";
    if (given->rank == wanted.shape.rank - 1)
        advice = " Most likely the batch axis is missing: put it first, as null when the number of samples does not "
                 "matter.";
    else if (given->rank > wanted.shape.rank)
        advice = " The layer has fewer spatial axes than the data.";
    cvs_status status = cvs_fail(err, CVS_INVALID, "asymmetric-rank", "/input_shape",
                                 "A %dD layer reads %d axes %s, but the input %s has %d.%s", layer->spatial_rank,
                                 wanted.shape.rank, axes, shape, given->rank, advice);
    cvs_fail_value(err, "%s", shape);
    cvs_fail_expected(err, "%d sizes: %s", wanted.shape.rank, axes);
    return status;
}

cvs_status cvs__infer_input(cvs_inference *inference, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    if (inference->input.shape.rank != layer->spatial_rank + 2) return wrong_rank(inference, err);
    cvs__label_data(&inference->input, layer->data_format, layer->spatial_rank, CVS_AXIS_CHANNELS);
    return CVS_OK;
}

static cvs_status wrong_channels(const cvs_inference *inference, int position, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    const cvs_shape *input = &inference->input.shape;
    cvs_data_format other = layer->data_format == CVS_CHANNELS_LAST ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST;
    int elsewhere = cvs__channel_position(other, layer->spatial_rank);
    char shape[96], pointer[32], advice[128] = "";
    cvs__shape_text(inference->symbols, input, shape, sizeof shape);
    snprintf(pointer, sizeof pointer, "/input_shape/%d", position);
    if (input->dim[elsewhere] == layer->in_channels)
        snprintf(advice, sizeof advice, " Axis %d has %lld: the data seems to be %s while the layer is %s.", elsewhere,
                 (long long)layer->in_channels, cvs_data_format_name(other), cvs_data_format_name(layer->data_format));
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "channel-mismatch", pointer,
                 "The layer reads %lld input channels, but the input %s has %lld on its channel axis, "
                 "which is axis %d.%s",
                 (long long)layer->in_channels, shape, (long long)input->dim[position], position, advice);
    cvs_fail_value(err, "%lld", (long long)input->dim[position]);
    cvs_fail_expected(err, "%lld, or a layer made for %lld channels", (long long)layer->in_channels,
                      (long long)input->dim[position]);
    return status;
}

cvs_status cvs__infer_channels(cvs_inference *inference, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    int position = cvs__channel_position(layer->data_format, layer->spatial_rank);
    cvs_dim *channels = &inference->input.shape.dim[position];
    if (layer->in_channels == 0 && cvs_dim_is_known(*channels)) layer->in_channels = *channels;
    if (layer->in_channels == 0) return CVS_OK;
    if (!cvs_dim_is_known(*channels)) *channels = layer->in_channels;
    return *channels == layer->in_channels ? CVS_OK : wrong_channels(inference, position, err);
}

void cvs__infer_output(cvs_inference *inference, cvs_axis axis, cvs_dim channels) {
    const cvs_layer *layer = &inference->layer;
    cvs_tensor_shape *output = &inference->output;
    cvs__label_data(output, layer->data_format, layer->spatial_rank, axis);
    output->shape.dim[0] = inference->input.shape.dim[0];
    output->shape.dim[cvs__channel_position(layer->data_format, layer->spatial_rank)] = channels;
}

cvs_status cvs__infer_each_channel(cvs_inference *inference, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_input(inference, err);
    if (status == CVS_OK) status = cvs__infer_channels(inference, err);
    if (status != CVS_OK) return status;
    int channels = cvs__channel_position(layer->data_format, layer->spatial_rank);
    cvs__infer_output(inference, CVS_AXIS_CHANNELS, inference->input.shape.dim[channels]);
    return CVS_OK;
}

static cvs_status refuse_size(const cvs_symbols *symbols, const cvs_shape *input, int axis, const char *at,
                              cvs_error *err) {
    bool exists = cvs__dim_exists(symbols, input->dim[axis]);
    char pointer[64];
    snprintf(pointer, sizeof pointer, "%s/%d", at, axis);
    if (!exists)
        return cvs_fail(err, CVS_INVALID, "unknown-size", pointer,
                        "Axis %d has a size that is no symbol of this request.", axis);
    cvs_status status = cvs_fail(err, CVS_INVALID, "empty-axis", pointer,
                                 "Axis %d of the input has size 0, so there is nothing to compute.", axis);
    cvs_fail_value(err, "0");
    cvs_fail_expected(err, "at least 1, or null when it is not known");
    return status;
}

cvs_status cvs__check_sizes(const cvs_symbols *symbols, const cvs_shape *input, const char *at, cvs_error *err) {
    if (input->rank < 0 || input->rank > CVS_MAX_RANK)
        return cvs_fail(err, CVS_INVALID, "bad-rank", at, "A tensor has 0 to %d axes, not %d.", CVS_MAX_RANK,
                        input->rank);
    for (int axis = 0; axis < input->rank; axis++)
        if (input->dim[axis] == 0 || !cvs__dim_exists(symbols, input->dim[axis]))
            return refuse_size(symbols, input, axis, at, err);
    return CVS_OK;
}

cvs_status cvs__check_elements(const cvs_symbols *symbols, const cvs_shape *shape, const char *which,
                               const char *pointer, cvs_error *err) {
    int64_t elements = 1;
    for (int i = 0; i < shape->rank; i++) {
        if (!cvs_dim_is_known(shape->dim[i]) || cvs__mul(elements, shape->dim[i], &elements)) continue;
        char text[192];
        cvs__shape_text(symbols, shape, text, sizeof text);
        return cvs_fail(err, CVS_TOO_LARGE, "too-many-elements", pointer, "The %s %s has more than 2^63 - 1 elements.",
                        which, text);
    }
    return CVS_OK;
}

/* A rank left to the input is what it has besides batch and channels, or the nearest there is: that is then told. */
static void settle_rank(cvs_layer *layer, const cvs_shape *input) {
    if (layer->spatial_rank != 0 || !cvs__rank_follows_input(layer->op)) return;
    int rank = input->rank - 2;
    layer->spatial_rank = rank < 1 ? 1 : rank > CVS_MAX_SPATIAL ? CVS_MAX_SPATIAL : rank;
}

/* Written where it stays: an inference is large. `layer` and `input` may be those of `out`. */
static void start(cvs_inference *out, const cvs_layer *layer, const cvs_shape *input, cvs_symbols *symbols) {
    cvs_shape given = *input;
    if (layer != &out->layer) out->layer = *layer;
    out->symbols = symbols;
    out->input = (cvs_tensor_shape){.shape = given};
    out->output = (cvs_tensor_shape){.shape.rank = 0};
    out->input_count = 1;
    out->other_cells = 0;
    settle_rank(&out->layer, &given);
}

/* What start() put in `out` is valid but for the input's sizes. */
static cvs_status infer(cvs_inference *out, cvs_symbols *symbols, cvs_error *err) {
    cvs_status status = cvs__check_sizes(symbols, &out->input.shape, "/input_shape", err);
    if (status != CVS_OK) return status;
    out->layer.framework = cvs__framework_of(&out->layer);
    status = cvs__op_row(out->layer.op)->infer(out, symbols, err);
    if (status == CVS_OK) status = cvs__check_elements(symbols, &out->input.shape, "input", "/input_shape", err);
    if (status == CVS_OK) status = cvs__check_elements(symbols, &out->output.shape, "output", "", err);
    return status;
}

cvs_status cvs_infer(const cvs_layer *layer, const cvs_shape *input, cvs_symbols *symbols, cvs_inference *out,
                     cvs_error *err) {
    start(out, layer, input, symbols);
    cvs_status status = cvs_layer_validate(&out->layer, err);
    return status == CVS_OK ? infer(out, symbols, err) : status;
}

cvs_status cvs_infer_valid(const cvs_layer *layer, const cvs_shape *input, cvs_symbols *symbols, cvs_inference *out,
                           cvs_error *err) {
    /* With a rank that the input decides there are more numbers to be checked. */
    if (layer->spatial_rank == 0 && cvs__rank_follows_input(layer->op))
        return cvs_infer(layer, input, symbols, out, err);
    start(out, layer, input, symbols);
    return infer(out, symbols, err);
}
