/* tensor.c - layers without windows: dense, those that rearrange, norms, activations, merges. */
#include "base/checked.h"
#include "teller.h"

/* ---- dense ------------------------------------------------------------------------- */

void cvs__tell_dense(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    if (!teller->weights.count) return;
    cvs__put(teller, EXPLAIN_VALUE_FILTERS, layer->filters);
    cvs__put(teller, EXPLAIN_VALUE_CHANNELS, teller->weights.weight[0].count / layer->filters);
    cvs__put_amount(teller, EXPLAIN_VALUE_PARAMETERS, teller->weights.parameters);
    cvs__tell(teller, "dense");
    cvs__say(teller, EXPLAIN_DENSE_ALL);
    if (teller->inference->input.shape.rank > 2) cvs__say(teller, EXPLAIN_DENSE_PLACES);
    cvs__say_activation(teller);
    cvs__tell(teller, "parameters");
    cvs__say(teller, layer->use_bias ? EXPLAIN_DENSE_PARAMETERS_BIAS : EXPLAIN_DENSE_PARAMETERS);
    cvs__say(teller, EXPLAIN_DENSE_FIXED);
    cvs__tell(teller, "weight-axes");
    cvs__put_string(teller, EXPLAIN_VALUE_KERNEL_NAME, teller->weights.weight[0].name);
    cvs__put_shape(teller, EXPLAIN_VALUE_KERNEL_SHAPE, &teller->weights.weight[0].tensor);
    cvs__put_axis_list(teller, &teller->weights.weight[0].tensor);
    cvs__say(teller, EXPLAIN_TENSORS_ONE);
}

/* ---- rearranging ---------------------------------------------------------------------- */

/* "7 × 7 × 512" into {factors} and 25088 into {product}, of the axes that a flatten merges; false when not known. */
static bool put_merged(cvs__teller *teller) {
    const cvs_shape *input = &teller->inference->input.shape;
    int first = teller->layer->start_axis, last = teller->layer->end_axis;
    if (first < 0) first += input->rank;
    if (last < 0) last += input->rank;
    size_t from = teller->piece.length;
    int64_t product = 1;
    bool known = first >= 0 && first < last && last < input->rank;
    for (int i = first; known && i <= last; i++) {
        known = cvs_dim_is_known(input->dim[i]) && cvs__mul(product, input->dim[i], &product);
        if (i > first) cvs__add_string(&teller->piece, " × ");
        cvs__add_size(teller, &teller->inference->input, i);
    }
    cvs__put_piece(teller, EXPLAIN_VALUE_FACTORS, from);
    cvs__put_amount(teller, EXPLAIN_VALUE_PRODUCT, product);
    return known;
}

void cvs__tell_flatten(cvs__teller *teller) {
    const cvs_inference *inference = teller->inference;
    int start = teller->layer->start_axis;
    cvs__tell(teller, "flatten");
    if (cvs__merges_batch(inference)) {
        cvs__put(teller, EXPLAIN_VALUE_POSITION, start < 0 ? start + inference->input.shape.rank : start);
        cvs__say(teller, EXPLAIN_FLATTEN_MATRIX);
    } else {
        cvs__say(teller, put_merged(teller) ? EXPLAIN_FLATTEN_ROW : EXPLAIN_FLATTEN_OPEN);
    }
    if (teller->inference->input.shape.rank > 2) cvs__say(teller, EXPLAIN_FLATTEN_ORDER);
}

void cvs__tell_reshape(cvs__teller *teller) {
    cvs__tell(teller, "reshape");
    cvs__say(teller, EXPLAIN_RESHAPE_SAME);
    cvs__say(teller, EXPLAIN_RESHAPE_NOT_PERMUTE);
}

void cvs__tell_permute(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    const cvs_tensor_shape *output = &teller->inference->output;
    size_t from = teller->piece.length;
    for (int i = 1; i < output->shape.rank && i <= layer->target_rank; i++) {
        cvs__put(teller, EXPLAIN_VALUE_POSITION, i);
        cvs__put(teller, EXPLAIN_VALUE_FROM, layer->target[i - 1]);
        cvs__put_size(teller, EXPLAIN_VALUE_SIZE, output, i);
        cvs__write(teller, i > 1 ? EXPLAIN_PERMUTE_NEXT : EXPLAIN_PERMUTE_FIRST);
    }
    cvs__put_piece(teller, EXPLAIN_VALUE_AXES, from);
    cvs__tell(teller, "permute");
    cvs__say(teller, EXPLAIN_PERMUTE_AXES);
    cvs__say(teller, EXPLAIN_PERMUTE_BATCH);
}

void cvs__tell_repeat(cvs__teller *teller) {
    const cvs_tensor_shape *input = &teller->inference->input;
    cvs__tell(teller, "repeat");
    cvs__put_size(teller, EXPLAIN_VALUE_SIZE, input, input->shape.rank - 1);
    cvs__put(teller, EXPLAIN_VALUE_TIMES, teller->layer->target[0]);
    cvs__say(teller, EXPLAIN_REPEAT_COPIES);
}

/* ---- number by number -------------------------------------------------------------------- */

/* How many channels are treated by themselves; 0 when that is not known. */
static int64_t channels_of(const cvs__teller *teller) {
    const cvs_tensor_shape *input = &teller->inference->input;
    if (teller->weights.count) return teller->weights.weight[0].count;
    for (int i = 1; i < input->shape.rank; i++)
        if (input->axes[i] == CVS_AXIS_CHANNELS && cvs_dim_is_known(input->shape.dim[i])) return input->shape.dim[i];
    return 0;
}

static void say_norm(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t channels = channels_of(teller);
    cvs__put(teller, EXPLAIN_VALUE_CHANNELS, channels);
    cvs__put(teller, EXPLAIN_VALUE_GROUPS, layer->groups);
    cvs__put(teller, EXPLAIN_VALUE_PER_GROUP, channels / layer->groups);
    if (layer->op == CVS_OP_LAYER_NORM) {
        cvs__say(teller, EXPLAIN_NORM_LAYER);
    } else if (channels && layer->op == CVS_OP_GROUP_NORM) {
        cvs__say(teller, channels == layer->groups ? EXPLAIN_NORM_INSTANCE : EXPLAIN_NORM_GROUP);
    } else if (channels) {
        cvs__say(teller, layer->running_stats ? EXPLAIN_NORM_BATCH : EXPLAIN_NORM_BATCH_LIVE);
        cvs__say(teller, EXPLAIN_NORM_BIAS);
    }
    cvs__say(teller, EXPLAIN_SAME_SHAPE);
}

void cvs__tell_norm(cvs__teller *teller) {
    int64_t trainable = 0;
    for (int i = 0; i < teller->weights.count; i++)
        if (teller->weights.weight[i].trainable) trainable += teller->weights.weight[i].count;
    cvs__tell(teller, "norm");
    say_norm(teller);
    if (!teller->weights.count) return;
    cvs__tell(teller, "parameters");
    cvs__put_amount(teller, EXPLAIN_VALUE_PARAMETERS, teller->weights.elements);
    cvs__put_amount(teller, EXPLAIN_VALUE_TRAINABLE, trainable);
    bool all = trainable == teller->weights.elements;
    cvs__say(teller, all ? EXPLAIN_NORM_ALL_LEARNED : EXPLAIN_NORM_LEARNED);
}

void cvs__tell_activation(cvs__teller *teller) {
    const cvs_activation_kind kind = teller->layer->activation.kind;
    cvs__tell(teller, "activation");
    cvs__put_string(teller, EXPLAIN_VALUE_ACTIVATION, cvs_activation_name(kind));
    cvs__say(teller, kind == CVS_ACT_SOFTMAX ? EXPLAIN_ACTIVATION_SOFTMAX : EXPLAIN_ACTIVATION_EACH);
    cvs__put_decimal(teller, EXPLAIN_VALUE_SCALE, (double)teller->layer->activation.alpha);
    switch (kind) {
    case CVS_ACT_RELU:
        cvs__say(teller, EXPLAIN_ACTIVATION_RELU);
        break;
    case CVS_ACT_RELU6:
        cvs__say(teller, EXPLAIN_ACTIVATION_RELU6);
        break;
    case CVS_ACT_LEAKY_RELU:
        cvs__say(teller, EXPLAIN_ACTIVATION_LEAKY);
        break;
    case CVS_ACT_SIGMOID:
        cvs__say(teller, EXPLAIN_ACTIVATION_SIGMOID);
        break;
    case CVS_ACT_TANH:
        cvs__say(teller, EXPLAIN_ACTIVATION_TANH);
        break;
    default:
        break;
    }
}

void cvs__tell_dropout(cvs__teller *teller) {
    cvs__tell(teller, "dropout");
    cvs__put_decimal(teller, EXPLAIN_VALUE_RATE, teller->layer->rate);
    cvs__say(teller, teller->layer->whole_maps ? EXPLAIN_DROPOUT_MAPS : EXPLAIN_DROPOUT_TRAIN);
    cvs__say(teller, EXPLAIN_DROPOUT_USE);
}

/* ---- merges ----------------------------------------------------------------------------------- */

void cvs__tell_merge(cvs__teller *teller) {
    static const int sentence[] = {
        [CVS_OP_ADD - CVS_OP_ADD] = EXPLAIN_MERGE_ADD,
        [CVS_OP_MULTIPLY - CVS_OP_ADD] = EXPLAIN_MERGE_MULTIPLY,
        [CVS_OP_AVERAGE - CVS_OP_ADD] = EXPLAIN_MERGE_AVERAGE,
        [CVS_OP_MAXIMUM - CVS_OP_ADD] = EXPLAIN_MERGE_MAXIMUM,
    };
    cvs__tell(teller, "merge");
    cvs__say(teller, sentence[teller->layer->op - CVS_OP_ADD]);
    cvs__say(teller, EXPLAIN_MERGE_SHAPES);
    cvs_framework framework = teller->layer->framework;
    if (framework == CVS_KERAS1) return; /* its inputs have the same axes */
    bool from_end = framework == CVS_PYTORCH || framework == CVS_ONNX;
    cvs__say(teller, from_end ? EXPLAIN_MERGE_FEWER : EXPLAIN_MERGE_FEWER_BATCH);
}

void cvs__tell_concatenate(cvs__teller *teller) {
    const cvs_tensor_shape *output = &teller->inference->output;
    int axis = teller->layer->axis < 0 ? teller->layer->axis + output->shape.rank : teller->layer->axis;
    if (axis < 0 || axis >= output->shape.rank) return;
    cvs__tell(teller, "merge");
    cvs__put(teller, EXPLAIN_VALUE_POSITION, axis);
    cvs__put_string(teller, EXPLAIN_VALUE_AXIS_NAME, cvs_axis_name(output->axes[axis]));
    cvs__put_size(teller, EXPLAIN_VALUE_SIZE, output, axis);
    cvs__say(teller, EXPLAIN_MERGE_CONCATENATE);
    if (output->axes[axis] == CVS_AXIS_CHANNELS) cvs__say(teller, EXPLAIN_MERGE_CONCATENATE_CHANNELS);
}
