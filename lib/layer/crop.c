/* crop.c - cells cut off around the maps: n - c_before - c_after, kept in the padding's numbers. */
#include "layer/dim.h"
#include "layer/infer.h"
#include "layer/validate.h"

#include <stdio.h>

static cvs_status crop_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
    return status == CVS_OK ? cvs__check_padding(layer, err) : status;
}

static cvs_status refuse_empty(const cvs_layer *layer, int axis, int64_t size, cvs_error *err) {
    int64_t before = layer->padding.before[axis], after = layer->padding.after[axis];
    bool at_start = before >= size;
    char pointer[48];
    snprintf(pointer, sizeof pointer, "/padding/%s/%d", at_start ? "before" : "after", axis);
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "crop-exceeds-input", pointer,
                 "Along %s %lld cells are cut off before and %lld after, but there are only %lld: nothing is left.",
                 cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)), (long long)before, (long long)after,
                 (long long)size);
    cvs_fail_value(err, "%lld", (long long)(at_start ? before : after));
    cvs_fail_expected(err, "at most %lld in all", (long long)(size - 1));
    return status;
}

static cvs_status crop_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_each_channel(inference, err);
    for (int axis = 0; axis < layer->spatial_rank && status == CVS_OK; axis++) {
        int position = cvs__spatial_position(layer->data_format, axis);
        cvs_dim size = inference->input.shape.dim[position];
        int64_t *before = &layer->padding.before[axis], *after = &layer->padding.after[axis];
        if (layer->padding.mode == CVS_PAD_VALID) *before = *after = 0;
        if (cvs_dim_is_known(size) && *before + *after >= size) return refuse_empty(layer, axis, size, err);
        cvs__affine less = {1, -*before - *after, 1, 0};
        status = cvs__dim_affine(symbols, size, less, &inference->output.shape.dim[position], err);
    }
    return status;
}

static void crop_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    *out = (cvs_receptive_field){.rank = inference->layer.spatial_rank};
    for (int axis = 0; axis < out->rank; axis++) {
        out->size[axis] = out->jump[axis] = 1;
        out->start[axis] = (double)inference->layer.padding.before[axis];
    }
}

static void crop_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    const cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    *step = (cvs_step){
        .axis = cvs__spatial_axis(layer->spatial_rank, axis),
        .formula = "n - c_before - c_after",
        .result = inference->output.shape.dim[position],
    };
    cvs__dim_format_term(inference->symbols, inference->input.shape.dim[position], "n", substitution);
    cvs_text_addf(substitution, " - %lld - %lld", (long long)layer->padding.before[axis],
                  (long long)layer->padding.after[axis]);
}

const cvs__op cvs__op_crop = {
    .validate = crop_validate,
    .infer = crop_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = crop_receptive_field,
    .step = crop_step,
};
