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

#include "number/float_parts.h"
#include "number/printers.h"

#include <string.h>

enum { SCRATCH = 32 /* room that write_number() may scribble on */ };

/* floor(g * c / 2^64), its last bit set when anything was cut off. */
static inline uint32_t multiply_to_odd(uint64_t g, uint32_t c) {
    unsigned __int128 product = (unsigned __int128)g * c;
    uint32_t rest = (uint32_t)((uint64_t)product >> 32);
    return (uint32_t)(product >> 64) | (rest > 1);
}

/* The shortest decimal within the rounding interval of `b`, as a multiple of 10^k that may end in zeros. All of v, low
   and high are in quarters of 10^k. */
static inline uint32_t shortest(binary b) {
    const int shift = power_shift(b);
    const uint64_t g = powers_of_ten[power_index(b)];
    const uint32_t odd = b.c & 1; /* halfway cases read back to the even neighbour: an odd c does not own its borders */
    uint32_t low = multiply_to_odd(g, (4 * b.c - 2 + b.closer) << shift) + odd;
    uint32_t high = multiply_to_odd(g, (4 * b.c + 2) << shift) - odd;
    uint32_t v = multiply_to_odd(g, 4 * b.c << shift);

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
    const binary b = to_binary(bits);
    uint32_t digits = shortest(b);
    int exponent = b.k + DIGITS - 1;
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
    if (magnitude >= INFINITE_BITS) {
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

size_t cvs__print_portable(const float *values, size_t count, char *out) {
    char *p = out;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) *p++ = ',';
        /* Two more numbers to come leave room to write without looking. */
        bool roomy = count - i >= 2;
        p += roomy ? write_number(values[i], p) : cvs_float_to_text(values[i], p);
    }
    return (size_t)(p - out);
}

static cvs__print_fn best_printer(void) {
    if (cvs__print_avx512()) return cvs__print_avx512();
    return cvs__print_avx2() ? cvs__print_avx2() : cvs__print_portable;
}

size_t cvs_floats_to_text(const float *values, size_t count, char *out) { return best_printer()(values, count, out); }
