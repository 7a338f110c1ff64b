/*
 * simd_avx512.h - vectors of 16 floats. simd_avx2.h and simd_portable.h give the same names, so that a kernel's body
 * (*_body.h) is written once and compiled once a level.
 */
#ifndef CONVSCOPE_ENGINE_SIMD_AVX512_H
#define CONVSCOPE_ENGINE_SIMD_AVX512_H

#include <immintrin.h>
#include <stdint.h>

enum {
    LANES = 16,
    VECTORS_AT_ONCE = 4,
    TILE_COLUMNS = LANES * VECTORS_AT_ONCE
}; /* with 6 rows of sums: 24 of 32 registers */

typedef __m512 vec;
typedef __mmask16 vec_mask;

/* The first `left` lanes, all for 16 and more. Masked-off lanes are neither read (they load as 0) nor written. */
static inline vec_mask vec_first(int64_t left) {
    return left >= LANES ? (vec_mask)0xffff : (vec_mask)((1U << left) - 1);
}

/* Lane i if bit i is set. */
static inline vec_mask vec_mask_of_bits(uint32_t bits) { return (vec_mask)bits; }

static inline vec vec_all(float x) { return _mm512_set1_ps(x); }
static inline vec vec_load(const float *p) { return _mm512_loadu_ps(p); }
static inline void vec_store(float *p, vec v) { _mm512_storeu_ps(p, v); }
static inline vec vec_load_part(const float *p, vec_mask mask) { return _mm512_maskz_loadu_ps(mask, p); }
static inline void vec_store_part(float *p, vec v, vec_mask mask) { _mm512_mask_storeu_ps(p, mask, v); }

/* Lane i is p[i*stride] where the mask has it, else 0: only those are read. */
static inline vec vec_load_each(const float *p, int64_t stride, vec_mask mask) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i index = _mm512_mullo_epi32(lane, _mm512_set1_epi32((int)stride));
    return _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, index, p, sizeof *p);
}

/* abcdefgh -> 0a0b0c0d0e0f0g0h */
static inline uint32_t spread_bits(uint32_t x) {
    x &= 0xff;
    x = (x | x << 4) & 0x0f0f;
    x = (x | x << 2) & 0x3333;
    return (x | x << 1) & 0x5555;
}

/* The same for a stride of 2, of lanes whose bit is set. */
typedef struct vec_pair_mask {
    vec_mask low, high;
} vec_pair_mask;

static inline vec_pair_mask vec_pair_mask_of_bits(uint32_t bits) {
    return (vec_pair_mask){(vec_mask)spread_bits(bits), (vec_mask)spread_bits(bits >> 8)};
}

static inline vec vec_load_second(const float *p, vec_pair_mask mask) {
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    return _mm512_permutex2var_ps(vec_load_part(p, mask.low), even, vec_load_part(p + LANES, mask.high));
}

/* Lane i of vec_pick() is x[index[i] mod LANES]; vec_index_next() adds 1 to each. */
typedef __m512i vec_index;
static inline vec_index vec_index_load(const int32_t *p) { return _mm512_loadu_si512(p); }
static inline vec_index vec_index_next(vec_index index) { return _mm512_add_epi32(index, _mm512_set1_epi32(1)); }
static inline vec vec_pick(vec x, vec_index index) { return _mm512_permutexvar_ps(index, x); }

/* The lanes of even and of odd number of two vectors in a row. */
static inline void vec_part(vec low, vec high, vec *even, vec *odd) {
    const __m512i of_even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    *even = _mm512_permutex2var_ps(low, of_even, high);
    *odd = _mm512_permutex2var_ps(low, _mm512_add_epi32(of_even, _mm512_set1_epi32(1)), high);
}

/* abcd -> fabc, bcdl */
static inline vec vec_shift_up(vec x, float first) {
    return _mm512_castsi512_ps(_mm512_alignr_epi32(_mm512_castps_si512(x), _mm512_castps_si512(vec_all(first)), 15));
}
static inline vec vec_shift_down(vec x, float last) {
    return _mm512_castsi512_ps(_mm512_alignr_epi32(_mm512_castps_si512(vec_all(last)), _mm512_castps_si512(x), 1));
}

static inline vec vec_add(vec a, vec b) { return _mm512_add_ps(a, b); }
static inline vec vec_sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
static inline vec vec_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
static inline vec vec_fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); } /* a*b + c */

/* Lane j of vector i becomes lane i of vector j. */
static inline void vec_transpose(vec v[LANES]) {
    vec t[LANES];
#pragma GCC unroll 8
    for (int i = 0; i < LANES; i += 2) { /* pairs of rows */
        t[i] = _mm512_unpacklo_ps(v[i], v[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(v[i], v[i + 1]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < LANES; i += 4) { /* 4 x 4 within each quarter */
        for (int j = 0; j < 2; j++) {
            const __m512d a = _mm512_castps_pd(t[i + j]), b = _mm512_castps_pd(t[i + j + 2]);
            v[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b));
            v[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < 4; i++) { /* quarters, even and odd ones */
        t[i] = _mm512_shuffle_f32x4(v[i], v[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_f32x4(v[i], v[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_f32x4(v[i + 8], v[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_f32x4(v[i + 8], v[i + 12], 0xdd);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 4; i++) {
        v[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
        v[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xdd);
        v[i + 4] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0x88);
        v[i + 12] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0xdd);
    }
}

/* MAXPS and MINPS give their second operand when either is NaN: a NaN in `x` stays. */
static inline vec vec_clamp(vec x, vec low, vec high) { return _mm512_min_ps(high, _mm512_max_ps(low, x)); }

#endif
