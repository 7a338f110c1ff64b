/* plane_body.h - one filter over the planes that it sees; include a simd_*.h before. */
#include "tile_sums.h"

enum { PLANE_SUMS = 8 }; /* vectors of sums in flight: more than an addition takes cycles */

/* `vectors` neighbouring vectors of `lines` lines, the last of each cut by `tail`. */
ALWAYS_INLINE void run_plane_block(const cvs__plane *p, const float *b, float *c, const int lines, const int vectors,
                                   vec_mask tail) {
    const vec low = vec_all(p->ending.low), high = vec_all(p->ending.high);
    const vec start = vec_all(p->ending.bias ? *p->ending.bias : 0);
    vec sum[PLANE_SUMS];
#pragma GCC unroll 8
    for (int i = 0; i < lines * vectors; i++) sum[i] = start;
    for (int64_t k = 0; k < p->depth; k++) {
        const vec a = vec_all(p->a[k]);
        const float *from = b + p->offsets[k];
#pragma GCC unroll 4
        for (int l = 0; l < lines; l++) {
#pragma GCC unroll 8
            for (int v = 0; v < vectors; v++) {
                const float *at = from + l * p->pitch + v * LANES;
                const vec x = v < vectors - 1 ? vec_load(at) : vec_load_part(at, tail);
                sum[l * vectors + v] = vec_fma(a, x, sum[l * vectors + v]);
            }
        }
    }
#pragma GCC unroll 4
    for (int l = 0; l < lines; l++) {
#pragma GCC unroll 8
        for (int v = 0; v < vectors; v++) {
            float *at = c + l * p->columns + v * LANES;
            const vec x = vec_clamp(sum[l * vectors + v], low, high);
            if (v < vectors - 1)
                vec_store(at, x);
            else
                vec_store_part(at, x, tail);
        }
    }
}

/* A column of the plane, `vectors` wide: `at_once` lines together, what is left one by one. */
ALWAYS_INLINE void run_plane_column(const cvs__plane *p, int64_t x, const int at_once, const int vectors,
                                    vec_mask tail) {
    int64_t line = 0;
    for (; line + at_once <= p->lines; line += at_once)
        run_plane_block(p, p->b + line * p->pitch + x, p->c + line * p->columns + x, at_once, vectors, tail);
    for (; line < p->lines; line++)
        run_plane_block(p, p->b + line * p->pitch + x, p->c + line * p->columns + x, 1, vectors, tail);
}

static void run_plane(const cvs__plane *p) {
    for (int64_t x = 0; x < p->columns; x += PLANE_SUMS * LANES) {
        const int64_t left = p->columns - x, vectors = (left + LANES - 1) / LANES;
        const vec_mask tail = vec_first(left - (vectors - 1) * LANES);
        if (vectors == 1)
            run_plane_column(p, x, 4, 1, tail);
        else if (vectors == 2)
            run_plane_column(p, x, 4, 2, tail);
        else if (vectors == 3)
            run_plane_column(p, x, 2, 3, tail);
        else if (vectors == 4)
            run_plane_column(p, x, 2, 4, tail);
        else if (vectors == 5)
            run_plane_column(p, x, 1, 5, tail);
        else if (vectors == 6)
            run_plane_column(p, x, 1, 6, tail);
        else if (vectors == 7)
            run_plane_column(p, x, 1, 7, tail);
        else
            run_plane_column(p, x, 1, 8, vec_first(left - (PLANE_SUMS - 1) * LANES));
    }
}
