/* merge.c - several tensors into one: cell by cell, or side by side along an axis. */
#include "base/checked.h"
#include "layer/any_rank.h"
#include "layer/dim.h"
#include "layer/infer.h"

#include <stdio.h>

static cvs_status merge_validate(const cvs_layer *layer, cvs_error *err) {
    (void)layer, (void)err;
    return CVS_OK;
}

static cvs_status refuse_count(const cvs_layer *layer, size_t count, cvs_error *err) {
    cvs_status status = cvs_fail(err, CVS_INVALID, "merge-inputs", "/input_shapes",
                                 "A merge (%s) takes two inputs or more, not %zu: list the shapes of all of them.",
                                 cvs_op_name(layer->op), count);
    cvs_fail_value(err, "%zu", count);
    cvs_fail_expected(err, "at least 2 shapes");
    return status;
}

static cvs_status merge_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    (void)symbols;
    return refuse_count(&inference->layer, 1, err);
}

/* What is known when both must be equal, or one may be 1 and is stretched. */
static cvs_dim joined(bool stretches, cvs_dim a, cvs_dim b) {
    if (a == b) return a;
    if (stretches && a == 1) return b;
    if (stretches && b == 1) return a;
    if (cvs_dim_is_known(a)) return a;
    if (cvs_dim_is_known(b)) return b;
    if (stretches) return CVS_DIM_UNKNOWN;
    return cvs_dim_is_symbolic(a) ? a : b;
}

static bool fits(bool stretches, cvs_dim a, cvs_dim b) {
    bool both_known = cvs_dim_is_known(a) && cvs_dim_is_known(b);
    return !both_known || a == b || (stretches && (a == 1 || b == 1));
}

static cvs_status refuse_rank(const cvs_inference *inference, const cvs_shape *input, size_t index, cvs_error *err) {
    char pointer[48], shape[96];
    snprintf(pointer, sizeof pointer, "/input_shapes/%zu", index);
    cvs__shape_text(inference->symbols, input, shape, sizeof shape);
    int rank = inference->output.shape.rank;
    cvs_status status = cvs_fail(err, CVS_INVALID, "skip-size-mismatch", pointer,
                                 "Input %zu, %s, has %d axes and those before it %d: they cannot be merged.", index,
                                 shape, input->rank, rank);
    cvs_fail_value(err, "%s", shape);
    cvs_fail_expected(err, "%d sizes", rank);
    return status;
}

static cvs_status refuse_size(const cvs_inference *inference, const cvs_shape *input, size_t index, int axis,
                              bool stretches, cvs_error *err) {
    char pointer[48], shape[96];
    snprintf(pointer, sizeof pointer, "/input_shapes/%zu", index);
    cvs__shape_text(inference->symbols, input, shape, sizeof shape);
    const cvs_tensor_shape *output = &inference->output;
    bool spatial = output->axes[axis] != CVS_AXIS_CHANNELS && axis > 0 && inference->layer.spatial_rank;
    cvs_status status = cvs_fail(
        err, CVS_INVALID, "skip-size-mismatch", pointer,
        "Input %zu, %s, has %lld along axis %d (%s), but those before it have %lld.%s", index, shape,
        (long long)input->dim[axis], axis, cvs_axis_name(output->axes[axis]), (long long)output->shape.dim[axis],
        spatial ? " Where one branch was strided and enlarged again, the input of the model must be a multiple of the "
                  "product of its strides."
                : "");
    cvs_fail_value(err, "%lld", (long long)input->dim[axis]);
    cvs_fail_expected(err, "%lld%s", (long long)output->shape.dim[axis], stretches ? ", or 1" : "");
    return status;
}

/* Along the axis that concatenation adds up; -1 for the other merges. CVS_INVALID when there is no such axis. */
static cvs_status joint_of(const cvs_layer *layer, int rank, int *joint, cvs_error *err) {
    *joint = layer->op == CVS_OP_CONCATENATE ? cvs__resolve_axis(layer->axis, rank) : -1;
    if (*joint >= 0 || layer->op != CVS_OP_CONCATENATE) return CVS_OK;
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "no-such-axis", "/axis",
                 "The inputs have axes 0 to %d, so they cannot be joined along axis %d.", rank - 1, layer->axis);
    cvs_fail_value(err, "%d", layer->axis);
    cvs_fail_expected(err, "%d to %d", -rank, rank - 1);
    return status;
}

/* Keras 1's Merge stretches nothing, concatenation never does. */
static bool stretches_axes(const cvs_layer *layer) {
    return layer->op != CVS_OP_CONCATENATE && layer->framework != CVS_KERAS1;
}

/*
 * The input with axes of size 1 put in for those that it lacks: before all others, in Keras behind the batch axis. As
 * it is where nothing is stretched.
 */
static cvs_shape aligned(const cvs_layer *layer, const cvs_shape *input, int rank) {
    if (!stretches_axes(layer) || input->rank >= rank) return *input;
    bool batch_first = layer->framework != CVS_PYTORCH && layer->framework != CVS_ONNX;
    int start = batch_first ? 1 : 0, missing = rank - input->rank;
    cvs_shape out = {.rank = rank};
    for (int i = 0; i < rank; i++)
        out.dim[i] = i < start ? input->dim[i] : i < start + missing ? 1 : input->dim[i - missing];
    return out;
}

/* Take one more input, aligned, into the output. */
static cvs_status take(cvs_inference *inference, const cvs_shape *input, size_t index, int joint, cvs_symbols *symbols,
                       cvs_error *err) {
    cvs_shape *output = &inference->output.shape;
    bool stretches = stretches_axes(&inference->layer);
    if (input->rank != output->rank) return refuse_rank(inference, input, index, err);
    for (int axis = 0; axis < output->rank; axis++) {
        cvs_dim *size = &output->dim[axis];
        if (axis == joint) {
            cvs_status status = cvs__dim_add(symbols, *size, input->dim[axis], size, err);
            if (status != CVS_OK) return status;
            continue;
        }
        if (!fits(stretches, *size, input->dim[axis]))
            return refuse_size(inference, input, index, axis, stretches, err);
        *size = joined(stretches, *size, input->dim[axis]);
    }
    return CVS_OK;
}

/* The numbers that a sample has in the inputs after the first. */
static cvs_status count_others(const cvs_shape *inputs, size_t count, cvs_dim *out, cvs_error *err) {
    *out = 0;
    for (size_t i = 1; i < count; i++) {
        int64_t cells;
        if (!cvs__cost_product(inputs[i].dim + 1, inputs[i].rank - 1, &cells) ||
            (cells >= 0 && *out >= 0 && !cvs__add(*out, cells, out)))
            return cvs_fail(err, CVS_TOO_LARGE, "size-overflow", "/input_shapes",
                            "The inputs together have more than 2^63 - 1 numbers.");
        if (cells < 0) *out = CVS_DIM_UNKNOWN;
    }
    return CVS_OK;
}

static cvs_status check_inputs(const cvs_layer *layer, const cvs_shape *inputs, size_t count,
                               const cvs_symbols *symbols, cvs_error *err) {
    cvs_status status = cvs_layer_validate(layer, err);
    if (status != CVS_OK) return status;
    if (layer->op < CVS_OP_ADD)
        return cvs_fail(err, CVS_INVALID, "not-a-merge", "/input_shapes",
                        "A %s layer has one input: only merges take a list of shapes.", cvs_op_name(layer->op));
    if (count < 2) return refuse_count(layer, count, err);
    for (size_t i = 0; i < count && status == CVS_OK; i++) {
        char pointer[48];
        snprintf(pointer, sizeof pointer, "/input_shapes/%zu", i);
        status = cvs__check_sizes(symbols, &inputs[i], pointer, err);
        if (status == CVS_OK) status = cvs__check_elements(symbols, &inputs[i], "input", pointer, err);
    }
    return status;
}

static int most_axes(const cvs_shape *inputs, size_t count) {
    int rank = 0;
    for (size_t i = 0; i < count; i++)
        if (inputs[i].rank > rank) rank = inputs[i].rank;
    return rank;
}

cvs_tensor_shape cvs_merge_input(const cvs_layer *layer, const cvs_shape *input) {
    cvs_tensor_shape tensor = {.shape = *input};
    cvs__label_any(&tensor, layer->data_format);
    return tensor;
}

/* The output begins as the first input, and the others are taken into it. */
static cvs_status merge(cvs_inference *inference, const cvs_shape *inputs, size_t count, cvs_symbols *symbols,
                        cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    int joint = -1, rank = stretches_axes(layer) ? most_axes(inputs, count) : inputs[0].rank;
    cvs_shape first = aligned(layer, &inputs[0], rank);
    cvs_status status = joint_of(layer, rank, &joint, err);
    inference->input = cvs_merge_input(layer, &inputs[0]);
    inference->output = cvs_merge_input(layer, &first);
    layer->spatial_rank = cvs__spatial_rank_of(&inference->output);
    for (size_t i = 1; i < count && status == CVS_OK; i++) {
        cvs_shape next = aligned(layer, &inputs[i], rank);
        status = take(inference, &next, i, joint, symbols, err);
    }
    return status;
}

cvs_status cvs_infer_merge(const cvs_layer *layer, const cvs_shape *inputs, size_t count, cvs_symbols *symbols,
                           cvs_inference *out, cvs_error *err) {
    cvs_status status = check_inputs(layer, inputs, count, symbols, err);
    if (status != CVS_OK) return status;
    cvs_inference inference = {.layer = *layer, .symbols = symbols, .input_count = (int)count};
    inference.layer.framework = cvs__framework_of(layer);
    status = merge(&inference, inputs, count, symbols, err);
    if (status == CVS_OK) status = count_others(inputs, count, &inference.other_cells, err);
    if (status == CVS_OK) status = cvs__check_elements(symbols, &inference.output.shape, "output", "", err);
    if (status == CVS_OK) *out = inference;
    return status;
}

static void merge_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    const cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    bool sums =
        layer->op == CVS_OP_CONCATENATE && position == cvs__resolve_axis(layer->axis, inference->output.shape.rank);
    cvs__same_step(inference, axis, step, substitution);
    if (sums)
        step->formula = "n_0 + n_1 + ...";
    else if (inference->input.shape.rank != inference->output.shape.rank ||
             step->result != inference->input.shape.dim[position])
        step->formula = "max(n_0, n_1, ...)";
}

const cvs__op cvs__op_merge = {
    .any_rank = true,
    .validate = merge_validate,
    .infer = merge_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = cvs__same_receptive_field,
    .step = merge_step,
};
