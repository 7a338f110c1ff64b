/* border.c - what happens at the edges: the cells that padding adds, those that a stride leaves unread. */
#include "base/checked.h"
#include "teller.h"

static int64_t extent_of(const cvs_layer *layer, int axis) {
    return cvs__extent(layer->kernel[axis], layer->dilation[axis]);
}

/* ---- padding ------------------------------------------------------------------ */

bool cvs__padding_adds(const cvs_padding *padding, int spatial_rank) {
    for (int axis = 0; axis < spatial_rank; axis++)
        if (padding->before[axis] != 0 || padding->after[axis] != 0) return true;
    return false;
}

bool cvs__padding_settled(const cvs_padding *padding, int spatial_rank) {
    for (int axis = 0; axis < spatial_rank; axis++)
        if (padding->before[axis] == CVS_DIM_UNKNOWN || padding->after[axis] == CVS_DIM_UNKNOWN) return false;
    return true;
}

static bool pads_alike(const cvs_padding *padding, int spatial_rank) {
    for (int axis = 1; axis < spatial_rank; axis++)
        if (padding->before[axis] != padding->before[0] || padding->after[axis] != padding->after[0]) return false;
    return true;
}

static void put_ends(cvs__teller *teller, int axis) {
    cvs__put(teller, EXPLAIN_VALUE_BEFORE, teller->layer->padding.before[axis]);
    cvs__put(teller, EXPLAIN_VALUE_AFTER, teller->layer->padding.after[axis]);
    cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, axis);
}

/* "2 before and 3 after", along every axis or axis by axis. */
void cvs__put_pads(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    size_t from = teller->piece.length;
    put_ends(teller, 0);
    if (layer->spatial_rank == 1) {
        cvs__write(teller, EXPLAIN_PADS_ONE);
    } else if (pads_alike(&layer->padding, layer->spatial_rank)) {
        cvs__write(teller, EXPLAIN_PADS_EVERY);
    } else {
        for (int axis = 0; axis < layer->spatial_rank; axis++) {
            put_ends(teller, axis);
            cvs__write(teller, axis ? EXPLAIN_PADS_NEXT : EXPLAIN_PADS_FIRST);
        }
    }
    cvs__put_piece(teller, EXPLAIN_VALUE_PADS, from);
}

/* Kernels that span an even number have no middle: the odd zero falls on one side. */
static void say_even(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t before = layer->padding.before[axis], after = layer->padding.after[axis];
        if (extent_of(layer, axis) % 2 || before == after || layer->stride[axis] > 1) continue;
        cvs__put_cells(teller, EXPLAIN_VALUE_EXTENT, cvs__counted(teller, axis), extent_of(layer, axis));
        cvs__put_phrase(teller, EXPLAIN_VALUE_SIDE, after > before ? EXPLAIN_SIDE_AFTER : EXPLAIN_SIDE_BEFORE);
        cvs__say(teller, EXPLAIN_PADDING_EVEN);
        return;
    }
}

/* What TensorFlow's `same` puts before an axis of `size`, and in all. */
static void same_pads(const cvs_layer *layer, int axis, int64_t size, int64_t *before, int64_t *after) {
    int64_t last = (size - 1) % layer->stride[axis] + 1, extent = extent_of(layer, axis);
    int64_t total = extent > last ? extent - last : 0;
    *before = total / 2;
    *after = total - *before;
}

/* The first strided axis where `same` and PyTorch's usual padding (ke - 1)/2 give one size from other cells, or -1. */
static int differs_from_half(const cvs__teller *teller, int64_t *before, int64_t *after) {
    const cvs_layer *layer = teller->layer;
    int found = -1;
    for (int axis = layer->spatial_rank - 1; axis >= 0; axis--) {
        cvs_dim size = cvs__size_in(teller, axis);
        int64_t half = extent_of(layer, axis) / 2, b = 0, a = 0;
        if (extent_of(layer, axis) % 2 == 0) return -1;
        if (layer->stride[axis] == 1 || !cvs_dim_is_known(size)) continue;
        same_pads(layer, axis, size, &b, &a);
        if (b == half && a == half) continue;
        *before = b, *after = a, found = axis;
    }
    return found;
}

static bool is_half(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t half = extent_of(layer, axis) / 2;
        if (layer->padding.before[axis] != half || layer->padding.after[axis] != half) return false;
    }
    return true;
}

/* One name, other cells: `same` with a stride here, and PyTorch's padding of half the kernel. */
static void say_frameworks_differ(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t before = 0, after = 0;
    bool same = layer->padding.mode == CVS_PAD_SAME;
    bool half = layer->framework == CVS_PYTORCH && layer->padding.fill == CVS_FILL_ZEROS && is_half(layer);
    if (!same && !half) return;
    int axis = differs_from_half(teller, &before, &after);
    if (axis < 0) return;
    cvs__put(teller, EXPLAIN_VALUE_BEFORE, before);
    cvs__put(teller, EXPLAIN_VALUE_AFTER, after);
    cvs__put(teller, EXPLAIN_VALUE_HALF, extent_of(layer, axis) / 2);
    cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, axis);
    cvs__say(teller, same ? EXPLAIN_PADDING_PYTORCH : EXPLAIN_PADDING_TENSORFLOW);
}

static int first_strided(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->stride[axis] > 1) return axis;
    return -1;
}

static void say_same(cvs__teller *teller, bool pads_known) {
    const cvs_layer *layer = teller->layer;
    int strided = first_strided(layer), position = cvs__spatial_position(layer->data_format, strided < 0 ? 0 : strided);
    if (strided >= 0) {
        cvs__put(teller, EXPLAIN_VALUE_STRIDE, layer->stride[strided]);
        cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, strided);
        cvs__put_size(teller, EXPLAIN_VALUE_SIZE, &teller->inference->input, position);
        cvs__put_size(teller, EXPLAIN_VALUE_TIMES, &teller->inference->output, position);
    }
    bool lower = layer->padding.mode == CVS_PAD_SAME_LOWER;
    cvs__put_phrase(teller, EXPLAIN_VALUE_SIDE, lower ? EXPLAIN_SIDE_BEFORE : EXPLAIN_SIDE_AFTER);
    if (!pads_known)
        cvs__say(teller, EXPLAIN_PADDING_SAME_OPEN);
    else if (strided >= 0)
        cvs__say(teller, EXPLAIN_PADDING_SAME_STRIDE);
    else
        cvs__say(teller, EXPLAIN_PADDING_SAME_KEEPS);
    if (strided >= 0 && cvs_dim_is_known(cvs__size_in(teller, strided))) cvs__say(teller, EXPLAIN_PADDING_SAME_CEIL);
    if (pads_known) say_even(teller);
}

static void say_causal(cvs__teller *teller) {
    cvs__put_amount(teller, EXPLAIN_VALUE_BEFORE, teller->layer->padding.before[0]);
    cvs__put(teller, EXPLAIN_VALUE_STRIDE, teller->layer->stride[0]);
    cvs__say(teller, EXPLAIN_PADDING_CAUSAL);
    cvs__say(teller, teller->layer->stride[0] > 1 ? EXPLAIN_PADDING_CAUSAL_STRIDE : EXPLAIN_PADDING_CAUSAL_STEP);
}

/* Half the reach of an odd kernel on each side, the same along every axis, at stride 1. */
static bool keeps_size(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (extent_of(layer, axis) != extent_of(layer, 0)) return false;
    return is_half(layer) && first_strided(layer) < 0 && extent_of(layer, 0) % 2 == 1;
}

static void say_explicit(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t reach = extent_of(layer, 0);
    cvs__put_phrase(teller, EXPLAIN_VALUE_FILL, EXPLAIN_FILL_ZEROS + (int)layer->padding.fill);
    cvs__say(teller, EXPLAIN_PADDING_EXPLICIT);
    if (!keeps_size(layer)) return;
    cvs__put_cells(teller, EXPLAIN_VALUE_EXTENT, layer->spatial_rank > 1 ? CVS__EVERY_AXIS : 0, reach);
    cvs__put(teller, EXPLAIN_VALUE_REACH, reach);
    cvs__put(teller, EXPLAIN_VALUE_HALF, reach / 2);
    cvs__say(teller, EXPLAIN_PADDING_KEEPS);
}

static void tell_padding(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    bool any = cvs__padding_adds(&layer->padding, layer->spatial_rank);
    bool known = cvs__padding_settled(&layer->padding, layer->spatial_rank);
    cvs__tell(teller, "padding");
    if (!any) {
        if (cvs__is_same(layer->padding.mode)) cvs__say(teller, EXPLAIN_PADDING_SAME_NONE);
        return;
    }
    if (known) cvs__put_pads(teller);
    switch (layer->padding.mode) {
    case CVS_PAD_SAME:
    case CVS_PAD_SAME_LOWER:
        say_same(teller, known);
        break;
    case CVS_PAD_CAUSAL:
        say_causal(teller);
        break;
    case CVS_PAD_FULL:
        cvs__say(teller, EXPLAIN_PADDING_FULL);
        break;
    default:
        say_explicit(teller);
    }
    say_frameworks_differ(teller);
}

/* ---- stride ---------------------------------------------------------------------- */

/* How many of the last real inputs no window reaches. */
static int64_t unread_at_end(const cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    int64_t reached =
        (cvs__size_out(teller, axis) - 1) * layer->stride[axis] + extent_of(layer, axis) - layer->padding.before[axis];
    int64_t left = cvs__size_in(teller, axis) - reached;
    return left > 0 ? left : 0;
}

/* What a kernel of 1 with a stride reads of the whole input. */
static void say_reads(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->kernel[axis] > 1 || !cvs_dim_is_known(cvs__size_in(teller, axis))) return;
    if (layer->spatial_rank == 1 || cvs__padding_adds(&layer->padding, layer->spatial_rank)) return;
    cvs__put_places(teller, EXPLAIN_VALUE_PLACES);
    cvs__put_in_places(teller, EXPLAIN_VALUE_IN_PLACES);
    cvs__say(teller, EXPLAIN_STRIDE_READS);
}

static void say_stride(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    int64_t stride = layer->stride[axis], gap = stride - layer->kernel[axis];
    int counted = cvs__counted(teller, axis);
    cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, counted);
    cvs__put(teller, EXPLAIN_VALUE_STRIDE, stride);
    cvs__say(teller, EXPLAIN_STRIDE_STEP);
    if (layer->dilation[axis] == 1 && gap > 0) {
        cvs__put(teller, EXPLAIN_VALUE_KERNEL, layer->kernel[axis]);
        cvs__put(teller, EXPLAIN_VALUE_GAP, gap);
        cvs__put_cells(teller, EXPLAIN_VALUE_GAP_CELLS, counted, gap);
        cvs__say(teller, EXPLAIN_STRIDE_GAP);
    }
    if (!cvs_dim_is_known(cvs__size_in(teller, axis))) return;
    int64_t unread = unread_at_end(teller, axis);
    cvs__put(teller, EXPLAIN_VALUE_UNREAD, unread);
    cvs__put_cells(teller, EXPLAIN_VALUE_UNREAD_CELLS, counted, unread);
    if (unread) cvs__say(teller, EXPLAIN_STRIDE_UNREAD);
}

void cvs__tell_stride(cvs__teller *teller) {
    bool alike = cvs__axes_alike(teller);
    cvs__tell(teller, "stride");
    for (int axis = 0; axis < teller->layer->spatial_rank; axis++) {
        if (teller->layer->stride[axis] == 1) continue;
        say_stride(teller, axis);
        if (alike) break;
    }
    if (teller->speaking) say_reads(teller);
}

void cvs__tell_border(cvs__teller *teller) {
    tell_padding(teller);
    cvs__tell_stride(teller);
}
