/* keras.c - Keras 2 and 3. Positional orders are those since Keras 2.3, which has groups. */
#include "dialect/keras_arguments.h"

static const cvs__choice paddings[] = {
    {"valid", CVS_PAD_VALID}, {"same", CVS_PAD_SAME}, {"causal", CVS_PAD_CAUSAL}, {NULL, 0}};

static const cvs__argument conv[] = {
    {.name = "filters", .type = &cvs__type_int, CVS__FIELD(filters), .required = true},
    {.name = "kernel_size", .type = &cvs__type_ints, CVS__FIELD(kernel), .required = true},
    {.name = "strides", .type = &cvs__type_ints, CVS__FIELD(stride)},
    {.name = "padding", .type = &cvs__type_choice, CVS__FIELD_OF("padding", padding.mode), .choices = paddings},
    {.name = "data_format", .type = &cvs__type_choice, CVS__FIELD(data_format), .choices = cvs__data_formats},
    {.name = "dilation_rate", .type = &cvs__type_ints, CVS__FIELD(dilation)},
    {.name = "groups", .type = &cvs__type_int, CVS__FIELD(groups)},
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

static const cvs__argument leaky_relu[] = {
    {.name = "negative_slope",
     .alias = "alpha",
     .type = &cvs__type_real,
     CVS__FIELD_OF("activation", activation.alpha)},
    {.name = NULL},
};

static const cvs__argument relu[] = {
    {.name = "max_value", .type = &cvs__type_relu_limit, CVS__FIELD(activation)},
    {.name = "negative_slope", .type = &cvs__type_zero},
    {.name = "threshold", .type = &cvs__type_zero},
    {.name = NULL},
};

static const cvs__argument elu[] = {
    {.name = "alpha", .type = &cvs__type_real, CVS__FIELD_OF("activation", activation.alpha)},
    {.name = NULL},
};

static const cvs__class classes[] = {
    {CVS__ROW("Conv1D", "Convolution1D", CVS_OP_CONV, 1, conv)},
    {CVS__ROW("Conv2D", "Convolution2D", CVS_OP_CONV, 2, conv)},
    {CVS__ROW("Conv3D", "Convolution3D", CVS_OP_CONV, 3, conv)},
    {CVS__ROW("ReLU", NULL, CVS_OP_ACTIVATION, 1, relu), .activation = {CVS_ACT_RELU, 0, 0}},
    {CVS__ROW("LeakyReLU", NULL, CVS_OP_ACTIVATION, 1, leaky_relu), .activation = {CVS_ACT_LEAKY_RELU, 0.3F, 0}},
    {CVS__ROW("ELU", NULL, CVS_OP_ACTIVATION, 1, elu), .activation = {CVS_ACT_ELU, 1, 0}},
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
    .adapt = cvs__keras_adapt,
};
