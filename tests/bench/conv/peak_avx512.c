#include "peak.h"

#include <immintrin.h>

/* Latency 4 or 5 at two a cycle: ten chains keep both units busy; twenty-four fit the thirty-two registers. */
enum { CHAINS = 24, LANES = 16 };

double peak_avx512(long rounds) {
    __m512 sum[CHAINS];
    const __m512 factor = _mm512_set1_ps(0.5F), term = _mm512_set1_ps(1);
    for (int i = 0; i < CHAINS; i++) sum[i] = term;
    for (long r = 0; r < rounds; r++) {
#pragma GCC unroll 24
        for (int i = 0; i < CHAINS; i++) sum[i] = _mm512_fmadd_ps(sum[i], factor, term);
    }
    for (int i = 0; i < CHAINS; i++) __asm__ volatile("" ::"v"(sum[i]));
    return 2.0 * CHAINS * LANES * (double)rounds;
}
