/* elementwise.c - operators that work number by number, on tensors stretched to each other. */
#include "model/onnx/families.h"

/* ---- of one tensor --------------------------------------------------------------------------------- */

static void fold(cvs__onnx_call *call, cvs__onnx_sum sum) {
    const cvs__onnx_value *from = cvs__onnx_value_of(call, 0);
    cvs__onnx_value *to = from && sum != CVS__ONNX_NO_SUM ? cvs__onnx_room(call, 0) : NULL;
    for (int n = 0; to && n < to->count && n < from->count; n++)
        to->number[n] = cvs__onnx_fold_one(call, sum, from->number[n]);
}

cvs_status cvs__onnx_infer_unary(cvs__onnx_call *call) {
    const cvs_status status = cvs__onnx_give_shape(call, cvs__onnx_shape(call, 0));
    if (status == CVS_OK) fold(call, (cvs__onnx_sum)call->rule->variant);
    return status;
}

/* IsNaN, IsInf, Not: truth comes out. */
cvs_status cvs__onnx_infer_test(cvs__onnx_call *call) {
    const cvs_status status = cvs__onnx_give(call, 0, cvs__onnx_shape(call, 0), CVS__ONNX_BOOL);
    if (status == CVS_OK) fold(call, (cvs__onnx_sum)call->rule->variant);
    return status;
}

cvs_status cvs__onnx_infer_cast(cvs__onnx_call *call) {
    const bool like = call->rule->variant;
    const int64_t to = like ? cvs__onnx_type(call, 1) : cvs__onnx_integer(call, "to", 0);
    const int type = to > 0 && to < INT16_MAX ? (int)to : 0;
    const cvs_status status = cvs__onnx_give(call, 0, cvs__onnx_shape(call, 0), type);
    if (status != CVS_OK || type == 0) return status;
    fold(call, type == CVS__ONNX_BOOL       ? CVS__ONNX_TO_BOOL
               : cvs__onnx_is_integer(type) ? CVS__ONNX_TO_INTEGER
                                            : CVS__ONNX_TO_REAL);
    return CVS_OK;
}

/* Of a second input as well, which the shape does not depend on. */
cvs_status cvs__onnx_infer_dropout(cvs__onnx_call *call) {
    cvs_status status = cvs__onnx_give_shape(call, cvs__onnx_shape(call, 0));
    if (status == CVS_OK) status = cvs__onnx_give(call, 1, cvs__onnx_shape(call, 0), CVS__ONNX_BOOL);
    return status;
}

/* ---- of several ---------------------------------------------------------------------------------------- */

static cvs_status broadcast_all(const cvs__onnx_call *call, cvs_shape *out) {
    cvs_status status = CVS_OK;
    *out = *cvs__onnx_shape(call, 0);
    for (int i = 1; i < call->node->operand_count && status == CVS_OK; i++)
        if (cvs__onnx_has(call, i)) status = cvs__onnx_broadcast(call, out, cvs__onnx_shape(call, i), out);
    return status;
}

/* to[n] = to[n] sum input i's; for the first input of all what it has. */
static void fold_in(const cvs__onnx_call *call, cvs__onnx_sum sum, int i, cvs__onnx_value *to, const cvs_shape *shape) {
    int64_t strides[CVS_MAX_RANK];
    const cvs__onnx_value *from = cvs__onnx_value_of(call, i);
    const bool integers = cvs__onnx_is_integer(cvs__onnx_type(call, 0));
    cvs__onnx_stretched(cvs__onnx_shape(call, i), shape, strides);
    for (int n = 0; n < to->count; n++) {
        const cvs__onnx_number b = from->number[cvs__onnx_place(shape, n, strides)];
        to->number[n] = i == 0 ? b : cvs__onnx_fold_two(call, sum, integers, to->number[n], b);
    }
}

static void fold_all(cvs__onnx_call *call, cvs__onnx_sum sum, const cvs_shape *shape) {
    for (int i = 0; i < call->node->operand_count; i++)
        if (!cvs__onnx_value_of(call, i)) return;
    cvs__onnx_value *to = cvs__onnx_room(call, 0);
    for (int i = 0; to && i < call->node->operand_count; i++) fold_in(call, sum, i, to, shape);
}

static cvs_status many(cvs__onnx_call *call, int type) {
    cvs_shape shape;
    cvs__onnx_sum sum = (cvs__onnx_sum)call->rule->variant;
    cvs_status status = broadcast_all(call, &shape);
    if (status == CVS_OK) status = cvs__onnx_give(call, 0, &shape, type);
    if (sum == CVS__ONNX_MODULO && cvs__onnx_integer(call, "fmod", 0) != 0) sum = CVS__ONNX_FMOD;
    if (status == CVS_OK && sum != CVS__ONNX_NO_SUM) fold_all(call, sum, &shape);
    return status;
}

cvs_status cvs__onnx_infer_many(cvs__onnx_call *call) { return many(call, cvs__onnx_type(call, 0)); }

cvs_status cvs__onnx_infer_compare(cvs__onnx_call *call) { return many(call, CVS__ONNX_BOOL); }

/* PRelu's slope stretches to the data, not the data to it. */
cvs_status cvs__onnx_infer_prelu(cvs__onnx_call *call) {
    cvs_shape joined;
    const cvs_shape *data = cvs__onnx_shape(call, 0);
    cvs_status status = cvs__onnx_broadcast(call, data, cvs__onnx_shape(call, 1), &joined);
    if (status == CVS_OK && joined.rank != data->rank)
        return cvs__onnx_fail(call, "skip-size-mismatch", "The slope has %d axes and the data %d.", joined.rank,
                              data->rank);
    return status == CVS_OK ? cvs__onnx_give_shape(call, &joined) : status;
}

/* ---- Where -------------------------------------------------------------------------------------------------- */

static void choose(cvs__onnx_call *call, const cvs_shape *shape) {
    const cvs__onnx_value *from[3];
    int64_t strides[3][CVS_MAX_RANK];
    for (int i = 0; i < 3; i++) {
        from[i] = cvs__onnx_value_of(call, i);
        if (!from[i]) return;
        cvs__onnx_stretched(cvs__onnx_shape(call, i), shape, strides[i]);
    }
    cvs__onnx_value *to = cvs__onnx_room(call, 0);
    for (int n = 0; to && n < to->count; n++) {
        const cvs__onnx_number condition = from[0]->number[cvs__onnx_place(shape, n, strides[0])];
        if (condition.kind != CVS__ONNX_INTEGER) continue;
        const int which = condition.integer ? 1 : 2;
        to->number[n] = from[which]->number[cvs__onnx_place(shape, n, strides[which])];
    }
}

cvs_status cvs__onnx_infer_where(cvs__onnx_call *call) {
    cvs_shape shape;
    cvs_status status = broadcast_all(call, &shape);
    if (status == CVS_OK) status = cvs__onnx_give(call, 0, &shape, cvs__onnx_type(call, 1));
    if (status == CVS_OK) choose(call, &shape);
    return status;
}

/* ---- between reals and integers of few bits ----------------------------------------------------------------- */

cvs_status cvs__onnx_infer_quantize(cvs__onnx_call *call) {
    const int64_t asked = cvs__onnx_integer(call, "output_dtype", 0);
    int type = cvs__onnx_has(call, 2) ? cvs__onnx_type(call, 2) : CVS__ONNX_UINT8;
    if (asked > 0 && asked < INT16_MAX) type = (int)asked;
    return cvs__onnx_give(call, 0, cvs__onnx_shape(call, 0), type);
}

cvs_status cvs__onnx_infer_dequantize(cvs__onnx_call *call) {
    return cvs__onnx_give(call, 0, cvs__onnx_shape(call, 0), cvs__onnx_type(call, 1));
}

cvs_status cvs__onnx_infer_dynamic_quantize(cvs__onnx_call *call) {
    const cvs_shape scalar = {0};
    cvs_status status = cvs__onnx_give(call, 0, cvs__onnx_shape(call, 0), CVS__ONNX_UINT8);
    if (status == CVS_OK) status = cvs__onnx_give(call, 1, &scalar, CVS__ONNX_FLOAT);
    return status == CVS_OK ? cvs__onnx_give(call, 2, &scalar, CVS__ONNX_UINT8) : status;
}
