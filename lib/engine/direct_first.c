#include "plan.h"

#include <math.h>
#include <string.h>

/* Which output line, and from which sample. */
typedef struct place {
    const float *image; /* (channels of the group, spatial...) */
    int64_t plane, line;
} place;

/* A zero times a finite weight adds nothing; times infinity or NaN it is NaN, in the padding as elsewhere. */
static void add_zeros(float *row, int64_t count, const float *weights, int64_t taps) {
    for (int64_t t = 0; t < taps; t++) {
        if (isfinite(weights[t])) continue;
        for (int64_t i = 0; i < count; i++) row[i] += 0.0F * weights[t];
    }
}

static void add_outside(const cvs__geometry *g, const float *line, int64_t tap, float weight, cvs__span outputs,
                        float *row) {
    const cvs__spatial *width = &g->axis[2];
    for (int64_t o = outputs.first; o < outputs.last; o++) {
        int64_t cell = cvs__source_cell(g->fill, o * width->stride + tap * width->dilation - width->before, width->in);
        row[o] += weight * (cell < 0 ? 0.0F : line[cell]);
    }
}

static void add_inside(const cvs_plan *plan, const float *line, int64_t tap, float weight, float *row) {
    const cvs__spatial *width = &plan->geometry.axis[2];
    const cvs__span span = plan->spans[tap];
    if (span.first == span.last) return;
    const float *source = line + span.first * width->stride + tap * width->dilation - width->before;
    const int64_t count = span.last - span.first;
    if (width->stride == 1) {
        plan->engine->kernels->axpy(row + span.first, source, weight, count);
    } else {
        for (int64_t i = 0; i < count; i++) row[span.first + i] += weight * source[i * width->stride];
    }
}

/* row[o] += sum over the taps of one kernel line of weights[tap] * line[what o sees] */
static void add_line(const cvs_plan *plan, const float *line, const float *weights, float *row) {
    const cvs__geometry *g = &plan->geometry;
    for (int64_t tap = 0; tap < g->axis[2].kernel; tap++) {
        const cvs__span span = plan->spans[tap];
        add_outside(g, line, tap, weights[tap], (cvs__span){0, span.first}, row);
        add_inside(plan, line, tap, weights[tap], row);
        add_outside(g, line, tap, weights[tap], (cvs__span){span.last, g->axis[2].out}, row);
    }
}

static int64_t source(const cvs__geometry *g, int axis, int64_t out, int64_t tap) {
    const cvs__spatial *a = &g->axis[axis];
    return cvs__source_cell(g->fill, out * a->stride + tap * a->dilation - a->before, a->in);
}

/* One output line of one filter: sums in the order channel, kernel depth, height, width. */
static void run_line(const cvs_plan *plan, const place *at, const float *weights, float *row) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__spatial *axis = g->axis;
    memset(row, 0, (size_t)axis[2].out * sizeof *row);
    for (int64_t c = 0; c < g->group_channels; c++) {
        for (int64_t kd = 0; kd < axis[0].kernel; kd++) {
            const int64_t d = source(g, 0, at->plane, kd);
            for (int64_t kh = 0; kh < axis[1].kernel && !cvs__interrupted(); kh++, weights += axis[2].kernel) {
                const int64_t h = source(g, 1, at->line, kh);
                if (d < 0 || h < 0)
                    add_zeros(row, axis[2].out, weights, axis[2].kernel);
                else
                    add_line(plan, at->image + c * g->in_cells + (d * axis[1].in + h) * axis[2].in, weights, row);
            }
        }
    }
}

static void run_filter(const cvs_plan *plan, const float *image, int64_t filter, float *output) {
    const cvs__geometry *g = &plan->geometry;
    place at = {.image = image + filter / g->group_filters * g->group_channels * g->in_cells};
    const float *weights = plan->weights + filter * g->depth;
    for (at.plane = 0; at.plane < g->axis[0].out; at.plane++) {
        for (at.line = 0; at.line < g->axis[1].out; at.line++, output += g->axis[2].out) {
            run_line(plan, &at, weights, output);
            cvs__finish(plan, &(cvs__block){output, 1, g->axis[2].out, g->axis[2].out}, filter);
        }
    }
}

void cvs__direct_first(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const cvs__geometry *g = &plan->geometry;
    for (int64_t sample = 0; sample < g->batch; sample++) {
        for (int64_t filter = 0; filter < g->filters; filter++)
            run_filter(plan, input, filter, output + filter * g->out_cells);
        cvs__finish_cells(plan, &(cvs__block){output, g->filters, g->out_cells, g->out_cells});
        input += g->channels * g->in_cells;
        output += g->filters * g->out_cells;
    }
}
