/*
 * norm.c - batch, group and layer normalisation: gamma*(x - mean)/sqrt(variance + epsilon) + beta.
 *
 * Mean and variance (biased) are those of a set of numbers, in double. Five loops walk over any of them: two over the
 * sets, three over the numbers of a set. With moving averages, batch normalisation is affine.c's.
 */
#include "layer/norm.h"

#include "plan.h"

#include <math.h>

/* `step` floats from one to the next, `weight` numbers in gamma and beta. */
typedef struct loop {
    int64_t count, step, weight;
} loop;

typedef struct details {
    loop sets[2], within[3];
    float *gamma, *beta; /* ones and zeros where the layer has none */
    double epsilon;
} details;

/* The sizes before and behind some axes. */
static int64_t product(const cvs_shape *shape, int first, int last) {
    int64_t count = 1;
    for (int i = first; i < last; i++) count *= shape->dim[i];
    return count;
}

/* ---- which numbers are a set -------------------------------------------------------------------- */

/* All of a channel, in all samples. */
static void batch_loops(const cvs_shape *shape, int axis, details *d) {
    const int64_t channels = shape->dim[axis], inner = product(shape, axis + 1, shape->rank);
    d->sets[0] = (loop){1, 0, 0};
    d->sets[1] = (loop){channels, inner, 1};
    d->within[0] = (loop){product(shape, 0, axis), channels * inner, 0};
    d->within[1] = (loop){1, 0, 0};
    d->within[2] = (loop){inner, 1, 0};
}

/* All of neighbouring channels, in one sample. */
static void group_loops(const cvs_shape *shape, int axis, int64_t groups, details *d) {
    const int64_t channels = shape->dim[axis], inner = product(shape, axis + 1, shape->rank), each = channels / groups;
    d->sets[0] = (loop){shape->dim[0], product(shape, 1, shape->rank), 0};
    d->sets[1] = (loop){groups, each * inner, each};
    d->within[0] = (loop){product(shape, 1, axis), channels * inner, 0};
    d->within[1] = (loop){each, inner, 1};
    d->within[2] = (loop){inner, 1, 0};
}

/* The axes first..last - 1, for every place along the others. */
static void layer_loops(const cvs_shape *shape, int first, int last, details *d) {
    const int64_t inside = product(shape, first, last), inner = product(shape, last, shape->rank);
    d->sets[0] = (loop){product(shape, 0, first), inside * inner, 0};
    d->sets[1] = (loop){inner, 1, 0};
    d->within[0] = d->within[2] = (loop){1, 0, 0};
    d->within[1] = (loop){inside, inner, 1};
}

/* How many gammas there are. */
static int64_t set_loops(const cvs_inference *inference, details *d) {
    const cvs_layer *layer = &inference->layer;
    const cvs_shape *shape = &inference->input.shape;
    if (layer->op == CVS_OP_LAYER_NORM) {
        const int first = cvs__layer_norm_first(layer, shape->rank), last = first + layer->target_rank;
        layer_loops(shape, first, last, d);
        return product(shape, first, last);
    }
    const int axis = cvs__norm_axis(layer, shape->rank);
    if (layer->op == CVS_OP_GROUP_NORM)
        group_loops(shape, axis, layer->groups, d);
    else
        batch_loops(shape, axis, d);
    return shape->dim[axis];
}

/* ---- planning ------------------------------------------------------------------------------------- */

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const cvs_layer *layer = &plan->inference.layer;
    details *d = NULL;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &d, err);
    if (status != CVS_OK) return status;
    plan->detail = d;
    plan->algorithm = "direct";
    const int64_t count = set_loops(&plan->inference, d);
    const float *gamma = layer->scale_weight ? given++->data : NULL, *beta = layer->center_weight ? given->data : NULL;
    d->epsilon = layer->epsilon;
    status = cvs__keep_copy(plan, count, gamma, 1, &d->gamma, err);
    return status == CVS_OK ? cvs__keep_copy(plan, count, beta, 0, &d->beta, err) : status;
}

/* ---- running ---------------------------------------------------------------------------------------- */

typedef struct statistics {
    double mean, factor; /* 1/sqrt(variance + epsilon) */
} statistics;

/* The sum of (x - centre)^power over a set; power is 1 or 2. */
static double sum_of(const details *d, const float *x, double centre, int power) {
    const loop *a = &d->within[0], *b = &d->within[1], *c = &d->within[2];
    double sum = 0;
    for (int64_t i = 0; i < a->count; i++) {
        for (int64_t j = 0; j < b->count; j++) {
            const float *run = x + i * a->step + j * b->step;
            for (int64_t k = 0; k < c->count; k++) {
                const double difference = (double)run[k * c->step] - centre;
                sum += power == 2 ? difference * difference : difference;
            }
        }
    }
    return sum;
}

static statistics measure(const details *d, const float *x) {
    const double count = (double)(d->within[0].count * d->within[1].count * d->within[2].count);
    const double mean = sum_of(d, x, 0, 1) / count, variance = sum_of(d, x, mean, 2) / count;
    return (statistics){mean, 1 / sqrt(variance + d->epsilon)};
}

/* `weight` is where the set's gammas and betas begin. */
static void normalise(const details *d, statistics s, int64_t weight, const float *x, float *y) {
    const loop *a = &d->within[0], *b = &d->within[1], *c = &d->within[2];
    for (int64_t i = 0; i < a->count; i++) {
        for (int64_t j = 0; j < b->count; j++) {
            const int64_t at = i * a->step + j * b->step, w = weight + j * b->weight;
            for (int64_t k = 0; k < c->count; k++) {
                const int64_t here = at + k * c->step;
                y[here] = (float)(((double)x[here] - s.mean) * s.factor) * d->gamma[w] + d->beta[w];
            }
        }
    }
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const details *d = plan->detail;
    const loop *a = &d->sets[0], *b = &d->sets[1];
    for (int64_t i = 0; i < a->count; i++) {
        for (int64_t j = 0; j < b->count; j++) {
            const int64_t at = i * a->step + j * b->step;
            normalise(d, measure(d, input + at), j * b->weight, input + at, output + at);
        }
    }
}

const cvs__operator cvs__operator_norm = {make, run, .activates = false};
