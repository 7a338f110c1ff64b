#include "product_blocked.h"

#include <string.h>

/* Four floats, in GCC's and Clang's own spelling: one register wherever the CPU has such, four elsewhere. */
typedef float vector __attribute__((vector_size(16)));

enum { LANES = 4, ROWS = 4, VECTORS = 2, COLUMNS = VECTORS * LANES };

static vector load(const float *from) {
    vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

static void store(float *to, vector v) { memcpy(to, &v, sizeof v); }

static void whole_tile(const cvs__product *p) {
    vector sum[ROWS][VECTORS] = {{{0}}};
    for (int64_t k = 0; k < p->k; k++) {
        const float *b = p->b + k * p->ldb;
        const vector b0 = load(b), b1 = load(b + LANES);
#pragma GCC unroll 4
        for (int i = 0; i < ROWS; i++) {
            const float a = p->a[i * p->lda + k];
            sum[i][0] += a * b0;
            sum[i][1] += a * b1;
        }
    }
#pragma GCC unroll 4
    for (int i = 0; i < ROWS; i++) {
        float *c = p->c + i * p->ldc;
        store(c, p->accumulate ? load(c) + sum[i][0] : sum[i][0]);
        store(c + LANES, p->accumulate ? load(c + LANES) + sum[i][1] : sum[i][1]);
    }
}

static void part_of_a_tile(const cvs__product *p) {
    for (int64_t i = 0; i < p->m; i++) {
        for (int64_t j = 0; j < p->n; j++) {
            float sum = 0;
            for (int64_t k = 0; k < p->k; k++) sum += p->a[i * p->lda + k] * p->b[k * p->ldb + j];
            float *c = p->c + i * p->ldc + j;
            *c = p->accumulate ? *c + sum : sum;
        }
    }
}

static void run_tile(const cvs__product *p) {
    if (p->m == ROWS && p->n == COLUMNS)
        whole_tile(p);
    else
        part_of_a_tile(p);
}

static const cvs__register_tile tile = {.rows = ROWS, .columns = COLUMNS, .depth = 512, .run = run_tile};

void cvs__product_portable(const cvs__product *product) { cvs__product_blocked(&tile, product); }
