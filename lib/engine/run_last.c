#include "plan.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/*
 * One tile of one group: output[cell][j] = sum over depth of columns[cell][depth] * weights[depth][j], `depth` cut
 * so that the columns stay in the cache. Without columns (1x1) the input is that matrix already.
 */
static void run_tile(const cvs_plan *plan, const float *weights, const float *image, cvs__part part, float *output,
                     float *columns) {
    const cvs__geometry *g = &plan->geometry;
    for (int64_t depth = 0; depth < g->depth && !cvs__interrupted(); depth += plan->tiling.depth) {
        part.depth0 = depth;
        part.depth1 = least(depth + plan->tiling.depth, g->depth);
        cvs__product product = {
            .m = part.cell1 - part.cell0,
            .n = g->group_filters,
            .k = part.depth1 - part.depth0,
            .a = image + part.cell0 * g->channels + depth,
            .lda = g->channels,
            .b = weights + depth * g->group_filters,
            .ldb = g->group_filters,
            .c = output + part.cell0 * g->filters,
            .ldc = g->filters,
            .accumulate = depth > 0,
        };
        if (plan->method->columns) {
            cvs__columns_last(plan, image, &part, columns);
            product.a = columns;
            product.lda = product.k;
        }
        plan->product(&product);
    }
}

static void run_cells(const cvs_plan *plan, const float *image, cvs__part part, float *output, float *columns) {
    const cvs__geometry *g = &plan->geometry;
    const int64_t rows = part.cell1 - part.cell0;
    float *first = output + part.cell0 * g->filters;
    for (int64_t group = 0; group < g->groups; group++) {
        const int64_t filter = group * g->group_filters;
        run_tile(plan, plan->weights + filter * g->depth, image + group * g->group_channels, part, output + filter,
                 columns);
        cvs__finish(plan, &(cvs__block){first + filter, rows, g->group_filters, g->filters}, filter);
    }
    cvs__finish_cells(plan, &(cvs__block){first, rows, g->filters, g->filters});
}

/* Without columns the samples of a batch are one long run of cells. */
void cvs__run_last(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const cvs__geometry *g = &plan->geometry;
    const int64_t runs = plan->method->columns ? g->batch : 1;
    const int64_t cells = plan->method->columns ? g->out_cells : g->batch * g->out_cells;
    for (int64_t run = 0; run < runs; run++) {
        for (int64_t cell = 0; cell < cells; cell += plan->tiling.cells) {
            const cvs__part part = {.cell0 = cell, .cell1 = least(cell + plan->tiling.cells, cells)};
            run_cells(plan, input, part, output, workspace);
        }
        input += g->channels * g->in_cells;
        output += g->filters * g->out_cells;
    }
}
