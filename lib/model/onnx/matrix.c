/* matrix.c - matrix products, their shapes and how much they multiply. */
#include "base/checked.h"
#include "model/onnx/families.h"

/* ---- work ----------------------------------------------------------------------------------------------- */

/* Of one sample: every number that comes out, but for the first axis, is a sum of `inner` products. */
static void count_work(cvs__onnx_call *call, const cvs_shape *to, cvs_dim inner, bool bias) {
    cvs_cost *cost = &call->model->layers[call->layer].cost;
    int64_t cells = 1, macs = CVS_DIM_UNKNOWN;
    bool known = cvs_dim_is_known(inner);
    for (int i = 1; i < to->rank && known; i++)
        known = cvs_dim_is_known(to->dim[i]) && cvs__mul(cells, to->dim[i], &cells);
    known = known && cvs__mul(cells, inner, &macs);
    call->counts_work = true;
    cost->macs = known ? macs : CVS_DIM_UNKNOWN;
    cost->bias_adds = !known ? CVS_DIM_UNKNOWN : bias ? cells : 0;
}

static cvs_status check_inner(const cvs__onnx_call *call, cvs_dim a, cvs_dim b) {
    if (!cvs_dim_is_known(a) || !cvs_dim_is_known(b) || a == b) return CVS_OK;
    return cvs__onnx_fail(call, "channel-mismatch", "Rows of %lld numbers are multiplied by columns of %lld.",
                          (long long)a, (long long)b);
}

/* ---- Gemm --------------------------------------------------------------------------------------------------- */

cvs_status cvs__onnx_infer_gemm(cvs__onnx_call *call) {
    const cvs_shape *a = cvs__onnx_shape(call, 0), *b = cvs__onnx_shape(call, 1);
    const int turned_a = cvs__onnx_integer(call, "transA", 0) != 0,
              turned_b = cvs__onnx_integer(call, "transB", 0) != 0;
    if (a->rank != 2 || b->rank != 2)
        return cvs__onnx_fail(call, "wrong-rank", "A Gemm multiplies matrices, and these have %d and %d axes.", a->rank,
                              b->rank);
    cvs_status status = check_inner(call, a->dim[!turned_a], b->dim[turned_b]);
    if (status != CVS_OK) return status;
    const cvs_dim inner = cvs_dim_is_known(a->dim[!turned_a]) ? a->dim[!turned_a] : b->dim[turned_b];
    const cvs_shape to = {.rank = 2, .dim = {a->dim[turned_a], b->dim[!turned_b]}};
    count_work(call, &to, inner, cvs__onnx_has(call, 2));
    return cvs__onnx_give_shape(call, &to);
}

/* ---- MatMul --------------------------------------------------------------------------------------------------- */

/* NumPy's matmul: a vector is a row on the left and a column on the right, and goes away; axes before are stretched. */
static cvs_status matrices(cvs__onnx_call *call, int left, int right, cvs_shape *out, cvs_dim *inner) {
    cvs_shape a = *cvs__onnx_shape(call, left), b = *cvs__onnx_shape(call, right);
    const bool row = a.rank == 1, column = b.rank == 1;
    if (a.rank == 0 || b.rank == 0)
        return cvs__onnx_fail(call, "wrong-rank", "A matrix product needs tensors with axes.");
    const cvs_dim rows = row ? 1 : a.dim[a.rank - 2], columns = column ? 1 : b.dim[b.rank - 1];
    const cvs_dim across = a.dim[a.rank - 1], down = column ? b.dim[0] : b.dim[b.rank - 2];
    cvs_status status = check_inner(call, across, down);
    if (status != CVS_OK) return status;
    *inner = cvs_dim_is_known(across) ? across : down;
    a.rank -= row ? 1 : 2;
    b.rank -= column ? 1 : 2;
    status = cvs__onnx_broadcast(call, &a, &b, out);
    if (status != CVS_OK) return status;
    if (!row) out->dim[out->rank++] = rows;
    if (!column) out->dim[out->rank++] = columns;
    return CVS_OK;
}

cvs_status cvs__onnx_infer_mat_mul(cvs__onnx_call *call) {
    /* QLinearMatMul reads (a, scale, zero, b, scale, zero, scale, zero): its output is of the last one's type. */
    static const struct {
        int right, type_of, type;
    } variants[] = {
        [CVS__ONNX_MATRICES] = {1, 0, 0},
        [CVS__ONNX_INTEGER_MATRICES] = {1, -1, CVS__ONNX_INT32},
        [CVS__ONNX_QUANTIZED_MATRICES] = {3, 7, 0},
    };
    const int right = variants[call->rule->variant].right, type_of = variants[call->rule->variant].type_of;
    cvs_shape to;
    cvs_dim inner = CVS_DIM_UNKNOWN;
    const cvs_status status = matrices(call, 0, right, &to, &inner);
    if (status != CVS_OK) return status;
    count_work(call, &to, inner, false);
    return cvs__onnx_give(call, 0, &to,
                          type_of < 0 ? variants[call->rule->variant].type : cvs__onnx_type(call, type_of));
}

/* A number of every matrix on the last two axes. */
cvs_status cvs__onnx_infer_det(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    if (to.rank < 2)
        return cvs__onnx_fail(call, "wrong-rank", "A determinant is of matrices, not of %d axes.", to.rank);
    to.rank -= 2;
    return cvs__onnx_give_shape(call, &to);
}
