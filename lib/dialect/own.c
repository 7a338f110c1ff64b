/*
 * own.c - our own form: {"op": "conv", "kernel": [3, 3], "filters": 16, ...}, or conv(kernel=[3, 3], filters=16).
 * Every field of cvs_layer that an operator has is an argument of its row here, so these rows also tell the
 * writer what a layer of that operator can hold.
 */
#include "dialect/reader.h"
#include "dialect/writer.h"

static const cvs__choice interpolations[] = {{"nearest", CVS_INTERPOLATION_NEAREST},
                                             {"linear", CVS_INTERPOLATION_LINEAR},
                                             {"cubic", CVS_INTERPOLATION_CUBIC},
                                             {NULL, 0}};

/* What several rows have. */
#define INT_OF(word)  .name = #word, .type = &cvs__type_int, CVS__FIELD(word)
#define INTS_OF(word) .name = #word, .type = &cvs__type_ints, CVS__FIELD(word)
#define BOOL_OF(word) .name = #word, .type = &cvs__type_bool, CVS__FIELD(word)
#define AXIS_OF(word) .name = #word, .type = &cvs__type_axis, CVS__FIELD(word)

#define EPSILON .name = "epsilon", .type = &cvs__type_real, CVS__FIELD(epsilon)

#define SPATIAL_RANK .name = "spatial_rank", .type = &cvs__type_rank, CVS__FIELD(spatial_rank), .always = true
#define IN_CHANNELS  .name = "in_channels", .type = &cvs__type_channels, CVS__FIELD(in_channels), .always = true
#define PADDING      .name = "padding", .type = &cvs__type_own_padding, CVS__FIELD(padding), .always = true
#define ACTIVATION   .name = "activation", .type = &cvs__type_own_activation, CVS__FIELD(activation), .always = true
#define OUTPUT_SIZE  .name = "output_size", .type = &cvs__type_output_size, CVS__FIELD(output_size)
#define DATA_FORMAT                                                                                                    \
    .name = "data_format", .type = &cvs__type_choice, CVS__FIELD(data_format), .choices = cvs__data_formats,           \
    .always = true

#define WINDOW                                                                                                         \
    {INTS_OF(kernel), .required = true}, {INTS_OF(stride), .always = true}, { INTS_OF(dilation), .always = true }
#define WITH_FILTERS                                                                                                   \
    {SPATIAL_RANK}, {IN_CHANNELS}, { INT_OF(filters), .required = true }
#define AFTER_SUM                                                                                                      \
    {BOOL_OF(use_bias), .always = true}, {ACTIVATION}, { DATA_FORMAT }
#define NORM_WEIGHTS                                                                                                   \
    {BOOL_OF(scale_weight), .always = true}, {BOOL_OF(center_weight), .always = true}, { EPSILON, .always = true }

// clang-format off
static const cvs__argument conv[] = {
    WITH_FILTERS,
    WINDOW,
    {INT_OF(groups), .always = true},
    {PADDING},
    AFTER_SUM,
    {.name = NULL},
};

static const cvs__argument conv_transpose[] = {
    WITH_FILTERS,
    WINDOW,
    {INT_OF(groups), .always = true},
    {PADDING},
    {.name = "output_padding", .type = &cvs__type_output_padding, CVS__FIELD(output_padding), .always = true},
    {OUTPUT_SIZE, .always = true},
    AFTER_SUM,
    {.name = NULL},
};

/* The filters are in_channels * multiplier; they may be said, as answers do. */
static const cvs__argument depthwise_conv[] = {
    {SPATIAL_RANK},
    {IN_CHANNELS},
    {.name = "filters", .type = &cvs__type_told, CVS__FIELD(filters)},
    {INT_OF(multiplier), .always = true},
    WINDOW,
    {PADDING},
    AFTER_SUM,
    {.name = NULL},
};

static const cvs__argument separable_conv[] = {
    WITH_FILTERS,
    {INT_OF(multiplier), .always = true},
    WINDOW,
    {PADDING},
    AFTER_SUM,
    {.name = NULL},
};

static const cvs__argument max_pool[] = {
    {SPATIAL_RANK},
    {IN_CHANNELS},
    WINDOW,
    {PADDING},
    {BOOL_OF(ceil_mode), .always = true},
    {BOOL_OF(ceil_keeps_last)},
    {DATA_FORMAT},
    {.name = NULL},
};

static const cvs__argument average_pool[] = {
    {SPATIAL_RANK},
    {IN_CHANNELS},
    WINDOW,
    {PADDING},
    {BOOL_OF(ceil_mode), .always = true},
    {BOOL_OF(ceil_keeps_last)},
    {BOOL_OF(count_include_pad), .always = true},
    {INT_OF(divisor)},
    {DATA_FORMAT},
    {.name = NULL},
};

static const cvs__argument global_pool[] = {
    {SPATIAL_RANK},
    {IN_CHANNELS},
    {BOOL_OF(keep_spatial), .always = true},
    {DATA_FORMAT},
    {.name = NULL},
};

static const cvs__argument adaptive_pool[] = {
    {SPATIAL_RANK},
    {IN_CHANNELS},
    {OUTPUT_SIZE, .required = true},
    {DATA_FORMAT},
    {.name = NULL},
};

static const cvs__argument pad[] = {
    {SPATIAL_RANK},
    {IN_CHANNELS},
    {PADDING, .required = true},
    {DATA_FORMAT},
    {.name = NULL},
};

static const cvs__argument upsample[] = {
    {SPATIAL_RANK},
    {IN_CHANNELS},
    {.name = "scale", .type = &cvs__type_scale, CVS__FIELD(scale), .always = true},
    {OUTPUT_SIZE},
    {.name = "interpolation", .type = &cvs__type_choice, CVS__FIELD(interpolation), .choices = interpolations,
     .always = true},
    {BOOL_OF(align_corners)},
    {DATA_FORMAT},
    {.name = NULL},
};

static const cvs__argument dense[] = {
    {IN_CHANNELS},
    {INT_OF(filters), .required = true},
    {BOOL_OF(use_bias), .always = true},
    {ACTIVATION},
    {.name = NULL},
};

static const cvs__argument flatten[] = {
    {AXIS_OF(start_axis), .always = true},
    {AXIS_OF(end_axis), .always = true},
    {DATA_FORMAT},
    {.name = NULL},
};

static const cvs__argument reshape[] = {
    {.name = "target", .type = &cvs__type_target, CVS__FIELD(target), .required = true},
    {.name = NULL},
};

static const cvs__argument repeat[] = {
    {.name = "target", .type = &cvs__type_int, CVS__FIELD_AXIS(target, 0), .required = true},
    {.name = NULL},
};

static const cvs__argument batch_norm[] = {
    {IN_CHANNELS},
    {AXIS_OF(axis), .always = true},
    NORM_WEIGHTS,
    {BOOL_OF(running_stats), .always = true},
    {.name = NULL},
};

static const cvs__argument layer_norm[] = {
    {AXIS_OF(axis), .always = true},
    {.name = "target", .type = &cvs__type_target, CVS__FIELD(target)},
    NORM_WEIGHTS,
    {.name = NULL},
};

static const cvs__argument group_norm[] = {
    {IN_CHANNELS},
    {INT_OF(groups), .required = true},
    {AXIS_OF(axis), .always = true},
    NORM_WEIGHTS,
    {.name = NULL},
};

static const cvs__argument activation[] = {
    {ACTIVATION, .required = true},
    {DATA_FORMAT},
    {.name = NULL},
};

static const cvs__argument dropout[] = {
    {.name = "rate", .type = &cvs__type_rate, CVS__FIELD(rate), .required = true},
    {BOOL_OF(whole_maps)},
    {.name = "data_format", .type = &cvs__type_choice, CVS__FIELD(data_format), .choices = cvs__data_formats},
    {.name = NULL},
};

static const cvs__argument concatenate[] = {
    {AXIS_OF(axis), .always = true},
    {.name = NULL},
};
// clang-format on

static const cvs__argument merge[] = {{.name = NULL}};

static const cvs__class classes[] = {
    {CVS__ROW("conv", NULL, CVS_OP_CONV, 0, conv)},
    {CVS__ROW("conv_transpose", NULL, CVS_OP_CONV_TRANSPOSE, 0, conv_transpose)},
    {CVS__ROW("depthwise_conv", NULL, CVS_OP_DEPTHWISE_CONV, 0, depthwise_conv)},
    {CVS__ROW("separable_conv", NULL, CVS_OP_SEPARABLE_CONV, 0, separable_conv)},
    {CVS__ROW("max_pool", NULL, CVS_OP_MAX_POOL, 0, max_pool)},
    {CVS__ROW("average_pool", NULL, CVS_OP_AVERAGE_POOL, 0, average_pool)},
    {CVS__ROW("global_max_pool", NULL, CVS_OP_GLOBAL_MAX_POOL, 0, global_pool)},
    {CVS__ROW("global_average_pool", NULL, CVS_OP_GLOBAL_AVERAGE_POOL, 0, global_pool)},
    {CVS__ROW("adaptive_max_pool", NULL, CVS_OP_ADAPTIVE_MAX_POOL, 0, adaptive_pool)},
    {CVS__ROW("adaptive_average_pool", NULL, CVS_OP_ADAPTIVE_AVERAGE_POOL, 0, adaptive_pool)},
    {CVS__ROW("pad", NULL, CVS_OP_PAD, 0, pad)},
    {CVS__ROW("crop", NULL, CVS_OP_CROP, 0, pad)},
    {CVS__ROW("upsample", NULL, CVS_OP_UPSAMPLE, 0, upsample)},
    {CVS__ROW("dense", NULL, CVS_OP_DENSE, 0, dense)},
    {CVS__ROW("flatten", NULL, CVS_OP_FLATTEN, 0, flatten)},
    {CVS__ROW("reshape", NULL, CVS_OP_RESHAPE, 0, reshape)},
    {CVS__ROW("permute", NULL, CVS_OP_PERMUTE, 0, reshape)},
    {CVS__ROW("repeat", NULL, CVS_OP_REPEAT, 0, repeat)},
    {CVS__ROW("batch_norm", NULL, CVS_OP_BATCH_NORM, 0, batch_norm)},
    {CVS__ROW("layer_norm", NULL, CVS_OP_LAYER_NORM, 0, layer_norm)},
    {CVS__ROW("group_norm", NULL, CVS_OP_GROUP_NORM, 0, group_norm)},
    {CVS__ROW("activation", NULL, CVS_OP_ACTIVATION, 0, activation)},
    {CVS__ROW("dropout", NULL, CVS_OP_DROPOUT, 0, dropout)},
    {CVS__ROW("add", NULL, CVS_OP_ADD, 0, merge)},
    {CVS__ROW("multiply", NULL, CVS_OP_MULTIPLY, 0, merge)},
    {CVS__ROW("average", NULL, CVS_OP_AVERAGE, 0, merge)},
    {CVS__ROW("maximum", NULL, CVS_OP_MAXIMUM, 0, merge)},
    {CVS__ROW("concatenate", NULL, CVS_OP_CONCATENATE, 0, concatenate)},
    {.name = NULL},
};

static const cvs__argument common[] = {
    {.name = "name", .type = &cvs__type_name},
    {.name = NULL},
};

/* PyTorch and ONNX know no other order of axes. A pad's fill is its own to say, so every row of a pad may. */
static void defaults(cvs_layer *layer) {
    if (layer->framework != CVS_PYTORCH && layer->framework != CVS_ONNX) return;
    layer->data_format = CVS_CHANNELS_FIRST;
    layer->epsilon = 1e-5F;
}

static int list_length(const cvs_node *node) { return node && node->kind == CVS_NODE_LIST ? node->count : 0; }

/* As long as the first list with a number for each axis; 0 when there is none. */
static int told_rank(const cvs__reader *reader) {
    static const char *const lists[] = {"kernel", "stride", "dilation", "output_size", "scale", "padding"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        int length = list_length(cvs__reader_given(reader, lists[i]));
        if (length) return length;
    }
    const cvs_node *padding = cvs__reader_given(reader, "padding");
    if (!padding || padding->kind != CVS_NODE_DICT) return 0;
    int before = list_length(cvs_node_get(padding, "before"));
    return before ? before : list_length(cvs_node_get(padding, "after"));
}

/* Layers that do the same to any number of axes have no spatial_rank to say; pools of everything may leave it out. */
static int rank(const cvs__reader *reader) {
    cvs_op op = reader->row->op;
    const cvs_node *said = cvs__reader_given(reader, "spatial_rank");
    if (!cvs__argument_find(reader->row->arguments, "spatial_rank")) return 1;
    if (said && said->kind == CVS_NODE_INT)
        return said->integer < 1 || said->integer > CVS_MAX_SPATIAL ? -1 : (int)said->integer;
    int told = told_rank(reader);
    bool open = op == CVS_OP_GLOBAL_MAX_POOL || op == CVS_OP_GLOBAL_AVERAGE_POOL || op == CVS_OP_UPSAMPLE;
    return told || !open ? told : CVS__RANK_OF_INPUT;
}

/* The size wanted of a transposed layer says the padding, in numbers that may not be known. */
static cvs_status adapt(cvs__plan *plan, cvs_error *err) {
    bool derived = plan->layer.op == CVS_OP_CONV_TRANSPOSE && plan->layer.has_output_size;
    if (derived && plan->layer.padding.mode == CVS_PAD_EXPLICIT) plan->layer.padding.mode = CVS_PAD_VALID;
    return CVS_OK;
}

const cvs__dialect cvs__own = {
    .framework = CVS_CONVSCOPE,
    .class_key = "op",
    .code = true,
    .prefix = "",
    .classes = classes,
    .common = common,
    .defaults = defaults,
    .rank = rank,
    .adapt = adapt,
};
