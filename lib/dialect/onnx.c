/* onnx.c - ONNX nodes: {"op_type", "attributes", "weights_shape", "bias"}. */
#include "dialect/onnx_arguments.h"
#include "dialect/reader.h"

static const cvs__argument beside[] = {
    {.name = "name", .type = &cvs__type_name},
    CVS__PASSES("domain"),
    CVS__PASSES("doc_string"),
    {.name = "inputs", .alias = "input", .type = &cvs__type_passes},
    {.name = "outputs", .alias = "output", .type = &cvs__type_passes},
    {.name = NULL},
};

static const cvs__class classes[] = {
    {CVS__ROW("Conv", NULL, CVS_OP_CONV, 0, cvs__onnx_conv), .beside = cvs__onnx_weights},
    {CVS__ROW("ConvTranspose", NULL, CVS_OP_CONV_TRANSPOSE, 0, cvs__onnx_transposed), .beside = cvs__onnx_weights},
    {CVS__ROW("MaxPool", NULL, CVS_OP_MAX_POOL, 0, cvs__onnx_max_pool)},
    {CVS__ROW("AveragePool", NULL, CVS_OP_AVERAGE_POOL, 0, cvs__onnx_average_pool)},
    {CVS__ROW("GlobalMaxPool", NULL, CVS_OP_GLOBAL_MAX_POOL, CVS__RANK_OF_INPUT, cvs__onnx_nothing)},
    {CVS__ROW("GlobalAveragePool", NULL, CVS_OP_GLOBAL_AVERAGE_POOL, CVS__RANK_OF_INPUT, cvs__onnx_nothing)},
    {CVS__ROW("Pad", NULL, CVS_OP_PAD, 0, cvs__onnx_pad)},
    {CVS__ROW("Pad", NULL, CVS_OP_CROP, 0, cvs__onnx_pad)},
    {CVS__ROW("Resize", "Upsample", CVS_OP_UPSAMPLE, 0, cvs__onnx_resize)},
    {CVS__ROW("Gemm", NULL, CVS_OP_DENSE, 1, cvs__onnx_gemm), .beside = cvs__onnx_weights},
    {CVS__ROW("MatMul", NULL, CVS_OP_DENSE, 1, cvs__onnx_nothing), .beside = cvs__onnx_factor, .only_read = true},
    {CVS__ROW("Flatten", NULL, CVS_OP_FLATTEN, 1, cvs__onnx_flatten)},
    {CVS__ROW("Reshape", NULL, CVS_OP_RESHAPE, 1, cvs__onnx_reshape)},
    {CVS__ROW("Transpose", NULL, CVS_OP_PERMUTE, 1, cvs__onnx_transpose)},
    {CVS__ROW("BatchNormalization", NULL, CVS_OP_BATCH_NORM, 1, cvs__onnx_batch_norm)},
    {CVS__ROW("LayerNormalization", NULL, CVS_OP_LAYER_NORM, 1, cvs__onnx_layer_norm), .beside = cvs__onnx_center},
    {CVS__ROW("GroupNormalization", NULL, CVS_OP_GROUP_NORM, 1, cvs__onnx_group_norm)},
    {CVS__ROW("InstanceNormalization", NULL, CVS_OP_GROUP_NORM, 1, cvs__onnx_batch_norm), .each_channel = true,
     .only_read = true},
    {CVS__ROW("Dropout", NULL, CVS_OP_DROPOUT, 1, cvs__onnx_dropout)},
    {CVS__ROW("Add", "Sum", CVS_OP_ADD, 1, cvs__onnx_nothing)},
    {CVS__ROW("Mul", NULL, CVS_OP_MULTIPLY, 1, cvs__onnx_nothing)},
    {CVS__ROW("Mean", NULL, CVS_OP_AVERAGE, 1, cvs__onnx_nothing)},
    {CVS__ROW("Max", NULL, CVS_OP_MAXIMUM, 1, cvs__onnx_nothing)},
    {CVS__ROW("Concat", NULL, CVS_OP_CONCATENATE, 1, cvs__onnx_concat)},
    {CVS__ROW("Relu", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_RELU, 0, 0}},
    {CVS__ROW("Clip", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_clip), .activation = {CVS_ACT_RELU6, 0, 0}},
    {CVS__ROW("LeakyRelu", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_alpha), .activation = {CVS_ACT_LEAKY_RELU, 0.01F, 0}},
    {CVS__ROW("Elu", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_alpha), .activation = {CVS_ACT_ELU, 1, 0}},
    {CVS__ROW("Selu", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_SELU, 0, 0}},
    {CVS__ROW("Sigmoid", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_SIGMOID, 0, 0}},
    {CVS__ROW("HardSigmoid", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_hard_sigmoid),
     .activation = {CVS_ACT_HARD_SIGMOID, 0.2F, 0.5F}},
    {CVS__ROW("Tanh", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_TANH, 0, 0}},
    {CVS__ROW("Softplus", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_SOFTPLUS, 0, 0}},
    {CVS__ROW("Softsign", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_SOFTSIGN, 0, 0}},
    {CVS__ROW("Exp", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_EXPONENTIAL, 0, 0}},
    {CVS__ROW("Gelu", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_gelu), .activation = {CVS_ACT_GELU, 0, 0}},
    {CVS__ROW("Softmax", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_softmax), .activation = {CVS_ACT_SOFTMAX, 0, 0}},
    {CVS__ROW("HardSwish", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_HARD_SWISH, 0, 0}},
    {CVS__ROW("Mish", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_MISH, 0, 0}},
    {CVS__ROW("Identity", NULL, CVS_OP_ACTIVATION, 1, cvs__onnx_nothing), .activation = {CVS_ACT_LINEAR, 0, 0}},
    {.name = NULL},
};

static void defaults(cvs_layer *layer) {
    layer->data_format = CVS_CHANNELS_FIRST;
    layer->epsilon = 1e-5F;
    layer->use_bias = false;
    layer->ceil_keeps_last = true;
    layer->keep_spatial = true;
    if (layer->op == CVS_OP_BATCH_NORM || layer->op == CVS_OP_GROUP_NORM) layer->axis = 1;
    if (layer->op == CVS_OP_LAYER_NORM) layer->center_weight = false;
    if (layer->op == CVS_OP_DROPOUT) layer->rate = 0.5;
}

static int list_length(const cvs__reader *reader, const char *name) {
    const cvs_node *node = cvs__reader_given(reader, name);
    return node && node->kind == CVS_NODE_LIST ? node->count : 0;
}

static int rank(const cvs__reader *reader) {
    int kernel = list_length(reader, "kernel_shape"), shape = list_length(reader, "weights_shape");
    int scales = list_length(reader, "scales"), pads = list_length(reader, "pads");
    if (!scales) scales = list_length(reader, "sizes");
    if (reader->row->op == CVS_OP_PAD) return pads > 4 ? pads / 2 - 2 : 0;
    if (reader->row->op == CVS_OP_UPSAMPLE) return scales > 2 ? scales - 2 : 0;
    return kernel ? kernel : shape > 2 ? shape - 2 : 0;
}

const cvs__dialect cvs__onnx = {
    .framework = CVS_ONNX,
    .class_key = "op_type",
    .config_key = "attributes",
    .classes = classes,
    .beside = beside,
    .defaults = defaults,
    .rank = rank,
    .adapt = cvs__onnx_adapt,
};
