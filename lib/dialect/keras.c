/*
 * keras.c - Keras 2 and 3: their layers, and what both generations of Keras share. The signatures of layers with
 * spatial axes are in keras_windows.c.
 */
#include "dialect/keras_arguments.h"
#include "dialect/reader.h"

/* ---- signatures that Keras 1 has too ---- */

const cvs__argument cvs__keras_nothing[] = {{.name = NULL}};

const cvs__argument cvs__keras_activation[] = {
    {.name = "activation", .type = &cvs__type_activation, CVS__FIELD(activation), .required = true},
    {.name = NULL},
};

const cvs__argument cvs__keras_leaky_relu[] = {
    {.name = "negative_slope",
     .alias = "alpha",
     .type = &cvs__type_real,
     CVS__FIELD_OF("activation", activation.alpha),
     .always = true},
    {.name = NULL},
};

const cvs__argument cvs__keras_elu[] = {
    {.name = "alpha", .type = &cvs__type_real, CVS__FIELD_OF("activation", activation.alpha), .always = true},
    {.name = NULL},
};

const cvs__argument cvs__keras_reshape[] = {
    {.name = "target_shape", .type = &cvs__type_target, CVS__FIELD(target), .required = true},
    {.name = NULL},
};

const cvs__argument cvs__keras_permute[] = {
    {.name = "dims", .type = &cvs__type_target, CVS__FIELD(target), .required = true},
    {.name = NULL},
};

const cvs__argument cvs__keras_repeat[] = {
    {.name = "n", .type = &cvs__type_int, CVS__FIELD_AXIS(target, 0), .required = true},
    {.name = NULL},
};

/* ---- signatures of Keras 2 and 3 ---- */

static const cvs__argument relu[] = {
    {.name = "max_value", .type = &cvs__type_relu_limit, CVS__FIELD(activation)},
    {.name = "negative_slope", .type = &cvs__type_zero},
    {.name = "threshold", .type = &cvs__type_zero},
    {.name = NULL},
};

static const cvs__argument softmax[] = {
    {.name = "axis", .type = &cvs__type_softmax_axis, CVS__FIELD(data_format)},
    {.name = NULL},
};

static const cvs__argument dense[] = {
    {.name = "units", .type = &cvs__type_int, CVS__FIELD(filters), .required = true},
    {.name = "activation", .type = &cvs__type_activation, CVS__FIELD(activation)},
    {.name = "use_bias", .type = &cvs__type_bool, CVS__FIELD(use_bias)},
    CVS__PASSES("kernel_initializer"),
    CVS__PASSES("bias_initializer"),
    CVS__PASSES("kernel_regularizer"),
    CVS__PASSES("bias_regularizer"),
    CVS__PASSES("activity_regularizer"),
    CVS__PASSES("kernel_constraint"),
    CVS__PASSES("bias_constraint"),
    {.name = NULL},
};

static const cvs__argument flatten[] = {
    {.name = "data_format", .type = &cvs__type_choice, CVS__FIELD(data_format), .choices = cvs__data_formats},
    {.name = NULL},
};

#define AXIS    .name = "axis", .type = &cvs__type_keras_axis, CVS__FIELD(axis)
#define EPSILON .name = "epsilon", .type = &cvs__type_real, CVS__FIELD(epsilon)
#define CENTER  .name = "center", .type = &cvs__type_bool, CVS__FIELD(center_weight)
#define SCALE   .name = "scale", .type = &cvs__type_bool, CVS__FIELD(scale_weight)

static const cvs__argument batch_normalization[] = {
    {AXIS},
    CVS__PASSES("momentum"),
    {EPSILON},
    {CENTER},
    {SCALE},
    CVS__PASSES("beta_initializer"),
    CVS__PASSES("gamma_initializer"),
    CVS__PASSES("moving_mean_initializer"),
    CVS__PASSES("moving_variance_initializer"),
    CVS__PASSES("beta_regularizer"),
    CVS__PASSES("gamma_regularizer"),
    CVS__PASSES("beta_constraint"),
    CVS__PASSES("gamma_constraint"),
    CVS__PASSES("synchronized"),
    {.name = NULL},
};

static const cvs__argument layer_normalization[] = {
    {AXIS},
    {EPSILON},
    {CENTER},
    {SCALE},
    CVS__PASSES("beta_initializer"),
    CVS__PASSES("gamma_initializer"),
    CVS__PASSES("beta_regularizer"),
    CVS__PASSES("gamma_regularizer"),
    CVS__PASSES("beta_constraint"),
    CVS__PASSES("gamma_constraint"),
    {.name = NULL},
};

static const cvs__argument group_normalization[] = {
    {.name = "groups", .type = &cvs__type_int, CVS__FIELD(groups), .always = true},
    {AXIS},
    {EPSILON},
    {CENTER},
    {SCALE},
    CVS__PASSES("beta_initializer"),
    CVS__PASSES("gamma_initializer"),
    CVS__PASSES("beta_regularizer"),
    CVS__PASSES("gamma_regularizer"),
    CVS__PASSES("beta_constraint"),
    CVS__PASSES("gamma_constraint"),
    {.name = NULL},
};

#define RATE .name = "rate", .type = &cvs__type_rate, CVS__FIELD(rate), .required = true

static const cvs__argument dropout[] = {{RATE}, CVS__PASSES("noise_shape"), CVS__PASSES("seed"), {.name = NULL}};

static const cvs__argument spatial_dropout1d[] = {
    {RATE}, CVS__PASSES("seed"), CVS__PASSES("noise_shape"), {.name = NULL}};

static const cvs__argument spatial_dropout[] = {
    {RATE},
    {.name = "data_format", .type = &cvs__type_choice, CVS__FIELD(data_format), .choices = cvs__data_formats},
    CVS__PASSES("seed"),
    CVS__PASSES("noise_shape"),
    {.name = NULL}};

static const cvs__argument concatenate[] = {{AXIS}, {.name = NULL}};

/* The functions of the same: add([a, b]), concatenate([a, b], axis=3). */
static const cvs__argument merge_call[] = {{.name = "inputs", .type = &cvs__type_passes, .required = true},
                                           {.name = NULL}};
static const cvs__argument concatenate_call[] = {
    {.name = "inputs", .type = &cvs__type_passes, .required = true}, {AXIS}, {.name = NULL}};

/* ---- the layers ---- */

static const cvs__class classes[] = {
    {CVS__ROW("Conv1D", "Convolution1D", CVS_OP_CONV, 1, cvs__keras_conv)},
    {CVS__ROW("Conv2D", "Convolution2D", CVS_OP_CONV, 2, cvs__keras_conv)},
    {CVS__ROW("Conv3D", "Convolution3D", CVS_OP_CONV, 3, cvs__keras_conv)},
    {CVS__ROW("Conv1DTranspose", "Convolution1DTranspose", CVS_OP_CONV_TRANSPOSE, 1, cvs__keras_conv_transpose)},
    {CVS__ROW("Conv2DTranspose", "Convolution2DTranspose", CVS_OP_CONV_TRANSPOSE, 2, cvs__keras_conv_transpose)},
    {CVS__ROW("Conv3DTranspose", "Convolution3DTranspose", CVS_OP_CONV_TRANSPOSE, 3, cvs__keras_conv_transpose)},
    {CVS__ROW("DepthwiseConv1D", NULL, CVS_OP_DEPTHWISE_CONV, 1, cvs__keras_depthwise)},
    {CVS__ROW("DepthwiseConv2D", NULL, CVS_OP_DEPTHWISE_CONV, 2, cvs__keras_depthwise)},
    {CVS__ROW("SeparableConv1D", "SeparableConvolution1D", CVS_OP_SEPARABLE_CONV, 1, cvs__keras_separable)},
    {CVS__ROW("SeparableConv2D", "SeparableConvolution2D", CVS_OP_SEPARABLE_CONV, 2, cvs__keras_separable)},
    {CVS__ROW("MaxPooling1D", "MaxPool1D", CVS_OP_MAX_POOL, 1, cvs__keras_pool)},
    {CVS__ROW("MaxPooling2D", "MaxPool2D", CVS_OP_MAX_POOL, 2, cvs__keras_pool)},
    {CVS__ROW("MaxPooling3D", "MaxPool3D", CVS_OP_MAX_POOL, 3, cvs__keras_pool)},
    {CVS__ROW("AveragePooling1D", "AvgPool1D", CVS_OP_AVERAGE_POOL, 1, cvs__keras_pool)},
    {CVS__ROW("AveragePooling2D", "AvgPool2D", CVS_OP_AVERAGE_POOL, 2, cvs__keras_pool)},
    {CVS__ROW("AveragePooling3D", "AvgPool3D", CVS_OP_AVERAGE_POOL, 3, cvs__keras_pool)},
    {CVS__ROW("GlobalMaxPooling1D", "GlobalMaxPool1D", CVS_OP_GLOBAL_MAX_POOL, 1, cvs__keras_global_pool)},
    {CVS__ROW("GlobalMaxPooling2D", "GlobalMaxPool2D", CVS_OP_GLOBAL_MAX_POOL, 2, cvs__keras_global_pool)},
    {CVS__ROW("GlobalMaxPooling3D", "GlobalMaxPool3D", CVS_OP_GLOBAL_MAX_POOL, 3, cvs__keras_global_pool)},
    {CVS__ROW("GlobalAveragePooling1D", "GlobalAvgPool1D", CVS_OP_GLOBAL_AVERAGE_POOL, 1, cvs__keras_global_pool)},
    {CVS__ROW("GlobalAveragePooling2D", "GlobalAvgPool2D", CVS_OP_GLOBAL_AVERAGE_POOL, 2, cvs__keras_global_pool)},
    {CVS__ROW("GlobalAveragePooling3D", "GlobalAvgPool3D", CVS_OP_GLOBAL_AVERAGE_POOL, 3, cvs__keras_global_pool)},
    {CVS__ROW("ZeroPadding1D", NULL, CVS_OP_PAD, 1, cvs__keras_zero_padding)},
    {CVS__ROW("ZeroPadding2D", NULL, CVS_OP_PAD, 2, cvs__keras_zero_padding)},
    {CVS__ROW("ZeroPadding3D", NULL, CVS_OP_PAD, 3, cvs__keras_zero_padding)},
    {CVS__ROW("Cropping1D", NULL, CVS_OP_CROP, 1, cvs__keras_cropping)},
    {CVS__ROW("Cropping2D", NULL, CVS_OP_CROP, 2, cvs__keras_cropping)},
    {CVS__ROW("Cropping3D", NULL, CVS_OP_CROP, 3, cvs__keras_cropping)},
    {CVS__ROW("UpSampling1D", NULL, CVS_OP_UPSAMPLE, 1, cvs__keras_up_sampling1d)},
    {CVS__ROW("UpSampling2D", NULL, CVS_OP_UPSAMPLE, 2, cvs__keras_up_sampling2d)},
    {CVS__ROW("UpSampling3D", NULL, CVS_OP_UPSAMPLE, 3, cvs__keras_up_sampling3d)},
    {CVS__ROW("Dense", NULL, CVS_OP_DENSE, 0, dense)},
    {CVS__ROW("Flatten", NULL, CVS_OP_FLATTEN, 0, flatten)},
    {CVS__ROW("Reshape", NULL, CVS_OP_RESHAPE, 0, cvs__keras_reshape)},
    {CVS__ROW("Permute", NULL, CVS_OP_PERMUTE, 0, cvs__keras_permute)},
    {CVS__ROW("RepeatVector", NULL, CVS_OP_REPEAT, 0, cvs__keras_repeat)},
    {CVS__ROW("BatchNormalization", NULL, CVS_OP_BATCH_NORM, 0, batch_normalization)},
    {CVS__ROW("LayerNormalization", NULL, CVS_OP_LAYER_NORM, 0, layer_normalization)},
    {CVS__ROW("GroupNormalization", NULL, CVS_OP_GROUP_NORM, 0, group_normalization)},
    {CVS__ROW("LeakyReLU", NULL, CVS_OP_ACTIVATION, 0, cvs__keras_leaky_relu),
     .activation = {CVS_ACT_LEAKY_RELU, 0.3F, 0}},
    {CVS__ROW("ELU", NULL, CVS_OP_ACTIVATION, 0, cvs__keras_elu), .activation = {CVS_ACT_ELU, 1, 0}},
    {CVS__ROW("Softmax", NULL, CVS_OP_ACTIVATION, 0, softmax), .activation = {CVS_ACT_SOFTMAX, 0, 0}},
    {CVS__ROW("Activation", NULL, CVS_OP_ACTIVATION, 0, cvs__keras_activation)},
    {CVS__ROW("ReLU", NULL, CVS_OP_ACTIVATION, 0, relu), .activation = {CVS_ACT_RELU, 0, 0}},
    {CVS__ROW("Dropout", NULL, CVS_OP_DROPOUT, 0, dropout)},
    {CVS__ROW("SpatialDropout1D", NULL, CVS_OP_DROPOUT, 1, spatial_dropout1d), .whole_maps = true},
    {CVS__ROW("SpatialDropout2D", NULL, CVS_OP_DROPOUT, 2, spatial_dropout), .whole_maps = true},
    {CVS__ROW("SpatialDropout3D", NULL, CVS_OP_DROPOUT, 3, spatial_dropout), .whole_maps = true},
    {CVS__ROW("Add", NULL, CVS_OP_ADD, 0, cvs__keras_nothing)},
    {CVS__ROW("Multiply", NULL, CVS_OP_MULTIPLY, 0, cvs__keras_nothing)},
    {CVS__ROW("Average", NULL, CVS_OP_AVERAGE, 0, cvs__keras_nothing)},
    {CVS__ROW("Maximum", NULL, CVS_OP_MAXIMUM, 0, cvs__keras_nothing)},
    {CVS__ROW("Concatenate", NULL, CVS_OP_CONCATENATE, 0, concatenate)},
    {CVS__ROW("add", NULL, CVS_OP_ADD, 0, merge_call), .only_read = true},
    {CVS__ROW("multiply", NULL, CVS_OP_MULTIPLY, 0, merge_call), .only_read = true},
    {CVS__ROW("average", NULL, CVS_OP_AVERAGE, 0, merge_call), .only_read = true},
    {CVS__ROW("maximum", NULL, CVS_OP_MAXIMUM, 0, merge_call), .only_read = true},
    {CVS__ROW("concatenate", NULL, CVS_OP_CONCATENATE, 0, concatenate_call), .only_read = true},
    {.name = NULL},
};

const cvs__argument cvs__keras_common[] = {
    {.name = "name", .type = &cvs__type_name},
    {.name = "input_shape", .type = &cvs__type_input_shape},
    {.name = "batch_input_shape", .alias = "batch_shape", .type = &cvs__type_batch_shape},
    {.name = "input_dim", .type = &cvs__type_input_dim},
    CVS__PASSES("input_length"), /* read with input_dim */
    CVS__PASSES("trainable"),
    CVS__PASSES("dtype"),
    CVS__PASSES("input_dtype"),
    CVS__PASSES("autocast"),
    CVS__PASSES("dynamic"),
    CVS__PASSES("sparse"),
    CVS__PASSES("ragged"),
    CVS__PASSES("batch_size"),
    CVS__PASSES("weights"),
    CVS__PASSES("lora_rank"),
    CVS__PASSES("lora_alpha"),
    CVS__PASSES("quantization_config"),
    {.name = NULL},
};

const cvs__argument cvs__keras_beside[] = {
    {.name = "name", .type = &cvs__type_name},
    CVS__PASSES("module"),
    CVS__PASSES("registered_name"),
    CVS__PASSES("build_config"),
    CVS__PASSES("compile_config"),
    CVS__PASSES("shared_object_id"),
    CVS__PASSES("inbound_nodes"),
    CVS__PASSES("keras_version"),
    CVS__PASSES("backend"),
    {.name = NULL},
};

/* Pools of 2, pads of 1 and cuts of 1 (none of a picture), scales of 2, 32 groups. */
void cvs__keras_defaults(cvs_layer *layer) {
    bool pool = layer->op == CVS_OP_MAX_POOL || layer->op == CVS_OP_AVERAGE_POOL;
    bool pads = layer->op == CVS_OP_PAD || (layer->op == CVS_OP_CROP && layer->spatial_rank != 2);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        if (pool) layer->kernel[axis] = layer->stride[axis] = 2;
        if (pads) layer->padding.before[axis] = layer->padding.after[axis] = 1;
        if (layer->op == CVS_OP_UPSAMPLE) layer->scale[axis] = 2;
    }
    if (pads) layer->padding.mode = CVS_PAD_EXPLICIT;
    if (layer->op == CVS_OP_GROUP_NORM) layer->groups = 32;
}

int cvs__keras_rank(const cvs__reader *reader) { return 1; }

const cvs__dialect cvs__keras = {
    .framework = CVS_KERAS,
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
