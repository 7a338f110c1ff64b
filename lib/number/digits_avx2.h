/* digits_avx2.h - thirty-two digits, 0..9 a byte, to integers: in twos, fours and eights. */
#ifndef CONVSCOPE_DIGITS_AVX2_H
#define CONVSCOPE_DIGITS_AVX2_H

#include <immintrin.h>

static inline __m256i fours_of(__m256i digits) {
    const __m256i twos = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(1 << 8 | 10));
    return _mm256_madd_epi16(twos, _mm256_set1_epi32(1 << 16 | 100));
}

/* In each half of a vector those of `a` and then those of `b`. */
static inline __m256i eights_of(__m256i a, __m256i b) {
    return _mm256_madd_epi16(_mm256_packus_epi32(fours_of(a), fours_of(b)), _mm256_set1_epi32(1 << 16 | 10000));
}

#endif
