#include "proof_cases.h"

#include <math.h>

/* Sizes around the register tiles of the usual kernels (4, 6, 8, 12, 14, 16, 24, 32, 48 and one off), single rows,
   columns and depths, a depth past one cache block, and sizes past the limit (100^3) of OpenBLAS's small path. */
const cvs__proof_case cvs__proof_cases[] = {
    {1, 1, 1, 0, false},     {1, 1, 1, 3, true},      {1, 17, 5, 0, false},    {17, 1, 5, 1, true},
    {3, 5, 7, 0, false},     {3, 5, 7, 2, true},      {2, 2, 2, 0, true},      {4, 4, 4, 5, false},
    {5, 3, 1, 0, false},     {5, 3, 1, 4, true},      {1, 64, 64, 0, false},   {64, 1, 64, 7, false},
    {64, 64, 1, 0, true},    {7, 13, 11, 3, false},   {8, 16, 4, 0, false},    {8, 16, 32, 1, true},
    {9, 17, 33, 0, false},   {15, 31, 16, 1, true},   {16, 32, 64, 0, false},  {16, 33, 63, 6, false},
    {17, 31, 65, 0, true},   {23, 47, 29, 1, false},  {24, 48, 27, 0, true},   {25, 49, 27, 5, false},
    {31, 2, 100, 0, false},  {2, 31, 100, 1, true},   {32, 64, 9, 0, false},   {33, 65, 9, 1, true},
    {48, 48, 48, 0, false},  {49, 47, 50, 2, true},   {64, 49, 128, 0, false}, {6, 196, 75, 3, false},
    {13, 7, 1031, 0, false}, {97, 103, 101, 1, true}, {96, 112, 104, 0, true}, {131, 67, 129, 2, false},
};
const int cvs__proof_case_count = sizeof cvs__proof_cases / sizeof *cvs__proof_cases;

/* Marsaglia's xorshift32 (2003), into [-1, 1): the proof must not depend on the C library's generator. */
static float next_real(uint32_t *state) {
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    *state = x;
    return (float)(x >> 8) * 0x1p-23F - 1.0F;
}

static void fill(float *data, int64_t count, uint32_t *state) {
    for (int64_t i = 0; i < count; i++) data[i] = next_real(state);
}

/* What no product may touch, and what one that does not accumulate must overwrite. */
static void fill_with_nan(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) data[i] = NAN;
}

/* No case is wider. */
enum { WIDEST = 256 };

/* The plain sums of one row, and the sums of their terms' absolute values; row-wise, since proving delays the start. */
typedef struct row_sums {
    double sum[WIDEST], size[WIDEST];
} row_sums;

static void sum_row(const cvs__product *p, int64_t i, const float *before, row_sums *row) {
    for (int64_t j = 0; j < p->n; j++) {
        row->sum[j] = p->accumulate ? (double)before[j] : 0;
        row->size[j] = fabs(row->sum[j]);
    }
    for (int64_t k = 0; k < p->k; k++) {
        const double a = (double)p->a[i * p->lda + k];
        const float *b = p->b + k * p->ldb;
        for (int64_t j = 0; j < p->n; j++) {
            row->sum[j] += a * (double)b[j];
            row->size[j] += fabs(a * (double)b[j]);
        }
    }
}

/* Any order of k + 1 terms errs by at most (k + 1)*u*sum|terms| to first order (Higham, Accuracy and Stability, 4.2);
   twice that leaves room for the higher orders and the final rounding. NaN is within no bound. */
static bool row_is_right(const cvs__product *p, int64_t i, const float *before) {
    row_sums row;
    const float *found = p->c + i * p->ldc;
    sum_row(p, i, before, &row);
    for (int64_t j = 0; j < p->ldc; j++) {
        const bool right = j < p->n
                               ? fabs((double)found[j] - row.sum[j]) <= 2 * (double)(p->k + 1) * 0x1p-24 * row.size[j]
                               : isnan(found[j]);
        if (!right) return false;
    }
    return true;
}

static bool result_is_right(const cvs__product *p, const float *before) {
    for (int64_t i = 0; i < p->m; i++)
        if (!row_is_right(p, i, before + i * p->ldc)) return false;
    return true;
}

static bool case_passes(const cvs__proof_case *one, cvs__product_fn product, float *memory) {
    const int64_t lda = one->k + one->gap, ldb = one->n + one->gap, ldc = one->n + one->gap;
    float *a = memory, *b = a + one->m * lda, *c = b + one->k * ldb, *before = c + one->m * ldc;
    const cvs__product p = {one->m, one->n, one->k, a, lda, b, ldb, c, ldc, one->accumulate};
    uint32_t state = (uint32_t)(one->m * 73856093 ^ one->n * 19349663 ^ one->k * 83492791) | 1;
    fill(a, one->m * lda, &state);
    fill(b, one->k * ldb, &state);
    fill_with_nan(c, one->m * ldc);
    for (int64_t i = 0; one->accumulate && i < one->m; i++) fill(c + i * ldc, one->n, &state);
    for (int64_t i = 0; i < one->m * ldc; i++) before[i] = c[i];
    product(&p);
    return result_is_right(&p, before);
}

size_t cvs__proof_floats(void) {
    int64_t most = 0;
    for (int i = 0; i < cvs__proof_case_count; i++) {
        const cvs__proof_case *c = &cvs__proof_cases[i];
        int64_t floats = c->m * (c->k + c->gap) + (c->k + 2 * c->m) * (c->n + c->gap);
        if (floats > most) most = floats;
    }
    return (size_t)most;
}

int cvs__proof_compute(cvs__product_fn product, float *memory, volatile int *at) {
    for (int i = 0; i < cvs__proof_case_count; i++) {
        *at = i;
        if (!case_passes(&cvs__proof_cases[i], product, memory)) return i;
    }
    return -1;
}
