/* target.c - the axes that a reshape or a permutation makes, and numbers that are told but follow from others. */
#include <string.h>

#include "dialect/reader.h"
#include "dialect/writer.h"

static cvs_status fail_long(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs__reader_fail(reader, node, "too-many-axes", "%s has %d axes", argument->name, node->count);
    cvs_fail_expected(reader->err, "at most %d, the batch axis being one more", CVS_MAX_RANK - 1);
    return CVS_INVALID;
}

/* A size that is left open is -1, or None as in a shape. */
static cvs_status read_target(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_layer *layer = reader->layer;
    if (node->count > CVS_MAX_RANK - 1) return fail_long(reader, argument, node);
    layer->target_rank = 0;
    for (const cvs_node *size = node->child; size; size = size->next) {
        const cvs__argument value = {.name = argument->name};
        if (size->kind != CVS_NODE_INT && size->kind != CVS_NODE_NULL)
            return cvs__reader_wrong_kind(reader, &value, size, "integers");
        layer->target[layer->target_rank++] = size->kind == CVS_NODE_INT ? size->integer : CVS_DIM_UNKNOWN;
    }
    return CVS_OK;
}

static bool same_target(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    size_t size = (size_t)a->target_rank * sizeof *a->target;
    return a->target_rank == b->target_rank && memcmp(a->target, b->target, size) == 0;
}

static void write_target(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    cvs_text_add(writer->out, writer->json ? "[" : "(");
    for (int axis = 0; axis < layer->target_rank; axis++) {
        if (axis) cvs_text_add(writer->out, ", ");
        cvs_text_add_int(writer->out, layer->target[axis]);
    }
    if (!writer->json && layer->target_rank == 1) cvs_text_add(writer->out, ",");
    cvs_text_add(writer->out, writer->json ? "]" : ")");
}

const cvs__type cvs__type_target = {CVS__KIND(LIST), "a list of integers, without the batch axis", read_target,
                                    same_target, write_target};

/* ---- told, but not needed ---- */

static cvs_status read_told(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_INT) *(int64_t *)cvs__field(reader->layer, argument) = node->integer;
    return CVS_OK;
}

/* It never makes a difference: what it follows from does. */
static bool same_told(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) { return true; }

const cvs__type cvs__type_told = {
    .kinds = CVS__KIND(INT) | CVS__KIND(NULL), .expected = "an integer", .read = read_told, .same = same_told};
