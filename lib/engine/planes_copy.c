/* planes_copy.c - the input of a group as planes, with their padding. */
#include "planes.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Of the positions first, first + stride, ... (`count` of them) those before 0, and those below `size`. */
static int64_t how_many_below(int64_t first, int64_t stride, int64_t count, int64_t size) {
    return first >= size ? 0 : least(count, (size - first + stride - 1) / stride);
}

/* A phase along one axis, `count` positions from `first` on in steps of the stride: how many lie before the input,
   how many in it. */
typedef struct extent {
    int64_t before, inside;
} extent;

static extent extent_of(const cvs__spatial *axis, int64_t first, int64_t count) {
    const int64_t before = how_many_below(first, axis->stride, count, 0);
    return (extent){before, how_many_below(first, axis->stride, count, axis->in) - before};
}

/* The phases along the lines, of one phase of the lines themselves: `lines` output lines from `line0`. What surrounds
   them is zero already. */
static void copy_lines(const cvs_plan *plan, const float *channel, int64_t line0, int64_t lines, int64_t phase,
                       float *to) {
    const cvs__spatial *height = &plan->geometry.axis[1], *width = &plan->geometry.axis[2];
    const cvs__planes *d = plan->detail;
    const int64_t first = line0 * height->stride + phase - height->before;
    const extent y = extent_of(height, first, lines + d->reach[0]);
    cvs__phase copied = {
        .lines = y.inside,
        .to_pitch = d->pitch,
        .from_pitch = height->stride * width->in,
        .stride = width->stride,
    };
    const float *from = channel + (first + y.before * height->stride) * width->in;
    to += y.before * d->pitch;
    for (int64_t i = 0; i < width->stride; i++) {
        /* In the order in which their first numbers stand in the line. */
        const int64_t px = (i + width->before) % width->stride;
        const extent x = extent_of(width, px - width->before, d->pitch);
        copied.to = to + px * d->plane + x.before;
        copied.from = from + px - width->before + x.before * width->stride;
        copied.columns = x.inside;
        if (width->stride == 2) {
            const int64_t other = 1 - px;
            const extent between = extent_of(width, other - width->before, d->pitch);
            copied.odd = to + other * d->plane + between.before;
            copied.odd_columns = between.inside;
        }
        plan->engine->kernels->copy_phase(&copied);
        if (width->stride == 2) return;
    }
}

static void copy_planes(const cvs_plan *plan, const float *channel, int64_t line0, int64_t lines, float *to) {
    const cvs__planes *d = plan->detail;
    const int64_t across = plan->geometry.axis[2].stride;
    for (int64_t phase = 0; phase < plan->geometry.axis[1].stride; phase++)
        copy_lines(plan, channel, line0, lines, phase, to + phase * across * d->plane);
}

/* A slice that lies in the padding is zero already, and for every group of a part the same ones do. */
void cvs__planes_copy(const cvs_plan *plan, const float *input, const cvs__planes_band *at, int64_t group,
                      float *planes) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__spatial *depth = &g->axis[0];
    const cvs__planes *d = plan->detail;
    input += (at->sample * g->channels + group * g->group_channels) * g->in_cells;
    const int64_t slice_cells = g->axis[1].in * g->axis[2].in, first = at->slice * depth->stride - depth->before;
    for (int64_t i = 0; i < d->maps; i++) {
        const int64_t slice = first + i % depth->kernel * depth->dilation;
        const float *channel = input + i / depth->kernel * g->in_cells;
        if (slice >= 0 && slice < depth->in)
            copy_planes(plan, channel + slice * slice_cells, at->line0, at->lines, planes + i * d->phases * d->plane);
    }
}
