/* gather.c - operators that pick numbers by their places, and those that find places. */
#include "model/onnx/families.h"

/* ---- Gather ------------------------------------------------------------------------------------------- */

static void gather_values(cvs__onnx_call *call, int axis, const cvs_shape *to) {
    const cvs_shape *data = cvs__onnx_shape(call, 0), *index_shape = cvs__onnx_shape(call, 1);
    const cvs__onnx_value *from = cvs__onnx_value_of(call, 0), *indices = cvs__onnx_value_of(call, 1);
    cvs__onnx_value *out = from && indices ? cvs__onnx_room(call, 0) : NULL;
    int64_t own[CVS_MAX_RANK], data_strides[CVS_MAX_RANK] = {0}, index_strides[CVS_MAX_RANK] = {0},
                               index_own[CVS_MAX_RANK];
    if (!out) return;
    cvs__onnx_strides(data, own);
    cvs__onnx_strides(index_shape, index_own);
    for (int i = 0; i < to->rank; i++) {
        const int behind = i - index_shape->rank + 1;
        if (i < axis)
            data_strides[i] = own[i];
        else if (i < axis + index_shape->rank)
            index_strides[i] = index_own[i - axis];
        else
            data_strides[i] = own[behind];
    }
    for (int n = 0; n < out->count; n++) {
        const cvs__onnx_number index = indices->number[cvs__onnx_place(to, n, index_strides)];
        const int64_t size = data->dim[axis];
        if (index.kind != CVS__ONNX_INTEGER || index.integer < -size || index.integer >= size) continue;
        const int64_t at = index.integer < 0 ? index.integer + size : index.integer;
        out->number[n] = from->number[cvs__onnx_place(to, n, data_strides) + at * own[axis]];
    }
}

cvs_status cvs__onnx_infer_gather(cvs__onnx_call *call) {
    const cvs_shape *data = cvs__onnx_shape(call, 0), *indices = cvs__onnx_shape(call, 1);
    cvs_shape to = {.rank = data->rank - 1 + indices->rank};
    int axis;
    cvs_status status = cvs__onnx_axis(call, cvs__onnx_integer(call, "axis", 0), data->rank, &axis);
    if (status != CVS_OK) return status;
    if (to.rank > CVS_MAX_RANK) return cvs__onnx_too_many_axes(call, to.rank);
    for (int i = 0; i < axis; i++) to.dim[i] = data->dim[i];
    for (int i = 0; i < indices->rank; i++) to.dim[axis + i] = indices->dim[i];
    for (int i = axis + 1; i < data->rank; i++) to.dim[i + indices->rank - 1] = data->dim[i];
    status = cvs__onnx_give_shape(call, &to);
    if (status == CVS_OK) gather_values(call, axis, &to);
    return status;
}

/* The shape is that of the indices. */
cvs_status cvs__onnx_infer_gather_elements(cvs__onnx_call *call) {
    return cvs__onnx_give_shape(call, cvs__onnx_shape(call, 1));
}

/* Each row of indices names a place on the first axes behind batch_dims. */
cvs_status cvs__onnx_infer_gather_nd(cvs__onnx_call *call) {
    const cvs_shape *data = cvs__onnx_shape(call, 0), *indices = cvs__onnx_shape(call, 1);
    const int64_t batch = cvs__onnx_integer(call, "batch_dims", 0);
    if (indices->rank == 0 || !cvs_dim_is_known(indices->dim[indices->rank - 1])) return cvs__onnx_rank_unknown(call);
    const int64_t named = indices->dim[indices->rank - 1];
    if (batch < 0 || batch >= indices->rank || named < 1 || named > data->rank - batch)
        return cvs__onnx_fail(call, "axis-out-of-range", "Places on %lld axes behind %lld, of a tensor that has %d.",
                              (long long)named, (long long)batch, data->rank);
    const int kept = data->rank - (int)(batch + named);
    cvs_shape to = {.rank = indices->rank - 1 + kept};
    if (to.rank > CVS_MAX_RANK) return cvs__onnx_too_many_axes(call, to.rank);
    for (int i = 0; i < indices->rank - 1; i++) to.dim[i] = indices->dim[i];
    for (int i = 0; i < kept; i++) to.dim[indices->rank - 1 + i] = data->dim[data->rank - kept + i];
    return cvs__onnx_give_shape(call, &to);
}

/* ---- what is not known how many ------------------------------------------------------------------------- */

/* How many numbers of a tensor are not 0; -1: nobody knows. */
static int64_t count_set(const cvs__onnx_call *call, int input) {
    const cvs__onnx_value *value = cvs__onnx_value_of(call, input);
    int64_t count = 0;
    for (int n = 0; value && n < value->count; n++) {
        const cvs__onnx_number *number = &value->number[n];
        if (number->kind != CVS__ONNX_INTEGER && number->kind != CVS__ONNX_REAL) return -1;
        count += number->kind == CVS__ONNX_INTEGER ? number->integer != 0 : number->real != 0;
    }
    return value ? count : -1;
}

cvs_status cvs__onnx_infer_non_zero(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    const cvs_shape to = {.rank = 2, .dim = {from->rank, count_set(call, 0)}};
    const cvs_status status = cvs__onnx_give(call, 0, &to, CVS__ONNX_INT64);
    const cvs__onnx_value *value = cvs__onnx_value_of(call, 0);
    if (status != CVS_OK || !value || to.dim[1] < 0) return status;
    cvs__onnx_value *places = cvs__onnx_room(call, 0);
    int64_t strides[CVS_MAX_RANK], found = 0;
    cvs__onnx_strides(from, strides);
    for (int n = 0; places && n < value->count; n++) {
        const cvs__onnx_number *number = &value->number[n];
        if (number->kind == CVS__ONNX_INTEGER ? number->integer == 0 : number->real == 0) continue;
        for (int axis = 0; axis < from->rank; axis++)
            places->number[axis * to.dim[1] + found] = cvs__onnx_whole(n / strides[axis] % from->dim[axis]);
        found++;
    }
    return CVS_OK;
}

cvs_status cvs__onnx_infer_compress(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    const int64_t kept = count_set(call, 1);
    if (!cvs__onnx_attribute(call->node, "axis")) {
        to = (cvs_shape){.rank = 1, .dim = {kept}};
        return cvs__onnx_give_shape(call, &to);
    }
    int axis;
    const cvs_status status = cvs__onnx_axis(call, cvs__onnx_integer(call, "axis", 0), to.rank, &axis);
    if (status != CVS_OK) return status;
    to.dim[axis] = kept;
    return cvs__onnx_give_shape(call, &to);
}

/* ---- OneHot, TopK ------------------------------------------------------------------------------------------- */

cvs_status cvs__onnx_infer_one_hot(cvs__onnx_call *call) {
    const cvs_shape *indices = cvs__onnx_shape(call, 0);
    const cvs__onnx_value *depth = cvs__onnx_value_of(call, 1);
    cvs_shape to = {.rank = indices->rank + 1};
    int axis;
    cvs_status status = cvs__onnx_axis(call, cvs__onnx_integer(call, "axis", -1), to.rank, &axis);
    if (status != CVS_OK) return status;
    if (to.rank > CVS_MAX_RANK) return cvs__onnx_too_many_axes(call, to.rank);
    for (int i = 0, next = 0; i < to.rank; i++) {
        if (i != axis) {
            to.dim[i] = indices->dim[next++];
            continue;
        }
        const cvs__onnx_number classes = depth && depth->count == 1
                                             ? cvs__onnx_fold_one(call, CVS__ONNX_TO_INTEGER, depth->number[0])
                                             : (cvs__onnx_number){.kind = CVS__ONNX_OPEN};
        to.dim[i] = cvs__onnx_dim_of(&classes);
    }
    return cvs__onnx_give(call, 0, &to, cvs__onnx_type(call, 2));
}

/* (batch, samples) */
cvs_status cvs__onnx_infer_multinomial(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    const int64_t samples = cvs__onnx_integer(call, "sample_size", 1),
                  type = cvs__onnx_integer(call, "dtype", CVS__ONNX_INT32);
    if (to.rank != 2) return cvs__onnx_fail(call, "wrong-rank", "This reads (batch, classes), not %d axes.", to.rank);
    to.dim[1] = samples >= 0 ? samples : CVS_DIM_UNKNOWN;
    return cvs__onnx_give(call, 0, &to, type > 0 && type < INT16_MAX ? (int)type : 0);
}

/* k: input 1, before opset 10 an attribute. */
cvs_status cvs__onnx_infer_top_k(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    const cvs__onnx_value *k = cvs__onnx_value_of(call, 1);
    const int64_t said = cvs__onnx_integer(call, "k", CVS_DIM_UNKNOWN);
    int axis;
    cvs_status status = cvs__onnx_axis(call, cvs__onnx_integer(call, "axis", -1), to.rank, &axis);
    if (status != CVS_OK) return status;
    if (cvs__onnx_has(call, 1))
        to.dim[axis] = k && k->count == 1 ? cvs__onnx_dim_of(&k->number[0]) : CVS_DIM_UNKNOWN;
    else
        to.dim[axis] = said >= 0 ? said : CVS_DIM_UNKNOWN;
    status = cvs__onnx_give_shape(call, &to);
    return status == CVS_OK ? cvs__onnx_give(call, 1, &to, CVS__ONNX_INT64) : status;
}
