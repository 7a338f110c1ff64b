#include "tiled.h"

/* Terms at once: with 64 columns their weights take 128 KiB, which stay in a second-level cache. */
enum { TERMS = 512 };
/* Tiles of a part; fewer where a kernel has many taps, whose pointers are written down. */
enum { TILES = 12, POINTERS = 1 << 14 };

enum { FLOATS_A_POINTER = sizeof(void *) / sizeof(float) };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output, *workspace;
} task;

void cvs__tiled_point(const cvs_plan *plan, const cvs__tiled_part *part, const float *image, const float **pointers) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__spatial *axis = g->axis;
    const cvs__tiled *tiled = plan->detail;
    for (int64_t tile = part->cell0; tile < part->cell1; tile += tiled->step) {
        const int64_t rows = least(tiled->step, part->cell1 - tile);
        for (int64_t i = 0; i < rows; i++) {
            const int64_t column = (tile + i) % axis[2].out, line = (tile + i) / axis[2].out;
            const int64_t at[] = {line / axis[1].out * axis[0].stride - axis[0].before,
                                  line % axis[1].out * axis[1].stride - axis[1].before,
                                  column * axis[2].stride - axis[2].before};
            const float **to = pointers + i;
            for (int64_t kd = 0; kd < axis[0].kernel; kd++) {
                const int64_t d = cvs__source_cell(g->fill, at[0] + kd * axis[0].dilation, axis[0].in);
                for (int64_t kh = 0; kh < axis[1].kernel; kh++) {
                    const int64_t h = cvs__source_cell(g->fill, at[1] + kh * axis[1].dilation, axis[1].in);
                    for (int64_t kw = 0; kw < axis[2].kernel; kw++, to += rows) {
                        const int64_t w = cvs__source_cell(g->fill, at[2] + kw * axis[2].dilation, axis[2].in);
                        *to = d < 0 || h < 0 || w < 0 ? tiled->zeros
                                                      : image + ((d * axis[1].in + h) * axis[2].in + w) * tiled->pitch;
                    }
                }
            }
        }
        pointers += rows * g->taps;
    }
}

/* Terms [tap0, tap1) x [shift, shift + depth) of the sums of all cells of the part with one block of filters. */
typedef struct chunk {
    int64_t tap0, tap1, shift, depth;
} chunk;

static void run_chunk(const cvs_plan *plan, const cvs__tiled_part *part, const float *const *pointers,
                      const cvs__tiled_filters *filters, const chunk *c, const cvs__block *to) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__tiled *tiled = plan->detail;
    const bool last = c->tap1 == g->taps && c->shift + c->depth == g->group_channels;
    cvs__tile_last tile = {
        .columns = filters->count,
        .segments = c->tap1 - c->tap0,
        .depth = c->depth,
        .shift = filters->group * g->group_channels + c->shift,
        .b = filters->weights + (c->tap0 * g->group_channels + c->shift) * tiled->filters.width,
        .ldb = tiled->filters.width,
        .ldc = to->stride,
        .ending = cvs__ending_of(plan, filters->first, c->tap0 == 0 && c->shift == 0, last),
    };
    for (int64_t cell = part->cell0; cell < part->cell1; cell += tile.rows) {
        tile.rows = least(tiled->step, part->cell1 - cell);
        tile.a = pointers + ((cell - part->cell0) * g->taps + c->tap0 * tile.rows);
        tile.c = to->data + (cell - part->cell0) * to->stride;
        plan->engine->kernels->tile_last(&tile);
    }
}

/* As many taps at once as fit, or one tap in pieces. */
void cvs__tiled_last_block(const cvs_plan *plan, const cvs__tiled_part *part, const float *const *pointers,
                           const cvs__tiled_filters *filters, const cvs__block *to) {
    const cvs__geometry *g = &plan->geometry;
    const int64_t depth = least(TERMS, g->group_channels), taps = most(1, TERMS / g->group_channels);
    chunk c = {0};
    for (c.tap0 = 0; c.tap0 < g->taps; c.tap0 = c.tap1) {
        c.tap1 = least(c.tap0 + taps, g->taps);
        for (c.shift = 0; c.shift < g->group_channels; c.shift += depth) {
            c.depth = least(depth, g->group_channels - c.shift);
            run_chunk(plan, part, pointers, filters, &c, to);
        }
    }
}

static void run_part(const void *context, int64_t number, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__tiled *tiled = t->plan->detail;
    const cvs__tiled_part part = cvs__tiled_part_of(t->plan, number);
    const float **pointers = (const float **)(t->workspace + worker * tiled->slice);
    cvs__tiled_point(t->plan, &part, t->input + part.sample * g->channels * g->in_cells, pointers);
    float *cells = t->output + (part.sample * g->out_cells + part.cell0) * g->filters;
    for (int64_t block = part.block0; block < part.block1; block++) {
        const cvs__tiled_filters filters = cvs__tiled_filters_of(t->plan, block);
        const cvs__block to = {cells + filters.first, part.cell1 - part.cell0, filters.count, g->filters};
        cvs__tiled_last_block(t->plan, &part, pointers, &filters, &to);
        cvs__activate_block(t->plan, &to);
    }
}

cvs_status cvs__tiled_last_cut(cvs_plan *plan, int64_t *pointer_floats, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__kernels *kernels = plan->engine->kernels;
    const int64_t lanes = kernels->lanes, whole = (g->group_filters + lanes - 1) / lanes * lanes;
    const cvs__blocking filters = cvs__blocking_of(g->group_filters, least(whole, kernels->tile_columns));
    const int64_t rows = filters.width <= lanes ? CVS__TALL_TILE_ROWS : CVS__TILE_ROWS;
    const int64_t tiles = most(1, least(TILES, POINTERS / g->taps / rows));
    cvs_status status = cvs__tiled_cut(plan, filters, rows, tiles, err);
    if (status != CVS_OK) return status;
    *pointer_floats = ((const cvs__tiled *)plan->detail)->cells * g->taps * FLOATS_A_POINTER;
    return CVS_OK;
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    int64_t pointers;
    cvs_status status = cvs__tiled_last_cut(plan, &pointers, err);
    return status == CVS_OK ? cvs__tiled_prepare(plan, kernel, pointers, err) : status;
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    cvs__parallel(plan->engine->pool, cvs__tiled_parts(plan), run_part, &t);
    cvs__softmax_samples(plan, output);
}

const cvs__method cvs__method_tiled_last = {.name = "implicit-gemm", .prepare = prepare, .run = run};
