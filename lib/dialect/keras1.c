/*
 * keras1.c - Keras 1: its layers, and the signatures of those without spatial axes, in the positional orders of
 * 1.2.2. Those with spatial axes are in keras1_windows.c.
 */
#include "dialect/keras_arguments.h"

static const cvs__argument dense[] = {
    {.name = "output_dim", .type = &cvs__type_int, CVS__FIELD(filters), .required = true},
    CVS__PASSES("init"),
    {.name = "activation", .type = &cvs__type_activation, CVS__FIELD(activation)},
    CVS__PASSES("weights"),
    CVS__PASSES("W_regularizer"),
    CVS__PASSES("b_regularizer"),
    CVS__PASSES("activity_regularizer"),
    CVS__PASSES("W_constraint"),
    CVS__PASSES("b_constraint"),
    {.name = "bias", .type = &cvs__type_bool, CVS__FIELD(use_bias)},
    {.name = "input_dim", .type = &cvs__type_input_dim},
    {.name = NULL},
};

/* Mode 0 keeps averages of each channel and mode 2 uses those of the batch, over the same weights. */
static const cvs__argument batch_normalization[] = {
    {.name = "epsilon", .type = &cvs__type_real, CVS__FIELD(epsilon)},
    CVS__PASSES("mode"),
    {.name = "axis", .type = &cvs__type_axis, CVS__FIELD(axis)},
    CVS__PASSES("momentum"),
    CVS__PASSES("weights"),
    CVS__PASSES("beta_init"),
    CVS__PASSES("gamma_init"),
    CVS__PASSES("gamma_regularizer"),
    CVS__PASSES("beta_regularizer"),
    {.name = NULL},
};

static const cvs__argument leaky_relu[] = {
    {.name = "alpha", .type = &cvs__type_real, CVS__FIELD_OF("activation", activation.alpha), .always = true},
    {.name = NULL},
};

static const cvs__argument dropout[] = {
    {.name = "p", .type = &cvs__type_rate, CVS__FIELD(rate), .required = true},
    {.name = NULL},
};

static const cvs__argument spatial_dropout[] = {
    {.name = "p", .type = &cvs__type_rate, CVS__FIELD(rate), .required = true},
    {.name = "dim_ordering", .type = &cvs__type_choice, CVS__FIELD(data_format), .choices = cvs__dim_orderings},
    {.name = NULL},
};

/* The mode says what the layer does. */
static const cvs__choice merge_modes[] = {
    {"sum", CVS_OP_ADD},     {"mul", CVS_OP_MULTIPLY},       {"ave", CVS_OP_AVERAGE},
    {"max", CVS_OP_MAXIMUM}, {"concat", CVS_OP_CONCATENATE}, {NULL, 0}};

static const cvs__argument merge[] = {
    {.name = "layers", .alias = "inputs", .type = &cvs__type_passes}, /* of the layer; of the function */
    {.name = "mode", .type = &cvs__type_choice, CVS__FIELD(op), .choices = merge_modes, .always = true},
    {.name = "concat_axis", .type = &cvs__type_axis, CVS__FIELD(axis)},
    CVS__PASSES("dot_axes"),
    CVS__PASSES("output_shape"),
    CVS__PASSES("output_mask"),
    CVS__PASSES("arguments"),
    CVS__PASSES("node_indices"),
    CVS__PASSES("tensor_indices"),
    CVS__PASSES("mode_type"),
    CVS__PASSES("output_shape_type"),
    CVS__PASSES("output_mask_type"),
    {.name = NULL},
};

static const cvs__class classes[] = {
    {CVS__ROW("Convolution1D", "Conv1D", CVS_OP_CONV, 1, cvs__keras1_convolution1d)},
    {CVS__ROW("Convolution2D", "Conv2D", CVS_OP_CONV, 2, cvs__keras1_convolution2d)},
    {CVS__ROW("Convolution3D", "Conv3D", CVS_OP_CONV, 3, cvs__keras1_convolution3d)},
    {CVS__ROW("AtrousConvolution1D", "AtrousConv1D", CVS_OP_CONV, 1, cvs__keras1_atrous1d)},
    {CVS__ROW("AtrousConvolution2D", "AtrousConv2D", CVS_OP_CONV, 2, cvs__keras1_atrous2d)},
    {CVS__ROW("Deconvolution2D", "Deconv2D", CVS_OP_CONV_TRANSPOSE, 2, cvs__keras1_deconvolution2d)},
    {CVS__ROW("SeparableConvolution2D", "SeparableConv2D", CVS_OP_SEPARABLE_CONV, 2, cvs__keras1_separable2d)},
    {CVS__ROW("MaxPooling1D", NULL, CVS_OP_MAX_POOL, 1, cvs__keras1_pooling1d)},
    {CVS__ROW("MaxPooling2D", NULL, CVS_OP_MAX_POOL, 2, cvs__keras1_pooling)},
    {CVS__ROW("MaxPooling3D", NULL, CVS_OP_MAX_POOL, 3, cvs__keras1_pooling)},
    {CVS__ROW("AveragePooling1D", NULL, CVS_OP_AVERAGE_POOL, 1, cvs__keras1_pooling1d)},
    {CVS__ROW("AveragePooling2D", NULL, CVS_OP_AVERAGE_POOL, 2, cvs__keras1_pooling)},
    {CVS__ROW("AveragePooling3D", NULL, CVS_OP_AVERAGE_POOL, 3, cvs__keras1_pooling)},
    {CVS__ROW("GlobalMaxPooling1D", NULL, CVS_OP_GLOBAL_MAX_POOL, 1, cvs__keras_nothing)},
    {CVS__ROW("GlobalMaxPooling2D", NULL, CVS_OP_GLOBAL_MAX_POOL, 2, cvs__keras1_global_pool)},
    {CVS__ROW("GlobalMaxPooling3D", NULL, CVS_OP_GLOBAL_MAX_POOL, 3, cvs__keras1_global_pool)},
    {CVS__ROW("GlobalAveragePooling1D", NULL, CVS_OP_GLOBAL_AVERAGE_POOL, 1, cvs__keras_nothing)},
    {CVS__ROW("GlobalAveragePooling2D", NULL, CVS_OP_GLOBAL_AVERAGE_POOL, 2, cvs__keras1_global_pool)},
    {CVS__ROW("GlobalAveragePooling3D", NULL, CVS_OP_GLOBAL_AVERAGE_POOL, 3, cvs__keras1_global_pool)},
    {CVS__ROW("ZeroPadding1D", NULL, CVS_OP_PAD, 1, cvs__keras1_zero_padding1d)},
    {CVS__ROW("ZeroPadding2D", NULL, CVS_OP_PAD, 2, cvs__keras1_zero_padding)},
    {CVS__ROW("ZeroPadding3D", NULL, CVS_OP_PAD, 3, cvs__keras1_zero_padding)},
    {CVS__ROW("Cropping1D", NULL, CVS_OP_CROP, 1, cvs__keras1_cropping1d)},
    {CVS__ROW("Cropping2D", NULL, CVS_OP_CROP, 2, cvs__keras1_cropping)},
    {CVS__ROW("Cropping3D", NULL, CVS_OP_CROP, 3, cvs__keras1_cropping)},
    {CVS__ROW("UpSampling1D", NULL, CVS_OP_UPSAMPLE, 1, cvs__keras1_up_sampling1d)},
    {CVS__ROW("UpSampling2D", NULL, CVS_OP_UPSAMPLE, 2, cvs__keras1_up_sampling)},
    {CVS__ROW("UpSampling3D", NULL, CVS_OP_UPSAMPLE, 3, cvs__keras1_up_sampling)},
    {CVS__ROW("Dense", NULL, CVS_OP_DENSE, 0, dense)},
    {CVS__ROW("Flatten", NULL, CVS_OP_FLATTEN, 0, cvs__keras_nothing)},
    {CVS__ROW("Reshape", NULL, CVS_OP_RESHAPE, 0, cvs__keras_reshape)},
    {CVS__ROW("Permute", NULL, CVS_OP_PERMUTE, 0, cvs__keras_permute)},
    {CVS__ROW("RepeatVector", NULL, CVS_OP_REPEAT, 0, cvs__keras_repeat)},
    {CVS__ROW("BatchNormalization", NULL, CVS_OP_BATCH_NORM, 0, batch_normalization)},
    {CVS__ROW("LeakyReLU", NULL, CVS_OP_ACTIVATION, 0, leaky_relu), .activation = {CVS_ACT_LEAKY_RELU, 0.3F, 0}},
    {CVS__ROW("ELU", NULL, CVS_OP_ACTIVATION, 0, cvs__keras_elu), .activation = {CVS_ACT_ELU, 1, 0}},
    {CVS__ROW("Activation", NULL, CVS_OP_ACTIVATION, 0, cvs__keras_activation)},
    {CVS__ROW("Dropout", NULL, CVS_OP_DROPOUT, 0, dropout)},
    {CVS__ROW("SpatialDropout1D", NULL, CVS_OP_DROPOUT, 1, dropout), .whole_maps = true},
    {CVS__ROW("SpatialDropout2D", NULL, CVS_OP_DROPOUT, 2, spatial_dropout), .whole_maps = true},
    {CVS__ROW("SpatialDropout3D", NULL, CVS_OP_DROPOUT, 3, spatial_dropout), .whole_maps = true},
    {CVS__ROW("Merge", "merge", CVS_OP_ADD, 0, merge)},
    {CVS__ROW("Merge", "merge", CVS_OP_MULTIPLY, 0, merge)},
    {CVS__ROW("Merge", "merge", CVS_OP_AVERAGE, 0, merge)},
    {CVS__ROW("Merge", "merge", CVS_OP_MAXIMUM, 0, merge)},
    {CVS__ROW("Merge", "merge", CVS_OP_CONCATENATE, 0, merge)},
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
    .defaults = cvs__keras_defaults,
    .rank = cvs__keras_rank,
    .adapt = cvs__keras_adapt,
};
