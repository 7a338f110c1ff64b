/* make.c - operators that make tensors of nothing but sizes and settings. */
#include <math.h>

#include "base/checked.h"
#include "model/onnx/families.h"

/* ---- Shape, Size ------------------------------------------------------------------------------------------- */

/* From opset 15 a part of the shape: `start` and `end`, clamped. */
static int bound(const cvs__onnx_call *call, const char *name, int otherwise, int rank) {
    int64_t at = cvs__onnx_integer(call, name, otherwise);
    if (at < 0) at = at < -rank ? 0 : at + rank;
    return at > rank ? rank : (int)at;
}

cvs_status cvs__onnx_infer_shape_of(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    const int start = bound(call, "start", 0, from->rank), end = bound(call, "end", from->rank, from->rank);
    const cvs_shape to = {.rank = 1, .dim = {end > start ? end - start : 0}};
    const cvs_status status = cvs__onnx_give(call, 0, &to, CVS__ONNX_INT64);
    cvs__onnx_value *value = status == CVS_OK ? cvs__onnx_room(call, 0) : NULL;
    for (int n = 0; value && n < value->count; n++) value->number[n] = cvs__onnx_number_of(from->dim[start + n]);
    return status;
}

cvs_status cvs__onnx_infer_size_of(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0), scalar = {0};
    cvs_dim all = CVS_DIM_UNKNOWN;
    cvs_status status = cvs__onnx_product(call, from, (int[]){0, from->rank}, &all);
    if (status == CVS_OK) status = cvs__onnx_give(call, 0, &scalar, CVS__ONNX_INT64);
    cvs__onnx_value *value = status == CVS_OK ? cvs__onnx_room(call, 0) : NULL;
    if (value) value->number[0] = cvs__onnx_number_of(all);
    return status;
}

/* ---- ConstantOfShape, EyeLike -------------------------------------------------------------------------------- */

/* The shape that input `i` spells out. */
static cvs_status spelled(const cvs__onnx_call *call, int i, cvs_shape *out) {
    const cvs_shape *length = cvs__onnx_shape(call, i);
    const cvs__onnx_value *value = cvs__onnx_value_of(call, i);
    if (length->rank != 1 || !cvs_dim_is_known(length->dim[0])) return cvs__onnx_rank_unknown(call);
    if (length->dim[0] > CVS_MAX_RANK) return cvs__onnx_too_many_axes(call, (int)(length->dim[0] % INT32_MAX));
    *out = (cvs_shape){.rank = (int)length->dim[0]};
    for (int axis = 0; axis < out->rank; axis++) {
        out->dim[axis] = value ? cvs__onnx_dim_of(&value->number[axis]) : CVS_DIM_UNKNOWN;
        if (value && value->number[axis].kind == CVS__ONNX_INTEGER && value->number[axis].integer < 0)
            return cvs__onnx_fail(call, "negative-size", "The shape has a size of %lld.",
                                  (long long)value->number[axis].integer);
    }
    return CVS_OK;
}

cvs_status cvs__onnx_infer_constant_of_shape(cvs__onnx_call *call) {
    const Onnx__AttributeProto *attribute = cvs__onnx_attribute(call->node, "value");
    cvs__onnx_constant filling = {.value = {.type = CVS__ONNX_FLOAT, .count = -1}};
    cvs_shape to;
    cvs_status status = spelled(call, 0, &to);
    if (status == CVS_OK && attribute && attribute->t)
        status = cvs__onnx_constant_of(call->node->graph->file, attribute->t, &filling, call->err);
    if (status == CVS_OK) status = cvs__onnx_give(call, 0, &to, filling.value.type);
    cvs__onnx_value *value = status == CVS_OK ? cvs__onnx_room(call, 0) : NULL;
    for (int n = 0; value && n < value->count; n++)
        value->number[n] = filling.value.count == 1 ? filling.value.number[0] : cvs__onnx_real_number(0);
    return status;
}

cvs_status cvs__onnx_infer_like(cvs__onnx_call *call) {
    const int64_t type = cvs__onnx_integer(call, "dtype", cvs__onnx_type(call, 0));
    return cvs__onnx_give(call, 0, cvs__onnx_shape(call, 0), type > 0 && type < INT16_MAX ? (int)type : 0);
}

/* RandomNormal and its like: an attribute has the shape. */
cvs_status cvs__onnx_infer_of_attribute(cvs__onnx_call *call) {
    int64_t sizes[CVS_MAX_RANK];
    const int64_t type = cvs__onnx_integer(call, "dtype", CVS__ONNX_FLOAT);
    cvs_shape to = {0};
    cvs_status status = cvs__onnx_integers(call, "shape", CVS_MAX_RANK, sizes, &to.rank);
    if (status != CVS_OK) return status;
    if (to.rank < 0) return cvs__onnx_fail(call, "attribute-missing", "The attribute shape is missing.");
    for (int i = 0; i < to.rank; i++) to.dim[i] = sizes[i] >= 0 ? sizes[i] : CVS_DIM_UNKNOWN;
    return cvs__onnx_give(call, 0, &to, type > 0 && type < INT16_MAX ? (int)type : 0);
}

/* A Constant that holds no numbers: texts, or a sparse tensor. */
cvs_status cvs__onnx_infer_other_constant(cvs__onnx_call *call) {
    const Onnx__AttributeProto *sparse = cvs__onnx_attribute(call->node, "sparse_value");
    const Onnx__AttributeProto *texts = cvs__onnx_attribute(call->node, "value_strings");
    cvs_shape to = {.rank = texts != NULL, .dim = {CVS_DIM_UNKNOWN}};
    if (!sparse || !sparse->sparse_tensor) return cvs__onnx_give(call, 0, &to, 0);
    const Onnx__SparseTensorProto *tensor = sparse->sparse_tensor;
    if (tensor->n_dims > CVS_MAX_RANK) return cvs__onnx_too_many_axes(call, (int)(tensor->n_dims % INT32_MAX));
    to.rank = (int)tensor->n_dims;
    for (int i = 0; i < to.rank; i++) to.dim[i] = tensor->dims[i] >= 0 ? tensor->dims[i] : CVS_DIM_UNKNOWN;
    return cvs__onnx_give(call, 0, &to, tensor->values ? tensor->values->data_type : 0);
}

/* ---- Range ------------------------------------------------------------------------------------------------------ */

/* Integers are found among reals where they were cast. */
static bool is_real(const cvs__onnx_number *n) { return n->kind == CVS__ONNX_REAL || n->kind == CVS__ONNX_INTEGER; }
static double real_of(const cvs__onnx_number *n) { return n->kind == CVS__ONNX_REAL ? n->real : (double)n->integer; }

/* From `start` up to `limit`: from 0 in steps of 1 it may also be a size that has a name. */
static cvs_dim range_count(const cvs__onnx_number *start, const cvs__onnx_number *limit, const cvs__onnx_number *step) {
    int64_t span = 0;
    const bool from_zero = start->kind == CVS__ONNX_INTEGER && start->integer == 0;
    const bool by_one = step->kind == CVS__ONNX_INTEGER && step->integer == 1;
    if (limit->kind == CVS__ONNX_SIZE) return from_zero && by_one ? limit->integer : CVS_DIM_UNKNOWN;
    if (start->kind == CVS__ONNX_INTEGER && limit->kind == CVS__ONNX_INTEGER && step->kind == CVS__ONNX_INTEGER) {
        const int64_t by = step->integer;
        if (by == 0 || by == INT64_MIN || !cvs__sub(limit->integer, start->integer, &span)) return CVS_DIM_UNKNOWN;
        if (span == 0 || (span > 0) != (by > 0)) return 0;
        if (span == INT64_MIN) return CVS_DIM_UNKNOWN;
        return (span < 0 ? -span - 1 : span - 1) / (by < 0 ? -by : by) + 1;
    }
    if (!is_real(start) || !is_real(limit) || !is_real(step)) return CVS_DIM_UNKNOWN;
    const double count = ceil((real_of(limit) - real_of(start)) / real_of(step)), most = 9e15;
    return count >= 0 && count < most ? (cvs_dim)count : count < 0 ? 0 : CVS_DIM_UNKNOWN;
}

cvs_status cvs__onnx_infer_range(cvs__onnx_call *call) {
    const cvs__onnx_value *part[3];
    cvs_shape to = {.rank = 1, .dim = {CVS_DIM_UNKNOWN}};
    bool known = true;
    for (int i = 0; i < 3; i++) {
        part[i] = cvs__onnx_value_of(call, i);
        known &= part[i] && part[i]->count == 1;
    }
    if (known) to.dim[0] = range_count(&part[0]->number[0], &part[1]->number[0], &part[2]->number[0]);
    const cvs_status status = cvs__onnx_give_shape(call, &to);
    if (status != CVS_OK || !known || part[0]->number[0].kind != CVS__ONNX_INTEGER) return status;
    cvs__onnx_value *value = cvs__onnx_room(call, 0);
    cvs__onnx_number next = part[0]->number[0];
    for (int n = 0; value && n < value->count; n++) {
        value->number[n] = next;
        next = cvs__onnx_fold_two(call, CVS__ONNX_ADD, true, next, part[2]->number[0]);
    }
    return CVS_OK;
}
