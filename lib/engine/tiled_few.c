#include "tiled.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

enum { CHANNELS_AT_ONCE = 64 }; /* to transpose */

/* One sample. */
typedef struct task {
    const cvs_plan *plan;
    const float *input; /* channels first */
    float *transposed;  /* the same, channels last */
    float *output, *slices;
    int64_t pointer_floats, first_part;
} task;

static void transpose_part(const void *context, int64_t part, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    const int64_t channel = part * CHANNELS_AT_ONCE;
    (void)worker;
    const cvs__block block = {(float *)(uintptr_t)(t->input + channel * g->in_cells),
                              least(CHANNELS_AT_ONCE, g->channels - channel), g->in_cells, g->in_cells};
    t->plan->engine->kernels->transpose(&block, t->transposed + channel, g->channels);
}

/* The sums go to a stage behind the pointers and from there to the output. */
static void run_part(const void *context, int64_t number, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__tiled *tiled = t->plan->detail;
    const cvs__tiled_part part = cvs__tiled_part_of(t->plan, number + t->first_part);
    float *slice = t->slices + worker * tiled->slice, *stage = slice + t->pointer_floats;
    const float **pointers = (const float **)slice;
    cvs__tiled_point(t->plan, &part, t->transposed, pointers);
    for (int64_t block = part.block0; block < part.block1; block++) {
        const int64_t first = block * tiled->filters.width;
        const cvs__block to = {stage, part.cell1 - part.cell0, least(tiled->filters.width, g->group_filters - first),
                               tiled->filters.width};
        cvs__tiled_last_block(t->plan, &part, pointers, block, &to);
        cvs__activate_block(t->plan, &to);
        float *output = t->output + (part.group * g->group_filters + first) * g->out_cells + part.cell0;
        t->plan->engine->kernels->transpose(&to, output, g->out_cells);
    }
}

/* Where a plan's workspace holds the transposed sample: before the slices of the threads. */
static int64_t transposed_floats(const cvs__geometry *g) {
    enum { LINE = 16 };
    return (g->channels * g->in_cells + LINE - 1) / LINE * LINE;
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    int64_t pointers;
    cvs_status status = cvs__tiled_last_cut(plan, &pointers, err);
    if (status != CVS_OK) return status;
    const cvs__tiled *tiled = plan->detail;
    status = cvs__tiled_prepare(plan, kernel, pointers + tiled->cells * tiled->filters.width, err);
    plan->workspace_bytes += (size_t)transposed_floats(&plan->geometry) * sizeof(float);
    return status;
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__tiled *tiled = plan->detail;
    const int64_t parts = g->groups * tiled->cell_parts * tiled->block_parts;
    task t = {plan, input, workspace, output, workspace + transposed_floats(g), 0, 0};
    t.pointer_floats = tiled->slice - tiled->cells * tiled->filters.width;
    for (int64_t sample = 0; sample < g->batch; sample++) {
        cvs__parallel(plan->engine->pool, (g->channels - 1) / CHANNELS_AT_ONCE + 1, transpose_part, &t);
        cvs__parallel(plan->engine->pool, parts, run_part, &t);
        cvs__finish_cells(plan, &(cvs__block){t.output, g->filters, g->out_cells, g->out_cells});
        t.input += g->channels * g->in_cells;
        t.output += g->filters * g->out_cells;
        t.first_part += parts;
    }
}

const cvs__method cvs__method_tiled_few = {.name = "implicit-gemm", .prepare = prepare, .run = run};
