#include "each_last.h"

/* Multiply-adds that are worth a part of their own. */
enum { PART_MACS = 1 << 18 };
/* Floats of the zeros that stand in for a line of the padding: 1 MiB. */
enum { MOST_ZEROS = 1 << 18 };

enum { FLOATS_A_POINTER = sizeof(void *) / sizeof(float) };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

typedef struct detail {
    int64_t first, last;  /* columns of an output line whose taps are all inside the input line */
    int64_t cells, parts; /* cells of a part, parts of a sample */
    int64_t run;          /* cells of a line at once, at most */
    int64_t slice;        /* floats of scratch memory a thread */
    void (*tile)(const cvs__tile_each *tile);
    const float *zeros; /* as many as a tap may read: what stands in the padding */
} detail;

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output, *workspace;
} task;

/* Channels and filters of a group: every level with vectors has so many lanes. */
enum { FEW = 8 };

static bool is_depthwise(const cvs__geometry *g) { return g->group_channels == 1 && g->group_filters == 1; }

bool cvs__each_last_suits(const cvs__geometry *g) {
    const bool few = g->groups > 1 && g->group_channels <= FEW && g->group_filters <= FEW;
    return !g->channels_first && (is_depthwise(g) || few);
}

/* ---- computing ----------------------------------------------------------------- */

/* For each tap: where the channels lie that output cell (line, column) of `image` reads with it. */
static void point(const cvs_plan *plan, const float *image, int64_t line, int64_t column, const float **to) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__spatial *axis = g->axis;
    const float *zeros = ((const detail *)plan->detail)->zeros;
    const int64_t at[] = {line / axis[1].out * axis[0].stride - axis[0].before,
                          line % axis[1].out * axis[1].stride - axis[1].before,
                          column * axis[2].stride - axis[2].before};
    for (int64_t kd = 0; kd < axis[0].kernel; kd++) {
        const int64_t d = cvs__source_cell(g->fill, at[0] + kd * axis[0].dilation, axis[0].in);
        for (int64_t kh = 0; kh < axis[1].kernel; kh++) {
            const int64_t h = cvs__source_cell(g->fill, at[1] + kh * axis[1].dilation, axis[1].in);
            for (int64_t kw = 0; kw < axis[2].kernel; kw++) {
                const int64_t w = cvs__source_cell(g->fill, at[2] + kw * axis[2].dilation, axis[2].in);
                const bool outside = d < 0 || h < 0 || w < 0;
                *to++ = outside ? zeros : image + ((d * axis[1].in + h) * axis[2].in + w) * g->channels;
            }
        }
    }
}

/* Columns [column, end) of a line: as many at once as are a fixed distance apart in the input. */
static void run_columns(const task *t, int64_t sample, int64_t line, cvs__span columns, const float **pointers) {
    const cvs__geometry *g = &t->plan->geometry;
    const detail *d = t->plan->detail;
    cvs__tile_each tile = {
        .columns = g->filters,
        .taps = g->taps,
        .a = pointers,
        .pitch = g->axis[2].stride * g->channels,
        .b = t->plan->weights,
        .ldb = g->filters,
        .ldc = g->filters,
        .ending = cvs__ending_of(t->plan, 0, true, true),
        .group_channels = g->group_channels,
        .group_filters = g->group_filters,
    };
    float *output = t->output + (sample * g->out_cells + line * g->axis[2].out) * g->filters;
    for (int64_t column = columns.first; column < columns.last; column += tile.rows) {
        const bool inside = column >= d->first && column < d->last;
        tile.rows = inside ? least(least(d->last, columns.last) - column, d->run) : 1;
        tile.c = output + column * g->filters;
        point(t->plan, t->input + sample * g->in_cells * g->channels, line, column, pointers);
        d->tile(&tile);
    }
}

static void run_part(const void *context, int64_t part, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    const detail *d = t->plan->detail;
    const int64_t sample = part / d->parts, width = g->axis[2].out;
    const int64_t cell0 = part % d->parts * d->cells, cell1 = least(cell0 + d->cells, g->out_cells);
    const float **pointers = (const float **)(t->workspace + worker * d->slice);
    for (int64_t cell = cell0; cell < cell1;) {
        const int64_t line = cell / width, column = cell % width;
        const cvs__span columns = {column, least(width, column + cell1 - cell)};
        run_columns(t, sample, line, columns, pointers);
        cell += columns.last - columns.first;
    }
    float *output = t->output + (sample * g->out_cells + cell0) * g->filters;
    const cvs__block block = {output, cell1 - cell0, g->filters, g->filters};
    cvs__activate_block(t->plan, &block);
    cvs__finish_cells(t->plan, &block);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    const detail *d = plan->detail;
    cvs__parallel(plan->engine->pool, plan->geometry.batch * d->parts, run_part, &t);
}

/* ---- planning -------------------------------------------------------------------- */

static void cut(const cvs__geometry *g, detail *d) {
    enum { LINE = 16 }; /* floats of a cache line: slices begin on one of their own */
    d->last = g->axis[2].out;
    for (int64_t tap = 0; tap < g->axis[2].kernel; tap++) {
        int64_t first, last;
        cvs__inside(&g->axis[2], tap, &first, &last);
        d->first = most(d->first, first);
        d->last = least(d->last, last);
    }
    d->cells = most(1, PART_MACS / g->depth / g->filters);
    d->parts = (g->out_cells + d->cells - 1) / d->cells;
    d->run = most(1, least(d->last - d->first, MOST_ZEROS / g->channels / g->axis[2].stride));
    d->slice = (g->taps * FLOATS_A_POINTER + LINE - 1) / LINE * LINE;
}

/* The zeros that cells of a line read together: they are as far apart as those of the input. */
static int64_t zeros_of(const cvs__geometry *g, const detail *d) {
    return ((d->run - 1) * g->axis[2].stride + 1) * g->channels;
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    detail *d;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &d, err);
    if (status != CVS_OK) return status;
    float *zeros = NULL;
    plan->detail = d;
    cut(g, d);
    d->tile = is_depthwise(g) ? plan->engine->kernels->tile_each : plan->engine->kernels->tile_groups;
    plan->workspace_bytes = (size_t)cvs__pool_threads(plan->engine->pool) * (size_t)d->slice * sizeof(float);
    plan->has_bias = kernel->bias != NULL;
    status = cvs__keep(plan, zeros_of(g, d), sizeof *zeros, &zeros, err);
    d->zeros = zeros;
    if (status == CVS_OK) status = cvs__keep(plan, g->filters, (int64_t)sizeof(float) * g->depth, &plan->weights, err);
    if (status == CVS_OK) status = cvs__keep_copy(plan, g->filters, kernel->bias, 0, &plan->bias, err);
    if (status == CVS_OK) cvs__pack(g, kernel->axes, kernel->data, CVS__ORDER_TAPS_FIRST, plan->weights);
    return status;
}

const cvs__method cvs__method_each_last = {.name = "direct", .prepare = prepare, .run = run};
