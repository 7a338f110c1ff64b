/* gather_body.h - lines of a channels-first input into the rows of a tile's B; include a simd_*.h before. */
#include "kernels.h"

static void gather(const cvs__gathering *g) {
    for (int64_t row = 0; row < g->rows; row++) {
        const float *from = g->from + row * g->from_pitch;
        float *to = g->to + row * g->to_pitch;
        for (int64_t i = 0; i < g->columns; i += LANES) {
            const vec_mask inside = vec_mask_of_bits((uint32_t)(g->inside >> i));
            const vec v = g->stride == 1   ? vec_load_part(from + i, inside)
                          : g->stride == 2 ? vec_load_second(from + 2 * i, (uint32_t)(g->inside >> i))
                                           : vec_load_each(from + g->stride * i, g->stride, inside);
            if (g->columns - i >= LANES)
                vec_store(to + i, v);
            else
                vec_store_part(to + i, v, vec_first(g->columns - i));
        }
    }
}
