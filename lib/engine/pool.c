/*
 * pool.c - the largest or the average of windows: pools that slide, pools to a given size, pools of the whole map.
 * They differ in their windows alone, which a table an axis tells: output o sees inputs first, first + step, ...
 *
 * Sums are taken in the order depth, height, width. Channels stand together, or the outputs of a line do: either way
 * the innermost loops run over neighbours in memory.
 */
#include "maps.h"
#include "plan.h"

#include <math.h>

typedef struct window {
    int64_t first, count; /* those of its cells that lie in the input */
    int64_t divisor;      /* what an average counts along this axis */
} window;

/* How one more cell joins what is there. */
typedef struct combine {
    float start;
    void (*run)(float *sums, const float *x, int64_t count);
    void (*strided)(float *sums, const float *x, int64_t step, int64_t count); /* every `step`th number to each */
    float (*fold)(float sum, const float *x, int64_t count);                   /* all into one */
} combine;

typedef struct details {
    cvs__maps maps;
    const combine *combine;
    bool average;
    int64_t divisor; /* 0: the windows say */
    int64_t step[CVS_MAX_SPATIAL];
    window *windows[CVS_MAX_SPATIAL];
    /* Along the width, of a pool that slides: the outputs that see each tap, `stride` inputs apart. */
    int64_t taps, stride, before;
    cvs__span *spans;
} details;

/* ---- cells ------------------------------------------------------------------------------- */

/* NaN wins over all numbers, and stays. */
static float larger(float a, float b) { return b > a || b != b ? b : a; }

static void max_run(float *restrict sums, const float *restrict x, int64_t count) {
    for (int64_t i = 0; i < count; i++) sums[i] = larger(sums[i], x[i]);
}

static void max_strided(float *restrict sums, const float *restrict x, int64_t step, int64_t count) {
    for (int64_t i = 0; i < count; i++) sums[i] = larger(sums[i], x[i * step]);
}

static void add_run(float *restrict sums, const float *restrict x, int64_t count) {
    for (int64_t i = 0; i < count; i++) sums[i] += x[i];
}

static void add_strided(float *restrict sums, const float *restrict x, int64_t step, int64_t count) {
    for (int64_t i = 0; i < count; i++) sums[i] += x[i * step];
}

static float max_fold(float largest, const float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++) largest = larger(largest, x[i]);
    return largest;
}

static float add_fold(float sum, const float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++) sum += x[i];
    return sum;
}

static const combine largest = {-INFINITY, max_run, max_strided, max_fold};
static const combine sum = {0, add_run, add_strided, add_fold};

/* ---- lines --------------------------------------------------------------------------------- */

/* One input line into one output line, tap by tap. */
static void slide_line(const details *d, const float *line, float *out) {
    const int64_t inner = d->maps.inner;
    for (int64_t tap = 0; tap < d->taps; tap++) {
        const cvs__span span = d->spans[tap];
        const int64_t count = span.last - span.first;
        if (count == 0) continue;
        const float *x = line + (span.first * d->stride + tap * d->step[2] - d->before) * inner;
        float *to = out + span.first * inner;
        if (d->stride == 1)
            d->combine->run(to, x, count * inner);
        else if (inner == 1)
            d->combine->strided(to, x, d->stride, count);
        else
            for (int64_t o = 0; o < count; o++) d->combine->run(to + o * inner, x + o * d->stride * inner, inner);
    }
}

/* The same, output by output: windows of any size, without gaps. */
static void window_line(const details *d, const float *line, float *out) {
    const int64_t inner = d->maps.inner;
    for (int64_t o = 0; o < d->maps.out[2]; o++, out += inner) {
        const window *w = &d->windows[2][o];
        if (inner == 1)
            *out = d->combine->fold(*out, line + w->first, w->count);
        else
            for (int64_t i = 0; i < w->count; i++) d->combine->run(out, line + (w->first + i) * inner, inner);
    }
}

static void divide_line(const details *d, int64_t counted, float *out) {
    const int64_t inner = d->maps.inner;
    for (int64_t o = 0; o < d->maps.out[2]; o++, out += inner) {
        const float divisor = (float)(d->divisor ? d->divisor : counted * d->windows[2][o].divisor);
        for (int64_t i = 0; i < inner; i++) out[i] /= divisor;
    }
}

static void run_line(const details *d, const float *plane, int64_t depth, int64_t height, float *out) {
    const window *wd = &d->windows[0][depth], *wh = &d->windows[1][height];
    for (int64_t i = 0; i < d->maps.out[2] * d->maps.inner; i++) out[i] = d->combine->start;
    for (int64_t kd = 0; kd < wd->count; kd++) {
        for (int64_t kh = 0; kh < wh->count && !cvs__interrupted(); kh++) {
            const float *line =
                plane + cvs__line_of(&d->maps, d->maps.in, wd->first + kd * d->step[0], wh->first + kh * d->step[1]);
            if (d->spans)
                slide_line(d, line, out);
            else
                window_line(d, line, out);
        }
    }
    if (d->average) divide_line(d, wd->divisor * wh->divisor, out);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const details *d = plan->detail;
    const cvs__maps *m = &d->maps;
    for (int64_t plane = 0; plane < m->planes; plane++, input += m->in_floats)
        for (int64_t depth = 0; depth < m->out[0]; depth++)
            for (int64_t height = 0; height < m->out[1]; height++, output += m->out[2] * m->inner)
                run_line(d, input, depth, height, output);
}

/* ---- planning -------------------------------------------------------------------------------- */

static cvs_status start(cvs_plan *plan, bool average, details **out, cvs_error *err) {
    details *d = NULL;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &d, err);
    if (status != CVS_OK) return status;
    *out = plan->detail = d;
    d->maps = cvs__maps_of(&plan->inference);
    d->average = average;
    d->combine = average ? &sum : &largest;
    plan->algorithm = "direct";
    for (int i = 0; i < CVS_MAX_SPATIAL && status == CVS_OK; i++) {
        d->step[i] = 1;
        status = cvs__keep(plan, d->maps.out[i], sizeof(window), &d->windows[i], err);
    }
    return status;
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Steps of `size` that it takes to get from `from` to `to` or past it. */
static int64_t steps(int64_t from, int64_t to, int64_t size) { return to > from ? (to - from - 1) / size + 1 : 0; }

/* Windows of a pool that slides; with `after` as many padded cells at the end, which an average may count. */
static void slide_windows(const cvs__spatial *axis, bool count_pads, int64_t after, window *windows) {
    for (int64_t o = 0; o < axis->out; o++) {
        const int64_t begin = o * axis->stride - axis->before;
        const int64_t skipped = least(steps(begin, 0, axis->dilation), axis->kernel);
        const int64_t first = begin + skipped * axis->dilation;
        const int64_t inside = least(axis->kernel - skipped, steps(first, axis->in, axis->dilation));
        const int64_t padded = least(axis->kernel, steps(begin, axis->in + after, axis->dilation));
        windows[o] = (window){first, inside, count_pads ? padded : inside};
    }
}

static cvs_status make_sliding(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const cvs_layer *layer = &plan->inference.layer;
    const bool average = layer->op == CVS_OP_AVERAGE_POOL;
    const int first = cvs__first_axis(layer);
    details *d = NULL;
    cvs_status status = start(plan, average, &d, err);
    if (status != CVS_OK) return status;
    cvs__geometry_axes(&plan->inference, plan->geometry.axis);
    for (int i = 0; i < CVS_MAX_SPATIAL; i++) {
        const int64_t after = i < first ? 0 : layer->padding.after[i - first];
        d->step[i] = plan->geometry.axis[i].dilation;
        slide_windows(&plan->geometry.axis[i], layer->count_include_pad, after, d->windows[i]);
    }
    const cvs__spatial *width = &plan->geometry.axis[2];
    d->divisor = average ? layer->divisor : 0;
    d->taps = width->kernel;
    d->stride = width->stride;
    d->before = width->before;
    status = cvs__keep(plan, d->taps, sizeof(cvs__span), &d->spans, err);
    for (int64_t tap = 0; tap < d->taps && status == CVS_OK; tap++)
        cvs__inside(width, tap, &d->spans[tap].first, &d->spans[tap].last);
    return status;
}

/* floor(o*in/out), for o up to out, without a product that could overflow. */
static int64_t share(int64_t o, int64_t in, int64_t out) { return in / out * o + in % out * o / out; }

/* Cell o sees floor(o*in/out) to ceil((o + 1)*in/out) - 1: of one output, the whole axis. */
static void divide_axis(int64_t in, int64_t out, window *windows) {
    for (int64_t o = 0; o < out; o++) {
        const int64_t first = share(o, in, out), floor = share(o + 1, in, out);
        const int64_t rest = in % out * (o + 1) % out, last = floor + (rest > 0);
        windows[o] = (window){first, last - first, last - first};
    }
}

static cvs_status make_dividing(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const cvs_op op = plan->inference.layer.op;
    const bool average = op == CVS_OP_GLOBAL_AVERAGE_POOL || op == CVS_OP_ADAPTIVE_AVERAGE_POOL;
    details *d = NULL;
    cvs_status status = start(plan, average, &d, err);
    for (int i = 0; i < CVS_MAX_SPATIAL && status == CVS_OK; i++)
        divide_axis(d->maps.in[i], d->maps.out[i], d->windows[i]);
    return status;
}

const cvs__operator cvs__operator_sliding_pool = {make_sliding, run, .activates = false};
const cvs__operator cvs__operator_dividing_pool = {make_dividing, run, .activates = false};
