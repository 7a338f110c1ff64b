/* conv.c - plans of convolutions: the algorithm from the shape, the weights packed for it. */
#include "plan.h"

#include "base/checked.h"
#include "blas.h"

#include <stdlib.h>
#include <string.h>

/* Sizes in bytes of the plan's arrays, each a multiple of the alignment so that they follow one another. */
enum { ALIGNMENT = 64 };

static bool aligned_bytes(int64_t count, int64_t size, int64_t *bytes) {
    return cvs__mul(count, size, bytes) && cvs__add(*bytes, ALIGNMENT - 1, bytes) && (*bytes &= -ALIGNMENT, true);
}

static cvs_status allocate(cvs_plan *plan, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    int64_t weights, bias, spans, total;
    if (!aligned_bytes(g->filters * g->depth, sizeof(float), &weights) ||
        !aligned_bytes(g->filters, sizeof(float), &bias) ||
        !aligned_bytes(g->axis[2].kernel, sizeof(cvs__span), &spans) || !cvs__add(weights, bias, &total) ||
        !cvs__add(total, spans, &total))
        return cvs_fail(err, CVS_TOO_LARGE, "too-large", "/weights/0", "the packed weights cannot be addressed");
    char *memory = aligned_alloc(ALIGNMENT, (size_t)total);
    if (!memory) return cvs__no_memory(err);
    plan->weights = (float *)memory;
    plan->bias = (float *)(memory + weights);
    plan->spans = (cvs__span *)(memory + weights + bias);
    return CVS_OK;
}

static void fill(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given) {
    const cvs__geometry *g = &plan->geometry;
    cvs__pack(g, &expected->weight[0].tensor, given[0].data, plan->method->order, plan->weights);
    plan->has_bias = plan->inference.layer.use_bias;
    if (plan->has_bias)
        memcpy(plan->bias, given[1].data, (size_t)g->filters * sizeof(float));
    else
        memset(plan->bias, 0, (size_t)g->filters * sizeof(float));
    for (int64_t tap = 0; tap < g->axis[2].kernel; tap++)
        cvs__inside(&g->axis[2], tap, &plan->spans[tap].first, &plan->spans[tap].last);
}

/* The BLAS takes 32-bit sizes; larger matrices are left to the engine's own product. */
static bool fits_blas(const cvs__geometry *g) {
    return cvs__blas_fits(g->in_cells) && cvs__blas_fits(g->out_cells) && cvs__blas_fits(g->channels) &&
           cvs__blas_fits(g->filters) && cvs__blas_fits(g->depth);
}

static void settle(cvs_plan *plan, cvs_algorithm algorithm) {
    const cvs__geometry *g = &plan->geometry;
    plan->method = cvs__choose(g, algorithm);
    plan->algorithm = plan->method->name;
    plan->tiling = cvs__tile(g, plan->method, plan->engine->l2_bytes);
    plan->product = fits_blas(g) ? plan->engine->product : plan->engine->kernels->product;
    if (plan->method->columns)
        plan->workspace_bytes = (size_t)(plan->tiling.cells * plan->tiling.depth) * sizeof(float);
}

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_algorithm algorithm,
                       cvs_error *err) {
    cvs_status status = cvs__geometry_make(&plan->inference, &plan->geometry, err);
    if (status != CVS_OK) return status;
    settle(plan, algorithm);
    status = allocate(plan, err);
    if (status == CVS_OK) fill(plan, expected, given);
    return status;
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    plan->method->run(plan, input, output, workspace);
}

const cvs__operator cvs__operator_conv = {make, run};
