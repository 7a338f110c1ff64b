#include "refusals.h"

typedef struct refused {
    const cvs_inference *inference;
    const cvs_layer *layer;
    cvs_framework framework;
} refused;

typedef struct reason {
    const char *code, *pointer; /* the pointer's beginning; NULL: whatever it is */
    bool (*holds)(const refused *r);
} reason;

static bool is_keras(const refused *r) { return r->framework == CVS_KERAS || r->framework == CVS_KERAS1; }

static cvs_dim size_of(const refused *r, const cvs_tensor_shape *tensor, int axis) {
    return tensor->shape.dim[axis + (r->layer->data_format == CVS_CHANNELS_FIRST ? 2 : 1)];
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t extent(const cvs_layer *layer, int axis) {
    return layer->dilation[axis] * (layer->kernel[axis] - 1) + 1;
}

/* Does it hold along some axis? */
static bool somewhere(const refused *r, bool (*along)(const refused *r, int axis)) {
    bool holds = false;
    for (int axis = 0; axis < r->layer->spatial_rank; axis++) holds |= along(r, axis);
    return holds;
}

/* ---- layers that there are not ---- */

static bool no_layer(const refused *r) {
    cvs_op op = r->layer->op;
    int rank = r->layer->spatial_rank;
    bool adaptive = op == CVS_OP_ADAPTIVE_MAX_POOL || op == CVS_OP_ADAPTIVE_AVERAGE_POOL;
    switch (r->framework) {
    case CVS_KERAS:
        return adaptive || (rank == 3 && (op == CVS_OP_DEPTHWISE_CONV || op == CVS_OP_SEPARABLE_CONV));
    case CVS_KERAS1:
        return adaptive || op == CVS_OP_DEPTHWISE_CONV || op == CVS_OP_LAYER_NORM || op == CVS_OP_GROUP_NORM ||
               (rank != 2 && (op == CVS_OP_CONV_TRANSPOSE || op == CVS_OP_SEPARABLE_CONV));
    case CVS_PYTORCH: /* functions of tensors, no modules */
        return op == CVS_OP_RESHAPE || op == CVS_OP_PERMUTE || op == CVS_OP_REPEAT || op >= CVS_OP_ADD;
    default:
        return op == CVS_OP_REPEAT;
    }
}

static bool no_activation(const refused *r) {
    const cvs_activation *a = &r->layer->activation;
    bool of_pytorch = r->framework == CVS_PYTORCH;
    if (a->kind == CVS_ACT_HARD_SIGMOID)
        return r->framework != CVS_ONNX && a->alpha != (of_pytorch ? 1.0F / 6.0F : 0.2F);
    if (r->framework == CVS_KERAS) return a->kind == CVS_ACT_GELU_TANH;
    if (of_pytorch) return a->kind == CVS_ACT_EXPONENTIAL;
    if (r->framework == CVS_ONNX) return a->kind == CVS_ACT_SWISH;
    /* Keras 1.2.2, activations.py and advanced_activations.py */
    static const cvs_activation_kind later[] = {CVS_ACT_RELU6, CVS_ACT_SELU,      CVS_ACT_EXPONENTIAL, CVS_ACT_SWISH,
                                                CVS_ACT_GELU,  CVS_ACT_GELU_TANH, CVS_ACT_HARD_SWISH,  CVS_ACT_MISH};
    bool is_later = false;
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) is_later |= a->kind == later[i];
    return is_later;
}

/* ---- arguments that there are not ---- */

static bool rounds_up(const refused *r) {
    return is_keras(r) && r->layer->ceil_mode && r->layer->padding.mode != CVS_PAD_SAME;
}

static bool divides(const refused *r) {
    return r->layer->divisor && (r->framework != CVS_PYTORCH || r->layer->spatial_rank == 1);
}

static bool groups(const refused *r) {
    return r->layer->groups > 1 && (r->framework == CVS_KERAS1 || r->layer->op == CVS_OP_CONV_TRANSPOSE);
}

static bool batch_statistics(const refused *r) { return !r->layer->running_stats && r->framework != CVS_PYTORCH; }

static bool flattens_some(const refused *r) {
    int last = r->inference->input.shape.rank - 1, end = r->layer->end_axis;
    return r->framework != CVS_PYTORCH && (r->layer->start_axis != 1 || (end < 0 ? end + last + 1 : end) != last);
}

/* PyTorch and ONNX have functions of two tensors, Keras layers of any number. */
static bool more_than_two(const refused *r) {
    return !is_keras(r) && r->layer->op >= CVS_OP_ADD && r->inference->input_count > 2;
}

static bool interpolates(const refused *r) {
    bool of_keras2 = r->framework == CVS_KERAS && r->layer->spatial_rank == 2;
    return is_keras(r) && !of_keras2 && r->layer->interpolation != CVS_INTERPOLATION_NEAREST;
}

/* Keras 1 has channels last in one dimension, and a softmax over them; so has UpSampling1D still. */
static bool channels_first(const refused *r) {
    const cvs_layer *layer = r->layer;
    bool last_only = r->framework == CVS_KERAS1 || layer->op == CVS_OP_UPSAMPLE;
    bool softmax = layer->op == CVS_OP_ACTIVATION && layer->activation.kind == CVS_ACT_SOFTMAX;
    return is_keras(r) && last_only && layer->data_format == CVS_CHANNELS_FIRST &&
           (softmax || layer->spatial_rank == 1);
}

static bool dilated_along(const refused *r, int axis) { return r->layer->dilation[axis] > 1; }

/* AtrousConvolution1D and 2D are all there is. */
static bool dilates(const refused *r) {
    bool atrous = r->layer->op == CVS_OP_CONV && r->layer->spatial_rank < 3;
    return r->framework == CVS_KERAS1 && !atrous && somewhere(r, dilated_along);
}

static bool keeps_spatial(const refused *r) { return r->framework == CVS_KERAS1 && r->layer->keep_spatial; }
static bool lacks_weight(const refused *r) { return !r->layer->scale_weight || !r->layer->center_weight; }
static bool halves_weights(const refused *r) { return r->layer->scale_weight != r->layer->center_weight; }

/* PyTorch and ONNX norm the channels, or the last axes. */
static bool norms_elsewhere(const refused *r) {
    int last = r->inference->input.shape.rank - 1, axis = r->layer->axis < 0 ? last : r->layer->axis;
    if (is_keras(r)) return false;
    if (r->layer->op == CVS_OP_LAYER_NORM) return axis != last;
    return axis != 1 && (axis != last || r->layer->data_format == CVS_CHANNELS_FIRST);
}

static bool norms_several(const refused *r) { return is_keras(r) && r->layer->axis != -1; }

static bool between(const refused *r) {
    int axis = r->layer->axis;
    return !is_keras(r) && axis > 1 && axis < r->inference->input.shape.rank - 1;
}

static bool no_matrix(const refused *r) {
    return (r->framework == CVS_KERAS1 || r->framework == CVS_ONNX) && r->inference->input.shape.rank != 2;
}

/* ---- paddings ---- */

static bool open_along(const refused *r, int axis) { return r->layer->padding.before[axis] == CVS_DIM_UNKNOWN; }
static bool pads_open(const refused *r) { return somewhere(r, open_along); }

static bool padded_along(const refused *r, int axis) {
    return r->layer->padding.before[axis] || r->layer->padding.after[axis];
}

static bool fills(const refused *r) {
    bool may = r->framework == CVS_PYTORCH || r->framework == CVS_ONNX;
    return !may && r->layer->padding.fill != CVS_FILL_ZEROS && somewhere(r, padded_along);
}

static bool uneven_along(const refused *r, int axis) {
    return r->layer->padding.before[axis] != r->layer->padding.after[axis];
}

/* ZeroPadding3D has a number for both ends. */
static bool uneven_in_3d(const refused *r) {
    return r->framework == CVS_KERAS1 && r->layer->spatial_rank == 3 && somewhere(r, uneven_along);
}

static bool unlike_same_along(const refused *r, int axis) {
    int64_t rest = extent(r->layer, axis) - 1;
    return r->layer->stride[axis] > 1 || r->layer->padding.before[axis] != rest / 2 ||
           r->layer->padding.after[axis] != rest - rest / 2;
}

/* Keras's pools are padded by "same" or not at all. */
static bool pool_padded(const refused *r) {
    return is_keras(r) && somewhere(r, padded_along) && somewhere(r, unlike_same_along);
}

static bool more_than_half_along(const refused *r, int axis) {
    return r->layer->padding.before[axis] > extent(r->layer, axis) / 2;
}

/* A layer before an average pool would make its cells count. */
static bool not_counted(const refused *r) {
    return r->framework == CVS_PYTORCH && !r->layer->count_include_pad && !r->layer->divisor &&
           (somewhere(r, uneven_along) || somewhere(r, more_than_half_along));
}

/* The last window in the padding: ONNX has it, PyTorch has not, and this input has one. */
static bool last_differs(const refused *r) {
    cvs_layer other = *r->layer;
    cvs_inference changed;
    other.ceil_keeps_last = !other.ceil_keeps_last;
    bool known = true;
    for (int axis = 0; axis < other.spatial_rank; axis++)
        known &= cvs_dim_is_known(size_of(r, &r->inference->input, axis));
    if (!other.ceil_mode || r->layer->ceil_keeps_last == (r->framework == CVS_ONNX)) return false;
    if (!known || cvs_infer(&other, &r->inference->input.shape, NULL, &changed, NULL) != CVS_OK) return true;
    return memcmp(&changed.output.shape, &r->inference->output.shape, sizeof changed.output.shape) != 0;
}

/* ---- sizes ---- */

static bool leaves_along(const refused *r, int axis) {
    const cvs_layer *layer = r->layer;
    int64_t left = layer->output_padding[axis], stride = layer->stride[axis];
    if (r->framework != CVS_ONNX) left += larger(layer->padding.before[axis] - layer->padding.after[axis], 0);
    return left >= (is_keras(r) ? stride : larger(stride, layer->dilation[axis]));
}

/* An output padding chooses among the sizes that a stride leaves open, and no others. */
static bool leaves_too_much(const refused *r) { return somewhere(r, leaves_along); }

static bool output_open_along(const refused *r, int axis) {
    return !cvs_dim_is_known(size_of(r, &r->inference->output, axis));
}

static bool names_output(const refused *r) { return r->framework == CVS_KERAS1 && somewhere(r, output_open_along); }

static bool broken_along(const refused *r, int axis) {
    cvs_dim i = size_of(r, &r->inference->input, axis);
    double scale = r->layer->scale[axis];
    if (r->layer->has_output_size) return i < 1 || r->layer->output_size[axis] % i;
    return scale < 1 || scale != (double)(int64_t)scale;
}

static bool breaks_cells(const refused *r) { return is_keras(r) && somewhere(r, broken_along); }

static bool no_factor_along(const refused *r, int axis) {
    cvs_dim i = size_of(r, &r->inference->input, axis), o = r->layer->output_size[axis];
    return i < 1 || (int64_t)((double)i * ((double)o / (double)i)) != o;
}

static bool no_factor(const refused *r) { return r->layer->has_output_size && somewhere(r, no_factor_along); }

static bool cut_unevenly_along(const refused *r, int axis) {
    cvs_dim i = size_of(r, &r->inference->input, axis), o = r->layer->output_size[axis];
    return o != CVS_DIM_UNKNOWN && (i < 1 || i % o);
}

static bool windows_differ(const refused *r) { return r->framework == CVS_ONNX && somewhere(r, cut_unevenly_along); }

/* ---- all of them ---- */

static const reason reasons[] = {
    {"layer-unavailable", NULL, no_layer},
    {"activation-unavailable", "/activation", no_activation},
    {"argument-unavailable", "/ceil_mode", rounds_up},
    {"argument-unavailable", "/divisor", divides},
    {"argument-unavailable", "/groups", groups},
    {"argument-unavailable", "/running_stats", batch_statistics},
    {"argument-unavailable", "/start_axis", flattens_some},
    {"argument-unavailable", "/end_axis", flattens_some},
    {"argument-unavailable", "/interpolation", interpolates},
    {"argument-unavailable", "/data_format", channels_first},
    {"argument-unavailable", "/dilation", dilates},
    {"argument-unavailable", "/keep_spatial", keeps_spatial},
    {"argument-unavailable", "/scale_weight", lacks_weight},
    {"argument-unavailable", "/center_weight", lacks_weight},
    {"argument-unavailable", "/axis", norms_elsewhere},
    {"flatten-axes", "/start_axis", flattens_some},
    {"two-inputs-only", "/op", more_than_two},
    {"several-axes-normalized", "/axis", norms_several},
    {"norm-weights-needed", NULL, lacks_weight},
    {"affine-halves", NULL, halves_weights},
    {"axis-moves", "/axis", between},
    {"matrix-only", "/op", no_matrix},
    {"padding-depends-on-input", "/padding", pads_open},
    {"padding-fill-unavailable", "/padding/fill", fills},
    {"padding-uneven", "/padding", uneven_in_3d},
    {"pool-padding-unavailable", "/padding", pool_padded},
    {"padding-counted", "/padding", not_counted},
    {"ceil-mode-differs", "/ceil_keeps_last", last_differs},
    {"output-padding-range", "/output_padding", leaves_too_much},
    {"output-size-range", "/output_size", leaves_too_much},
    {"output-size-unknown", "/output_size", names_output},
    {"scale-not-whole", "/scale", breaks_cells},
    {"scale-unknown", "/output_size", no_factor},
    {"windows-differ", "/output_size", windows_differ},
};

void check_refusal(const cvs_inference *inference, cvs_framework framework, cvs_status status, const cvs_error *err) {
    const refused r = {inference, &inference->layer, framework};
    cvs_text own = {0};
    ck_assert_int_eq(status, CVS_UNSUPPORTED);
    ck_assert_uint_gt(strlen(err->message), 20);
    ck_assert_int_eq(cvs_dialect_write(inference, CVS_CONVSCOPE, CVS_ENGLISH, &own, NULL), CVS_OK);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        const char *pointer = reasons[i].pointer;
        if (strcmp(reasons[i].code, err->code) != 0) continue;
        if (pointer && strncmp(pointer, err->pointer, strlen(pointer)) != 0) continue;
        ck_assert_msg(reasons[i].holds(&r), "%s: %s, but that is not so: %s", cvs_framework_name(framework),
                      err->message, own.data);
        cvs_text_free(&own);
        return;
    }
    ck_abort_msg("%s has no reason to refuse (%s %s) %s", cvs_framework_name(framework), err->code, err->pointer,
                 own.data);
}
