/* pad.c - cells added around the maps: n + p_before + p_after. */
#include "layer/dim.h"
#include "layer/infer.h"
#include "layer/validate.h"

static cvs_status pad_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
    return status == CVS_OK ? cvs__check_padding(layer, err) : status;
}

static cvs_status pad_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_each_channel(inference, err);
    for (int axis = 0; axis < layer->spatial_rank && status == CVS_OK; axis++) {
        int position = cvs__spatial_position(layer->data_format, axis);
        cvs_dim size = inference->input.shape.dim[position];
        int64_t *before = &layer->padding.before[axis], *after = &layer->padding.after[axis];
        if (layer->padding.mode == CVS_PAD_VALID) *before = *after = 0;
        status = cvs__check_fill_fits(layer, axis, size, err);
        cvs__affine more = {1, *before + *after, 1, 0};
        if (status == CVS_OK)
            status = cvs__dim_affine(symbols, size, more, &inference->output.shape.dim[position], err);
    }
    return status;
}

/* Each cell sees one of the input's; those before cell 0 of the input begin at -p_before. */
static void pad_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    *out = (cvs_receptive_field){.rank = inference->layer.spatial_rank};
    for (int axis = 0; axis < out->rank; axis++) {
        out->size[axis] = out->jump[axis] = 1;
        out->start[axis] = -(double)inference->layer.padding.before[axis];
    }
}

static void pad_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    const cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    *step = (cvs_step){
        .axis = cvs__spatial_axis(layer->spatial_rank, axis),
        .formula = "n + p_before + p_after",
        .result = inference->output.shape.dim[position],
    };
    cvs__dim_format_term(inference->symbols, inference->input.shape.dim[position], "n", substitution);
    cvs_text_addf(substitution, " + %lld + %lld", (long long)layer->padding.before[axis],
                  (long long)layer->padding.after[axis]);
}

const cvs__op cvs__op_pad = {
    .validate = pad_validate,
    .infer = pad_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = pad_receptive_field,
    .step = pad_step,
};
