/*
 * resize.c - Resize and Upsample. Scales are an attribute (Upsample until opset 8), input 1 (Upsample 9, Resize 10) or
 * input 2 beside sizes in input 3 (Resize from 11 on); from 18 on they may be of some axes only, and keep the
 * proportions.
 */
#include <math.h>

#include "model/onnx/families.h"

static bool is_old(const cvs__onnx_call *call) { return call->rule->variant || cvs__onnx_opset(call) < 11; }

/* The scale of entry i, or NaN. */
static double scale_at(const cvs__onnx_call *call, int i) {
    const cvs__onnx_value *value = cvs__onnx_value_of(call, is_old(call) ? 1 : 2);
    const Onnx__AttributeProto *attribute = cvs__onnx_attribute(call->node, "scales");
    if (value && i < value->count) {
        const cvs__onnx_number *number = &value->number[i];
        if (number->kind == CVS__ONNX_REAL) return number->real;
        return number->kind == CVS__ONNX_INTEGER ? (double)number->integer : (double)NAN;
    }
    return attribute && is_old(call) && (size_t)i < attribute->n_floats ? (double)attribute->floats[i] : (double)NAN;
}

/* floor(size*scale), a name's size by whole scales and halves, quarters, ... only. */
static cvs_status scaled(const cvs__onnx_call *call, cvs_dim size, double scale, cvs_dim *out) {
    enum { PARTS = 64, LARGEST = 1 << 20 };
    const double most = 9e15;
    *out = CVS_DIM_UNKNOWN;
    if (isnan(scale)) return CVS_OK;
    if (!(scale >= 0) || (cvs_dim_is_known(size) && floor((double)size * scale) > most))
        return cvs__onnx_fail(call, "bad-hyperparameter", "A scale of %g.", scale);
    if (cvs_dim_is_known(size)) {
        *out = (cvs_dim)floor((double)size * scale);
        return CVS_OK;
    }
    const double parts = scale * PARTS;
    if (parts != floor(parts) || scale > LARGEST) return CVS_OK;
    return cvs__onnx_scaled(call, size, (int64_t[]){(int64_t)parts, 0, PARTS}, out);
}

/* Sizes as they are, or as the smallest or largest of the proportions that they would have. */
static cvs_status keep_proportions(const cvs__onnx_call *call, const int *axes, int count, cvs_shape *to) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    const bool larger = cvs__onnx_word_is(call, "keep_aspect_ratio_policy", "not_smaller");
    if (!larger && !cvs__onnx_word_is(call, "keep_aspect_ratio_policy", "not_larger")) return CVS_OK;
    double scale = NAN;
    for (int i = 0; i < count; i++) {
        const cvs_dim had = from->dim[axes[i]], has = to->dim[axes[i]];
        const double own =
            cvs_dim_is_known(had) && cvs_dim_is_known(has) && had > 0 ? (double)has / (double)had : (double)NAN;
        scale = i == 0 ? own : isnan(own) || isnan(scale) ? (double)NAN : larger ? fmax(scale, own) : fmin(scale, own);
    }
    for (int i = 0; i < count; i++) {
        const cvs_dim had = from->dim[axes[i]];
        const double half = 0.5;
        to->dim[axes[i]] =
            isnan(scale) || !cvs_dim_is_known(had) ? CVS_DIM_UNKNOWN : (cvs_dim)floor((double)had * scale + half);
    }
    return CVS_OK;
}

static cvs_status read_axes(const cvs__onnx_call *call, int rank, int axes[CVS_MAX_RANK], int *count) {
    int64_t said[CVS_MAX_RANK];
    cvs_status status = cvs__onnx_integers(call, "axes", CVS_MAX_RANK, said, count);
    const bool all = *count < 0;
    if (all) *count = rank;
    for (int i = 0; i < *count && status == CVS_OK; i++)
        status = cvs__onnx_axis(call, all ? i : said[i], rank, &axes[i]);
    return status;
}

/* An input that is there, but empty, is left out. */
static bool is_given(const cvs__onnx_call *call, int i) {
    const cvs_shape *shape = cvs__onnx_shape(call, i);
    return shape && !(shape->rank == 1 && shape->dim[0] == 0);
}

static cvs_status check_length(const cvs__onnx_call *call, int input, int count) {
    const cvs_shape *shape = cvs__onnx_shape(call, input);
    if (shape->rank != 1 || !cvs_dim_is_known(shape->dim[0]) || shape->dim[0] == count) return CVS_OK;
    return cvs__onnx_fail(call, "wrong-length", "There are %lld numbers for %d axes.", (long long)shape->dim[0], count);
}

static cvs_status resize_to_sizes(cvs__onnx_call *call, const int *axes, int count, cvs_shape *to) {
    const cvs__onnx_value *sizes = cvs__onnx_value_of(call, 3);
    const cvs_status status = check_length(call, 3, count);
    if (status != CVS_OK) return status;
    for (int i = 0; i < count; i++)
        to->dim[axes[i]] = sizes && i < sizes->count ? cvs__onnx_dim_of(&sizes->number[i]) : CVS_DIM_UNKNOWN;
    return keep_proportions(call, axes, count, to);
}

static cvs_status resize_by_scales(cvs__onnx_call *call, const int *axes, int count, cvs_shape *to) {
    const int input = is_old(call) ? 1 : 2;
    cvs_status status = cvs__onnx_has(call, input) ? check_length(call, input, count) : CVS_OK;
    for (int i = 0; i < count && status == CVS_OK; i++) {
        const double scale = scale_at(call, i);
        if (scale != 1) status = scaled(call, to->dim[axes[i]], scale, &to->dim[axes[i]]);
    }
    return status;
}

cvs_status cvs__onnx_infer_resize(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    int axes[CVS_MAX_RANK], count;
    cvs_status status = read_axes(call, to.rank, axes, &count);
    if (status != CVS_OK) return status;
    const bool sizes = !is_old(call) && is_given(call, 3);
    status = sizes ? resize_to_sizes(call, axes, count, &to) : resize_by_scales(call, axes, count, &to);
    return status == CVS_OK ? cvs__onnx_give_shape(call, &to) : status;
}
