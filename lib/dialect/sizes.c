/* sizes.c - windows of pools, wanted sizes, scales, axes: numbers that stand for each other or may be left out. */
#include <string.h>

#include "dialect/reader.h"
#include "dialect/writer.h"

#define NUMBERS CVS__KIND(INT) | CVS__KIND(LIST)

static cvs_status read_numbers(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                               int64_t *numbers) {
    return cvs__read_ints(reader, argument, node, reader->layer->spatial_rank, true, numbers);
}

static bool equal_numbers(const cvs_layer *layer, const int64_t *a, const int64_t *b) {
    return memcmp(a, b, (size_t)layer->spatial_rank * sizeof *a) == 0;
}

static bool same_field(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return equal_numbers(a, cvs__field_of(a, argument), cvs__field_of(b, argument));
}

static void write_field(cvs__writer *writer, const cvs__argument *argument) {
    cvs__write_ints(writer, cvs__field_of(writer->layer, argument));
}

/* ---- a pool's window ---- */

static cvs_status read_window(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_layer *layer = reader->layer;
    cvs_status status = read_numbers(reader, argument, node, layer->kernel);
    memcpy(layer->stride, layer->kernel, sizeof layer->stride);
    return status;
}

const cvs__type cvs__type_window = {NUMBERS, "an integer, or a list of one per spatial axis", read_window, same_field,
                                    write_field};

static cvs_status read_window_stride(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return node->kind == CVS_NODE_NULL ? CVS_OK : read_numbers(reader, argument, node, reader->layer->stride);
}

/* What is left out is the layer's own kernel, whatever another layer has. */
static bool same_window_stride(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return equal_numbers(a, a->stride, a->kernel);
}

const cvs__type cvs__type_window_stride = {NUMBERS | CVS__KIND(NULL),
                                           "an integer, a list of one per spatial axis, or none for the window's size",
                                           read_window_stride, same_window_stride, write_field};

/* ---- sizes that may be given or not ---- */

static cvs_status read_output_padding(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_NULL) return CVS_OK;
    reader->layer->has_output_padding = true;
    return read_numbers(reader, argument, node, reader->layer->output_padding);
}

static bool same_output_padding(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    if (a->has_output_padding != b->has_output_padding) return false;
    return !a->has_output_padding || same_field(argument, a, b);
}

static void write_null(cvs__writer *writer) { cvs_text_add(writer->out, writer->json ? "null" : "None"); }

static void write_output_padding(cvs__writer *writer, const cvs__argument *argument) {
    if (writer->layer->has_output_padding)
        write_field(writer, argument);
    else
        write_null(writer);
}

const cvs__type cvs__type_output_padding = {NUMBERS | CVS__KIND(NULL), "an integer, or a list of one per spatial axis",
                                            read_output_padding, same_output_padding, write_output_padding};

static cvs_status read_size(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node, int64_t *out) {
    static const char expected[] = "an integer, or none to keep the input's size";
    if (node->kind != CVS_NODE_INT && node->kind != CVS_NODE_NULL)
        return cvs__reader_wrong_kind(reader, argument, node, expected);
    if (node->kind == CVS_NODE_INT && node->integer < 0) {
        cvs__reader_fail(reader, node, "bad-hyperparameter", "%s has a size of %lld", argument->name,
                         (long long)node->integer);
        cvs_fail_expected(reader->err, "an integer from 1 to %lld", (long long)CVS_MAX_PARAMETER);
        return CVS_INVALID;
    }
    *out = node->kind == CVS_NODE_INT ? node->integer : CVS_DIM_UNKNOWN;
    return CVS_OK;
}

static cvs_status fail_count(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node, int count) {
    cvs__reader_fail(reader, node, "wrong-length", "%s has %d value%s, but the layer needs %d", argument->name,
                     node->count, node->count == 1 ? "" : "s", count);
    cvs_fail_expected(reader->err, "one value, or a list of %d", count);
    return CVS_INVALID;
}

/* torch.nn's adaptive pools take None for an axis, in a list, and not for the only one. */
static cvs_status fail_all_kept(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    bool several = reader->layer->spatial_rank > 1;
    cvs__reader_fail(reader, node, "size-missing",
                     several ? "%s cannot be none for all axes at once" : "%s cannot be none", argument->name);
    cvs_fail_expected(reader->err, several ? "a list with a size or none for each axis" : "an integer");
    return CVS_INVALID;
}

static bool keeps_all(const cvs_layer *layer, const cvs_node *node) {
    bool adaptive = layer->op == CVS_OP_ADAPTIVE_MAX_POOL || layer->op == CVS_OP_ADAPTIVE_AVERAGE_POOL;
    if (!adaptive || layer->framework != CVS_PYTORCH) return false;
    bool only = layer->spatial_rank == 1 && node->count == 1 && node->child->kind == CVS_NODE_NULL;
    return node->kind == CVS_NODE_NULL || (node->kind == CVS_NODE_LIST && only);
}

/* A layer whose rank the input says has room for every rank. */
static int room(const cvs_layer *layer) { return layer->spatial_rank ? layer->spatial_rank : CVS_MAX_SPATIAL; }

static cvs_status read_output_size(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    int64_t *sizes = reader->layer->output_size;
    int count = room(reader->layer);
    bool single = node->kind != CVS_NODE_LIST;
    if (node->kind == CVS_NODE_NULL && reader->layer->op != CVS_OP_ADAPTIVE_MAX_POOL &&
        reader->layer->op != CVS_OP_ADAPTIVE_AVERAGE_POOL)
        return CVS_OK;
    if (keeps_all(reader->layer, node)) return fail_all_kept(reader, argument, node);
    reader->layer->has_output_size = true;
    if (!single && node->count != count) return fail_count(reader, argument, node, count);
    cvs_status status = CVS_OK;
    for (int axis = 0; axis < count && !status; axis++)
        status = read_size(reader, argument, single ? node : cvs__node_at(node, axis), sizes + axis);
    return status;
}

static bool same_output_size(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    if (a->has_output_size != b->has_output_size) return false;
    return !a->has_output_size || same_field(argument, a, b);
}

/* None for all axes is not None: see keeps_all(). */
static void write_output_size(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    if (!layer->has_output_size)
        write_null(writer);
    else if (layer->output_size[0] == CVS_DIM_UNKNOWN)
        cvs__write_list(writer, layer->output_size, layer->spatial_rank);
    else
        write_field(writer, argument);
}

const cvs__type cvs__type_output_size = {NUMBERS | CVS__KIND(NULL),
                                         "an integer or none, or a list of one of them per spatial axis",
                                         read_output_size, same_output_size, write_output_size};

/* ---- scales ---- */

#define REALS CVS__KIND(INT) | CVS__KIND(REAL)

static cvs_status read_scale(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    double *scale = cvs__field(reader->layer, argument);
    int count = room(reader->layer);
    if (node->kind == CVS_NODE_NULL) return CVS_OK;
    if (node->kind == CVS_NODE_LIST && node->count != count) return fail_count(reader, argument, node, count);
    for (int axis = 0; axis < count; axis++) {
        const cvs_node *number = node->kind == CVS_NODE_LIST ? cvs__node_at(node, axis) : node;
        if (number->kind != CVS_NODE_INT && number->kind != CVS_NODE_REAL)
            return cvs__reader_wrong_kind(reader, argument, number, "a number");
        scale[axis] = number->kind == CVS_NODE_INT ? (double)number->integer : number->real;
    }
    return CVS_OK;
}

static bool same_scale(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    const double *left = cvs__field_of(a, argument), *right = cvs__field_of(b, argument);
    bool same = true;
    for (int axis = 0; axis < a->spatial_rank; axis++) same &= left[axis] == right[axis];
    return same;
}

static void write_scale(cvs__writer *writer, const cvs__argument *argument) {
    const double *scale = cvs__field_of(writer->layer, argument);
    int rank = writer->layer->spatial_rank;
    bool equal = cvs__writes_single(writer);
    char number[32];
    for (int axis = 1; axis < rank; axis++) equal &= scale[axis] == scale[0];
    if (equal) {
        cvs_text_add(writer->out, cvs__double_text(scale[0], number));
        return;
    }
    cvs_text_add(writer->out, writer->json ? "[" : "(");
    for (int axis = 0; axis < rank; axis++)
        cvs_text_addf(writer->out, "%s%s", axis ? ", " : "", cvs__double_text(scale[axis], number));
    cvs_text_add(writer->out, writer->json ? "]" : ")");
}

const cvs__type cvs__type_scale = {REALS | CVS__KIND(LIST) | CVS__KIND(NULL),
                                   "a number, or a list of one per spatial axis", read_scale, same_scale, write_scale};

/* ---- single numbers ---- */

static cvs_status read_maybe_int(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    *(int64_t *)cvs__field(reader->layer, argument) = node->kind == CVS_NODE_NULL ? 0 : node->integer;
    return CVS_OK;
}

static bool same_maybe_int(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return *(const int64_t *)cvs__field_of(a, argument) == *(const int64_t *)cvs__field_of(b, argument);
}

static void write_maybe_int(cvs__writer *writer, const cvs__argument *argument) {
    int64_t value = *(const int64_t *)cvs__field_of(writer->layer, argument);
    if (value)
        cvs_text_add_int(writer->out, value);
    else
        write_null(writer);
}

const cvs__type cvs__type_maybe_int = {CVS__KIND(INT) | CVS__KIND(NULL), "an integer, or none", read_maybe_int,
                                       same_maybe_int, write_maybe_int};

static cvs_status read_axis(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->integer < -CVS_MAX_RANK || node->integer >= CVS_MAX_RANK) {
        cvs__reader_fail(reader, node, "bad-axis", "%s cannot be axis %lld", argument->name, (long long)node->integer);
        cvs_fail_expected(reader->err, "an axis from %d to %d", -CVS_MAX_RANK, CVS_MAX_RANK - 1);
        return CVS_INVALID;
    }
    *(int *)cvs__field(reader->layer, argument) = (int)node->integer;
    return CVS_OK;
}

static int axis_of(const cvs__argument *argument, const cvs_layer *layer) {
    return *(const int *)cvs__field_of(layer, argument);
}

static bool same_axis(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return axis_of(argument, a) == axis_of(argument, b);
}

static void write_axis(cvs__writer *writer, const cvs__argument *argument) {
    cvs_text_add_int(writer->out, axis_of(argument, writer->layer));
}

const cvs__type cvs__type_axis = {CVS__KIND(INT), "the number of an axis", read_axis, same_axis, write_axis};

static cvs_status read_rate(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    double *rate = cvs__field(reader->layer, argument);
    *rate = node->kind == CVS_NODE_INT ? (double)node->integer : node->real;
    return CVS_OK;
}

static double rate_of(const cvs__argument *argument, const cvs_layer *layer) {
    return *(const double *)cvs__field_of(layer, argument);
}

static bool same_rate(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return rate_of(argument, a) == rate_of(argument, b);
}

static void write_rate(cvs__writer *writer, const cvs__argument *argument) {
    char number[32];
    cvs_text_add(writer->out, cvs__double_text(rate_of(argument, writer->layer), number));
}

const cvs__type cvs__type_rate = {REALS, "a number", read_rate, same_rate, write_rate};

/* ---- 0 and 1 ---- */

static cvs_status read_flag(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    bool number = node->kind == CVS_NODE_INT;
    if (number && (node->integer < 0 || node->integer > 1))
        return cvs__reader_wrong_kind(reader, argument, node, "0 or 1");
    *(bool *)cvs__field(reader->layer, argument) = number ? node->integer != 0 : node->boolean;
    return CVS_OK;
}

static bool same_flag(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return *(const bool *)cvs__field_of(a, argument) == *(const bool *)cvs__field_of(b, argument);
}

static void write_flag(cvs__writer *writer, const cvs__argument *argument) {
    cvs_text_add(writer->out, *(const bool *)cvs__field_of(writer->layer, argument) ? "1" : "0");
}

const cvs__type cvs__type_flag = {CVS__KIND(INT) | CVS__KIND(BOOL), "0 or 1", read_flag, same_flag, write_flag};
