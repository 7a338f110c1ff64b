/* define_weighted.c - operators with a kernel. */
#include "definition.h"

#include <math.h>

typedef struct lists {
    int64_t in[3], kernel[3], stride[3], dilation[3], before[3];
} lists;

static lists lists_of(const question *q) {
    const cvs_layer *layer = &q->inference->layer;
    lists l;
    input_sizes(q, l.in);
    on_three_axes(layer, layer->kernel, 1, l.kernel);
    on_three_axes(layer, layer->stride, 1, l.stride);
    on_three_axes(layer, layer->dilation, 1, l.dilation);
    on_three_axes(layer, layer->padding.before, 0, l.before);
    return l;
}

static void add(answer *sum, double term) {
    sum->value += term;
    sum->size += fabs(term);
    sum->roundings += 1;
}

/* The last weight, one number for each `axis`. */
static void add_bias(const question *q, answer *sum, cvs_axis axis, int64_t index) {
    by_axis at = {0};
    at.of[axis] = index;
    sum->roundings += 2;
    sum->exact = true;
    if (q->inference->layer.use_bias) add(sum, weight_at(q, q->list.count - 1, &at));
}

/* The next of all taps, the last axis first; false after the last one. */
static bool next(int64_t tap[3], const int64_t sizes[3]) {
    for (int a = 2; a >= 0; a--) {
        if (++tap[a] < sizes[a]) return true;
        tap[a] = 0;
    }
    return false;
}

/* ---- transposed: input x adds tap t to output x*stride + t*dilation - before -------------------- */

static void add_channels(const question *q, const int64_t tap[3], const spot *out, spot *in, answer *sum) {
    const cvs_layer *layer = &q->inference->layer;
    const int64_t filters = layer->filters / layer->groups, channels = layer->in_channels / layer->groups;
    const int64_t group = out->channel / filters;
    by_axis at = {0};
    set_kernel_axes(&at, tap);
    at.of[CVS_AXIS_FILTERS] = out->channel;
    at.of[CVS_AXIS_FILTERS_PER_GROUP] = out->channel % filters;
    for (int64_t c = 0; c < channels; c++) {
        in->channel = at.of[CVS_AXIS_IN_CHANNELS] = group * channels + c;
        add(sum, input_at(q, in) * weight_at(q, 0, &at));
    }
}

answer define_transposed(const question *q, const spot *out) {
    const lists l = lists_of(q);
    answer sum = {0};
    int64_t tap[3] = {0};
    do {
        spot in = {.sample = out->sample};
        bool exists = true;
        for (int a = 0; a < 3; a++) {
            const int64_t reach = out->cell[a] + l.before[a] - tap[a] * l.dilation[a];
            exists &= reach >= 0 && reach % l.stride[a] == 0 && reach / l.stride[a] < l.in[a];
            in.cell[a] = reach / l.stride[a];
        }
        if (exists) add_channels(q, tap, out, &in, &sum);
    } while (next(tap, l.kernel));
    add_bias(q, &sum, CVS_AXIS_FILTERS, out->channel);
    return sum;
}

/* ---- depthwise, separable ------------------------------------------------------------------------- */

static int64_t source(cvs_fill fill, int64_t position, int64_t size) {
    if (position >= 0 && position < size) return position;
    if (fill == CVS_FILL_REFLECT) return position < 0 ? -position : 2 * size - 2 - position;
    if (fill == CVS_FILL_REPLICATE) return position < 0 ? 0 : size - 1;
    if (fill == CVS_FILL_CIRCULAR) return (position + size) % size;
    return -1;
}

/* Kernel number `which` of channel `channel` at a cell; the kernel is weight 0. */
static answer one_channel(const question *q, const spot *out, int64_t channel, int64_t which) {
    const cvs_layer *layer = &q->inference->layer;
    const lists l = lists_of(q);
    answer sum = {0};
    int64_t tap[3] = {0};
    do {
        spot in = {.sample = out->sample, .channel = channel};
        bool exists = true;
        for (int a = 0; a < 3; a++) {
            const int64_t position = out->cell[a] * l.stride[a] + tap[a] * l.dilation[a] - l.before[a];
            in.cell[a] = source(layer->padding.fill, position, l.in[a]);
            exists &= in.cell[a] >= 0;
        }
        by_axis at = {0};
        set_kernel_axes(&at, tap);
        at.of[CVS_AXIS_FILTERS] = channel * layer->multiplier + which;
        at.of[CVS_AXIS_MULTIPLIER] = which;
        at.of[CVS_AXIS_IN_CHANNELS] = channel;
        add(&sum, exists ? input_at(q, &in) * weight_at(q, 0, &at) : 0);
    } while (next(tap, l.kernel));
    return sum;
}

answer define_depthwise(const question *q, const spot *out) {
    const int64_t multiplier = q->inference->layer.multiplier;
    answer sum = one_channel(q, out, out->channel / multiplier, out->channel % multiplier);
    add_bias(q, &sum, CVS_AXIS_FILTERS, out->channel);
    return sum;
}

answer define_separable(const question *q, const spot *out) {
    const cvs_layer *layer = &q->inference->layer;
    answer sum = {0};
    double between = 0;
    for (int64_t i = 0; i < layer->in_channels * layer->multiplier; i++) {
        const answer one = one_channel(q, out, i / layer->multiplier, i % layer->multiplier);
        by_axis at = {0};
        at.of[CVS_AXIS_FILTERS] = out->channel;
        at.of[CVS_AXIS_IN_CHANNELS] = i;
        const double weight = weight_at(q, 1, &at);
        add(&sum, one.value * weight);
        sum.size += fabs(weight) * one.size;
        between = one.roundings;
    }
    sum.roundings += between + 1;
    add_bias(q, &sum, CVS_AXIS_FILTERS, out->channel);
    return sum;
}

/* ---- dense ------------------------------------------------------------------------------------------ */

answer define_dense(const question *q, const int64_t *index) {
    const cvs_shape *input = &q->inference->input.shape;
    const int last = input->rank - 1;
    int64_t row = 0;
    answer sum = {0};
    by_axis at = {0};
    for (int i = 0; i < last; i++) row = row * input->dim[i] + index[i];
    at.of[CVS_AXIS_UNITS] = index[last];
    for (int64_t f = 0; f < input->dim[last]; f++) {
        at.of[CVS_AXIS_FEATURES] = f;
        add(&sum, (double)q->input[row * input->dim[last] + f] * weight_at(q, 0, &at));
    }
    add_bias(q, &sum, CVS_AXIS_UNITS, index[last]);
    return sum;
}
