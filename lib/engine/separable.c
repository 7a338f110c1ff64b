/*
 * separable.c - separable convolutions: a depthwise part, then one of kernel 1, sample by sample. What stands between
 * them, channels*multiplier maps of one sample, is the workspace.
 */
#include "plan.h"

static cvs_status add_depthwise(cvs_plan *plan, cvs__geometry *g, const cvs_weight *weight, const float *data,
                                cvs_error *err) {
    const cvs_activation linear = {.kind = CVS_ACT_LINEAR};
    g->batch = 1;
    g->groups = g->channels;
    g->filters = g->channels * plan->inference.layer.multiplier;
    return cvs__add_part(plan, g, &(cvs__kernel){&weight->tensor, data, NULL}, &linear, err);
}

/* `g` is that of the depthwise part. */
static cvs_status add_pointwise(cvs_plan *plan, cvs__geometry *g, const cvs__kernel *kernel, cvs_error *err) {
    g->groups = 1;
    g->channels = g->filters;
    g->filters = plan->inference.layer.filters;
    for (int i = 0; i < CVS_MAX_SPATIAL; i++) {
        const int64_t cells = g->axis[i].out;
        g->axis[i] = (cvs__spatial){.in = cells, .out = cells, .kernel = 1, .stride = 1, .dilation = 1};
    }
    return cvs__add_part(plan, g, kernel, &plan->inference.layer.activation, err);
}

static int64_t floats_between(const cvs_plan *plan) {
    const cvs__geometry *g = &plan->parts[0]->geometry;
    return g->filters * g->out_cells;
}

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const cvs__kernel pointwise = {&expected->weight[1].tensor, given[1].data,
                                   expected->count > 2 ? given[2].data : NULL};
    cvs__geometry g;
    cvs_status status = cvs__geometry_make(&plan->inference, &g, err);
    if (status == CVS_OK) status = cvs__reserve_parts(plan, 2, err);
    if (status == CVS_OK) status = add_depthwise(plan, &g, &expected->weight[0], given[0].data, err);
    if (status == CVS_OK) status = add_pointwise(plan, &g, &pointwise, err);
    if (status != CVS_OK) return status;
    plan->algorithm = plan->parts[1]->algorithm;
    plan->workspace_bytes = cvs__workspace_before_parts(plan, floats_between(plan));
    return CVS_OK;
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const cvs__geometry *depthwise = &plan->parts[0]->geometry, *pointwise = &plan->parts[1]->geometry;
    float *rest = cvs__workspace_of_parts(workspace, floats_between(plan));
    for (int64_t sample = 0; sample < plan->inference.input.shape.dim[0]; sample++) {
        cvs_plan_execute(plan->parts[0], input, workspace, rest);
        cvs_plan_execute(plan->parts[1], workspace, output, rest);
        input += depthwise->channels * depthwise->in_cells;
        output += pointwise->filters * pointwise->out_cells;
    }
}

const cvs__operator cvs__operator_separable = {make, run, .activates = true};
