#include "depthwise.h"

/* Multiply-adds that are worth a part of their own. */
enum { PART_MACS = 1 << 16 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

typedef struct detail {
    int64_t channels, parts; /* channels of a part; parts of a sample */
    const float *zeros;      /* a line of them */
} detail;

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output;
} task;

bool cvs__depthwise_suits(const cvs__geometry *g) {
    const cvs__spatial *depth = &g->axis[0], *width = &g->axis[2];
    return g->channels_first && g->group_channels == 1 && g->fill == CVS_FILL_ZEROS && depth->kernel == 1 &&
           depth->in == 1 && depth->out == 1 && width->kernel <= CVS__MOST_DEPTHWISE_TAPS && width->stride <= 2;
}

static void run_part(const void *context, int64_t part, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__spatial *height = &g->axis[1], *width = &g->axis[2];
    const detail *d = t->plan->detail;
    const int64_t sample = part / d->parts, channel = part % d->parts * d->channels;
    const int64_t filter = channel * g->group_filters, channels = least(d->channels, g->channels - channel);
    float *output = t->output + (sample * g->filters + filter) * g->out_cells;
    (void)worker;
    t->plan->engine->kernels->depthwise(&(cvs__depthwise){
        .channels = channels,
        .filters = g->group_filters,
        .lines = height->out,
        .columns = width->out,
        .in = {height->in, width->in},
        .before = {height->before, width->before},
        .kernel = {height->kernel, width->kernel},
        .stride = {height->stride, width->stride},
        .dilation = {height->dilation, width->dilation},
        .a = t->plan->weights + filter * g->depth,
        .b = t->input + (sample * g->channels + channel) * g->in_cells,
        .zeros = d->zeros,
        .c = output,
        .ending = cvs__ending_of(t->plan, filter, true, true),
    });
    const int64_t outputs = channels * g->group_filters * g->out_cells;
    cvs__activate_block(t->plan, &(cvs__block){output, 1, outputs, outputs});
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output};
    const detail *d = plan->detail;
    (void)workspace;
    cvs__parallel(plan->engine->pool, plan->geometry.batch * d->parts, run_part, &t);
    cvs__softmax_samples(plan, output);
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    detail *d;
    float *zeros;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &plan->detail, err);
    if (status == CVS_OK) status = cvs__keep(plan, g->axis[2].in, sizeof(float), &zeros, err);
    if (status == CVS_OK) status = cvs__keep(plan, g->filters, (int64_t)sizeof(float) * g->depth, &plan->weights, err);
    if (status == CVS_OK) status = cvs__keep_copy(plan, g->filters, kernel->bias, 0, &plan->bias, err);
    if (status != CVS_OK) return status;
    d = plan->detail;
    d->zeros = zeros;
    d->channels = least(g->channels, most(1, PART_MACS / most(1, g->out_cells * g->group_filters) / g->depth));
    d->parts = (g->channels + d->channels - 1) / d->channels;
    plan->has_bias = kernel->bias != NULL;
    cvs__pack(g, kernel->axes, kernel->data, CVS__ORDER_FILTERS_FIRST, plan->weights);
    return CVS_OK;
}

const cvs__method cvs__method_depthwise = {.name = "direct", .prepare = prepare, .run = run};
