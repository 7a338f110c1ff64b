#include "peak.h"

#include <immintrin.h>

/* Latency 4 or 5 at two a cycle: ten chains keep both units busy; twelve fit the sixteen registers. */
enum { CHAINS = 12, LANES = 8 };

double peak_avx2(long rounds) {
    __m256 sum[CHAINS];
    const __m256 factor = _mm256_set1_ps(0.5F), term = _mm256_set1_ps(1);
    for (int i = 0; i < CHAINS; i++) sum[i] = term;
    for (long r = 0; r < rounds; r++) {
#pragma GCC unroll 12
        for (int i = 0; i < CHAINS; i++) sum[i] = _mm256_fmadd_ps(sum[i], factor, term);
    }
    for (int i = 0; i < CHAINS; i++) __asm__ volatile("" ::"x"(sum[i]));
    return 2.0 * CHAINS * LANES * (double)rounds;
}
