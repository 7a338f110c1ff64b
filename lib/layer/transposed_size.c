/*
 * transposed_size.c - how many cells a transposed convolution makes.
 *
 * Input cell x adds its kernel to the output cells x*s + t*d - p_before. The frameworks say in different ways how
 * much is cut off (p_before, p_after) and how much stays empty at the end (p_out). Once settled,
 * o = (i - 1)*s + ke - p_before - p_after + p_out holds for all of them.
 */
#include "layer/transposed.h"

#include "base/checked.h"
#include "layer/dim.h"

#include <stdio.h>

static bool is_same(const cvs_layer *layer) {
    return layer->padding.mode == CVS_PAD_SAME || layer->padding.mode == CVS_PAD_SAME_LOWER;
}

static const char *along(const cvs_layer *layer, int axis) {
    return cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis));
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

/*
 * Cut `total` cells off, or leave -total more empty. Of an odd number TensorFlow and SAME_UPPER cut the smaller half
 * before; ONNX cuts the larger one there for SAME_LOWER and when an output_shape comes without auto_pad.
 */
static void cut(cvs_layer *layer, int axis, int64_t total) {
    int64_t kept = larger(total, 0), half = kept / 2;
    bool smaller_first = layer->padding.mode == CVS_PAD_SAME || cvs__is_keras(layer->framework);
    layer->padding.before[axis] = smaller_first ? half : kept - half;
    layer->padding.after[axis] = kept - layer->padding.before[axis];
    layer->output_padding[axis] += larger(-total, 0);
}

/*
 * Keras, deconv_output_length(): `same` with an output padding starts from ke mod 2 cells, not from s. TensorFlow
 * splits what the wanted size cuts from the input's reach, the output padding not counted.
 */
static void cut_keras_same(cvs_layer *layer, int axis, int64_t extent) {
    int64_t total = extent - extent % 2;
    layer->padding.before[axis] = larger(total - layer->output_padding[axis], 0) / 2;
    layer->padding.after[axis] = total - layer->padding.before[axis];
}

/* The crop where no output size is given: it depends on no size. */
static void settle_crop(cvs_layer *layer, int axis) {
    int64_t extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]), stride = layer->stride[axis];
    bool given = layer->has_output_padding;
    if (!given) layer->output_padding[axis] = 0;
    if (is_same(layer) && given && layer->framework == CVS_KERAS) {
        cut_keras_same(layer, axis, extent);
    } else if (is_same(layer)) {
        cut(layer, axis, extent + layer->output_padding[axis] - stride);
    } else if (layer->padding.mode == CVS_PAD_VALID) {
        layer->padding.before[axis] = layer->padding.after[axis] = 0;
        if (cvs__is_keras(layer->framework) && !given) layer->output_padding[axis] = larger(stride - extent, 0);
    }
}

static cvs_status too_large(const cvs_layer *layer, int axis, cvs_error *err) {
    return cvs_fail(err, CVS_TOO_LARGE, "size-overflow", "", "Along %s the output has more than 2^63 - 1 cells.",
                    along(layer, axis));
}

static cvs_status refuse_empty(const cvs_layer *layer, int axis, int64_t size, int64_t result, cvs_error *err) {
    int64_t cropped = layer->padding.before[axis] + layer->padding.after[axis];
    char pointer[32] = "/padding/mode";
    if (layer->padding.mode == CVS_PAD_EXPLICIT) snprintf(pointer, sizeof pointer, "/padding/before/%d", axis);
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "padding-exceeds-output", pointer,
                 "Along %s an input of %lld makes %lld output cells, of which the padding cuts off "
                 "%lld: none is left.",
                 along(layer, axis), (long long)size, (long long)(result + cropped), (long long)cropped);
    cvs_fail_value(err, "%lld", (long long)cropped);
    cvs_fail_expected(err, "a padding of at most %lld in all", (long long)(result + cropped - 1));
    return status;
}

/* (i - 1)*s + ke - p_before - p_after + p_out */
static cvs_status size_of_known(const cvs_layer *layer, int axis, int64_t size, cvs_dim *out, cvs_error *err) {
    int64_t rest = cvs__extent(layer->kernel[axis], layer->dilation[axis]) - layer->padding.before[axis] -
                   layer->padding.after[axis] + layer->output_padding[axis];
    if (!cvs__mul(size - 1, layer->stride[axis], out) || !cvs__add(*out, rest, out)) return too_large(layer, axis, err);
    return *out < 1 ? refuse_empty(layer, axis, size, *out, err) : CVS_OK;
}

static cvs_status size_of_symbol(const cvs_layer *layer, int axis, cvs_symbols *symbols, cvs_dim size, cvs_dim *out,
                                 cvs_error *err) {
    int64_t rest = cvs__extent(layer->kernel[axis], layer->dilation[axis]) - layer->padding.before[axis] -
                   layer->padding.after[axis] + layer->output_padding[axis];
    cvs__affine map = {layer->stride[axis], rest - layer->stride[axis], 1, 0};
    return cvs__dim_affine(symbols, size, map, out, err);
}

/* TensorFlow computes the transposed layer as the backward pass of one that makes `size` of the wanted size. */
static cvs_status check_wanted(const cvs_layer *layer, int axis, int64_t size, int64_t reach, cvs_error *err) {
    int64_t stride = layer->stride[axis], least = is_same(layer) ? (size - 1) * stride + 1 : reach;
    int64_t most = least + stride - 1, wanted = layer->output_size[axis];
    if (layer->framework != CVS_KERAS1 || (wanted >= least && wanted <= most)) return CVS_OK;
    char pointer[32], possible[48];
    snprintf(pointer, sizeof pointer, "/output_size/%d", axis);
    int length = snprintf(possible, sizeof possible, "%lld", (long long)least);
    if (most > least) snprintf(possible + length, sizeof possible - (size_t)length, " to %lld", (long long)most);
    cvs_status status = cvs_fail(err, CVS_INVALID, "output-size-range", pointer,
                                 "Along %s an input of %lld can become %s cells, not %lld.", along(layer, axis),
                                 (long long)size, possible, (long long)wanted);
    cvs_fail_value(err, "%lld", (long long)wanted);
    cvs_fail_expected(err, "%s", possible);
    return status;
}

/* The crop that leaves the wanted size; it stays open when the input's size is. */
static cvs_status settle_wanted(cvs_layer *layer, int axis, cvs_dim size, cvs_error *err) {
    int64_t reach = 0, longest;
    if (!layer->has_output_padding) layer->output_padding[axis] = 0;
    if (!cvs_dim_is_known(size)) {
        layer->padding.before[axis] = layer->padding.after[axis] = CVS_DIM_UNKNOWN;
        if (!layer->has_output_padding) layer->output_padding[axis] = CVS_DIM_UNKNOWN;
        return CVS_OK;
    }
    if (!cvs__mul(size - 1, layer->stride[axis], &reach) ||
        !cvs__add(reach, cvs__extent(layer->kernel[axis], layer->dilation[axis]), &reach) ||
        !cvs__add(reach, layer->output_padding[axis] + layer->stride[axis], &longest)) {
        return too_large(layer, axis, err);
    }
    cvs_status status = check_wanted(layer, axis, size, reach, err);
    if (status == CVS_OK) cut(layer, axis, reach + layer->output_padding[axis] - layer->output_size[axis]);
    return status;
}

cvs_status cvs__transposed_size(cvs_inference *inference, int axis, cvs_symbols *symbols, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    cvs_dim size = inference->input.shape.dim[position], *out = &inference->output.shape.dim[position];
    if (layer->framework == CVS_KERAS1) layer->has_output_padding = false; /* only zeros passed: it has none */
    if (layer->has_output_size) {
        *out = layer->output_size[axis];
        return settle_wanted(layer, axis, size, err);
    }
    settle_crop(layer, axis);
    return cvs_dim_is_known(size) ? size_of_known(layer, axis, size, out, err)
                                  : size_of_symbol(layer, axis, symbols, size, out, err);
}

/* ---- the arithmetic, shown --------------------------------------------------------- */

typedef enum shown { WANTED, GENERAL, TIMES_STRIDE, KERAS_VALID, KERAS_SAME } shown;

static const char *const formulas[] = {
    [WANTED] = "o",
    [GENERAL] = "(n - 1)*s - p_before - p_after + d*(k - 1) + 1 + p_out",
    [TIMES_STRIDE] = "n*s",
    [KERAS_VALID] = "(n - 1)*s + max(d*(k - 1) + 1, s)",
    [KERAS_SAME] = "(n - 1)*s + (d*(k - 1) + 1) mod 2 + p_out",
};

static shown formula_of(const cvs_layer *layer, cvs_dim size) {
    bool given = layer->has_output_padding;
    if (layer->has_output_size) return cvs_dim_is_known(size) ? GENERAL : WANTED;
    if (is_same(layer)) return given && layer->framework == CVS_KERAS ? KERAS_SAME : TIMES_STRIDE;
    return cvs__is_keras(layer->framework) && !given ? KERAS_VALID : GENERAL;
}

/* What follows "(n - 1)*s". */
static void write_rest(const cvs_layer *layer, int axis, shown formula, cvs_text *out) {
    long long k = layer->kernel[axis], d = layer->dilation[axis], s = layer->stride[axis];
    long long extra = layer->output_padding[axis];
    if (formula == KERAS_VALID)
        cvs_text_addf(out, " + max(%lld*(%lld - 1) + 1, %lld)", d, k, s);
    else if (formula == KERAS_SAME)
        cvs_text_addf(out, " + (%lld*(%lld - 1) + 1) mod 2 + %lld", d, k, extra);
    else
        cvs_text_addf(out, " - %lld - %lld + %lld*(%lld - 1) + 1 + %lld", (long long)layer->padding.before[axis],
                      (long long)layer->padding.after[axis], d, k, extra);
}

void cvs__transposed_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    const cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    cvs_dim size = inference->input.shape.dim[position];
    shown formula = formula_of(layer, size);
    *step = (cvs_step){
        .axis = cvs__spatial_axis(layer->spatial_rank, axis),
        .formula = formulas[formula],
        .result = inference->output.shape.dim[position],
    };
    if (formula == WANTED) {
        cvs_text_add_int(substitution, step->result);
    } else if (formula == TIMES_STRIDE) {
        cvs__dim_format_operand(inference->symbols, size, "n", substitution);
        cvs_text_addf(substitution, "*%lld", (long long)layer->stride[axis]);
    } else {
        cvs_text_add(substitution, "(");
        cvs__dim_format_term(inference->symbols, size, "n", substitution);
        cvs_text_addf(substitution, " - 1)*%lld", (long long)layer->stride[axis]);
        write_rest(layer, axis, formula, substitution);
    }
}
