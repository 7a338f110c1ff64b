/* permute.c - the axes in another order: target[j] is the input axis that comes to place j + 1, the batch stays. */
#include "layer/any_rank.h"
#include "layer/infer.h"

#include <stdio.h>

static cvs_status refuse_order(const cvs_layer *layer, int at, cvs_error *err) {
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/target/%d", at);
    cvs_status status = cvs_fail(err, CVS_INVALID, "permute-order", pointer,
                                 "The order must name each of the axes 1 to %d once, and %lld is out of range or there "
                                 "twice.",
                                 layer->target_rank, (long long)layer->target[at]);
    cvs_fail_value(err, "%lld", (long long)layer->target[at]);
    cvs_fail_expected(err, "the axes 1 to %d in any order", layer->target_rank);
    return status;
}

static cvs_status permute_validate(const cvs_layer *layer, cvs_error *err) {
    unsigned seen = 0;
    if (layer->target_rank < 1 || layer->target_rank >= CVS_MAX_RANK) {
        cvs_status status = cvs_fail(err, CVS_INVALID, "permute-order", "/target",
                                     "The order names 1 to %d axes, not %d.", CVS_MAX_RANK - 1, layer->target_rank);
        cvs_fail_expected(err, "an entry for each axis but the batch");
        return status;
    }
    for (int i = 0; i < layer->target_rank; i++) {
        int64_t from = layer->target[i];
        if (from < 1 || from > layer->target_rank || seen & (1u << from)) return refuse_order(layer, i, err);
        seen |= 1u << from;
    }
    return CVS_OK;
}

static cvs_status permute_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    (void)symbols;
    cvs_layer *layer = &inference->layer;
    int rank = layer->target_rank + 1;
    cvs_status status = cvs__infer_any_input(inference, rank, rank, err);
    if (status != CVS_OK) return status;
    inference->output = inference->input;
    for (int i = 1; i < rank; i++) {
        inference->output.shape.dim[i] = inference->input.shape.dim[layer->target[i - 1]];
        inference->output.axes[i] = inference->input.axes[layer->target[i - 1]];
    }
    layer->spatial_rank = 0;
    return CVS_OK;
}

const cvs__op cvs__op_permute = {
    .any_rank = true,
    .validate = permute_validate,
    .infer = permute_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = cvs__no_receptive_field,
    .step = cvs__same_step,
};
