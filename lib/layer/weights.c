#include "base/checked.h"
#include "layer/op.h"

static const char *const role_names[CVS_FRAMEWORK_COUNT][CVS__ROLE_COUNT] = {
    [CVS_KERAS] = {"kernel", "bias"}, [CVS_KERAS1] = {"kernel", "bias"},    [CVS_PYTORCH] = {"weight", "bias"},
    [CVS_ONNX] = {"W", "B"},          [CVS_CONVSCOPE] = {"kernel", "bias"}, [CVS_TENSORFLOW] = {"kernel", "bias"},
};

const char *cvs__role_name(cvs_framework framework, cvs__role role) { return role_names[framework][role]; }

int64_t cvs__axis_size(const cvs_layer *layer, cvs_axis axis) {
    int spatial = cvs__axis_of_kernel(layer->spatial_rank, axis);
    if (spatial >= 0) return layer->kernel[spatial];
    switch (axis) {
    case CVS_AXIS_FILTERS:
        return layer->filters;
    case CVS_AXIS_IN_CHANNELS:
        return layer->in_channels;
    case CVS_AXIS_IN_CHANNELS_PER_GROUP:
        return layer->in_channels / layer->groups;
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
    *out = (cvs_weight){
        .name = cvs__role_name(framework, stored->role), .tensor.shape.rank = stored->rank, .trainable = true};
    for (int i = 0; i < stored->rank; i++) {
        out->tensor.axes[i] = stored->axes[i];
        out->tensor.shape.dim[i] = cvs__axis_size(layer, stored->axes[i]);
        if (out->tensor.shape.dim[i] == 0) return no_channels(err);
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
        if (status == CVS_OK && !cvs__add(weights.parameters, weight->count, &weights.parameters))
            status = cvs_fail(err, CVS_TOO_LARGE, "too-many-parameters", "",
                              "The weights together have more than 2^63 - 1 elements.");
    }
    if (status == CVS_OK) *out = weights;
    return status;
}
