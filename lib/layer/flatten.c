/* flatten.c - neighbouring axes merged into one. */
#include "layer/any_rank.h"
#include "layer/dim.h"
#include "layer/infer.h"

static cvs_status flatten_validate(const cvs_layer *layer, cvs_error *err) {
    bool all = layer->start_axis == 1 && layer->end_axis == -1;
    if (!cvs__is_keras(layer->framework) || all) return CVS_OK;
    cvs_status status = cvs_fail(err, CVS_INVALID, "flatten-axes", layer->start_axis == 1 ? "/end_axis" : "/start_axis",
                                 "%s merges all axes but the batch, not %d to %d.",
                                 cvs__framework_title(layer->framework), layer->start_axis, layer->end_axis);
    cvs_fail_expected(err, "start_axis 1 and end_axis -1");
    return status;
}

static cvs_status refuse_axes(const cvs_inference *inference, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    int rank = inference->input.shape.rank;
    bool start_exists = cvs__resolve_axis(layer->start_axis, rank) >= 0;
    cvs_status status = cvs_fail(err, CVS_INVALID, "flatten-axes", start_exists ? "/end_axis" : "/start_axis",
                                 "Axes %d to %d are to be merged, but the input has axes 0 to %d.", layer->start_axis,
                                 layer->end_axis, rank - 1);
    cvs_fail_value(err, "%d", start_exists ? layer->end_axis : layer->start_axis);
    cvs_fail_expected(err, "two of the axes 0 to %d in their order, -1 being the last", rank - 1);
    return status;
}

static void push(cvs_tensor_shape *tensor, cvs_dim size, cvs_axis axis) {
    tensor->axes[tensor->shape.rank] = axis;
    tensor->shape.dim[tensor->shape.rank++] = size;
}

/* Append the product of axes first..last; of none it is 1. */
static cvs_status push_merged(cvs_inference *inference, cvs_symbols *symbols, int first, int last, cvs_axis axis,
                              cvs_error *err) {
    cvs_dim product = 1;
    cvs_status status = CVS_OK;
    for (int i = first; i <= last && status == CVS_OK; i++)
        status = cvs__dim_mul(symbols, product, inference->input.shape.dim[i], &product, err);
    push(&inference->output, product, first == last ? inference->input.axes[first] : axis);
    return status;
}

/* ONNX makes a matrix: the axes before `axis` are merged too. */
static cvs_status make_matrix(cvs_inference *inference, cvs_symbols *symbols, int axis, cvs_error *err) {
    cvs_status status = push_merged(inference, symbols, 0, axis - 1, CVS_AXIS_OTHER, err);
    if (status != CVS_OK) return status;
    return push_merged(inference, symbols, axis, inference->input.shape.rank - 1, CVS_AXIS_FEATURES, err);
}

static cvs_status merge_axes(cvs_inference *inference, cvs_symbols *symbols, int first, int last, cvs_error *err) {
    const cvs_tensor_shape *input = &inference->input;
    for (int i = 0; i < first; i++) push(&inference->output, input->shape.dim[i], input->axes[i]);
    cvs_status status = push_merged(inference, symbols, first, last, CVS_AXIS_FEATURES, err);
    for (int i = last + 1; i < input->shape.rank; i++) push(&inference->output, input->shape.dim[i], input->axes[i]);
    return status;
}

static cvs_status flatten_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_any_input(inference, 1, CVS_MAX_RANK, err);
    if (status != CVS_OK) return status;
    int rank = inference->input.shape.rank;
    int first = cvs__resolve_axis(layer->start_axis, rank), last = cvs__resolve_axis(layer->end_axis, rank);
    bool onto_batch = layer->start_axis == rank && layer->end_axis == -1; /* a sample of one number: a row of one */
    layer->spatial_rank = 0;
    if (layer->framework == CVS_ONNX && (first >= 0 || onto_batch))
        return make_matrix(inference, symbols, onto_batch ? rank : first, err);
    if (cvs__is_keras(layer->framework) && onto_batch) return make_matrix(inference, symbols, rank, err);
    if (first < 0 || last < first) return refuse_axes(inference, err);
    return merge_axes(inference, symbols, first, last, err);
}

const cvs__op cvs__op_flatten = {
    .any_rank = true,
    .validate = flatten_validate,
    .infer = flatten_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = cvs__no_receptive_field,
    .step = cvs__same_step,
};
