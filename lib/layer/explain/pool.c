/* pool.c - pooling: over windows, over everything, and to a given size. */
#include "base/checked.h"
#include "teller.h"

static bool takes_largest(cvs_op op) {
    return op == CVS_OP_MAX_POOL || op == CVS_OP_GLOBAL_MAX_POOL || op == CVS_OP_ADAPTIVE_MAX_POOL;
}

/* ---- over windows -------------------------------------------------------------- */

static void tell_what_goes_on(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t cells = 1;
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (!cvs__mul(cells, layer->kernel[axis], &cells)) return;
    cvs__tell(teller, "pool");
    cvs__put_span(teller, EXPLAIN_VALUE_SPAN, layer->kernel);
    cvs__put_amount(teller, EXPLAIN_VALUE_CELLS, cells);
    cvs__put(teller, EXPLAIN_VALUE_DIVISOR, layer->divisor);
    if (takes_largest(layer->op))
        cvs__say(teller, EXPLAIN_POOL_MAX);
    else
        cvs__say(teller, layer->divisor ? EXPLAIN_POOL_DIVISOR : EXPLAIN_POOL_AVERAGE);
    cvs__say(teller, EXPLAIN_POOL_CHANNELS);
}

static bool tiles(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->kernel[axis] != layer->stride[axis] || layer->dilation[axis] > 1) return false;
    return true;
}

static void tell_overlap(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    cvs__tell(teller, "overlap");
    if (tiles(layer)) {
        cvs__say(teller, EXPLAIN_POOL_TILED);
        return;
    }
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t shared = layer->kernel[axis] - layer->stride[axis];
        if (shared <= 0 || layer->dilation[axis] > 1) continue;
        cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, cvs__counted(teller, axis));
        cvs__put_cells(teller, EXPLAIN_VALUE_OVERLAP, cvs__counted(teller, axis), shared);
        cvs__say(teller, EXPLAIN_POOL_OVERLAP);
        return;
    }
}

static void tell_edges(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    cvs__tell(teller, "padding");
    if (cvs__padding_adds(&layer->padding, layer->spatial_rank) &&
        cvs__padding_settled(&layer->padding, layer->spatial_rank)) {
        cvs__put_pads(teller);
        if (takes_largest(layer->op))
            cvs__say(teller, EXPLAIN_POOL_PADDED_MAX);
        else if (!layer->divisor)
            cvs__say(teller, layer->count_include_pad ? EXPLAIN_POOL_PADDED_COUNTS : EXPLAIN_POOL_PADDED_SKIPS);
    }
    if (!layer->ceil_mode) return;
    cvs__say(teller, EXPLAIN_POOL_CEIL);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        if (cvs__windows_dropped(teller, axis) != 1) continue;
        cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, cvs__counted(teller, axis));
        cvs__say(teller, EXPLAIN_POOL_CEIL_DROPPED);
        return;
    }
}

void cvs__tell_pool(cvs__teller *teller) {
    tell_what_goes_on(teller);
    cvs__tell_slide(teller);
    cvs__tell_pool_arithmetic(teller);
    tell_overlap(teller);
    tell_edges(teller);
    cvs__tell_stride(teller);
    cvs__tell_reach(teller);
}

/* ---- over everything ------------------------------------------------------------ */

void cvs__tell_global_pool(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    cvs__tell(teller, "pool");
    cvs__put_in_places(teller, EXPLAIN_VALUE_PLACES);
    cvs__put_shape(teller, EXPLAIN_VALUE_SHAPE, &teller->inference->output);
    cvs__say(teller, takes_largest(layer->op) ? EXPLAIN_GLOBAL_MAX : EXPLAIN_GLOBAL_AVERAGE);
    cvs__say(teller, EXPLAIN_GLOBAL_ANY_SIZE);
    if (layer->keep_spatial) cvs__say(teller, EXPLAIN_GLOBAL_KEPT);
}

/* ---- to a given size --------------------------------------------------------------- */

static void say_windows(cvs__teller *teller, int axis) {
    int64_t size = cvs__size_in(teller, axis), times = cvs__size_out(teller, axis);
    cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, axis);
    cvs__put(teller, EXPLAIN_VALUE_SIZE, size);
    cvs__put(teller, EXPLAIN_VALUE_TIMES, times);
    cvs__put(teller, EXPLAIN_VALUE_SHARE, size / times);
    if (times == 1) {
        cvs__say(teller, EXPLAIN_ADAPTIVE_ONE);
        return;
    }
    cvs__say(teller, EXPLAIN_ADAPTIVE_ASKED);
    cvs__say(teller, size % times ? EXPLAIN_ADAPTIVE_UNEVEN : EXPLAIN_ADAPTIVE_EVEN);
}

static void tell_windows(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    cvs__tell(teller, "adaptive");
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs_dim size = cvs__size_in(teller, axis), times = cvs__size_out(teller, axis);
        if (!cvs_dim_is_known(size) || !cvs_dim_is_known(times) || times == 0 || layer->output_size[axis] <= 0)
            continue;
        say_windows(teller, axis);
        if (axis == 0 && cvs__say_alike(teller)) return;
    }
}

void cvs__tell_adaptive_pool(cvs__teller *teller) {
    tell_windows(teller);
    cvs__tell(teller, "pool");
    cvs__say(teller, takes_largest(teller->layer->op) ? EXPLAIN_ADAPTIVE_MAX : EXPLAIN_ADAPTIVE_AVERAGE);
    cvs__say(teller, EXPLAIN_ADAPTIVE_ANY_SIZE);
}
