/* repeat.c - a vector n times, as the steps of a sequence: (batch, features) becomes (batch, n, features). */
#include "layer/any_rank.h"
#include "layer/validate.h"

static cvs_status repeat_validate(const cvs_layer *layer, cvs_error *err) {
    return cvs__check_range(layer->target[0], 1, "/target/0", "The number of copies", err);
}

static cvs_status repeat_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    (void)symbols;
    cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_any_input(inference, 2, 2, err);
    if (status != CVS_OK) return status;
    const cvs_dim *size = inference->input.shape.dim;
    inference->output = (cvs_tensor_shape){.shape = {.rank = 3, .dim = {size[0], layer->target[0], size[1]}},
                                           .axes = {CVS_AXIS_BATCH, CVS_AXIS_LENGTH, CVS_AXIS_FEATURES}};
    layer->spatial_rank = 0;
    return CVS_OK;
}

const cvs__op cvs__op_repeat = {
    .any_rank = true,
    .validate = repeat_validate,
    .infer = repeat_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = cvs__no_receptive_field,
    .step = cvs__same_step,
};
