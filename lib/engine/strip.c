#include "strip.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

/* Cells of the strip that neighbour each other on an output line: `count` of them from column `column`. */
typedef struct run_of_cells {
    int64_t plane, line, column, count, at; /* `at`: cells of the strip before them */
} run_of_cells;

/* Bits of the cells of `run` that read inside the input line with this tap of the width. */
static uint64_t inside(const cvs__spatial *width, const run_of_cells *run, int64_t tap) {
    int64_t first, last;
    cvs__inside(width, tap, &first, &last);
    first = most(first, run->column) - run->column;
    last = least(last, run->column + run->count) - run->column;
    if (last <= first) return 0;
    const uint64_t below_last = last >= 64 ? UINT64_MAX : (UINT64_C(1) << last) - 1;
    return below_last & ~((UINT64_C(1) << first) - 1);
}

/* Cells whose source the fill gives one by one. */
static void gather_filled(const cvs__strip *s, const cvs__gathering *lines, const run_of_cells *run, int64_t tap) {
    const cvs__geometry *g = &s->plan->geometry;
    const cvs__spatial *width = &g->axis[2];
    for (int64_t i = 0; i < run->count; i++) {
        const int64_t position = (run->column + i) * width->stride + tap * width->dilation - width->before;
        const int64_t cell = cvs__source_cell(g->fill, position, width->in);
        for (int64_t c = 0; c < lines->rows; c++)
            lines->to[c * lines->to_pitch + i] = lines->from[c * g->in_cells + cell];
    }
}

/* What tap (kd, kh, kw) sees of `lines->rows` channels at the cells of one run. */
static void gather_run(const cvs__strip *s, cvs__gathering *lines, const run_of_cells *run, const int64_t tap[3]) {
    const cvs__geometry *g = &s->plan->geometry;
    const cvs__spatial *axis = g->axis;
    const int64_t d =
        cvs__source_cell(g->fill, run->plane * axis[0].stride + tap[0] * axis[0].dilation - axis[0].before, axis[0].in);
    const int64_t h =
        cvs__source_cell(g->fill, run->line * axis[1].stride + tap[1] * axis[1].dilation - axis[1].before, axis[1].in);
    lines->columns = run->count;
    lines->inside = d < 0 || h < 0 ? 0 : inside(&axis[2], run, tap[2]);
    if (d >= 0 && h >= 0) lines->from += (d * axis[1].in + h) * axis[2].in;
    if (g->fill != CVS_FILL_ZEROS && d >= 0 && h >= 0) {
        gather_filled(s, lines, run, tap[2]);
        return;
    }
    lines->from += run->column * axis[2].stride + tap[2] * axis[2].dilation - axis[2].before;
    s->plan->engine->kernels->gather(lines);
}

static run_of_cells run_from(const cvs__geometry *g, int64_t cell, int64_t cell1) {
    const int64_t column = cell % g->axis[2].out, line = cell / g->axis[2].out;
    return (run_of_cells){line / g->axis[1].out, line % g->axis[1].out, column,
                          least(g->axis[2].out - column, cell1 - cell), 0};
}

/* Whether the cells of a strip, line after line, read neighbouring cells of the input: one run shifted by the tap. */
static bool slides(const cvs__geometry *g) {
    return g->fill == CVS_FILL_ZEROS && g->axis[1].stride == 1 && g->axis[2].stride == 1 &&
           g->axis[2].in == g->axis[2].out && g->axis[1].in == g->axis[1].out && g->axis[0].out == 1 &&
           g->axis[0].kernel == 1 && g->axis[0].before == 0;
}

/* What a 1x1 kernel's strip would hold lies in the input just so, in whole lines of the cache. */
static bool in_place(const cvs__geometry *g) {
    enum { LINE = 16 };
    return g->taps == 1 && slides(g) && g->in_cells % LINE == 0;
}

/* One tap of channels [channel0, channel0 + lines->rows) at all cells of the strip, as one run. */
static void slide(const cvs__strip *s, cvs__gathering *lines, const int64_t tap[3]) {
    const cvs__geometry *g = &s->plan->geometry;
    const cvs__spatial *axis = g->axis;
    const int64_t down = tap[1] * axis[1].dilation - axis[1].before;
    lines->columns = s->cells;
    lines->inside = 0;
    for (int64_t at = 0; at < s->cells;) {
        const run_of_cells run = run_from(g, s->cell0 + at, s->cell0 + s->cells);
        const int64_t line = run.line + down;
        if (line >= 0 && line < axis[1].in) lines->inside |= inside(&axis[2], &run, tap[2]) << at;
        at += run.count;
    }
    lines->from += s->cell0 + down * axis[2].in + tap[2] * axis[2].dilation - axis[2].before;
    s->plan->engine->kernels->gather(lines);
}

static void gather_tap(const cvs__strip *s, int64_t tap, int64_t channel, int64_t channels, float *to) {
    const cvs__geometry *g = &s->plan->geometry;
    const int64_t kw = g->axis[2].kernel, kh = g->axis[1].kernel;
    const int64_t taps[] = {tap / kw / kh, tap / kw % kh, tap % kw};
    const cvs__gathering lines = {
        .to = to,
        .from = s->image + channel * g->in_cells,
        .rows = channels,
        .to_pitch = s->cells,
        .from_pitch = g->in_cells,
        .stride = g->axis[2].stride,
        .fetch_next = g->axis[2].stride == 1,
    };
    if (slides(g)) {
        cvs__gathering all = lines;
        slide(s, &all, taps);
        return;
    }
    for (int64_t at = 0; at < s->cells;) {
        const run_of_cells run = run_from(g, s->cell0 + at, s->cell0 + s->cells);
        cvs__gathering some = lines;
        some.to += at;
        gather_run(s, &some, &run, taps);
        at += run.count;
    }
}

static void gather(const cvs__strip *s) {
    const int64_t channels = s->plan->geometry.group_channels;
    float *to = s->room;
    for (int64_t done, term = s->term0; term < s->term1; term += done, to += done * s->cells) {
        done = least(channels - term % channels, s->term1 - term);
        gather_tap(s, term / channels, term % channels, done, to);
    }
}

void cvs__strip_fill(cvs__strip *s) {
    const cvs__geometry *g = &s->plan->geometry;
    const bool lies = in_place(g);
    const int64_t pitch = lies ? g->in_cells : s->cells;
    for (int64_t i = 0; i < s->term1 - s->term0; i++) s->offsets[i] = i * pitch;
    s->rows = lies ? s->image + s->term0 * g->in_cells + s->cell0 : s->room;
    if (!lies) gather(s);
}
