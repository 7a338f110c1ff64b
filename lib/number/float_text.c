/*
 * float_text.c - float32 to the shortest decimal that reads back to the same float32.
 *
 * The digits are found as in Raffaello Giulietti, "The Schubfach way to render doubles" (2018, revised 2022),
 * in its variant for binary32: the decimals of a well-chosen length that lie around the value are compared with
 * the middles to its two neighbours, in 64-bit integers. The proof that 64 bits of a power of ten and "rounding to
 * odd" (section 9.9 of the paper) decide every comparison as exact arithmetic would is the paper's.
 *
 * The text is then laid out from nine digits that are always there, trailing zeros included, so that no loop
 * depends on the number.
 */
#include <convscope/number.h>

#include "number/powers_of_ten.h"

#include <string.h>

enum {
    SIGNIFICAND_BITS = 23,
    EXPONENT_BIAS = 127 + SIGNIFICAND_BITS, /* value = c * 2^(exponent field - EXPONENT_BIAS) */
    DIGITS = 9,                             /* what the shortest form of a float32 needs at most */
    LOWEST_FIXED = -5,                      /* 1e-5 is "0.00001", below the exponent is written */
    HIGHEST_FIXED = 8,                      /* 999999999 has no exponent, 1e9 has one */
    SCRATCH = 32                            /* room that write_finite() may scribble on */
};

/* significand * 10^(exponent - 8), 10^8 <= significand < 10^9. */
typedef struct decimal {
    uint32_t significand;
    int exponent;
} decimal;

/* floor(log10(2^e)), for |e| <= 1233; with `closer`, of 3/4 * 2^e. */
static inline int floor_log10_pow2(int e, bool closer) { return (e * 1262611 - (closer ? 524031 : 0)) >> 22; }

/* floor(log2(10^e)), for |e| <= 1233. */
static inline int floor_log2_pow10(int e) { return (e * 1741647) >> 19; }

/* floor(g * c / 2^64), its last bit set when anything was cut off. */
static inline uint32_t multiply_to_odd(uint64_t g, uint32_t c) {
    unsigned __int128 product = (unsigned __int128)g * c;
    uint32_t rest = (uint32_t)((uint64_t)product >> 32);
    return (uint32_t)(product >> 64) | (rest > 1);
}

/*
 * The shortest decimal within the rounding interval of c * 2^q, as a multiple of 10^*k that may end in zeros.
 * `closer`: c is a power of two, so that the neighbour below is half as far away as the one above.
 * All of v, low and high are in quarters of 10^k.
 */
static inline uint32_t shortest(uint32_t c, int q, bool closer, int *k) {
    *k = floor_log10_pow2(q, closer);
    int shift = q + floor_log2_pow10(-*k) + 1;
    uint64_t g = powers_of_ten[-*k - FIRST_POWER];
    uint32_t odd = c & 1; /* halfway cases read back to the even neighbour: an odd c does not own its borders */
    uint32_t low = multiply_to_odd(g, (4 * c - 2 + closer) << shift) + odd;
    uint32_t high = multiply_to_odd(g, (4 * c + 2) << shift) - odd;
    uint32_t v = multiply_to_odd(g, 4 * c << shift);

    /* At most one multiple of ten lies in the interval; where there is one, it is shorter than all others. */
    uint32_t tens = v / 40 * 10;
    bool below = tens != 0 && low <= 4 * tens, above = tens != 0 && 4 * tens + 40 <= high;
    if (below != above) return above ? tens + 10 : tens;

    uint32_t s = v / 4;
    below = low <= 4 * s;
    above = 4 * s + 4 <= high;
    if (below != above) return s + above;
    uint32_t middle = 4 * s + 2;
    return s + (v > middle || (v == middle && (s & 1)));
}

/* `bits` is a finite positive float32. */
static inline decimal to_decimal(uint32_t bits) {
    uint32_t fraction = bits & ((UINT32_C(1) << SIGNIFICAND_BITS) - 1);
    int field = (int)(bits >> SIGNIFICAND_BITS);
    uint32_t c = field ? fraction | UINT32_C(1) << SIGNIFICAND_BITS : fraction;
    int k;
    uint32_t digits = shortest(c, (field ? field : 1) - EXPONENT_BIAS, fraction == 0 && field > 1, &k);
    int exponent = k + DIGITS - 1;
    /* Seven digits or more for all but subnormal numbers: two steps without a branch to mispredict. */
    for (int i = 0; i < 2; i++) {
        bool few = digits < 100000000;
        digits *= few ? 10 : 1;
        exponent -= few;
    }
    while (digits < 100000000) {
        digits *= 10;
        exponent--;
    }
    return (decimal){digits, exponent};
}

/* Eight decimal digits as bytes 0..9, the first digit in the lowest byte: split in halves three times at once. */
static inline uint64_t eight_digits(uint32_t value) {
    uint64_t high = value / 10000, low = value % 10000;
    uint64_t fours = high | low << 32;
    uint64_t hundreds = ((fours * 10486) >> 20) & UINT64_C(0x0000007f0000007f); /* 10486/2^20 = 1/100 below 10^4 */
    uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    uint64_t tens = ((twos * 103) >> 10) & UINT64_C(0x000f000f000f000f); /* 103/2^10 = 1/10 below 10^2 */
    return tens | (twos - 10 * tens) << 8;
}

static inline void store8(char *out, uint64_t bytes) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    memcpy(out, &bytes, sizeof bytes);
}

static const uint64_t ASCII_ZEROS = UINT64_C(0x3030303030303030);

/* d.ddddde-38 */
static inline size_t write_scientific(int exponent, int count, char *out) {
    size_t length = count > 1 ? (size_t)count + 1 : 1;
    memmove(out + 2, out + 1, 8);
    out[1] = '.';
    char *p = out + length;
    *p++ = 'e';
    if (exponent < 0) *p++ = '-';
    int size = exponent < 0 ? -exponent : exponent;
    if (size >= 10) *p++ = (char)('0' + size / 10);
    *p++ = (char)('0' + size % 10);
    return (size_t)(p - out);
}

/* `bits` is a finite positive float32; `out` has SCRATCH bytes. */
static inline size_t write_positive(uint32_t bits, char *out) {
    decimal d = to_decimal(bits);
    uint64_t tail = eight_digits(d.significand % 100000000);
    int count = tail ? DIGITS - __builtin_clzll(tail) / 8 : 1; /* without trailing zeros */
    int e = d.exponent;
    bool small = e < 0 && e >= LOWEST_FIXED;
    if (small) {
        store8(out, ASCII_ZEROS);
        out[1] = '.';
        out += 1 - e;
    }
    out[0] = (char)('0' + d.significand / 100000000);
    store8(out + 1, tail + ASCII_ZEROS);
    if (small) return (size_t)(1 - e + count);
    if (e < 0 || e > HIGHEST_FIXED) return write_scientific(e, count, out);
    if (count <= e + 1) return (size_t)e + 1;
    memmove(out + e + 2, out + e + 1, 8);
    out[e + 1] = '.';
    return (size_t)count + 1;
}

/* The text of `value` at `out`, where SCRATCH bytes may be written. */
static inline size_t write_number(float value, char *out) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t magnitude = bits & INT32_MAX;
    if (magnitude >= UINT32_C(0xff) << SIGNIFICAND_BITS) {
        memcpy(out, "null", 4);
        return 4;
    }
    if (magnitude == 0) {
        memcpy(out, bits ? "-0.0" : "0\0\0", 4);
        return bits ? 4 : 1;
    }
    *out = '-';
    size_t sign = bits >> 31;
    return sign + write_positive(magnitude, out + sign);
}

size_t cvs_float_to_text(float value, char *out) {
    char scratch[SCRATCH];
    size_t length = write_number(value, scratch);
    memcpy(out, scratch, length);
    return length;
}

size_t cvs_floats_to_text(const float *values, size_t count, char *out) {
    char *p = out;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) *p++ = ',';
        /* Two more numbers to come leave room to write without looking. */
        bool roomy = count - i >= 2;
        p += roomy ? write_number(values[i], p) : cvs_float_to_text(values[i], p);
    }
    return (size_t)(p - out);
}
