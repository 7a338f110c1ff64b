/* sizes.c - sizes and shapes as an explanation writes them. */
#include "teller.h"

/* Keys in the order of cvs_axis: length, depth, height, width, channels. */
_Static_assert(EXPLAIN_SIZE_CHANNELS - EXPLAIN_SIZE_LENGTH == CVS_AXIS_CHANNELS - CVS_AXIS_LENGTH, "order of keys");
_Static_assert(EXPLAIN_SIZE_OPEN_CHANNELS - EXPLAIN_SIZE_OPEN_LENGTH == CVS_AXIS_CHANNELS - CVS_AXIS_LENGTH,
               "order of keys");

static cvs_axis axis_of(const cvs__teller *teller, int axis) {
    return cvs__spatial_axis(teller->layer->spatial_rank, axis);
}

bool cvs__slides(const cvs_layer *layer) {
    switch (layer->op) {
    case CVS_OP_CONV:
    case CVS_OP_DEPTHWISE_CONV:
    case CVS_OP_SEPARABLE_CONV:
    case CVS_OP_MAX_POOL:
    case CVS_OP_AVERAGE_POOL:
        return true;
    default:
        return false;
    }
}

bool cvs__axes_alike(const cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    for (int axis = 1; axis < layer->spatial_rank; axis++)
        if (layer->kernel[axis] != layer->kernel[0] || layer->stride[axis] != layer->stride[0] ||
            layer->dilation[axis] != layer->dilation[0] || layer->padding.before[axis] != layer->padding.before[0] ||
            layer->padding.after[axis] != layer->padding.after[0] ||
            cvs__size_in(teller, axis) != cvs__size_in(teller, 0))
            return false;
    return true;
}

/* ---- one size ------------------------------------------------------------ */

static void add_signed(cvs_text *out, int64_t number) {
    if (number == 0) return;
    cvs__add_string(out, number < 0 ? " - " : " + ");
    cvs__add_integer(out, number < 0 ? -number : number);
}

/* "floor((length - 5)/2)", without the + 1 that counts the first window */
static void add_steps(cvs__teller *teller, int axis, const char *rounding, int64_t room) {
    cvs_text *out = &teller->piece;
    cvs__add_string(out, rounding);
    cvs__add_string(out, "((");
    cvs__add_string(out, cvs_axis_name(axis_of(teller, axis)));
    add_signed(out, room);
    cvs__add_string(out, ")/");
    cvs__add_integer(out, teller->layer->stride[axis]);
    cvs__add_string(out, ")");
}

/* Rounded up, but no further than to the last window that starts on an input: PyTorch's and not ONNX's rule. */
static void add_ceil_steps(cvs__teller *teller, int axis, int64_t room) {
    const cvs_layer *layer = teller->layer;
    int64_t before = layer->padding.before[axis];
    bool may_drop = !layer->ceil_keeps_last && layer->stride[axis] + room - before > 0;
    if (may_drop) cvs__add_string(&teller->piece, "min(");
    add_steps(teller, axis, "ceil", room);
    if (!may_drop) return;
    cvs__add_string(&teller->piece, ", ");
    add_steps(teller, axis, "floor", before - 1);
    cvs__add_string(&teller->piece, ")");
}

static void add_same_size(cvs__teller *teller, int axis) {
    int64_t stride = teller->layer->stride[axis];
    cvs_text *out = &teller->piece;
    if (stride > 1) cvs__add_string(out, "ceil(");
    cvs__add_string(out, cvs_axis_name(axis_of(teller, axis)));
    if (stride == 1) return;
    cvs__add_string(out, "/");
    cvs__add_integer(out, stride);
    cvs__add_string(out, ")");
}

/* The size that an unknown one becomes, over the axis's name: "length - 4", "ceil(height/2)". */
static void add_slid_size(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    if (cvs__is_same(layer->padding.mode)) {
        add_same_size(teller, axis);
        return;
    }
    int64_t room = layer->padding.before[axis] + layer->padding.after[axis] -
                   cvs__extent(layer->kernel[axis], layer->dilation[axis]);
    if (layer->stride[axis] == 1) {
        cvs__add_string(&teller->piece, cvs_axis_name(axis_of(teller, axis)));
        add_signed(&teller->piece, room + 1);
        return;
    }
    if (layer->ceil_mode)
        add_ceil_steps(teller, axis, room);
    else
        add_steps(teller, axis, "floor", room);
    cvs__add_string(&teller->piece, " + 1");
}

/* The spatial axis at `position`, or -1. */
static int spatial_at(const cvs__teller *teller, int position) {
    int axis = position - cvs__spatial_position(teller->layer->data_format, 0);
    return axis >= 0 && axis < teller->layer->spatial_rank ? axis : -1;
}

void cvs__add_size(cvs__teller *teller, const cvs_tensor_shape *tensor, int position) {
    cvs_dim size = tensor->shape.dim[position];
    if (cvs_dim_is_known(size)) {
        cvs__add_integer(&teller->piece, size);
    } else if (cvs_dim_is_symbolic(size)) {
        cvs_dim_format(teller->inference->symbols, size, &teller->piece);
    } else if (tensor == &teller->inference->output && cvs__slides(teller->layer) &&
               spatial_at(teller, position) >= 0) {
        add_slid_size(teller, spatial_at(teller, position));
    } else {
        cvs__add_string(&teller->piece, cvs_axis_name(tensor->axes[position]));
    }
}

/* The size where something stands beside it: a sum in parentheses. */
static void add_operand(cvs__teller *teller, const cvs_tensor_shape *tensor, int position) {
    size_t from = teller->piece.length;
    cvs__add_size(teller, tensor, position);
    cvs_text *piece = &teller->piece;
    if (piece->failed || !memchr(piece->data + from, ' ', piece->length - from)) return;
    cvs__add_string(piece, "()");
    if (piece->failed) return;
    memmove(piece->data + from + 1, piece->data + from, piece->length - from - 2);
    piece->data[from] = '(';
    piece->data[piece->length - 1] = ')';
}

void cvs__put_size(cvs__teller *teller, int value, const cvs_tensor_shape *tensor, int position) {
    size_t from = teller->piece.length;
    if (cvs_dim_is_known(tensor->shape.dim[position])) {
        cvs__put(teller, value, tensor->shape.dim[position]);
        return;
    }
    add_operand(teller, tensor, position);
    cvs__put_piece(teller, value, from);
}

/* ---- shapes --------------------------------------------------------------- */

void cvs__put_shape_without(cvs__teller *teller, int value, const cvs_tensor_shape *tensor, int position) {
    size_t from = teller->piece.length;
    int written = 0;
    cvs__add_string(&teller->piece, "(");
    for (int i = 0; i < tensor->shape.rank; i++) {
        if (i == position) continue;
        if (written++) cvs__add_string(&teller->piece, ", ");
        cvs__add_size(teller, tensor, i);
    }
    cvs__add_string(&teller->piece, written == 1 ? ",)" : ")");
    cvs__put_piece(teller, value, from);
}

void cvs__put_shape(cvs__teller *teller, int value, const cvs_tensor_shape *tensor) {
    cvs__put_shape_without(teller, value, tensor, -1);
}

static cvs_axis prose_axis(cvs_axis axis) { return axis == CVS_AXIS_FILTERS ? CVS_AXIS_CHANNELS : axis; }

/* "{size} steps", or -1 for axes that have no noun. */
static int noun_of(cvs_axis axis) {
    axis = prose_axis(axis);
    if (axis >= CVS_AXIS_LENGTH && axis <= CVS_AXIS_CHANNELS)
        return EXPLAIN_SIZE_LENGTH + (int)(axis - CVS_AXIS_LENGTH);
    return axis == CVS_AXIS_FEATURES ? EXPLAIN_SIZE_FEATURES : axis == CVS_AXIS_UNITS ? EXPLAIN_SIZE_UNITS : -1;
}

static int open_noun_of(cvs_axis axis) {
    bool has_one = axis >= CVS_AXIS_LENGTH && axis <= CVS_AXIS_CHANNELS;
    return has_one ? EXPLAIN_SIZE_OPEN_LENGTH + (int)(axis - CVS_AXIS_LENGTH) : -1;
}

/* "400 steps", or "any number of steps" for an input whose size is not known. */
static void add_extent(cvs__teller *teller, const cvs_tensor_shape *tensor, int position) {
    int noun = noun_of(tensor->axes[position]), open_noun = open_noun_of(tensor->axes[position]);
    bool open = tensor->shape.dim[position] == CVS_DIM_UNKNOWN && tensor == &teller->inference->input;
    if (open && open_noun >= 0) {
        cvs__write(teller, open_noun);
        return;
    }
    cvs__put_size(teller, EXPLAIN_VALUE_SIZE, tensor, position);
    if (noun >= 0)
        cvs__write(teller, noun);
    else
        add_operand(teller, tensor, position);
}

static void add_times(cvs__teller *teller, size_t from) {
    if (teller->piece.length > from) cvs__add_string(&teller->piece, " × ");
}

void cvs__put_volume(cvs__teller *teller, int value, const cvs_tensor_shape *tensor) {
    size_t from = teller->piece.length;
    int channels = -1;
    for (int i = 1; i < tensor->shape.rank; i++) {
        if (prose_axis(tensor->axes[i]) == CVS_AXIS_CHANNELS && channels < 0) {
            channels = i;
            continue;
        }
        add_times(teller, from);
        add_extent(teller, tensor, i);
    }
    if (channels >= 0) {
        add_times(teller, from);
        add_extent(teller, tensor, channels);
    }
    if (teller->piece.length == from) cvs__write(teller, EXPLAIN_SIZE_SINGLE);
    cvs__put_piece(teller, value, from);
}

void cvs__put_span(cvs__teller *teller, int value, const int64_t *sizes) {
    size_t from = teller->piece.length;
    for (int axis = 0; axis < teller->layer->spatial_rank; axis++) {
        add_times(teller, from);
        cvs__put(teller, EXPLAIN_VALUE_SIZE, sizes[axis]);
        cvs__write(teller, EXPLAIN_SIZE_LENGTH + (int)(axis_of(teller, axis) - CVS_AXIS_LENGTH));
    }
    cvs__put_piece(teller, value, from);
}

void cvs__put_places(cvs__teller *teller, int value) {
    size_t from = teller->piece.length;
    for (int axis = 0; axis < teller->layer->spatial_rank; axis++) {
        add_times(teller, from);
        add_operand(teller, &teller->inference->output, cvs__spatial_position(teller->layer->data_format, axis));
    }
    cvs__put_piece(teller, value, from);
}

void cvs__put_cells(cvs__teller *teller, int value, int axis, int64_t count) {
    size_t from = teller->piece.length;
    cvs__put(teller, EXPLAIN_VALUE_SIZE, count);
    cvs__write(teller, axis == CVS__EVERY_AXIS ? EXPLAIN_SIZE_CELL
                                               : EXPLAIN_SIZE_LENGTH + (int)(axis_of(teller, axis) - CVS_AXIS_LENGTH));
    cvs__put_piece(teller, value, from);
}
