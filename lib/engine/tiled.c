#include "tiled.h"

#include <string.h>

/* Parts for each thread: so many that one which is held up does not keep the others waiting long. */
enum { PARTS_A_THREAD = 8 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t parts_of(int64_t total, int64_t size) { return (total + size - 1) / size; }

cvs_status cvs__tiled_cut(cvs_plan *plan, cvs__blocking filters, int64_t cells, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    cvs__tiled *tiled;
    cvs_status status = cvs__keep(plan, 1, sizeof *tiled, &plan->detail, err);
    if (status != CVS_OK) return status;
    tiled = plan->detail;
    tiled->filters = filters;
    tiled->cells = cells;
    tiled->cell_parts = parts_of(g->out_cells, cells);
    /* With few cells the filters are shared out as well. */
    const int threads = cvs__pool_threads(plan->engine->pool);
    const int64_t rows = g->batch * g->groups * tiled->cell_parts;
    const int64_t wanted = threads == 1 || rows == 0 ? 1 : parts_of((int64_t)threads * PARTS_A_THREAD, rows);
    tiled->blocks = parts_of(filters.blocks, least(wanted, filters.blocks));
    tiled->block_parts = parts_of(filters.blocks, tiled->blocks);
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
    cvs_status status = cvs__keep(plan, plan->geometry.group_channels, sizeof(float), &zeros, err);
    tiled->zeros = zeros;
    return status == CVS_OK ? pack(plan, kernel, err) : status;
}

int64_t cvs__tiled_parts(const cvs_plan *plan) {
    const cvs__tiled *tiled = plan->detail;
    return plan->geometry.batch * plan->geometry.groups * tiled->cell_parts * tiled->block_parts;
}

/* Blocks of filters run fastest: neighbouring parts then read the same input. */
cvs__tiled_part cvs__tiled_part_of(const cvs_plan *plan, int64_t part) {
    const cvs__tiled *tiled = plan->detail;
    const cvs__geometry *g = &plan->geometry;
    const int64_t block0 = part % tiled->block_parts * tiled->blocks, row = part / tiled->block_parts;
    const int64_t cell0 = row % tiled->cell_parts * tiled->cells, image = row / tiled->cell_parts;
    return (cvs__tiled_part){
        .sample = image / g->groups,
        .group = image % g->groups,
        .cell0 = cell0,
        .cell1 = least(cell0 + tiled->cells, g->out_cells),
        .block0 = block0,
        .block1 = least(block0 + tiled->blocks, tiled->filters.blocks),
    };
}
