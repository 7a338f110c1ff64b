#include "depthwise.h"

#include <string.h>

/* Multiply-adds that are worth a part of their own. */
enum { PART_MACS = 1 << 18 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

typedef struct detail {
    int64_t channels, parts; /* channels of a part; parts of a sample */
    int64_t rows;            /* lines of the padded input that the outputs read, from the first */
    int64_t slice;           /* floats of scratch memory a thread: pointers to these lines */
    const float *zeros;      /* a line of them */
} detail;

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output, *workspace;
} task;

bool cvs__depthwise_suits(const cvs__geometry *g) {
    const cvs__spatial *depth = &g->axis[0], *width = &g->axis[2];
    return g->channels_first && g->group_channels == 1 && g->fill == CVS_FILL_ZEROS && depth->kernel == 1 &&
           depth->in == 1 && depth->out == 1 && width->kernel <= CVS__MOST_DEPTHWISE_TAPS && width->stride <= 2;
}

/* Where the lines of a channel lie, those of the padding among them. */
static void point(const task *t, const float *channel, const float **rows) {
    const cvs__spatial *height = &t->plan->geometry.axis[1];
    const detail *d = t->plan->detail;
    for (int64_t i = 0; i < d->rows; i++) {
        const int64_t line = i - height->before;
        rows[i] = line < 0 || line >= height->in ? d->zeros : channel + line * t->plan->geometry.axis[2].in;
    }
}

static void run_filter(const task *t, int64_t filter, const float *const *rows, float *output) {
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__spatial *height = &g->axis[1], *width = &g->axis[2];
    const cvs__depthwise d = {
        .lines = height->out,
        .columns = width->out,
        .in = width->in,
        .before = width->before,
        .kernel = {height->kernel, width->kernel},
        .stride = {height->stride, width->stride},
        .dilation = {height->dilation, width->dilation},
        .a = t->plan->weights + filter * g->depth,
        .rows = rows,
        .c = output,
        .ending = cvs__ending_of(t->plan, filter, true, true),
    };
    t->plan->engine->kernels->depthwise(&d);
    cvs__activate_block(t->plan, &(cvs__block){output, 1, g->out_cells, g->out_cells});
}

static void run_part(const void *context, int64_t part, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    const detail *d = t->plan->detail;
    const int64_t sample = part / d->parts, first = part % d->parts * d->channels;
    const float **rows = (const float **)(t->workspace + worker * d->slice);
    for (int64_t channel = first; channel < least(first + d->channels, g->channels); channel++) {
        point(t, t->input + (sample * g->channels + channel) * g->in_cells, rows);
        for (int64_t j = 0; j < g->group_filters; j++) {
            const int64_t filter = channel * g->group_filters + j;
            run_filter(t, filter, rows, t->output + (sample * g->filters + filter) * g->out_cells);
        }
    }
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    const detail *d = plan->detail;
    cvs__parallel(plan->engine->pool, plan->geometry.batch * d->parts, run_part, &t);
    cvs__softmax_samples(plan, output);
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    enum { LINE = 16, FLOATS_A_POINTER = sizeof(void *) / sizeof(float) };
    const cvs__geometry *g = &plan->geometry;
    const cvs__spatial *height = &g->axis[1];
    detail *d;
    float *zeros;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &plan->detail, err);
    if (status == CVS_OK) status = cvs__keep(plan, g->axis[2].in, sizeof(float), &zeros, err);
    if (status == CVS_OK) status = cvs__keep(plan, g->filters, (int64_t)sizeof(float) * g->depth, &plan->weights, err);
    if (status == CVS_OK) status = cvs__keep_copy(plan, g->filters, kernel->bias, 0, &plan->bias, err);
    if (status != CVS_OK) return status;
    d = plan->detail;
    d->zeros = zeros;
    d->channels = least(g->channels, most(1, PART_MACS / most(1, g->out_cells * g->group_filters * g->depth)));
    d->parts = (g->channels + d->channels - 1) / d->channels;
    d->rows = (height->out - 1) * height->stride + (height->kernel - 1) * height->dilation + 1;
    d->slice = (d->rows * FLOATS_A_POINTER + LINE - 1) / LINE * LINE;
    plan->workspace_bytes = (size_t)cvs__pool_threads(plan->engine->pool) * (size_t)d->slice * sizeof(float);
    plan->has_bias = kernel->bias != NULL;
    cvs__pack(g, kernel->axes, kernel->data, CVS__ORDER_FILTERS_FIRST, plan->weights);
    return CVS_OK;
}

const cvs__method cvs__method_depthwise = {.name = "direct", .prepare = prepare, .run = run};
