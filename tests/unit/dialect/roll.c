#include "roll.h"

/* ---- parts ---- */

static void roll_numbers(dice *d, int64_t *numbers, int count, int least, int sides) {
    bool alike = roll(d, 2);
    for (int i = 0; i < count; i++) numbers[i] = i && alike ? numbers[0] : least + roll(d, sides);
}

static void roll_pads(dice *d, cvs_layer *layer, int sides) {
    roll_numbers(d, layer->padding.before, layer->spatial_rank, 0, sides);
    roll_numbers(d, layer->padding.after, layer->spatial_rank, 0, sides);
    if (roll(d, 2)) memcpy(layer->padding.after, layer->padding.before, sizeof layer->padding.after);
}

static void roll_mode(dice *d, cvs_layer *layer, const cvs_padding_mode *modes, int count, int sides) {
    layer->padding.mode = modes[roll(d, count)];
    if (layer->padding.mode == CVS_PAD_CAUSAL && layer->spatial_rank > 1) layer->padding.mode = CVS_PAD_SAME;
    if (layer->padding.mode == CVS_PAD_EXPLICIT) roll_pads(d, layer, sides);
}

cvs_activation roll_activation(dice *d) {
    cvs_activation activation = {.kind = roll(d, 2) ? CVS_ACT_LINEAR : (cvs_activation_kind)roll(d, CVS_ACT_COUNT)};
    if (activation.kind == CVS_ACT_LEAKY_RELU) activation.alpha = 0.01F * (float)roll(d, 40);
    if (activation.kind == CVS_ACT_ELU) activation.alpha = roll(d, 2) ? 1.0F : 1.0F / 3.0F;
    if (activation.kind == CVS_ACT_HARD_SIGMOID)
        activation = (cvs_activation){activation.kind, roll(d, 2) ? 0.2F : 1.0F / 6.0F, 0.5F};
    return activation;
}

/* Keras has no layer with a stride and a dilation, so most have only one of them. */
static void roll_window(dice *d, cvs_layer *layer) {
    int rank = layer->spatial_rank;
    roll_numbers(d, layer->kernel, rank, 1, 5);
    if (roll(d, 2))
        roll_numbers(d, layer->stride, rank, 1, 3);
    else if (roll(d, 2))
        roll_numbers(d, layer->dilation, rank, 1, 3);
}

static void roll_sum(dice *d, cvs_layer *layer) {
    layer->use_bias = roll(d, 4) != 0;
    layer->activation = roll_activation(d);
}

/* ---- operators ---- */

static const cvs_padding_mode modes[] = {CVS_PAD_VALID, CVS_PAD_SAME,     CVS_PAD_SAME_LOWER, CVS_PAD_CAUSAL,
                                         CVS_PAD_FULL,  CVS_PAD_EXPLICIT, CVS_PAD_EXPLICIT};
static const cvs_padding_mode plain_modes[] = {CVS_PAD_VALID, CVS_PAD_VALID, CVS_PAD_SAME, CVS_PAD_SAME,
                                               CVS_PAD_EXPLICIT};

static void roll_conv(dice *d, cvs_layer *layer) {
    bool grouped = layer->op == CVS_OP_CONV || layer->op == CVS_OP_CONV_TRANSPOSE;
    layer->groups = !grouped || roll(d, 3) ? 1 : 1 + roll(d, 3);
    layer->in_channels = layer->groups * (1 + roll(d, 4));
    if (layer->op != CVS_OP_DEPTHWISE_CONV) layer->filters = layer->groups * (1 + roll(d, 200));
    if (!grouped) layer->multiplier = 1 + roll(d, 3);
    roll_window(d, layer);
    roll_sum(d, layer);
    if (layer->op == CVS_OP_CONV_TRANSPOSE) return;
    roll_mode(d, layer, modes, 7, 3);
    if (layer->op == CVS_OP_CONV && roll(d, 4) == 0) layer->padding.fill = (cvs_fill)roll(d, 4);
}

static void roll_transposed(dice *d, cvs_layer *layer) {
    roll_conv(d, layer);
    roll_mode(d, layer, plain_modes, 5, 2);
    layer->has_output_padding = roll(d, 2);
    for (int axis = 0; axis < layer->spatial_rank && layer->has_output_padding; axis++)
        layer->output_padding[axis] = roll(d, (int)layer->stride[axis]);
    layer->has_output_size = !layer->has_output_padding && roll(d, 4) == 0;
    for (int axis = 0; axis < layer->spatial_rank && layer->has_output_size; axis++)
        layer->output_size[axis] = 20 + roll(d, 20);
}

static void roll_pool(dice *d, cvs_layer *layer) {
    roll_numbers(d, layer->kernel, layer->spatial_rank, 1, 5);
    if (roll(d, 2))
        memcpy(layer->stride, layer->kernel, sizeof layer->stride);
    else
        roll_numbers(d, layer->stride, layer->spatial_rank, 1, 3);
    roll_mode(d, layer, plain_modes, 5, 1);
    for (int axis = 0; axis < layer->spatial_rank && layer->padding.mode == CVS_PAD_EXPLICIT; axis++)
        layer->padding.before[axis] = layer->padding.after[axis] = roll(d, (int)layer->kernel[axis] / 2 + 1);
    layer->ceil_mode = roll(d, 4) == 0;
    layer->ceil_keeps_last = layer->ceil_mode && roll(d, 2);
    if (layer->op == CVS_OP_MAX_POOL) return;
    layer->count_include_pad = roll(d, 2);
    layer->divisor = roll(d, 8) ? 0 : 1 + roll(d, 9);
}

static void roll_adaptive(dice *d, cvs_layer *layer) {
    layer->has_output_size = true;
    roll_numbers(d, layer->output_size, layer->spatial_rank, 1, 9);
    /* torch.nn keeps the size of one axis among others only. */
    if (layer->spatial_rank > 1 && roll(d, 3) == 0) layer->output_size[0] = CVS_DIM_UNKNOWN;
}

static void roll_pad(dice *d, cvs_layer *layer) {
    layer->padding.mode = CVS_PAD_EXPLICIT;
    roll_pads(d, layer, 4);
    if (layer->op == CVS_OP_PAD && roll(d, 4) == 0) layer->padding.fill = (cvs_fill)roll(d, 4);
}

static void roll_upsample(dice *d, cvs_layer *layer) {
    static const double scales[] = {1, 2, 3, 2, 4, 0.5, 1.5};
    bool alike = roll(d, 2);
    layer->has_output_size = roll(d, 4) == 0;
    if (layer->has_output_size) roll_numbers(d, layer->output_size, layer->spatial_rank, 13, 40);
    for (int axis = 0; axis < layer->spatial_rank && !layer->has_output_size; axis++)
        layer->scale[axis] = axis && alike ? layer->scale[0] : scales[roll(d, 7)];
    bool cubic = layer->spatial_rank == 2;
    layer->interpolation = (cvs_interpolation)roll(d, cubic ? 3 : 2);
}

static void roll_settings(dice *d, cvs_layer *layer) {
    switch (layer->op) {
    case CVS_OP_CONV:
    case CVS_OP_DEPTHWISE_CONV:
    case CVS_OP_SEPARABLE_CONV:
        roll_conv(d, layer);
        break;
    case CVS_OP_CONV_TRANSPOSE:
        roll_transposed(d, layer);
        break;
    case CVS_OP_MAX_POOL:
    case CVS_OP_AVERAGE_POOL:
        roll_pool(d, layer);
        break;
    case CVS_OP_GLOBAL_MAX_POOL:
    case CVS_OP_GLOBAL_AVERAGE_POOL:
        layer->keep_spatial = roll(d, 2);
        break;
    case CVS_OP_ADAPTIVE_MAX_POOL:
    case CVS_OP_ADAPTIVE_AVERAGE_POOL:
        roll_adaptive(d, layer);
        break;
    case CVS_OP_PAD:
    case CVS_OP_CROP:
        roll_pad(d, layer);
        break;
    default:
        roll_upsample(d, layer);
    }
}

cvs_layer roll_layer(dice *d, cvs_op op) {
    cvs_layer layer = cvs_layer_default(op, 1 + roll(d, 3));
    layer.framework = CVS_CONVSCOPE;
    layer.data_format = (cvs_data_format)roll(d, 2);
    layer.in_channels = 1 + roll(d, 4);
    roll_settings(d, &layer);
    return layer;
}

cvs_shape roll_input(dice *d, const cvs_layer *layer) {
    cvs_shape shape = {.rank = layer->spatial_rank + 2};
    int first = layer->data_format == CVS_CHANNELS_FIRST ? 2 : 1;
    shape.dim[0] = CVS_DIM_UNKNOWN;
    shape.dim[layer->data_format == CVS_CHANNELS_FIRST ? 1 : shape.rank - 1] = layer->in_channels;
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        shape.dim[first + axis] = roll(d, 12) ? 13 + roll(d, 20) : CVS_DIM_UNKNOWN;
    return shape;
}
