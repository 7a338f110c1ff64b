#include "plan.h"

#include <string.h>

/* What one tap adds to the sums of one cell. `cell` holds the input's channels there, NULL a padded zero. */
typedef void (*add_tap_fn)(const cvs_plan *plan, const float *cell, int64_t tap, float *sums);

static void add_tap(const cvs_plan *plan, const float *cell, int64_t tap, float *sums) {
    const cvs__geometry *g = &plan->geometry;
    for (int64_t group = 0; group < g->groups; group++) {
        const float *weights = plan->weights + (group * g->taps + tap) * g->group_channels * g->group_filters;
        for (int64_t c = 0; c < g->group_channels; c++, weights += g->group_filters) {
            const float x = cell ? cell[group * g->group_channels + c] : 0.0F;
            plan->engine->kernels->axpy(sums + group * g->group_filters, weights, x, g->group_filters);
        }
    }
}

static void add_depthwise_tap(const cvs_plan *plan, const float *cell, int64_t tap, float *sums) {
    const int64_t filters = plan->geometry.filters;
    const float *weights = plan->weights + tap * filters;
    if (cell)
        plan->engine->kernels->multiply_add(sums, cell, weights, filters);
    else
        plan->engine->kernels->axpy(sums, weights, 0.0F, filters);
}

static int64_t source(const cvs__geometry *g, int axis, int64_t out, int64_t tap) {
    const cvs__spatial *a = &g->axis[axis];
    return cvs__source_cell(g->fill, out * a->stride + tap * a->dilation - a->before, a->in);
}

/* One kernel line, whose first tap is `tap`, over one output line. `line` is the input line, NULL one of zeros. */
static void add_line(const cvs_plan *plan, add_tap_fn add, const float *line, int64_t tap, float *sums) {
    const cvs__geometry *g = &plan->geometry;
    for (int64_t column = 0; column < g->axis[2].out; column++, sums += g->filters) {
        for (int64_t kw = 0; kw < g->axis[2].kernel; kw++) {
            const int64_t w = source(g, 2, column, kw);
            add(plan, line && w >= 0 ? line + w * g->channels : NULL, tap + kw, sums);
        }
    }
}

/* One output line: sums in the order kernel depth, height, width, channel. */
static void run_line(const cvs_plan *plan, add_tap_fn add, const float *image, int64_t index, float *sums) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__spatial *axis = g->axis;
    const int64_t plane = index / axis[1].out, row = index % axis[1].out;
    memset(sums, 0, (size_t)(axis[2].out * g->filters) * sizeof *sums);
    for (int64_t kd = 0; kd < axis[0].kernel; kd++) {
        const int64_t d = source(g, 0, plane, kd);
        for (int64_t kh = 0; kh < axis[1].kernel && !cvs__interrupted(); kh++) {
            const int64_t h = source(g, 1, row, kh);
            const float *line = d < 0 || h < 0 ? NULL : image + (d * axis[1].in + h) * axis[2].in * g->channels;
            add_line(plan, add, line, (kd * axis[1].kernel + kh) * axis[2].kernel, sums);
        }
    }
}

static void run(const cvs_plan *plan, add_tap_fn add, const float *input, float *output) {
    const cvs__geometry *g = &plan->geometry;
    const int64_t lines = g->axis[0].out * g->axis[1].out;
    for (int64_t sample = 0; sample < g->batch; sample++) {
        for (int64_t line = 0; line < lines; line++) {
            run_line(plan, add, input, line, output);
            const cvs__block block = {output, g->axis[2].out, g->filters, g->filters};
            cvs__finish(plan, &block, 0);
            cvs__finish_cells(plan, &block);
            output += g->axis[2].out * g->filters;
        }
        input += g->channels * g->in_cells;
    }
}

void cvs__direct_last(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    run(plan, add_tap, input, output);
}

void cvs__direct_depthwise_last(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    run(plan, add_depthwise_tap, input, output);
}
