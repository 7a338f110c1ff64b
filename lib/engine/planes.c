#include "planes.h"

#include <string.h>

/* Planes of one group at a time, in floats: half of a second-level cache, unless a single line of outputs needs more.
 */
enum { PLANE_FLOATS = 32 * 1024 };
/* Lines so short that they leave a tile half empty; and what is computed in vain between them, when they are one. */
enum { NARROW = CVS__MOST_TILE_COLUMNS / 2 };
/* Floats of small groups that are copied together: half a first-level cache. */
enum { COPIED_FLOATS = 4 * 1024 };
/* Multiply-adds that are worth a part of their own. */
enum { PART_MACS = 1 << 18 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t parts_of(int64_t total, int64_t size) { return (total + size - 1) / size; }

typedef struct task {
    const cvs_plan *plan;
    const float *input;
    float *output, *workspace;
} task;

/* Beyond these the copies are larger than what they serve. */
enum { MOST_STRIDE = 4, MOST_SLICES = 16, MOST_LINE_FLOATS = 8 * PLANE_FLOATS };

static int64_t reach_of(const cvs__spatial *axis) { return (axis->kernel - 1) * axis->dilation / axis->stride; }

/* Planes of a group for one output line; no overflow: stops as soon as it is too much. */
static bool fits(const cvs__geometry *g) {
    const cvs__spatial *height = &g->axis[1], *width = &g->axis[2];
    const int64_t line = width->out + reach_of(width), lines = 1 + reach_of(height);
    if (height->stride > MOST_STRIDE || width->stride > MOST_STRIDE || g->axis[0].kernel > MOST_SLICES) return false;
    const int64_t phases = height->stride * width->stride * g->axis[0].kernel;
    return line <= MOST_LINE_FLOATS / phases && lines <= MOST_LINE_FLOATS / phases / line &&
           g->group_channels <= MOST_LINE_FLOATS / phases / line / lines;
}

bool cvs__planes_suit(const cvs__geometry *g) { return g->channels_first && g->fill == CVS_FILL_ZEROS && fits(g); }

/* Of tap (kd, kh, kw), of each channel. */
static int64_t *set_offsets_of(const cvs__geometry *g, const cvs__planes *d, const int64_t tap[3], int64_t *to) {
    const cvs__spatial *height = &g->axis[1], *width = &g->axis[2];
    const int64_t y = tap[1] * height->dilation, x = tap[2] * width->dilation;
    const int64_t phase = y % height->stride * width->stride + x % width->stride;
    const int64_t at = phase * d->plane + y / height->stride * d->pitch + x / width->stride;
    for (int64_t c = 0; c < g->group_channels; c++)
        *to++ = (c * g->axis[0].kernel + tap[0]) * d->phases * d->plane + at;
    return to;
}

static void set_offsets(const cvs__geometry *g, const cvs__planes *d) {
    int64_t *to = d->offsets, tap[3];
    for (tap[0] = 0; tap[0] < g->axis[0].kernel; tap[0]++)
        for (tap[1] = 0; tap[1] < g->axis[1].kernel; tap[1]++)
            for (tap[2] = 0; tap[2] < g->axis[2].kernel; tap[2]++) to = set_offsets_of(g, d, tap, to);
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
    const cvs__planes *d = t->plan->detail;
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
    const cvs__planes *d = t->plan->detail;
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

static void run_group(const task *t, const cvs__planes_band *at, int64_t group, const float *planes, float *stage) {
    const cvs__geometry *g = &t->plan->geometry;
    const cvs__planes *d = t->plan->detail;
    const int64_t filter0 = group * g->group_filters;
    const int64_t cell0 = (at->slice * g->axis[1].out + at->line0) * g->axis[2].out;
    float *output = t->output + (at->sample * g->filters + filter0) * g->out_cells + cell0;
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
    const cvs__planes *d = t->plan->detail;
    const int64_t chunk = part % d->chunks, line0 = part / d->chunks % d->bands * d->lines;
    const int64_t slice = part / d->chunks / d->bands, slices = g->axis[0].out;
    const cvs__planes_band at = {slice / slices, slice % slices, line0, least(d->lines, g->axis[1].out - line0)};
    const int64_t end = least((chunk + 1) * d->groups, g->groups);
    float *planes = t->workspace + worker * d->slice, *stage = planes + d->copied * d->planes;
    memset(planes, 0, (size_t)(d->copied * d->planes) * sizeof *planes);
    for (int64_t group = chunk * d->groups; group < end; group += d->copied) {
        const int64_t count = least(d->copied, end - group);
        for (int64_t i = 0; i < count; i++) cvs__planes_copy(t->plan, t->input, &at, group + i, planes + i * d->planes);
        for (int64_t i = 0; i < count; i++) run_group(t, &at, group + i, planes + i * d->planes, stage);
    }
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const task t = {plan, input, output, workspace};
    const cvs__planes *d = plan->detail;
    cvs__parallel(plan->engine->pool, plan->geometry.batch * plan->geometry.axis[0].out * d->bands * d->chunks,
                  run_part, &t);
    cvs__softmax_samples(plan, output);
}

/* ---- planning -------------------------------------------------------------------- */

static void cut(const cvs__geometry *g, cvs__planes *d) {
    const cvs__spatial *height = &g->axis[1], *width = &g->axis[2];
    d->filters = cvs__blocking_of(g->group_filters, g->group_filters == 1 ? 1 : CVS__TILE_ROWS);
    d->phases = height->stride * width->stride;
    d->reach[0] = reach_of(height);
    d->reach[1] = reach_of(width);
    d->pitch = width->out + d->reach[1];
    d->maps = g->group_channels * g->axis[0].kernel;
    const int64_t line = d->pitch * d->phases * d->maps;
    const int64_t fitting = most(1, PLANE_FLOATS / line - d->reach[0]);
    d->bands = parts_of(height->out, least(fitting, height->out));
    d->lines = parts_of(height->out, d->bands);
    d->bands = parts_of(height->out, d->lines);
    d->plane = (d->lines + d->reach[0]) * d->pitch;
    const int64_t macs = d->lines * width->out * g->group_filters * g->depth;
    d->flat = width->out <= NARROW && d->reach[1] <= NARROW;
    d->planes = d->maps * d->phases * d->plane;
    d->groups = least(g->groups, most(1, PART_MACS / macs));
    d->chunks = parts_of(g->groups, d->groups);
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    enum { LINE = 16 };
    const cvs__geometry *g = &plan->geometry;
    cvs__planes *d;
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
