/* float_parts.h - what printing one float32 and printing many at once share: its parts, and digits from an integer. */
#ifndef CONVSCOPE_FLOAT_PARTS_H
#define CONVSCOPE_FLOAT_PARTS_H

#include "number/powers_of_ten.h"

#include <stdint.h>

enum {
    SIGNIFICAND_BITS = 23,
    EXPONENT_BIAS = 127 + SIGNIFICAND_BITS, /* value = c * 2^(exponent field - EXPONENT_BIAS) */
    DIGITS = 9,                             /* what the shortest form of a float32 needs at most */
    LOWEST_FIXED = -5,                      /* 1e-5 is "0.00001", below the exponent is written */
    HIGHEST_FIXED = 8                       /* 999999999 has no exponent, 1e9 has one */
};

static const uint32_t INFINITE_BITS = UINT32_C(0xff) << SIGNIFICAND_BITS, MINUS_ZERO_BITS = UINT32_C(1) << 31;

/* significand * 10^(exponent - 8), 10^8 <= significand < 10^9. */
typedef struct decimal {
    uint32_t significand;
    int exponent;
} decimal;

/* A finite positive float32, c * 2^q; 10^k is the unit of its shortest decimal. `closer` (0 or 1): c is a power of two,
   so that the neighbour below is half as far away as the one above. */
typedef struct binary {
    uint32_t c, closer;
    int q, k;
} binary;

/* floor(log10(2^e)), for |e| <= 1233; with `closer`, of 3/4 * 2^e. */
static inline int floor_log10_pow2(int e, int closer) { return (e * 1262611 - closer * 524031) >> 22; }

static inline binary to_binary(uint32_t bits) {
    const uint32_t hidden = UINT32_C(1) << SIGNIFICAND_BITS;
    const uint32_t fraction = bits & (hidden - 1), field = bits >> SIGNIFICAND_BITS;
    const uint32_t c = fraction | (hidden & (0 - (uint32_t)(field != 0)));
    const uint32_t closer = (fraction == 0) & (field > 1);
    const int q = (int)(field + (field == 0)) - EXPONENT_BIAS;
    return (binary){c, closer, q, floor_log10_pow2(q, (int)closer)};
}

/* The power of ten that multiplies `b`. */
static inline int power_index(binary b) { return -b.k - FIRST_POWER; }

/* How far 4 * c is shifted before that, so that quarters of 10^k come out: -k's floor(log2(10^-k)) + q + 1. */
static inline int power_shift(binary b) { return b.q + ((-b.k * 1741647) >> 19) + 1; }

/* Eight decimal digits as bytes 0..9, the first digit in the lowest byte: split in halves three times at once. */
static inline uint64_t eight_digits(uint32_t value) {
    uint64_t high = value / 10000, low = value % 10000;
    uint64_t fours = high | low << 32;
    uint64_t hundreds = ((fours * 10486) >> 20) & UINT64_C(0x0000007f0000007f); /* 10486/2^20 = 1/100 below 10^4 */
    uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    uint64_t tens = ((twos * 103) >> 10) & UINT64_C(0x000f000f000f000f); /* 103/2^10 = 1/10 below 10^2 */
    return tens | (twos - 10 * tens) << 8;
}

#endif
