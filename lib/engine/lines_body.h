/* lines_body.h - loops over lines of numbers, for every level; include a simd_*.h before. */
#include "kernels.h"

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

static void finish_rows(const cvs__block *block, const cvs__ending *ending) {
    const vec low = vec_all(ending->low), high = vec_all(ending->high);
    const int64_t whole = block->columns / LANES * LANES;
    const vec_mask tail = vec_first(block->columns - whole);
    for (int64_t r = 0; r < block->rows; r++) {
        float *row = block->data + r * block->stride;
        const vec b = vec_all(ending->bias ? ending->bias[r] : 0);
        for (int64_t c = 0; c < whole; c += LANES)
            vec_store(row + c, vec_clamp(vec_add(vec_load(row + c), b), low, high));
        if (whole < block->columns)
            vec_store_part(row + whole, vec_clamp(vec_add(vec_load_part(row + whole, tail), b), low, high), tail);
    }
}

static vec bias_at(const cvs__ending *ending, int64_t column, vec_mask mask) {
    return ending->bias ? vec_load_part(ending->bias + column, mask) : vec_all(0);
}

static void finish_columns(const cvs__block *block, const cvs__ending *ending) {
    const vec low = vec_all(ending->low), high = vec_all(ending->high);
    const int64_t whole = block->columns / LANES * LANES;
    const vec_mask all = vec_first(LANES), tail = vec_first(block->columns - whole);
    for (int64_t r = 0; r < block->rows; r++) {
        float *row = block->data + r * block->stride;
        for (int64_t c = 0; c < whole; c += LANES)
            vec_store(row + c, vec_clamp(vec_add(vec_load(row + c), bias_at(ending, c, all)), low, high));
        if (whole == block->columns) continue;
        const vec sum = vec_add(vec_load_part(row + whole, tail), bias_at(ending, whole, tail));
        vec_store_part(row + whole, vec_clamp(sum, low, high), tail);
    }
}
