#include "peak.h"

typedef float vector __attribute__((vector_size(16)));

enum { CHAINS = 8, LANES = 4 };

double peak_portable(long rounds) {
    vector sum[CHAINS];
    const vector factor = {0.5F, 0.5F, 0.5F, 0.5F}, term = {1, 1, 1, 1};
    for (int i = 0; i < CHAINS; i++) sum[i] = term;
    for (long r = 0; r < rounds; r++) {
#pragma GCC unroll 8
        for (int i = 0; i < CHAINS; i++) sum[i] = sum[i] * factor + term;
    }
    for (int i = 0; i < CHAINS; i++) __asm__ volatile("" ::"x"(sum[i]));
    return 2.0 * CHAINS * LANES * (double)rounds;
}
