/* global_pool.c - the largest or the average of a whole map, each channel by itself. */
#include "layer/dim.h"
#include "layer/infer.h"
#include "layer/validate.h"

#include <math.h>

static cvs_status global_validate(const cvs_layer *layer, cvs_error *err) {
    return cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
}

static cvs_status global_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    (void)symbols;
    const cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_input(inference, err);
    if (status == CVS_OK) status = cvs__infer_channels(inference, err);
    if (status != CVS_OK) return status;
    const cvs_shape *input = &inference->input.shape;
    cvs_dim channels = input->dim[cvs__channel_position(layer->data_format, layer->spatial_rank)];
    if (!layer->keep_spatial) {
        inference->output = (cvs_tensor_shape){.shape = {.rank = 2, .dim = {input->dim[0], channels}},
                                               .axes = {CVS_AXIS_BATCH, CVS_AXIS_CHANNELS}};
        return CVS_OK;
    }
    cvs__infer_output(inference, CVS_AXIS_CHANNELS, channels);
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        inference->output.shape.dim[cvs__spatial_position(layer->data_format, axis)] = 1;
    return CVS_OK;
}

/* The only cell sees all; the next one would see the next map. */
static void global_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    const cvs_layer *layer = &inference->layer;
    *out = (cvs_receptive_field){.rank = layer->spatial_rank};
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs_dim size = inference->input.shape.dim[cvs__spatial_position(layer->data_format, axis)];
        bool known = cvs_dim_is_known(size);
        out->size[axis] = out->jump[axis] = known ? size : CVS_DIM_UNKNOWN;
        out->start[axis] = known ? (double)(size - 1) / 2 : (double)NAN;
    }
}

/* A window of n cells fits into n cells once. */
static void global_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    const cvs_layer *layer = &inference->layer;
    cvs_dim size = inference->input.shape.dim[cvs__spatial_position(layer->data_format, axis)];
    *step = (cvs_step){
        .axis = cvs__spatial_axis(layer->spatial_rank, axis),
        .formula = "n - n + 1",
        .result = 1,
    };
    cvs__dim_format_term(inference->symbols, size, "n", substitution);
    cvs_text_add(substitution, " - ");
    cvs__dim_format_operand(inference->symbols, size, "n", substitution);
    cvs_text_add(substitution, " + 1");
}

const cvs__op cvs__op_global_pool = {
    .validate = global_validate,
    .infer = global_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = global_receptive_field,
    .step = global_step,
};
