#include "planes.h"

#include <string.h>

/* Planes of one group at a time, in floats: half of a second-level cache, unless a single line of outputs needs more.
 */
enum { PLANE_FLOATS = 32 * 1024 };
/* Lines so short that they leave a tile half empty. */
enum { NARROW = CVS__MOST_TILE_COLUMNS / 2 };
/* Floats of small groups that are copied together: half a first-level cache. */
enum { COPIED_FLOATS = 4 * 1024 };
/* Multiply-adds that are worth a part of their own. */
enum { PART_MACS = 1 << 18 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t parts_of(int64_t total, int64_t size) { return (total + size - 1) / size; }

typedef struct detail {
    cvs__blocking filters;  /* of a group, as packed */
    int64_t lines, bands;   /* output lines of a band; bands */
    int64_t groups, chunks; /* groups of a part; such parts of a sample and band */
    int64_t reach[2];       /* lines and columns past a band's own that its last taps read */
    int64_t pitch, plane;   /* floats of a plane's line, of a plane */
    int64_t phases, planes; /* planes of a channel; floats of all of a group */
    int64_t copied;         /* groups copied at a time */
    int64_t slice;          /* floats of scratch memory a thread */
    bool flat;              /* narrow lines are computed as one, pitch and all, and then cut */
    int64_t *offsets;       /* of each term [tap][channel] in a group's planes */
} detail;

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output, *workspace;
} task;

/* Beyond these the copies are larger than what they serve. */
enum { MOST_STRIDE = 4, MOST_LINE_FLOATS = 8 * PLANE_FLOATS };

static int64_t reach_of(const cvs__spatial *axis) { return (axis->kernel - 1) * axis->dilation / axis->stride; }

/* Planes of a group for one output line; no overflow: stops as soon as it is too much. */
static bool fits(const cvs__geometry *g) {
    const cvs__spatial *height = &g->axis[1], *width = &g->axis[2];
    const int64_t line = width->out + reach_of(width), lines = 1 + reach_of(height);
    if (height->stride > MOST_STRIDE || width->stride > MOST_STRIDE) return false;
    const int64_t phases = height->stride * width->stride;
    return line <= MOST_LINE_FLOATS / phases && lines <= MOST_LINE_FLOATS / phases / line &&
           g->group_channels <= MOST_LINE_FLOATS / phases / line / lines;
}

bool cvs__planes_suit(const cvs__geometry *g) {
    const cvs__spatial *depth = &g->axis[0];
    return g->channels_first && g->fill == CVS_FILL_ZEROS && depth->kernel == 1 && depth->in == 1 && depth->out == 1 &&
           fits(g);
}

/* ---- planes ------------------------------------------------------------------ */

/* Of the positions first, first + stride, ... (`count` of them) those before 0, and those below `size`. */
static int64_t how_many_below(int64_t first, int64_t stride, int64_t count, int64_t size) {
    return first >= size ? 0 : least(count, (size - first + stride - 1) / stride);
}

/* A phase along one axis, `count` positions from `first` on in steps of the stride: how many lie before the input,
   how many in it. */
typedef struct extent {
    int64_t before, inside;
} extent;

static extent extent_of(const cvs__spatial *axis, int64_t first, int64_t count) {
    const int64_t before = how_many_below(first, axis->stride, count, 0);
    return (extent){before, how_many_below(first, axis->stride, count, axis->in) - before};
}

/* The phases along the lines, of one phase of the lines themselves: `lines` output lines from `line0`. What surrounds
   them is zero already. */
static void copy_lines(const cvs_plan *plan, const float *channel, int64_t line0, int64_t lines, int64_t phase,
                       float *to) {
    const cvs__spatial *height = &plan->geometry.axis[1], *width = &plan->geometry.axis[2];
    const detail *d = plan->detail;
    const int64_t first = line0 * height->stride + phase - height->before;
    const extent y = extent_of(height, first, lines + d->reach[0]);
    cvs__phase copied = {
        .lines = y.inside,
        .to_pitch = d->pitch,
        .from_pitch = height->stride * width->in,
        .stride = width->stride,
    };
    const float *from = channel + (first + y.before * height->stride) * width->in;
    to += y.before * d->pitch;
    for (int64_t i = 0; i < width->stride; i++) {
        /* In the order in which their first numbers stand in the line. */
        const int64_t px = (i + width->before) % width->stride;
        const extent x = extent_of(width, px - width->before, d->pitch);
        copied.to = to + px * d->plane + x.before;
        copied.from = from + px - width->before + x.before * width->stride;
        copied.columns = x.inside;
        if (width->stride == 2) {
            const int64_t other = 1 - px;
            const extent between = extent_of(width, other - width->before, d->pitch);
            copied.odd = to + other * d->plane + between.before;
            copied.odd_columns = between.inside;
        }
        plan->engine->kernels->copy_phase(&copied);
        if (width->stride == 2) return;
    }
}

static void copy_planes(const cvs_plan *plan, const float *channel, int64_t line0, int64_t lines, float *to) {
    const detail *d = plan->detail;
    const int64_t across = plan->geometry.axis[2].stride;
    for (int64_t phase = 0; phase < plan->geometry.axis[1].stride; phase++)
        copy_lines(plan, channel, line0, lines, phase, to + phase * across * d->plane);
}

static void set_offsets(const cvs__geometry *g, const detail *d) {
    const cvs__spatial *height = &g->axis[1], *width = &g->axis[2];
    int64_t *to = d->offsets;
    for (int64_t kh = 0; kh < height->kernel; kh++) {
        const int64_t y = kh * height->dilation;
        for (int64_t kw = 0; kw < width->kernel; kw++) {
            const int64_t x = kw * width->dilation;
            const int64_t phase = y % height->stride * width->stride + x % width->stride;
            const int64_t at = phase * d->plane + y / height->stride * d->pitch + x / width->stride;
            for (int64_t c = 0; c < g->group_channels; c++) *to++ = c * d->phases * d->plane + at;
        }
    }
}

/* ---- computing ----------------------------------------------------------------- */

/* Columns [0, columns) from `planes` on, as many as fit at a time. */
static void run_columns(const task *t, const float *planes, int64_t columns, cvs__tile_first *tile, float *to) {
    const cvs__kernels *kernels = t->plan->engine->kernels;
    for (int64_t x = 0; x < columns; x += kernels->tile_columns) {
        tile->columns = least(kernels->tile_columns, columns - x);
        tile->b = planes + x;
        tile->c = to + x;
        kernels->tile_first(tile);
    }
}

/* Several filters of a group. */
static void run_tiles(const task *t, const float *planes, float *stage, int64_t lines, cvs__tile_first *tile,
                      float *output) {
    const cvs__geometry *g = &t->plan->geometry;
    const detail *d = t->plan->detail;
    const int64_t width = g->axis[2].out, flat = lines * d->pitch - d->reach[1];
    tile->depth = g->depth;
    tile->offsets = d->offsets;
    tile->ldc = d->flat ? flat : g->out_cells;
    if (!d->flat) {
        for (int64_t line = 0; line < lines; line++)
            run_columns(t, planes + line * d->pitch, width, tile, output + line * width);
        return;
    }
    run_columns(t, planes, flat, tile, stage);
    for (int64_t row = 0; row < tile->rows; row++)
        t->plan->engine->kernels->copy_phase(&(cvs__phase){
            .to = output + row * g->out_cells,
            .from = stage + row * flat,
            .lines = lines,
            .to_pitch = width,
            .from_pitch = d->pitch,
            .columns = width,
            .stride = 1,
        });
}

static void run_filter(const task *t, const float *planes, int64_t filter, int64_t lines, float *output) {
    const cvs__geometry *g = &t->plan->geometry;
    const detail *d = t->plan->detail;
    const cvs__plane plane = {
        .lines = lines,
        .columns = g->axis[2].out,
        .depth = g->depth,
        .a = t->plan->weights + filter * g->depth,
        .b = planes,
        .pitch = d->pitch,
        .offsets = d->offsets,
        .c = output,
        .ending = cvs__ending_of(t->plan, filter, true, true),
    };
    t->plan->engine->kernels->plane(&plane);
}

/* What a part computes at once: some groups of one band of one sample. */
typedef struct band {
    int64_t sample, line0, lines;
} band;

static void copy_group(const task *t, const band *at, int64_t group, float *planes) {
    const cvs__geometry *g = &t->plan->geometry;
    const detail *d = t->plan->detail;
    const float *input = t->input + (at->sample * g->channels + group * g->group_channels) * g->in_cells;
    for (int64_t c = 0; c < g->group_channels; c++)
        copy_planes(t->plan, input + c * g->in_cells, at->line0, at->lines, planes + c * d->phases * d->plane);
}

static void run_group(const task *t, const band *at, int64_t group, const float *planes, float *stage) {
    const cvs__geometry *g = &t->plan->geometry;
    const detail *d = t->plan->detail;
    const int64_t filter0 = group * g->group_filters;
    float *output = t->output + (at->sample * g->filters + filter0) * g->out_cells + at->line0 * g->axis[2].out;
    for (int64_t block = 0; block < d->filters.blocks; block++) {
        const int64_t first = block * d->filters.width;
        float *to = output + first * g->out_cells;
        if (d->filters.width == 1) {
            run_filter(t, planes, filter0 + first, at->lines, to);
            continue;
        }
        cvs__tile_first tile = {
            .rows = least(d->filters.width, g->group_filters - first),
            .a = t->plan->weights + (group * d->filters.blocks + block) * g->depth * d->filters.width,
            .ending = cvs__ending_of(t->plan, filter0 + first, true, true),
        };
        run_tiles(t, planes, stage, at->lines, &tile, to);
    }
    cvs__activate_block(t->plan, &(cvs__block){output, g->group_filters, at->lines * g->axis[2].out, g->out_cells});
}

/* Small groups are copied several at a time: a vector read across two that were just written has to wait for them. */
static void run_part(const void *context, int64_t part, int worker) {
    const task *t = context;
    const cvs__geometry *g = &t->plan->geometry;
    const detail *d = t->plan->detail;
    const int64_t chunk = part % d->chunks, line0 = part / d->chunks % d->bands * d->lines;
    const band at = {part / d->chunks / d->bands, line0, least(d->lines, g->axis[1].out - line0)};
    const int64_t end = least((chunk + 1) * d->groups, g->groups);
    float *planes = t->workspace + worker * d->slice, *stage = planes + d->copied * d->planes;
    memset(planes, 0, (size_t)(d->copied * d->planes) * sizeof *planes);
    for (int64_t group = chunk * d->groups; group < end; group += d->copied) {
        const int64_t count = least(d->copied, end - group);
        for (int64_t i = 0; i < count; i++) copy_group(t, &at, group + i, planes + i * d->planes);
        for (int64_t i = 0; i < count; i++) run_group(t, &at, group + i, planes + i * d->planes, stage);
    }
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    const detail *d = plan->detail;
    cvs__parallel(plan->engine->pool, plan->geometry.batch * d->bands * d->chunks, run_part, &t);
    cvs__softmax_samples(plan, output);
}

/* ---- planning -------------------------------------------------------------------- */

static void cut(const cvs__geometry *g, detail *d) {
    const cvs__spatial *height = &g->axis[1], *width = &g->axis[2];
    d->filters = cvs__blocking_of(g->group_filters, g->group_filters == 1 ? 1 : CVS__TILE_ROWS);
    d->phases = height->stride * width->stride;
    d->reach[0] = reach_of(height);
    d->reach[1] = reach_of(width);
    d->pitch = width->out + d->reach[1];
    const int64_t line = d->pitch * d->phases * g->group_channels;
    const int64_t fitting = most(1, PLANE_FLOATS / line - d->reach[0]);
    d->bands = parts_of(height->out, least(fitting, height->out));
    d->lines = parts_of(height->out, d->bands);
    d->bands = parts_of(height->out, d->lines);
    d->plane = (d->lines + d->reach[0]) * d->pitch;
    const int64_t macs = d->lines * width->out * g->group_filters * g->depth;
    d->flat = width->out <= NARROW;
    d->planes = g->group_channels * d->phases * d->plane;
    d->groups = least(g->groups, most(1, PART_MACS / macs));
    d->chunks = parts_of(g->groups, d->groups);
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    enum { LINE = 16 };
    const cvs__geometry *g = &plan->geometry;
    detail *d;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &d, err);
    if (status != CVS_OK) return status;
    plan->detail = d;
    cut(g, d);
    d->copied = most(1, least(d->groups, COPIED_FLOATS / d->planes));
    d->slice = (d->copied * d->planes + (d->flat ? CVS__TILE_ROWS * d->lines * d->pitch : 0) + LINE - 1) / LINE * LINE;
    plan->workspace_bytes = (size_t)cvs__pool_threads(plan->engine->pool) * (size_t)d->slice * sizeof(float);
    plan->has_bias = kernel->bias != NULL;
    status = cvs__keep(plan, g->depth, sizeof *d->offsets, &d->offsets, err);
    if (status == CVS_OK)
        status = cvs__keep(plan, g->groups * d->filters.blocks * d->filters.width, (int64_t)sizeof(float) * g->depth,
                           &plan->weights, err);
    if (status == CVS_OK) status = cvs__keep_copy(plan, g->filters, kernel->bias, 0, &plan->bias, err);
    if (status != CVS_OK) return status;
    set_offsets(g, d);
    cvs__pack_blocks(g, kernel->axes, kernel->data, d->filters, plan->weights);
    return CVS_OK;
}

const cvs__method cvs__method_planes = {.name = "direct", .prepare = prepare, .run = run};
