/* keras1.c - Keras 1, in the positional orders of 1.2.2. */
#include "dialect/keras_arguments.h"

static const cvs__choice border_modes[] = {
    {"valid", CVS_PAD_VALID}, {"same", CVS_PAD_SAME}, {"full", CVS_PAD_FULL}, {NULL, 0}};

/* "default" is what keras.json says, which is "tf" unless somebody changed it. */
static const cvs__choice dim_orderings[] = {
    {"tf", CVS_CHANNELS_LAST}, {"th", CVS_CHANNELS_FIRST}, {"default", CVS_CHANNELS_LAST}, {NULL, 0}};

/* What several rows have. Only the order, the kernel's names and the dilation differ. */
#define NB_FILTER          .name = "nb_filter", .type = &cvs__type_int, CVS__FIELD(filters), .required = true
#define KERNEL(word, axis) .name = word, .type = &cvs__type_int, CVS__FIELD_AXIS(kernel, axis), .required = true
#define ACTIVATION         .name = "activation", .type = &cvs__type_activation, CVS__FIELD(activation)
#define BORDER_MODE                                                                                                    \
    .name = "border_mode", .type = &cvs__type_choice, CVS__FIELD_OF("padding", padding.mode), .choices = border_modes
#define SUBSAMPLE        .name = "subsample", .type = &cvs__type_tuple, CVS__FIELD(stride)
#define SUBSAMPLE_LENGTH .name = "subsample_length", .type = &cvs__type_ints, CVS__FIELD(stride)
#define DIM_ORDERING                                                                                                   \
    .name = "dim_ordering", .type = &cvs__type_choice, CVS__FIELD(data_format), .choices = dim_orderings
#define BIAS .name = "bias", .type = &cvs__type_bool, CVS__FIELD(use_bias)

#define BEFORE_BORDER_MODE CVS__PASSES("init"), {ACTIVATION}, CVS__PASSES("weights")
#define REGULARIZERS                                                                                                   \
    CVS__PASSES("W_regularizer"), CVS__PASSES("b_regularizer"), CVS__PASSES("activity_regularizer"),                   \
        CVS__PASSES("W_constraint"), CVS__PASSES("b_constraint")

/* One argument a line, in the order of the signature. */
// clang-format off
static const cvs__argument convolution1d[] = {
    {NB_FILTER},
    {KERNEL("filter_length", 0)},
    BEFORE_BORDER_MODE,
    {BORDER_MODE},
    {SUBSAMPLE_LENGTH},
    REGULARIZERS,
    {BIAS},
    {.name = "input_dim", .type = &cvs__type_input_dim},
    CVS__PASSES("input_length"), /* read with input_dim */
    {.name = NULL},
};

static const cvs__argument atrous_convolution1d[] = {
    {NB_FILTER},
    {KERNEL("filter_length", 0)},
    BEFORE_BORDER_MODE,
    {BORDER_MODE},
    {SUBSAMPLE_LENGTH},
    {.name = "atrous_rate", .type = &cvs__type_ints, CVS__FIELD(dilation)},
    REGULARIZERS,
    {BIAS},
    {.name = NULL},
};

static const cvs__argument convolution2d[] = {
    {NB_FILTER},
    {KERNEL("nb_row", 0)},
    {KERNEL("nb_col", 1)},
    BEFORE_BORDER_MODE,
    {BORDER_MODE},
    {SUBSAMPLE},
    {DIM_ORDERING},
    REGULARIZERS,
    {BIAS},
    {.name = NULL},
};

static const cvs__argument atrous_convolution2d[] = {
    {NB_FILTER},
    {KERNEL("nb_row", 0)},
    {KERNEL("nb_col", 1)},
    BEFORE_BORDER_MODE,
    {BORDER_MODE},
    {SUBSAMPLE},
    {.name = "atrous_rate", .type = &cvs__type_tuple, CVS__FIELD(dilation)},
    {DIM_ORDERING},
    REGULARIZERS,
    {BIAS},
    {.name = NULL},
};

static const cvs__argument convolution3d[] = {
    {NB_FILTER},
    {KERNEL("kernel_dim1", 0)},
    {KERNEL("kernel_dim2", 1)},
    {KERNEL("kernel_dim3", 2)},
    BEFORE_BORDER_MODE,
    {BORDER_MODE},
    {SUBSAMPLE},
    {DIM_ORDERING},
    REGULARIZERS,
    {BIAS},
    {.name = NULL},
};
// clang-format on

static const cvs__class classes[] = {
    {CVS__ROW("Convolution1D", "Conv1D", CVS_OP_CONV, 1, convolution1d)},
    {CVS__ROW("Convolution2D", "Conv2D", CVS_OP_CONV, 2, convolution2d)},
    {CVS__ROW("Convolution3D", "Conv3D", CVS_OP_CONV, 3, convolution3d)},
    {CVS__ROW("AtrousConvolution1D", "AtrousConv1D", CVS_OP_CONV, 1, atrous_convolution1d)},
    {CVS__ROW("AtrousConvolution2D", "AtrousConv2D", CVS_OP_CONV, 2, atrous_convolution2d)},
    {.name = NULL},
};

const cvs__dialect cvs__keras1 = {
    .framework = CVS_KERAS1,
    .class_key = "class_name",
    .config_key = "config",
    .code = true,
    .positional = true,
    .prefix = "",
    .classes = classes,
    .common = cvs__keras_common,
    .beside = cvs__keras_beside,
    .adapt = cvs__keras_adapt,
};
