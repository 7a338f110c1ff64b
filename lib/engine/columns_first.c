#include "plan.h"

#include <string.h>

/* One row of the matrix of columns: what tap (depth, height, width) of one channel sees. */
typedef struct tap_view {
    const cvs__geometry *g;
    const float *channel; /* (depth, height, width) */
    int64_t tap[CVS_MAX_SPATIAL];
    cvs__span span; /* outputs of a line that read inside it */
} tap_view;

static void zero(float *to, int64_t count) { memset(to, 0, (size_t)count * sizeof *to); }

static void copy(float *to, const float *from, int64_t count) { memcpy(to, from, (size_t)count * sizeof *to); }

static int64_t position(const cvs__spatial *axis, int64_t out, int64_t tap) {
    return out * axis->stride + tap * axis->dilation - axis->before;
}

/* The input line that output line `line` of plane `plane` reads, or NULL where it is all zeros. */
static const float *source_line(const tap_view *v, int64_t plane, int64_t line) {
    const cvs__spatial *axis = v->g->axis;
    int64_t d = cvs__source_cell(v->g->fill, position(&axis[0], plane, v->tap[0]), axis[0].in);
    int64_t h = cvs__source_cell(v->g->fill, position(&axis[1], line, v->tap[1]), axis[1].in);
    return d < 0 || h < 0 ? NULL : v->channel + (d * axis[1].in + h) * axis[2].in;
}

/* Outputs [from, to) of a line, none of which reads inside it. */
static void copy_outside(const tap_view *v, const float *line, int64_t from, int64_t to, float *out) {
    const cvs__spatial *width = &v->g->axis[2];
    for (int64_t o = from; o < to; o++) {
        int64_t cell = cvs__source_cell(v->g->fill, position(width, o, v->tap[2]), width->in);
        *out++ = cell < 0 ? 0 : line[cell];
    }
}

static void copy_inside(const tap_view *v, const float *line, int64_t from, int64_t to, float *out) {
    const cvs__spatial *width = &v->g->axis[2];
    const float *source = line + position(width, from, v->tap[2]);
    if (width->stride == 1) {
        copy(out, source, to - from);
    } else {
        for (int64_t i = 0; i < to - from; i++) out[i] = source[i * width->stride];
    }
}

static int64_t clamp(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }

/* Outputs [from, to) of one line. */
static void copy_line(const tap_view *v, int64_t plane, int64_t line, int64_t from, int64_t to, float *out) {
    const float *source = source_line(v, plane, line);
    if (!source) {
        zero(out, to - from);
        return;
    }
    const int64_t first = clamp(v->span.first, from, to), last = clamp(v->span.last, first, to);
    copy_outside(v, source, from, first, out);
    if (last > first) copy_inside(v, source, first, last, out + (first - from));
    copy_outside(v, source, last, to, out + (last - from));
}

/* Whether neighbouring output lines read neighbouring input lines of the same length: then a plane is one long run,
   shifted, but for the cells at the ends of its lines. */
static bool slides(const cvs__geometry *g) {
    return g->fill == CVS_FILL_ZEROS && g->axis[1].stride == 1 && g->axis[2].stride == 1 &&
           g->axis[2].in == g->axis[2].out;
}

/* Whole lines [from, to) of one plane, all of which exist in the input. */
static void slide(const tap_view *v, int64_t plane, int64_t from, int64_t to, float *out) {
    const int64_t width = v->g->axis[2].out, first = v->span.first, last = v->span.last;
    const float *source = source_line(v, plane, from) + position(&v->g->axis[2], first, v->tap[2]);
    copy(out + first, source, (to - from - 1) * width + last - first);
    for (int64_t line = 0; line < to - from && last - first < width; line++, out += width) {
        zero(out, first);
        zero(out + last, width - last);
    }
}

/* Those of the lines [from, to) that slide; none: an empty span at `to`. */
static void find_sliding(const tap_view *v, int64_t plane, int64_t from, int64_t to, cvs__span *lines) {
    *lines = (cvs__span){to, to};
    if (!slides(v->g) || v->span.first == v->span.last) return;
    cvs__span inside;
    cvs__inside(&v->g->axis[1], v->tap[1], &inside.first, &inside.last);
    inside.first = clamp(inside.first, from, to);
    inside.last = clamp(inside.last, inside.first, to);
    if (inside.first < inside.last && source_line(v, plane, inside.first)) *lines = inside;
}

/* Whole lines [from, to) of one plane. */
static void copy_lines(const tap_view *v, int64_t plane, int64_t from, int64_t to, float *out) {
    const int64_t width = v->g->axis[2].out;
    cvs__span lines;
    find_sliding(v, plane, from, to, &lines);
    for (int64_t line = from; line < lines.first; line++, out += width) copy_line(v, plane, line, 0, width, out);
    if (lines.first < lines.last) slide(v, plane, lines.first, lines.last, out);
    out += (lines.last - lines.first) * width;
    for (int64_t line = lines.last; line < to; line++, out += width) copy_line(v, plane, line, 0, width, out);
}

/* Cells [from, to) of all planes: whole lines together, the incomplete ones at both ends alone. */
static void copy_cells(const tap_view *v, int64_t from, int64_t to, float *out) {
    const int64_t width = v->g->axis[2].out, height = v->g->axis[1].out;
    for (int64_t done, cell = from; cell < to; cell += done, out += done) {
        const int64_t start = cell % width, line = cell / width % height, plane = cell / width / height;
        if (start > 0 || to - cell < width) {
            done = clamp(width - start, 0, to - cell);
            copy_line(v, plane, line, start, start + done, out);
        } else {
            const int64_t lines = clamp((to - cell) / width, 1, height - line);
            done = lines * width;
            copy_lines(v, plane, line, line + lines, out);
        }
    }
}

void cvs__columns_first(const cvs_plan *plan, const float *image, const cvs__part *part, float *columns) {
    const cvs__geometry *g = &plan->geometry;
    const int64_t kernel_width = g->axis[2].kernel, kernel_height = g->axis[1].kernel;
    for (int64_t row = part->depth0; row < part->depth1; row++) {
        const int64_t tap = row % g->taps;
        const tap_view view = {
            .g = g,
            .channel = image + row / g->taps * g->in_cells,
            .tap = {tap / kernel_width / kernel_height, tap / kernel_width % kernel_height, tap % kernel_width},
            .span = plan->spans[tap % kernel_width],
        };
        copy_cells(&view, part->cell0, part->cell1, columns);
        columns += part->cell1 - part->cell0;
    }
}
