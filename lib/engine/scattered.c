/*
 * scattered.c - transposed convolutions of a stride so large that nearly every cell is a phase of its own: one cell
 * after the other, each the sum of its taps and channels.
 */
#include "transposed.h"

typedef struct details {
    int64_t *first_tap[CVS_MAX_SPATIAL]; /* of each output, or -1: it sees no input */
} details;

/* The taps that output `o` takes: input `cell` by tap `tap`, the next one `dilation` before by the tap `step` after. */
typedef struct walk {
    int64_t cell, tap, count, step, dilation;
} walk;

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static walk walk_of(const cvs__spatial *axis, int64_t o, int64_t tap) {
    if (tap < 0) return (walk){0};
    const cvs__phase_axis phase = cvs__phase_along(axis, tap);
    walk w = {(o + axis->before - tap * axis->dilation) / axis->stride, tap, phase.taps, phase.step, phase.dilation};
    if (o + axis->before < tap * axis->dilation) return (walk){0};
    const int64_t past = w.cell - axis->in + 1, skipped = past > 0 ? (past - 1) / w.dilation + 1 : 0;
    w.cell -= skipped * w.dilation;
    w.tap += skipped * w.step;
    w.count = w.cell < 0 ? 0 : least(w.count - skipped, w.cell / w.dilation + 1);
    if (w.count < 0) w.count = 0;
    return w;
}

/* `input` is the first number of the group's first channel; `weights` one filter, (channels of a group, taps). */
static float sum_at(const cvs__geometry *g, const walk *w, const float *input, const float *weights) {
    const int64_t cell_step = g->channels_first ? 1 : g->channels, channel_step = g->channels_first ? g->in_cells : 1;
    float sum = 0;
    for (int64_t i = 0; i < w[0].count; i++) {
        for (int64_t j = 0; j < w[1].count; j++) {
            for (int64_t k = 0; k < w[2].count; k++) {
                const int64_t d = w[0].cell - i * w[0].dilation, h = w[1].cell - j * w[1].dilation;
                const int64_t cell = (d * g->axis[1].in + h) * g->axis[2].in + w[2].cell - k * w[2].dilation;
                const int64_t td = w[0].tap + i * w[0].step, th = w[1].tap + j * w[1].step;
                const int64_t tap = (td * g->axis[1].kernel + th) * g->axis[2].kernel + w[2].tap + k * w[2].step;
                for (int64_t c = 0; c < g->group_channels; c++)
                    sum += input[cell * cell_step + c * channel_step] * weights[c * g->taps + tap];
            }
        }
    }
    return sum;
}

static void run_cell(const cvs_plan *plan, const int64_t cell[CVS_MAX_SPATIAL], const float *input, float *output) {
    const cvs__geometry *g = &plan->geometry;
    const details *d = plan->detail;
    const int64_t at = (cell[0] * g->axis[1].out + cell[1]) * g->axis[2].out + cell[2];
    walk walks[CVS_MAX_SPATIAL];
    for (int i = 0; i < CVS_MAX_SPATIAL; i++) walks[i] = walk_of(&g->axis[i], cell[i], d->first_tap[i][cell[i]]);
    for (int64_t filter = 0; filter < g->filters; filter++) {
        const int64_t channel = filter / g->group_filters * g->group_channels;
        const float *group = input + (g->channels_first ? channel * g->in_cells : channel);
        const float sum = sum_at(g, walks, group, plan->weights + filter * g->depth) + plan->bias[filter];
        output[g->channels_first ? filter * g->out_cells + at : at * g->filters + filter] = sum;
    }
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const cvs__geometry *g = &plan->geometry;
    for (int64_t sample = 0; sample < g->batch; sample++) {
        int64_t c[CVS_MAX_SPATIAL];
        for (c[0] = 0; c[0] < g->axis[0].out; c[0]++)
            for (c[1] = 0; c[1] < g->axis[1].out; c[1]++)
                for (c[2] = 0; c[2] < g->axis[2].out; c[2]++) run_cell(plan, c, input, output);
        input += g->channels * g->in_cells;
        output += g->filters * g->out_cells;
    }
}

static cvs_status set_first_taps(cvs_plan *plan, const cvs__spatial *axis, int64_t **out, cvs_error *err) {
    int64_t *table = NULL;
    cvs_status status = cvs__keep(plan, axis->out, sizeof *table, &table, err);
    if (status != CVS_OK) return status;
    *out = table;
    for (int64_t o = 0; o < axis->out; o++) table[o] = -1;
    for (int64_t tap = 0; tap < cvs__phases_along(axis); tap++) {
        const cvs__phase_axis phase = cvs__phase_along(axis, tap);
        for (int64_t i = 0; i < phase.count; i++) table[phase.first + i * axis->stride] = tap;
    }
    return CVS_OK;
}

/* -> (filters, channels of a group, taps) */
static void copy_kernel(const cvs__geometry *g, const cvs__kernel *kernel, float *to) {
    const cvs__kernel_strides s = cvs__transposed_strides(kernel->axes);
    for (int64_t filter = 0; filter < g->filters; filter++) {
        for (int64_t c = 0; c < g->group_channels; c++) {
            const int64_t channel = filter / g->group_filters * g->group_channels + c;
            const float *from = kernel->data + filter % g->group_filters * s.filter + channel * s.channel;
            for (int64_t d = 0; d < g->axis[0].kernel; d++)
                for (int64_t h = 0; h < g->axis[1].kernel; h++)
                    for (int64_t w = 0; w < g->axis[2].kernel; w++)
                        *to++ = from[d * s.tap[0] + h * s.tap[1] + w * s.tap[2]];
        }
    }
}

cvs_status cvs__scattered_make(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    details *d = NULL;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &d, err);
    if (status == CVS_OK) status = cvs__keep(plan, g->filters * g->depth, sizeof(float), &plan->weights, err);
    if (status == CVS_OK) status = cvs__keep_copy(plan, g->filters, kernel->bias, 0, &plan->bias, err);
    for (int i = 0; i < CVS_MAX_SPATIAL && status == CVS_OK; i++)
        status = set_first_taps(plan, &g->axis[i], &d->first_tap[i], err);
    if (status != CVS_OK) return status;
    copy_kernel(g, kernel, plan->weights);
    plan->row = &cvs__operator_scattered;
    plan->detail = d;
    plan->algorithm = "direct";
    return CVS_OK;
}

/* Made by cvs__scattered_make(). */
const cvs__operator cvs__operator_scattered = {NULL, run, .activates = false};
