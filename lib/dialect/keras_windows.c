/*
 * keras_windows.c - Keras 2 and 3: signatures of the layers that slide a window or change the spatial axes.
 * Positional orders are those since Keras 2.3, which has groups.
 */
#include "dialect/keras_arguments.h"

static const cvs__choice paddings[] = {
    {"valid", CVS_PAD_VALID}, {"same", CVS_PAD_SAME}, {"causal", CVS_PAD_CAUSAL}, {NULL, 0}};

static const cvs__choice plain_paddings[] = {{"valid", CVS_PAD_VALID}, {"same", CVS_PAD_SAME}, {NULL, 0}};

static const cvs__choice interpolations[] = {{"nearest", CVS_INTERPOLATION_NEAREST},
                                             {"bilinear", CVS_INTERPOLATION_LINEAR},
                                             {"bicubic", CVS_INTERPOLATION_CUBIC},
                                             {NULL, 0}};

/* What several signatures have. */
#define FILTERS     .name = "filters", .type = &cvs__type_int, CVS__FIELD(filters), .required = true
#define KERNEL_SIZE .name = "kernel_size", .type = &cvs__type_ints, CVS__FIELD(kernel), .required = true
#define STRIDES     .name = "strides", .type = &cvs__type_ints, CVS__FIELD(stride)
#define PADDING(words)                                                                                                 \
    .name = "padding", .type = &cvs__type_choice, CVS__FIELD_OF("padding", padding.mode), .choices = words
#define DATA_FORMAT                                                                                                    \
    .name = "data_format", .type = &cvs__type_choice, CVS__FIELD(data_format), .choices = cvs__data_formats
#define DILATION_RATE    .name = "dilation_rate", .type = &cvs__type_ints, CVS__FIELD(dilation)
#define DEPTH_MULTIPLIER .name = "depth_multiplier", .type = &cvs__type_int, CVS__FIELD(multiplier)
#define ACTIVATION       .name = "activation", .type = &cvs__type_activation, CVS__FIELD(activation)
#define USE_BIAS         .name = "use_bias", .type = &cvs__type_bool, CVS__FIELD(use_bias)

#define KERNEL_AND_BIAS                                                                                                \
    CVS__PASSES("kernel_initializer"), CVS__PASSES("bias_initializer"), CVS__PASSES("kernel_regularizer"),             \
        CVS__PASSES("bias_regularizer"), CVS__PASSES("activity_regularizer"), CVS__PASSES("kernel_constraint"),        \
        CVS__PASSES("bias_constraint")

/* A depthwise layer's configuration keeps these of the convolution that it is made from. */
#define LEFT_OF_CONV                                                                                                   \
    CVS__PASSES("groups"), CVS__PASSES("kernel_initializer"), CVS__PASSES("kernel_regularizer"),                       \
        CVS__PASSES("kernel_constraint")

/* One argument a line, in the order of the signature. */
// clang-format off
const cvs__argument cvs__keras_conv[] = {
    {FILTERS},
    {KERNEL_SIZE},
    {STRIDES},
    {PADDING(paddings)},
    {DATA_FORMAT},
    {DILATION_RATE},
    {.name = "groups", .type = &cvs__type_int, CVS__FIELD(groups)},
    {ACTIVATION},
    {USE_BIAS},
    KERNEL_AND_BIAS,
    {.name = NULL},
};

const cvs__argument cvs__keras_conv_transpose[] = {
    {FILTERS},
    {KERNEL_SIZE},
    {STRIDES},
    {PADDING(plain_paddings)},
    {.name = "output_padding", .type = &cvs__type_output_padding, CVS__FIELD(output_padding)},
    {DATA_FORMAT},
    {DILATION_RATE},
    {ACTIVATION},
    {USE_BIAS},
    KERNEL_AND_BIAS,
    CVS__PASSES("groups"), /* serialised, but there is only one */
    {.name = NULL},
};

const cvs__argument cvs__keras_depthwise[] = {
    {KERNEL_SIZE},
    {STRIDES},
    {PADDING(plain_paddings)},
    {DEPTH_MULTIPLIER},
    {DATA_FORMAT},
    {DILATION_RATE},
    {ACTIVATION},
    {USE_BIAS},
    CVS__PASSES("depthwise_initializer"),
    CVS__PASSES("bias_initializer"),
    CVS__PASSES("depthwise_regularizer"),
    CVS__PASSES("bias_regularizer"),
    CVS__PASSES("activity_regularizer"),
    CVS__PASSES("depthwise_constraint"),
    CVS__PASSES("bias_constraint"),
    LEFT_OF_CONV,
    {.name = NULL},
};

const cvs__argument cvs__keras_separable[] = {
    {FILTERS},
    {KERNEL_SIZE},
    {STRIDES},
    {PADDING(paddings)},
    {DATA_FORMAT},
    {DILATION_RATE},
    {DEPTH_MULTIPLIER},
    {ACTIVATION},
    {USE_BIAS},
    CVS__PASSES("depthwise_initializer"),
    CVS__PASSES("pointwise_initializer"),
    CVS__PASSES("bias_initializer"),
    CVS__PASSES("depthwise_regularizer"),
    CVS__PASSES("pointwise_regularizer"),
    CVS__PASSES("bias_regularizer"),
    CVS__PASSES("activity_regularizer"),
    CVS__PASSES("depthwise_constraint"),
    CVS__PASSES("pointwise_constraint"),
    CVS__PASSES("bias_constraint"),
    LEFT_OF_CONV,
    {.name = NULL},
};

const cvs__argument cvs__keras_pool[] = {
    {.name = "pool_size", .type = &cvs__type_window, CVS__FIELD(kernel), .always = true},
    {.name = "strides", .type = &cvs__type_window_stride, CVS__FIELD(stride)},
    {PADDING(plain_paddings)},
    {DATA_FORMAT},
    {.name = NULL},
};

const cvs__argument cvs__keras_global_pool[] = {
    {DATA_FORMAT},
    {.name = "keepdims", .type = &cvs__type_bool, CVS__FIELD(keep_spatial)},
    {.name = NULL},
};

const cvs__argument cvs__keras_zero_padding[] = {
    {.name = "padding", .type = &cvs__type_keras_pads, CVS__FIELD(padding), .always = true},
    {DATA_FORMAT},
    {.name = NULL},
};

const cvs__argument cvs__keras_cropping[] = {
    {.name = "cropping", .type = &cvs__type_keras_pads, CVS__FIELD(padding), .always = true},
    {DATA_FORMAT},
    {.name = NULL},
};

#define SIZE .name = "size", .type = &cvs__type_scale, CVS__FIELD(scale), .always = true

const cvs__argument cvs__keras_up_sampling1d[] = {
    {SIZE},
    {.name = NULL},
};

const cvs__argument cvs__keras_up_sampling2d[] = {
    {SIZE},
    {DATA_FORMAT},
    {.name = "interpolation", .type = &cvs__type_choice, CVS__FIELD(interpolation), .choices = interpolations},
    {.name = NULL},
};

const cvs__argument cvs__keras_up_sampling3d[] = {
    {SIZE},
    {DATA_FORMAT},
    {.name = NULL},
};
// clang-format on
