/* pointwise.c - activations and dropout: number by number, the shape stays. */
#include "layer/any_rank.h"

static cvs_status activation_validate(const cvs_layer *layer, cvs_error *err) {
    (void)layer, (void)err;
    return CVS_OK;
}

static cvs_status dropout_validate(const cvs_layer *layer, cvs_error *err) {
    if (layer->rate >= 0 && layer->rate <= 1) return CVS_OK;
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "dropout-rate", "/rate",
                 "The rate is the share of the numbers that is dropped, and %g is no share.", layer->rate);
    cvs_fail_value(err, "%g", layer->rate);
    cvs_fail_expected(err, "a number from 0 to 1");
    return status;
}

static cvs_status pointwise_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    (void)symbols;
    cvs_status status = cvs__infer_any_input(inference, 1, CVS_MAX_RANK, err);
    if (status == CVS_OK) cvs__infer_same_shape(inference);
    return status;
}

const cvs__op cvs__op_activation = {
    .any_rank = true,
    .validate = activation_validate,
    .infer = pointwise_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = cvs__same_receptive_field,
    .step = cvs__same_step,
};

const cvs__op cvs__op_dropout = {
    .any_rank = true,
    .validate = dropout_validate,
    .infer = pointwise_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = cvs__same_receptive_field,
    .step = cvs__same_step,
};
