/* lines_body.h - loops over lines of numbers, for every level; include a simd_*.h before. */
#include "kernels.h"

#include <math.h>

static void axpy(float *y, const float *x, float a, int64_t count) {
    const vec factor = vec_all(a);
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) vec_store(y + i, vec_fma(factor, vec_load(x + i), vec_load(y + i)));
    if (i == count) return;
    const vec_mask tail = vec_first(count - i);
    vec_store_part(y + i, vec_fma(factor, vec_load_part(x + i, tail), vec_load_part(y + i, tail)), tail);
}

static void multiply_add(float *y, const float *x, const float *w, int64_t count) {
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) vec_store(y + i, vec_fma(vec_load(w + i), vec_load(x + i), vec_load(y + i)));
    if (i == count) return;
    const vec_mask tail = vec_first(count - i);
    const vec product = vec_mul(vec_load_part(w + i, tail), vec_load_part(x + i, tail));
    vec_store_part(y + i, vec_add(product, vec_load_part(y + i, tail)), tail);
}

/* A floor of minus infinity changes nothing: one loop serves with and without relu. */
static vec floor_for(bool relu) { return vec_all(relu ? 0 : -INFINITY); }

static void finish_rows(const cvs__block *block, const float *bias, bool relu) {
    const vec low = floor_for(relu), high = vec_all(INFINITY);
    const int64_t whole = block->columns / LANES * LANES;
    const vec_mask tail = vec_first(block->columns - whole);
    for (int64_t r = 0; r < block->rows; r++) {
        float *row = block->data + r * block->stride;
        const vec b = vec_all(bias[r]);
        for (int64_t c = 0; c < whole; c += LANES)
            vec_store(row + c, vec_clamp(vec_add(vec_load(row + c), b), low, high));
        if (whole < block->columns)
            vec_store_part(row + whole, vec_clamp(vec_add(vec_load_part(row + whole, tail), b), low, high), tail);
    }
}

static void finish_columns(const cvs__block *block, const float *bias, bool relu) {
    const vec low = floor_for(relu), high = vec_all(INFINITY);
    const int64_t whole = block->columns / LANES * LANES;
    const vec_mask tail = vec_first(block->columns - whole);
    for (int64_t r = 0; r < block->rows; r++) {
        float *row = block->data + r * block->stride;
        for (int64_t c = 0; c < whole; c += LANES)
            vec_store(row + c, vec_clamp(vec_add(vec_load(row + c), vec_load(bias + c)), low, high));
        if (whole == block->columns) continue;
        const vec sum = vec_add(vec_load_part(row + whole, tail), vec_load_part(bias + whole, tail));
        vec_store_part(row + whole, vec_clamp(sum, low, high), tail);
    }
}
