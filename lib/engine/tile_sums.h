/*
 * tile_sums.h - what the bodies of both tiles share; include a simd_*.h before. `rows` and `vectors` are compile-time
 * constants wherever these are inlined, so that the sums stay in registers.
 */
#ifndef CONVSCOPE_ENGINE_TILE_SUMS_H
#define CONVSCOPE_ENGINE_TILE_SUMS_H

#include "tiles.h"

typedef struct tile_sums {
    vec of[CVS__TALL_TILE_ROWS][VECTORS_AT_ONCE];
} tile_sums;

/* Where C lies; only its last vector may be incomplete. */
typedef struct tile_target {
    float *c;
    int64_t ldc;
    vec_mask tail;
    bool whole;
} tile_target;

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE vec load_column(const float *p, int v, int vectors, const tile_target *to) {
    return v < vectors - 1 || to->whole ? vec_load(p) : vec_load_part(p, to->tail);
}

ALWAYS_INLINE void finish_sums(const tile_sums *sums, const tile_target *to, const cvs__ending *ending, int rows,
                               int vectors) {
    const vec low = vec_all(ending->low), high = vec_all(ending->high);
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            float *c = to->c + i * to->ldc + v * LANES;
            vec sum = sums->of[i][v];
            if (ending->accumulate) sum = vec_add(sum, load_column(c, v, vectors, to));
            sum = vec_clamp(sum, low, high);
            if (v < vectors - 1 || to->whole)
                vec_store(c, sum);
            else
                vec_store_part(c, sum, to->tail);
        }
    }
}

#endif
