#include "tiled.h"

#include <string.h>

/* Parts for each thread: so many that one which is held up does not keep the others waiting long. */
enum { PARTS_A_THREAD = 4 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static int64_t parts_of(int64_t total, int64_t size) { return (total + size - 1) / size; }

static int64_t whole(int64_t count, int64_t of) { return parts_of(count, of) * of; }

/*
 * Every part of a row of parts reads the same input, gathered or turned anew for each, and every part of a column the
 * same weights. So threads share a layer out by what is less to read twice. Filters are shared out as well where there
 * are few cells.
 */
static void share(const cvs__geometry *g, int64_t threads, int64_t most_steps, cvs__tiled *tiled) {
    const int64_t steps = parts_of(g->out_cells, tiled->step), blocks = g->groups * tiled->filters.blocks;
    const int64_t wanted = threads == 1 ? 1 : threads * PARTS_A_THREAD;
    tiled->cell_parts = parts_of(steps, most_steps);
    tiled->by_filters = g->batch < wanted && g->group_filters / g->in_cells > 0;
    if (!tiled->by_filters && g->batch * tiled->cell_parts < 2 * wanted)
        tiled->cell_parts = least(whole(tiled->cell_parts, threads), most(steps, 1));
    const int64_t rows = most(g->batch * tiled->cell_parts, 1);
    const int64_t columns = least(most(parts_of(wanted, rows), tiled->by_filters ? threads : 1), blocks);
    tiled->cells = parts_of(steps, most(tiled->cell_parts, 1)) * tiled->step;
    tiled->blocks = parts_of(blocks, columns);
    tiled->block_parts = parts_of(blocks, tiled->blocks);
}

cvs_status cvs__tiled_cut(cvs_plan *plan, cvs__blocking filters, int64_t step, int64_t most_steps, cvs_error *err) {
    cvs__tiled *tiled;
    cvs_status status = cvs__keep(plan, 1, sizeof *tiled, &plan->detail, err);
    if (status != CVS_OK) return status;
    tiled = plan->detail;
    *tiled = (cvs__tiled){.filters = filters, .step = step, .pitch = plan->geometry.channels};
    share(&plan->geometry, cvs__pool_threads(plan->engine->pool), most_steps, tiled);
    return CVS_OK;
}

static cvs_status pack(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__blocking filters = ((const cvs__tiled *)plan->detail)->filters;
    cvs_status status = cvs__keep(plan, g->groups * filters.blocks * filters.width, (int64_t)sizeof(float) * g->depth,
                                  &plan->weights, err);
    if (status == CVS_OK) status = cvs__keep(plan, g->groups * g->group_filters, sizeof(float), &plan->bias, err);
    if (status != CVS_OK) return status;
    cvs__pack_blocks(g, kernel->axes, kernel->data, filters, plan->weights);
    plan->has_bias = kernel->bias != NULL;
    if (plan->has_bias) memcpy(plan->bias, kernel->bias, (size_t)g->filters * sizeof(float));
    return CVS_OK;
}

cvs_status cvs__tiled_prepare(cvs_plan *plan, const cvs__kernel *kernel, int64_t floats, cvs_error *err) {
    enum { LINE = 16 }; /* floats of a cache line: slices begin on one of their own */
    cvs__tiled *tiled = plan->detail;
    float *zeros;
    tiled->slice = (floats + LINE - 1) / LINE * LINE;
    plan->workspace_bytes = (size_t)cvs__pool_threads(plan->engine->pool) * (size_t)tiled->slice * sizeof(float);
    cvs_status status = cvs__keep(plan, most(plan->geometry.channels, tiled->run), sizeof(float), &zeros, err);
    tiled->zeros = zeros;
    return status == CVS_OK ? pack(plan, kernel, err) : status;
}

int64_t cvs__tiled_parts(const cvs_plan *plan) {
    const cvs__tiled *tiled = plan->detail;
    return plan->geometry.batch * tiled->cell_parts * tiled->block_parts;
}

/* Where part `part` of the cells begins: the parts are even to a step. */
static int64_t first_cell(const cvs__geometry *g, const cvs__tiled *tiled, int64_t part) {
    const int64_t steps = parts_of(g->out_cells, tiled->step);
    return least(part * steps / tiled->cell_parts * tiled->step, g->out_cells);
}

cvs__tiled_part cvs__tiled_part_of(const cvs_plan *plan, int64_t part) {
    const cvs__tiled *tiled = plan->detail;
    const cvs__geometry *g = &plan->geometry;
    const int64_t of_sample = tiled->cell_parts * tiled->block_parts, sample = part / of_sample;
    part %= of_sample;
    const int64_t row = tiled->by_filters ? part % tiled->cell_parts : part / tiled->block_parts;
    const int64_t column = tiled->by_filters ? part / tiled->cell_parts : part % tiled->block_parts;
    return (cvs__tiled_part){
        .sample = sample,
        .cell0 = first_cell(g, tiled, row),
        .cell1 = first_cell(g, tiled, row + 1),
        .block0 = column * tiled->blocks,
        .block1 = least((column + 1) * tiled->blocks, g->groups * tiled->filters.blocks),
    };
}

cvs__tiled_filters cvs__tiled_filters_of(const cvs_plan *plan, int64_t block) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__blocking how = ((const cvs__tiled *)plan->detail)->filters;
    const int64_t group = block / how.blocks, first = block % how.blocks * how.width;
    return (cvs__tiled_filters){
        .group = group,
        .first = group * g->group_filters + first,
        .count = least(how.width, g->group_filters - first),
        .weights = plan->weights + block * g->depth * how.width,
    };
}
