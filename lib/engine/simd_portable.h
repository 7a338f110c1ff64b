/* simd_portable.h - vectors of 4 floats as the compiler makes them on any CPU; see simd_avx512.h. */
#ifndef CONVSCOPE_ENGINE_SIMD_PORTABLE_H
#define CONVSCOPE_ENGINE_SIMD_PORTABLE_H

#include <stdint.h>
#include <string.h>

enum { LANES = 4, VECTORS_AT_ONCE = 2, TILE_COLUMNS = LANES * VECTORS_AT_ONCE };

typedef float vec __attribute__((vector_size(16)));
typedef int64_t vec_mask; /* how many lanes */

static inline vec_mask vec_first(int64_t left) { return left > LANES ? LANES : left; }

static inline vec vec_all(float x) { return (vec){x, x, x, x}; }
static inline vec vec_load_part(const float *p, vec_mask mask) {
    vec v = {0};
    memcpy(&v, p, (size_t)mask * sizeof *p);
    return v;
}
static inline void vec_store_part(float *p, vec v, vec_mask mask) { memcpy(p, &v, (size_t)mask * sizeof *p); }
static inline vec vec_load(const float *p) { return vec_load_part(p, LANES); }
static inline void vec_store(float *p, vec v) { vec_store_part(p, v, LANES); }
static inline vec vec_add(vec a, vec b) { return a + b; }
static inline vec vec_sub(vec a, vec b) { return a - b; }
static inline vec vec_mul(vec a, vec b) { return a * b; }
static inline vec vec_fma(vec a, vec b, vec c) { return a * b + c; }

static inline vec vec_clamp(vec x, vec low, vec high) {
    for (int i = 0; i < LANES; i++) {
        if (x[i] < low[i]) x[i] = low[i];
        if (x[i] > high[i]) x[i] = high[i];
    }
    return x;
}

#endif
