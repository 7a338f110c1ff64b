#include <convscope/chain.h>

#include "base/checked.h"
#include "layer/layer_internal.h"

#include <math.h>

/* *total += more, CVS_DIM_UNKNOWN when either is. False: overflow. */
static bool add_known(int64_t *total, int64_t more) {
    if (*total < 0 || more < 0) {
        *total = CVS_DIM_UNKNOWN;
        return true;
    }
    return cvs__add(*total, more, total);
}

static bool add_cost(cvs_cost *total, const cvs_cost *cost, bool first) {
    if (first) total->input_bytes = cost->input_bytes;
    total->output_bytes = cost->output_bytes;
    return add_known(&total->macs, cost->macs) && add_known(&total->bias_adds, cost->bias_adds) &&
           add_known(&total->flops, cost->flops) && add_known(&total->weights_bytes, cost->weights_bytes);
}

static bool add_parameters(cvs_chain *chain, const cvs_inference *inference) {
    cvs_weights weights;
    cvs_error ignored = {0};
    cvs_status status = cvs_layer_weights(inference, CVS_FRAMEWORK_AUTO, &weights, &ignored);
    if (status == CVS_TOO_LARGE) return false;
    return add_known(&chain->parameters, status == CVS_OK ? weights.parameters : CVS_DIM_UNKNOWN);
}

/* size += ceil((r - 1)*jump), *jump being jump/jump_divisor; a size that is not known stays so. */
static bool extend_size(cvs_receptive_field *field, const cvs_receptive_field *next, int axis) {
    int64_t grown, divisor = field->jump_divisor[axis];
    if (field->size[axis] == CVS_DIM_UNKNOWN || field->jump[axis] == CVS_DIM_UNKNOWN ||
        next->size[axis] == CVS_DIM_UNKNOWN) {
        field->size[axis] = CVS_DIM_UNKNOWN;
        return true;
    }
    if (!cvs__mul(next->size[axis] - 1, field->jump[axis], &grown)) return false;
    return cvs__add(field->size[axis], grown / divisor + (grown % divisor > 0), &field->size[axis]);
}

static bool extend_jump(cvs_receptive_field *field, const cvs_receptive_field *next, int axis) {
    int64_t *jump = &field->jump[axis], *divisor = &field->jump_divisor[axis];
    if (*jump == CVS_DIM_UNKNOWN || next->jump[axis] == CVS_DIM_UNKNOWN) {
        *jump = CVS_DIM_UNKNOWN;
        *divisor = 1;
        return true;
    }
    if (!cvs__mul(*jump, next->jump[axis], jump) || !cvs__mul(*divisor, next->jump_divisor[axis], divisor))
        return false;
    int64_t common = (int64_t)cvs__gcd((uint64_t)*jump, (uint64_t)*divisor);
    *jump /= common;
    *divisor /= common;
    return true;
}

static bool extend_axis(cvs_receptive_field *field, const cvs_receptive_field *next, int axis) {
    bool known = field->jump[axis] != CVS_DIM_UNKNOWN;
    double jump = known ? (double)field->jump[axis] / (double)field->jump_divisor[axis] : (double)NAN;
    field->start[axis] += next->start[axis] * jump;
    return extend_size(field, next, axis) && extend_jump(field, next, axis);
}

bool cvs__field_extend(cvs_receptive_field *field, const cvs_receptive_field *next) {
    for (int axis = 0; axis < field->rank; axis++) {
        if (!extend_axis(field, next, axis)) return false;
    }
    return true;
}

static bool extend_field(cvs_receptive_field *field, const cvs_receptive_field *next, bool first) {
    if (first) {
        *field = *next;
        return true;
    }
    if (field->rank != next->rank) field->rank = 0;
    return cvs__field_extend(field, next);
}

cvs_status cvs_chain_add(cvs_chain *chain, const cvs_inference *inference, cvs_error *err) {
    bool first = chain->layers++ == 0;
    cvs_cost cost;
    cvs_receptive_field field;
    cvs_status status = cvs_layer_cost(inference, &cost, err);
    if (status != CVS_OK) return status;
    cvs_layer_receptive_field(inference, &field);
    if (add_cost(&chain->cost, &cost, first) && add_parameters(chain, inference) &&
        extend_field(&chain->field, &field, first)) {
        return CVS_OK;
    }
    return cvs_fail(err, CVS_TOO_LARGE, "chain-too-large", "", "the sums over %d layers do not fit 64 bits",
                    chain->layers);
}
