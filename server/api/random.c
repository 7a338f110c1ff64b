#include "api/random.h"

static uint64_t next(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void random_fill(uint64_t seed, float scale, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        /* The top 24 bits: every value is a float32, none is favoured by rounding. */
        int32_t bits = (int32_t)(next(&seed) >> 40) - (INT32_C(1) << 23);
        out[i] = scale * ((float)bits / (float)(INT32_C(1) << 23));
    }
}
