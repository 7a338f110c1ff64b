#include "layers.h"

#include "data.h"

#include <stdio.h>

static int append_sizes(char *end, size_t room, const int64_t *sizes, int rank) {
    int length = 0;
    for (int i = 0; i < rank; i++)
        length += snprintf(end + length, room - (size_t)length, "%s%lld", i ? "x" : "", (long long)sizes[i]);
    return length;
}

static const char *kind_of(const layer_case *layer) {
    if (layer->transposed) return "up ";
    return layer->groups == layer->channels ? "dw " : "";
}

void layer_name(const layer_case *layer, char name[LAYER_NAME_BYTES]) {
    const size_t room = LAYER_NAME_BYTES;
    int n = snprintf(name, room, "%s %s", layer->network, kind_of(layer));
    n += append_sizes(name + n, room - (size_t)n, layer->kernel, layer->rank);
    if (layer->stride > 1) n += snprintf(name + n, room - (size_t)n, "/%lld", (long long)layer->stride);
    if (layer->dilation) n += snprintf(name + n, room - (size_t)n, " d%lld", (long long)layer->dilation);
    if (layer->groups && layer->groups < layer->channels)
        n += snprintf(name + n, room - (size_t)n, " g%lld", (long long)layer->groups);
    n += snprintf(name + n, room - (size_t)n, " %lld->%lld ", (long long)layer->channels, (long long)layer->filters);
    append_sizes(name + n, room - (size_t)n, layer->size, layer->rank);
}

static cvs_layer describe(const layer_case *layer, cvs_data_format format) {
    cvs_layer described = cvs_layer_default(layer->transposed ? CVS_OP_CONV_TRANSPOSE : CVS_OP_CONV, layer->rank);
    described.framework = CVS_ONNX;
    described.data_format = format;
    described.filters = layer->filters;
    described.groups = layer->groups ? layer->groups : 1;
    described.padding.mode = CVS_PAD_EXPLICIT;
    described.activation.kind = CVS_ACT_RELU;
    for (int i = 0; i < layer->rank; i++) {
        described.kernel[i] = layer->kernel[i];
        described.stride[i] = layer->stride;
        if (layer->dilation) described.dilation[i] = layer->dilation;
        const int64_t span = described.dilation[i] * (layer->kernel[i] - 1);
        described.padding.before[i] = layer->causal ? span : layer->padding[i];
        described.padding.after[i] = layer->causal ? 0 : layer->padding[i];
    }
    return described;
}

cvs_inference layer_infer(const layer_case *layer, cvs_data_format format) {
    const cvs_layer described = describe(layer, format);
    cvs_shape shape = {.rank = layer->rank + 2, .dim = {1}};
    const int first = format == CVS_CHANNELS_FIRST ? 2 : 1;
    shape.dim[format == CVS_CHANNELS_FIRST ? 1 : layer->rank + 1] = layer->channels;
    for (int i = 0; i < layer->rank; i++) shape.dim[first + i] = layer->size[i];
    cvs_inference inference;
    cvs_error err = {0};
    if (cvs_infer(&described, &shape, NULL, &inference, &err) != CVS_OK) give_up(err.message);
    return inference;
}
