#include "plan.h"

#include <string.h>

static void copy(float *to, const float *from, int64_t count) { memcpy(to, from, (size_t)count * sizeof *to); }

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t source(const cvs__geometry *g, int axis, int64_t out, int64_t tap) {
    const cvs__spatial *a = &g->axis[axis];
    return cvs__source_cell(g->fill, out * a->stride + tap * a->dilation - a->before, a->in);
}

/* Terms [from, to) of one kernel line (its taps x channels) as output column `column` sees it on input line `line`
   (NULL: all zeros). */
static void copy_line(const cvs_plan *plan, const float *line, int64_t column, int64_t from, int64_t to, float *out) {
    const cvs__geometry *g = &plan->geometry;
    const int64_t channels = g->group_channels;
    for (int64_t done, term = from; term < to; term += done, out += done) {
        const int64_t tap = term / channels, channel = term % channels;
        const int64_t cell = source(g, 2, column, tap);
        done = least(channels - channel, to - term);
        if (line && cell >= 0)
            copy(out, line + cell * g->channels + channel, done);
        else
            memset(out, 0, (size_t)done * sizeof *out);
    }
}

/* Whether all taps of the line read inside the input and lie side by side in memory. */
static bool is_one_run(const cvs_plan *plan, int64_t column) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__span *left = &plan->spans[0], *right = &plan->spans[g->axis[2].kernel - 1];
    return g->groups == 1 && g->axis[2].dilation == 1 && column >= left->first && column < right->last;
}

/* Terms [from, to) of one cell. */
static void copy_cell(const cvs_plan *plan, const float *image, int64_t cell, int64_t from, int64_t to, float *out) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__spatial *width = &g->axis[2];
    const int64_t column = cell % width->out, row = cell / width->out % g->axis[1].out,
                  plane = cell / width->out / g->axis[1].out;
    const int64_t line_terms = width->kernel * g->group_channels;
    const bool one_run = is_one_run(plan, column);
    for (int64_t done, term = from; term < to; term += done, out += done) {
        const int64_t tap = term / line_terms, start = term % line_terms;
        const int64_t d = source(g, 0, plane, tap / g->axis[1].kernel), h = source(g, 1, row, tap % g->axis[1].kernel);
        const float *line = d < 0 || h < 0 ? NULL : image + (d * g->axis[1].in + h) * width->in * g->channels;
        done = least(line_terms - start, to - term);
        if (line && one_run)
            copy(out, line + (column * width->stride - width->before) * g->channels + start, done);
        else
            copy_line(plan, line, column, start, start + done, out);
    }
}

void cvs__columns_last(const cvs_plan *plan, const float *image, const cvs__part *part, float *columns) {
    for (int64_t cell = part->cell0; cell < part->cell1; cell++) {
        copy_cell(plan, image, cell, part->depth0, part->depth1, columns);
        columns += part->depth1 - part->depth0;
    }
}
