#include "plan.h"

#include <string.h>

/* One axis of a copy between two layouts; strides in floats. */
typedef struct copy_axis {
    int64_t count, from, to;
} copy_axis;

enum { COPY_AXES = 7 }; /* group, filter, channel, kernel depth, height, width, block of filters */

static bool is_depthwise(const cvs_tensor_shape *tensor) {
    for (int i = 0; i < tensor->shape.rank; i++)
        if (tensor->axes[i] == CVS_AXIS_MULTIPLIER) return true;
    return false;
}

static copy_axis *axis_of(copy_axis *axes, cvs_axis kind, bool depthwise) {
    switch (kind) {
    case CVS_AXIS_FILTERS:
    case CVS_AXIS_MULTIPLIER:
        return &axes[1];
    case CVS_AXIS_IN_CHANNELS:
    case CVS_AXIS_IN_CHANNELS_PER_GROUP:
        return &axes[depthwise ? 0 : 2];
    case CVS_AXIS_KERNEL_DEPTH:
        return &axes[3];
    case CVS_AXIS_KERNEL_HEIGHT:
        return &axes[4];
    case CVS_AXIS_KERNEL_WIDTH:
    case CVS_AXIS_KERNEL_LENGTH:
        return &axes[5];
    default:
        return NULL; /* an axis of size 1 */
    }
}

static void set_from(const cvs__geometry *g, const cvs_tensor_shape *tensor, copy_axis *axes) {
    const bool depthwise = is_depthwise(tensor); /* a group is an input channel, a filter one of its multiplier */
    int64_t stride = 1;
    for (int i = tensor->shape.rank - 1; i >= 0; i--) {
        copy_axis *axis = axis_of(axes, tensor->axes[i], depthwise);
        if (axis) axis->from = stride;
        stride *= tensor->shape.dim[i];
    }
    /* The filters of a group are neighbours in every other layout. */
    if (!depthwise) axes[0].from = axes[1].from * g->group_filters;
}

static void set_taps(const cvs__geometry *g, int64_t tap, copy_axis *axes) {
    axes[5].to = tap;
    axes[4].to = tap * g->axis[2].kernel;
    axes[3].to = axes[4].to * g->axis[1].kernel;
}

static void set_to(const cvs__geometry *g, cvs__order order, copy_axis *axes) {
    int64_t tap = 1;
    axes[0].to = g->group_filters * g->depth;
    if (order == CVS__ORDER_FILTERS_FIRST) {
        axes[1].to = g->depth;
        axes[2].to = g->taps;
    } else if (order == CVS__ORDER_FILTERS_LAST) {
        axes[1].to = 1;
        axes[2].to = g->group_filters;
        tap = g->group_channels * g->group_filters;
    } else {
        axes[0].to = g->group_filters;
        axes[1].to = 1;
        axes[2].to = g->filters;
        tap = g->group_channels * g->filters;
    }
    set_taps(g, tap, axes);
}

/* Largest destination stride first (insertion sort), so that writing is sequential. */
static void sort_by_destination(copy_axis *axes) {
    for (int i = 1; i < COPY_AXES; i++) {
        const copy_axis moved = axes[i];
        int j = i;
        for (; j > 0 && axes[j - 1].to < moved.to; j--) axes[j] = axes[j - 1];
        axes[j] = moved;
    }
}

/* Drop axes of one element and join neighbours that are one run in both layouts; how many are left. */
static int join_runs(copy_axis *axes) {
    int count = 0;
    for (int i = 0; i < COPY_AXES; i++) {
        if (axes[i].count == 1) continue;
        copy_axis *outer = count ? &axes[count - 1] : NULL;
        if (outer && outer->from == axes[i].from * axes[i].count && outer->to == axes[i].to * axes[i].count)
            *outer = (copy_axis){outer->count * axes[i].count, axes[i].from, axes[i].to};
        else
            axes[count++] = axes[i];
    }
    return count;
}

static void copy(const copy_axis *axes, int count, const float *from, float *to) {
    if (count == 0) {
        *to = *from;
    } else if (count > 1) {
        for (int64_t i = 0; i < axes->count; i++) copy(axes + 1, count - 1, from + i * axes->from, to + i * axes->to);
    } else if (axes->from == 1 && axes->to == 1) {
        memcpy(to, from, (size_t)axes->count * sizeof *to);
    } else {
        for (int64_t i = 0; i < axes->count; i++) to[i * axes->to] = from[i * axes->from];
    }
}

/* From a kernel's layout; where it goes is left open. */
static void open_copy(const cvs__geometry *g, const cvs_tensor_shape *tensor, copy_axis *axes) {
    const int64_t counts[COPY_AXES] = {
        g->groups, g->group_filters, g->group_channels, g->axis[0].kernel, g->axis[1].kernel, g->axis[2].kernel, 1,
    };
    for (int i = 0; i < COPY_AXES; i++) axes[i] = (copy_axis){.count = counts[i]};
    set_from(g, tensor, axes);
}

static void run_copy(copy_axis *axes, const float *from, float *to) {
    sort_by_destination(axes);
    copy(axes, join_runs(axes), from, to);
}

void cvs__pack(const cvs__geometry *g, const cvs_tensor_shape *tensor, const float *kernel, cvs__order order,
               float *packed) {
    copy_axis axes[COPY_AXES];
    open_copy(g, tensor, axes);
    set_to(g, order, axes);
    run_copy(axes, kernel, packed);
}

/* `blocks` blocks of `filters` filters each, the first of them filter `first` of its group. */
static void pack_some(const cvs__geometry *g, const cvs_tensor_shape *tensor, const float *kernel, cvs__blocking how,
                      cvs__blocking some, float *packed) {
    copy_axis axes[COPY_AXES];
    open_copy(g, tensor, axes);
    const int64_t block = g->depth * how.width, filter = axes[1].from;
    axes[0].to = how.blocks * block;
    axes[1].count = some.width;
    axes[1].to = 1;
    axes[2].to = how.width;
    axes[6] = (copy_axis){some.blocks, how.width * filter, block};
    set_taps(g, g->group_channels * how.width, axes);
    run_copy(axes, kernel, packed);
}

cvs__blocking cvs__blocking_of(int64_t filters, int64_t width) {
    return (cvs__blocking){.blocks = (filters + width - 1) / width, .width = width};
}

void cvs__pack_blocks(const cvs__geometry *g, const cvs_tensor_shape *tensor, const float *kernel, cvs__blocking how,
                      float *packed) {
    const int64_t whole = g->group_filters / how.width, rest = g->group_filters % how.width;
    if (whole > 0) pack_some(g, tensor, kernel, how, (cvs__blocking){whole, how.width}, packed);
    if (rest == 0) return;
    copy_axis axes[COPY_AXES];
    open_copy(g, tensor, axes);
    pack_some(g, tensor, kernel + whole * how.width * axes[1].from, how, (cvs__blocking){1, rest},
              packed + whole * how.width * g->depth);
}
