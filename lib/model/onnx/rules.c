/*
 * rules.c - the operators of ONNX's default domain, by name. What changed from opset to opset is read where it stands:
 * attributes that became inputs, and the other way round.
 */
#include <stdlib.h>
#include <string.h>

#include "model/onnx/families.h"

#define BIT(i) (1U << (i))
/* Any input but those behind the 32nd. */
#define EVERY UINT32_MAX

/* Number by number, of one tensor or of several. */
#define UNARY(name)                                                                                                    \
    { .op = (name), .infer = cvs__onnx_infer_unary, .least_inputs = 1 }
#define FOLDED(name, sum)                                                                                              \
    { .op = (name), .infer = cvs__onnx_infer_unary, .variant = (sum), .least_inputs = 1 }
#define VIEWED(name)                                                                                                   \
    { .op = (name), .infer = cvs__onnx_infer_unary, .least_inputs = 1, .layer = (name) }
#define COMPARE(name, sum)                                                                                             \
    { .op = (name), .infer = cvs__onnx_infer_compare, .variant = (sum), .least_inputs = 2 }
#define MANY(name, sum)                                                                                                \
    { .op = (name), .infer = cvs__onnx_infer_many, .variant = (sum), .least_inputs = 1, .weights = EVERY }
#define MERGE(name, sum)                                                                                               \
    {                                                                                                                  \
        .op = (name), .infer = cvs__onnx_infer_many, .variant = (sum), .least_inputs = 1, .weights = EVERY,            \
        .layer = (name)                                                                                                \
    }
#define REDUCE(name, sum)                                                                                              \
    {                                                                                                                  \
        .op = (name), .infer = cvs__onnx_infer_reduce, .variant = (sum), .least_inputs = 1,                            \
        .sight = CVS__ONNX_SEES_NOTHING                                                                                \
    }
/* Nothing comes out at a place that one could name in what went in. */
#define LOST .sight = CVS__ONNX_SEES_NOTHING

/* One operator a line, in the order of the alphabet: it is searched by halves. */
// clang-format off
static const cvs__onnx_rule rules[] = {
    FOLDED("Abs", CVS__ONNX_ABSOLUTE),
    UNARY("Acos"),
    UNARY("Acosh"),
    MERGE("Add", CVS__ONNX_ADD),
    COMPARE("And", CVS__ONNX_AND),
    {.op = "ArgMax", .infer = cvs__onnx_infer_arg, .least_inputs = 1, LOST},
    {.op = "ArgMin", .infer = cvs__onnx_infer_arg, .least_inputs = 1, LOST},
    UNARY("Asin"),
    UNARY("Asinh"),
    UNARY("Atan"),
    UNARY("Atanh"),
    {.op = "AveragePool", .infer = cvs__onnx_infer_pool, .least_inputs = 1, .kernel = true, .sight = CVS__ONNX_SEES_LAYER, .layer = "AveragePool"},
    {.op = "BatchNormalization", .infer = cvs__onnx_infer_batch_norm, .least_inputs = 5, .weights = BIT(1) | BIT(2) | BIT(3) | BIT(4), .kernel = true, .layer = "BatchNormalization"},
    UNARY("Bernoulli"),
    MANY("BitShift", CVS__ONNX_NO_SUM),
    MANY("BitwiseAnd", CVS__ONNX_NO_SUM),
    UNARY("BitwiseNot"),
    MANY("BitwiseOr", CVS__ONNX_NO_SUM),
    MANY("BitwiseXor", CVS__ONNX_NO_SUM),
    {.op = "Cast", .infer = cvs__onnx_infer_cast, .least_inputs = 1, .reshapes = true},
    {.op = "CastLike", .infer = cvs__onnx_infer_cast, .variant = true, .least_inputs = 2, .reshapes = true},
    FOLDED("Ceil", CVS__ONNX_CEIL),
    VIEWED("Celu"),
    VIEWED("Clip"),
    {.op = "Compress", .infer = cvs__onnx_infer_compress, .least_inputs = 2, LOST},
    {.op = "Concat", .infer = cvs__onnx_infer_concat, .least_inputs = 1, .weights = EVERY, .layer = "Concat"},
    {.op = "Constant", .infer = cvs__onnx_infer_other_constant, LOST},
    {.op = "ConstantOfShape", .infer = cvs__onnx_infer_constant_of_shape, .least_inputs = 1, LOST},
    {.op = "Conv", .infer = cvs__onnx_infer_convolve, .least_inputs = 2, .weights = BIT(1) | BIT(2), .kernel = true, .sight = CVS__ONNX_SEES_LAYER, .layer = "Conv", .weights_at = 1, .bias_at = 2},
    {.op = "ConvInteger", .infer = cvs__onnx_infer_convolve, .variant = -CVS__ONNX_INT32, .least_inputs = 2, .weights = BIT(1), .kernel = true, .sight = CVS__ONNX_SEES_LAYER, .layer = "Conv", .weights_at = 1},
    {.op = "ConvTranspose", .infer = cvs__onnx_infer_convolve, .least_inputs = 2, .weights = BIT(1) | BIT(2), .kernel = true, .sight = CVS__ONNX_SEES_LAYER, .layer = "ConvTranspose", .weights_at = 1, .bias_at = 2},
    UNARY("Cos"),
    UNARY("Cosh"),
    UNARY("CumSum"),
    {.op = "DepthToSpace", .infer = cvs__onnx_infer_depth_to_space, .least_inputs = 1, LOST},
    {.op = "DequantizeLinear", .infer = cvs__onnx_infer_dequantize, .least_inputs = 2, .reshapes = true},
    {.op = "Det", .infer = cvs__onnx_infer_det, .least_inputs = 1, LOST},
    MANY("Div", CVS__ONNX_DIVIDE),
    {.op = "Dropout", .infer = cvs__onnx_infer_dropout, .least_inputs = 1, .layer = "Dropout"},
    {.op = "DynamicQuantizeLinear", .infer = cvs__onnx_infer_dynamic_quantize, .least_inputs = 1},
    VIEWED("Elu"),
    COMPARE("Equal", CVS__ONNX_EQUAL),
    UNARY("Erf"),
    VIEWED("Exp"),
    {.op = "Expand", .infer = cvs__onnx_infer_expand, .least_inputs = 2, .weights = BIT(0), LOST},
    {.op = "EyeLike", .infer = cvs__onnx_infer_like, .least_inputs = 1, LOST},
    {.op = "Flatten", .infer = cvs__onnx_infer_flatten, .least_inputs = 1, .reshapes = true, LOST, .layer = "Flatten"},
    FOLDED("Floor", CVS__ONNX_FLOOR),
    {.op = "GRU", .infer = cvs__onnx_infer_recurrent, .variant = 1, .least_inputs = 3, .weights = BIT(1) | BIT(2) | BIT(3), .kernel = true, LOST},
    {.op = "Gather", .infer = cvs__onnx_infer_gather, .least_inputs = 2, .weights = BIT(0), LOST},
    {.op = "GatherElements", .infer = cvs__onnx_infer_gather_elements, .least_inputs = 2, .weights = BIT(0), LOST},
    {.op = "GatherND", .infer = cvs__onnx_infer_gather_nd, .least_inputs = 2, .weights = BIT(0), LOST},
    VIEWED("Gelu"),
    {.op = "Gemm", .infer = cvs__onnx_infer_gemm, .least_inputs = 2, .weights = BIT(0) | BIT(1) | BIT(2), .kernel = true, LOST, .layer = "Gemm", .weights_at = 1, .bias_at = 2},
    {.op = "GlobalAveragePool", .infer = cvs__onnx_infer_global_pool, .least_inputs = 1, .sight = CVS__ONNX_SEES_LAYER, .layer = "GlobalAveragePool"},
    {.op = "GlobalLpPool", .infer = cvs__onnx_infer_global_pool, .least_inputs = 1, .sight = CVS__ONNX_SEES_LAYER},
    {.op = "GlobalMaxPool", .infer = cvs__onnx_infer_global_pool, .least_inputs = 1, .sight = CVS__ONNX_SEES_LAYER, .layer = "GlobalMaxPool"},
    COMPARE("Greater", CVS__ONNX_GREATER),
    COMPARE("GreaterOrEqual", CVS__ONNX_GREATER_OR_EQUAL),
    {.op = "GridSample", .infer = cvs__onnx_infer_grid_sample, .least_inputs = 2, LOST},
    {.op = "GroupNormalization", .infer = cvs__onnx_infer_unary, .least_inputs = 3, .weights = BIT(1) | BIT(2), .kernel = true, .layer = "GroupNormalization"},
    VIEWED("HardSigmoid"),
    VIEWED("HardSwish"),
    UNARY("Hardmax"),
    {.op = "Identity", .infer = cvs__onnx_infer_unary, .variant = CVS__ONNX_SAME, .least_inputs = 1, .reshapes = true, .layer = "Identity"},
    {.op = "If", .infer = cvs__onnx_infer_if, .least_inputs = 1, LOST},
    {.op = "InstanceNormalization", .infer = cvs__onnx_infer_unary, .least_inputs = 3, .weights = BIT(1) | BIT(2), .kernel = true, .layer = "InstanceNormalization"},
    {.op = "IsInf", .infer = cvs__onnx_infer_test, .least_inputs = 1},
    {.op = "IsNaN", .infer = cvs__onnx_infer_test, .least_inputs = 1},
    UNARY("LRN"),
    {.op = "LSTM", .infer = cvs__onnx_infer_recurrent, .variant = 2, .least_inputs = 3, .weights = BIT(1) | BIT(2) | BIT(3) | BIT(7), .kernel = true, LOST},
    {.op = "LayerNormalization", .infer = cvs__onnx_infer_layer_norm, .least_inputs = 2, .weights = BIT(1) | BIT(2), .kernel = true, .layer = "LayerNormalization", .bias_at = 2},
    VIEWED("LeakyRelu"),
    COMPARE("Less", CVS__ONNX_LESS),
    COMPARE("LessOrEqual", CVS__ONNX_LESS_OR_EQUAL),
    UNARY("Log"),
    UNARY("LogSoftmax"),
    {.op = "Loop", .infer = cvs__onnx_infer_loop, .least_inputs = 0, LOST},
    UNARY("LpNormalization"),
    {.op = "LpPool", .infer = cvs__onnx_infer_lp_pool, .least_inputs = 1, .sight = CVS__ONNX_SEES_LAYER},
    {.op = "MatMul", .infer = cvs__onnx_infer_mat_mul, .variant = CVS__ONNX_MATRICES, .least_inputs = 2, .weights = BIT(0) | BIT(1), .kernel = true, LOST, .layer = "MatMul", .weights_at = 1},
    {.op = "MatMulInteger", .infer = cvs__onnx_infer_mat_mul, .variant = CVS__ONNX_INTEGER_MATRICES, .least_inputs = 2, .weights = BIT(0) | BIT(1), .kernel = true, LOST},
    MERGE("Max", CVS__ONNX_MAX),
    {.op = "MaxPool", .infer = cvs__onnx_infer_pool, .least_inputs = 1, .kernel = true, .sight = CVS__ONNX_SEES_LAYER, .layer = "MaxPool"},
    {.op = "MaxRoiPool", .infer = cvs__onnx_infer_roi_pool, .least_inputs = 2, LOST},
    {.op = "MaxUnpool", .infer = cvs__onnx_infer_max_unpool, .least_inputs = 2, LOST},
    MERGE("Mean", CVS__ONNX_NO_SUM),
    UNARY("MeanVarianceNormalization"),
    MANY("Min", CVS__ONNX_MIN),
    VIEWED("Mish"),
    MANY("Mod", CVS__ONNX_MODULO),
    MERGE("Mul", CVS__ONNX_MULTIPLY),
    {.op = "Multinomial", .infer = cvs__onnx_infer_multinomial, .least_inputs = 1, LOST},
    FOLDED("Neg", CVS__ONNX_NEGATE),
    {.op = "NonZero", .infer = cvs__onnx_infer_non_zero, .least_inputs = 1, LOST},
    {.op = "Not", .infer = cvs__onnx_infer_test, .variant = CVS__ONNX_NOT, .least_inputs = 1},
    {.op = "OneHot", .infer = cvs__onnx_infer_one_hot, .least_inputs = 3, LOST},
    COMPARE("Or", CVS__ONNX_OR),
    {.op = "PRelu", .infer = cvs__onnx_infer_prelu, .least_inputs = 2, .weights = BIT(1), .kernel = true},
    {.op = "Pad", .infer = cvs__onnx_infer_pad, .least_inputs = 1, .sight = CVS__ONNX_SEES_LAYER, .layer = "Pad"},
    MANY("Pow", CVS__ONNX_NO_SUM),
    {.op = "QLinearConv", .infer = cvs__onnx_infer_convolve, .variant = 8, .least_inputs = 8, .weights = BIT(3) | BIT(8), .kernel = true, .sight = CVS__ONNX_SEES_LAYER, .layer = "Conv", .weights_at = 3, .bias_at = 8},
    {.op = "QLinearMatMul", .infer = cvs__onnx_infer_mat_mul, .variant = CVS__ONNX_QUANTIZED_MATRICES, .least_inputs = 8, .weights = BIT(0) | BIT(3), .kernel = true, LOST},
    {.op = "QuantizeLinear", .infer = cvs__onnx_infer_quantize, .least_inputs = 2, .reshapes = true},
    {.op = "RNN", .infer = cvs__onnx_infer_recurrent, .variant = 1, .least_inputs = 3, .weights = BIT(1) | BIT(2) | BIT(3), .kernel = true, LOST},
    {.op = "RandomNormal", .infer = cvs__onnx_infer_of_attribute, LOST},
    {.op = "RandomNormalLike", .infer = cvs__onnx_infer_like, .least_inputs = 1, LOST},
    {.op = "RandomUniform", .infer = cvs__onnx_infer_of_attribute, LOST},
    {.op = "RandomUniformLike", .infer = cvs__onnx_infer_like, .least_inputs = 1, LOST},
    {.op = "Range", .infer = cvs__onnx_infer_range, .least_inputs = 3, LOST},
    UNARY("Reciprocal"),
    REDUCE("ReduceL1", CVS__ONNX_NO_SUM),
    REDUCE("ReduceL2", CVS__ONNX_NO_SUM),
    REDUCE("ReduceLogSum", CVS__ONNX_NO_SUM),
    REDUCE("ReduceLogSumExp", CVS__ONNX_NO_SUM),
    REDUCE("ReduceMax", CVS__ONNX_MAX),
    REDUCE("ReduceMean", CVS__ONNX_NO_SUM),
    REDUCE("ReduceMin", CVS__ONNX_MIN),
    REDUCE("ReduceProd", CVS__ONNX_MULTIPLY),
    REDUCE("ReduceSum", CVS__ONNX_ADD),
    REDUCE("ReduceSumSquare", CVS__ONNX_NO_SUM),
    {.op = "Relu", .infer = cvs__onnx_infer_unary, .variant = CVS__ONNX_RELU, .least_inputs = 1, .layer = "Relu"},
    {.op = "Reshape", .infer = cvs__onnx_infer_reshape, .least_inputs = 2, .reshapes = true, LOST, .layer = "Reshape"},
    {.op = "Resize", .infer = cvs__onnx_infer_resize, .least_inputs = 1, .sight = CVS__ONNX_SEES_LAYER, .layer = "Resize"},
    UNARY("ReverseSequence"),
    {.op = "RoiAlign", .infer = cvs__onnx_infer_roi_align, .least_inputs = 3, LOST},
    UNARY("Round"),
    {.op = "Scatter", .infer = cvs__onnx_infer_unary, .least_inputs = 3, LOST},
    {.op = "ScatterElements", .infer = cvs__onnx_infer_unary, .least_inputs = 3, LOST},
    {.op = "ScatterND", .infer = cvs__onnx_infer_unary, .least_inputs = 3, LOST},
    VIEWED("Selu"),
    {.op = "Shape", .infer = cvs__onnx_infer_shape_of, .least_inputs = 1, LOST},
    UNARY("Shrink"),
    VIEWED("Sigmoid"),
    UNARY("Sign"),
    UNARY("Sin"),
    UNARY("Sinh"),
    {.op = "Size", .infer = cvs__onnx_infer_size_of, .least_inputs = 1, LOST},
    {.op = "Slice", .infer = cvs__onnx_infer_slice, .least_inputs = 1, LOST},
    VIEWED("Softmax"),
    VIEWED("Softplus"),
    VIEWED("Softsign"),
    {.op = "SpaceToDepth", .infer = cvs__onnx_infer_space_to_depth, .least_inputs = 1, LOST},
    {.op = "Split", .infer = cvs__onnx_infer_split, .least_inputs = 1},
    UNARY("Sqrt"),
    {.op = "Squeeze", .infer = cvs__onnx_infer_squeeze, .least_inputs = 1, .reshapes = true, LOST},
    MANY("Sub", CVS__ONNX_SUBTRACT),
    MERGE("Sum", CVS__ONNX_ADD),
    UNARY("Tan"),
    VIEWED("Tanh"),
    UNARY("ThresholdedRelu"),
    {.op = "Tile", .infer = cvs__onnx_infer_tile, .least_inputs = 2, LOST},
    {.op = "TopK", .infer = cvs__onnx_infer_top_k, .least_inputs = 1, LOST},
    {.op = "Transpose", .infer = cvs__onnx_infer_transpose, .least_inputs = 1, .reshapes = true, LOST, .layer = "Transpose"},
    UNARY("Trilu"),
    {.op = "Unsqueeze", .infer = cvs__onnx_infer_unsqueeze, .least_inputs = 1, .reshapes = true, LOST},
    {.op = "Upsample", .infer = cvs__onnx_infer_resize, .variant = true, .least_inputs = 1, .sight = CVS__ONNX_SEES_LAYER, .layer = "Upsample"},
    {.op = "Where", .infer = cvs__onnx_infer_where, .least_inputs = 3, .weights = BIT(1) | BIT(2)},
    COMPARE("Xor", CVS__ONNX_XOR),
};
// clang-format on

static int compare(const void *name, const void *rule) { return strcmp(name, ((const cvs__onnx_rule *)rule)->op); }

const cvs__onnx_rule *cvs__onnx_rule_of(const char *op) {
    return bsearch(op, rules, sizeof rules / sizeof *rules, sizeof *rules, compare);
}
