#include "plan.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/*
 * One tile of one group: output[j][cell] = sum over depth of weights[j][depth] * columns[depth][cell], `depth` cut
 * so that the columns stay in the cache. Without columns (1x1) the input is that matrix already.
 */
static void run_tile(const cvs_plan *plan, const float *weights, const float *image, cvs__part part, float *output,
                     float *columns) {
    const cvs__geometry *g = &plan->geometry;
    for (int64_t depth = 0; depth < g->depth && !cvs__interrupted(); depth += plan->tiling.depth) {
        part.depth0 = depth;
        part.depth1 = least(depth + plan->tiling.depth, g->depth);
        cvs__product product = {
            .m = g->group_filters,
            .n = part.cell1 - part.cell0,
            .k = part.depth1 - part.depth0,
            .a = weights + depth,
            .lda = g->depth,
            .b = image + depth * g->in_cells + part.cell0,
            .ldb = g->in_cells,
            .c = output + part.cell0,
            .ldc = g->out_cells,
            .accumulate = depth > 0,
        };
        if (plan->method->columns) {
            cvs__columns_first(plan, image, &part, columns);
            product.b = columns;
            product.ldb = product.n;
        }
        plan->product(&product);
    }
}

static void run_cells(const cvs_plan *plan, const float *image, int64_t cell, float *output, float *columns) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__part part = {.cell0 = cell, .cell1 = least(cell + plan->tiling.cells, g->out_cells)};
    cvs__block block = {output + cell, g->group_filters, part.cell1 - cell, g->out_cells};
    for (int64_t group = 0; group < g->groups; group++) {
        const int64_t filter = group * g->group_filters;
        run_tile(plan, plan->weights + filter * g->depth, image + group * g->group_channels * g->in_cells, part,
                 output + filter * g->out_cells, columns);
        block.data = output + filter * g->out_cells + cell;
        cvs__finish(plan, &block, filter);
    }
    block = (cvs__block){output + cell, g->filters, part.cell1 - cell, g->out_cells};
    cvs__finish_cells(plan, &block);
}

void cvs__run_first(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const cvs__geometry *g = &plan->geometry;
    for (int64_t sample = 0; sample < g->batch; sample++) {
        for (int64_t cell = 0; cell < g->out_cells; cell += plan->tiling.cells)
            run_cells(plan, input, cell, output, workspace);
        input += g->channels * g->in_cells;
        output += g->filters * g->out_cells;
    }
}
