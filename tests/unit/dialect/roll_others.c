#include "roll.h"

static void roll_norm(dice *d, cvs_layer *layer, const cvs_shape *input) {
    bool first = layer->data_format == CVS_CHANNELS_FIRST && layer->op != CVS_OP_LAYER_NORM;
    layer->axis = roll(d, 6) == 0 ? 1 + roll(d, input->rank - 1) : first ? 1 : -1;
    layer->scale_weight = roll(d, 5) != 0;
    layer->center_weight = roll(d, 5) ? layer->scale_weight : !layer->scale_weight;
    if (layer->op == CVS_OP_BATCH_NORM) layer->running_stats = roll(d, 5) != 0;
    if (layer->op == CVS_OP_GROUP_NORM) layer->groups = 1 + roll(d, 2);
}

/* Some order of all axes but the batch. */
static void roll_order(dice *d, cvs_layer *layer, const cvs_shape *input) {
    layer->target_rank = input->rank - 1;
    for (int i = 0; i < layer->target_rank; i++) layer->target[i] = i + 1;
    for (int i = layer->target_rank - 1; i > 0; i--) {
        int other = roll(d, i + 1);
        int64_t kept = layer->target[i];
        layer->target[i] = layer->target[other];
        layer->target[other] = kept;
    }
}

/* The sizes from the last to the first, the first two of them multiplied now and then, one left open. */
static void roll_target(dice *d, cvs_layer *layer, const cvs_shape *input) {
    for (int i = input->rank - 1; i > 0; i--) layer->target[layer->target_rank++] = input->dim[i];
    if (layer->target_rank > 1 && roll(d, 2)) {
        layer->target_rank--;
        layer->target[layer->target_rank - 1] *= layer->target[layer->target_rank];
    }
    if (roll(d, 2)) layer->target[roll(d, layer->target_rank)] = -1;
}

cvs_shape roll_tensor(dice *d, cvs_op op) {
    bool features = op == CVS_OP_REPEAT || (op == CVS_OP_DENSE && roll(d, 3));
    cvs_shape shape = {.rank = features ? 2 : 2 + roll(d, 4), .dim = {CVS_DIM_UNKNOWN}};
    for (int i = 1; i < shape.rank; i++) shape.dim[i] = 2 * (1 + roll(d, 9));
    return shape;
}

cvs_layer roll_other(dice *d, cvs_op op, const cvs_shape *input) {
    cvs_layer layer = cvs_layer_default(op, 0);
    layer.framework = CVS_CONVSCOPE;
    layer.data_format = (cvs_data_format)roll(d, 2);
    switch (op) {
    case CVS_OP_DENSE:
        layer.filters = 1 + roll(d, 200);
        layer.use_bias = roll(d, 4) != 0;
        layer.activation = roll_activation(d);
        break;
    case CVS_OP_FLATTEN:
        if (roll(d, 3) == 0) layer.start_axis = 1 + roll(d, input->rank - 1);
        if (roll(d, 3) == 0) layer.end_axis = layer.start_axis + roll(d, input->rank - layer.start_axis);
        break;
    case CVS_OP_RESHAPE:
        roll_target(d, &layer, input);
        break;
    case CVS_OP_PERMUTE:
        roll_order(d, &layer, input);
        break;
    case CVS_OP_REPEAT:
        layer.target[0] = 1 + roll(d, 30);
        break;
    case CVS_OP_BATCH_NORM:
    case CVS_OP_LAYER_NORM:
    case CVS_OP_GROUP_NORM:
        roll_norm(d, &layer, input);
        break;
    case CVS_OP_ACTIVATION:
        do layer.activation = roll_activation(d);
        while (layer.activation.kind == CVS_ACT_LINEAR && roll(d, 9));
        break;
    case CVS_OP_DROPOUT:
        layer.rate = roll(d, 10) / 10.0;
        break;
    default:
        if (op == CVS_OP_CONCATENATE && roll(d, 2)) layer.axis = 1 + roll(d, input->rank - 1);
    }
    return layer;
}
