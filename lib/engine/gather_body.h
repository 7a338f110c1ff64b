/* gather_body.h - lines of a channels-first input into the rows of a tile's B; include a simd_*.h before. */
#include "kernels.h"

enum { MOST_GATHERED = 64 / LANES, FETCHED_LINE = 16 };

/* `stride` is a compile-time constant, 0 standing for what the gathering says. */
static inline __attribute__((always_inline)) void gather_by(const cvs__gathering *g, const int stride) {
    const int64_t whole = g->columns / LANES, step = (stride ? stride : g->stride) * LANES;
    const vec_mask tail = vec_first(g->columns - whole * LANES);
    vec_mask inside[MOST_GATHERED + 1];
    vec_pair_mask pairs[MOST_GATHERED + 1];
    for (int64_t v = 0; v * LANES < g->columns; v++) {
        inside[v] = vec_mask_of_bits((uint32_t)(g->inside >> v * LANES));
        pairs[v] = vec_pair_mask_of_bits((uint32_t)(g->inside >> v * LANES));
    }
    for (int64_t row = 0; row < g->rows; row++) {
        const float *from = g->from + row * g->from_pitch;
        float *to = g->to + row * g->to_pitch;
        for (int64_t v = 0; v * LANES < g->columns; v++, from += step, to += LANES) {
            const vec x = stride == 1   ? vec_load_part(from, inside[v])
                          : stride == 2 ? vec_load_second(from, pairs[v])
                                        : vec_load_each(from, g->stride, inside[v]);
            if (v < whole)
                vec_store(to, x);
            else
                vec_store_part(to, x, tail);
        }
        for (int64_t i = 0; g->fetch_next && i < g->columns; i += FETCHED_LINE) __builtin_prefetch(from + i);
    }
}

static void gather(const cvs__gathering *g) {
    if (g->stride == 1)
        gather_by(g, 1);
    else if (g->stride == 2)
        gather_by(g, 2);
    else
        gather_by(g, 0);
}
