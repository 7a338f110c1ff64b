/* plane_body.h - one filter over the planes that it sees; include a simd_*.h before. */
#include "tile_sums.h"

enum { PLANE_VECTORS = 8 }; /* of one line at once: more sums in flight than an addition takes cycles */

/* `vectors` neighbouring vectors of one output line, the last of which `mask` may cut. */
ALWAYS_INLINE void run_plane_vectors(const cvs__plane *p, const float *b, float *c, int vectors, vec_mask mask) {
    const vec low = vec_all(p->ending.low), high = vec_all(p->ending.high);
    const vec start = vec_all(p->ending.bias ? *p->ending.bias : 0);
    const bool whole = vectors > 1;
    vec sum[PLANE_VECTORS];
#pragma GCC unroll 8
    for (int v = 0; v < vectors; v++) sum[v] = start;
    for (int64_t k = 0; k < p->depth; k++) {
        const vec a = vec_all(p->a[k]);
        const float *from = b + p->offsets[k];
#pragma GCC unroll 8
        for (int v = 0; v < vectors; v++)
            sum[v] = vec_fma(a, whole ? vec_load(from + v * LANES) : vec_load_part(from, mask), sum[v]);
    }
#pragma GCC unroll 8
    for (int v = 0; v < vectors; v++) {
        const vec x = vec_clamp(sum[v], low, high);
        if (whole)
            vec_store(c + v * LANES, x);
        else
            vec_store_part(c, x, mask);
    }
}

static void run_plane(const cvs__plane *p) {
    const vec_mask all = vec_first(LANES), tail = vec_first(p->columns % LANES);
    for (int64_t line = 0; line < p->lines; line++) {
        const float *b = p->b + line * p->pitch;
        float *c = p->c + line * p->columns;
        int64_t left = p->columns / LANES;
        for (; left >= PLANE_VECTORS; left -= PLANE_VECTORS, b += PLANE_VECTORS * LANES, c += PLANE_VECTORS * LANES)
            run_plane_vectors(p, b, c, PLANE_VECTORS, all);
        if (left & 4) run_plane_vectors(p, b, c, 4, all), b += 4 * LANES, c += 4 * LANES;
        if (left & 2) run_plane_vectors(p, b, c, 2, all), b += 2 * LANES, c += 2 * LANES;
        if (left & 1) run_plane_vectors(p, b, c, 1, all), b += LANES, c += LANES;
        if (p->columns % LANES) run_plane_vectors(p, b, c, 1, tail);
    }
}
