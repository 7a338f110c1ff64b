/* shapes.c - operators that give the same numbers another shape. */
#include <string.h>

#include "model/onnx/families.h"

/* ---- Reshape ------------------------------------------------------------------------------------------ */

/* What the new shape asks for: sizes as far as they are known, and on which axis "what is left". */
typedef struct target {
    cvs_shape shape;
    int left; /* -1: on none */
} target;

static cvs_status read_target(const cvs__onnx_call *call, const cvs__onnx_value *value, target *out) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    const bool zeros = cvs__onnx_integer(call, "allowzero", 0) != 0;
    if (value->count > CVS_MAX_RANK) return cvs__onnx_too_many_axes(call, value->count);
    *out = (target){.shape = {.rank = value->count}, .left = -1};
    for (int i = 0; i < value->count; i++) {
        const cvs__onnx_number *size = &value->number[i];
        out->shape.dim[i] = cvs__onnx_dim_of(size);
        if (size->kind != CVS__ONNX_INTEGER || size->integer > 0) continue;
        if (size->integer == 0 && !zeros) {
            if (i >= from->rank)
                return cvs__onnx_fail(call, "axis-out-of-range", "The new shape keeps the size of axis %d of %d.", i,
                                      from->rank);
            out->shape.dim[i] = from->dim[i];
        } else if (size->integer < 0) {
            if (size->integer != -1 || out->left >= 0)
                return cvs__onnx_fail(call, "bad-shape", "Of a new shape's sizes at most one is -1; one here is %lld.",
                                      (long long)size->integer);
            out->left = i;
        }
    }
    return CVS_OK;
}

/* Sizes that stand in both shapes, counted or not, are left aside: only what differs has to be divided. */
static cvs_status divide(const cvs__onnx_call *call, cvs_shape from, cvs_shape by, cvs_dim *out) {
    for (int i = 0; i < by.rank; i++)
        for (int j = 0; j < from.rank && by.dim[i] != 1; j++)
            if (by.dim[i] == from.dim[j] && by.dim[i] != CVS_DIM_UNKNOWN && by.dim[i] != 0) by.dim[i] = from.dim[j] = 1;
    cvs_dim above = 1, below = 1;
    cvs_status status = cvs__onnx_product(call, &from, (int[]){0, from.rank}, &above);
    if (status == CVS_OK) status = cvs__onnx_product(call, &by, (int[]){0, by.rank}, &below);
    *out = CVS_DIM_UNKNOWN;
    if (status != CVS_OK || !cvs_dim_is_known(below) || below == 0) return status;
    if (cvs_dim_is_known(above) && above % below != 0)
        return cvs__onnx_fail(call, "reshape-count", "%lld numbers cannot be divided into shapes of %lld.",
                              (long long)above, (long long)below);
    return cvs__onnx_scaled(call, above, (int64_t[]){1, 0, below}, out);
}

static cvs_status check_count(const cvs__onnx_call *call, const cvs_shape *from, const cvs_shape *to) {
    int64_t had, has;
    if (cvs_shape_count(from, &had, NULL) != CVS_OK || cvs_shape_count(to, &has, NULL) != CVS_OK || had == has)
        return CVS_OK;
    return cvs__onnx_fail(call, "reshape-count", "The input has %lld numbers and the new shape %lld.", (long long)had,
                          (long long)has);
}

/* How many axes a shape that is a tensor of unknown numbers has: as many as that tensor is long. */
static cvs_status open_shape(cvs__onnx_call *call, int input) {
    const cvs_shape *length = cvs__onnx_shape(call, input);
    if (length->rank != 1 || !cvs_dim_is_known(length->dim[0]) || length->dim[0] > CVS_MAX_RANK)
        return cvs__onnx_rank_unknown(call);
    cvs_shape shape = {.rank = (int)length->dim[0]};
    for (int i = 0; i < shape.rank; i++) shape.dim[i] = CVS_DIM_UNKNOWN;
    return cvs__onnx_give_shape(call, &shape);
}

cvs_status cvs__onnx_infer_reshape(cvs__onnx_call *call) {
    const cvs__onnx_value *value = cvs__onnx_value_of(call, 1);
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    target to;
    if (!value) return open_shape(call, 1);
    cvs_status status = read_target(call, value, &to);
    if (status != CVS_OK) return status;
    if (to.left >= 0) {
        cvs_shape rest = to.shape;
        rest.dim[to.left] = 1;
        status = divide(call, *from, rest, &to.shape.dim[to.left]);
    }
    if (status == CVS_OK) status = check_count(call, from, &to.shape);
    if (status == CVS_OK) status = cvs__onnx_give_shape(call, &to.shape);
    if (status == CVS_OK) cvs__onnx_copy_value(call, 0);
    return status;
}

/* ---- Flatten, Transpose --------------------------------------------------------------------------------- */

cvs_status cvs__onnx_infer_flatten(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    int64_t axis = cvs__onnx_integer(call, "axis", 1);
    cvs_shape to = {.rank = 2};
    if (axis < -from->rank || axis > from->rank)
        return cvs__onnx_fail(call, "axis-out-of-range", "There is no axis %lld among %d.", (long long)axis,
                              from->rank);
    if (axis < 0) axis += from->rank;
    cvs_status status = cvs__onnx_product(call, from, (int[]){0, (int)axis}, &to.dim[0]);
    if (status == CVS_OK) status = cvs__onnx_product(call, from, (int[]){(int)axis, from->rank}, &to.dim[1]);
    if (status == CVS_OK) status = cvs__onnx_give_shape(call, &to);
    if (status == CVS_OK) cvs__onnx_copy_value(call, 0);
    return status;
}

static cvs_status read_order(const cvs__onnx_call *call, int rank, int64_t order[CVS_MAX_RANK]) {
    int count;
    unsigned seen = 0;
    const cvs_status status = cvs__onnx_integers(call, "perm", CVS_MAX_RANK, order, &count);
    if (status != CVS_OK) return status;
    if (count < 0)
        for (int i = 0; i < rank; i++) order[i] = rank - 1 - i;
    else if (count != rank)
        return cvs__onnx_fail(call, "wrong-length", "perm has %d axes, and the input %d.", count, rank);
    for (int i = 0; i < rank; i++) {
        if (order[i] < 0 || order[i] >= rank || (seen >> order[i] & 1U))
            return cvs__onnx_fail(call, "not-a-permutation", "perm does not name each of %d axes once.", rank);
        seen |= 1U << order[i];
    }
    return CVS_OK;
}

cvs_status cvs__onnx_infer_transpose(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    int64_t order[CVS_MAX_RANK], own[CVS_MAX_RANK], strides[CVS_MAX_RANK];
    cvs_shape to = {.rank = from->rank};
    cvs_status status = read_order(call, from->rank, order);
    if (status != CVS_OK) return status;
    for (int i = 0; i < to.rank; i++) to.dim[i] = from->dim[order[i]];
    status = cvs__onnx_give_shape(call, &to);
    if (status != CVS_OK || !cvs__onnx_value_of(call, 0)) return status;
    cvs__onnx_strides(from, own);
    for (int i = 0; i < to.rank; i++) strides[i] = own[order[i]];
    cvs__onnx_pick_value(call, 0, 0, strides);
    return CVS_OK;
}

/* ---- Squeeze, Unsqueeze ------------------------------------------------------------------------------------ */

/* Which of `rank` axes the setting names, a bit each. */
static cvs_status read_axes(const cvs__onnx_call *call, int rank, unsigned *out, int *count) {
    int64_t axes[CVS_MAX_RANK];
    cvs_status status = cvs__onnx_setting(call, "axes", 1, axes, count);
    *out = 0;
    for (int i = 0; i < *count && status == CVS_OK; i++) {
        int axis = 0;
        status = cvs__onnx_axis(call, axes[i], rank, &axis);
        *out |= 1U << axis;
    }
    return status;
}

cvs_status cvs__onnx_infer_squeeze(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    cvs_shape to = {0};
    unsigned gone;
    int count;
    cvs_status status = read_axes(call, from->rank, &gone, &count);
    if (status != CVS_OK) return status;
    if (count == CVS__ONNX_UNKNOWN_SETTING) return cvs__onnx_rank_unknown(call);
    for (int i = 0; i < from->rank; i++) {
        if (count < 0 && !cvs_dim_is_known(from->dim[i])) return cvs__onnx_rank_unknown(call);
        const bool goes = count < 0 ? from->dim[i] == 1 : gone >> i & 1U;
        if (goes && cvs_dim_is_known(from->dim[i]) && from->dim[i] != 1)
            return cvs__onnx_fail(call, "squeeze-size", "Axis %d has the size %lld: only one of 1 can be left out.", i,
                                  (long long)from->dim[i]);
        if (!goes) to.dim[to.rank++] = from->dim[i];
    }
    status = cvs__onnx_give_shape(call, &to);
    if (status == CVS_OK) cvs__onnx_copy_value(call, 0);
    return status;
}

cvs_status cvs__onnx_infer_unsqueeze(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    int64_t axes[CVS_MAX_RANK];
    unsigned made = 0;
    int count;
    cvs_status status = cvs__onnx_setting(call, "axes", 1, axes, &count);
    if (status != CVS_OK) return status;
    if (count == CVS__ONNX_UNKNOWN_SETTING) return cvs__onnx_rank_unknown(call);
    if (count < 0) return cvs__onnx_fail(call, "attribute-missing", "An Unsqueeze needs axes.");
    cvs_shape to = {.rank = from->rank + count};
    if (to.rank > CVS_MAX_RANK) return cvs__onnx_too_many_axes(call, to.rank);
    for (int i = 0; i < count; i++) {
        int axis = 0;
        status = cvs__onnx_axis(call, axes[i], to.rank, &axis);
        if (status != CVS_OK) return status;
        if (made >> axis & 1U) return cvs__onnx_fail(call, "axis-twice", "axes names axis %d twice.", axis);
        made |= 1U << axis;
    }
    for (int i = 0, next = 0; i < to.rank; i++) to.dim[i] = made >> i & 1U ? 1 : from->dim[next++];
    status = cvs__onnx_give_shape(call, &to);
    if (status == CVS_OK) cvs__onnx_copy_value(call, 0);
    return status;
}

/* ---- Expand, Tile --------------------------------------------------------------------------------------------- */

static void stretch_value(cvs__onnx_call *call, const cvs_shape *to) {
    int64_t strides[CVS_MAX_RANK];
    if (!cvs__onnx_value_of(call, 0)) return;
    cvs__onnx_stretched(cvs__onnx_shape(call, 0), to, strides);
    cvs__onnx_pick_value(call, 0, 0, strides);
}

cvs_status cvs__onnx_infer_expand(cvs__onnx_call *call) {
    const cvs__onnx_value *value = cvs__onnx_value_of(call, 1);
    const cvs_shape *length = cvs__onnx_shape(call, 1);
    cvs_shape to = {0};
    if (length->rank != 1 || !cvs_dim_is_known(length->dim[0]) || length->dim[0] > CVS_MAX_RANK)
        return cvs__onnx_rank_unknown(call);
    to.rank = (int)length->dim[0];
    for (int i = 0; i < to.rank; i++) to.dim[i] = value ? cvs__onnx_dim_of(&value->number[i]) : CVS_DIM_UNKNOWN;
    cvs_status status = cvs__onnx_broadcast(call, cvs__onnx_shape(call, 0), &to, &to);
    if (status == CVS_OK) status = cvs__onnx_give_shape(call, &to);
    if (status == CVS_OK) stretch_value(call, &to);
    return status;
}

cvs_status cvs__onnx_infer_tile(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    const cvs__onnx_value *value = cvs__onnx_value_of(call, 1);
    cvs_shape to = *from;
    if (value && value->count != from->rank)
        return cvs__onnx_fail(call, "wrong-length", "There are %d repeats for %d axes.", value->count, from->rank);
    cvs_status status = CVS_OK;
    bool once = true;
    for (int i = 0; i < to.rank && status == CVS_OK; i++) {
        const cvs_dim times = value ? cvs__onnx_dim_of(&value->number[i]) : CVS_DIM_UNKNOWN;
        once &= times == 1 || from->dim[i] == 1;
        status = cvs__onnx_multiply(call, from->dim[i], times, &to.dim[i]);
    }
    if (status == CVS_OK) status = cvs__onnx_give_shape(call, &to);
    /* Of repeated numbers only those that stand alone on their axis are computed along. */
    if (status == CVS_OK && once) stretch_value(call, &to);
    return status;
}
