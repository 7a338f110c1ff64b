#include "layer/measured.h"

#include <math.h>

/* ---- random layers ---- */

static void roll_axis(uint64_t *state, cvs_layer *layer, int axis) {
    static const double scales[] = {1, 2, 3, 4, 0.5, 0.25, 1.5, 2.5, 0.75};
    bool transposed = layer->op == CVS_OP_CONV_TRANSPOSE;
    layer->kernel[axis] = random_in(state, 1, 5);
    layer->stride[axis] = random_in(state, 1, 3);
    layer->dilation[axis] = random_in(state, 0, 2) ? 1 : random_in(state, 1, 4);
    layer->padding.before[axis] = random_in(state, 0, 3);
    layer->padding.after[axis] = random_in(state, 0, 3);
    layer->scale[axis] = scales[random_in(state, 0, 8)];
    layer->output_padding[axis] = transposed ? random_in(state, 0, layer->stride[axis] - 1) : 0;
    layer->output_size[axis] = random_in(state, 1, 9);
}

static void roll_padding(uint64_t *state, cvs_layer *layer) {
    bool convolves = layer->op == CVS_OP_CONV || layer->op == CVS_OP_DEPTHWISE_CONV;
    layer->padding.mode = (cvs_padding_mode)random_in(state, CVS_PAD_VALID, CVS_PAD_EXPLICIT);
    if (layer->op == CVS_OP_CONV_TRANSPOSE && random_in(state, 0, 1)) layer->padding.mode = CVS_PAD_EXPLICIT;
    if (layer->op == CVS_OP_PAD || layer->op == CVS_OP_CROP) layer->padding.mode = CVS_PAD_EXPLICIT;
    if ((convolves || layer->op == CVS_OP_PAD) && random_in(state, 0, 2) == 0)
        layer->padding.fill = (cvs_fill)random_in(state, CVS_FILL_ZEROS, CVS_FILL_CIRCULAR);
}

cvs_layer random_layer(uint64_t *state, cvs_op op, int spatial_rank) {
    cvs_layer layer = conv(CVS_CONVSCOPE, spatial_rank, 0, 1);
    layer.op = op;
    layer.data_format = random_in(state, 0, 1) ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST;
    if (op == CVS_OP_CONV || op == CVS_OP_CONV_TRANSPOSE) layer.groups = random_in(state, 1, 2);
    if (op != CVS_OP_DEPTHWISE_CONV && op <= CVS_OP_SEPARABLE_CONV) layer.filters = 2;
    layer.has_output_padding = op == CVS_OP_CONV_TRANSPOSE;
    layer.has_output_size = op == CVS_OP_ADAPTIVE_MAX_POOL || op == CVS_OP_ADAPTIVE_AVERAGE_POOL ||
                            (op == CVS_OP_UPSAMPLE && random_in(state, 0, 3) == 0);
    layer.ceil_mode = random_in(state, 0, 1) && (op == CVS_OP_MAX_POOL || op == CVS_OP_AVERAGE_POOL);
    layer.ceil_keeps_last = layer.ceil_mode && random_in(state, 0, 1);
    layer.interpolation = (cvs_interpolation)random_in(state, 0, CVS_INTERPOLATION_COUNT - 1);
    layer.keep_spatial = true;
    roll_padding(state, &layer);
    for (int axis = 0; axis < spatial_rank; axis++) roll_axis(state, &layer, axis);
    return layer;
}

cvs_shape shape_with(const cvs_layer *layer, const int64_t *sizes) {
    bool first = layer->data_format == CVS_CHANNELS_FIRST;
    cvs_shape shape = {.rank = layer->spatial_rank + 2, .dim = {1, 2}};
    for (int axis = 0; axis < layer->spatial_rank; axis++) shape.dim[axis + (first ? 2 : 1)] = sizes[axis];
    if (!first) shape.dim[shape.rank - 1] = 2;
    return shape;
}

/* ---- measuring ---- */

static void run_chain(const cvs_inference *layers, int count, int axis, const line *in, line *out) {
    static line between[2];
    for (int i = 0; i < count; i++) {
        line *to = i == count - 1 ? out : &between[i % 2];
        run_axis(&layers[i], axis, i ? &between[(i + 1) % 2] : in, to);
    }
}

void measure(const cvs_inference *layers, int count, int axis, effects *found) {
    static line in, before, after;
    in.size = found->inputs = input_size(&layers[0], axis);
    for (int64_t x = 0; x < in.size; x++) in.cell[x] = 0;
    run_chain(layers, count, axis, &in, &before);
    for (int64_t x = 0; x < in.size; x++) {
        in.cell[x] = 1;
        run_chain(layers, count, axis, &in, &after);
        in.cell[x] = 0;
        for (int64_t cell = 0; cell < found->cells; cell++) {
            double was = before.cell[found->from + cell], is = after.cell[found->from + cell];
            found->change[cell][x] = isinf(was) ? 0 : is - was;
        }
    }
}

bool span_of(const effects *found, int64_t cell, int64_t *first, int64_t *last) {
    *first = found->inputs, *last = -1;
    for (int64_t x = 0; x < found->inputs; x++) {
        if (found->change[cell][x] == 0) continue;
        if (*first > x) *first = x;
        *last = x;
    }
    return *first <= *last;
}

double start_of(const effects *found, double jump) {
    double sum = 0, weight = 0;
    for (int64_t cell = 0; cell < found->cells; cell++)
        for (int64_t x = 0; x < found->inputs; x++) {
            sum += found->change[cell][x] * ((double)x - (double)(found->from + cell) * jump);
            weight += found->change[cell][x];
        }
    return sum / weight;
}

int64_t widest_of(const effects *found) {
    int64_t widest = 0, first, last;
    for (int64_t cell = 0; cell < found->cells; cell++)
        if (span_of(found, cell, &first, &last) && last - first + 1 > widest) widest = last - first + 1;
    return widest;
}
