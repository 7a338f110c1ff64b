/* slide.c - where the window stands, and what the first and the last output cell see. */
#include "teller.h"

/* The taps of the window that starts at `start` which meet the input: the rest lies in the padding. */
static cvs__positions inside(const cvs_layer *layer, int axis, int64_t start, cvs_dim size) {
    int64_t step = layer->dilation[axis], first = start, last = start + (layer->kernel[axis] - 1) * step;
    if (first < 0) first += (-first + step - 1) / step * step;
    if (cvs_dim_is_known(size) && last >= size) last -= (last - size) / step * step + step;
    return (cvs__positions){first, step, last < first ? 0 : (last - first) / step + 1};
}

/* "rows 0 to 1 and 1 of padding" */
static void put_window(cvs__teller *teller, int value, int axis, int64_t start) {
    cvs__positions positions = inside(teller->layer, axis, start, cvs__size_in(teller, axis));
    int64_t padded = teller->layer->kernel[axis] - positions.count;
    size_t from = teller->piece.length;
    cvs__put(teller, EXPLAIN_VALUE_PADDED, padded);
    if (positions.count == 0) {
        cvs__put_phrase(teller, value, EXPLAIN_WINDOW_PADDING_ONLY);
        return;
    }
    cvs__put_range(teller, EXPLAIN_VALUE_POSITIONS, axis, positions);
    cvs__write(teller, padded ? EXPLAIN_WINDOW_PADDED : EXPLAIN_WINDOW_INSIDE);
    cvs__put_piece(teller, value, from);
}

/* How many windows PyTorch's last-window rule takes back from what rounding up gives: 0 or 1. */
int64_t cvs__windows_dropped(const cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    cvs_dim size = cvs__size_in(teller, axis), places = cvs__size_out(teller, axis);
    if (!layer->ceil_mode || !cvs_dim_is_known(size) || !cvs_dim_is_known(places)) return 0;
    int64_t room = size + layer->padding.before[axis] + layer->padding.after[axis] -
                   cvs__extent(layer->kernel[axis], layer->dilation[axis]);
    int64_t stride = layer->stride[axis];
    return room / stride + (room % stride != 0) + 1 - places;
}

/* "400 - 5 + 1 = 396", "floor((224 + 2 + 3 - 7)/2) + 1 = 112": the window's fits. */
static void put_fit(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    const int64_t pads[] = {layer->padding.before[axis], layer->padding.after[axis]};
    int64_t stride = layer->stride[axis];
    size_t from = teller->piece.length;
    cvs_text *out = &teller->piece;
    if (stride > 1) cvs__add_string(out, layer->ceil_mode ? "ceil((" : "floor((");
    cvs__add_integer(out, cvs__size_in(teller, axis));
    for (int end = 0; end < 2; end++) {
        if (pads[end] == 0) continue;
        cvs__add_string(out, " + ");
        cvs__add_integer(out, pads[end]);
    }
    cvs__add_string(out, " - ");
    cvs__add_integer(out, cvs__extent(layer->kernel[axis], layer->dilation[axis]));
    if (stride > 1) {
        cvs__add_string(out, ")/");
        cvs__add_integer(out, stride);
        cvs__add_string(out, ")");
    }
    cvs__add_string(out, cvs__windows_dropped(teller, axis) ? " + 1 - 1 = " : " + 1 = ");
    cvs__add_integer(out, cvs__size_out(teller, axis));
    cvs__put_piece(teller, EXPLAIN_VALUE_FIT, from);
}

static void say_known(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    int64_t before = layer->padding.before[axis], stride = layer->stride[axis], places = cvs__size_out(teller, axis);
    cvs__put(teller, EXPLAIN_VALUE_TIMES, places);
    cvs__put(teller, EXPLAIN_VALUE_STRIDE, stride);
    put_fit(teller, axis);
    if (before == 0) {
        cvs__put_positions(teller, EXPLAIN_VALUE_STARTS, axis, (cvs__positions){0, stride, places});
        cvs__say(teller, EXPLAIN_SLIDE_PLAIN);
    } else {
        cvs__put_cells(teller, EXPLAIN_VALUE_BEFORE_EDGE, axis, before);
        cvs__say(teller, places == 1 ? EXPLAIN_SLIDE_PADDED_ONCE : EXPLAIN_SLIDE_PADDED);
    }
}

static void say_ends(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    int64_t last = cvs__size_out(teller, axis) - 1, before = layer->padding.before[axis];
    put_window(teller, EXPLAIN_VALUE_FIRST_WINDOW, axis, -before);
    if (last == 0) {
        cvs__say(teller, EXPLAIN_SLIDE_ONLY);
        return;
    }
    cvs__put(teller, EXPLAIN_VALUE_LAST_CELL, last);
    put_window(teller, EXPLAIN_VALUE_LAST_WINDOW, axis, last * layer->stride[axis] - before);
    cvs__say(teller, EXPLAIN_SLIDE_ENDS);
}

/* A size that is not known: the first positions are the same for all. */
static void say_open(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    cvs__put_size(teller, EXPLAIN_VALUE_SIZE, &teller->inference->output, position);
    cvs__put(teller, EXPLAIN_VALUE_STRIDE, layer->stride[axis]);
    if (layer->padding.before[axis] != 0) {
        cvs__say(teller, EXPLAIN_SLIDE_OPEN_PADDED);
        return;
    }
    cvs__put_positions(teller, EXPLAIN_VALUE_STARTS, axis, (cvs__positions){0, layer->stride[axis], 3});
    put_window(teller, EXPLAIN_VALUE_FIRST_WINDOW, axis, 0);
    cvs__say(teller, EXPLAIN_SLIDE_OPEN);
}

static void say_axis(cvs__teller *teller, int axis) {
    cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, axis);
    if (cvs_dim_is_known(cvs__size_in(teller, axis)))
        say_known(teller, axis);
    else
        say_open(teller, axis);
}

bool cvs__say_alike(cvs__teller *teller) {
    if (!cvs__axes_alike(teller)) return false;
    if (teller->layer->spatial_rank > 1) {
        cvs__put_axes(teller, EXPLAIN_VALUE_OTHER_AXES, 1);
        cvs__say(teller, EXPLAIN_SLIDE_ALIKE);
    }
    return true;
}

void cvs__tell_slide(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    bool alike = cvs__axes_alike(teller);
    cvs__tell(teller, "slide");
    for (int axis = 0; axis < (alike ? 1 : layer->spatial_rank); axis++) say_axis(teller, axis);
    if (!alike) return;
    cvs__say_alike(teller);
    if (cvs_dim_is_known(cvs__size_in(teller, 0))) say_ends(teller, 0);
}
