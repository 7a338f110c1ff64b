/*
 * transposed.c - transposed convolutions, phase by phase.
 *
 * Along an axis input cell x adds tap t to output cell x*s + t*d - before. The cells with the same (o + before) mod s,
 * a phase, take the same taps, every (s/g)th from t0 on, g = gcd(s, d): neighbours of the phase see neighbouring
 * inputs, each tap d/g before the last. That is an ordinary convolution of stride 1 and dilation d/g with the taps
 * turned around; no zeros are stuffed in, and every output is summed in one place. There are as many phases as first
 * taps t0, at most min(k, s/g) along an axis. Cells that belong to none see no input: their sum is the bias.
 */
#include "transposed.h"

#include "layer/layer_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct phase {
    cvs__phase_axis axis[CVS_MAX_SPATIAL];
} phase;

typedef struct details {
    bool alone;         /* the only phase is the whole output */
    bool holes;         /* there are cells of no phase */
    int64_t most_cells; /* of the largest phase */
    float *empty;       /* what stands in the holes: activation(bias), one number a filter */
    phase *phases;      /* as the plan's parts */
} details;

/* ---- which phases there are ------------------------------------------------------------ */

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* s/g: taps this far apart belong to one phase. */
static int64_t tap_step(const cvs__spatial *axis) {
    return axis->stride / (int64_t)cvs__gcd((uint64_t)axis->stride, (uint64_t)axis->dilation);
}

int64_t cvs__phases_along(const cvs__spatial *axis) { return least(axis->kernel, tap_step(axis)); }

cvs__phase_axis cvs__phase_along(const cvs__spatial *axis, int64_t tap) {
    const int64_t stride = axis->stride, step = tap_step(axis), reach = tap * axis->dilation - axis->before;
    const int64_t first = (reach % stride + stride) % stride;
    const int64_t taps = (axis->kernel - 1 - tap) / step + 1, dilation = axis->dilation / (stride / step);
    return (cvs__phase_axis){
        .first = first,
        .count = first < axis->out ? (axis->out - 1 - first) / stride + 1 : 0,
        .tap = tap,
        .step = step,
        .taps = taps,
        .dilation = dilation,
        /* The first output sees input (first - reach)/s with tap t0, which is the last one once turned around. */
        .before = (taps - 1) * dilation - (first - reach) / stride,
    };
}

/* Phase number `index`. */
static phase phase_at(const cvs__geometry *g, int64_t index) {
    phase p;
    for (int i = CVS_MAX_SPATIAL - 1; i >= 0; i--) {
        p.axis[i] = cvs__phase_along(&g->axis[i], index % cvs__phases_along(&g->axis[i]));
        index /= cvs__phases_along(&g->axis[i]);
    }
    return p;
}

static int64_t cells_of(const phase *p) { return p->axis[0].count * p->axis[1].count * p->axis[2].count; }

/* ---- planning ---------------------------------------------------------------------------- */

static cvs__geometry part_geometry(const cvs__geometry *whole, const phase *p, bool alone) {
    cvs__geometry g = *whole;
    g.batch = alone ? whole->batch : 1;
    g.fill = CVS_FILL_ZEROS;
    for (int i = 0; i < CVS_MAX_SPATIAL; i++) {
        const cvs__phase_axis *a = &p->axis[i];
        g.axis[i] = (cvs__spatial){.in = whole->axis[i].in,
                                   .out = a->count,
                                   .kernel = a->taps,
                                   .stride = 1,
                                   .dilation = a->dilation,
                                   .before = a->before};
    }
    return g;
}

cvs__kernel_strides cvs__transposed_strides(const cvs_tensor_shape *kernel) {
    cvs__kernel_strides s = {0};
    int64_t stride = 1;
    for (int i = kernel->shape.rank - 1; i >= 0; i--) {
        const cvs_axis axis = kernel->axes[i];
        if (axis == CVS_AXIS_FILTERS || axis == CVS_AXIS_FILTERS_PER_GROUP) s.filter = stride;
        if (axis == CVS_AXIS_IN_CHANNELS) s.channel = stride;
        if (axis == CVS_AXIS_KERNEL_DEPTH) s.tap[0] = stride;
        if (axis == CVS_AXIS_KERNEL_HEIGHT) s.tap[1] = stride;
        if (axis == CVS_AXIS_KERNEL_WIDTH || axis == CVS_AXIS_KERNEL_LENGTH) s.tap[2] = stride;
        stride *= kernel->shape.dim[i];
    }
    return s;
}

/* The phase's taps of one filter and channel, turned around. */
static float *gather_taps(const float *from, const cvs__kernel_strides *s, const phase *p, float *to) {
    int64_t stride[CVS_MAX_SPATIAL];
    for (int i = 0; i < CVS_MAX_SPATIAL; i++) {
        from += (p->axis[i].tap + (p->axis[i].taps - 1) * p->axis[i].step) * s->tap[i];
        stride[i] = p->axis[i].step * s->tap[i];
    }
    for (int64_t d = 0; d < p->axis[0].taps; d++)
        for (int64_t h = 0; h < p->axis[1].taps; h++)
            for (int64_t w = 0; w < p->axis[2].taps; w++) *to++ = from[-d * stride[0] - h * stride[1] - w * stride[2]];
    return to;
}

/* -> (filters, channels of a group, taps) */
static void gather_kernel(const cvs__geometry *g, const cvs__kernel *kernel, const phase *p, float *to) {
    const cvs__kernel_strides s = cvs__transposed_strides(kernel->axes);
    for (int64_t filter = 0; filter < g->filters; filter++) {
        const int64_t group = filter / g->group_filters, within = filter % g->group_filters;
        for (int64_t c = 0; c < g->group_channels; c++) {
            const int64_t channel = group * g->group_channels + c;
            to = gather_taps(kernel->data + within * s.filter + channel * s.channel, &s, p, to);
        }
    }
}

static cvs_status add_phase(cvs_plan *plan, const phase *p, const cvs__kernel *kernel, float *gathered,
                            cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    const details *d = plan->detail;
    const cvs__geometry part = part_geometry(g, p, d->alone);
    const cvs_tensor_shape axes = {
        .shape = {5, {g->filters, g->group_channels, p->axis[0].taps, p->axis[1].taps, p->axis[2].taps}},
        .axes = {CVS_AXIS_FILTERS, CVS_AXIS_IN_CHANNELS_PER_GROUP, CVS_AXIS_KERNEL_DEPTH, CVS_AXIS_KERNEL_HEIGHT,
                 CVS_AXIS_KERNEL_WIDTH},
    };
    gather_kernel(g, kernel, p, gathered);
    return cvs__add_part(plan, &part, &(cvs__kernel){&axes, gathered, kernel->bias}, &plan->inference.layer.activation,
                         err);
}

static cvs_status add_phases(cvs_plan *plan, int64_t count, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    details *d = plan->detail;
    float *gathered = malloc((size_t)(g->filters * g->depth) * sizeof *gathered);
    cvs_status status = gathered ? cvs__reserve_parts(plan, count, err) : cvs__no_memory(err);
    for (int64_t i = 0; i < count && status == CVS_OK; i++) {
        phase *p = &d->phases[plan->part_count];
        *p = phase_at(g, i);
        if (cells_of(p) == 0) continue;
        if (cells_of(p) > d->most_cells) d->most_cells = cells_of(p);
        status = add_phase(plan, p, kernel, gathered, err);
    }
    free(gathered);
    return status;
}

static void set_empty(cvs_plan *plan, const float *bias) {
    const details *d = plan->detail;
    const cvs_activation *activation = &plan->inference.layer.activation;
    const int64_t filters = plan->geometry.filters;
    for (int64_t i = 0; i < filters; i++) d->empty[i] = bias ? bias[i] : 0;
    if (activation->kind == CVS_ACT_SOFTMAX)
        cvs__softmax(d->empty, filters, 1);
    else
        cvs__activate(activation, d->empty, filters);
}

static int64_t floats_between(const cvs_plan *plan) {
    const details *d = plan->detail;
    return d->alone ? 0 : plan->geometry.filters * d->most_cells;
}

static cvs_status make_phases(cvs_plan *plan, int64_t count, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    details *d = NULL;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &d, err);
    if (status == CVS_OK) status = cvs__keep(plan, count, sizeof *d->phases, &d->phases, err);
    if (status == CVS_OK) status = cvs__keep(plan, g->filters, sizeof *d->empty, &d->empty, err);
    if (status != CVS_OK) return status;
    plan->detail = d;
    d->alone = g->axis[0].stride == 1 && g->axis[1].stride == 1 && g->axis[2].stride == 1;
    for (int i = 0; i < CVS_MAX_SPATIAL; i++) d->holes |= cvs__phases_along(&g->axis[i]) < g->axis[i].stride;
    set_empty(plan, kernel->bias);
    status = add_phases(plan, count, kernel, err);
    if (status != CVS_OK) return status;
    plan->algorithm = plan->part_count > 0 ? plan->parts[0]->algorithm : "direct";
    plan->workspace_bytes = cvs__workspace_before_parts(plan, floats_between(plan));
    return CVS_OK;
}

/* A plan for each phase is about a kilobyte: past this many they would be larger than the weights. */
enum { MOST_PHASES = 4096 };

/* There are at most as many phases as the kernel has taps: their number fits where the kernel's did. */
static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const cvs__kernel kernel = cvs__kernel_of(expected, given);
    const cvs__spatial *axis = plan->geometry.axis;
    cvs_status status = cvs__geometry_make(&plan->inference, &plan->geometry, err);
    if (status != CVS_OK) return status;
    const int64_t count = cvs__phases_along(&axis[0]) * cvs__phases_along(&axis[1]) * cvs__phases_along(&axis[2]);
    return count > MOST_PHASES ? cvs__scattered_make(plan, &kernel, err) : make_phases(plan, count, &kernel, err);
}

/* ---- running ------------------------------------------------------------------------------- */

static void fill_holes(const cvs_plan *plan, float *output) {
    const cvs__geometry *g = &plan->geometry;
    const details *d = plan->detail;
    if (g->channels_first) {
        for (int64_t filter = 0; filter < g->filters; filter++)
            for (int64_t i = 0; i < g->out_cells; i++) *output++ = d->empty[filter];
    } else {
        for (int64_t i = 0; i < g->out_cells; i++, output += g->filters)
            memcpy(output, d->empty, (size_t)g->filters * sizeof *output);
    }
}

/* The phase's cells, side by side in `from`, to their places in one sample of the output. */
static void spread(const cvs__geometry *g, const phase *p, const float *from, float *output) {
    cvs__places places[CVS_MAX_SPATIAL];
    for (int i = 0; i < CVS_MAX_SPATIAL; i++)
        places[i] = (cvs__places){p->axis[i].first, p->axis[i].count, g->axis[i].stride};
    cvs__spread(g, g->filters, places, from, output);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const cvs__geometry *g = &plan->geometry;
    const details *d = plan->detail;
    float *rest = cvs__workspace_of_parts(workspace, floats_between(plan));
    if (d->alone) {
        cvs_plan_execute(plan->parts[0], input, output, rest);
        return;
    }
    for (int64_t sample = 0; sample < g->batch; sample++) {
        if (d->holes) fill_holes(plan, output);
        for (int64_t i = 0; i < plan->part_count; i++) {
            cvs_plan_execute(plan->parts[i], input, workspace, rest);
            spread(g, &d->phases[i], workspace, output);
        }
        input += g->channels * g->in_cells;
        output += g->filters * g->out_cells;
    }
}

const cvs__operator cvs__operator_transposed = {make, run, .activates = true};
