#include "tiled.h"

#include <string.h>

/* Terms at once: a strip of 64 cells for so many takes 128 KiB. */
enum { TERMS = 512 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output, *workspace;
} task;

/* The strip: what the cells of a part see for a chunk of the terms, which run over [tap][channel]. */
typedef struct strip {
    const cvs_plan *plan;
    const float *image; /* the group's first channel */
    int64_t cell0, cells;
    float *data;
    int64_t *offsets; /* of its rows */
} strip;

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
static void gather_filled(const strip *s, const cvs__gathering *lines, const run_of_cells *run, int64_t tap) {
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
static void gather_run(const strip *s, cvs__gathering *lines, const run_of_cells *run, const int64_t tap[3]) {
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

/* One tap of channels [channel0, channel0 + lines->rows) at all cells of the strip, as one run. */
static void slide(const strip *s, cvs__gathering *lines, const int64_t tap[3]) {
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

static void gather_tap(const strip *s, int64_t tap, int64_t channel, int64_t channels, float *to) {
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

/* Terms [term0, term1). */
static void gather(const strip *s, int64_t term0, int64_t term1) {
    const int64_t channels = s->plan->geometry.group_channels;
    float *to = s->data;
    for (int64_t done, term = term0; term < term1; term += done, to += done * s->cells) {
        done = least(channels - term % channels, term1 - term);
        gather_tap(s, term / channels, term % channels, done, to);
    }
    for (int64_t i = 0; i < term1 - term0; i++) s->offsets[i] = i * s->cells;
}

/* All filters of the part against a strip of terms [term0, term1). */
static void run_strip(const task *t, const cvs__tiled_part *part, const strip *s, int64_t term0, int64_t term1) {
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__blocking filters = ((const cvs__tiled *)t->plan->detail)->filters;
    cvs__tile_first tile = {
        .columns = s->cells, .depth = term1 - term0, .b = s->data, .offsets = s->offsets, .ldc = g->out_cells};
    for (int64_t block = part->block0; block < part->block1; block++) {
        const int64_t first = block * filters.width, filter = part->group * g->group_filters + first;
        tile.rows = least(filters.width, g->group_filters - first);
        tile.a = t->plan->weights + ((part->group * filters.blocks + block) * g->depth + term0) * filters.width;
        tile.c = t->output + (part->sample * g->filters + filter) * g->out_cells + part->cell0;
        tile.ending = cvs__ending_of(t->plan, filter, term0 == 0, term1 == g->depth);
        t->plan->engine->kernels->tile_first(&tile);
    }
}

static void finish(const task *t, const cvs__tiled_part *part) {
    const cvs__geometry *g = &t->plan->geometry;
    const int64_t width = ((const cvs__tiled *)t->plan->detail)->filters.width;
    const int64_t first = part->block0 * width, last = least(part->block1 * width, g->group_filters);
    float *output = t->output + (part->sample * g->filters + part->group * g->group_filters + first) * g->out_cells;
    cvs__activate_block(t->plan,
                        &(cvs__block){output + part->cell0, last - first, part->cell1 - part->cell0, g->out_cells});
}

static void run_part(const void *context, int64_t number, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__tiled *tiled = t->plan->detail;
    const cvs__tiled_part part = cvs__tiled_part_of(t->plan, number);
    float *slice = t->workspace + worker * tiled->slice;
    const strip s = {
        .plan = t->plan,
        .image = t->input + (part.sample * g->channels + part.group * g->group_channels) * g->in_cells,
        .cell0 = part.cell0,
        .cells = part.cell1 - part.cell0,
        .data = slice + TERMS * (int64_t)(sizeof(int64_t) / sizeof(float)),
        .offsets = (int64_t *)slice,
    };
    for (int64_t term = 0; term < g->depth; term += TERMS) {
        const int64_t end = least(term + TERMS, g->depth);
        gather(&s, term, end);
        run_strip(t, &part, &s, term, end);
    }
    finish(t, &part);
}

static void run_softmax(const void *context, int64_t sample, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    (void)worker;
    float *output = t->output + sample * g->filters * g->out_cells;
    cvs__finish_cells(t->plan, &(cvs__block){output, g->filters, g->out_cells, g->out_cells});
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    const int64_t cells = plan->engine->kernels->tile_columns;
    cvs_status status = cvs__tiled_cut(plan, cvs__blocking_of(g->group_filters, CVS__TILE_ROWS), cells, err);
    if (status != CVS_OK) return status;
    const int64_t offsets = TERMS * (int64_t)(sizeof(int64_t) / sizeof(float));
    return cvs__tiled_prepare(plan, kernel, offsets + least(TERMS, g->depth) * cells, err);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    cvs__parallel(plan->engine->pool, cvs__tiled_parts(plan), run_part, &t);
    if (plan->inference.layer.activation.kind == CVS_ACT_SOFTMAX)
        cvs__parallel(plan->engine->pool, plan->geometry.batch, run_softmax, &t);
}

const cvs__method cvs__method_tiled_first = {.name = "implicit-gemm", .prepare = prepare, .run = run};
