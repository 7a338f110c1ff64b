/* pytorch_others.c - arguments of torch.nn modules without a window: dense, flatten, norms, activations. */
#include "dialect/pytorch_arguments.h"
#include "dialect/reader.h"
#include "dialect/writer.h"

/* ---- affine: both weights of a norm ---- */

static cvs_status read_affine(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_status status = cvs__type_bool.read(reader, argument, node);
    reader->layer->center_weight = reader->layer->scale_weight;
    return status;
}

static bool same_affine(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return a->scale_weight == b->scale_weight;
}

static void write_affine(cvs__writer *writer, const cvs__argument *argument) { cvs__type_bool.write(writer, argument); }

static const cvs__type affine = {CVS__KIND(BOOL) | CVS__KIND(INT), "true or false", read_affine, same_affine,
                                 write_affine};

/* That the other weight is said with it. It stands last, behind all that can be given by position. */
static const cvs__type center_as_well = {.expected = "true or false", .same = same_affine};

/* ---- num_features of an instance norm, which has no weights unless "affine" behind it says so ---- */

static cvs_status read_bare_channels(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    reader->layer->scale_weight = reader->layer->center_weight = false;
    return cvs__type_int.read(reader, argument, node);
}

static const cvs__type bare_channels = {.kinds = CVS__KIND(INT), .expected = "an integer", .read = read_bare_channels};

/* ---- normalized_shape: the size of the last axis, or of several ---- */

static cvs_status read_normalized(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_LIST) return cvs__type_target.read(reader, argument, node);
    reader->layer->target_rank = 1;
    reader->layer->target[0] = node->integer;
    return CVS_OK;
}

static bool same_normalized(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return cvs__type_target.same(argument, a, b);
}

static void write_normalized(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    if (layer->target_rank == 1)
        cvs_text_add_int(writer->out, layer->target[0]);
    else
        cvs__type_target.write(writer, argument);
}

static const cvs__type normalized = {CVS__KIND(INT) | CVS__KIND(LIST), "the size of the last axis, or a list of sizes",
                                     read_normalized, same_normalized, write_normalized};

/* ---- the lists ---- */

static const cvs__choice approximations[] = {{"none", CVS_ACT_GELU}, {"tanh", CVS_ACT_GELU_TANH}, {NULL, 0}};

#define INT(word, member) .name = word, .type = &cvs__type_int, CVS__FIELD(member), .required = true
#define BIAS              .name = "bias", .type = &cvs__type_bool, CVS__FIELD(use_bias)
#define AFFINE(word)      .name = word, .type = &affine, CVS__FIELD(scale_weight)
#define AFFINE_TOO(word)  .name = word, .type = &center_as_well, CVS__FIELD(center_weight)
#define RUNNING           .name = "track_running_stats", .type = &cvs__type_bool, CVS__FIELD(running_stats)
#define ALPHA(word)       .name = word, .type = &cvs__type_real, CVS__FIELD_OF("activation", activation.alpha)
#define EPSILON           .name = "eps", .type = &cvs__type_real, CVS__FIELD(epsilon)
#define INPLACE           CVS__PASSES("inplace")
#define TENSOR            CVS__PASSES("device"), CVS__PASSES("dtype")

// clang-format off
const cvs__argument cvs__torch_linear[] = {
    {INT("in_features", in_channels)},
    {INT("out_features", filters)},
    {BIAS},
    TENSOR,
    {.name = NULL},
};

const cvs__argument cvs__torch_lazy_linear[] = {
    {INT("out_features", filters)},
    {BIAS},
    TENSOR,
    {.name = NULL},
};

const cvs__argument cvs__torch_flatten[] = {
    {.name = "start_dim", .type = &cvs__type_axis, CVS__FIELD(start_axis)},
    {.name = "end_dim", .type = &cvs__type_axis, CVS__FIELD(end_axis)},
    {.name = NULL},
};

const cvs__argument cvs__torch_batch_norm[] = {
    {INT("num_features", in_channels)},
    {EPSILON},
    CVS__PASSES("momentum"),
    {AFFINE("affine")},
    {RUNNING},
    TENSOR,
    {AFFINE_TOO("affine")},
    {.name = NULL},
};

const cvs__argument cvs__torch_lazy_batch_norm[] = {
    {EPSILON},
    CVS__PASSES("momentum"),
    {AFFINE("affine")},
    {RUNNING},
    TENSOR,
    {AFFINE_TOO("affine")},
    {.name = NULL},
};

const cvs__argument cvs__torch_layer_norm[] = {
    {.name = "normalized_shape", .type = &normalized, CVS__FIELD(target), .required = true},
    {EPSILON},
    {AFFINE("elementwise_affine")},
    {.name = "bias", .type = &cvs__type_bool, CVS__FIELD(center_weight)},
    TENSOR,
    {.name = NULL},
};

const cvs__argument cvs__torch_group_norm[] = {
    {INT("num_groups", groups)},
    {INT("num_channels", in_channels)},
    {EPSILON},
    {AFFINE("affine")},
    TENSOR,
    {AFFINE_TOO("affine")},
    {.name = NULL},
};

const cvs__argument cvs__torch_instance_norm[] = {
    {.name = "num_features", .type = &bare_channels, CVS__FIELD(in_channels), .required = true},
    {EPSILON},
    CVS__PASSES("momentum"),
    {AFFINE("affine")},
    {.name = "track_running_stats", .type = &cvs__type_false},
    TENSOR,
    {.name = NULL},
};

const cvs__argument cvs__torch_nothing[] = {
    {.name = NULL},
};

const cvs__argument cvs__torch_inplace[] = {
    INPLACE,
    {.name = NULL},
};

const cvs__argument cvs__torch_leaky_relu[] = {
    {ALPHA("negative_slope")},
    INPLACE,
    {.name = NULL},
};

const cvs__argument cvs__torch_elu[] = {
    {ALPHA("alpha")},
    INPLACE,
    {.name = NULL},
};

/* Above the threshold it is x, which it nearly is anyway. */
const cvs__argument cvs__torch_softplus[] = {
    {.name = "beta", .type = &cvs__type_one},
    CVS__PASSES("threshold"),
    {.name = NULL},
};

const cvs__argument cvs__torch_gelu[] = {
    {.name = "approximate", .type = &cvs__type_choice, CVS__FIELD_OF("activation", activation.kind),
     .choices = approximations},
    {.name = NULL},
};

const cvs__argument cvs__torch_softmax[] = {
    {.name = "dim", .type = &cvs__type_softmax_axis, CVS__FIELD(data_format)},
    {.name = NULL},
};

const cvs__argument cvs__torch_dropout[] = {
    {.name = "p", .type = &cvs__type_rate, CVS__FIELD(rate)},
    INPLACE,
    {.name = NULL},
};

/* torch.cat([a, b], dim=1), torch.add(a, b): the tensors' names say nothing. */
#define NAMED(word) {.name = word, .type = &cvs__type_passes, .required = true}

const cvs__argument cvs__torch_cat[] = {
    NAMED("tensors"),
    {.name = "dim", .alias = "axis", .type = &cvs__type_axis, CVS__FIELD(axis)},
    {.name = NULL},
};

const cvs__argument cvs__torch_add[] = {
    NAMED("input"),
    NAMED("other"),
    {.name = "alpha", .type = &cvs__type_one},
    {.name = NULL},
};

const cvs__argument cvs__torch_pair[] = {
    NAMED("input"),
    NAMED("other"),
    {.name = NULL},
};
// clang-format on
