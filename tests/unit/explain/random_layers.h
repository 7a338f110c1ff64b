/* random_layers.h - layers of every kind and inputs for them; many do not fit together, and cvs_infer() says so. */
#ifndef CONVSCOPE_TESTS_RANDOM_LAYERS_H
#define CONVSCOPE_TESTS_RANDOM_LAYERS_H

#include "layer/layers.h"

static inline cvs_framework random_framework(uint64_t *state) {
    const cvs_framework all[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};
    return all[random_in(state, 0, 4)];
}

static inline cvs_layer random_conv(uint64_t *state) {
    cvs_layer layer = conv(random_framework(state), (int)random_in(state, 1, 3), 1, 1);
    layer.groups = random_in(state, 0, 3) ? 1 : random_in(state, 2, 4);
    layer.filters = layer.groups * random_in(state, 1, 12);
    layer.use_bias = random_in(state, 0, 3) != 0;
    layer.activation.kind = (cvs_activation_kind)random_in(state, 0, CVS_ACT_COUNT - 1);
    layer.padding.mode = (cvs_padding_mode)random_in(state, 0, CVS_PAD_EXPLICIT);
    layer.padding.fill = (cvs_fill)random_in(state, 0, 3);
    if (layer.framework == CVS_KERAS || layer.framework == CVS_KERAS1 || layer.framework == CVS_CONVSCOPE)
        layer.data_format = (cvs_data_format)random_in(state, 0, 1);
    for (int axis = 0; axis < layer.spatial_rank; axis++) {
        layer.kernel[axis] = random_in(state, 1, 6);
        layer.stride[axis] = random_in(state, 0, 1) ? 1 : random_in(state, 1, 7);
        layer.dilation[axis] = random_in(state, 0, 2) ? 1 : random_in(state, 1, 4);
        layer.padding.before[axis] = random_in(state, 0, 5);
        layer.padding.after[axis] = random_in(state, 0, 2) ? layer.padding.before[axis] : random_in(state, 0, 5);
    }
    return layer;
}

static inline cvs_layer random_pool(uint64_t *state) {
    cvs_layer layer = random_conv(state);
    layer.op = random_in(state, 0, 1) ? CVS_OP_MAX_POOL : CVS_OP_AVERAGE_POOL;
    layer.groups = 1;
    layer.padding.fill = CVS_FILL_ZEROS;
    layer.ceil_mode = random_in(state, 0, 1);
    layer.ceil_keeps_last = random_in(state, 0, 1);
    layer.count_include_pad = random_in(state, 0, 1);
    layer.divisor = random_in(state, 0, 3) ? 0 : random_in(state, 1, 9);
    return layer;
}

static inline cvs_layer random_transposed(uint64_t *state) {
    cvs_layer layer = random_conv(state);
    layer.op = CVS_OP_CONV_TRANSPOSE;
    layer.padding.fill = CVS_FILL_ZEROS;
    layer.has_output_padding = random_in(state, 0, 1);
    for (int axis = 0; axis < layer.spatial_rank; axis++) {
        layer.padding.before[axis] = layer.padding.after[axis] = random_in(state, 0, 2);
        if (layer.has_output_padding) layer.output_padding[axis] = random_in(state, 0, layer.stride[axis] - 1);
    }
    return layer;
}

static inline cvs_layer random_channelwise(uint64_t *state) {
    cvs_layer layer = random_conv(state);
    bool separable = random_in(state, 0, 1);
    layer.op = separable ? CVS_OP_SEPARABLE_CONV : CVS_OP_DEPTHWISE_CONV;
    layer.filters = separable ? random_in(state, 1, 40) : 0;
    layer.groups = 1;
    layer.multiplier = random_in(state, 1, 3);
    return layer;
}

/* Global and adaptive pools. */
static inline cvs_layer random_whole(uint64_t *state) {
    const cvs_op ops[] = {CVS_OP_GLOBAL_MAX_POOL, CVS_OP_GLOBAL_AVERAGE_POOL, CVS_OP_ADAPTIVE_MAX_POOL,
                          CVS_OP_ADAPTIVE_AVERAGE_POOL};
    cvs_layer layer = cvs_layer_default(ops[random_in(state, 0, 3)], (int)random_in(state, 1, 3));
    layer.framework = random_framework(state);
    layer.data_format = (cvs_data_format)random_in(state, 0, 1);
    layer.keep_spatial = random_in(state, 0, 1);
    layer.has_output_size = layer.op >= CVS_OP_ADAPTIVE_MAX_POOL;
    for (int axis = 0; axis < layer.spatial_rank; axis++)
        layer.output_size[axis] = random_in(state, 0, 4) ? random_in(state, 1, 9) : CVS_DIM_UNKNOWN;
    return layer;
}

static inline cvs_dim random_size(uint64_t *state, cvs_dim symbol) {
    int64_t kind = random_in(state, 0, 11);
    return kind == 0 ? CVS_DIM_UNKNOWN : kind == 1 ? symbol : random_in(state, 1, 40);
}

static inline cvs_shape random_input(uint64_t *state, const cvs_layer *layer, cvs_dim symbol) {
    cvs_shape input = {.rank = layer->spatial_rank + 2};
    int channels = layer->data_format == CVS_CHANNELS_FIRST ? 1 : layer->spatial_rank + 1;
    for (int i = 0; i < input.rank; i++) input.dim[i] = random_size(state, symbol);
    if (random_in(state, 0, 30)) input.dim[channels] = layer->groups * random_in(state, 1, 70);
    return input;
}

#endif
