#include "plan.h"

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
