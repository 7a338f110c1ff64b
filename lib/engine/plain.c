/* plain.c - what the methods by whole matrix products and by plain loops need: weights in one order, spans, tiles. */
#include "plan.h"

#include "blas.h"

#include <string.h>

static cvs_status allocate(cvs_plan *plan, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    cvs_status status = cvs__keep(plan, g->filters * g->depth, sizeof(float), &plan->weights, err);
    if (status == CVS_OK) status = cvs__keep(plan, g->filters, sizeof(float), &plan->bias, err);
    if (status == CVS_OK) status = cvs__keep(plan, g->axis[2].kernel, sizeof(cvs__span), &plan->spans, err);
    return status;
}

static void fill(cvs_plan *plan, const cvs__kernel *kernel) {
    const cvs__geometry *g = &plan->geometry;
    cvs__pack(g, kernel->axes, kernel->data, plan->method->order, plan->weights);
    plan->has_bias = kernel->bias != NULL;
    if (kernel->bias) memcpy(plan->bias, kernel->bias, (size_t)g->filters * sizeof(float));
    for (int64_t tap = 0; tap < g->axis[2].kernel; tap++)
        cvs__inside(&g->axis[2], tap, &plan->spans[tap].first, &plan->spans[tap].last);
}

/* The BLAS takes 32-bit sizes; larger matrices are left to the engine's own product. */
static bool fits_blas(const cvs__geometry *g) {
    return cvs__blas_fits(g->in_cells) && cvs__blas_fits(g->out_cells) && cvs__blas_fits(g->channels) &&
           cvs__blas_fits(g->filters) && cvs__blas_fits(g->depth);
}

cvs_status cvs__prepare_plain(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    plan->tiling = cvs__tile(g, plan->method, plan->engine->l2_bytes);
    plan->product = fits_blas(g) ? plan->engine->product : plan->engine->kernels->product;
    if (plan->method->columns)
        plan->workspace_bytes = (size_t)(plan->tiling.cells * plan->tiling.depth) * sizeof(float);
    cvs_status status = allocate(plan, err);
    if (status == CVS_OK) fill(plan, kernel);
    return status;
}
