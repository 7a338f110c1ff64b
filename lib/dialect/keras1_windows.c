/* keras1_windows.c - Keras 1: signatures of the layers with spatial axes, in the positional orders of 1.2.2. */
#include "dialect/keras_arguments.h"

static const cvs__choice border_modes[] = {
    {"valid", CVS_PAD_VALID}, {"same", CVS_PAD_SAME}, {"full", CVS_PAD_FULL}, {NULL, 0}};

static const cvs__choice plain_border_modes[] = {{"valid", CVS_PAD_VALID}, {"same", CVS_PAD_SAME}, {NULL, 0}};

/* "default" is what keras.json says, which is "tf" unless somebody changed it. */
const cvs__choice cvs__dim_orderings[] = {
    {"tf", CVS_CHANNELS_LAST}, {"th", CVS_CHANNELS_FIRST}, {"default", CVS_CHANNELS_LAST}, {NULL, 0}};

/* What several rows have. Only the order, the kernel's names and the dilation differ. */
#define NB_FILTER          .name = "nb_filter", .type = &cvs__type_int, CVS__FIELD(filters), .required = true
#define KERNEL(word, axis) .name = word, .type = &cvs__type_int, CVS__FIELD_AXIS(kernel, axis), .required = true
#define ACTIVATION         .name = "activation", .type = &cvs__type_activation, CVS__FIELD(activation)
#define BORDER_MODES(words)                                                                                            \
    .name = "border_mode", .type = &cvs__type_choice, CVS__FIELD_OF("padding", padding.mode), .choices = words
#define BORDER_MODE      BORDER_MODES(border_modes)
#define SUBSAMPLE        .name = "subsample", .type = &cvs__type_ints, CVS__FIELD(stride)
#define SUBSAMPLE_LENGTH .name = "subsample_length", .type = &cvs__type_ints, CVS__FIELD(stride)
#define DIM_ORDERING                                                                                                   \
    .name = "dim_ordering", .type = &cvs__type_choice, CVS__FIELD(data_format), .choices = cvs__dim_orderings
#define BIAS .name = "bias", .type = &cvs__type_bool, CVS__FIELD(use_bias)

#define BEFORE_BORDER_MODE CVS__PASSES("init"), {ACTIVATION}, CVS__PASSES("weights")
#define REGULARIZERS                                                                                                   \
    CVS__PASSES("W_regularizer"), CVS__PASSES("b_regularizer"), CVS__PASSES("activity_regularizer"),                   \
        CVS__PASSES("W_constraint"), CVS__PASSES("b_constraint")

/* One argument a line, in the order of the signature. */
// clang-format off
const cvs__argument cvs__keras1_convolution1d[] = {
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

const cvs__argument cvs__keras1_atrous1d[] = {
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

const cvs__argument cvs__keras1_convolution2d[] = {
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

const cvs__argument cvs__keras1_atrous2d[] = {
    {NB_FILTER},
    {KERNEL("nb_row", 0)},
    {KERNEL("nb_col", 1)},
    BEFORE_BORDER_MODE,
    {BORDER_MODE},
    {SUBSAMPLE},
    {.name = "atrous_rate", .type = &cvs__type_ints, CVS__FIELD(dilation)},
    {DIM_ORDERING},
    REGULARIZERS,
    {BIAS},
    {.name = NULL},
};

const cvs__argument cvs__keras1_convolution3d[] = {
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
const cvs__argument cvs__keras1_deconvolution2d[] = {
    {NB_FILTER},
    {KERNEL("nb_row", 0)},
    {KERNEL("nb_col", 1)},
    {.name = "output_shape", .type = &cvs__type_deconv_output, CVS__FIELD(output_size), .required = true},
    BEFORE_BORDER_MODE,
    {BORDER_MODES(plain_border_modes)},
    {SUBSAMPLE},
    {DIM_ORDERING},
    REGULARIZERS,
    {BIAS},
    {.name = NULL},
};

const cvs__argument cvs__keras1_separable2d[] = {
    {NB_FILTER},
    {KERNEL("nb_row", 0)},
    {KERNEL("nb_col", 1)},
    BEFORE_BORDER_MODE,
    {BORDER_MODES(plain_border_modes)},
    {SUBSAMPLE},
    {.name = "depth_multiplier", .type = &cvs__type_int, CVS__FIELD(multiplier)},
    {DIM_ORDERING},
    CVS__PASSES("depthwise_regularizer"),
    CVS__PASSES("pointwise_regularizer"),
    CVS__PASSES("b_regularizer"),
    CVS__PASSES("activity_regularizer"),
    CVS__PASSES("depthwise_constraint"),
    CVS__PASSES("pointwise_constraint"),
    CVS__PASSES("b_constraint"),
    {BIAS},
    {.name = NULL},
};

const cvs__argument cvs__keras1_pooling1d[] = {
    {.name = "pool_length", .type = &cvs__type_window, CVS__FIELD(kernel), .always = true},
    {.name = "stride", .type = &cvs__type_window_stride, CVS__FIELD(stride)},
    {BORDER_MODES(plain_border_modes)},
    {.name = NULL},
};

const cvs__argument cvs__keras1_pooling[] = {
    {.name = "pool_size", .type = &cvs__type_window, CVS__FIELD(kernel), .always = true},
    {.name = "strides", .type = &cvs__type_window_stride, CVS__FIELD(stride)},
    {BORDER_MODES(plain_border_modes)},
    {DIM_ORDERING},
    {.name = NULL},
};

const cvs__argument cvs__keras1_global_pool[] = {
    {DIM_ORDERING},
    {.name = NULL},
};

const cvs__argument cvs__keras1_zero_padding1d[] = {
    {.name = "padding", .type = &cvs__type_keras_pads, CVS__FIELD(padding), .always = true},
    {.name = NULL},
};

const cvs__argument cvs__keras1_zero_padding[] = {
    {.name = "padding", .type = &cvs__type_keras_pads, CVS__FIELD(padding), .always = true},
    {DIM_ORDERING},
    {.name = NULL},
};

const cvs__argument cvs__keras1_cropping1d[] = {
    {.name = "cropping", .type = &cvs__type_keras_pads, CVS__FIELD(padding), .always = true},
    {.name = NULL},
};

const cvs__argument cvs__keras1_cropping[] = {
    {.name = "cropping", .type = &cvs__type_keras_pads, CVS__FIELD(padding), .always = true},
    {DIM_ORDERING},
    {.name = NULL},
};

const cvs__argument cvs__keras1_up_sampling1d[] = {
    {.name = "length", .type = &cvs__type_scale, CVS__FIELD(scale), .always = true},
    {.name = NULL},
};

const cvs__argument cvs__keras1_up_sampling[] = {
    {.name = "size", .type = &cvs__type_scale, CVS__FIELD(scale), .always = true},
    {DIM_ORDERING},
    {.name = NULL},
};
// clang-format on
