/* windows.c - operators that slide a window, sample at places, or move numbers between channels and positions. */
#include "base/checked.h"
#include "model/onnx/families.h"

/* ---- convolutions and pools, by way of layer.h ---------------------------------------------------------- */

static int type_out(const cvs__onnx_call *call) {
    const int variant = call->rule->variant;
    return variant < 0 ? -variant : cvs__onnx_type(call, variant > 0 ? variant - 1 : 0);
}

static cvs_status give_type(cvs__onnx_call *call) {
    const int tensor = call->node->output_count > 0 ? call->node->outputs[0] : -1;
    if (tensor < 0) return CVS_OK;
    const cvs_shape shape = call->model->tensors[tensor].shape;
    return cvs__onnx_give(call, 0, &shape, type_out(call));
}

cvs_status cvs__onnx_infer_convolve(cvs__onnx_call *call) {
    const cvs_status status = cvs__onnx_through_layer(call);
    return status == CVS_OK ? give_type(call) : status;
}

/* MaxPool's second output are the places of the largest. */
cvs_status cvs__onnx_infer_pool(cvs__onnx_call *call) {
    const cvs_status status = cvs__onnx_through_layer(call);
    if (status != CVS_OK) return status;
    return cvs__onnx_give(call, 1, &call->model->parts[call->layer].inference->output.shape, CVS__ONNX_INT64);
}

/* LpPool's window is that of an AveragePool; what it makes of the numbers in it is not. */
cvs_status cvs__onnx_infer_lp_pool(cvs__onnx_call *call) {
    static const cvs__onnx_rule as_average = {.op = "LpPool", .layer = "AveragePool"};
    cvs__onnx_call other = *call;
    other.rule = &as_average;
    other.without = "p";
    const cvs_status status = cvs__onnx_through_layer(&other);
    call->node->sees_layer = status == CVS_OK;
    return status;
}

cvs_status cvs__onnx_infer_global_pool(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    if (to.rank < 2)
        return cvs__onnx_fail(call, "wrong-rank", "A pool needs (batch, channels, ...), not %d axes.", to.rank);
    for (int i = 2; i < to.rank; i++) to.dim[i] = 1;
    return cvs__onnx_give_shape(call, &to);
}

/* ---- MaxUnpool: o = (i - 1)*s + k - pads, or a third input that says the shape ------------------------------- */

cvs_status cvs__onnx_infer_max_unpool(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    const cvs__onnx_value *said = cvs__onnx_value_of(call, 2);
    int64_t kernel[CVS_MAX_RANK], strides[CVS_MAX_RANK], pads[2 * CVS_MAX_RANK];
    int kernels, stride_count, pad_count;
    cvs_status status = cvs__onnx_integers(call, "kernel_shape", CVS_MAX_RANK, kernel, &kernels);
    if (status == CVS_OK) status = cvs__onnx_integers(call, "strides", CVS_MAX_RANK, strides, &stride_count);
    if (status == CVS_OK) status = cvs__onnx_integers(call, "pads", 2 * CVS_MAX_RANK, pads, &pad_count);
    if (status != CVS_OK) return status;
    if (kernels != to.rank - 2 || (stride_count >= 0 && stride_count != kernels) ||
        (pad_count >= 0 && pad_count != 2 * kernels) || (said && said->count != to.rank))
        return cvs__onnx_fail(call, "wrong-length", "kernel_shape, strides and pads are of %d positions.", to.rank - 2);
    for (int i = 0; i < to.rank && cvs__onnx_has(call, 2); i++)
        to.dim[i] = said ? cvs__onnx_dim_of(&said->number[i]) : CVS_DIM_UNKNOWN;
    for (int i = 0; i < kernels && !cvs__onnx_has(call, 2) && status == CVS_OK; i++) {
        const int64_t stride = stride_count >= 0 ? strides[i] : 1;
        int64_t rest = kernel[i];
        const bool fits =
            stride >= 0 && cvs__sub(rest, stride, &rest) &&
            (pad_count < 0 || (cvs__sub(rest, pads[i], &rest) && cvs__sub(rest, pads[kernels + i], &rest)));
        if (!fits) return cvs__onnx_fail(call, "bad-hyperparameter", "kernel_shape, strides or pads are out of range.");
        status = cvs__onnx_scaled(call, to.dim[i + 2], (int64_t[]){stride, rest, 1}, &to.dim[i + 2]);
    }
    return status == CVS_OK ? cvs__onnx_give_shape(call, &to) : status;
}

/* ---- regions ----------------------------------------------------------------------------------------------- */

/* (regions, channels, height, width); the number of regions is the first size of input `rois`. */
static cvs_status give_regions(cvs__onnx_call *call, int rois, cvs_dim height, cvs_dim width) {
    const cvs_shape *data = cvs__onnx_shape(call, 0), *regions = cvs__onnx_shape(call, rois);
    if (data->rank != 4 || regions->rank < 1)
        return cvs__onnx_fail(call, "wrong-rank", "Regions are of (batch, channels, height, width), not of %d axes.",
                              data->rank);
    const cvs_shape to = {.rank = 4, .dim = {regions->dim[0], data->dim[1], height, width}};
    return cvs__onnx_give_shape(call, &to);
}

cvs_status cvs__onnx_infer_roi_pool(cvs__onnx_call *call) {
    int64_t sizes[CVS_MAX_RANK];
    int count;
    const cvs_status status = cvs__onnx_integers(call, "pooled_shape", CVS_MAX_RANK, sizes, &count);
    if (status != CVS_OK) return status;
    if (count != 2 || sizes[0] < 0 || sizes[1] < 0)
        return cvs__onnx_fail(call, "wrong-length", "pooled_shape is a height and a width.");
    return give_regions(call, 1, sizes[0], sizes[1]);
}

cvs_status cvs__onnx_infer_roi_align(cvs__onnx_call *call) {
    const int64_t height = cvs__onnx_integer(call, "output_height", 1),
                  width = cvs__onnx_integer(call, "output_width", 1);
    if (height < 0 || width < 0)
        return cvs__onnx_fail(call, "negative-size", "A region of %lld by %lld.", (long long)height, (long long)width);
    return give_regions(call, 1, height, width);
}

/* (batch, channels) of the data, positions of the grid, whose last axis names a place. */
cvs_status cvs__onnx_infer_grid_sample(cvs__onnx_call *call) {
    const cvs_shape *data = cvs__onnx_shape(call, 0), *grid = cvs__onnx_shape(call, 1);
    if (data->rank < 3 || data->rank != grid->rank)
        return cvs__onnx_fail(call, "wrong-rank",
                              "The data has %d axes and the grid %d: as many are needed, 3 or more.", data->rank,
                              grid->rank);
    cvs_shape to = *data;
    for (int i = 2; i < to.rank; i++) to.dim[i] = grid->dim[i - 1];
    return cvs__onnx_give_shape(call, &to);
}

/* ---- between channels and positions ---------------------------------------------------------------------------- */

static cvs_status block_size(const cvs__onnx_call *call, int64_t *out) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    *out = cvs__onnx_integer(call, "blocksize", 0);
    if (from->rank != 4) return cvs__onnx_fail(call, "wrong-rank", "This needs 4 axes, not %d.", from->rank);
    if (*out < 1 || *out > INT16_MAX)
        return cvs__onnx_fail(call, "bad-hyperparameter", "A blocksize of %lld.", (long long)*out);
    return CVS_OK;
}

static cvs_status check_even(const cvs__onnx_call *call, cvs_dim size, int64_t by) {
    if (!cvs_dim_is_known(size) || size % by == 0) return CVS_OK;
    return cvs__onnx_fail(call, "size-not-divisible", "%lld cannot be divided by %lld.", (long long)size,
                          (long long)by);
}

cvs_status cvs__onnx_infer_depth_to_space(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    int64_t block;
    cvs_status status = block_size(call, &block);
    if (status == CVS_OK) status = check_even(call, to.dim[1], block * block);
    if (status == CVS_OK) status = cvs__onnx_scaled(call, to.dim[1], (int64_t[]){1, 0, block * block}, &to.dim[1]);
    for (int i = 2; i < 4 && status == CVS_OK; i++) status = cvs__onnx_multiply(call, to.dim[i], block, &to.dim[i]);
    return status == CVS_OK ? cvs__onnx_give_shape(call, &to) : status;
}

cvs_status cvs__onnx_infer_space_to_depth(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    int64_t block;
    cvs_status status = block_size(call, &block);
    if (status == CVS_OK) status = cvs__onnx_multiply(call, to.dim[1], block * block, &to.dim[1]);
    for (int i = 2; i < 4 && status == CVS_OK; i++) {
        status = check_even(call, to.dim[i], block);
        if (status == CVS_OK) status = cvs__onnx_scaled(call, to.dim[i], (int64_t[]){1, 0, block}, &to.dim[i]);
    }
    return status == CVS_OK ? cvs__onnx_give_shape(call, &to) : status;
}
