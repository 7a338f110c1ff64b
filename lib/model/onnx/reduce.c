/* reduce.c - operators that make one number of many, along axes. */
#include "model/onnx/families.h"

/* Which axes: an attribute, or an input (ReduceSum from opset 13, the others from 18). */
typedef struct reduction {
    unsigned axes; /* a bit each */
    bool keep, known;
} reduction;

static cvs_status read_axes(const cvs__onnx_call *call, int rank, reduction *out) {
    int64_t axes[CVS_MAX_RANK];
    int count;
    cvs_status status = cvs__onnx_setting(call, "axes", 1, axes, &count);
    *out =
        (reduction){.keep = cvs__onnx_integer(call, "keepdims", 1) != 0, .known = count != CVS__ONNX_UNKNOWN_SETTING};
    const bool none = cvs__onnx_integer(call, "noop_with_empty_axes", 0) != 0;
    if (status == CVS_OK && count <= 0 && out->known && !none) out->axes = (1U << rank) - 1;
    for (int i = 0; i < count && status == CVS_OK; i++) {
        int axis = 0;
        status = cvs__onnx_axis(call, axes[i], rank, &axis);
        out->axes |= 1U << axis;
    }
    return status;
}

static void drop(const reduction *by, const cvs_shape *from, cvs_shape *to) {
    *to = (cvs_shape){0};
    for (int i = 0; i < from->rank; i++) {
        if (!(by->axes >> i & 1U))
            to->dim[to->rank++] = from->dim[i];
        else if (by->keep)
            to->dim[to->rank++] = 1;
    }
}

/* Of all numbers together. */
static void fold(cvs__onnx_call *call, cvs__onnx_sum sum) {
    const cvs__onnx_value *from = cvs__onnx_value_of(call, 0);
    cvs__onnx_value *to = from && from->count > 0 ? cvs__onnx_room(call, 0) : NULL;
    if (!to || to->count != 1) return;
    const bool integers = cvs__onnx_is_integer(from->type);
    cvs__onnx_number all = from->number[0];
    for (int n = 1; n < from->count; n++) all = cvs__onnx_fold_two(call, sum, integers, all, from->number[n]);
    to->number[0] = all;
}

cvs_status cvs__onnx_infer_reduce(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    const cvs__onnx_sum sum = (cvs__onnx_sum)call->rule->variant;
    reduction by;
    cvs_shape to;
    cvs_status status = read_axes(call, from->rank, &by);
    if (status != CVS_OK) return status;
    if (by.known) {
        drop(&by, from, &to);
    } else {
        if (!by.keep) return cvs__onnx_rank_unknown(call);
        to.rank = from->rank;
        for (int i = 0; i < to.rank; i++) to.dim[i] = CVS_DIM_UNKNOWN;
    }
    status = cvs__onnx_give_shape(call, &to);
    if (status == CVS_OK && sum != CVS__ONNX_NO_SUM) fold(call, sum);
    return status;
}

cvs_status cvs__onnx_infer_arg(cvs__onnx_call *call) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    reduction by = {.keep = cvs__onnx_integer(call, "keepdims", 1) != 0};
    cvs_shape to;
    int axis;
    const cvs_status status = cvs__onnx_axis(call, cvs__onnx_integer(call, "axis", 0), from->rank, &axis);
    if (status != CVS_OK) return status;
    by.axes = 1U << axis;
    drop(&by, from, &to);
    return cvs__onnx_give(call, 0, &to, CVS__ONNX_INT64);
}
