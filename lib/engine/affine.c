/* affine.c - batch normalisation by moving averages: each channel's numbers times a factor, plus another. */
#include "layer/norm.h"

#include "plan.h"

#include <math.h>

typedef struct details {
    int64_t outer, channels, inner;
    float *mean, *factor, *beta; /* of each channel; factor = gamma/sqrt(variance + epsilon) */
} details;

static void set_sizes(const cvs_inference *inference, details *d) {
    const cvs_shape *shape = &inference->input.shape;
    const int axis = cvs__norm_axis(&inference->layer, shape->rank);
    d->outer = d->inner = 1;
    d->channels = shape->dim[axis];
    for (int i = 0; i < axis; i++) d->outer *= shape->dim[i];
    for (int i = axis + 1; i < shape->rank; i++) d->inner *= shape->dim[i];
}

/* Weights in their order: gamma and beta as far as there are, mean, variance. */
static cvs_status make_affine(cvs_plan *plan, const cvs_tensor *given, cvs_error *err) {
    const cvs_layer *layer = &plan->inference.layer;
    details *d = NULL;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &d, err);
    if (status != CVS_OK) return status;
    plan->detail = d;
    plan->algorithm = "direct";
    set_sizes(&plan->inference, d);
    const float *gamma = layer->scale_weight ? given++->data : NULL,
                *beta = layer->center_weight ? given++->data : NULL;
    status = cvs__keep_copy(plan, d->channels, given[0].data, 0, &d->mean, err);
    if (status == CVS_OK) status = cvs__keep_copy(plan, d->channels, gamma, 1, &d->factor, err);
    if (status == CVS_OK) status = cvs__keep_copy(plan, d->channels, beta, 0, &d->beta, err);
    for (int64_t c = 0; c < d->channels && status == CVS_OK; c++)
        d->factor[c] = (float)((double)d->factor[c] / sqrt((double)given[1].data[c] + layer->epsilon));
    return status;
}

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    if (plan->inference.layer.running_stats) return make_affine(plan, given, err);
    plan->row = &cvs__operator_norm;
    return plan->row->make(plan, expected, given, err);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const details *d = plan->detail;
    for (int64_t o = 0; o < d->outer; o++) {
        for (int64_t c = 0; c < d->channels; c++, input += d->inner, output += d->inner) {
            const float mean = d->mean[c], factor = d->factor[c], beta = d->beta[c];
            for (int64_t i = 0; i < d->inner; i++) output[i] = (input[i] - mean) * factor + beta;
        }
    }
}

const cvs__operator cvs__operator_batch_norm = {make, run, .activates = false};
