/* simd_avx512.h - the few primitives that the AVX-512 kernels share. */
#ifndef CONVSCOPE_ENGINE_SIMD_AVX512_H
#define CONVSCOPE_ENGINE_SIMD_AVX512_H

#include <immintrin.h>
#include <stdint.h>

enum { CVS__LANES_512 = 16 };

/* The lanes of the last, incomplete vector: `left` of them, 0..16. Masked-off lanes are neither read nor written. */
static inline __mmask16 cvs__tail_512(int64_t left) { return (__mmask16)((1u << left) - 1); }

#endif
