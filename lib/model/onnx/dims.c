/* dims.c - sizes computed from sizes. */
#include "layer/dim.h"
#include "model/onnx/onnx.h"

/* An expression that is too large for its table is a size that is not known. */
static cvs_status settle(const cvs__onnx_call *call, cvs_status status, const cvs_error *why, bool symbolic,
                         cvs_dim *out) {
    if (status == CVS_OK) return CVS_OK;
    *out = CVS_DIM_UNKNOWN;
    if (status == CVS_TOO_LARGE && symbolic) return CVS_OK;
    return cvs_fail(call->err, status, why->code, why->pointer, "%s", why->message);
}

cvs_status cvs__onnx_add(const cvs__onnx_call *call, cvs_dim a, cvs_dim b, cvs_dim *out) {
    cvs_error why = {0};
    const bool symbolic = cvs_dim_is_symbolic(a) || cvs_dim_is_symbolic(b);
    return settle(call, cvs__dim_add(call->model->symbols, a, b, out, &why), &why, symbolic, out);
}

cvs_status cvs__onnx_multiply(const cvs__onnx_call *call, cvs_dim a, cvs_dim b, cvs_dim *out) {
    cvs_error why = {0};
    const bool symbolic = cvs_dim_is_symbolic(a) || cvs_dim_is_symbolic(b);
    return settle(call, cvs__dim_mul(call->model->symbols, a, b, out, &why), &why, symbolic, out);
}

cvs_status cvs__onnx_scaled(const cvs__onnx_call *call, cvs_dim a, const int64_t by[3], cvs_dim *out) {
    cvs_error why = {0};
    const cvs__affine map = {.scale = by[0], .offset = by[1], .divisor = by[2]};
    const cvs_status status = cvs__dim_affine(call->model->symbols, a, map, out, &why);
    return settle(call, status, &why, cvs_dim_is_symbolic(a), out);
}

cvs_status cvs__onnx_product(const cvs__onnx_call *call, const cvs_shape *shape, const int range[2], cvs_dim *out) {
    cvs_status status = CVS_OK;
    *out = 1;
    for (int i = range[0]; i < range[1] && status == CVS_OK; i++)
        status = cvs__onnx_multiply(call, *out, shape->dim[i], out);
    return status;
}

/* One axis of a broadcast: a size other than 1 wins over 1, a known one over an open one. */
static cvs_status join(const cvs__onnx_call *call, cvs_dim a, cvs_dim b, cvs_dim *out) {
    *out = a;
    if (a == b) return CVS_OK;
    if (cvs_dim_is_known(a) && cvs_dim_is_known(b)) {
        if (a != 1 && b != 1)
            return cvs__onnx_fail(call, "skip-size-mismatch", "The sizes %lld and %lld do not fit on each other.",
                                  (long long)a, (long long)b);
        *out = a == 1 ? b : a;
        return CVS_OK;
    }
    if (a == 1 || b == 1)
        *out = a == 1 ? b : a;
    else if (cvs_dim_is_known(a) || cvs_dim_is_known(b))
        *out = cvs_dim_is_known(a) ? a : b;
    else
        *out = CVS_DIM_UNKNOWN;
    return CVS_OK;
}

cvs_status cvs__onnx_broadcast(const cvs__onnx_call *call, const cvs_shape *a, const cvs_shape *b, cvs_shape *out) {
    cvs_shape joined = {.rank = a->rank > b->rank ? a->rank : b->rank};
    for (int i = 1; i <= joined.rank; i++) {
        const cvs_dim one = i <= a->rank ? a->dim[a->rank - i] : 1, other = i <= b->rank ? b->dim[b->rank - i] : 1;
        const cvs_status status = join(call, one, other, &joined.dim[joined.rank - i]);
        if (status != CVS_OK) return status;
    }
    *out = joined;
    return CVS_OK;
}

cvs_dim cvs__onnx_dim_of(const cvs__onnx_number *number) {
    const bool size = number->kind == CVS__ONNX_SIZE || (number->kind == CVS__ONNX_INTEGER && number->integer >= 0);
    return size ? number->integer : CVS_DIM_UNKNOWN;
}

cvs__onnx_number cvs__onnx_number_of(cvs_dim dim) {
    return (cvs__onnx_number){.kind = cvs_dim_is_known(dim)      ? CVS__ONNX_INTEGER
                                      : cvs_dim_is_symbolic(dim) ? CVS__ONNX_SIZE
                                                                 : CVS__ONNX_OPEN,
                              .integer = dim};
}
