/* onnx_others.c - attributes of ONNX nodes without a window: dense, shapes, norms, activations, merges. */
#include "dialect/onnx_arguments.h"
#include "dialect/reader.h"
#include "dialect/writer.h"

/* ---- transB, written as the weights are: (units, in) ---- */

static bool never_same(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) { return false; }
static void write_one(cvs__writer *writer, const cvs__argument *argument) { cvs_text_add(writer->out, "1"); }

/* The weights' shape is read by it. */
static const cvs__type turned = {.kinds = CVS__KIND(INT), .expected = "0 or 1", .same = never_same, .write = write_one};

/* ---- perm and shape, with the batch axis ---- */

static cvs_status fail_batch(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs__reader_fail(reader, node, "batch-moved", "%s does not leave the batch axis first and as it is",
                     argument->name);
    cvs_fail_expected(reader->err, "0 first");
    return reader->err->status = CVS_UNSUPPORTED;
}

static cvs_status read_with_batch(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_layer *layer = reader->layer;
    if (node->count < 1 || node->count > CVS_MAX_RANK) {
        cvs__reader_fail(reader, node, "too-many-axes", "%s has %d axes", argument->name, node->count);
        cvs_fail_expected(reader->err, "1 to %d axes", CVS_MAX_RANK);
        return CVS_INVALID;
    }
    int64_t all[CVS_MAX_RANK];
    for (const cvs_node *size = node->child; size; size = size->next) {
        if (size->kind != CVS_NODE_INT) return cvs__reader_wrong_kind(reader, argument, size, "a list of integers");
        all[size->position] = size->integer;
    }
    bool open = layer->op == CVS_OP_RESHAPE && all[0] == -1; /* what is left, which is the batch */
    if (all[0] != 0 && !open) return fail_batch(reader, argument, node->child);
    layer->target_rank = node->count - 1;
    for (int axis = 1; axis < node->count; axis++) layer->target[axis - 1] = all[axis];
    return CVS_OK;
}

static bool same_target(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return cvs__type_target.same(argument, a, b);
}

static void write_with_batch(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    cvs_text_add(writer->out, "[0");
    for (int axis = 0; axis < layer->target_rank; axis++)
        cvs_text_addf(writer->out, ", %lld", (long long)layer->target[axis]);
    cvs_text_add(writer->out, "]");
}

static const cvs__type with_batch = {CVS__KIND(LIST), "a list of integers, the batch axis first", read_with_batch,
                                     same_target, write_with_batch};

/* ---- the lists ---- */

static const cvs__choice approximations[] = {{"none", CVS_ACT_GELU}, {"tanh", CVS_ACT_GELU_TANH}, {NULL, 0}};

#define EPSILON .name = "epsilon", .type = &cvs__type_real, CVS__FIELD(epsilon)
#define ALPHA   .name = "alpha", .type = &cvs__type_real, CVS__FIELD_OF("activation", activation.alpha)
#define BETA    .name = "beta", .type = &cvs__type_real, CVS__FIELD_OF("activation", activation.beta)

/* One attribute a line. */
// clang-format off
const cvs__argument cvs__onnx_gemm[] = {
    {.name = "transB", .type = &turned, .always = true},
    {.name = "transA", .type = &cvs__type_zero},
    {.name = "alpha", .type = &cvs__type_one},
    {.name = "beta", .type = &cvs__type_one},
    {.name = NULL},
};

const cvs__argument cvs__onnx_flatten[] = {
    {.name = "axis", .type = &cvs__type_axis, CVS__FIELD(start_axis)},
    {.name = NULL},
};

const cvs__argument cvs__onnx_reshape[] = {
    {.name = "shape", .type = &with_batch, CVS__FIELD(target), .required = true},
    CVS__PASSES("allowzero"),
    {.name = NULL},
};

const cvs__argument cvs__onnx_transpose[] = {
    {.name = "perm", .type = &with_batch, CVS__FIELD(target), .required = true},
    {.name = NULL},
};

const cvs__argument cvs__onnx_batch_norm[] = {
    {EPSILON},
    CVS__PASSES("momentum"),
    CVS__PASSES("training_mode"),
    CVS__PASSES("spatial"),
    {.name = NULL},
};

const cvs__argument cvs__onnx_layer_norm[] = {
    {.name = "axis", .type = &cvs__type_axis, CVS__FIELD(axis)},
    {EPSILON},
    CVS__PASSES("stash_type"),
    {.name = NULL},
};

/* Beside the attributes: whether input B is there. */
const cvs__argument cvs__onnx_center[] = {
    {.name = "bias", .type = &cvs__type_bool, CVS__FIELD(center_weight)},
    {.name = NULL},
};

const cvs__argument cvs__onnx_group_norm[] = {
    {.name = "num_groups", .type = &cvs__type_int, CVS__FIELD(groups), .required = true},
    {EPSILON},
    CVS__PASSES("stash_type"),
    {.name = NULL},
};

const cvs__argument cvs__onnx_alpha[] = {
    {ALPHA},
    {.name = NULL},
};

const cvs__argument cvs__onnx_hard_sigmoid[] = {
    {ALPHA},
    {BETA},
    {.name = NULL},
};

const cvs__argument cvs__onnx_clip[] = {
    {.name = "min", .type = &cvs__type_zero, .required = true},
    {.name = "max", .type = &cvs__type_six, .required = true},
    {.name = NULL},
};

const cvs__argument cvs__onnx_gelu[] = {
    {.name = "approximate", .type = &cvs__type_choice, CVS__FIELD_OF("activation", activation.kind),
     .choices = approximations},
    {.name = NULL},
};

const cvs__argument cvs__onnx_softmax[] = {
    {.name = "axis", .type = &cvs__type_softmax_axis, CVS__FIELD(data_format)},
    {.name = NULL},
};

const cvs__argument cvs__onnx_dropout[] = {
    {.name = "ratio", .type = &cvs__type_rate, CVS__FIELD(rate)},
    CVS__PASSES("seed"),
    CVS__PASSES("is_test"),
    {.name = NULL},
};

const cvs__argument cvs__onnx_concat[] = {
    {.name = "axis", .type = &cvs__type_axis, CVS__FIELD(axis), .required = true},
    {.name = NULL},
};
// clang-format on
