/* tile_each_body.h - the tile for channels-last data with a filter for each channel; include a simd_*.h before. */
#include "tile_sums.h"

ALWAYS_INLINE vec load_channels(const float *p, bool whole, vec_mask mask) {
    return whole ? vec_load(p) : vec_load_part(p, mask);
}

/* `rows` cells at `vectors` neighbouring vectors of channels, the last of which `mask` may cut. A vector of weights
   that is loaded once serves all cells. */
ALWAYS_INLINE void run_each(const cvs__tile_each *t, int64_t row, int64_t column, int rows, int vectors,
                            vec_mask mask) {
    const vec low = vec_all(t->ending.low), high = vec_all(t->ending.high);
    const bool whole = vectors > 1;
    const float *b = t->b + column;
    const int64_t shift = t->shift + row * t->pitch + column;
    vec sum[CVS__TILE_ROWS][VECTORS_AT_ONCE];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
        vec start = vec_all(0);
        if (t->ending.bias) start = load_channels(t->ending.bias + column + v * LANES, whole, mask);
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) sum[i][v] = start;
    }
    for (int64_t tap = 0; tap < t->taps; tap++, b += t->ldb) {
        const float *a = t->a[tap] + shift;
        vec of_b[VECTORS_AT_ONCE];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) of_b[v] = load_channels(b + v * LANES, whole, mask);
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) {
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++) {
                const float *from = a + i * t->pitch + v * LANES;
                sum[i][v] = vec_fma(load_channels(from, whole, mask), of_b[v], sum[i][v]);
            }
        }
    }
    float *c = t->c + row * t->ldc + column;
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            const vec x = vec_clamp(sum[i][v], low, high);
            if (whole)
                vec_store(c + i * t->ldc + v * LANES, x);
            else
                vec_store_part(c + i * t->ldc, x, mask);
        }
    }
}

/* All cells at some vectors of channels: as many cells at once as sums fit into registers. */
ALWAYS_INLINE void run_each_vectors(const cvs__tile_each *t, int64_t column, int vectors, vec_mask mask) {
    int64_t row = 0;
    for (; row + 6 <= t->rows; row += 6) run_each(t, row, column, 6, vectors, mask);
    const int64_t left = t->rows - row;
    if (left & 4) run_each(t, row, column, 4, vectors, mask), row += 4;
    if (left & 2) run_each(t, row, column, 2, vectors, mask), row += 2;
    if (left & 1) run_each(t, row, column, 1, vectors, mask);
}

static void run_tile_each(const cvs__tile_each *t) {
    int64_t column = 0;
    const int64_t wide = VECTORS_AT_ONCE * LANES;
    for (; column + wide <= t->columns; column += wide) run_each_vectors(t, column, VECTORS_AT_ONCE, vec_first(LANES));
    if (VECTORS_AT_ONCE > 2 && column + 2 * LANES <= t->columns) {
        run_each_vectors(t, column, 2, vec_first(LANES));
        column += 2 * LANES;
    }
    for (; column < t->columns; column += LANES) run_each_vectors(t, column, 1, vec_first(t->columns - column));
}
