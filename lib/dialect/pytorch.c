/* pytorch.c - torch.nn modules, as code and as they print themselves, and the functions that merge tensors. */
#include <string.h>

#include "dialect/pytorch_arguments.h"
#include "dialect/reader.h"

/* A lazy module that has seen no input yet prints its in_channels, as 0. */
static const cvs__class classes[] = {
    {CVS__ROW("Conv1d", NULL, CVS_OP_CONV, 1, cvs__torch_conv)},
    {CVS__ROW("Conv2d", NULL, CVS_OP_CONV, 2, cvs__torch_conv)},
    {CVS__ROW("Conv3d", NULL, CVS_OP_CONV, 3, cvs__torch_conv)},
    {CVS__ROW("LazyConv1d", NULL, CVS_OP_CONV, 1, cvs__torch_lazy_conv)},
    {CVS__ROW("LazyConv2d", NULL, CVS_OP_CONV, 2, cvs__torch_lazy_conv)},
    {CVS__ROW("LazyConv3d", NULL, CVS_OP_CONV, 3, cvs__torch_lazy_conv)},
    {CVS__ROW("LazyConv1d", NULL, CVS_OP_CONV, 1, cvs__torch_conv), .only_read = true},
    {CVS__ROW("LazyConv2d", NULL, CVS_OP_CONV, 2, cvs__torch_conv), .only_read = true},
    {CVS__ROW("LazyConv3d", NULL, CVS_OP_CONV, 3, cvs__torch_conv), .only_read = true},
    {CVS__ROW("ConvTranspose1d", NULL, CVS_OP_CONV_TRANSPOSE, 1, cvs__torch_transposed)},
    {CVS__ROW("ConvTranspose2d", NULL, CVS_OP_CONV_TRANSPOSE, 2, cvs__torch_transposed)},
    {CVS__ROW("ConvTranspose3d", NULL, CVS_OP_CONV_TRANSPOSE, 3, cvs__torch_transposed)},
    {CVS__ROW("LazyConvTranspose1d", NULL, CVS_OP_CONV_TRANSPOSE, 1, cvs__torch_lazy_transposed)},
    {CVS__ROW("LazyConvTranspose2d", NULL, CVS_OP_CONV_TRANSPOSE, 2, cvs__torch_lazy_transposed)},
    {CVS__ROW("LazyConvTranspose3d", NULL, CVS_OP_CONV_TRANSPOSE, 3, cvs__torch_lazy_transposed)},
    {CVS__ROW("LazyConvTranspose1d", NULL, CVS_OP_CONV_TRANSPOSE, 1, cvs__torch_transposed), .only_read = true},
    {CVS__ROW("LazyConvTranspose2d", NULL, CVS_OP_CONV_TRANSPOSE, 2, cvs__torch_transposed), .only_read = true},
    {CVS__ROW("LazyConvTranspose3d", NULL, CVS_OP_CONV_TRANSPOSE, 3, cvs__torch_transposed), .only_read = true},
    {CVS__ROW("MaxPool1d", NULL, CVS_OP_MAX_POOL, 1, cvs__torch_max_pool)},
    {CVS__ROW("MaxPool2d", NULL, CVS_OP_MAX_POOL, 2, cvs__torch_max_pool)},
    {CVS__ROW("MaxPool3d", NULL, CVS_OP_MAX_POOL, 3, cvs__torch_max_pool)},
    {CVS__ROW("AvgPool1d", NULL, CVS_OP_AVERAGE_POOL, 1, cvs__torch_average_pool_1d)},
    {CVS__ROW("AvgPool2d", NULL, CVS_OP_AVERAGE_POOL, 2, cvs__torch_average_pool)},
    {CVS__ROW("AvgPool3d", NULL, CVS_OP_AVERAGE_POOL, 3, cvs__torch_average_pool)},
    {CVS__ROW("AdaptiveMaxPool1d", NULL, CVS_OP_ADAPTIVE_MAX_POOL, 1, cvs__torch_adaptive)},
    {CVS__ROW("AdaptiveMaxPool2d", NULL, CVS_OP_ADAPTIVE_MAX_POOL, 2, cvs__torch_adaptive)},
    {CVS__ROW("AdaptiveMaxPool3d", NULL, CVS_OP_ADAPTIVE_MAX_POOL, 3, cvs__torch_adaptive)},
    {CVS__ROW("AdaptiveAvgPool1d", NULL, CVS_OP_ADAPTIVE_AVERAGE_POOL, 1, cvs__torch_adaptive)},
    {CVS__ROW("AdaptiveAvgPool2d", NULL, CVS_OP_ADAPTIVE_AVERAGE_POOL, 2, cvs__torch_adaptive)},
    {CVS__ROW("AdaptiveAvgPool3d", NULL, CVS_OP_ADAPTIVE_AVERAGE_POOL, 3, cvs__torch_adaptive)},
    {CVS__ROW("ZeroPad1d", NULL, CVS_OP_PAD, 1, cvs__torch_zero_pad)},
    {CVS__ROW("ZeroPad2d", NULL, CVS_OP_PAD, 2, cvs__torch_zero_pad)},
    {CVS__ROW("ZeroPad3d", NULL, CVS_OP_PAD, 3, cvs__torch_zero_pad)},
    {CVS__ROW("ConstantPad1d", NULL, CVS_OP_PAD, 1, cvs__torch_constant_pad), .only_read = true},
    {CVS__ROW("ConstantPad2d", NULL, CVS_OP_PAD, 2, cvs__torch_constant_pad), .only_read = true},
    {CVS__ROW("ConstantPad3d", NULL, CVS_OP_PAD, 3, cvs__torch_constant_pad), .only_read = true},
    {CVS__ROW("ReflectionPad1d", NULL, CVS_OP_PAD, 1, cvs__torch_zero_pad), .fill = CVS_FILL_REFLECT},
    {CVS__ROW("ReflectionPad2d", NULL, CVS_OP_PAD, 2, cvs__torch_zero_pad), .fill = CVS_FILL_REFLECT},
    {CVS__ROW("ReflectionPad3d", NULL, CVS_OP_PAD, 3, cvs__torch_zero_pad), .fill = CVS_FILL_REFLECT},
    {CVS__ROW("ReplicationPad1d", NULL, CVS_OP_PAD, 1, cvs__torch_zero_pad), .fill = CVS_FILL_REPLICATE},
    {CVS__ROW("ReplicationPad2d", NULL, CVS_OP_PAD, 2, cvs__torch_zero_pad), .fill = CVS_FILL_REPLICATE},
    {CVS__ROW("ReplicationPad3d", NULL, CVS_OP_PAD, 3, cvs__torch_zero_pad), .fill = CVS_FILL_REPLICATE},
    {CVS__ROW("CircularPad1d", NULL, CVS_OP_PAD, 1, cvs__torch_zero_pad), .fill = CVS_FILL_CIRCULAR},
    {CVS__ROW("CircularPad2d", NULL, CVS_OP_PAD, 2, cvs__torch_zero_pad), .fill = CVS_FILL_CIRCULAR},
    {CVS__ROW("CircularPad3d", NULL, CVS_OP_PAD, 3, cvs__torch_zero_pad), .fill = CVS_FILL_CIRCULAR},
    {CVS__ROW("ZeroPad1d", NULL, CVS_OP_CROP, 1, cvs__torch_zero_pad)},
    {CVS__ROW("ZeroPad2d", NULL, CVS_OP_CROP, 2, cvs__torch_zero_pad)},
    {CVS__ROW("ZeroPad3d", NULL, CVS_OP_CROP, 3, cvs__torch_zero_pad)},
    {CVS__ROW("Upsample", NULL, CVS_OP_UPSAMPLE, 0, cvs__torch_upsample)},
    {CVS__ROW("UpsamplingNearest2d", NULL, CVS_OP_UPSAMPLE, 2, cvs__torch_upsample), .only_read = true},
    {CVS__ROW("UpsamplingBilinear2d", NULL, CVS_OP_UPSAMPLE, 2, cvs__torch_upsample), .bilinear = true,
     .only_read = true},
    {CVS__ROW("Linear", NULL, CVS_OP_DENSE, 1, cvs__torch_linear)},
    {CVS__ROW("LazyLinear", NULL, CVS_OP_DENSE, 1, cvs__torch_lazy_linear)},
    {CVS__ROW("LazyLinear", NULL, CVS_OP_DENSE, 1, cvs__torch_linear), .only_read = true},
    {CVS__ROW("Flatten", NULL, CVS_OP_FLATTEN, 1, cvs__torch_flatten)},
    {CVS__ROW("BatchNorm1d", NULL, CVS_OP_BATCH_NORM, 1, cvs__torch_batch_norm)},
    {CVS__ROW("BatchNorm2d", NULL, CVS_OP_BATCH_NORM, 2, cvs__torch_batch_norm)},
    {CVS__ROW("BatchNorm3d", NULL, CVS_OP_BATCH_NORM, 3, cvs__torch_batch_norm)},
    {CVS__ROW("LazyBatchNorm1d", NULL, CVS_OP_BATCH_NORM, 1, cvs__torch_lazy_batch_norm)},
    {CVS__ROW("LazyBatchNorm2d", NULL, CVS_OP_BATCH_NORM, 2, cvs__torch_lazy_batch_norm)},
    {CVS__ROW("LazyBatchNorm3d", NULL, CVS_OP_BATCH_NORM, 3, cvs__torch_lazy_batch_norm)},
    {CVS__ROW("LazyBatchNorm1d", NULL, CVS_OP_BATCH_NORM, 1, cvs__torch_batch_norm), .only_read = true},
    {CVS__ROW("LazyBatchNorm2d", NULL, CVS_OP_BATCH_NORM, 2, cvs__torch_batch_norm), .only_read = true},
    {CVS__ROW("LazyBatchNorm3d", NULL, CVS_OP_BATCH_NORM, 3, cvs__torch_batch_norm), .only_read = true},
    {CVS__ROW("LayerNorm", NULL, CVS_OP_LAYER_NORM, 1, cvs__torch_layer_norm)},
    {CVS__ROW("GroupNorm", NULL, CVS_OP_GROUP_NORM, 1, cvs__torch_group_norm)},
    {CVS__ROW("InstanceNorm1d", NULL, CVS_OP_GROUP_NORM, 1, cvs__torch_instance_norm), .each_channel = true,
     .only_read = true},
    {CVS__ROW("InstanceNorm2d", NULL, CVS_OP_GROUP_NORM, 2, cvs__torch_instance_norm), .each_channel = true,
     .only_read = true},
    {CVS__ROW("InstanceNorm3d", NULL, CVS_OP_GROUP_NORM, 3, cvs__torch_instance_norm), .each_channel = true,
     .only_read = true},
    {CVS__ROW("ReLU", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_inplace), .activation = {CVS_ACT_RELU, 0, 0}},
    {CVS__ROW("ReLU6", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_inplace), .activation = {CVS_ACT_RELU6, 0, 0}},
    {CVS__ROW("LeakyReLU", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_leaky_relu),
     .activation = {CVS_ACT_LEAKY_RELU, 0.01F, 0}},
    {CVS__ROW("ELU", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_elu), .activation = {CVS_ACT_ELU, 1, 0}},
    {CVS__ROW("SELU", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_inplace), .activation = {CVS_ACT_SELU, 0, 0}},
    {CVS__ROW("Sigmoid", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_nothing), .activation = {CVS_ACT_SIGMOID, 0, 0}},
    {CVS__ROW("Hardsigmoid", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_inplace),
     .activation = {CVS_ACT_HARD_SIGMOID, 1.0F / 6.0F, 0.5F}},
    {CVS__ROW("Tanh", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_nothing), .activation = {CVS_ACT_TANH, 0, 0}},
    {CVS__ROW("Softplus", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_softplus), .activation = {CVS_ACT_SOFTPLUS, 0, 0}},
    {CVS__ROW("Softsign", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_nothing), .activation = {CVS_ACT_SOFTSIGN, 0, 0}},
    {CVS__ROW("SiLU", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_inplace), .activation = {CVS_ACT_SWISH, 0, 0}},
    {CVS__ROW("GELU", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_gelu), .activation = {CVS_ACT_GELU, 0, 0}},
    {CVS__ROW("Softmax", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_softmax), .activation = {CVS_ACT_SOFTMAX, 0, 0}},
    {CVS__ROW("Softmax2d", NULL, CVS_OP_ACTIVATION, 2, cvs__torch_nothing), .activation = {CVS_ACT_SOFTMAX, 0, 0},
     .only_read = true},
    {CVS__ROW("Hardswish", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_inplace), .activation = {CVS_ACT_HARD_SWISH, 0, 0}},
    {CVS__ROW("Mish", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_inplace), .activation = {CVS_ACT_MISH, 0, 0}},
    {CVS__ROW("Identity", NULL, CVS_OP_ACTIVATION, 1, cvs__torch_nothing), .activation = {CVS_ACT_LINEAR, 0, 0}},
    {CVS__ROW("Dropout", NULL, CVS_OP_DROPOUT, 1, cvs__torch_dropout)},
    {CVS__ROW("Dropout1d", NULL, CVS_OP_DROPOUT, 1, cvs__torch_dropout), .whole_maps = true},
    {CVS__ROW("Dropout2d", NULL, CVS_OP_DROPOUT, 2, cvs__torch_dropout), .whole_maps = true},
    {CVS__ROW("Dropout3d", NULL, CVS_OP_DROPOUT, 3, cvs__torch_dropout), .whole_maps = true},
    {CVS__ROW("cat", "concat", CVS_OP_CONCATENATE, 1, cvs__torch_cat), .only_read = true},
    {CVS__ROW("add", NULL, CVS_OP_ADD, 1, cvs__torch_add), .only_read = true},
    {CVS__ROW("mul", "multiply", CVS_OP_MULTIPLY, 1, cvs__torch_pair), .only_read = true},
    {CVS__ROW("maximum", NULL, CVS_OP_MAXIMUM, 1, cvs__torch_pair), .only_read = true},
    {.name = NULL},
};

static void defaults(cvs_layer *layer) {
    layer->data_format = CVS_CHANNELS_FIRST;
    layer->epsilon = 1e-5F;
    layer->count_include_pad = layer->op == CVS_OP_AVERAGE_POOL;
    if (layer->op == CVS_OP_BATCH_NORM || layer->op == CVS_OP_GROUP_NORM) layer->axis = 1;
    if (layer->op == CVS_OP_DROPOUT) layer->rate = 0.5;
    if (layer->op == CVS_OP_CONCATENATE) layer->axis = 0;
}

/* Upsample tells its rank by a tuple or by its mode; else any input will do. */
static int rank(const cvs__reader *reader) {
    static const cvs__choice ranks[] = {{"linear", 1}, {"bilinear", 2}, {"bicubic", 2}, {"trilinear", 3}, {NULL, 0}};
    const cvs_node *size = cvs__reader_given(reader, "size"), *scale = cvs__reader_given(reader, "scale_factor");
    const cvs_node *mode = cvs__reader_given(reader, "mode");
    bool word = mode && (mode->kind == CVS_NODE_STRING || mode->kind == CVS_NODE_NAME);
    if (size && size->kind == CVS_NODE_LIST) return size->count;
    if (scale && scale->kind == CVS_NODE_LIST) return scale->count;
    for (const cvs__choice *choice = ranks; word && choice->word; choice++)
        if (strcmp(choice->word, mode->text) == 0) return choice->value;
    return CVS__RANK_OF_INPUT;
}

const cvs__dialect cvs__pytorch = {
    .framework = CVS_PYTORCH,
    .code = true,
    .positional = true,
    .prefix = "nn.",
    .classes = classes,
    .defaults = defaults,
    .rank = rank,
    .adapt = cvs__pytorch_adapt,
};
