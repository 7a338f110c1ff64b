#include "base/checked.h"
#include "layer/op.h"

/* In the order of cvs__role; Keras 1 calls a variance running_std, and NULL is a weight that there is not. */
static const char *const role_names[CVS_FRAMEWORK_COUNT][CVS__ROLE_COUNT] = {
    [CVS_KERAS] = {"kernel", "depthwise_kernel", "pointwise_kernel", "bias", "kernel", "bias", "gamma", "beta",
                   "moving_mean", "moving_variance", "gamma", "beta", "gamma", "beta"},
    [CVS_KERAS1] = {"kernel", "depthwise_kernel", "pointwise_kernel", "bias", "kernel", "bias", "gamma", "beta",
                    "running_mean", "running_std", NULL, NULL, NULL, NULL},
    [CVS_PYTORCH] = {"weight", "depthwise_weight", "pointwise_weight", "bias", "weight", "bias", "weight", "bias",
                     "running_mean", "running_var", "weight", "bias", "weight", "bias"},
    [CVS_ONNX] = {"W", "depthwise_W", "pointwise_W", "B", "B", "C", "scale", "B", "input_mean", "input_var", "Scale",
                  "B", "scale", "bias"},
    [CVS_CONVSCOPE] = {"kernel", "depthwise_kernel", "pointwise_kernel", "bias", "kernel", "bias", "gamma", "beta",
                       "moving_mean", "moving_variance", "gamma", "beta", "gamma", "beta"},
    [CVS_TENSORFLOW] = {"kernel", "depthwise_filter", "pointwise_filter", "bias", "kernel", "bias", "scale", "offset",
                        "mean", "variance", NULL, NULL, NULL, NULL},
};

const char *cvs__role_name(cvs_framework framework, cvs__role role) { return role_names[framework][role]; }

void cvs__push_axis(cvs__stored *stored, cvs_axis axis) { stored->axes[stored->rank++] = axis; }

void cvs__push_kernel_axes(cvs__stored *stored, int spatial_rank) {
    for (int axis = 0; axis < spatial_rank; axis++) cvs__push_axis(stored, cvs__kernel_axis(spatial_rank, axis));
}

void cvs__add_bias(const cvs_layer *layer, cvs__storage *out) {
    if (!layer->use_bias) return;
    out->tensor[out->count++] = (cvs__stored){.role = CVS__BIAS, .rank = 1, .axes = {CVS_AXIS_FILTERS}};
}

cvs_status cvs__no_weights(const cvs_inference *inference, cvs_framework framework, cvs__storage *out, cvs_error *err) {
    (void)inference, (void)framework, (void)err;
    out->count = 0;
    return CVS_OK;
}

int64_t cvs__axis_size(const cvs_layer *layer, cvs__role role, cvs_axis axis) {
    int spatial = cvs__axis_of_kernel(layer->spatial_rank, axis);
    if (spatial >= 0) return role == CVS__POINTWISE_KERNEL ? 1 : layer->kernel[spatial];
    switch (axis) {
    case CVS_AXIS_FILTERS:
        return role == CVS__DEPTHWISE_KERNEL ? layer->in_channels * layer->multiplier : layer->filters;
    case CVS_AXIS_UNITS:
        return layer->filters;
    case CVS_AXIS_CHANNELS:
    case CVS_AXIS_FEATURES:
        return layer->in_channels;
    case CVS_AXIS_FILTERS_PER_GROUP:
        return layer->filters / layer->groups;
    case CVS_AXIS_IN_CHANNELS:
        return role == CVS__POINTWISE_KERNEL ? layer->in_channels * layer->multiplier : layer->in_channels;
    case CVS_AXIS_IN_CHANNELS_PER_GROUP:
        return layer->op == CVS_OP_DEPTHWISE_CONV || role == CVS__DEPTHWISE_KERNEL ? 1
                                                                                   : layer->in_channels / layer->groups;
    case CVS_AXIS_MULTIPLIER:
        return layer->multiplier;
    default:
        return 1;
    }
}

cvs_status cvs__storage_of(const cvs_inference *inference, cvs_framework framework, cvs__storage *out, cvs_error *err) {
    *out = (cvs__storage){0};
    if ((unsigned)framework >= CVS_FRAMEWORK_COUNT)
        return cvs_fail(err, CVS_INVALID, "unknown-value", "", "%d is no framework.", (int)framework);
    return cvs__op_row(inference->layer.op)->storage(inference, framework, out, err);
}

static cvs_status no_channels(cvs_error *err) {
    cvs_status status = cvs_fail(err, CVS_INVALID, "channels-unknown", "/input_shape",
                                 "The weights depend on the number of input channels, which neither the layer nor the "
                                 "input shape gives.");
    cvs_fail_expected(err, "a number on the channel axis");
    return status;
}

static cvs_status fill_in(const cvs_layer *layer, cvs_framework framework, const cvs__stored *stored, cvs_weight *out,
                          cvs_error *err) {
    *out = (cvs_weight){.name = cvs__role_name(framework, stored->role),
                        .tensor.shape.rank = stored->rank,
                        .trainable = !stored->frozen};
    for (int i = 0; i < stored->rank; i++) {
        out->tensor.axes[i] = stored->axes[i];
        out->tensor.shape.dim[i] =
            stored->sizes ? stored->sizes[i] : cvs__axis_size(layer, stored->role, stored->axes[i]);
        if (out->tensor.shape.dim[i] < 1) return no_channels(err);
    }
    return cvs_shape_count(&out->tensor.shape, &out->count, err);
}

cvs_status cvs_layer_weights(const cvs_inference *inference, cvs_framework framework, cvs_weights *out,
                             cvs_error *err) {
    cvs_weights weights = {0};
    cvs__storage storage;
    if (framework == CVS_FRAMEWORK_AUTO) framework = cvs__framework_of(&inference->layer);
    cvs_status status = cvs__storage_of(inference, framework, &storage, err);
    for (int i = 0; i < storage.count && status == CVS_OK; i++) {
        cvs_weight *weight = &weights.weight[weights.count++];
        status = fill_in(&inference->layer, framework, &storage.tensor[i], weight, err);
        if (status == CVS_OK && !cvs__add(weights.elements, weight->count, &weights.elements))
            status = cvs_fail(err, CVS_TOO_LARGE, "too-many-parameters", "",
                              "The weights together have more than 2^63 - 1 elements.");
        if (weight->trainable || framework != CVS_PYTORCH) weights.parameters += weight->count;
    }
    if (status == CVS_OK) *out = weights;
    return status;
}
