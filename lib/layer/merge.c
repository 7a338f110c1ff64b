/* merge.c - several tensors into one: cell by cell, or side by side along an axis. */
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
                                 "A merge (%s) takes two inputs or more, not %zu.", cvs_op_name(layer->op), count);
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

/* Take one more input into the output. Keras 1's Merge stretches nothing, concatenation never does. */
static cvs_status take(cvs_inference *inference, const cvs_shape *input, size_t index, int joint, cvs_symbols *symbols,
                       cvs_error *err) {
    cvs_shape *output = &inference->output.shape;
    bool stretches = joint < 0 && inference->layer.framework != CVS_KERAS1;
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

static cvs_status check_inputs(const cvs_layer *layer, const cvs_shape *inputs, size_t count,
                               const cvs_symbols *symbols, cvs_error *err) {
    cvs_status status = cvs_layer_validate(layer, err);
    if (status != CVS_OK) return status;
    if (layer->op < CVS_OP_ADD)
        return cvs_fail(err, CVS_INVALID, "not-a-merge", "/op", "A %s layer has one input.", cvs_op_name(layer->op));
    if (count < 2) return refuse_count(layer, count, err);
    for (size_t i = 0; i < count && status == CVS_OK; i++) {
        char pointer[48];
        snprintf(pointer, sizeof pointer, "/input_shapes/%zu", i);
        status = cvs__check_sizes(symbols, &inputs[i], pointer, err);
        if (status == CVS_OK) status = cvs__check_elements(symbols, &inputs[i], "input", pointer, err);
    }
    return status;
}

cvs_status cvs_infer_merge(const cvs_layer *layer, const cvs_shape *inputs, size_t count, cvs_symbols *symbols,
                           cvs_inference *out, cvs_error *err) {
    cvs_status status = check_inputs(layer, inputs, count, symbols, err);
    if (status != CVS_OK) return status;
    cvs_inference inference = {.layer = *layer, .symbols = symbols, .input.shape = inputs[0]};
    int joint = -1;
    inference.layer.framework = cvs__framework_of(layer);
    status = cvs__infer_any_input(&inference, 1, CVS_MAX_RANK, err);
    if (status == CVS_OK) status = joint_of(layer, inputs[0].rank, &joint, err);
    if (status != CVS_OK) return status;
    cvs__infer_same_shape(&inference);
    for (size_t i = 1; i < count && status == CVS_OK; i++)
        status = take(&inference, &inputs[i], i, joint, symbols, err);
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
    else if (step->result != inference->input.shape.dim[position])
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
