#include "plan.h"

#include <math.h>

/* Which activations are a clamp; NaN passes all of them. */
static bool clamp_of(cvs_activation_kind kind, float *low, float *high) {
    *low = kind == CVS_ACT_RELU || kind == CVS_ACT_RELU6 ? 0 : -INFINITY;
    *high = kind == CVS_ACT_RELU6 ? 6 : INFINITY;
    return kind == CVS_ACT_LINEAR || kind == CVS_ACT_RELU || kind == CVS_ACT_RELU6;
}

cvs__ending cvs__ending_of(const cvs_plan *plan, int64_t filter, bool first, bool last) {
    cvs__ending ending = {.accumulate = !first, .low = -INFINITY, .high = INFINITY};
    if (plan->has_bias) ending.bias = plan->bias + filter;
    if (last) (void)clamp_of(plan->inference.layer.activation.kind, &ending.low, &ending.high);
    return ending;
}

void cvs__activate_block(const cvs_plan *plan, const cvs__block *block) {
    const cvs_activation *activation = &plan->inference.layer.activation;
    float low, high;
    if (clamp_of(activation->kind, &low, &high) || activation->kind == CVS_ACT_SOFTMAX) return;
    for (int64_t row = 0; row < block->rows; row++)
        cvs__activate(activation, block->data + row * block->stride, block->columns);
}

void cvs__finish(const cvs_plan *plan, const cvs__block *block, int64_t filter0) {
    const cvs__kernels *kernels = plan->engine->kernels;
    const cvs__ending ending = cvs__ending_of(plan, filter0, true, true);
    if (ending.bias || ending.low > -INFINITY) {
        if (plan->geometry.channels_first)
            kernels->finish_rows(block, &ending);
        else
            kernels->finish_columns(block, &ending);
    }
    cvs__activate_block(plan, block);
}

void cvs__finish_cells(const cvs_plan *plan, const cvs__block *block) {
    if (plan->inference.layer.activation.kind != CVS_ACT_SOFTMAX) return;
    if (plan->geometry.channels_first) {
        for (int64_t cell = 0; cell < block->columns; cell++)
            cvs__softmax(block->data + cell, block->rows, block->stride);
    } else {
        for (int64_t cell = 0; cell < block->rows; cell++)
            cvs__softmax(block->data + cell * block->stride, block->columns, 1);
    }
}

typedef struct outputs {
    const cvs_plan *plan;
    float *data;
} outputs;

static void finish_sample(const void *context, int64_t sample, int worker) {
    const outputs *o = context;
    const cvs__geometry *g = &o->plan->geometry;
    (void)worker;
    const int64_t rows = g->channels_first ? g->filters : g->out_cells, columns = g->filters * g->out_cells / rows;
    cvs__finish_cells(o->plan, &(cvs__block){o->data + sample * rows * columns, rows, columns, columns});
}

void cvs__softmax_samples(const cvs_plan *plan, float *output) {
    const outputs all = {plan, output};
    if (plan->inference.layer.activation.kind == CVS_ACT_SOFTMAX)
        cvs__parallel(plan->engine->pool, plan->geometry.batch, finish_sample, &all);
}
