/* tile_last_body.h - the tile for channels-last data; include a simd_*.h before. */
#include "tile_sums.h"

ALWAYS_INLINE void start_last(const cvs__tile_last *t, const tile_target *to, tile_sums *sums, int rows, int vectors) {
    const bool biased = t->ending.bias && !t->ending.accumulate;
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
        const vec start = biased ? load_column(t->ending.bias + v * LANES, v, vectors, to) : vec_all(0);
#pragma GCC unroll 8
        for (int i = 0; i < rows; i++) sums->of[i][v] = start;
    }
}

/* `a`: the pointers of the tile. */
ALWAYS_INLINE void run_last(const cvs__tile_last *t, const float *const *a, const tile_target *to, int rows,
                            int vectors) {
    tile_sums sums;
    start_last(t, to, &sums, rows, vectors);
    const float *b = t->b;
    for (int64_t segment = t->segment0; segment < t->segment1; segment++) {
        const float *row[CVS__TALL_TILE_ROWS];
#pragma GCC unroll 8
        for (int i = 0; i < rows; i++) row[i] = a[segment * rows + i] + t->shift;
        for (int64_t k = 0; k < t->depth; k++, b += t->ldb) {
            vec of_b[VECTORS_AT_ONCE];
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++) of_b[v] = vec_load(b + v * LANES);
#pragma GCC unroll 8
            for (int i = 0; i < rows; i++) {
                const vec of_a = vec_all(row[i][k]);
#pragma GCC unroll 4
                for (int v = 0; v < vectors; v++) sums.of[i][v] = vec_fma(of_a, of_b[v], sums.of[i][v]);
            }
        }
    }
    finish_sums(&sums, to, &t->ending, rows, vectors);
}

/* The rows that are left when no whole tile is: fewer than 8. */
ALWAYS_INLINE void run_last_rest(const cvs__tile_last *t, const float *const *a, const tile_target *to, int64_t rows,
                                 int vectors) {
    switch (rows) {
    case 1:
        run_last(t, a, to, 1, vectors);
        break;
    case 2:
        run_last(t, a, to, 2, vectors);
        break;
    case 3:
        run_last(t, a, to, 3, vectors);
        break;
    case 4:
        run_last(t, a, to, 4, vectors);
        break;
    case 5:
        run_last(t, a, to, 5, vectors);
        break;
    case 6:
        run_last(t, a, to, 6, vectors);
        break;
    default:
        run_last(t, a, to, 7, 1);
        break;
    }
}

ALWAYS_INLINE void run_last_tiles(const cvs__tile_last *t, int height, int vectors) {
    tile_target to = {t->c, t->ldc, vec_first(t->columns - (vectors - 1) * LANES), t->columns % LANES == 0};
    const float *const *a = t->a;
    int64_t rows = t->rows;
    for (; rows >= height; rows -= height, a += height * t->segments, to.c += height * t->ldc)
        run_last(t, a, &to, height, vectors);
    if (rows > 0) run_last_rest(t, a, &to, rows, vectors);
}

static void run_tile_last(const cvs__tile_last *t) {
    const int64_t vectors = (t->columns + LANES - 1) / LANES;
    if (vectors == 1 && t->height == CVS__TALL_TILE_ROWS)
        run_last_tiles(t, CVS__TALL_TILE_ROWS, 1);
    else if (vectors == 1)
        run_last_tiles(t, CVS__TILE_ROWS, 1);
    else if (vectors == 2)
        run_last_tiles(t, CVS__TILE_ROWS, 2);
    else if (vectors == 3)
        run_last_tiles(t, CVS__TILE_ROWS, VECTORS_AT_ONCE < 3 ? VECTORS_AT_ONCE : 3);
    else
        run_last_tiles(t, CVS__TILE_ROWS, VECTORS_AT_ONCE);
}
