#include "plan.h"

#include <math.h>

static bool is_kernels_own(cvs_activation_kind kind) { return kind == CVS_ACT_LINEAR || kind == CVS_ACT_RELU; }

void cvs__finish(const cvs_plan *plan, const cvs__block *block, int64_t filter0) {
    const cvs_activation *activation = &plan->inference.layer.activation;
    const cvs__kernels *kernels = plan->engine->kernels;
    const bool relu = activation->kind == CVS_ACT_RELU;
    if (plan->has_bias || relu) {
        if (plan->geometry.channels_first)
            kernels->finish_rows(block, plan->bias + filter0, relu);
        else
            kernels->finish_columns(block, plan->bias + filter0, relu);
    }
    if (is_kernels_own(activation->kind) || activation->kind == CVS_ACT_SOFTMAX) return;
    for (int64_t row = 0; row < block->rows; row++)
        cvs__activate(activation, block->data + row * block->stride, block->columns);
}

/* x[i*step] = exp(x[i*step] - max) / sum: subtracting the maximum keeps exp() from overflowing. */
static void softmax(float *x, int64_t count, int64_t step) {
    float largest = x[0], sum = 0;
    for (int64_t i = 1; i < count; i++)
        if (x[i * step] > largest) largest = x[i * step];
    for (int64_t i = 0; i < count; i++) sum += x[i * step] = expf(x[i * step] - largest);
    for (int64_t i = 0; i < count; i++) x[i * step] /= sum;
}

void cvs__finish_cells(const cvs_plan *plan, const cvs__block *block) {
    if (plan->inference.layer.activation.kind != CVS_ACT_SOFTMAX) return;
    if (plan->geometry.channels_first) {
        for (int64_t cell = 0; cell < block->columns; cell++) softmax(block->data + cell, block->rows, block->stride);
    } else {
        for (int64_t cell = 0; cell < block->rows; cell++)
            softmax(block->data + cell * block->stride, block->columns, 1);
    }
}
