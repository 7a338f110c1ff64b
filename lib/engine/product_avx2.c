#include "product_blocked.h"

#include <immintrin.h>

enum { LANES = 8, ROWS = 4, VECTORS = 3, COLUMNS = VECTORS * LANES };

/* All ones in the first `left` (0..8) lanes: masked-off lanes are neither read nor written. */
static inline __m256i tail_mask(int64_t left) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)left), lane);
}

/*
 * One tile of `rows` x `vectors`*8, both compile-time constants where this is inlined: 4 x 3 sums, 3 vectors of B
 * and a broadcast of A take all 16 registers. Only the last vector may be incomplete.
 */
static inline __attribute__((always_inline)) void run_fixed(const cvs__product *p, const int rows, const int vectors,
                                                            const bool whole) {
    const int last = whole ? vectors : vectors - 1;
    const __m256i tail = tail_mask(p->n - (vectors - 1) * LANES);
    __m256 sum[ROWS][VECTORS];
#pragma GCC unroll 4
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 3
        for (int v = 0; v < vectors; v++) sum[i][v] = _mm256_setzero_ps();

    const float *b = p->b;
    for (int64_t k = 0; k < p->k; k++, b += p->ldb) {
        __m256 of_b[VECTORS];
#pragma GCC unroll 3
        for (int v = 0; v < vectors; v++)
            of_b[v] = v < last ? _mm256_loadu_ps(b + v * LANES) : _mm256_maskload_ps(b + v * LANES, tail);
#pragma GCC unroll 4
        for (int i = 0; i < rows; i++) {
            const __m256 of_a = _mm256_broadcast_ss(p->a + i * p->lda + k);
#pragma GCC unroll 3
            for (int v = 0; v < vectors; v++) sum[i][v] = _mm256_fmadd_ps(of_a, of_b[v], sum[i][v]);
        }
    }
#pragma GCC unroll 4
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 3
        for (int v = 0; v < vectors; v++) {
            float *c = p->c + i * p->ldc + v * LANES;
            const __m256i mask = v < last ? _mm256_set1_epi32(-1) : tail;
            if (p->accumulate) sum[i][v] = _mm256_add_ps(sum[i][v], _mm256_maskload_ps(c, mask));
            _mm256_maskstore_ps(c, mask, sum[i][v]);
        }
    }
}

static inline __attribute__((always_inline)) void run_rows(const cvs__product *p, const int rows) {
    if (p->n == COLUMNS)
        run_fixed(p, rows, 3, true);
    else if (p->n > 2 * LANES)
        run_fixed(p, rows, 3, false);
    else if (p->n > LANES)
        run_fixed(p, rows, 2, false);
    else
        run_fixed(p, rows, 1, false);
}

static void run_tile(const cvs__product *p) {
    switch (p->m) {
    case 1:
        run_rows(p, 1);
        break;
    case 2:
        run_rows(p, 2);
        break;
    case 3:
        run_rows(p, 3);
        break;
    default:
        run_rows(p, 4);
        break;
    }
}

static const cvs__register_tile tile = {.rows = ROWS, .columns = COLUMNS, .depth = 256, .run = run_tile};

void cvs__product_avx2(const cvs__product *product) { cvs__product_blocked(&tile, product); }
