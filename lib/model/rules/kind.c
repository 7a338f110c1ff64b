/* kind.c - what a layer is to the rules. */
#include "dialect/node.h"
#include "model/rules/rule.h"

#include <stdlib.h>

static cvs__kind kind_of_op(const cvs_layer *layer) {
    static const cvs__kind kinds[CVS_OP_COUNT] = {
        [CVS_OP_CONV] = CVS__KIND_CONV,
        [CVS_OP_CONV_TRANSPOSE] = CVS__KIND_CONV,
        [CVS_OP_DEPTHWISE_CONV] = CVS__KIND_CONV,
        [CVS_OP_SEPARABLE_CONV] = CVS__KIND_CONV,
        [CVS_OP_MAX_POOL] = CVS__KIND_POOL,
        [CVS_OP_AVERAGE_POOL] = CVS__KIND_POOL,
        [CVS_OP_GLOBAL_MAX_POOL] = CVS__KIND_GLOBAL,
        [CVS_OP_GLOBAL_AVERAGE_POOL] = CVS__KIND_GLOBAL,
        [CVS_OP_ADAPTIVE_MAX_POOL] = CVS__KIND_GLOBAL,
        [CVS_OP_ADAPTIVE_AVERAGE_POOL] = CVS__KIND_GLOBAL,
        [CVS_OP_PAD] = CVS__KIND_RESIZE,
        [CVS_OP_CROP] = CVS__KIND_RESIZE,
        [CVS_OP_UPSAMPLE] = CVS__KIND_RESIZE,
        [CVS_OP_DENSE] = CVS__KIND_DENSE,
        [CVS_OP_FLATTEN] = CVS__KIND_FLATTEN,
        [CVS_OP_RESHAPE] = CVS__KIND_REARRANGE,
        [CVS_OP_PERMUTE] = CVS__KIND_REARRANGE,
        [CVS_OP_REPEAT] = CVS__KIND_REARRANGE,
        [CVS_OP_BATCH_NORM] = CVS__KIND_BATCH_NORM,
        [CVS_OP_LAYER_NORM] = CVS__KIND_NORM,
        [CVS_OP_GROUP_NORM] = CVS__KIND_NORM,
        [CVS_OP_DROPOUT] = CVS__KIND_DROPOUT,
        [CVS_OP_ADD] = CVS__KIND_MERGE,
        [CVS_OP_MULTIPLY] = CVS__KIND_MERGE,
        [CVS_OP_AVERAGE] = CVS__KIND_MERGE,
        [CVS_OP_MAXIMUM] = CVS__KIND_MERGE,
        [CVS_OP_CONCATENATE] = CVS__KIND_CONCATENATE,
    };
    if (layer->op == CVS_OP_ACTIVATION)
        return layer->activation.kind == CVS_ACT_LINEAR ? CVS__KIND_SAME : CVS__KIND_ACTIVATION;
    return kinds[layer->op];
}

typedef struct word {
    const char *type;
    cvs__kind kind;
} word;

/* Types that are no operator of layer.h: of ONNX, Keras and PyTorch, sorted. */
static const word words[] = {
    {"ActivityRegularization", CVS__KIND_SAME},
    {"AdditiveAttention", CVS__KIND_ATTENTION},
    {"AlphaDropout", CVS__KIND_DROPOUT},
    {"Attention", CVS__KIND_ATTENTION},
    {"Bidirectional", CVS__KIND_ATTENTION},
    {"CELU", CVS__KIND_ACTIVATION},
    {"Cast", CVS__KIND_SAME},
    {"Celu", CVS__KIND_ACTIVATION},
    {"Clip", CVS__KIND_ACTIVATION},
    {"Concat", CVS__KIND_CONCATENATE},
    {"DepthToSpace", CVS__KIND_REARRANGE},
    {"DropPath", CVS__KIND_DROPOUT},
    {"Einsum", CVS__KIND_ATTENTION},
    {"Elu", CVS__KIND_ACTIVATION},
    {"Erf", CVS__KIND_ACTIVATION},
    {"Exp", CVS__KIND_ACTIVATION},
    {"FeatureAlphaDropout", CVS__KIND_DROPOUT},
    {"Flatten", CVS__KIND_FLATTEN},
    {"GRU", CVS__KIND_ATTENTION},
    {"GaussianDropout", CVS__KIND_DROPOUT},
    {"GaussianNoise", CVS__KIND_SAME},
    {"Gelu", CVS__KIND_ACTIVATION},
    {"Gemm", CVS__KIND_DENSE},
    {"GlobalAveragePool", CVS__KIND_GLOBAL},
    {"GlobalLpPool", CVS__KIND_GLOBAL},
    {"GlobalMaxPool", CVS__KIND_GLOBAL},
    {"GroupQueryAttention", CVS__KIND_ATTENTION},
    {"HardSigmoid", CVS__KIND_ACTIVATION},
    {"HardSwish", CVS__KIND_ACTIVATION},
    {"Hardshrink", CVS__KIND_ACTIVATION},
    {"Hardtanh", CVS__KIND_ACTIVATION},
    {"Identity", CVS__KIND_SAME},
    {"LRN", CVS__KIND_NORM},
    {"LSTM", CVS__KIND_ATTENTION},
    {"LeakyRelu", CVS__KIND_ACTIVATION},
    {"LocalResponseNorm", CVS__KIND_NORM},
    {"LogSigmoid", CVS__KIND_ACTIVATION},
    {"LogSoftmax", CVS__KIND_ACTIVATION},
    {"Masking", CVS__KIND_SAME},
    {"MatMul", CVS__KIND_DENSE},
    {"Mish", CVS__KIND_ACTIVATION},
    {"MultiHeadAttention", CVS__KIND_ATTENTION},
    {"MultiheadAttention", CVS__KIND_ATTENTION},
    {"PReLU", CVS__KIND_ACTIVATION},
    {"PRelu", CVS__KIND_ACTIVATION},
    {"RNN", CVS__KIND_ATTENTION},
    {"RReLU", CVS__KIND_ACTIVATION},
    {"ReduceMax", CVS__KIND_GLOBAL},
    {"ReduceMean", CVS__KIND_GLOBAL},
    {"ReduceSum", CVS__KIND_GLOBAL},
    {"Relu", CVS__KIND_ACTIVATION},
    {"Reshape", CVS__KIND_REARRANGE},
    {"Selu", CVS__KIND_ACTIVATION},
    {"Sigmoid", CVS__KIND_ACTIVATION},
    {"SimpleRNN", CVS__KIND_ATTENTION},
    {"Softmax", CVS__KIND_ACTIVATION},
    {"Softmin", CVS__KIND_ACTIVATION},
    {"Softplus", CVS__KIND_ACTIVATION},
    {"Softshrink", CVS__KIND_ACTIVATION},
    {"Softsign", CVS__KIND_ACTIVATION},
    {"SpaceToDepth", CVS__KIND_REARRANGE},
    {"StochasticDepth", CVS__KIND_DROPOUT},
    {"Swish", CVS__KIND_ACTIVATION},
    {"Tanh", CVS__KIND_ACTIVATION},
    {"Tanhshrink", CVS__KIND_ACTIVATION},
    {"Threshold", CVS__KIND_ACTIVATION},
    {"ThresholdedReLU", CVS__KIND_ACTIVATION},
    {"ThresholdedRelu", CVS__KIND_ACTIVATION},
    {"Transformer", CVS__KIND_ATTENTION},
    {"Transpose", CVS__KIND_REARRANGE},
    {"UnitNormalization", CVS__KIND_NORM},
};

static int compare(const void *key, const void *item) { return strcmp(key, ((const word *)item)->type); }

const cvs_layer *cvs__layer_as_read(const cvs_model *model, int layer) {
    const cvs_model_layer *seen = &model->layers[layer];
    if (seen->inference) return &seen->inference->layer;
    if (model->parts[layer].op != &cvs__layer_op) return NULL;
    return &((const cvs_reading *)model->parts[layer].detail)->layer;
}

cvs__kind cvs__kind_of(const cvs_model *model, int layer) {
    const cvs_layer *read = cvs__layer_as_read(model, layer);
    if (read) return kind_of_op(read);
    const word *found = bsearch(cvs__last_component(model->layers[layer].type), words, sizeof words / sizeof *words,
                                sizeof *words, compare);
    return found ? found->kind : CVS__KIND_OTHER;
}
