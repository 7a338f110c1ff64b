/* conv.c - convolution over 1, 2 or 3 spatial axes, grouped and dilated. */
#include "layer/infer.h"
#include "layer/validate.h"
#include "layer/window.h"

#include <stdio.h>

/* ---- groups ---------------------------------------------------------------- */

/* The largest divisor of `number` below `groups` and the smallest above it (0: there is none). */
static void near_divisors(uint64_t number, uint64_t groups, uint64_t *below, uint64_t *above) {
    *below = *above = 0;
    for (uint64_t small = 1; small * small <= number; small++) {
        if (number % small) continue;
        const uint64_t pair[] = {small, number / small};
        for (int i = 0; i < 2; i++) {
            if (pair[i] < groups && pair[i] > *below) *below = pair[i];
            if (pair[i] > groups && (!*above || pair[i] < *above)) *above = pair[i];
        }
    }
}

/* in_channels is 0 while it is not known. */
static cvs_status check_groups(const cvs_layer *layer, cvs_error *err) {
    bool divides_in = layer->in_channels % layer->groups == 0, divides_out = layer->filters % layer->groups == 0;
    if (divides_in && divides_out) return CVS_OK;
    uint64_t below = 0, above = 0;
    near_divisors(cvs__gcd((uint64_t)layer->in_channels, (uint64_t)layer->filters), (uint64_t)layer->groups, &below,
                  &above);
    cvs_status status = cvs_fail(
        err, CVS_INVALID, "group-divides", "/groups",
        "Each of the %lld groups takes an equal share of the channels, but %lld does not divide the %lld %s.",
        (long long)layer->groups, (long long)layer->groups,
        (long long)(divides_in ? layer->filters : layer->in_channels), divides_in ? "filters" : "input channels");
    cvs_fail_value(err, "%lld", (long long)layer->groups);
    char also[32] = "";
    if (above) snprintf(also, sizeof also, " or %llu", (unsigned long long)above);
    cvs_fail_expected(err, "%llu%s groups", (unsigned long long)below, also);
    return status;
}

static cvs_status refuse_keras1_groups(cvs_status status, cvs_error *err) {
    cvs_fail(err, status, "keras1-without-groups", "/groups", "Keras 1 has no grouped convolution.");
    cvs_fail_expected(err, "1 group");
    return status;
}

/* ---- the row ---------------------------------------------------------------- */

static cvs_status conv_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->filters, 1, "/filters", "The number of filters", err);
    if (status == CVS_OK)
        status = cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
    if (status == CVS_OK) status = cvs__check_range(layer->groups, 1, "/groups", "The number of groups", err);
    if (status == CVS_OK) status = cvs__window_validate(layer, err);
    if (status != CVS_OK) return status;
    if (layer->framework == CVS_KERAS1 && layer->groups > 1) return refuse_keras1_groups(CVS_INVALID, err);
    return check_groups(layer, err);
}

static cvs_status conv_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_input(inference, err);
    if (status == CVS_OK) status = cvs__infer_channels(inference, err);
    if (status == CVS_OK) status = check_groups(layer, err);
    if (status == CVS_OK) status = cvs__window_infer(inference, symbols, err);
    if (status != CVS_OK) return status;
    cvs__label_data(&inference->output, layer->data_format, layer->spatial_rank, CVS_AXIS_FILTERS);
    inference->output.shape.dim[0] = inference->input.shape.dim[0];
    inference->output.shape.dim[cvs__channel_position(layer->data_format, layer->spatial_rank)] = layer->filters;
    return CVS_OK;
}

static void push(cvs__stored *stored, cvs_axis axis) { stored->axes[stored->rank++] = axis; }

static void push_kernel_axes(cvs__stored *stored, int spatial_rank) {
    for (int axis = 0; axis < spatial_rank; axis++) push(stored, cvs__kernel_axis(spatial_rank, axis));
}

static cvs__stored conv_kernel(const cvs_layer *layer, cvs_framework framework) {
    cvs__stored kernel = {.role = CVS__KERNEL};
    cvs_axis in = layer->groups > 1 ? CVS_AXIS_IN_CHANNELS_PER_GROUP : CVS_AXIS_IN_CHANNELS;
    bool keras1_1d = framework == CVS_KERAS1 && layer->spatial_rank == 1;
    bool keras1_th = framework == CVS_KERAS1 && !keras1_1d && layer->data_format == CVS_CHANNELS_FIRST;
    if (framework == CVS_PYTORCH || framework == CVS_ONNX || keras1_th) {
        push(&kernel, CVS_AXIS_FILTERS);
        push(&kernel, in);
        push_kernel_axes(&kernel, layer->spatial_rank);
        return kernel;
    }
    push_kernel_axes(&kernel, layer->spatial_rank);
    if (keras1_1d) push(&kernel, CVS_AXIS_UNIT);
    push(&kernel, in);
    push(&kernel, CVS_AXIS_FILTERS);
    return kernel;
}

static cvs_status conv_storage(const cvs_inference *inference, cvs_framework framework, cvs__storage *out,
                               cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    if (framework == CVS_KERAS1 && layer->groups > 1) return refuse_keras1_groups(CVS_UNSUPPORTED, err);
    out->tensor[out->count++] = conv_kernel(layer, framework);
    if (layer->use_bias)
        out->tensor[out->count++] = (cvs__stored){.role = CVS__BIAS, .rank = 1, .axes = {CVS_AXIS_FILTERS}};
    return CVS_OK;
}

/* Every output cell of every filter multiplies the kernel's cells with the input channels of its group. */
static bool conv_work(const cvs_inference *inference, int64_t *macs, int64_t *bias_adds) {
    const cvs_layer *layer = &inference->layer;
    int64_t factors[2 * CVS_MAX_SPATIAL + 2] = {layer->filters};
    int count = 1;
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        factors[count++] = inference->output.shape.dim[cvs__spatial_position(layer->data_format, axis)];
    *bias_adds = 0;
    if (layer->use_bias && !cvs__cost_product(factors, count, bias_adds)) return false;
    for (int axis = 0; axis < layer->spatial_rank; axis++) factors[count++] = layer->kernel[axis];
    factors[count++] = layer->in_channels ? layer->in_channels / layer->groups : CVS_DIM_UNKNOWN;
    return cvs__cost_product(factors, count, macs);
}

const cvs__op cvs__op_conv = {
    .validate = conv_validate,
    .infer = conv_infer,
    .storage = conv_storage,
    .work = conv_work,
    .receptive_field = cvs__window_receptive_field,
    .step = cvs__window_step,
};
