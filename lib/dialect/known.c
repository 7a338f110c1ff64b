/*
 * known.c - layers that the frameworks have and no row describes: who pastes one did not mistype another's name.
 * Names of keras.layers of 2.x and 3.x, of Keras 1.2, torch.nn and ONNX's operators: they only choose a message, so one
 * that is missing here costs no more than a worse one.
 */
#include <string.h>

#include "dialect/match.h"

// clang-format off
static const char *const keras[] = {
    "AdditiveAttention", "AlphaDropout", "Attention", "Bidirectional", "CategoryEncoding", "CenterCrop",
    "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Discretization", "Dot", "EinsumDense", "Embedding", "GRU", "GRUCell",
    "GaussianDropout", "GaussianNoise", "GroupQueryAttention", "HashedCrossing", "Hashing", "Identity", "Input",
    "InputLayer", "IntegerLookup", "LSTM", "LSTMCell", "Lambda", "LocallyConnected1D", "LocallyConnected2D",
    "Masking", "MelSpectrogram", "Minimum", "MultiHeadAttention", "Normalization", "PReLU", "RMSNormalization",
    "RNN", "RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation",
    "RandomZoom", "Rescaling", "Resizing", "SimpleRNN", "SimpleRNNCell", "SpectralNormalization", "StackedRNNCells",
    "StringLookup", "Subtract", "TextVectorization", "ThresholdedReLU", "TimeDistributed", "UnitNormalization", NULL
};
static const char *const keras1[] = {
    "ActivityRegularization", "Bidirectional", "ConvLSTM2D", "Embedding", "GRU", "GaussianDropout", "GaussianNoise",
    "Highway", "LSTM", "Lambda", "LocallyConnected1D", "LocallyConnected2D", "Masking", "MaxoutDense", "PReLU",
    "ParametricSoftplus", "SReLU", "SimpleRNN", "ThresholdedReLU", "TimeDistributed", "TimeDistributedDense", NULL
};
static const char *const pytorch[] = {
    "AdaptiveLogSoftmaxWithLoss", "AlphaDropout", "BCELoss", "BCEWithLogitsLoss", "Bilinear", "CELU", "CTCLoss",
    "ChannelShuffle", "CosineEmbeddingLoss", "CosineSimilarity", "CrossEntropyLoss", "Embedding", "EmbeddingBag",
    "FeatureAlphaDropout", "Fold", "FractionalMaxPool2d", "FractionalMaxPool3d", "GLU", "GRU", "GRUCell",
    "GaussianNLLLoss", "Hardshrink", "Hardtanh", "HingeEmbeddingLoss", "HuberLoss", "KLDivLoss", "L1Loss",
    "LPPool1d", "LPPool2d", "LPPool3d", "LSTM", "LSTMCell", "LocalResponseNorm", "LogSigmoid", "LogSoftmax",
    "MSELoss", "MarginRankingLoss", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d", "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss", "MultiMarginLoss", "MultiheadAttention", "NLLLoss", "PReLU", "PairwiseDistance",
    "PixelShuffle", "PixelUnshuffle", "PoissonNLLLoss", "RMSNorm", "RNN", "RNNCell", "RReLU", "SmoothL1Loss",
    "SoftMarginLoss", "Softmin", "Softshrink", "SyncBatchNorm", "Tanhshrink", "Threshold", "Transformer",
    "TransformerDecoder", "TransformerDecoderLayer", "TransformerEncoder", "TransformerEncoderLayer",
    "TripletMarginLoss", "TripletMarginWithDistanceLoss", "Unflatten", "Unfold", NULL
};
static const char *const onnx[] = {
    "Abs", "Acos", "Acosh", "And", "ArgMax", "ArgMin", "Asin", "Asinh", "Atan", "Atanh", "Bernoulli", "BitShift",
    "BlackmanWindow", "Cast", "CastLike", "Ceil", "Celu", "Compress", "ConcatFromSequence", "Constant",
    "ConstantOfShape", "ConvInteger", "Cos", "Cosh", "CumSum", "DFT", "DepthToSpace", "DequantizeLinear", "Det",
    "Div", "DynamicQuantizeLinear", "Einsum", "Equal", "Erf", "Expand", "EyeLike", "Floor", "GRU", "Gather",
    "GatherElements", "GatherND", "GlobalLpPool", "Greater", "GreaterOrEqual", "GridSample", "HammingWindow",
    "HannWindow", "Hardmax", "If", "IsInf", "IsNaN", "LRN", "LSTM", "Less", "LessOrEqual", "Log", "LogSoftmax",
    "Loop", "LpNormalization", "LpPool", "MatMulInteger", "MaxRoiPool", "MaxUnpool", "MeanVarianceNormalization",
    "MelWeightMatrix", "Min", "Mod", "Multinomial", "Neg", "NegativeLogLikelihoodLoss", "NonMaxSuppression",
    "NonZero", "Not", "OneHot", "Optional", "OptionalGetElement", "OptionalHasElement", "Or", "PRelu", "Pow",
    "QLinearConv", "QLinearMatMul", "QuantizeLinear", "RNN", "RandomNormal", "RandomNormalLike", "RandomUniform",
    "RandomUniformLike", "Range", "Reciprocal", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp",
    "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "ReverseSequence",
    "RoiAlign", "Round", "STFT", "Scan", "Scatter", "ScatterElements", "ScatterND", "SequenceAt",
    "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert", "SequenceLength", "SequenceMap",
    "Shape", "Shrink", "Sign", "Sin", "Sinh", "Size", "Slice", "SoftmaxCrossEntropyLoss", "SpaceToDepth", "Split",
    "SplitToSequence", "Sqrt", "Squeeze", "StringNormalizer", "Sub", "Tan", "TfIdfVectorizer", "ThresholdedRelu",
    "Tile", "TopK", "Trilu", "Unique", "Unsqueeze", "Where", "Xor", NULL
};
// clang-format on

static const char *const nobody[] = {NULL};

const char *const *cvs__known_layers(cvs_framework framework) {
    static const char *const *const lists[CVS_FRAMEWORK_COUNT] = {
        [CVS_KERAS] = keras, [CVS_KERAS1] = keras1, [CVS_PYTORCH] = pytorch, [CVS_ONNX] = onnx};
    return lists[framework] ? lists[framework] : nobody;
}

bool cvs__is_known_layer(cvs_framework framework, const char *name) {
    const char *const *known = cvs__known_layers(framework);
    while (*known && strcmp(*known, name) != 0) known++;
    return *known;
}
