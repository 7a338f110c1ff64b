#include "draw_layer.h"

#include "trial.h"

static int64_t draw(uint64_t *state, int64_t low, int64_t high) { return random_in(state, low, high); }

/* One time in `n`. */
static bool seldom(uint64_t *state, int64_t n) { return draw(state, 1, n) == 1; }

static const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};

/* Small sizes are the ones that go wrong. */
static void draw_window(uint64_t *state, cvs_layer *layer, int64_t *in) {
    static const int64_t largest[] = {40, 11, 5};
    static const cvs_padding_mode modes[] = {CVS_PAD_VALID, CVS_PAD_SAME, CVS_PAD_SAME_LOWER, CVS_PAD_EXPLICIT};
    const int rank = layer->spatial_rank;
    layer->padding.mode = modes[draw(state, 0, 3)];
    for (int a = 0; a < rank; a++) {
        in[a] = draw(state, 1, largest[rank - 1]);
        layer->kernel[a] = draw(state, 1, rank == 3 ? 3 : 5);
        layer->stride[a] = draw(state, 0, 2) ? draw(state, 1, 2) : draw(state, 1, 5);
        layer->dilation[a] = seldom(state, 3) ? draw(state, 2, 4) : 1;
        layer->padding.before[a] = draw(state, 0, 2);
        layer->padding.after[a] = seldom(state, 2) ? layer->padding.before[a] : draw(state, 0, 3);
    }
}

static void draw_kernel(uint64_t *state, cvs_layer *layer, int64_t channels) {
    layer->use_bias = draw(state, 0, 1);
    layer->multiplier = draw(state, 1, 3);
    layer->filters = layer->op == CVS_OP_DEPTHWISE_CONV ? 0 : draw(state, 1, 9);
    if (layer->op == CVS_OP_CONV_TRANSPOSE && seldom(state, 3)) layer->groups = channels, layer->filters = 2 * channels;
    if (layer->op == CVS_OP_CONV_TRANSPOSE && seldom(state, 3)) {
        layer->has_output_padding = true;
        for (int a = 0; a < layer->spatial_rank; a++) layer->output_padding[a] = draw(state, 0, layer->stride[a] - 1);
    }
    if (layer->op == CVS_OP_CONV_TRANSPOSE) return;
    if (layer->padding.mode == CVS_PAD_EXPLICIT) layer->padding.fill = (cvs_fill)draw(state, 0, 3);
}

static void draw_pool(uint64_t *state, cvs_layer *layer) {
    layer->ceil_mode = draw(state, 0, 1);
    layer->ceil_keeps_last = draw(state, 0, 1);
    layer->count_include_pad = draw(state, 0, 1);
    layer->keep_spatial = draw(state, 0, 1);
    if (layer->op == CVS_OP_AVERAGE_POOL && seldom(state, 4)) layer->divisor = draw(state, 1, 9);
}

static void draw_resize(uint64_t *state, cvs_layer *layer) {
    static const double scales[] = {1, 2, 3, 4, 0.5, 1.5, 2.5};
    const bool upsamples = layer->op == CVS_OP_UPSAMPLE;
    layer->interpolation = (cvs_interpolation)draw(state, 0, 2);
    layer->has_output_size = !upsamples || seldom(state, 3);
    for (int a = 0; a < layer->spatial_rank; a++) {
        layer->scale[a] = scales[draw(state, 0, 6)];
        layer->output_size[a] = !upsamples && seldom(state, 5) ? CVS_DIM_UNKNOWN : draw(state, 1, 9);
    }
}

/* What an operator of data tensors has besides its channels; sizes of the input into `in`. */
static void draw_spatial(uint64_t *state, cvs_layer *layer, int64_t channels, int64_t *in) {
    draw_window(state, layer, in);
    switch (layer->op) {
    case CVS_OP_CONV_TRANSPOSE:
    case CVS_OP_DEPTHWISE_CONV:
    case CVS_OP_SEPARABLE_CONV:
        draw_kernel(state, layer, channels);
        break;
    case CVS_OP_PAD:
    case CVS_OP_CROP:
        layer->padding.mode = CVS_PAD_EXPLICIT;
        if (layer->op == CVS_OP_PAD) layer->padding.fill = (cvs_fill)draw(state, 0, 3);
        break;
    default:
        draw_pool(state, layer);
        draw_resize(state, layer);
    }
}

static void draw_target(uint64_t *state, cvs_layer *layer, const cvs_shape *input) {
    int64_t sample = 1;
    layer->target_rank = input->rank - 1;
    for (int i = 1; i < input->rank; i++) sample *= input->dim[i];
    for (int i = 0; i < layer->target_rank; i++) layer->target[i] = i + 1;
    if (layer->op == CVS_OP_RESHAPE)
        layer->target[0] = -1, layer->target[1] = sample % 2 ? 1 : 2, layer->target_rank = 2;
    if (layer->op == CVS_OP_REPEAT) layer->target[0] = draw(state, 1, 5);
    if (layer->op == CVS_OP_LAYER_NORM) layer->target_rank = 0;
    for (int i = layer->target_rank - 1; i > 0 && layer->op == CVS_OP_PERMUTE; i--) {
        const int other = (int)draw(state, 0, i);
        const int64_t moved = layer->target[i];
        layer->target[i] = layer->target[other], layer->target[other] = moved;
    }
}

/* An operator of any rank. */
static cvs_shape draw_any(uint64_t *state, cvs_layer *layer) {
    cvs_shape input = {.rank = (int)draw(state, 2, 5), .dim = {draw(state, 1, 3)}};
    for (int i = 1; i < input.rank; i++) input.dim[i] = draw(state, 1, input.rank > 3 ? 4 : 8);
    layer->spatial_rank = 0;
    layer->filters = draw(state, 1, 20);
    layer->use_bias = draw(state, 0, 1);
    layer->axis = seldom(state, 2) ? -1 : (int)draw(state, 1, input.rank - 1);
    layer->groups = draw(state, 1, 3);
    layer->scale_weight = draw(state, 0, 1), layer->center_weight = draw(state, 0, 1);
    layer->running_stats = draw(state, 0, 1);
    layer->epsilon = 0.01F;
    draw_target(state, layer, &input);
    return input;
}

static cvs_shape draw_data(uint64_t *state, cvs_layer *layer) {
    const bool first = layer->data_format == CVS_CHANNELS_FIRST;
    const int rank = layer->spatial_rank;
    const int64_t channels = seldom(state, 4) ? draw(state, 1, 40) : draw(state, 1, 6);
    cvs_shape input = {.rank = rank + 2, .dim = {draw(state, 1, 2)}};
    input.dim[first ? 1 : rank + 1] = channels;
    draw_spatial(state, layer, channels, &input.dim[first ? 2 : 1]);
    return input;
}

static cvs_layer draw_layer(cvs_op op, uint64_t *state, cvs_shape *input) {
    static const cvs_activation_kind kinds[] = {CVS_ACT_LINEAR, CVS_ACT_LINEAR, CVS_ACT_RELU, CVS_ACT_SOFTMAX};
    cvs_layer layer = cvs_layer_default(op, (int)draw(state, 1, 3));
    layer.framework = frameworks[draw(state, 0, 4)];
    layer.data_format = draw(state, 0, 1) ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST;
    layer.activation.kind = kinds[draw(state, 0, 3)];
    *input = op >= CVS_OP_DENSE ? draw_any(state, &layer) : draw_data(state, &layer);
    return layer;
}

cvs_inference draw_inference(cvs_op op, uint64_t *state) {
    enum { MOST_OUTPUTS = 4000 };
    for (;;) {
        cvs_shape input;
        cvs_inference inference;
        cvs_weights weights;
        int64_t outputs;
        const cvs_layer layer = draw_layer(op, state, &input);
        if (op == CVS_OP_UPSAMPLE && layer.framework == CVS_ONNX) continue; /* not computed: its rule is not known */
        if (cvs_infer(&layer, &input, NULL, &inference, NULL) != CVS_OK) continue;
        if (cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &weights, NULL) != CVS_OK) continue;
        if (cvs_shape_count(&inference.output.shape, &outputs, NULL) == CVS_OK && outputs <= MOST_OUTPUTS)
            return inference;
    }
}
