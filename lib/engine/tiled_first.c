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

/* Blocks [block0, block1) of a group against a strip. */
static void run_strip(const task *t, const cvs__tiled_part *part, const cvs__strip *s) {
    const cvs__geometry *g = &t->plan->geometry;
    cvs__tile_first tile = {
        .columns = s->cells, .depth = s->term1 - s->term0, .b = s->rows, .offsets = s->offsets, .ldc = g->out_cells};
    for (int64_t block = part->block0; block < part->block1; block++) {
        const cvs__tiled_filters filters = cvs__tiled_filters_of(t->plan, block);
        tile.rows = filters.count;
        tile.a = filters.weights + s->term0 * CVS__TILE_ROWS;
        tile.c = t->output + (part->sample * g->filters + filters.first) * g->out_cells + part->cell0;
        tile.ending = cvs__ending_of(t->plan, filters.first, s->term0 == 0, s->term1 == g->depth);
        t->plan->engine->kernels->tile_first(&tile);
    }
}

static void finish(const task *t, const cvs__tiled_part *part) {
    const cvs__geometry *g = &t->plan->geometry;
    const int64_t first = cvs__tiled_filters_of(t->plan, part->block0).first;
    const cvs__tiled_filters last = cvs__tiled_filters_of(t->plan, part->block1 - 1);
    float *output = t->output + (part->sample * g->filters + first) * g->out_cells + part->cell0;
    cvs__activate_block(
        t->plan, &(cvs__block){output, last.first + last.count - first, part->cell1 - part->cell0, g->out_cells});
}

/* Of a part, the blocks of one group: they read the same strips. */
static void run_group(const task *t, const cvs__tiled_part *part, int64_t group, float *slice) {
    const cvs__geometry *g = &t->plan->geometry;
    cvs__strip s = {
        .plan = t->plan,
        .image = t->input + (part->sample * g->channels + group * g->group_channels) * g->in_cells,
        .cell0 = part->cell0,
        .cells = part->cell1 - part->cell0,
        .room = slice + TERMS * (int64_t)(sizeof(int64_t) / sizeof(float)),
        .offsets = (int64_t *)slice,
    };
    for (; s.term0 < g->depth; s.term0 = s.term1) {
        s.term1 = least(s.term0 + TERMS, g->depth);
        cvs__strip_fill(&s);
        run_strip(t, part, &s);
    }
    finish(t, part);
}

static void run_part(const void *context, int64_t number, int worker) {
    const task *t = context;
    const cvs__tiled *tiled = t->plan->detail;
    const cvs__tiled_part part = cvs__tiled_part_of(t->plan, number);
    cvs__tiled_part some = part;
    for (some.block0 = part.block0; some.block0 < part.block1; some.block0 = some.block1) {
        const int64_t group = some.block0 / tiled->filters.blocks;
        some.block1 = least((group + 1) * tiled->filters.blocks, part.block1);
        run_group(t, &some, group, t->workspace + worker * tiled->slice);
    }
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
