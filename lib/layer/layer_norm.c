/*
 * layer_norm.c - each sample normalised over its last axes, or over one (Keras). The sizes normalised are kept as
 * the layer's target, PyTorch's normalized_shape.
 */
#include "layer/any_rank.h"
#include "layer/infer.h"
#include "layer/norm.h"
#include "layer/validate.h"

#include <stdio.h>

static cvs_status layer_norm_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__norm_check(layer, cvs__framework_of(layer), CVS_INVALID, err);
    if (status == CVS_OK && (layer->target_rank < 0 || layer->target_rank >= CVS_MAX_RANK))
        return cvs_fail(err, CVS_INVALID, "norm-shape", "/target", "The normalised shape has 0 to %d sizes, not %d.",
                        CVS_MAX_RANK - 1, layer->target_rank);
    for (int i = 0; i < layer->target_rank && status == CVS_OK; i++) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/target/%d", i);
        if (cvs_dim_is_known(layer->target[i]))
            status = cvs__check_range(layer->target[i], 1, pointer, "A normalised size", err);
    }
    return status;
}

static bool keeps_one_axis(const cvs_layer *layer) {
    return cvs__is_keras(layer->framework) && layer->target_rank <= 1;
}

/* Sizes with no axis said are those of the last axes, as in PyTorch. */
static bool counts_from_end(const cvs_layer *layer) {
    bool unsaid = layer->axis == -1 || layer->framework == CVS_PYTORCH;
    return unsaid && layer->target_rank > 0 && !keeps_one_axis(layer);
}

int cvs__layer_norm_first(const cvs_layer *layer, int rank) {
    int first = counts_from_end(layer) ? rank - layer->target_rank : cvs__resolve_axis(layer->axis, rank);
    return first < 1 || first + layer->target_rank > rank ? -1 : first;
}

static cvs_status refuse_axis(const cvs_layer *layer, int rank, cvs_error *err) {
    int first = cvs__resolve_axis(layer->axis, rank), axis = layer->axis;
    bool from_end = counts_from_end(layer), too_long = !from_end && first >= 1 && layer->target_rank > 0;
    if (from_end) axis = -layer->target_rank;
    if (too_long) axis = first + layer->target_rank - 1;
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "no-such-axis", from_end || too_long ? "/target" : "/axis",
                 "Axis %d is to be normalised; the input has axes 0 to %d, and 0 is the batch.", axis, rank - 1);
    cvs_fail_value(err, "%d", axis);
    cvs_fail_expected(err, "1 to %d, or -1 for the last", rank - 1);
    return status;
}

/* Settle one normalised size and the input's axis from each other. */
static cvs_status settle_size(cvs_inference *inference, int position, int64_t *wanted, cvs_error *err) {
    cvs_dim *size = &inference->input.shape.dim[position];
    if (!cvs_dim_is_known(*wanted)) *wanted = cvs_dim_is_known(*size) ? *size : CVS_DIM_UNKNOWN;
    if (!cvs_dim_is_known(*wanted)) return CVS_OK;
    if (!cvs_dim_is_known(*size)) *size = *wanted;
    if (*size == *wanted) return CVS_OK;
    char shape[96], pointer[32];
    cvs__shape_text(inference->symbols, &inference->input.shape, shape, sizeof shape);
    snprintf(pointer, sizeof pointer, "/input_shape/%d", position);
    cvs_status status = cvs_fail(err, CVS_INVALID, "norm-shape", pointer,
                                 "The layer normalises %lld numbers along axis %d, but the input %s has %lld there.",
                                 (long long)*wanted, position, shape, (long long)*size);
    cvs_fail_value(err, "%lld", (long long)*size);
    cvs_fail_expected(err, "%lld", (long long)*wanted);
    return status;
}

static cvs_status layer_norm_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    (void)symbols;
    cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_any_input(inference, 2, CVS_MAX_RANK, err);
    if (status != CVS_OK) return status;
    int rank = inference->input.shape.rank, first = cvs__layer_norm_first(layer, rank);
    if (first < 0) return refuse_axis(layer, rank, err);
    if (layer->target_rank == 0) {
        layer->target_rank = keeps_one_axis(layer) ? 1 : rank - first;
        for (int i = 0; i < layer->target_rank; i++) layer->target[i] = CVS_DIM_UNKNOWN;
    }
    for (int i = 0; i < layer->target_rank && status == CVS_OK; i++)
        status = settle_size(inference, first + i, &layer->target[i], err);
    if (status == CVS_OK) cvs__infer_same_shape(inference);
    return status;
}

static cvs_status layer_norm_storage(const cvs_inference *inference, cvs_framework framework, cvs__storage *out,
                                     cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs__stored over = {.sizes = layer->target};
    int first = cvs__layer_norm_first(layer, inference->input.shape.rank);
    for (int i = 0; i < layer->target_rank; i++) cvs__push_axis(&over, inference->input.axes[first + i]);
    return cvs__norm_storage(inference, framework, &over, out, err);
}

const cvs__op cvs__op_layer_norm = {
    .any_rank = true,
    .validate = layer_norm_validate,
    .infer = layer_norm_infer,
    .storage = layer_norm_storage,
    .work = cvs__no_work,
    .receptive_field = cvs__same_receptive_field,
    .step = cvs__same_step,
};
