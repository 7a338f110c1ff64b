#include "tiled.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

typedef struct task {
    const cvs_plan *plan;
    const float *input; /* channels first */
    float *output, *slices;
} task;

/* Cells [first, last) of a sample's input. */
typedef struct cells {
    int64_t sample, first, last;
} cells;

/* The slice of a thread: what it has turned to channels last, where its cells then lie, the pointers of a part and a
   block of its sums. Each thread turns for itself: what another core has written would come slower than from the input
   again. */
typedef struct slice {
    cells *there;
    float *turned;
    const float **pointers;
    float *sums;
} slice;

enum { LINE = 16 }; /* floats of a cache line */

static int64_t whole_lines(int64_t floats) { return (floats + LINE - 1) / LINE * LINE; }

static int64_t turned_floats(const cvs_plan *plan) {
    return whole_lines(plan->geometry.in_cells * ((const cvs__tiled *)plan->detail)->pitch);
}

static slice slice_of(const task *t, int worker) {
    const cvs__tiled *tiled = t->plan->detail;
    float *first = t->slices + worker * tiled->slice, *turned = first + LINE;
    return (slice){(cells *)first, turned, (const float **)(turned + turned_floats(t->plan)),
                   first + tiled->slice - whole_lines(tiled->cells * tiled->filters.width)};
}

/* What the cells of a part may read: whole lines, or all of the sample where that takes thought. */
static cells seen(const cvs__geometry *g, const cvs__tiled_part *part) {
    const cvs__spatial *planes = &g->axis[0], *lines = &g->axis[1];
    const int64_t width = g->axis[2].in;
    if (planes->in > 1 || planes->out > 1 || g->fill != CVS_FILL_ZEROS) return (cells){part->sample, 0, g->in_cells};
    const int64_t first = part->cell0 / g->axis[2].out, last = (part->cell1 - 1) / g->axis[2].out;
    const int64_t from = first * lines->stride - lines->before;
    const int64_t to = last * lines->stride - lines->before + (lines->kernel - 1) * lines->dilation + 1;
    return (cells){part->sample, least(most(from, 0), lines->in) * width, least(most(to, 0), lines->in) * width};
}

static void turn_cells(const task *t, const slice *s, int64_t sample, int64_t first, int64_t last) {
    const cvs__geometry *g = &t->plan->geometry;
    const int64_t pitch = ((const cvs__tiled *)t->plan->detail)->pitch;
    const float *image = t->input + sample * g->channels * g->in_cells + first;
    if (first >= last) return;
    const cvs__block block = {(float *)(uintptr_t)image, g->channels, last - first, g->in_cells};
    t->plan->engine->kernels->transpose(&block, s->turned + first * pitch, pitch);
}

/* Only what is not there yet: the parts of a thread follow each other. */
static void turn(const task *t, const slice *s, cells wanted) {
    cells *there = s->there;
    if (there->sample != wanted.sample || wanted.first > there->last || wanted.last < there->first)
        *there = (cells){wanted.sample, wanted.first, wanted.first};
    turn_cells(t, s, wanted.sample, wanted.first, there->first);
    turn_cells(t, s, wanted.sample, there->last, wanted.last);
    there->first = least(there->first, wanted.first);
    there->last = most(there->last, wanted.last);
}

static void run_part(const void *context, int64_t number, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__tiled *tiled = t->plan->detail;
    const cvs__tiled_part part = cvs__tiled_part_of(t->plan, number);
    const slice s = slice_of(t, worker);
    turn(t, &s, seen(g, &part));
    cvs__tiled_point(t->plan, &part, s.turned, s.pointers);
    for (int64_t block = part.block0; block < part.block1; block++) {
        const cvs__tiled_filters filters = cvs__tiled_filters_of(t->plan, block);
        const cvs__block to = {s.sums, part.cell1 - part.cell0, filters.count, tiled->filters.width};
        cvs__tiled_last_block(t->plan, &part, s.pointers, &filters, &to);
        cvs__activate_block(t->plan, &to);
        float *output = t->output + (part.sample * g->filters + filters.first) * g->out_cells + part.cell0;
        t->plan->engine->kernels->transpose(&to, output, g->out_cells);
    }
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    cvs_status status = cvs__tiled_last_cut(plan, true, err);
    if (status != CVS_OK) return status;
    cvs__tiled *tiled = plan->detail;
    /* An odd number of lines: cells a power of two apart would share a few sets of the cache. */
    tiled->pitch = whole_lines(plan->geometry.channels) / LINE | 1;
    tiled->pitch *= LINE;
    const int64_t pointers = cvs__tiled_pointer_floats(plan), sums = whole_lines(tiled->cells * tiled->filters.width);
    return cvs__tiled_prepare(plan, kernel, LINE + turned_floats(plan) + pointers + sums, err);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    for (int worker = 0; worker < cvs__pool_threads(plan->engine->pool); worker++)
        slice_of(&t, worker).there->sample = -1;
    cvs__parallel(plan->engine->pool, cvs__tiled_parts(plan), run_part, &t);
    cvs__softmax_samples(plan, output);
}

const cvs__method cvs__method_tiled_few = {.name = "implicit-gemm", .prepare = prepare, .run = run};
