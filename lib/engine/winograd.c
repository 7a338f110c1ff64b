#include "winograd.h"

#include <math.h>
#include <string.h>

/* Tiles of a part: more where each part streams a large kernel; fewer where V would be larger than V_BYTES. */
enum { TILES = 30, TILES_OF_LARGE_KERNELS = 60, LARGE_KERNEL_BYTES = 8 << 20, V_BYTES = 4 << 20 };
enum { PARTS_A_THREAD = 4, LINE = 16 /* floats of a cache line */ };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t parts_of(int64_t total, int64_t size) { return (total + size - 1) / size; }
static int64_t whole(int64_t count, int64_t step) { return parts_of(count, step) * step; }

static bool suits_along(const cvs__spatial *axis) {
    return axis->kernel == 3 && axis->stride == 1 && axis->dilation == 1 && axis->before >= 0;
}

bool cvs__winograd_suits(const cvs__geometry *g) {
    return suits_along(&g->axis[1]) && suits_along(&g->axis[2]) && g->axis[0].kernel == 1 && g->axis[0].out == 1 &&
           g->axis[0].in == 1 && g->groups == 1 && g->channels <= CVS__WINOGRAD_MOST_CHANNELS && g->out_cells > 0 &&
           (g->fill == CVS_FILL_ZEROS || g->unpadded);
}

bool cvs__winograd_takes(const cvs__geometry *g, const float *kernel) {
    for (int64_t i = 0; i < g->filters * g->depth; i++)
        if (!(fabsf(kernel[i]) < 0x1p126F)) return false;
    return true;
}

/* G: rows of points, columns of taps. */
static void fill_g(double g[CVS__WINOGRAD_MOST_SIDE][3], int64_t m) {
    const double a = (double)CVS__WINOGRAD_A, b = (double)CVS__WINOGRAD_B;
    const double points4[] = {0, a, -a, b, -b}, points2[] = {0, 1, -1};
    const double *points = m == 4 ? points4 : points2;
    const int64_t finite = m + 1;
    for (int64_t i = 0; i < finite; i++) {
        double over = 1;
        for (int64_t j = 0; j < finite; j++)
            if (j != i) over *= points[i] - points[j];
        if (m == 2 && i == 0) over = -over; /* Lavin and Gray's B^T has this row, and that of infinity, negated */
        for (int t = 0; t < 3; t++) g[i][t] = pow(points[i], t) / over;
    }
    g[finite][0] = g[finite][1] = 0;
    g[finite][2] = 1;
}

static void transform_block(const void *context, int64_t block, int worker) {
    const cvs_plan *plan = context;
    const cvs__winograd *w = plan->detail;
    const int64_t panel = plan->geometry.channels * w->filters.width;
    double g[CVS__WINOGRAD_MOST_SIDE][3];
    (void)worker;
    fill_g(g, w->m);
    for (int64_t i = 0; i < panel; i += w->filters.width)
        plan->engine->kernels->winograd_kernel(&(cvs__winograd_taps){
            .side = w->side,
            .filters = w->filters.width,
            .g = (const double(*)[3])g,
            .from = w->direct + block * plan->geometry.taps * panel + i,
            .to = plan->weights + block * w->points * panel + i,
            .step = panel,
        });
}

static cvs_status pack(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    cvs__winograd *w = plan->detail;
    const int64_t padded = w->filters.blocks * w->filters.width, floats = (int64_t)sizeof(float) * g->channels;
    float *direct;
    cvs_status status = cvs__keep(plan, padded, floats * g->taps, &direct, err);
    if (status == CVS_OK) status = cvs__keep(plan, padded, floats * w->points, &plan->weights, err);
    if (status == CVS_OK) status = cvs__keep(plan, padded, sizeof(float), &plan->bias, err);
    if (status != CVS_OK) return status;
    cvs__pack_blocks(g, kernel->axes, kernel->data, w->filters, direct);
    w->direct = direct;
    cvs__parallel(plan->engine->pool, w->filters.blocks, transform_block, plan);
    plan->has_bias = kernel->bias != NULL;
    if (plan->has_bias) memcpy(plan->bias, kernel->bias, (size_t)g->filters * sizeof(float));
    return CVS_OK;
}

/* Tiles of a part at most. */
static int64_t tiles_at_once(const cvs__geometry *g, const cvs__winograd *w) {
    const int64_t kernel_bytes = w->points * g->channels * g->filters * (int64_t)sizeof(float);
    const int64_t wanted = kernel_bytes >= LARGE_KERNEL_BYTES ? TILES_OF_LARGE_KERNELS : TILES;
    return most(CVS__TILE_ROWS, least(wanted, V_BYTES / (w->points * w->pitch * (int64_t)sizeof(float))));
}

/* Even parts, as many for each thread; where there are few tiles, the filters are shared out as well. */
static void cut(const cvs_plan *plan, cvs__winograd *w) {
    const cvs__geometry *g = &plan->geometry;
    const int64_t at_once = tiles_at_once(g, w), threads = cvs__pool_threads(plan->engine->pool);
    const bool by_rows = w->across >= at_once;
    w->line = by_rows ? w->across : w->across * w->down;
    w->lines = by_rows ? w->down : 1;
    w->line_parts = parts_of(w->line, at_once);
    const int64_t lines = most(1, g->batch * w->lines), parts = lines * w->line_parts;
    if (parts > threads && parts < threads * PARTS_A_THREAD)
        w->line_parts = least(w->line, parts_of(whole(parts, threads), lines));
    w->tiles = parts_of(w->line, w->line_parts);
    w->line_parts = parts_of(w->line, w->tiles);
    const int64_t shares = parts_of(threads, lines * w->line_parts);
    w->blocks = parts_of(w->filters.blocks, least(shares, w->filters.blocks));
    w->block_parts = parts_of(w->filters.blocks, w->blocks);
}

/* Scratch memory of a thread: V, M, the strip, the terms of one sum. */
static void measure(const cvs_plan *plan, cvs__winograd *w) {
    const bool by_rows = w->line == w->across;
    const int64_t rows = by_rows ? 1 : least(w->down, (w->tiles + w->across - 2) / w->across + 1);
    const int64_t columns = by_rows ? w->tiles : w->across;
    w->strip = (rows * w->m + 2) * (columns * w->m + 2) * plan->engine->kernels->lanes;
    w->slice = w->points * w->tiles * (w->pitch + w->filters.width) + w->strip + whole(plan->geometry.depth, LINE);
}

static cvs_status prepare(cvs_plan *plan, const cvs__kernel *kernel, int64_t m, cvs_error *err) {
    const cvs__geometry *g = &plan->geometry;
    const cvs__kernels *kernels = plan->engine->kernels;
    cvs_status status = cvs__keep(plan, 1, sizeof(cvs__winograd), &plan->detail, err);
    if (status != CVS_OK) return status;
    cvs__winograd *w = plan->detail;
    w->m = m;
    w->side = m + 2;
    w->points = w->side * w->side;
    w->down = parts_of(g->axis[1].out, m);
    w->across = parts_of(g->axis[2].out, m);
    w->filters = cvs__blocking_of(g->filters, least(whole(g->filters, kernels->lanes), kernels->tile_columns));
    w->pitch = whole(g->channels, LINE) + LINE;
    cut(plan, w);
    measure(plan, w);
    w->slice = whole(w->slice, LINE);
    plan->workspace_bytes = (size_t)(cvs__pool_threads(plan->engine->pool) * w->slice) * sizeof(float);
    return pack(plan, kernel, err);
}

static cvs_status prepare4(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    return prepare(plan, kernel, 4, err);
}

static cvs_status prepare2(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    return prepare(plan, kernel, 2, err);
}

const cvs__method cvs__method_winograd4 = {.name = "winograd4", .prepare = prepare4, .run = cvs__winograd_run};
const cvs__method cvs__method_winograd2 = {.name = "winograd2", .prepare = prepare2, .run = cvs__winograd_run};
