#include "strip.h"
#include "tiled.h"

/* Terms at once: a strip of 64 cells for so many takes 128 KiB. */
enum { TERMS = 512 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output, *workspace;
} task;

/* All filters of the part against a strip. */
static void run_strip(const task *t, const cvs__tiled_part *part, const cvs__strip *s) {
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__blocking filters = ((const cvs__tiled *)t->plan->detail)->filters;
    cvs__tile_first tile = {
        .columns = s->cells, .depth = s->term1 - s->term0, .b = s->rows, .offsets = s->offsets, .ldc = g->out_cells};
    for (int64_t block = part->block0; block < part->block1; block++) {
        const int64_t first = block * filters.width, filter = part->group * g->group_filters + first;
        tile.rows = least(filters.width, g->group_filters - first);
        tile.a = t->plan->weights + ((part->group * filters.blocks + block) * g->depth + s->term0) * filters.width;
        tile.c = t->output + (part->sample * g->filters + filter) * g->out_cells + part->cell0;
        tile.ending = cvs__ending_of(t->plan, filter, s->term0 == 0, s->term1 == g->depth);
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
    cvs__strip s = {
        .plan = t->plan,
        .image = t->input + (part.sample * g->channels + part.group * g->group_channels) * g->in_cells,
        .cell0 = part.cell0,
        .cells = part.cell1 - part.cell0,
        .room = slice + TERMS * (int64_t)(sizeof(int64_t) / sizeof(float)),
        .offsets = (int64_t *)slice,
    };
    for (; s.term0 < g->depth; s.term0 = s.term1) {
        s.term1 = least(s.term0 + TERMS, g->depth);
        cvs__strip_fill(&s);
        run_strip(t, &part, &s);
    }
    finish(t, &part);
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__kernels *kernels = plan->engine->kernels;
    const cvs__blocking filters = cvs__blocking_of(g->group_filters, CVS__TILE_ROWS);
    cvs_status status = cvs__tiled_cut(plan, filters, kernels->lanes, kernels->tile_columns / kernels->lanes, err);
    if (status != CVS_OK) return status;
    const int64_t offsets = TERMS * (int64_t)(sizeof(int64_t) / sizeof(float));
    return cvs__tiled_prepare(plan, kernel, offsets + least(TERMS, g->depth) * kernels->tile_columns, err);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    cvs__parallel(plan->engine->pool, cvs__tiled_parts(plan), run_part, &t);
    cvs__softmax_samples(plan, output);
}

const cvs__method cvs__method_tiled_first = {.name = "implicit-gemm", .prepare = prepare, .run = run};
