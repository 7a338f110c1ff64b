/* simd_portable.h - vectors of 4 floats as the compiler makes them on any CPU; see simd_avx512.h. */
#ifndef CONVSCOPE_ENGINE_SIMD_PORTABLE_H
#define CONVSCOPE_ENGINE_SIMD_PORTABLE_H

#include <stdint.h>
#include <string.h>

enum { LANES = 4, VECTORS_AT_ONCE = 2, TILE_COLUMNS = LANES * VECTORS_AT_ONCE };

typedef float vec __attribute__((vector_size(16)));
typedef uint32_t vec_mask; /* a bit a lane */

static inline vec_mask vec_first(int64_t left) { return left >= LANES ? 15 : (1U << left) - 1; }
static inline vec_mask vec_mask_of_bits(uint32_t bits) { return bits & 15; }

static inline vec vec_all(float x) { return (vec){x, x, x, x}; }
static inline vec vec_load(const float *p) {
    vec v;
    memcpy(&v, p, sizeof v);
    return v;
}
static inline void vec_store(float *p, vec v) { memcpy(p, &v, sizeof v); }
static inline vec vec_load_each(const float *p, int64_t stride, vec_mask mask) {
    vec v = {0};
    for (int i = 0; i < LANES; i++)
        if (mask >> i & 1) v[i] = p[i * stride];
    return v;
}
typedef vec_mask vec_pair_mask;
static inline vec_pair_mask vec_pair_mask_of_bits(uint32_t bits) { return vec_mask_of_bits(bits); }
static inline vec vec_load_second(const float *p, vec_pair_mask mask) { return vec_load_each(p, 2, mask); }
static inline vec vec_load_part(const float *p, vec_mask mask) {
    return mask == 15 ? vec_load(p) : vec_load_each(p, 1, mask);
}
static inline void vec_store_part(float *p, vec v, vec_mask mask) {
    for (int i = 0; i < LANES; i++)
        if (mask >> i & 1) p[i] = v[i];
}
typedef int32_t vec_index __attribute__((vector_size(16)));
static inline vec_index vec_index_load(const int32_t *p) {
    vec_index index;
    memcpy(&index, p, sizeof index);
    return index;
}
static inline vec_index vec_index_next(vec_index index) { return index + 1; }
static inline vec vec_pick(vec x, vec_index index) {
    vec picked;
    for (int i = 0; i < LANES; i++) picked[i] = x[index[i] & (LANES - 1)];
    return picked;
}
static inline void vec_part(vec low, vec high, vec *even, vec *odd) {
    *even = (vec){low[0], low[2], high[0], high[2]};
    *odd = (vec){low[1], low[3], high[1], high[3]};
}
static inline vec vec_shift_up(vec x, float first) { return (vec){first, x[0], x[1], x[2]}; }
static inline vec vec_shift_down(vec x, float last) { return (vec){x[1], x[2], x[3], last}; }
static inline vec vec_add(vec a, vec b) { return a + b; }
static inline vec vec_sub(vec a, vec b) { return a - b; }
static inline vec vec_mul(vec a, vec b) { return a * b; }
static inline vec vec_fma(vec a, vec b, vec c) { return a * b + c; }

static inline void vec_transpose(vec v[LANES]) {
    for (int i = 0; i < LANES; i++) {
        for (int j = 0; j < i; j++) {
            const float moved = v[i][j];
            v[i][j] = v[j][i];
            v[j][i] = moved;
        }
    }
}

static inline vec vec_clamp(vec x, vec low, vec high) {
    for (int i = 0; i < LANES; i++) {
        if (x[i] < low[i]) x[i] = low[i];
        if (x[i] > high[i]) x[i] = high[i];
    }
    return x;
}

#endif
