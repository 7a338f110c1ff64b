/*
 * The way back is a search forward: every natural setting is put through cvs_infer(), so that a framework's own
 * rules (Keras: no stride with dilation, PyTorch: no 'same' with stride, transposed sizes, ...) hold here without
 * being written a second time. First the same numbers on all axes; only when that finds nothing, each axis on
 * its own and the axes' best put together.
 */
#include <convscope/inspect.h>

#include "layer/inspect/choices.h"
#include "layer/inspect/natural.h"
#include "layer/layer_internal.h"

#include <string.h>

enum { BEST = 64, PER_AXIS = 8 };

typedef struct solution {
    cvs_layer layer;     /* as asked, filled in */
    cvs_padding settled; /* what the padding came to */
    int cost;
} solution;

/* The cheapest solutions, in order. */
typedef struct ranking {
    solution best[BEST];
    int count, limit;
    cvs_no_way *missed; /* of a search along one axis: what came nearest; NULL: nobody asks */
} ranking;

static bool same_numbers(const solution *a, const solution *b) {
    return memcmp(a->layer.kernel, b->layer.kernel, sizeof a->layer.kernel) == 0 &&
           memcmp(a->layer.stride, b->layer.stride, sizeof a->layer.stride) == 0 &&
           memcmp(a->layer.dilation, b->layer.dilation, sizeof a->layer.dilation) == 0 &&
           memcmp(a->layer.output_padding, b->layer.output_padding, sizeof a->layer.output_padding) == 0 &&
           memcmp(a->settled.before, b->settled.before, sizeof a->settled.before) == 0 &&
           memcmp(a->settled.after, b->settled.after, sizeof a->settled.after) == 0;
}

/* Insert in order of cost; of two with the same numbers the cheaper spelling stays. */
static void rank(ranking *all, const solution *found) {
    int at = 0;
    for (int i = 0; i < all->count; i++) {
        if (!same_numbers(&all->best[i], found)) continue;
        if (all->best[i].cost <= found->cost) return;
        memmove(&all->best[i], &all->best[i + 1], (size_t)(all->count - i - 1) * sizeof *found);
        all->count--;
        break;
    }
    while (at < all->count && all->best[at].cost <= found->cost) at++;
    if (at == all->limit) return;
    if (all->count == all->limit) all->count--;
    memmove(&all->best[at + 1], &all->best[at], (size_t)(all->count - at) * sizeof *found);
    all->best[at] = *found;
    all->count++;
}

/* What a layer came to along its one axis, beside what was wanted. */
static void note(cvs_no_way *missed, const cvs_inference *result, const cvs_shape *output) {
    const cvs_layer *layer = &result->layer;
    const int channels = cvs__channel_position(layer->data_format, 1);
    const int64_t size = result->output.shape.dim[cvs__spatial_position(layer->data_format, 0)];
    missed->tried++;
    missed->channels = result->output.shape.dim[channels];
    missed->wanted_channels = output->dim[channels];
    if (size == missed->wanted) missed->reached = true;
    if (size < missed->wanted && size > missed->below) missed->below = size;
    if (size > missed->wanted && (!missed->above || size < missed->above)) missed->above = size;
}

static bool gives(const cvs_layer *layer, const cvs_shape *input, const cvs_shape *output, cvs_padding *settled,
                  cvs_no_way *missed) {
    cvs_inference result;
    if (cvs_infer(layer, input, NULL, &result, missed ? &missed->error : NULL) != CVS_OK) return false;
    if (missed) note(missed, &result, output);
    for (int i = 1; i < output->rank; i++)
        if (output->dim[i] != CVS_DIM_UNKNOWN && output->dim[i] != result.output.shape.dim[i]) return false;
    *settled = result.layer.padding;
    return true;
}

static void fill(int64_t *numbers, int rank_, int64_t value) {
    for (int axis = 0; axis < rank_; axis++) numbers[axis] = value;
}

/* Paddings and output paddings for a layer whose other numbers stand. */
static void try_paddings(cvs_layer layer, unsigned asked, const cvs__choices *all, const cvs_shape *input,
                         const cvs_shape *output, ranking *found) {
    const int rank_ = layer.spatial_rank;
    for (int p = 0; p < (all->paddings ? all->paddings : 1); p++) {
        int padding_cost = 0;
        if (all->paddings) {
            layer.padding.mode = all->padding[p].mode;
            fill(layer.padding.before, rank_, all->padding[p].before);
            fill(layer.padding.after, rank_, all->padding[p].after);
            padding_cost = all->padding[p].cost;
        }
        for (int o = 0; o < (all->output_paddings ? all->output_paddings : 1); o++) {
            if (all->output_paddings) {
                layer.has_output_padding = all->output_padding[o] > 0 || layer.framework != CVS_KERAS;
                fill(layer.output_padding, rank_, all->output_padding[o]);
            }
            solution candidate = {.layer = layer};
            if (!gives(&layer, input, output, &candidate.settled, found->missed)) continue;
            candidate.cost = cvs__solution_cost(&layer, asked, padding_cost);
            rank(found, &candidate);
        }
    }
}

/* The same numbers on every axis. */
static void try_uniform(const cvs_layer *asked_layer, unsigned asked, const cvs__choices *all, const cvs_shape *input,
                        const cvs_shape *output, ranking *found) {
    cvs_layer layer = *asked_layer;
    for (int k = 0; k < (all->kernels ? all->kernels : 1); k++) {
        if (all->kernels) fill(layer.kernel, layer.spatial_rank, all->kernel[k]);
        for (int s = 0; s < (all->strides ? all->strides : 1); s++) {
            if (all->strides) fill(layer.stride, layer.spatial_rank, all->stride[s]);
            if (asked & CVS_ASK_STRIDE_OF_KERNEL) memcpy(layer.stride, layer.kernel, sizeof layer.stride);
            for (int d = 0; d < (all->dilations ? all->dilations : 1); d++) {
                if (all->dilations) fill(layer.dilation, layer.spatial_rank, all->dilation[d]);
                try_paddings(layer, asked, all, input, output, found);
            }
        }
    }
}

/* What is looked for, axis by axis. */
typedef struct axes_search {
    const cvs_layer *layer;
    const cvs_shape *input, *output;
    unsigned asked;
} axes_search;

/* The layer and the shapes seen along one axis only. */
static cvs_layer along_axis(const cvs_layer *layer, int axis) {
    cvs_layer one = *layer;
    one.spatial_rank = 1;
    int64_t *const numbers[] = {one.kernel,        one.stride,         one.dilation,   one.padding.before,
                                one.padding.after, one.output_padding, one.output_size};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        numbers[i][0] = numbers[i][axis];
        for (int rest = 1; rest < CVS_MAX_SPATIAL; rest++) numbers[i][rest] = 0;
    }
    return one;
}

static cvs_shape shape_along_axis(const cvs_shape *shape, cvs_data_format format, int spatial_rank, int axis) {
    cvs_shape one = {.rank = 3, .dim = {shape->dim[0]}};
    one.dim[cvs__channel_position(format, 1)] = shape->dim[cvs__channel_position(format, spatial_rank)];
    one.dim[cvs__spatial_position(format, 0)] = shape->dim[cvs__spatial_position(format, axis)];
    return one;
}

/* `valid` is explicit padding of 0, so those two mix; nothing else does. */
static bool join_modes(cvs_padding_mode *joined, cvs_padding_mode mode, bool may_be_explicit) {
    if (*joined == mode) return true;
    const bool mixable = (*joined == CVS_PAD_VALID || *joined == CVS_PAD_EXPLICIT) &&
                         (mode == CVS_PAD_VALID || mode == CVS_PAD_EXPLICIT);
    *joined = CVS_PAD_EXPLICIT;
    return mixable && may_be_explicit;
}

/* One solution of each axis, `pick[axis]`, put together into a layer; false when their paddings do not mix. */
static bool put_together(const cvs_layer *asked_layer, const ranking *axes, const int *pick, solution *out) {
    const cvs_framework framework = cvs__framework_of(asked_layer);
    *out = (solution){.layer = *asked_layer, .cost = 10};
    cvs_layer *layer = &out->layer;
    layer->padding.mode = axes[0].best[pick[0]].layer.padding.mode;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        const solution *one = &axes[axis].best[pick[axis]];
        if (!join_modes(&layer->padding.mode, one->layer.padding.mode,
                        framework != CVS_KERAS && framework != CVS_KERAS1))
            return false;
        layer->kernel[axis] = one->layer.kernel[0];
        layer->stride[axis] = one->layer.stride[0];
        layer->dilation[axis] = one->layer.dilation[0];
        layer->padding.before[axis] = one->layer.padding.before[0];
        layer->padding.after[axis] = one->layer.padding.after[0];
        layer->output_padding[axis] = one->layer.output_padding[0];
        layer->has_output_padding |= one->layer.has_output_padding;
        out->cost += one->cost;
    }
    return true;
}

/* One axis alone; what was missed there is wanted to be this axis's size. */
static void try_axis(const axes_search *search, int axis, ranking *found) {
    const cvs_layer *layer = search->layer, one = along_axis(layer, axis);
    const cvs_shape in = shape_along_axis(search->input, layer->data_format, layer->spatial_rank, axis);
    const cvs_shape out = shape_along_axis(search->output, layer->data_format, layer->spatial_rank, axis);
    const int position = cvs__spatial_position(one.data_format, 0);
    cvs__choices all;
    cvs__list_choices(&one, search->asked, in.dim[position], out.dim[position], &all);
    if (found->missed) found->missed->wanted = out.dim[position];
    try_uniform(&one, search->asked, &all, &in, &out, found);
}

/* Each axis on its own, then the axes' best together. */
static void try_axes(const cvs_layer *layer, unsigned asked, const cvs_shape *input, const cvs_shape *output,
                     ranking *scratch, ranking *found) {
    const int rank_ = layer->spatial_rank;
    for (int axis = 0; axis < rank_; axis++) {
        scratch[axis] = (ranking){.limit = PER_AXIS};
        try_axis(&(axes_search){layer, input, output, asked}, axis, &scratch[axis]);
        if (scratch[axis].count == 0) return;
    }
    int pick[CVS_MAX_SPATIAL] = {0};
    for (;;) {
        solution candidate;
        if (put_together(layer, scratch, pick, &candidate) &&
            gives(&candidate.layer, input, output, &candidate.settled, NULL))
            rank(found, &candidate);
        int axis = 0;
        while (axis < rank_ && ++pick[axis] == scratch[axis].count) pick[axis++] = 0;
        if (axis == rank_) return;
    }
}

static cvs_status check_shapes(const cvs_layer *layer, const cvs_shape *input, const cvs_shape *output,
                               cvs_error *err) {
    const int rank_ = layer->spatial_rank + 2;
    if (input->rank != rank_ || output->rank != rank_)
        return cvs_fail(err, CVS_INVALID, "asymmetric-rank", input->rank != rank_ ? "/input_shape" : "/output_shape",
                        "a %dD layer's input and output have %d axes each: batch, channels and %d spatial",
                        layer->spatial_rank, rank_, layer->spatial_rank);
    const cvs_dim batch = input->dim[0], wanted = output->dim[0];
    if (cvs_dim_is_known(batch) && cvs_dim_is_known(wanted) && batch != wanted)
        return cvs_fail(err, CVS_INVALID, "batch-differs", "/output_shape/0",
                        "no setting changes the batch: %lld samples go in, so %lld cannot come out", (long long)batch,
                        (long long)wanted);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        const int position = cvs__spatial_position(layer->data_format, axis);
        if (input->dim[position] < 1 || output->dim[position] < 1)
            return cvs_fail(err, CVS_INVALID, "size-unknown",
                            input->dim[position] < 1 ? "/input_shape" : "/output_shape",
                            "the spatial sizes of both shapes must be known numbers of at least 1");
    }
    return CVS_OK;
}

static cvs_layer with_filters(const cvs_layer *layer, unsigned asked, const cvs_shape *output) {
    cvs_layer start = *layer;
    if (asked & CVS_ASK_FILTERS)
        start.filters = output->dim[cvs__channel_position(layer->data_format, layer->spatial_rank)];
    return start;
}

/* What stands in the way along one axis; CVS_NO_WAY_TOGETHER when nothing does there. */
static cvs_no_way_reason reason_along(const cvs_no_way *missed) {
    if (missed->tried == 0) return CVS_NO_WAY_LAYER;
    if (missed->wanted_channels != CVS_DIM_UNKNOWN && missed->channels != missed->wanted_channels)
        return CVS_NO_WAY_CHANNELS;
    return missed->reached ? CVS_NO_WAY_TOGETHER : CVS_NO_WAY_SIZE;
}

cvs_status cvs_layer_unsolved(const cvs_layer *layer, unsigned asked, const cvs_shape *input, const cvs_shape *output,
                              cvs_no_way *out, cvs_error *err) {
    cvs_status status = check_shapes(layer, input, output, err);
    if (status != CVS_OK) return status;
    const cvs_layer start = with_filters(layer, asked, output);
    for (int axis = 0; axis < start.spatial_rank; axis++) {
        ranking found = {.limit = 1, .missed = out};
        *out = (cvs_no_way){.axis = axis, .spatial_rank = start.spatial_rank};
        try_axis(&(axes_search){&start, input, output, asked}, axis, &found);
        out->reason = reason_along(out);
        if (out->reason != CVS_NO_WAY_TOGETHER) break;
    }
    return CVS_OK;
}

cvs_status cvs_layer_solve(const cvs_layer *layer, unsigned asked, const cvs_shape *input, const cvs_shape *output,
                           cvs_layer *results, size_t capacity, size_t *count, cvs_error *err) {
    *count = 0;
    cvs_status status = check_shapes(layer, input, output, err);
    if (status != CVS_OK) return status;
    const cvs_layer start = with_filters(layer, asked, output);
    const int first = cvs__spatial_position(start.data_format, 0);
    cvs__choices all;
    cvs__list_choices(&start, asked, input->dim[first], output->dim[first], &all);
    ranking found = {.limit = BEST}, scratch[CVS_MAX_SPATIAL];
    try_uniform(&start, asked, &all, input, output, &found);
    if (found.count == 0) try_axes(&start, asked, input, output, scratch, &found);
    for (int i = 0; i < found.count && *count < capacity; i++) results[(*count)++] = found.best[i].layer;
    return CVS_OK;
}
