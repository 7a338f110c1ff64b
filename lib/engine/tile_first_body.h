/* tile_first_body.h - the tile for channels-first data; include a simd_*.h before. */
#include "tile_sums.h"

ALWAYS_INLINE void run_first(const cvs__tile_first *t, const tile_target *to, int rows, int vectors) {
    tile_sums sums;
    const bool biased = t->ending.bias && !t->ending.accumulate;
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++) {
        const vec start = vec_all(biased ? t->ending.bias[i] : 0);
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) sums.of[i][v] = start;
    }
    const float *a = t->a;
    for (int64_t k = 0; k < t->depth; k++, a += CVS__TILE_ROWS) {
        const float *b = t->b + t->offsets[k];
        vec of_b[VECTORS_AT_ONCE];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) of_b[v] = load_column(b + v * LANES, v, vectors, to);
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) {
            const vec of_a = vec_all(a[i]);
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++) sums.of[i][v] = vec_fma(of_a, of_b[v], sums.of[i][v]);
        }
    }
    finish_sums(&sums, to, &t->ending, rows, vectors);
}

ALWAYS_INLINE void run_first_rows(const cvs__tile_first *t, const tile_target *to, int vectors) {
    switch (t->rows) {
    case 1:
        run_first(t, to, 1, vectors);
        break;
    case 2:
        run_first(t, to, 2, vectors);
        break;
    case 3:
        run_first(t, to, 3, vectors);
        break;
    case 4:
        run_first(t, to, 4, vectors);
        break;
    case 5:
        run_first(t, to, 5, vectors);
        break;
    default:
        run_first(t, to, 6, vectors);
        break;
    }
}

static void run_tile_first(const cvs__tile_first *t) {
    const int64_t vectors = (t->columns + LANES - 1) / LANES;
    const tile_target to = {t->c, t->ldc, vec_first(t->columns - (vectors - 1) * LANES), t->columns % LANES == 0};
    if (vectors == 1)
        run_first_rows(t, &to, 1);
    else if (vectors == 2)
        run_first_rows(t, &to, 2);
    else if (vectors == 3)
        run_first_rows(t, &to, VECTORS_AT_ONCE < 3 ? VECTORS_AT_ONCE : 3);
    else
        run_first_rows(t, &to, VECTORS_AT_ONCE);
}
