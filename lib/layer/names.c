/* names.c - the one table of names for every enumeration of layer.h, read in both directions. */
#include "layer/op.h"

#include <string.h>

static const char *const framework_names[CVS_FRAMEWORK_COUNT] = {
    [CVS_FRAMEWORK_AUTO] = "auto",   [CVS_KERAS] = "keras", [CVS_KERAS1] = "keras1",
    [CVS_PYTORCH] = "pytorch",       [CVS_ONNX] = "onnx",   [CVS_CONVSCOPE] = "convscope",
    [CVS_TENSORFLOW] = "tensorflow",
};

static const char *const framework_titles[CVS_FRAMEWORK_COUNT] = {
    [CVS_FRAMEWORK_AUTO] = "Any framework",
    [CVS_KERAS] = "Keras",
    [CVS_KERAS1] = "Keras 1",
    [CVS_PYTORCH] = "PyTorch",
    [CVS_ONNX] = "ONNX",
    [CVS_CONVSCOPE] = "Convscope",
    [CVS_TENSORFLOW] = "TensorFlow",
};

static const char *const axis_names[CVS_AXIS_COUNT] = {
    [CVS_AXIS_BATCH] = "batch",
    [CVS_AXIS_LENGTH] = "length",
    [CVS_AXIS_DEPTH] = "depth",
    [CVS_AXIS_HEIGHT] = "height",
    [CVS_AXIS_WIDTH] = "width",
    [CVS_AXIS_CHANNELS] = "channels",
    [CVS_AXIS_FILTERS] = "filters",
    [CVS_AXIS_IN_CHANNELS] = "in_channels",
    [CVS_AXIS_IN_CHANNELS_PER_GROUP] = "in_channels_per_group",
    [CVS_AXIS_FILTERS_PER_GROUP] = "filters_per_group",
    [CVS_AXIS_MULTIPLIER] = "multiplier",
    [CVS_AXIS_KERNEL_LENGTH] = "kernel_length",
    [CVS_AXIS_KERNEL_DEPTH] = "kernel_depth",
    [CVS_AXIS_KERNEL_HEIGHT] = "kernel_height",
    [CVS_AXIS_KERNEL_WIDTH] = "kernel_width",
    [CVS_AXIS_UNIT] = "unit",
    [CVS_AXIS_FEATURES] = "features",
    [CVS_AXIS_UNITS] = "units",
    [CVS_AXIS_OTHER] = "axis",
};

static const char *const op_names[CVS_OP_COUNT] = {
    [CVS_OP_CONV] = "conv",
    [CVS_OP_CONV_TRANSPOSE] = "conv_transpose",
    [CVS_OP_DEPTHWISE_CONV] = "depthwise_conv",
    [CVS_OP_SEPARABLE_CONV] = "separable_conv",
    [CVS_OP_MAX_POOL] = "max_pool",
    [CVS_OP_AVERAGE_POOL] = "average_pool",
    [CVS_OP_GLOBAL_MAX_POOL] = "global_max_pool",
    [CVS_OP_GLOBAL_AVERAGE_POOL] = "global_average_pool",
    [CVS_OP_ADAPTIVE_MAX_POOL] = "adaptive_max_pool",
    [CVS_OP_ADAPTIVE_AVERAGE_POOL] = "adaptive_average_pool",
    [CVS_OP_PAD] = "pad",
    [CVS_OP_CROP] = "crop",
    [CVS_OP_UPSAMPLE] = "upsample",
    [CVS_OP_DENSE] = "dense",
    [CVS_OP_FLATTEN] = "flatten",
    [CVS_OP_RESHAPE] = "reshape",
    [CVS_OP_PERMUTE] = "permute",
    [CVS_OP_REPEAT] = "repeat",
    [CVS_OP_BATCH_NORM] = "batch_norm",
    [CVS_OP_LAYER_NORM] = "layer_norm",
    [CVS_OP_GROUP_NORM] = "group_norm",
    [CVS_OP_ACTIVATION] = "activation",
    [CVS_OP_DROPOUT] = "dropout",
    [CVS_OP_ADD] = "add",
    [CVS_OP_MULTIPLY] = "multiply",
    [CVS_OP_AVERAGE] = "average",
    [CVS_OP_MAXIMUM] = "maximum",
    [CVS_OP_CONCATENATE] = "concatenate",
};

static const char *const interpolation_names[CVS_INTERPOLATION_COUNT] = {
    [CVS_INTERPOLATION_NEAREST] = "nearest",
    [CVS_INTERPOLATION_LINEAR] = "linear",
    [CVS_INTERPOLATION_CUBIC] = "cubic",
};

static const char *const data_format_names[] = {
    [CVS_CHANNELS_LAST] = "channels_last",
    [CVS_CHANNELS_FIRST] = "channels_first",
};

static const char *const padding_mode_names[] = {
    [CVS_PAD_VALID] = "valid",   [CVS_PAD_SAME] = "same", [CVS_PAD_SAME_LOWER] = "same_lower",
    [CVS_PAD_CAUSAL] = "causal", [CVS_PAD_FULL] = "full", [CVS_PAD_EXPLICIT] = "explicit",
};

static const char *const fill_names[] = {
    [CVS_FILL_ZEROS] = "zeros",
    [CVS_FILL_REFLECT] = "reflect",
    [CVS_FILL_REPLICATE] = "replicate",
    [CVS_FILL_CIRCULAR] = "circular",
};

static const char *const activation_names[CVS_ACT_COUNT] = {
    [CVS_ACT_LINEAR] = "linear",
    [CVS_ACT_RELU] = "relu",
    [CVS_ACT_RELU6] = "relu6",
    [CVS_ACT_LEAKY_RELU] = "leaky_relu",
    [CVS_ACT_ELU] = "elu",
    [CVS_ACT_SELU] = "selu",
    [CVS_ACT_SIGMOID] = "sigmoid",
    [CVS_ACT_HARD_SIGMOID] = "hard_sigmoid",
    [CVS_ACT_TANH] = "tanh",
    [CVS_ACT_SOFTPLUS] = "softplus",
    [CVS_ACT_SOFTSIGN] = "softsign",
    [CVS_ACT_EXPONENTIAL] = "exponential",
    [CVS_ACT_SWISH] = "swish",
    [CVS_ACT_GELU] = "gelu",
    [CVS_ACT_GELU_TANH] = "gelu_tanh",
    [CVS_ACT_SOFTMAX] = "softmax",
    [CVS_ACT_HARD_SWISH] = "hard_swish",
    [CVS_ACT_MISH] = "mish",
};

typedef struct names {
    const char *const *name;
    int count;
} names;

enum {
    DATA_FORMATS = sizeof data_format_names / sizeof *data_format_names,
    PADDING_MODES = sizeof padding_mode_names / sizeof *padding_mode_names,
    FILLS = sizeof fill_names / sizeof *fill_names
};

static const names frameworks = {framework_names, CVS_FRAMEWORK_COUNT};
static const names titles = {framework_titles, CVS_FRAMEWORK_COUNT};
static const names axes = {axis_names, CVS_AXIS_COUNT};
static const names ops = {op_names, CVS_OP_COUNT};
static const names interpolations = {interpolation_names, CVS_INTERPOLATION_COUNT};
static const names data_formats = {data_format_names, DATA_FORMATS};
static const names padding_modes = {padding_mode_names, PADDING_MODES};
static const names fills = {fill_names, FILLS};
static const names activations = {activation_names, CVS_ACT_COUNT};

/* "?" stands for a number that is none of the enumeration's. */
static const char *name_of(names table, unsigned value) {
    return value < (unsigned)table.count ? table.name[value] : "?";
}

static int find(names table, const char *name) {
    for (int i = 0; name && i < table.count; i++)
        if (strcmp(table.name[i], name) == 0) return i;
    return -1;
}

const char *cvs_framework_name(cvs_framework framework) { return name_of(frameworks, framework); }
const char *cvs__framework_title(cvs_framework framework) { return name_of(titles, framework); }
const char *cvs_axis_name(cvs_axis axis) { return name_of(axes, axis); }
const char *cvs_op_name(cvs_op op) { return name_of(ops, op); }
const char *cvs_data_format_name(cvs_data_format format) { return name_of(data_formats, format); }
const char *cvs_padding_mode_name(cvs_padding_mode mode) { return name_of(padding_modes, mode); }
const char *cvs_fill_name(cvs_fill fill) { return name_of(fills, fill); }
const char *cvs_activation_name(cvs_activation_kind kind) { return name_of(activations, kind); }

const char *cvs_interpolation_name(cvs_interpolation interpolation) { return name_of(interpolations, interpolation); }

bool cvs__data_format_exists(cvs_data_format format) { return (unsigned)format < DATA_FORMATS; }
bool cvs__padding_mode_exists(cvs_padding_mode mode) { return (unsigned)mode < PADDING_MODES; }
bool cvs__fill_exists(cvs_fill fill) { return (unsigned)fill < FILLS; }

bool cvs_framework_from_name(const char *name, cvs_framework *framework) {
    int found = find(frameworks, name);
    if (found >= 0) *framework = (cvs_framework)found;
    return found >= 0;
}

bool cvs_padding_mode_from_name(const char *name, cvs_padding_mode *mode) {
    int found = find(padding_modes, name);
    if (found >= 0) *mode = (cvs_padding_mode)found;
    return found >= 0;
}

bool cvs_activation_from_name(const char *name, cvs_activation_kind *kind) {
    int found = find(activations, name);
    if (found >= 0) *kind = (cvs_activation_kind)found;
    return found >= 0;
}

bool cvs_op_from_name(const char *name, cvs_op *op) {
    int found = find(ops, name);
    if (found >= 0) *op = (cvs_op)found;
    return found >= 0;
}
