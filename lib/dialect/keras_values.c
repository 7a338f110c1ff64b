/* keras_values.c - values in the ways of Keras alone: pads in pairs, an axis in a list, a whole output shape. */
#include <string.h>

#include "layer/layer_internal.h"

#include "dialect/reader.h"
#include "dialect/writer.h"

/* ---- ZeroPadding2D(1), ((1, 2), (3, 4)), Keras 1's (1, 2, 3, 4): before and after each axis ---- */

static bool is_pairs(const cvs_node *node) {
    bool pairs = node->kind == CVS_NODE_LIST && node->count > 0;
    for (const cvs_node *child = pairs ? node->child : NULL; child; child = child->next)
        pairs &= child->kind == CVS_NODE_LIST;
    return pairs;
}

static cvs_status fail_pads(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    int rank = reader->layer->spatial_rank;
    cvs__reader_fail(reader, node, "wrong-length",
                     "%s has %d values, which is no number and no pair for each of %d ax%s", argument->name,
                     node->count, rank, rank == 1 ? "is" : "es");
    cvs_fail_expected(reader->err, rank == 1 ? "an integer or a pair" : "an integer, %d integers or %d pairs", rank,
                      rank);
    return CVS_INVALID;
}

static cvs_status read_pairs(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node, int64_t *flat) {
    cvs_status status = CVS_OK;
    if (node->count != reader->layer->spatial_rank) return fail_pads(reader, argument, node);
    for (const cvs_node *pair = node->child; pair && !status; pair = pair->next, flat += 2) {
        if (pair->count != 2) return fail_pads(reader, argument, node);
        status = cvs__read_ints(reader, argument, pair, 2, false, flat);
    }
    return status;
}

/* `flat` becomes what is before and after each axis in turn. */
static cvs_status read_flat(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node, int64_t *flat) {
    int rank = reader->layer->spatial_rank;
    int64_t even[CVS_MAX_SPATIAL];
    if (is_pairs(node)) return read_pairs(reader, argument, node, flat);
    if (node->kind == CVS_NODE_LIST && node->count == 2 * rank && rank < 3)
        return cvs__read_ints(reader, argument, node, 2 * rank, false, flat);
    if (node->kind == CVS_NODE_LIST && node->count != rank) return fail_pads(reader, argument, node);
    cvs_status status = cvs__read_ints(reader, argument, node, rank, true, even);
    for (int axis = 0; axis < rank && !status; axis++) flat[2 * axis] = flat[2 * axis + 1] = even[axis];
    return status;
}

static cvs_status read_pads(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_padding *padding = &reader->layer->padding;
    int64_t flat[2 * CVS_MAX_SPATIAL] = {0};
    cvs_status status = read_flat(reader, argument, node, flat);
    for (int axis = 0; axis < reader->layer->spatial_rank && !status; axis++) {
        padding->before[axis] = flat[2 * axis];
        padding->after[axis] = flat[2 * axis + 1];
    }
    padding->mode = cvs__pads_zero(reader->layer) ? CVS_PAD_VALID : CVS_PAD_EXPLICIT;
    return status;
}

static bool same_pads(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    size_t size = (size_t)a->spatial_rank * sizeof(int64_t);
    return memcmp(a->padding.before, b->padding.before, size) == 0 &&
           memcmp(a->padding.after, b->padding.after, size) == 0;
}

/* A number for both ends of an axis where that will do; else pairs, which Keras 1 lists flat where it pads in 2D. */
static void write_pads(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    bool crop1 = layer->framework == CVS_KERAS1 && layer->op == CVS_OP_CROP; /* takes nothing but pairs */
    bool even = cvs__pads_even(layer) && !crop1, single = layer->spatial_rank == 1;
    bool pairs = !even && !single && (layer->framework == CVS_KERAS || crop1);
    if (!(single && even)) cvs_text_add(writer->out, "(");
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        long long before = layer->padding.before[axis], after = layer->padding.after[axis];
        if (axis) cvs_text_add(writer->out, ", ");
        if (even)
            cvs_text_addf(writer->out, "%lld", before);
        else
            cvs_text_addf(writer->out, "%s%lld, %lld%s", pairs ? "(" : "", before, after, pairs ? ")" : "");
    }
    if (!(single && even)) cvs_text_add(writer->out, ")");
}

const cvs__type cvs__type_keras_pads = {CVS__KIND(INT) | CVS__KIND(LIST),
                                        "an integer, an integer per spatial axis, or a pair of them per spatial axis",
                                        read_pads, same_pads, write_pads};

/* ---- axis=-1, or axis=[3] as TensorFlow serialises it ---- */

static cvs_status fail_axes(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs__reader_fail(reader, node, "several-axes", "a norm over %d axes is not done here", node->count);
    cvs_fail_expected(reader->err, "one axis");
    return reader->err->status = CVS_UNSUPPORTED;
}

static cvs_status read_axis(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    bool list = node->kind == CVS_NODE_LIST;
    if (list && node->count != 1) return fail_axes(reader, argument, node);
    const cvs_node *axis = list ? node->child : node;
    if (axis->kind != CVS_NODE_INT) return cvs__reader_wrong_kind(reader, argument, axis, "the number of an axis");
    return cvs__type_axis.read(reader, argument, axis);
}

static bool same_axis(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return cvs__type_axis.same(argument, a, b);
}

static void write_axis(cvs__writer *writer, const cvs__argument *argument) { cvs__type_axis.write(writer, argument); }

const cvs__type cvs__type_keras_axis = {CVS__KIND(INT) | CVS__KIND(LIST), "the number of an axis", read_axis, same_axis,
                                        write_axis};

/* ---- Softmax(axis=-1): where the channels are ---- */

static cvs_status read_softmax_axis(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    reader->layer->data_format = node->integer == 1 ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST;
    if (node->integer == 1 || node->integer == -1) return CVS_OK;
    cvs__reader_fail(reader, node, "softmax-axis", "a softmax over axis %lld is not done here",
                     (long long)node->integer);
    cvs_fail_expected(reader->err, "-1 or 1, where the channels are");
    return reader->err->status = CVS_UNSUPPORTED;
}

static bool same_format(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return a->data_format == b->data_format;
}

static void write_softmax_axis(cvs__writer *writer, const cvs__argument *argument) {
    cvs_text_add_int(writer->out, writer->layer->data_format == CVS_CHANNELS_FIRST ? 1 : -1);
}

const cvs__type cvs__type_softmax_axis = {CVS__KIND(INT), "the number of an axis", read_softmax_axis, same_format,
                                          write_softmax_axis};

/* ---- Deconvolution2D's output_shape: (batch, rows, columns, filters), or with the filters second ---- */

/* It stands before dim_ordering, which says where the rows are. */
static int first_spatial(const cvs__reader *reader) {
    const cvs_node *ordering = cvs__reader_given(reader, "dim_ordering");
    bool word = ordering && (ordering->kind == CVS_NODE_STRING || ordering->kind == CVS_NODE_NAME);
    return word && strcmp(ordering->text, "th") == 0 ? 2 : 1;
}

static cvs_status read_deconv_output(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_layer *layer = reader->layer;
    int rank = layer->spatial_rank;
    if (node->count != rank + 2) {
        cvs__reader_fail(reader, node, "wrong-length", "%s has %d sizes, but the output has %d axes", argument->name,
                         node->count, rank + 2);
        cvs_fail_expected(reader->err, "%d sizes: the batch (or None), rows, columns and filters", rank + 2);
        return CVS_INVALID;
    }
    layer->has_output_size = true;
    for (int axis = 0; axis < rank; axis++) {
        const cvs_node *size = cvs__node_at(node, first_spatial(reader) + axis);
        if (size->kind != CVS_NODE_INT) return cvs__reader_wrong_kind(reader, argument, size, "an integer");
        layer->output_size[axis] = size->integer;
    }
    return CVS_OK;
}

static bool same_deconv_output(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    size_t size = (size_t)a->spatial_rank * sizeof(int64_t);
    return a->has_output_size == b->has_output_size && memcmp(a->output_size, b->output_size, size) == 0;
}

static void write_deconv_output(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    int64_t shape[CVS_MAX_SPATIAL + 2] = {CVS_DIM_UNKNOWN};
    shape[cvs__channel_position(layer->data_format, layer->spatial_rank)] = layer->filters;
    memcpy(shape + cvs__spatial_position(layer->data_format, 0), layer->output_size,
           (size_t)layer->spatial_rank * sizeof *shape);
    cvs__write_list(writer, shape, layer->spatial_rank + 2);
}

const cvs__type cvs__type_deconv_output = {CVS__KIND(LIST), "the shape of the output", read_deconv_output,
                                           same_deconv_output, write_deconv_output};
