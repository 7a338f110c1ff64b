#include "winograd.h"

#include <math.h>

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output, *workspace;
} task;

/* Neighbouring tiles of one row: `first` is the first one's number in the part. */
typedef struct run {
    int64_t first, count, row, column; /* row and column in the strip */
} run;

/* The run that begins at tile `first` of the part. */
static run run_at(const cvs__winograd_part *p, int64_t first) {
    const int64_t tile = p->tile0 + first, column = tile % p->how->across;
    return (run){.first = first,
                 .count = least(p->how->across - column, p->tiles - first),
                 .row = tile / p->how->across - p->row0,
                 .column = column - p->column0};
}

static void transform_input(const cvs__winograd_part *p) {
    const cvs__winograd *w = p->how;
    const cvs__kernels *kernels = p->plan->engine->kernels;
    for (int64_t channel = 0; channel < p->plan->geometry.channels; channel += kernels->lanes) {
        cvs__winograd_take(p, channel);
        for (run r = run_at(p, 0); r.first < p->tiles; r = run_at(p, r.first + r.count)) {
            const int64_t pitch = cvs__winograd_in_pitch(p);
            kernels->winograd_input(&(cvs__winograd_tiles){
                .side = w->side,
                .count = r.count,
                .from = p->strip + r.row * w->m * pitch + r.column * w->m * kernels->lanes,
                .from_row = pitch,
                .from_tile = w->m * kernels->lanes,
                .to = p->v + r.first * w->pitch + channel,
                .to_row = p->tiles * w->pitch,
                .to_tile = w->pitch,
            });
        }
    }
}

/* M of one block of filters. Rows are shared out evenly among the register tiles. */
static void multiply(const cvs__winograd_part *p, int64_t block) {
    const cvs__winograd *w = p->how;
    const int64_t channels = p->plan->geometry.channels, width = w->filters.width;
    const int64_t left = p->plan->geometry.filters - block * width, lanes = p->plan->engine->kernels->lanes;
    const int64_t groups = (p->tiles + CVS__TILE_ROWS - 1) / CVS__TILE_ROWS;
    const float *rows[CVS__TILE_ROWS];
    cvs__tile_last tile = {.columns = left < width ? (left + lanes - 1) / lanes * lanes : width,
                           .height = CVS__TILE_ROWS,
                           .segments = 1,
                           .segment1 = 1,
                           .depth = channels,
                           .a = rows,
                           .ldb = width,
                           .ldc = width,
                           .ending = {.low = -INFINITY, .high = INFINITY}};
    for (int64_t point = 0; point < w->points; point++) {
        tile.b = p->plan->weights + (block * w->points + point) * channels * width;
        for (int64_t group = 0; group < groups; group++) {
            const int64_t first = group * p->tiles / groups;
            tile.rows = (group + 1) * p->tiles / groups - first;
            for (int64_t i = 0; i < tile.rows; i++) rows[i] = p->v + (point * p->tiles + first + i) * w->pitch;
            tile.c = p->m + (point * p->tiles + first) * width;
            p->plan->engine->kernels->tile_last(&tile);
        }
    }
}

/* Tiles of a run, one by one, those of them directly whose sums are not finite. */
static void redo_strange(const cvs__winograd_part *p, cvs__winograd_tiles tiles, const run *r, int64_t block,
                         int64_t vector) {
    tiles.count = 1;
    for (int64_t i = 0; i < r->count; i++, tiles.from += tiles.from_tile, tiles.to += tiles.to_tile)
        if (!p->plan->engine->kernels->winograd_output(&tiles))
            cvs__winograd_redo(p, p->tile0 + r->first + i, block, vector);
}

static void transform_output(const cvs__winograd_part *p, int64_t block, int64_t vector) {
    const cvs__winograd *w = p->how;
    const cvs__kernels *kernels = p->plan->engine->kernels;
    const int64_t filter = block * w->filters.width + vector * kernels->lanes, pitch = cvs__winograd_out_pitch(p);
    const cvs__ending ending = cvs__ending_of(p->plan, filter, true, true);
    for (run r = run_at(p, 0); r.first < p->tiles; r = run_at(p, r.first + r.count)) {
        const cvs__winograd_tiles tiles = {
            .side = w->side,
            .count = r.count,
            .from = p->m + r.first * w->filters.width + vector * kernels->lanes,
            .from_row = p->tiles * w->filters.width,
            .from_tile = w->filters.width,
            .to = p->strip + r.row * w->m * pitch + r.column * w->m * kernels->lanes,
            .to_row = pitch,
            .to_tile = w->m * kernels->lanes,
            .bias = ending.bias,
            .low = ending.low,
            .high = ending.high,
        };
        if (!kernels->winograd_output(&tiles)) redo_strange(p, tiles, &r, block, vector);
    }
    cvs__winograd_put(p, filter);
}

static cvs__winograd_part part_of(const task *t, int64_t number, int worker) {
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__winograd *w = t->plan->detail;
    const int64_t block0 = number % w->block_parts * w->blocks, piece = number / w->block_parts;
    const int64_t line = piece / w->line_parts, sample = line / w->lines, start = piece % w->line_parts * w->tiles;
    cvs__winograd_part p = {
        .plan = t->plan,
        .how = w,
        .image = t->input + sample * g->channels * g->in_cells,
        .output = t->output + sample * g->filters * g->out_cells,
        .tile0 = line % w->lines * w->line + start,
        .tiles = least(w->tiles, w->line - start),
        .block0 = block0,
        .block1 = least(block0 + w->blocks, w->filters.blocks),
    };
    p.row0 = p.tile0 / w->across;
    p.rows = (p.tile0 + p.tiles - 1) / w->across - p.row0 + 1;
    p.column0 = p.rows == 1 ? p.tile0 % w->across : 0;
    p.columns = p.rows == 1 ? p.tiles : w->across;
    p.v = t->workspace + worker * w->slice;
    p.m = p.v + w->points * w->tiles * w->pitch;
    p.strip = p.m + w->points * w->tiles * w->filters.width;
    p.terms = p.strip + w->strip;
    return p;
}

static void run_part(const void *context, int64_t number, int worker) {
    const task *t = context;
    const cvs__winograd_part p = part_of(t, number, worker);
    const int64_t width = p.how->filters.width, lanes = t->plan->engine->kernels->lanes;
    transform_input(&p);
    for (int64_t block = p.block0; block < p.block1; block++) {
        multiply(&p, block);
        const int64_t left = least(width, t->plan->geometry.filters - block * width);
        for (int64_t vector = 0; vector * lanes < left; vector++) transform_output(&p, block, vector);
    }
}

static void run_softmax(const void *context, int64_t sample, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    (void)worker;
    float *output = t->output + sample * g->filters * g->out_cells;
    cvs__finish_cells(t->plan, g->channels_first ? &(cvs__block){output, g->filters, g->out_cells, g->out_cells}
                                                 : &(cvs__block){output, g->out_cells, g->filters, g->filters});
}

void cvs__winograd_run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    const cvs__winograd *w = plan->detail;
    const int64_t parts = plan->geometry.batch * w->lines * w->line_parts * w->block_parts;
    cvs__parallel(plan->engine->pool, parts, run_part, &t);
    if (plan->inference.layer.activation.kind == CVS_ACT_SOFTMAX)
        cvs__parallel(plan->engine->pool, plan->geometry.batch, run_softmax, &t);
}
