#include "product_blocked.h"
#include "simd_avx512.h"

enum { ROWS = 8, VECTORS = 3, COLUMNS = VECTORS * CVS__LANES_512 };

/*
 * One tile of `rows` x `vectors`*16, both compile-time constants where this is inlined: 8 x 3 sums, 3 vectors of
 * B and a broadcast of A take 28 of the 32 registers. Only the last vector may be incomplete.
 */
static inline __attribute__((always_inline)) void run_fixed(const cvs__product *p, const int rows, const int vectors) {
    const int last = vectors - 1;
    const __mmask16 tail = cvs__tail_512(p->n - last * CVS__LANES_512);
    __m512 sum[ROWS][VECTORS];
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 3
        for (int v = 0; v < vectors; v++) sum[i][v] = _mm512_setzero_ps();

    const float *b = p->b;
    for (int64_t k = 0; k < p->k; k++, b += p->ldb) {
        __m512 of_b[VECTORS];
#pragma GCC unroll 3
        for (int v = 0; v < vectors; v++)
            of_b[v] = v < last ? _mm512_loadu_ps(b + v * CVS__LANES_512)
                               : _mm512_maskz_loadu_ps(tail, b + v * CVS__LANES_512);
#pragma GCC unroll 8
        for (int i = 0; i < rows; i++) {
            const __m512 of_a = _mm512_set1_ps(p->a[i * p->lda + k]);
#pragma GCC unroll 3
            for (int v = 0; v < vectors; v++) sum[i][v] = _mm512_fmadd_ps(of_a, of_b[v], sum[i][v]);
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 3
        for (int v = 0; v < vectors; v++) {
            float *c = p->c + i * p->ldc + v * CVS__LANES_512;
            const __mmask16 mask = v < last ? (__mmask16)0xffff : tail;
            if (p->accumulate) sum[i][v] = _mm512_add_ps(sum[i][v], _mm512_maskz_loadu_ps(mask, c));
            _mm512_mask_storeu_ps(c, mask, sum[i][v]);
        }
    }
}

static inline __attribute__((always_inline)) void run_rows(const cvs__product *p, const int rows) {
    switch ((p->n + CVS__LANES_512 - 1) / CVS__LANES_512) {
    case 1:
        run_fixed(p, rows, 1);
        break;
    case 2:
        run_fixed(p, rows, 2);
        break;
    default:
        run_fixed(p, rows, 3);
        break;
    }
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
    case 4:
        run_rows(p, 4);
        break;
    case 5:
        run_rows(p, 5);
        break;
    case 6:
        run_rows(p, 6);
        break;
    case 7:
        run_rows(p, 7);
        break;
    default:
        run_rows(p, 8);
        break;
    }
}

static const cvs__register_tile tile = {.rows = ROWS, .columns = COLUMNS, .depth = 192, .run = run_tile};

void cvs__product_avx512(const cvs__product *product) { cvs__product_blocked(&tile, product); }
