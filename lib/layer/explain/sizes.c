/* sizes.c - sizes and shapes as an explanation writes them. */
#include "teller.h"

/* Keys in the order of cvs_axis: length, depth, height, width, channels. */
_Static_assert(EXPLAIN_SIZE_CHANNELS - EXPLAIN_SIZE_LENGTH == CVS_AXIS_CHANNELS - CVS_AXIS_LENGTH, "order of keys");
_Static_assert(EXPLAIN_SIZE_OPEN_CHANNELS - EXPLAIN_SIZE_OPEN_LENGTH == CVS_AXIS_CHANNELS - CVS_AXIS_LENGTH,
               "order of keys");

static cvs_axis axis_of(const cvs__teller *teller, int axis) {
    return cvs__spatial_axis(teller->layer->spatial_rank, axis);
}

bool cvs__axes_alike(const cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    for (int axis = 1; axis < layer->spatial_rank; axis++)
        if (layer->kernel[axis] != layer->kernel[0] || layer->stride[axis] != layer->stride[0] ||
            layer->dilation[axis] != layer->dilation[0] || layer->padding.before[axis] != layer->padding.before[0] ||
            layer->padding.after[axis] != layer->padding.after[0] ||
            cvs__size_in(teller, axis) != cvs__size_in(teller, 0) ||
            cvs__size_out(teller, axis) != cvs__size_out(teller, 0))
            return false;
    return true;
}

int cvs__counted(const cvs__teller *teller, int axis) {
    return teller->layer->spatial_rank > 1 && cvs__axes_alike(teller) ? CVS__EVERY_AXIS : axis;
}

/* ---- one size ------------------------------------------------------------ */

/* Spatial sizes and features are named; whether channels are known decides more than a formula. */
static bool can_be_named(const cvs_tensor_shape *input, int position) {
    return input->shape.dim[position] == CVS_DIM_UNKNOWN && input->axes[position] != CVS_AXIS_CHANNELS;
}

void cvs__name_open_sizes(cvs__teller *teller) {
    const cvs_tensor_shape *input = &teller->inference->input;
    cvs_shape named = input->shape;
    cvs_symbols *symbols = NULL;
    cvs_inference inference;
    for (int i = 1; i < named.rank; i++) {
        if (cvs_dim_is_symbolic(named.dim[i])) return;
        if (!can_be_named(input, i)) continue;
        if (!symbols) symbols = cvs_symbols_create(teller->arena);
        if (!symbols) teller->failed = true;
        if (!symbols || cvs_symbols_name(symbols, cvs_axis_name(input->axes[i]), &named.dim[i], NULL)) return;
    }
    if (!symbols || cvs_infer(teller->layer, &named, symbols, &inference, NULL)) return;
    teller->named_output = inference.output.shape;
    teller->names = symbols;
}

/* The formula of an output size that is not known, over the names of the input's axes. */
static bool has_formula(const cvs__teller *teller, const cvs_tensor_shape *tensor, int position) {
    return tensor == &teller->inference->output && teller->names &&
           cvs_dim_is_symbolic(teller->named_output.dim[position]);
}

void cvs__add_size(cvs__teller *teller, const cvs_tensor_shape *tensor, int position) {
    cvs_dim size = tensor->shape.dim[position];
    if (cvs_dim_is_known(size)) {
        cvs__add_integer(&teller->piece, size);
    } else if (cvs_dim_is_symbolic(size)) {
        cvs_dim_format(teller->inference->symbols, size, &teller->piece);
    } else if (has_formula(teller, tensor, position)) {
        cvs_dim_format(teller->names, teller->named_output.dim[position], &teller->piece);
    } else {
        cvs__add_string(&teller->piece, cvs_axis_name(tensor->axes[position]));
    }
}

/* Does the expression need parentheses beside an operator? "H - 2" does, "floor((H + 1)/2)" does not. */
static bool is_sum(const char *text, size_t length) {
    int depth = 0;
    for (size_t i = 0; i < length; i++) {
        depth += (text[i] == '(') - (text[i] == ')');
        if (text[i] == ' ' && depth == 0) return true;
    }
    return false;
}

/* The size where something stands beside it: a sum in parentheses. */
static void add_operand(cvs__teller *teller, const cvs_tensor_shape *tensor, int position) {
    size_t from = teller->piece.length;
    cvs__add_size(teller, tensor, position);
    cvs_text *piece = &teller->piece;
    if (piece->failed || !is_sum(piece->data + from, piece->length - from)) return;
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
    axis = prose_axis(axis);
    if (axis >= CVS_AXIS_LENGTH && axis <= CVS_AXIS_CHANNELS)
        return EXPLAIN_SIZE_OPEN_LENGTH + (int)(axis - CVS_AXIS_LENGTH);
    return axis == CVS_AXIS_FEATURES ? EXPLAIN_SIZE_OPEN_FEATURES : -1;
}

/* "400 steps", or "any number of steps" for a size that is not known and has no formula. */
static void add_extent(cvs__teller *teller, const cvs_tensor_shape *tensor, int position) {
    int noun = noun_of(tensor->axes[position]), open_noun = open_noun_of(tensor->axes[position]);
    bool open = tensor->shape.dim[position] == CVS_DIM_UNKNOWN && !has_formula(teller, tensor, position);
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

static void put_places_of(cvs__teller *teller, int value, const cvs_tensor_shape *tensor) {
    size_t from = teller->piece.length;
    for (int axis = 0; axis < teller->layer->spatial_rank; axis++) {
        add_times(teller, from);
        add_operand(teller, tensor, cvs__spatial_position(teller->layer->data_format, axis));
    }
    cvs__put_piece(teller, value, from);
}

void cvs__put_places(cvs__teller *teller, int value) { put_places_of(teller, value, &teller->inference->output); }

void cvs__put_in_places(cvs__teller *teller, int value) { put_places_of(teller, value, &teller->inference->input); }

void cvs__put_cells(cvs__teller *teller, int value, int axis, int64_t count) {
    size_t from = teller->piece.length;
    cvs__put(teller, EXPLAIN_VALUE_SIZE, count);
    cvs__write(teller, axis == CVS__EVERY_AXIS ? EXPLAIN_SIZE_CELL
                                               : EXPLAIN_SIZE_LENGTH + (int)(axis_of(teller, axis) - CVS_AXIS_LENGTH));
    cvs__put_piece(teller, value, from);
}
