/* simd_avx2.h - vectors of 8 floats, fused multiply-add; see simd_avx512.h. */
#ifndef CONVSCOPE_ENGINE_SIMD_AVX2_H
#define CONVSCOPE_ENGINE_SIMD_AVX2_H

#include <immintrin.h>
#include <stdint.h>

enum {
    LANES = 8,
    VECTORS_AT_ONCE = 2,
    TILE_COLUMNS = LANES * VECTORS_AT_ONCE
}; /* with 6 rows of sums: 12 of 16 registers */

typedef __m256 vec;
typedef __m256i vec_mask;

static inline vec_mask vec_first(int64_t left) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(left > LANES ? LANES : (int)left), lane);
}

static inline vec_mask vec_mask_of_bits(uint32_t bits) {
    const __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32((int)bits), bit), bit);
}

static inline vec vec_all(float x) { return _mm256_set1_ps(x); }
static inline vec vec_load(const float *p) { return _mm256_loadu_ps(p); }
static inline void vec_store(float *p, vec v) { _mm256_storeu_ps(p, v); }
static inline vec vec_load_part(const float *p, vec_mask mask) { return _mm256_maskload_ps(p, mask); }
static inline void vec_store_part(float *p, vec v, vec_mask mask) { _mm256_maskstore_ps(p, mask, v); }

static inline vec vec_load_each(const float *p, int64_t stride, vec_mask mask) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i index = _mm256_mullo_epi32(lane, _mm256_set1_epi32((int)stride));
    return _mm256_mask_i32gather_ps(_mm256_setzero_ps(), p, index, _mm256_castsi256_ps(mask), sizeof *p);
}

typedef struct vec_pair_mask {
    vec_mask low, high;
} vec_pair_mask;

static inline vec_pair_mask vec_pair_mask_of_bits(uint32_t bits) {
    const __m256i even = _mm256_setr_epi32(1, 0, 2, 0, 4, 0, 8, 0), far = _mm256_slli_epi32(even, 4);
    const __m256i all = _mm256_set1_epi32((int)bits), none = _mm256_setzero_si256();
    return (vec_pair_mask){_mm256_cmpgt_epi32(_mm256_and_si256(all, even), none),
                           _mm256_cmpgt_epi32(_mm256_and_si256(all, far), none)};
}

static inline vec vec_in_order(vec pairs) {
    return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(pairs), _MM_SHUFFLE(3, 1, 2, 0)));
}

static inline vec vec_load_second(const float *p, vec_pair_mask mask) {
    const __m256 low = vec_load_part(p, mask.low), high = vec_load_part(p + LANES, mask.high);
    return vec_in_order(_mm256_shuffle_ps(low, high, _MM_SHUFFLE(2, 0, 2, 0)));
}

typedef __m256i vec_index;
static inline vec_index vec_index_load(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
static inline vec_index vec_index_next(vec_index index) { return _mm256_add_epi32(index, _mm256_set1_epi32(1)); }
static inline vec vec_pick(vec x, vec_index index) { return _mm256_permutevar8x32_ps(x, index); }

static inline void vec_part(vec low, vec high, vec *even, vec *odd) {
    *even = vec_in_order(_mm256_shuffle_ps(low, high, _MM_SHUFFLE(2, 0, 2, 0)));
    *odd = vec_in_order(_mm256_shuffle_ps(low, high, _MM_SHUFFLE(3, 1, 3, 1)));
}

static inline vec vec_shift_up(vec x, float first) {
    const __m256i turn = _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6);
    return _mm256_blend_ps(_mm256_permutevar8x32_ps(x, turn), vec_all(first), 1 << 0);
}
static inline vec vec_shift_down(vec x, float last) {
    const __m256i turn = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0);
    return _mm256_blend_ps(_mm256_permutevar8x32_ps(x, turn), vec_all(last), 1 << 7);
}

static inline vec vec_add(vec a, vec b) { return _mm256_add_ps(a, b); }
static inline vec vec_sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
static inline vec vec_mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
static inline vec vec_fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }

static inline void vec_transpose(vec v[LANES]) {
    vec t[LANES];
#pragma GCC unroll 4
    for (int i = 0; i < LANES; i += 2) {
        t[i] = _mm256_unpacklo_ps(v[i], v[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(v[i], v[i + 1]);
    }
#pragma GCC unroll 2
    for (int i = 0; i < LANES; i += 4) {
        for (int j = 0; j < 2; j++) {
            const __m256d a = _mm256_castps_pd(t[i + j]), b = _mm256_castps_pd(t[i + j + 2]);
            v[i + 2 * j] = _mm256_castpd_ps(_mm256_unpacklo_pd(a, b));
            v[i + 2 * j + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(a, b));
        }
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        const vec low = v[i], high = v[i + 4];
        v[i] = _mm256_permute2f128_ps(low, high, 0x20);
        v[i + 4] = _mm256_permute2f128_ps(low, high, 0x31);
    }
}

static inline vec vec_clamp(vec x, vec low, vec high) { return _mm256_min_ps(high, _mm256_max_ps(low, x)); }

#endif
