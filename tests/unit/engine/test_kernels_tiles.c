/* The register tiles, at every level that this CPU has, on whole numbers, which are exact in any order, in memory that
   ends or begins at an unmapped page. */
#include "engine/kernels.h"
#include "fence.h"
#include "trial.h"

#include <check.h>
#include <math.h>

Suite *kernels_tiles_suite(void);

enum { GAP = 3 };

static fenced whole_numbers(int64_t count, fence_side side, uint64_t *state) {
    fenced f = fence((size_t)count * sizeof(float), side);
    for (int64_t i = 0; i < count; i++) f.data[i] = (float)random_in(state, -5, 5);
    return f;
}

static int64_t whole(int64_t count, int64_t step) { return (count + step - 1) / step * step; }

/* What one place of C must hold after `sum` was added to what the ending starts from. */
static float finished(const cvs__ending *e, int64_t filter, float before, double sum) {
    const double start = e->accumulate ? (double)before : e->bias ? (double)e->bias[filter] : 0;
    const double all = start + sum;
    return (float)(all < (double)e->low ? (double)e->low : all > (double)e->high ? (double)e->high : all);
}

static void expect(float found, float wanted, const char *what, int64_t row, int64_t column) {
    if (found != wanted)
        ck_abort_msg("%s: (%d, %d) is %g, not %g", what, (int)row, (int)column, (double)found, (double)wanted);
}

/* Four endings in turn: nothing, bias and clamp, accumulating, accumulating and clamped. */
static cvs__ending ending_of(int64_t number, const float *bias) {
    const bool clamps = number & 1, accumulates = number & 2;
    return (cvs__ending){accumulates, clamps && !accumulates ? bias : NULL, clamps ? 0 : -INFINITY,
                         clamps ? 6 : INFINITY};
}

/* C and what it was before: rows of `columns` with a gap. */
typedef struct results {
    int64_t rows, columns, stride;
    fenced c, before;
} results;

static results results_make(int64_t rows, int64_t columns, fence_side side, uint64_t *state) {
    results r = {rows, columns, columns + GAP, {0}, {0}};
    const int64_t count = (rows - 1) * r.stride + columns;
    r.c = whole_numbers(count, side, state);
    r.before = fence_copy(r.c.data, count, side);
    return r;
}

static void expect_gaps(const results *r, const char *what) {
    for (int64_t i = 0; i + 1 < r->rows; i++)
        for (int64_t j = r->columns; j < r->stride; j++)
            expect(r->c.data[i * r->stride + j], r->before.data[i * r->stride + j], what, i, j);
}

static void results_free(results *r) { unfence(&r->c), unfence(&r->before); }

/* ---- channels first ---------------------------------------------------------------------------- */

static void check_first(const cvs__kernels *kernels, int64_t rows, int64_t columns, int64_t depth, fence_side side) {
    uint64_t state = (uint64_t)(rows * 1009 + columns * 17 + depth);
    const int64_t pitch = columns + GAP;
    int64_t offsets[64];
    fenced a = whole_numbers(depth * CVS__TILE_ROWS, side, &state), bias = whole_numbers(rows, side, &state);
    fenced b = whole_numbers((depth - 1) * pitch + columns, side, &state);
    results r = results_make(rows, columns, side, &state);
    for (int64_t k = 0; k < depth; k++) offsets[k] = (depth - 1 - k) * pitch;
    const cvs__ending ending = ending_of(columns + depth, bias.data);
    kernels->tile_first(&(cvs__tile_first){rows, columns, depth, a.data, b.data, offsets, r.c.data, r.stride, ending});
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) {
            double sum = 0;
            for (int64_t k = 0; k < depth; k++)
                sum += (double)a.data[k * CVS__TILE_ROWS + i] * (double)b.data[offsets[k] + j];
            const float before = r.before.data[i * r.stride + j];
            expect(r.c.data[i * r.stride + j], finished(&ending, i, before, sum), "tile_first", i, j);
        }
    }
    expect_gaps(&r, "tile_first");
    results_free(&r), unfence(&a), unfence(&b), unfence(&bias);
}

START_TEST(tiles_of_channels_first) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int64_t rows = 1; rows <= CVS__TILE_ROWS; rows++)
        for (int64_t columns = 1; columns <= kernels->tile_columns; columns++)
            for (int64_t depth = 1; depth <= 4; depth++)
                for (fence_side side = BEGINS_AFTER; side <= ENDS_BEFORE; side++)
                    check_first(kernels, rows, columns, depth, side);
}
END_TEST

/* ---- channels last ----------------------------------------------------------------------------- */

enum { SEGMENTS = 3, MOST_CELLS = 20, SHIFT = 2 };

/* Each run of each cell lies somewhere: `depth` floats, of which the last cell's are the last. */
static void point(const float *runs, int64_t rows, int64_t height, int64_t pitch, const float **to) {
    for (int64_t tile = 0; tile < rows; tile += height) {
        const int64_t here = rows - tile < height ? rows - tile : height;
        for (int64_t s = 0; s < SEGMENTS; s++)
            for (int64_t i = 0; i < here; i++) *to++ = runs + ((tile + i) * SEGMENTS + s) * pitch - SHIFT;
    }
}

static void check_last(const cvs__kernels *kernels, int64_t rows, int64_t columns, int64_t height, fence_side side) {
    uint64_t state = (uint64_t)(rows * 1009 + columns * 17 + height);
    const int64_t depth = 1 + columns % 5, pitch = depth + GAP, ldb = whole(columns, kernels->lanes);
    const int64_t segment0 = rows % 2, segments = SEGMENTS - segment0;
    const float *pointers[MOST_CELLS * SEGMENTS];
    fenced runs = whole_numbers((rows * SEGMENTS - 1) * pitch + depth, side, &state);
    fenced b = whole_numbers(segments * depth * ldb, side, &state), bias = whole_numbers(columns, side, &state);
    results r = results_make(rows, columns, side, &state);
    const cvs__ending ending = ending_of(rows + columns, bias.data);
    point(runs.data, rows, height, pitch, pointers);
    kernels->tile_last(&(cvs__tile_last){.rows = rows,
                                         .columns = columns,
                                         .height = height,
                                         .segments = SEGMENTS,
                                         .segment0 = segment0,
                                         .segment1 = SEGMENTS,
                                         .depth = depth,
                                         .a = pointers,
                                         .shift = SHIFT,
                                         .b = b.data,
                                         .ldb = ldb,
                                         .c = r.c.data,
                                         .ldc = r.stride,
                                         .ending = ending});
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) {
            double sum = 0;
            for (int64_t s = segment0; s < SEGMENTS; s++)
                for (int64_t k = 0; k < depth; k++)
                    sum += (double)runs.data[(i * SEGMENTS + s) * pitch + k] *
                           (double)b.data[((s - segment0) * depth + k) * ldb + j];
            const float before = r.before.data[i * r.stride + j];
            expect(r.c.data[i * r.stride + j], finished(&ending, j, before, sum), "tile_last", i, j);
        }
    }
    expect_gaps(&r, "tile_last");
    results_free(&r), unfence(&runs), unfence(&b), unfence(&bias);
}

START_TEST(tiles_of_channels_last) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int64_t rows = 1; rows <= MOST_CELLS; rows++)
        for (int64_t columns = 1; columns <= kernels->tile_columns; columns++)
            for (fence_side side = BEGINS_AFTER; side <= ENDS_BEFORE; side++) {
                check_last(kernels, rows, columns, CVS__TILE_ROWS, side);
                if (columns <= kernels->lanes) check_last(kernels, rows, columns, CVS__TALL_TILE_ROWS, side);
            }
}
END_TEST

/* ---- one filter, whole lines --------------------------------------------------------------------- */

static void check_plane(const cvs__kernels *kernels, int64_t lines, int64_t columns, fence_side side) {
    enum { TAPS_DOWN = 2, TAPS_ACROSS = 3, DEPTH = TAPS_DOWN * TAPS_ACROSS };
    uint64_t state = (uint64_t)(lines * 1009 + columns);
    const int64_t pitch = columns + TAPS_ACROSS - 1;
    int64_t offsets[DEPTH];
    fenced a = whole_numbers(DEPTH, side, &state), bias = whole_numbers(1, side, &state);
    fenced b = whole_numbers((lines + TAPS_DOWN - 1) * pitch, side, &state);
    fenced c = fence((size_t)(lines * columns) * sizeof(float), side);
    const cvs__ending ending = ending_of(columns & 1, bias.data);
    for (int64_t k = 0; k < DEPTH; k++) offsets[k] = k / TAPS_ACROSS * pitch + k % TAPS_ACROSS;
    kernels->plane(&(cvs__plane){lines, columns, DEPTH, a.data, b.data, pitch, offsets, c.data, ending});
    for (int64_t y = 0; y < lines; y++) {
        for (int64_t x = 0; x < columns; x++) {
            double sum = 0;
            for (int64_t k = 0; k < DEPTH; k++) sum += (double)a.data[k] * (double)b.data[y * pitch + offsets[k] + x];
            expect(c.data[y * columns + x], finished(&ending, 0, 0, sum), "plane", y, x);
        }
    }
    unfence(&a), unfence(&b), unfence(&c), unfence(&bias);
}

START_TEST(planes_of_any_size) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int64_t lines = 1; lines <= 9; lines++)
        for (int64_t columns = 1; columns <= 150; columns++)
            for (fence_side side = BEGINS_AFTER; side <= ENDS_BEFORE; side++)
                check_plane(kernels, lines, columns, side);
}
END_TEST

/* ---- depthwise ------------------------------------------------------------------------------------- */

static double depthwise_sum(const cvs__depthwise *d, int64_t map, int64_t y, int64_t x) {
    const float *a = d->a + map * d->kernel[0] * d->kernel[1], *b = d->b + map / d->filters * d->in[0] * d->in[1];
    double sum = 0;
    for (int64_t kh = 0; kh < d->kernel[0]; kh++) {
        for (int64_t kw = 0; kw < d->kernel[1]; kw++) {
            const int64_t h = y * d->stride[0] + kh * d->dilation[0] - d->before[0];
            const int64_t w = x * d->stride[1] + kw * d->dilation[1] - d->before[1];
            if (h < 0 || h >= d->in[0] || w < 0 || w >= d->in[1]) continue;
            sum += (double)a[kh * d->kernel[1] + kw] * (double)b[h * d->in[1] + w];
        }
    }
    return sum;
}

static int64_t output_size(int64_t in, int64_t padded, int64_t reach, int64_t stride) {
    return in + padded <= reach ? 0 : (in + padded - reach - 1) / stride + 1;
}

/* Nothing that does not fit: the kernel larger than the padded input. */
static void check_depthwise(const cvs__kernels *kernels, cvs__depthwise d, uint64_t *state, fence_side side) {
    const int64_t maps = d.channels * d.filters, taps = d.kernel[0] * d.kernel[1];
    d.lines = output_size(d.in[0], 2 * d.before[0], (d.kernel[0] - 1) * d.dilation[0], d.stride[0]);
    d.columns = output_size(d.in[1], 2 * d.before[1], (d.kernel[1] - 1) * d.dilation[1], d.stride[1]);
    if (d.lines == 0 || d.columns == 0) return;
    fenced a = whole_numbers(maps * taps, side, state), b = whole_numbers(d.channels * d.in[0] * d.in[1], side, state);
    fenced bias = whole_numbers(maps, side, state), zeros = fence((size_t)d.in[1] * sizeof(float), side);
    fenced c = fence((size_t)(maps * d.lines * d.columns) * sizeof(float), side);
    d.a = a.data, d.b = b.data, d.zeros = zeros.data, d.c = c.data;
    d.ending = ending_of(d.columns & 1, bias.data);
    kernels->depthwise(&d);
    for (int64_t i = 0; i < maps * d.lines * d.columns; i++) {
        const int64_t map = i / d.columns / d.lines, y = i / d.columns % d.lines, x = i % d.columns;
        expect(c.data[i], finished(&d.ending, map, 0, depthwise_sum(&d, map, y, x)), "depthwise", map * d.lines + y, x);
    }
    unfence(&a), unfence(&b), unfence(&bias), unfence(&zeros), unfence(&c);
}

START_TEST(depthwise_of_any_width) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    uint64_t state = 11;
    for (int64_t width = 1; width <= 70; width++) {
        for (int n = 0; n < 40; n++) {
            const cvs__depthwise d = {
                .channels = random_in(&state, 1, 3),
                .filters = random_in(&state, 1, 2),
                .in = {random_in(&state, 1, 8), width},
                .before = {random_in(&state, 0, 3), random_in(&state, 0, 5)},
                .kernel = {random_in(&state, 1, 5), n % 2 ? 3 : random_in(&state, 1, CVS__MOST_DEPTHWISE_TAPS)},
                .stride = {random_in(&state, 1, 3), random_in(&state, 1, 2)},
                .dilation = {random_in(&state, 1, 2), n % 3 ? 1 : random_in(&state, 2, 4)},
            };
            check_depthwise(kernels, d, &state, (fence_side)(n / 2 % 2));
        }
    }
}
END_TEST

Suite *kernels_tiles_suite(void) {
    Suite *suite = suite_create("kernels_tiles");
    TCase *core = tcase_create("core");
    const int levels = (int)cvs_isa_detect() + 1;
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, tiles_of_channels_first, 0, levels);
    tcase_add_loop_test(core, tiles_of_channels_last, 0, levels);
    tcase_add_loop_test(core, planes_of_any_size, 0, levels);
    tcase_add_loop_test(core, depthwise_of_any_width, 0, levels);
    suite_add_tcase(suite, core);
    return suite;
}
