#include "definition.h"

#include <check.h>
#include <math.h>

/* Which of three spatial axes a named one is, or -1. */
static int axis_of(cvs_axis axis) {
    switch (axis) {
    case CVS_AXIS_DEPTH:
        return 0;
    case CVS_AXIS_HEIGHT:
        return 1;
    case CVS_AXIS_WIDTH:
    case CVS_AXIS_LENGTH:
        return 2;
    default:
        return -1;
    }
}

spot spot_at(const cvs_tensor_shape *tensor, const int64_t *index) {
    spot where = {0};
    for (int i = 0; i < tensor->shape.rank; i++) {
        const int axis = axis_of(tensor->axes[i]);
        if (axis >= 0)
            where.cell[axis] = index[i];
        else if (i == 0)
            where.sample = index[i];
        else
            where.channel = index[i];
    }
    return where;
}

double input_at(const question *q, const spot *where) {
    const cvs_tensor_shape *tensor = &q->inference->input;
    int64_t at = 0;
    for (int i = 0; i < tensor->shape.rank; i++) {
        const int axis = axis_of(tensor->axes[i]);
        const int64_t index = axis >= 0 ? where->cell[axis] : i == 0 ? where->sample : where->channel;
        if (index < 0 || index >= tensor->shape.dim[i]) ck_abort_msg("there is no such input");
        at = at * tensor->shape.dim[i] + index;
    }
    return (double)q->input[at];
}

void set_kernel_axes(by_axis *index, const int64_t tap[3]) {
    index->of[CVS_AXIS_KERNEL_DEPTH] = tap[0];
    index->of[CVS_AXIS_KERNEL_HEIGHT] = tap[1];
    index->of[CVS_AXIS_KERNEL_WIDTH] = index->of[CVS_AXIS_KERNEL_LENGTH] = tap[2];
}

double weight_at(const question *q, int number, const by_axis *index) {
    const cvs_tensor_shape *tensor = &q->list.weight[number].tensor;
    int64_t at = 0;
    for (int i = 0; i < tensor->shape.rank; i++) {
        const int64_t place = index->of[tensor->axes[i]];
        if (place < 0 || place >= tensor->shape.dim[i]) ck_abort_msg("there is no such weight");
        at = at * tensor->shape.dim[i] + place;
    }
    return (double)q->weights[number][at];
}

static void sizes_of(const cvs_tensor_shape *tensor, int64_t sizes[3]) {
    sizes[0] = sizes[1] = sizes[2] = 1;
    for (int i = 0; i < tensor->shape.rank; i++)
        if (axis_of(tensor->axes[i]) >= 0) sizes[axis_of(tensor->axes[i])] = tensor->shape.dim[i];
}

void input_sizes(const question *q, int64_t sizes[3]) { sizes_of(&q->inference->input, sizes); }
void output_sizes(const question *q, int64_t sizes[3]) { sizes_of(&q->inference->output, sizes); }

void on_three_axes(const cvs_layer *layer, const int64_t *list, int64_t otherwise, int64_t out[3]) {
    const int first = 3 - layer->spatial_rank;
    for (int a = 0; a < 3; a++) out[a] = a < first ? otherwise : list[a - first];
}

static answer before_activation(const question *q, const int64_t *index) {
    const spot out = spot_at(&q->inference->output, index);
    switch (q->inference->layer.op) {
    case CVS_OP_CONV_TRANSPOSE:
        return define_transposed(q, &out);
    case CVS_OP_DEPTHWISE_CONV:
        return define_depthwise(q, &out);
    case CVS_OP_SEPARABLE_CONV:
        return define_separable(q, &out);
    case CVS_OP_DENSE:
        return define_dense(q, index);
    case CVS_OP_PAD:
    case CVS_OP_CROP:
        return define_padding(q, &out);
    case CVS_OP_UPSAMPLE:
        return define_upsample(q, &out);
    case CVS_OP_BATCH_NORM:
    case CVS_OP_LAYER_NORM:
    case CVS_OP_GROUP_NORM:
        return define_norm(q, index);
    case CVS_OP_FLATTEN:
    case CVS_OP_RESHAPE:
    case CVS_OP_PERMUTE:
    case CVS_OP_REPEAT:
    case CVS_OP_ACTIVATION:
    case CVS_OP_DROPOUT:
        return define_rearranged(q, index);
    default:
        return define_pool(q, &out);
    }
}

/* Over the channels, units or features; of a tensor without any by that name, over the axis where the format has them.
 */
static answer softmax(const question *q, const int64_t *index) {
    const cvs_tensor_shape *output = &q->inference->output;
    int axis = q->inference->layer.data_format == CVS_CHANNELS_FIRST ? 1 : output->shape.rank - 1;
    for (int i = 1; i < output->shape.rank; i++) {
        const cvs_axis name = output->axes[i];
        const bool channels = name == CVS_AXIS_CHANNELS || name == CVS_AXIS_FILTERS;
        if (channels || name == CVS_AXIS_UNITS || name == CVS_AXIS_FEATURES) axis = i;
    }
    if (axis >= output->shape.rank) axis = 0;
    int64_t other[CVS_MAX_RANK];
    for (int i = 0; i < output->shape.rank; i++) other[i] = index[i];
    const answer own = before_activation(q, index);
    answer all = {.value = 0, .size = 1};
    for (other[axis] = 0; other[axis] < output->shape.dim[axis]; other[axis]++) {
        const answer one = before_activation(q, other);
        all.value += exp(one.value - own.value);
        all.roundings = fmax(all.roundings, 2 * one.size * one.roundings + 16);
    }
    all.value = 1 / all.value;
    return all;
}

answer define(const question *q, const int64_t *index) {
    const cvs_activation_kind kind = q->inference->layer.activation.kind;
    if (kind == CVS_ACT_SOFTMAX) return softmax(q, index);
    answer a = before_activation(q, index);
    if (kind != CVS_ACT_LINEAR && kind != CVS_ACT_RELU) ck_abort_msg("%s is not defined", cvs_activation_name(kind));
    if (kind == CVS_ACT_RELU && a.value < 0) a.value = 0;
    return a;
}
