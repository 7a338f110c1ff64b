/* reshape.c - the same numbers in the same order on other axes; the batch axis stays. */
#include "base/checked.h"
#include "layer/any_rank.h"
#include "layer/dim.h"
#include "layer/infer.h"
#include "layer/validate.h"

#include <stdio.h>

static cvs_status check_rank(const cvs_layer *layer, cvs_error *err) {
    if (layer->target_rank >= 0 && layer->target_rank < CVS_MAX_RANK) return CVS_OK;
    cvs_status status = cvs_fail(err, CVS_INVALID, "reshape-target", "/target",
                                 "A tensor has at most %d axes, the batch among them; the target has %d.", CVS_MAX_RANK,
                                 layer->target_rank);
    cvs_fail_expected(err, "at most %d sizes", CVS_MAX_RANK - 1);
    return status;
}

static cvs_status refuse_second_open(int axis, cvs_error *err) {
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/target/%d", axis);
    cvs_status status = cvs_fail(err, CVS_INVALID, "reshape-target", pointer,
                                 "Only one size may be -1, \"what is left\": two of them could be anything.");
    cvs_fail_value(err, "-1");
    cvs_fail_expected(err, "a number");
    return status;
}

/* Is 0 the size that the input has there? */
static bool keeps(const cvs_layer *layer) {
    cvs_framework framework = cvs__framework_of(layer);
    return framework == CVS_ONNX || framework == CVS_CONVSCOPE;
}

static cvs_status reshape_validate(const cvs_layer *layer, cvs_error *err) {
    int open = 0;
    cvs_status status = check_rank(layer, err);
    for (int axis = 0; status == CVS_OK && axis < layer->target_rank; axis++) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/target/%d", axis);
        if (layer->target[axis] == 0 && keeps(layer)) continue;
        if (layer->target[axis] != CVS_DIM_UNKNOWN)
            status = cvs__check_range(layer->target[axis], 1, pointer, "A size of the target", err);
        else if (open++)
            status = refuse_second_open(axis, err);
    }
    return status;
}

/* What a sample has, in words: "7*7*512 = 25088". A size that is not known is one that is kept. */
static void count_text(const cvs_shape *input, int64_t count, char *out, size_t size) {
    int used = 0;
    for (int i = 1; i < input->rank && used < (int)size; i++)
        if (cvs_dim_is_known(input->dim[i]))
            used += snprintf(out + used, size - (size_t)used, "%s%lld", used ? "*" : "", (long long)input->dim[i]);
    if (used < (int)size) snprintf(out + used, size - (size_t)used, "%s%lld", used ? " = " : "", (long long)count);
}

static cvs_status refuse_count(const cvs_inference *inference, int64_t count, int64_t named, bool open,
                               cvs_error *err) {
    char has[160];
    count_text(&inference->input.shape, count, has, sizeof has);
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "reshape-touches-batch", "/target",
                 "A sample has %s numbers, but the target %s %lld: a reshape neither adds nor drops any, and the "
                 "samples must not mix.",
                 has, open ? "takes a multiple of" : "takes", (long long)named);
    cvs_fail_value(err, "%lld", (long long)named);
    cvs_fail_expected(err, "sizes whose product is %lld", (long long)count);
    return status;
}

/* A 0 keeps the size that the input has on this axis. It stays 0 where that is not known. */
static cvs_status keep_sizes(cvs_inference *inference, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    const cvs_shape *input = &inference->input.shape;
    for (int i = 0; i < layer->target_rank; i++) {
        if (layer->target[i] != 0) continue;
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/target/%d", i);
        if (i + 1 >= input->rank)
            return cvs_fail(err, CVS_INVALID, "reshape-target", pointer,
                            "A 0 keeps the input's size on axis %d, but the input has axes 0 to %d.", i + 1,
                            input->rank - 1);
        if (cvs_dim_is_known(input->dim[i + 1])) layer->target[i] = input->dim[i + 1];
    }
    return CVS_OK;
}

static bool is_kept(const cvs_layer *layer, int axis) { return axis <= layer->target_rank && !layer->target[axis - 1]; }

/* The numbers of a sample; of the target without its open size. Axes that are kept count in neither. */
static cvs_status count_sample(const cvs_inference *inference, cvs_symbols *symbols, cvs_dim *out, cvs_error *err) {
    const cvs_shape *input = &inference->input.shape;
    cvs_status status = CVS_OK;
    *out = 1;
    for (int i = 1; i < input->rank && status == CVS_OK; i++)
        if (!is_kept(&inference->layer, i)) status = cvs__dim_mul(symbols, *out, input->dim[i], out, err);
    return status;
}

static cvs_status count_target(const cvs_layer *layer, int64_t *out, int *open, cvs_error *err) {
    *out = 1;
    *open = -1;
    for (int i = 0; i < layer->target_rank; i++) {
        if (layer->target[i] == CVS_DIM_UNKNOWN)
            *open = i;
        else if (layer->target[i] && !cvs__mul(*out, layer->target[i], out))
            return cvs_fail(err, CVS_TOO_LARGE, "size-overflow", "/target", "The target has more than 2^63 - 1 cells.");
    }
    return CVS_OK;
}

static cvs_status reshape_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    cvs_tensor_shape *output = &inference->output;
    cvs_dim count = 1;
    int64_t named = 1;
    int open = -1;
    cvs_status status = cvs__infer_any_input(inference, 1, CVS_MAX_RANK, err);
    if (status == CVS_OK) status = keep_sizes(inference, err);
    if (status == CVS_OK) status = count_sample(inference, symbols, &count, err);
    if (status == CVS_OK) status = count_target(layer, &named, &open, err);
    if (status != CVS_OK) return status;
    if (cvs_dim_is_known(count) && (open < 0 ? count != named : count % named != 0))
        return refuse_count(inference, count, named, open >= 0, err);
    output->shape.rank = layer->target_rank + 1;
    output->shape.dim[0] = inference->input.shape.dim[0];
    for (int i = 0; i < layer->target_rank; i++)
        output->shape.dim[i + 1] = layer->target[i] ? layer->target[i] : inference->input.shape.dim[i + 1];
    if (open >= 0)
        status = cvs__dim_affine(symbols, count, (cvs__affine){1, 0, named, 0}, &output->shape.dim[open + 1], err);
    cvs__label_any(output, layer->data_format);
    layer->spatial_rank = 0;
    return status;
}

const cvs__op cvs__op_reshape = {
    .any_rank = true,
    .validate = reshape_validate,
    .infer = reshape_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = cvs__no_receptive_field,
    .step = cvs__same_step,
};
