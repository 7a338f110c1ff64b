#include "base/checked.h"
#include "layer/op.h"

enum { FLOAT_BYTES = 4 };

bool cvs__cost_product(const int64_t *factors, int count, int64_t *out) {
    *out = 1;
    for (int i = 0; i < count; i++) {
        if (cvs_dim_is_known(factors[i])) continue;
        *out = CVS_DIM_UNKNOWN;
        return true;
    }
    for (int i = 0; i < count; i++)
        if (!cvs__mul(*out, factors[i], out)) return false;
    return true;
}

bool cvs__cost_bias(const cvs_inference *inference, int64_t *out) {
    const cvs_layer *layer = &inference->layer;
    *out = 0;
    if (!layer->use_bias) return true;
    int64_t factors[CVS_MAX_SPATIAL + 1];
    for (int axis = 0; axis <= layer->spatial_rank; axis++) factors[axis] = inference->output.shape.dim[1 + axis];
    return cvs__cost_product(factors, layer->spatial_rank + 1, out);
}

bool cvs__no_work(const cvs_inference *inference, int64_t *macs, int64_t *bias_adds) {
    (void)inference;
    *macs = *bias_adds = 0;
    return true;
}

/* Of one sample: the batch axis stands first and counts as one. */
static bool sample_bytes(const cvs_shape *shape, int64_t *out) {
    int64_t factors[CVS_MAX_RANK + 1] = {FLOAT_BYTES};
    for (int i = 1; i < shape->rank; i++) factors[i] = shape->dim[i];
    return cvs__cost_product(factors, shape->rank, out);
}

/* Those of all inputs of a merge. */
static bool input_bytes(const cvs_inference *inference, int64_t *out) {
    int64_t others;
    if (!sample_bytes(&inference->input.shape, out)) return false;
    if (!cvs_dim_is_known(inference->other_cells)) *out = CVS_DIM_UNKNOWN;
    if (inference->other_cells == 0 || *out == CVS_DIM_UNKNOWN) return true;
    return cvs__mul(inference->other_cells, FLOAT_BYTES, &others) && cvs__add(*out, others, out);
}

/* flops = 2*macs + bias_adds */
static bool flops_of(cvs_cost *cost) {
    cost->flops = CVS_DIM_UNKNOWN;
    if (cost->macs == CVS_DIM_UNKNOWN || cost->bias_adds == CVS_DIM_UNKNOWN) return true;
    return cvs__mul(cost->macs, 2, &cost->flops) && cvs__add(cost->flops, cost->bias_adds, &cost->flops);
}

/* Without input channels the weights cannot be counted; that is no error here. */
static cvs_status weights_bytes(const cvs_inference *inference, int64_t *out, cvs_error *err) {
    cvs_weights weights;
    *out = CVS_DIM_UNKNOWN;
    cvs_status status = cvs_layer_weights(inference, CVS_FRAMEWORK_AUTO, &weights, NULL);
    if (status == CVS_INVALID) return CVS_OK;
    if (status == CVS_OK && cvs__mul(weights.elements, FLOAT_BYTES, out)) return CVS_OK;
    return cvs_fail(err, CVS_TOO_LARGE, "cost-overflow", "", "The weights take more than 2^63 - 1 bytes.");
}

cvs_status cvs_layer_cost(const cvs_inference *inference, cvs_cost *out, cvs_error *err) {
    cvs_cost cost = {0};
    cvs_status status = weights_bytes(inference, &cost.weights_bytes, err);
    if (status != CVS_OK) return status;
    bool fits = cvs__op_row(inference->layer.op)->work(inference, &cost.macs, &cost.bias_adds) && flops_of(&cost) &&
                input_bytes(inference, &cost.input_bytes) && sample_bytes(&inference->output.shape, &cost.output_bytes);
    if (!fits)
        return cvs_fail(err, CVS_TOO_LARGE, "cost-overflow", "",
                        "The operations or bytes of this layer are more than 2^63 - 1.");
    *out = cost;
    return CVS_OK;
}

void cvs_layer_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    cvs__op_row(inference->layer.op)->receptive_field(inference, out);
    for (int axis = 0; axis < out->rank; axis++)
        if (out->jump_divisor[axis] == 0) out->jump_divisor[axis] = 1;
}

void cvs_layer_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    cvs__op_row(inference->layer.op)->step(inference, axis, step, substitution);
}
