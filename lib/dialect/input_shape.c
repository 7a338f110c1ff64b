/* input_shape.c - the input's shape, where a layer's own text says it. */
#include "dialect/reader.h"

/* A size: an integer, or anything that says it is not known (None, -1, a variable). */
static cvs_status read_size(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node, cvs_dim *out) {
    bool variable = node->kind == CVS_NODE_NULL || node->kind == CVS_NODE_NAME || node->kind == CVS_NODE_CALL;
    if (!variable && node->kind != CVS_NODE_INT)
        return cvs__reader_wrong_kind(reader, argument, node, "sizes: integers, or null where one is not known");
    if (!variable && node->integer < -1) {
        cvs__reader_fail(reader, node, "negative-size", "%s has the size %lld", argument->name,
                         (long long)node->integer);
        cvs_fail_expected(reader->err, "0 or more, or null where the size is not known");
        return CVS_INVALID;
    }
    *out = variable || node->integer == -1 ? CVS_DIM_UNKNOWN : node->integer;
    return CVS_OK;
}

/* Sizes of a list into the shape, from axis `first` on. */
static cvs_status read_sizes(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node, int first) {
    if (node->kind != CVS_NODE_LIST) return CVS_OK; /* None, or a variable: not known */
    cvs_shape shape = {.rank = first, .dim = {CVS_DIM_UNKNOWN}};
    if (node->count > CVS_MAX_RANK - first) {
        cvs__reader_fail(reader, node, "too-many-axes", "%s has %d axes", argument->name, node->count);
        cvs_fail_expected(reader->err, "at most %d sizes", CVS_MAX_RANK - first);
        return CVS_INVALID;
    }
    for (const cvs_node *size = node->child; size; size = size->next) {
        cvs_status status = read_size(reader, argument, size, &shape.dim[shape.rank++]);
        if (status) return status;
    }
    reader->out->has_input_shape = true;
    reader->out->input_shape = shape;
    return CVS_OK;
}

static cvs_status read_input_shape(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return read_sizes(reader, argument, node, 1);
}

static cvs_status read_batch_shape(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return read_sizes(reader, argument, node, 0);
}

#define SHAPE_KINDS CVS__KIND(LIST) | CVS__KIND(NULL) | CVS__KIND(NAME) | CVS__KIND(CALL)

const cvs__type cvs__type_input_shape = {
    .kinds = SHAPE_KINDS, .expected = "a list of sizes without the batch axis", .read = read_input_shape};
const cvs__type cvs__type_batch_shape = {
    .kinds = SHAPE_KINDS, .expected = "a list of sizes, the batch axis first", .read = read_batch_shape};

/* Keras 1's input_dim and input_length, the short way to say the shape of a sequence, or of a row of features. */
static cvs_status read_input_dim(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    const cvs_node *length = cvs__reader_given(reader, "input_length");
    if (node->kind == CVS_NODE_NULL || reader->out->has_input_shape || reader->layer->spatial_rank > 1) return CVS_OK;
    bool sequence = reader->row->spatial_rank == 1 || length;
    cvs_shape shape = {.rank = sequence ? 3 : 2, .dim = {CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN}};
    cvs_status status = read_size(reader, argument, node, &shape.dim[shape.rank - 1]);
    if (!status && length) status = read_size(reader, argument, length, &shape.dim[1]);
    if (status) return status;
    reader->out->has_input_shape = true;
    reader->out->input_shape = shape;
    return CVS_OK;
}

const cvs__type cvs__type_input_dim = {.kinds = CVS__KIND(INT) | CVS__KIND(NULL) | CVS__KIND(NAME) | CVS__KIND(CALL),
                                       .expected = "an integer",
                                       .read = read_input_dim};
