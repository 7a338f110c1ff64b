/* phase_body.h - every so many numbers of every so many lines, with zeros around; include a simd_*.h before. */
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
        for (int64_t x = 0; x < p->before; x++) *to++ = 0;
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
        to += rest;
        for (int64_t x = 0; x < p->after; x++) *to++ = 0;
    }
}

static void copy_phase(const cvs__phase *p) {
    if (p->stride == 1)
        copy_phase_by(p, 1);
    else if (p->stride == 2)
        copy_phase_by(p, 2);
    else
        copy_phase_by(p, 0);
}
