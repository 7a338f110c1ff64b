/* phase_body.h - every so many numbers of every so many lines; include a simd_*.h before. */
#include "kernels.h"

/* `stride` is a compile-time constant, 0 standing for what the phase says. */
static inline __attribute__((always_inline)) void copy_phase_by(const cvs__phase *p, const int stride) {
    const int64_t whole = p->columns / LANES, rest = p->columns % LANES, step = (stride ? stride : p->stride) * LANES;
    const vec_mask tail = vec_first(rest), all = vec_first(LANES);
    const vec_pair_mask tail_pair = vec_pair_mask_of_bits((1U << rest) - 1);
    const vec_pair_mask all_pair = vec_pair_mask_of_bits((1U << (LANES - 1)) * 2U - 1);
    for (int64_t y = 0; y < p->lines; y++) {
        const float *from = p->from + y * p->from_pitch;
        float *to = p->to + y * p->to_pitch;
        for (int64_t v = 0; v < whole; v++, from += step, to += LANES)
            vec_store(to, stride == 1   ? vec_load(from)
                          : stride == 2 ? vec_load_second(from, all_pair)
                                        : vec_load_each(from, p->stride, all));
        if (rest)
            vec_store_part(to,
                           stride == 1   ? vec_load_part(from, tail)
                           : stride == 2 ? vec_load_second(from, tail_pair)
                                         : vec_load_each(from, p->stride, tail),
                           tail);
    }
}

/* How many of lanes 0, 1, ... from number `from` on there are below `count`. */
static inline vec_mask lanes_left(int64_t from, int64_t count) { return vec_first(count > from ? count - from : 0); }

/* Every second number of the lines, and those between. */
static void copy_both(const cvs__phase *p) {
    const int64_t all = p->columns > p->odd_columns ? 2 * p->columns - 1 : 2 * p->odd_columns;
    for (int64_t y = 0; y < p->lines; y++) {
        const float *from = p->from + y * p->from_pitch;
        float *even = p->to + y * p->to_pitch, *odd = p->odd + y * p->to_pitch;
        for (int64_t x = 0; 2 * x < all; x += LANES) {
            vec evens, odds;
            vec_part(vec_load_part(from + 2 * x, lanes_left(2 * x, all)),
                     vec_load_part(from + 2 * x + LANES, lanes_left(2 * x + LANES, all)), &evens, &odds);
            vec_store_part(even + x, evens, lanes_left(x, p->columns));
            vec_store_part(odd + x, odds, lanes_left(x, p->odd_columns));
        }
    }
}

static void copy_phase(const cvs__phase *p) {
    if (p->odd)
        copy_both(p);
    else if (p->stride == 1)
        copy_phase_by(p, 1);
    else if (p->stride == 2)
        copy_phase_by(p, 2);
    else
        copy_phase_by(p, 0);
}
