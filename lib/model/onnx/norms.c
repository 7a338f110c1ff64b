/* norms.c - operators that keep the shape of their data and give statistics or states beside it. */
#include "model/onnx/families.h"

/* Statistics of each channel, where training asks for them. */
cvs_status cvs__onnx_infer_batch_norm(cvs__onnx_call *call) {
    const cvs_shape *data = cvs__onnx_shape(call, 0), *scale = cvs__onnx_shape(call, 1);
    cvs_status status = cvs__onnx_give_shape(call, data);
    if (status == CVS_OK && data->rank > 1 && scale->rank == 1 && cvs_dim_is_known(data->dim[1]) &&
        cvs_dim_is_known(scale->dim[0]) && data->dim[1] != scale->dim[0])
        return cvs__onnx_fail(call, "channel-mismatch", "The norm is made for %lld channels, and the input has %lld.",
                              (long long)scale->dim[0], (long long)data->dim[1]);
    for (int o = 1; o < call->node->output_count && status == CVS_OK; o++)
        status = cvs__onnx_give(call, o, scale, cvs__onnx_type(call, 1));
    return status;
}

/* Mean and deviation of what is normalised: sizes of 1 from `axis` on. */
cvs_status cvs__onnx_infer_layer_norm(cvs__onnx_call *call) {
    cvs_shape statistics = *cvs__onnx_shape(call, 0);
    int axis;
    cvs_status status = cvs__onnx_axis(call, cvs__onnx_integer(call, "axis", -1), statistics.rank, &axis);
    if (status == CVS_OK) status = cvs__onnx_give_shape(call, &statistics);
    if (status != CVS_OK) return status;
    for (int i = axis; i < statistics.rank; i++) statistics.dim[i] = 1;
    status = cvs__onnx_give(call, 1, &statistics, CVS__ONNX_FLOAT);
    return status == CVS_OK ? cvs__onnx_give(call, 2, &statistics, CVS__ONNX_FLOAT) : status;
}

/* RNN, GRU, LSTM: (steps, batch, features) becomes (steps, directions, batch, units); with `layout` the batch is first.
 */
cvs_status cvs__onnx_infer_recurrent(cvs__onnx_call *call) {
    const cvs_shape *data = cvs__onnx_shape(call, 0), *recurrence = cvs__onnx_shape(call, 2);
    const bool batch_first = cvs__onnx_integer(call, "layout", 0) != 0;
    if (data->rank != 3 || recurrence->rank != 3)
        return cvs__onnx_fail(call, "wrong-rank", "This reads (steps, batch, features), not %d axes.", data->rank);
    const cvs_dim directions = cvs__onnx_word_is(call, "direction", "bidirectional") ? 2 : 1;
    const int64_t said = cvs__onnx_integer(call, "hidden_size", CVS_DIM_UNKNOWN);
    const cvs_dim units = said >= 0 ? said : recurrence->dim[2];
    const cvs_dim steps = data->dim[batch_first], batch = data->dim[!batch_first];
    const cvs_shape all = batch_first ? (cvs_shape){4, {batch, steps, directions, units}}
                                      : (cvs_shape){4, {steps, directions, batch, units}};
    const cvs_shape last =
        batch_first ? (cvs_shape){3, {batch, directions, units}} : (cvs_shape){3, {directions, batch, units}};
    cvs_status status = cvs__onnx_give_shape(call, &all);
    for (int o = 1; o <= call->rule->variant && status == CVS_OK; o++)
        status = cvs__onnx_give(call, o, &last, cvs__onnx_type(call, 0));
    return status;
}
