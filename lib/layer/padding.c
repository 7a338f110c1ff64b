/* padding.c - which paddings each framework has in which layers. */
#include "layer/validate.h"

#include <stdio.h>

/* Which paddings a framework's layers of one family have. */
typedef struct paddings {
    unsigned modes; /* bit 1 << cvs_padding_mode */
    bool fills;     /* others than zeros */
    bool uneven;    /* before and after may differ */
    const char *spelled;
} paddings;

#define MODE(name) (1u << CVS_PAD_##name)

/* Keras pads with zeros, by a name; PyTorch by one number an axis; ONNX by two numbers or a name. */
static const paddings valid_same = {MODE(VALID) | MODE(SAME), false, false, "valid, same"};
static const paddings keras_conv = {MODE(VALID) | MODE(SAME) | MODE(CAUSAL), false, false, "valid, same, causal"};
static const paddings keras1_conv = {MODE(VALID) | MODE(SAME) | MODE(FULL), false, false, "valid, same, full"};
static const paddings torch_conv = {MODE(VALID) | MODE(SAME) | MODE(EXPLICIT), true, false, "valid, same, or numbers"};
static const paddings torch_numbers = {MODE(VALID) | MODE(EXPLICIT), false, false, "numbers"};
static const paddings onnx = {MODE(VALID) | MODE(SAME) | MODE(SAME_LOWER) | MODE(EXPLICIT), false, true,
                              "valid (VALID), same (SAME_UPPER), same_lower (SAME_LOWER), or numbers"};
static const paddings ours_transposed = {MODE(VALID) | MODE(SAME) | MODE(SAME_LOWER) | MODE(EXPLICIT), false, true,
                                         "valid, same, same_lower, explicit"};
static const paddings pads = {MODE(VALID) | MODE(EXPLICIT), true, true, "numbers"};
static const paddings pads_zeros = {MODE(VALID) | MODE(EXPLICIT), false, true, "numbers"};
static const paddings all = {~0u, true, true, "valid, same, same_lower, causal, full, explicit"};
static const paddings all_of_zeros = {~0u, false, true, "valid, same, same_lower, causal, full, explicit"};

typedef enum family { CONVOLVING, SEPARABLE, DEPTHWISE, POOLING, TRANSPOSED, PADDING, CROPPING, FAMILY_COUNT } family;

/* PyTorch and ONNX have no separable convolution: its validation refuses them. */
static const paddings *const paddings_of[FAMILY_COUNT][CVS_FRAMEWORK_COUNT] = {
    [CONVOLVING] = {[CVS_KERAS] = &keras_conv,
                    [CVS_KERAS1] = &keras1_conv,
                    [CVS_PYTORCH] = &torch_conv,
                    [CVS_ONNX] = &onnx,
                    [CVS_CONVSCOPE] = &all},
    [SEPARABLE] = {[CVS_KERAS] = &keras_conv,
                   [CVS_KERAS1] = &valid_same,
                   [CVS_PYTORCH] = &torch_conv,
                   [CVS_ONNX] = &onnx,
                   [CVS_CONVSCOPE] = &all},
    [DEPTHWISE] = {[CVS_KERAS] = &valid_same,
                   [CVS_KERAS1] = &valid_same,
                   [CVS_PYTORCH] = &torch_conv,
                   [CVS_ONNX] = &onnx,
                   [CVS_CONVSCOPE] = &all},
    [POOLING] = {[CVS_KERAS] = &valid_same,
                 [CVS_KERAS1] = &valid_same,
                 [CVS_PYTORCH] = &torch_numbers,
                 [CVS_ONNX] = &onnx,
                 [CVS_CONVSCOPE] = &all_of_zeros},
    [TRANSPOSED] = {[CVS_KERAS] = &valid_same,
                    [CVS_KERAS1] = &valid_same,
                    [CVS_PYTORCH] = &torch_numbers,
                    [CVS_ONNX] = &onnx,
                    [CVS_CONVSCOPE] = &ours_transposed},
    [PADDING] = {[CVS_KERAS] = &pads_zeros,
                 [CVS_KERAS1] = &pads_zeros,
                 [CVS_PYTORCH] = &pads,
                 [CVS_ONNX] = &pads,
                 [CVS_CONVSCOPE] = &pads},
    [CROPPING] = {[CVS_KERAS] = &pads_zeros,
                  [CVS_KERAS1] = &pads_zeros,
                  [CVS_PYTORCH] = &pads_zeros,
                  [CVS_ONNX] = &pads_zeros,
                  [CVS_CONVSCOPE] = &pads_zeros},
};

static family family_of(cvs_op op) {
    switch (op) {
    case CVS_OP_SEPARABLE_CONV:
        return SEPARABLE;
    case CVS_OP_DEPTHWISE_CONV:
        return DEPTHWISE;
    case CVS_OP_MAX_POOL:
    case CVS_OP_AVERAGE_POOL:
        return POOLING;
    case CVS_OP_CONV_TRANSPOSE:
        return TRANSPOSED;
    case CVS_OP_PAD:
        return PADDING;
    case CVS_OP_CROP:
        return CROPPING;
    default:
        return CONVOLVING;
    }
}

static cvs_status check_mode(const cvs_layer *layer, const paddings *has, cvs_error *err) {
    cvs_padding_mode mode = layer->padding.mode;
    if (!(has->modes & (1u << mode))) {
        cvs_status status = cvs_fail(err, CVS_INVALID, "padding-mode-unavailable", "/padding/mode",
                                     "%s has no padding \"%s\" in this layer.",
                                     cvs__framework_title(cvs__framework_of(layer)), cvs_padding_mode_name(mode));
        cvs_fail_expected(err, "%s", has->spelled);
        return status;
    }
    if (mode == CVS_PAD_CAUSAL && layer->spatial_rank != 1) {
        cvs_status status = cvs_fail(err, CVS_INVALID, "causal-not-1d", "/padding/mode",
                                     "Causal padding looks back in time and exists for 1D layers only; this one has %d "
                                     "spatial axes.",
                                     layer->spatial_rank);
        cvs_fail_expected(err, "valid or same");
        return status;
    }
    return CVS_OK;
}

static cvs_status check_fill(const cvs_layer *layer, const paddings *has, cvs_error *err) {
    if (has->fills || layer->padding.fill == CVS_FILL_ZEROS) return CVS_OK;
    cvs_status status = cvs_fail(err, CVS_INVALID, "padding-fill-unavailable", "/padding/fill",
                                 "%s pads this layer with zeros only, not with \"%s\".",
                                 cvs__framework_title(cvs__framework_of(layer)), cvs_fill_name(layer->padding.fill));
    cvs_fail_expected(err, "zeros");
    return status;
}

/* PyTorch has one padding an axis, for both of its ends. */
static cvs_status check_even(const cvs_layer *layer, const paddings *has, cvs_error *err) {
    const cvs_padding *padding = &layer->padding;
    for (int axis = 0; axis < layer->spatial_rank && !has->uneven; axis++) {
        if (padding->before[axis] == padding->after[axis]) continue;
        char pointer[48];
        snprintf(pointer, sizeof pointer, "/padding/after/%d", axis);
        cvs_status status = cvs_fail(
            err, CVS_INVALID, "padding-uneven", pointer,
            "%s pads both ends of an axis alike, but along %s %lld are asked for before and %lld after.",
            cvs__framework_title(cvs__framework_of(layer)), cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)),
            (long long)padding->before[axis], (long long)padding->after[axis]);
        cvs_fail_expected(err, "equal numbers, or a padding layer of its own before this one");
        return status;
    }
    return CVS_OK;
}

cvs_status cvs__check_padding(const cvs_layer *layer, cvs_error *err) {
    const paddings *has = paddings_of[family_of(layer->op)][cvs__framework_of(layer)];
    const cvs__list before = {layer->padding.before, 0, "/padding/before", "padding before"};
    const cvs__list after = {layer->padding.after, 0, "/padding/after", "padding after"};
    cvs_status status = check_mode(layer, has, err);
    if (status == CVS_OK) status = check_fill(layer, has, err);
    bool unread = layer->op == CVS_OP_CONV_TRANSPOSE && layer->has_output_size; /* the wanted size decides */
    if (status != CVS_OK || layer->padding.mode != CVS_PAD_EXPLICIT || unread) return status;
    status = cvs__check_list(layer, before, err);
    if (status == CVS_OK) status = cvs__check_list(layer, after, err);
    return status == CVS_OK ? check_even(layer, has, err) : status;
}

/* Reflection needs a cell besides the edge for each padded one, wrapping around a cell for each. */
cvs_status cvs__check_fill_fits(const cvs_layer *layer, int axis, cvs_dim size, cvs_error *err) {
    cvs_fill fill = layer->padding.fill;
    if (!cvs_dim_is_known(size) || (fill != CVS_FILL_REFLECT && fill != CVS_FILL_CIRCULAR)) return CVS_OK;
    int64_t most = fill == CVS_FILL_REFLECT ? size - 1 : size;
    bool at_start = layer->padding.before[axis] > most;
    int64_t padding = at_start ? layer->padding.before[axis] : layer->padding.after[axis];
    if (padding <= most) return CVS_OK;
    char pointer[48];
    snprintf(pointer, sizeof pointer, "/padding/%s/%d", at_start ? "before" : "after", axis);
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "padding-exceeds-input", pointer,
                 "Padding \"%s\" takes its cells from the input: along %s, of size %lld, at most %lld can "
                 "be added, not %lld.",
                 cvs_fill_name(fill), cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)), (long long)size,
                 (long long)most, (long long)padding);
    cvs_fail_value(err, "%lld", (long long)padding);
    cvs_fail_expected(err, "at most %lld", (long long)most);
    return status;
}
