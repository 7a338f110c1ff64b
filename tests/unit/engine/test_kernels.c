/* Every kernel of every level that this CPU has, against plain loops, on every length around the vector widths. */
#include "engine/kernels.h"
#include "trial.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *kernels_suite(void);

enum { LONGEST = 70, ROWS = 3, STRIDE = LONGEST + 5 };

static float x[LONGEST], w[LONGEST], y[LONGEST + 1], before[LONGEST + 1];
static float block_data[ROWS * STRIDE], block_before[ROWS * STRIDE];

static void fill(float *data, int count, uint64_t *state) {
    for (int i = 0; i < count; i++) data[i] = (float)random_in(state, -64, 64) / 8;
}

static void fill_whole(float *data, size_t count, uint64_t *state) {
    for (size_t i = 0; i < count; i++) data[i] = (float)random_in(state, -5, 5);
}

START_TEST(axpy_and_multiply_add) {
    uint64_t state = 1;
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int n = 0; n <= LONGEST; n++) {
        fill(x, LONGEST, &state), fill(w, LONGEST, &state), fill(y, LONGEST + 1, &state);
        memcpy(before, y, sizeof y);
        kernels->axpy(y, x, -2.5F, n);
        for (int i = 0; i <= LONGEST; i++) ck_assert_float_eq(y[i], i < n ? before[i] - 2.5F * x[i] : before[i]);
        memcpy(before, y, sizeof y);
        kernels->multiply_add(y, x, w, n);
        for (int i = 0; i <= LONGEST; i++) ck_assert_float_eq(y[i], i < n ? before[i] + w[i] * x[i] : before[i]);
    }
}
END_TEST

static void check_finish(bool by_row, int columns, bool relu, const cvs__kernels *kernels) {
    const cvs__block block = {block_data, ROWS, columns, STRIDE};
    const cvs__ending ending = {.bias = w, .low = relu ? 0 : -INFINITY, .high = INFINITY};
    memcpy(block_before, block_data, sizeof block_data);
    if (by_row)
        kernels->finish_rows(&block, &ending);
    else
        kernels->finish_columns(&block, &ending);
    for (int i = 0; i < ROWS * STRIDE; i++) {
        float wanted = block_before[i];
        if (i % STRIDE < columns) {
            wanted += w[by_row ? i / STRIDE : i % STRIDE];
            if (relu && wanted < 0) wanted = 0;
        }
        ck_assert_float_eq(block_data[i], wanted);
    }
}

START_TEST(finish_adds_the_bias_and_cuts_below_zero) {
    uint64_t state = 2;
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int columns = 0; columns <= LONGEST; columns++) {
        for (int variant = 0; variant < 4; variant++) {
            fill(block_data, ROWS * STRIDE, &state), fill(w, LONGEST, &state);
            check_finish(variant & 1, columns, variant & 2, kernels);
        }
    }
}
END_TEST

START_TEST(finish_keeps_nan_and_infinity) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int variant = 0; variant < 4; variant++) {
        const bool relu = variant & 2;
        for (int i = 0; i < LONGEST; i++) block_data[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : -INFINITY;
        const cvs__block block = {block_data, 1, LONGEST, STRIDE};
        const cvs__ending ending = {.low = relu ? 0 : -INFINITY, .high = INFINITY};
        (variant & 1 ? kernels->finish_rows : kernels->finish_columns)(&block, &ending);
        for (int i = 0; i < LONGEST; i++) {
            if (i % 3 == 0) ck_assert_float_nan(block_data[i]);
            if (i % 3 == 1) ck_assert_float_eq(block_data[i], INFINITY);
            if (i % 3 == 2) ck_assert_float_eq(block_data[i], relu ? 0 : -INFINITY);
        }
    }
}
END_TEST

/* Whole numbers: exact in any order. Gaps between rows must not be touched. */
static void check_product(cvs__product_fn product, int64_t m, int64_t n, int64_t k, int64_t gap, bool accumulate) {
    uint64_t state = (uint64_t)(m * 1000003 + n * 1009 + k);
    const int64_t lda = k + gap, ldb = n + gap, ldc = n + gap;
    float *a = malloc((size_t)(m * lda) * sizeof *a), *b = malloc((size_t)(k * ldb) * sizeof *b),
          *c = malloc((size_t)(m * ldc) * sizeof *c), *old = malloc((size_t)(m * ldc) * sizeof *old);
    fill_whole(a, (size_t)(m * lda), &state), fill_whole(b, (size_t)(k * ldb), &state);
    for (int64_t i = 0; i < m * ldc; i++)
        c[i] = old[i] = accumulate || i % ldc >= n ? (float)random_in(&state, -5, 5) : NAN;
    product(&(cvs__product){m, n, k, a, lda, b, ldb, c, ldc, accumulate});
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < ldc; j++) {
            double sum = accumulate || j >= n ? (double)old[i * ldc + j] : 0;
            for (int64_t t = 0; t < k && j < n; t++) sum += (double)a[i * lda + t] * (double)b[t * ldb + j];
            ck_assert_msg((double)c[i * ldc + j] == sum, "%dx%dx%d gap %d: (%d, %d) is %g, not %g", (int)m, (int)n,
                          (int)k, (int)gap, (int)i, (int)j, (double)c[i * ldc + j], sum);
        }
    }
    free(a), free(b), free(c), free(old);
}

/* Every number of rows and columns around the register tiles, and depths around the cache blocks. */
START_TEST(products_are_exact_on_whole_numbers) {
    const cvs__product_fn product = cvs__kernels_of((cvs_isa)_i)->product;
    for (int64_t m = 1; m <= 9; m++)
        for (int64_t n = 1; n <= 50; n++) check_product(product, m, n, 3, (m + n) % 3, (m + n) % 2);
    static const int64_t depths[] = {1, 2, 191, 192, 193, 255, 256, 257, 513, 1031};
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) check_product(product, 5, 27, depths[i], 1, i % 2);
    check_product(product, 61, 131, 67, 3, true); /* enough rows to copy strips of B */
    check_product(product, 64, 96, 192, 0, false);
}
END_TEST

enum { CELLS = 13, TAPS = 4, EACH_PITCH = LONGEST + 3, EACH_SHIFT = 7, MOST_CHANNELS = 4 };

static float each_a[(CELLS + TAPS) * EACH_PITCH + EACH_SHIFT], each_b[TAPS * MOST_CHANNELS * LONGEST];
static float each_c[CELLS * STRIDE], each_before[CELLS * STRIDE];

/* What belongs at cell i, column j: t's sum there, or what was there before. */
static float each_wanted(const cvs__tile_each *t, int i, int j) {
    if (i >= t->rows || j >= t->columns) return each_before[i * STRIDE + j];
    float sum = t->ending.bias ? t->ending.bias[j] : 0;
    for (int tap = 0; tap < t->taps; tap++) {
        const float *a = t->a[tap] + t->shift + i * t->pitch + j / t->group_filters * t->group_channels;
        for (int c = 0; c < t->group_channels; c++) sum += a[c] * t->b[(tap * t->group_channels + c) * t->ldb + j];
    }
    return sum < t->ending.low ? t->ending.low : sum > t->ending.high ? t->ending.high : sum;
}

/* Whole numbers: exact in any order. A tap reads cells from its own on; gaps between cells must not be touched. */
static void check_each(void (*tile)(const cvs__tile_each *), cvs__tile_each t) {
    static const float *const taps[TAPS] = {each_a, each_a + 3 * EACH_PITCH, each_a + EACH_PITCH,
                                            each_a + 2 * EACH_PITCH};
    uint64_t state = (uint64_t)(t.rows * 1009 + t.columns);
    fill_whole(each_a, sizeof each_a / sizeof *each_a, &state);
    fill_whole(each_b, sizeof each_b / sizeof *each_b, &state);
    fill_whole(each_c, CELLS * STRIDE, &state), fill_whole(w, LONGEST, &state);
    memcpy(each_before, each_c, sizeof each_c);
    const bool ending = (t.rows + t.columns) % 2;
    t.taps = TAPS, t.a = taps, t.shift = EACH_SHIFT, t.pitch = EACH_PITCH;
    t.b = each_b, t.ldb = LONGEST, t.c = each_c, t.ldc = STRIDE;
    t.ending = (cvs__ending){false, ending ? w : NULL, ending ? 0 : -INFINITY, ending ? 6 : INFINITY};
    tile(&t);
    for (int i = 0; i < CELLS; i++) {
        for (int j = 0; j < STRIDE; j++) {
            const float is = each_c[i * STRIDE + j], wanted = each_wanted(&t, i, j);
            if (is != wanted)
                ck_abort_msg("%dx%d: (%d, %d) is %g, not %g", (int)t.rows, (int)t.columns, i, j, (double)is,
                             (double)wanted);
        }
    }
}

START_TEST(a_filter_for_each_channel_is_exact_on_whole_numbers) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int rows = 1; rows <= CELLS; rows++)
        for (int columns = 1; columns <= LONGEST; columns++)
            check_each(kernels->tile_each,
                       (cvs__tile_each){.rows = rows, .columns = columns, .group_channels = 1, .group_filters = 1});
}
END_TEST

/* Up to as many channels and filters as the narrowest vector has lanes. */
START_TEST(groups_are_exact_on_whole_numbers) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int channels = 1; channels <= MOST_CHANNELS; channels++)
        for (int filters = 1; filters <= 4; filters++)
            for (int groups = 1; groups <= 17; groups += 2)
                check_each(kernels->tile_groups, (cvs__tile_each){.rows = 1 + groups % CELLS,
                                                                  .columns = groups * filters,
                                                                  .group_channels = channels,
                                                                  .group_filters = filters});
}
END_TEST

Suite *kernels_suite(void) {
    Suite *suite = suite_create("kernels");
    TCase *core = tcase_create("core");
    const int levels = (int)cvs_isa_detect() + 1;
    tcase_add_loop_test(core, axpy_and_multiply_add, 0, levels);
    tcase_add_loop_test(core, finish_adds_the_bias_and_cuts_below_zero, 0, levels);
    tcase_add_loop_test(core, finish_keeps_nan_and_infinity, 0, levels);
    tcase_add_loop_test(core, products_are_exact_on_whole_numbers, 0, levels);
    tcase_add_loop_test(core, a_filter_for_each_channel_is_exact_on_whole_numbers, 0, levels);
    tcase_add_loop_test(core, groups_are_exact_on_whole_numbers, 0, levels);
    suite_add_tcase(suite, core);
    return suite;
}
