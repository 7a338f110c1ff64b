#include "tiled.h"

#include <string.h>

/* Terms at once: with 64 columns their weights take 128 KiB, which stay in a second-level cache. */
enum { TERMS = 512 };
/* Tiles of a part; fewer where a kernel has many taps, whose pointers are written down. */
enum { TILES = 12, POINTERS = 1 << 14 };
/* Lines of taps are runs when they are no longer than this, and no more. */
enum { MOST_JOINED = 64, MOST_JOINED_LINES = 32 };

enum { FLOATS_A_POINTER = sizeof(void *) / sizeof(float) };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output, *workspace;
} task;

/* Neighbouring cells on a line of the output: `count` of them from column `column` on. */
typedef struct run_of_cells {
    int64_t plane, line, column, count;
} run_of_cells;

static run_of_cells run_from(const cvs__geometry *g, int64_t cell, int64_t end) {
    const int64_t lines = cell / g->axis[2].out, column = cell % g->axis[2].out;
    return (run_of_cells){lines / g->axis[1].out, lines % g->axis[1].out, column,
                          least(g->axis[2].out - column, end - cell)};
}

/* The run that begins where `run` ends. */
static void next_run(const cvs__geometry *g, run_of_cells *run, int64_t left) {
    run->column += run->count;
    if (run->column == g->axis[2].out) {
        run->column = 0;
        run->line = run->line + 1 == g->axis[1].out ? 0 : run->line + 1;
        run->plane += run->line == 0;
    }
    run->count = least(g->axis[2].out - run->column, left);
}

/* A line of taps: `line` of the input lies below it (NULL: none does), `to` are the pointers of the run's first cell in
   a tile of `rows`, `room` is for copies. */
typedef struct taps_of_line {
    const float *line, **to;
    int64_t rows;
    float **room;
} taps_of_line;

/* One tap of all cells of a run. */
static void point_tap(const cvs_plan *plan, int64_t first, int64_t count, const float *line, const float **to) {
    const cvs__spatial *width = &plan->geometry.axis[2];
    const cvs__tiled *tiled = plan->detail;
    if (line && first >= 0 && first + (count - 1) * width->stride < width->in) {
        const float *at = line + first * tiled->pitch;
        const int64_t step = width->stride * tiled->pitch;
        for (int64_t i = 0; i < count; i++, at += step) to[i] = at;
        return;
    }
    for (int64_t i = 0, position = first; i < count; i++, position += width->stride) {
        const int64_t at = cvs__source_cell(plan->geometry.fill, position, width->in);
        to[i] = !line || at < 0 ? tiled->zeros : line + at * tiled->pitch;
    }
}

static void point_taps(const cvs_plan *plan, const run_of_cells *run, const taps_of_line *taps) {
    const cvs__spatial *width = &plan->geometry.axis[2];
    int64_t first = run->column * width->stride - width->before;
    for (int64_t kw = 0; kw < width->kernel; kw++, first += width->dilation)
        point_tap(plan, first, run->count, taps->line, taps->to + kw * taps->rows);
}

/* A copy of the run that begins at `position`, with what stands in the padding. */
static const float *copy_run(const cvs_plan *plan, int64_t position, const taps_of_line *taps) {
    const cvs__geometry *g = &plan->geometry;
    float *copy = *taps->room;
    for (int64_t kw = 0; kw < g->axis[2].kernel; kw++, *taps->room += g->channels) {
        const int64_t at = cvs__source_cell(g->fill, position + kw, g->axis[2].in);
        const float *from = at < 0 ? ((const cvs__tiled *)plan->detail)->zeros : taps->line + at * g->channels;
        memcpy(*taps->room, from, (size_t)g->channels * sizeof *from);
    }
    return copy;
}

static void point_joined(const cvs_plan *plan, const run_of_cells *run, const taps_of_line *taps) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__spatial *width = &g->axis[2];
    const int64_t first = run->column * width->stride - width->before, last = width->in - width->kernel;
    const bool whole = first >= 0 && first + (run->count - 1) * width->stride <= last;
    const float *zeros = ((const cvs__tiled *)plan->detail)->zeros, *at = taps->line ? taps->line : zeros;
    const int64_t step = taps->line ? width->stride * g->channels : 0;
    if (whole || !taps->line) {
        at += taps->line ? first * g->channels : 0;
        for (int64_t i = 0; i < run->count; i++, at += step) taps->to[i] = at;
        return;
    }
    for (int64_t i = 0, position = first; i < run->count; i++, position += width->stride)
        taps->to[i] = position >= 0 && position <= last ? at + position * g->channels : copy_run(plan, position, taps);
}

/* All taps of a run. */
static void point_run(const cvs_plan *plan, const run_of_cells *run, const float *image, taps_of_line taps) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__tiled *tiled = plan->detail;
    const cvs__spatial *planes = &g->axis[0], *lines = &g->axis[1];
    const int64_t line_pitch = g->axis[2].in * tiled->pitch;
    const bool joined = tiled->segments < g->taps;
    for (int64_t kd = 0; kd < planes->kernel; kd++) {
        const int64_t d =
            cvs__source_cell(g->fill, run->plane * planes->stride - planes->before + kd * planes->dilation, planes->in);
        for (int64_t kh = 0; kh < lines->kernel; kh++) {
            const int64_t h =
                cvs__source_cell(g->fill, run->line * lines->stride - lines->before + kh * lines->dilation, lines->in);
            taps.line = d < 0 || h < 0 ? NULL : image + (d * lines->in + h) * line_pitch;
            (joined ? point_joined : point_taps)(plan, run, &taps);
            taps.to += (joined ? 1 : g->axis[2].kernel) * taps.rows;
        }
    }
}

int64_t cvs__tiled_pointer_floats(const cvs_plan *plan) {
    const cvs__tiled *tiled = plan->detail;
    const int64_t copied = tiled->segments < plan->geometry.taps ? tiled->run : 0;
    return tiled->cells * tiled->segments * (FLOATS_A_POINTER + copied);
}

void cvs__tiled_point(const cvs_plan *plan, const cvs__tiled_part *part, const float *image, const float **pointers) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__tiled *tiled = plan->detail;
    float *room = (float *)(pointers + tiled->cells * tiled->segments);
    run_of_cells run = run_from(g, part->cell0, least(part->cell0 + tiled->step, part->cell1));
    for (int64_t tile = part->cell0; tile < part->cell1; tile += tiled->step) {
        const int64_t rows = least(tiled->step, part->cell1 - tile);
        for (int64_t done = 0; done < rows; done += run.count) {
            if (tile > part->cell0 || done > 0) next_run(g, &run, rows - done);
            point_run(plan, &run, image, (taps_of_line){.to = pointers + done, .rows = rows, .room = &room});
        }
        pointers += rows * tiled->segments;
    }
}

/* Terms [segment0, segment1) x [shift, shift + depth) of the sums of all cells of the part with one block of filters.
 */
typedef struct chunk {
    int64_t segment0, segment1, shift, depth;
} chunk;

static void run_chunk(const cvs_plan *plan, const cvs__tiled_part *part, const float *const *pointers,
                      const cvs__tiled_filters *filters, const chunk *c, const cvs__block *to) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__tiled *tiled = plan->detail;
    const bool last = c->segment1 == tiled->segments && c->shift + c->depth == tiled->run;
    plan->engine->kernels->tile_last(&(cvs__tile_last){
        .rows = part->cell1 - part->cell0,
        .columns = filters->count,
        .height = tiled->step,
        .segments = tiled->segments,
        .segment0 = c->segment0,
        .segment1 = c->segment1,
        .depth = c->depth,
        .a = pointers,
        .shift = filters->group * g->group_channels + c->shift,
        .b = filters->weights + (c->segment0 * tiled->run + c->shift) * tiled->filters.width,
        .ldb = tiled->filters.width,
        .c = to->data,
        .ldc = to->stride,
        .ending = cvs__ending_of(plan, filters->first, c->segment0 == 0 && c->shift == 0, last),
    });
}

/* As many segments at once as fit, or one of them in pieces. */
void cvs__tiled_last_block(const cvs_plan *plan, const cvs__tiled_part *part, const float *const *pointers,
                           const cvs__tiled_filters *filters, const cvs__block *to) {
    const cvs__tiled *tiled = plan->detail;
    const int64_t depth = least(TERMS, tiled->run), segments = most(1, TERMS / tiled->run);
    chunk c = {0};
    for (c.segment0 = 0; c.segment0 < tiled->segments; c.segment0 = c.segment1) {
        c.segment1 = least(c.segment0 + segments, tiled->segments);
        for (c.shift = 0; c.shift < tiled->run; c.shift += depth) {
            c.depth = least(depth, tiled->run - c.shift);
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

/* Whether the taps of a line of the kernel are neighbours in the input, with their channels, and few. */
static bool joins(const cvs__geometry *g) {
    return g->groups == 1 && g->axis[2].dilation == 1 && g->axis[2].kernel <= MOST_JOINED / g->channels &&
           g->taps / g->axis[2].kernel <= MOST_JOINED_LINES;
}

cvs_status cvs__tiled_last_cut(cvs_plan *plan, bool turned, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__kernels *kernels = plan->engine->kernels;
    const int64_t lanes = kernels->lanes, whole = (g->group_filters + lanes - 1) / lanes * lanes;
    const cvs__blocking filters = cvs__blocking_of(g->group_filters, least(whole, kernels->tile_columns));
    const int64_t rows = filters.width <= lanes ? CVS__TALL_TILE_ROWS : CVS__TILE_ROWS;
    const int64_t joined = !turned && joins(g) ? g->axis[2].kernel : 1, segments = g->taps / joined;
    const int64_t tiles = most(1, least(TILES, POINTERS / segments / rows));
    cvs_status status = cvs__tiled_cut(plan, filters, rows, tiles, err);
    if (status != CVS_OK) return status;
    cvs__tiled *tiled = plan->detail;
    tiled->segments = segments;
    tiled->run = g->group_channels * joined;
    return CVS_OK;
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    cvs_status status = cvs__tiled_last_cut(plan, false, err);
    return status == CVS_OK ? cvs__tiled_prepare(plan, kernel, cvs__tiled_pointer_floats(plan), err) : status;
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    cvs__parallel(plan->engine->pool, cvs__tiled_parts(plan), run_part, &t);
    cvs__softmax_samples(plan, output);
}

const cvs__method cvs__method_tiled_last = {.name = "implicit-gemm", .prepare = prepare, .run = run};
