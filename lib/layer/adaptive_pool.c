/*
 * adaptive_pool.c - pooling to a size that is given: cell j of o sees the inputs floor(j*i/o) to ceil((j + 1)*i/o) - 1.
 */
#include "layer/dim.h"
#include "layer/infer.h"
#include "layer/validate.h"

#include <math.h>
#include <stdio.h>

static cvs_status adaptive_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
    for (int axis = 0; axis < layer->spatial_rank && status == CVS_OK; axis++) {
        if (layer->output_size[axis] == CVS_DIM_UNKNOWN) continue;
        char pointer[32], what[64];
        snprintf(pointer, sizeof pointer, "/output_size/%d", axis);
        snprintf(what, sizeof what, "The output size along %s",
                 cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)));
        status = cvs__check_range(layer->output_size[axis], 1, pointer, what, err);
    }
    return status;
}

static cvs_status adaptive_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    (void)symbols;
    const cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_each_channel(inference, err);
    if (status != CVS_OK) return status;
    const cvs_shape *input = &inference->input.shape;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int position = cvs__spatial_position(layer->data_format, axis);
        bool keeps = layer->output_size[axis] == CVS_DIM_UNKNOWN;
        inference->output.shape.dim[position] = keeps ? input->dim[position] : layer->output_size[axis];
    }
    return CVS_OK;
}

/*
 * With i = q*o + r a window is q cells, one more where it begins or ends between two of them, two more where both:
 * where the rest j*r mod o, a multiple of gcd(r, o), is above o - r.
 */
static int64_t widest_window(int64_t size, int64_t cells) {
    int64_t rest = size % cells;
    if (rest == 0) return size / cells;
    return size / cells + ((int64_t)cvs__gcd((uint64_t)rest, (uint64_t)cells) < rest ? 2 : 1);
}

static void adaptive_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    const cvs_layer *layer = &inference->layer;
    *out = (cvs_receptive_field){.rank = layer->spatial_rank};
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs_dim size = inference->input.shape.dim[cvs__spatial_position(layer->data_format, axis)];
        int64_t cells = layer->output_size[axis];
        if (cells == CVS_DIM_UNKNOWN) size = cells = 1; /* each cell sees its own input, whatever the size */
        bool known = cvs_dim_is_known(size);
        int64_t common = known ? (int64_t)cvs__gcd((uint64_t)size, (uint64_t)cells) : 1;
        out->size[axis] = known ? widest_window(size, cells) : CVS_DIM_UNKNOWN;
        out->jump[axis] = known ? size / common : CVS_DIM_UNKNOWN;
        out->jump_divisor[axis] = known ? cells / common : 1;
        out->start[axis] = known ? ((double)size / (double)cells - 1) / 2 : (double)NAN;
    }
}

static void adaptive_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    const cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    *step = (cvs_step){
        .axis = cvs__spatial_axis(layer->spatial_rank, axis),
        .formula = layer->output_size[axis] == CVS_DIM_UNKNOWN ? "n" : "o",
        .result = inference->output.shape.dim[position],
    };
    cvs__dim_format_term(inference->symbols, step->result, "n", substitution);
}

const cvs__op cvs__op_adaptive_pool = {
    .validate = adaptive_validate,
    .infer = adaptive_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = adaptive_receptive_field,
    .step = adaptive_step,
};
