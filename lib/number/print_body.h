/*
 * print_body.h - many numbers to text, a block at a time: all of a block's digits are found in SIMD lanes, by loops
 * without a branch that the compiler turns into them; include it in a file that is compiled for such a level.
 *
 * Which candidate is the shortest, where the point goes, how many zeros end a number and whether it is zero are as good
 * as random in a tensor: a branch on any of them would be guessed wrongly too often, so all of them are computed, and
 * the text is nine digits moved to their places. What a tensor is free of (an exponent, NaN, infinity) is told once a
 * block.
 */
#include <convscope/number.h>

#include "number/float_parts.h"
#include "number/layouts.h"

#include <immintrin.h>
#include <string.h>

enum { BLOCK = 32, FEW = 5 /* numbers that are faster one by one than as a block */ };

/* floor(g * c / 2^64), its last bit set when anything was cut off. In products of 32 bits, which SIMD units have. */
static inline uint32_t multiply_halves_to_odd(uint64_t g, uint32_t c) {
    const uint64_t low = (uint64_t)(uint32_t)g * c, high = (uint64_t)(uint32_t)(g >> 32) * c;
    const uint64_t top = high + (low >> 32);
    return (uint32_t)(top >> 32) | ((uint32_t)top > 1);
}

/* `condition` (0 or 1) ? a : b, without a branch. */
static inline uint32_t choose(uint32_t condition, uint32_t a, uint32_t b) { return b ^ ((a ^ b) & (0 - condition)); }

/* As shortest() of float_text.c, every candidate computed. */
static inline uint32_t shortest_of_all(binary b, uint64_t g) {
    const int shift = power_shift(b);
    const uint32_t odd = b.c & 1;
    const uint32_t low = multiply_halves_to_odd(g, (4 * b.c - 2 + b.closer) << shift) + odd;
    const uint32_t high = multiply_halves_to_odd(g, (4 * b.c + 2) << shift) - odd;
    const uint32_t v = multiply_halves_to_odd(g, 4 * b.c << shift);

    const uint32_t tens = v / 40 * 10;
    const uint32_t below_ten = low <= 4 * tens, above_ten = 4 * tens + 40 <= high;
    const uint32_t s = v / 4, middle = 4 * s + 2;
    const uint32_t below = low <= 4 * s, above = 4 * s + 4 <= high;
    const uint32_t nearer = (v > middle) | ((v == middle) & s);
    const uint32_t one = s + choose(below ^ above, above, nearer);
    return choose((below_ten ^ above_ten) & (tens != 0), tens + above_ten * 10, one);
}

/* Shorter numbers get a zero behind. */
static inline decimal with_another_digit(decimal d) {
    const uint32_t shorter = d.significand < 100000000;
    return (decimal){d.significand + ((d.significand * 9) & (0 - shorter)), d.exponent - (int)shorter};
}

/* Zero, and what has no digits, is laid out as 1 is. */
static inline binary with_digits(uint32_t magnitude) {
    const uint32_t one = UINT32_C(127) << SIGNIFICAND_BITS;
    return to_binary(choose((magnitude != 0) & (magnitude < INFINITE_BITS), magnitude, one));
}

/* A block's numbers: the last eight digits of each, the first digit, which layout it has, and whether any has none. */
typedef struct block {
    uint64_t tails[BLOCK], firsts[BLOCK];
    uint32_t layouts[BLOCK], without;
} block;

static inline void find_digits(const uint32_t *bits, block *b) {
    uint64_t powers[BLOCK];
    int indices[BLOCK];
    uint32_t without = 0;
    for (int i = 0; i < BLOCK; i++) indices[i] = power_index(with_digits(bits[i] & INT32_MAX));
    for (int i = 0; i < BLOCK; i++) powers[i] = powers_of_ten[indices[i]];
    for (int i = 0; i < BLOCK; i++) {
        const uint32_t magnitude = bits[i] & INT32_MAX;
        const binary parts = with_digits(magnitude);
        /* Seven digits or more for all but subnormal numbers, which have no layout. */
        decimal d = {shortest_of_all(parts, powers[i]), parts.k + DIGITS - 1};
        d = with_another_digit(with_another_digit(d));
        const uint32_t first = d.significand / 100000000;
        b->tails[i] = eight_digits(d.significand - first * 100000000);
        b->firsts[i] = first & (0 - (uint32_t)(magnitude != 0));
        const uint32_t which = (uint32_t)(d.exponent - LOWEST_FIXED);
        without |= (magnitude >= INFINITE_BITS) | (which >= LAYOUT_SIGNED);
        b->layouts[i] = choose(bits[i] == MINUS_ZERO_BITS, LAYOUT_MINUS_ZERO, which + (bits[i] >> 31) * LAYOUT_SIGNED);
    }
    b->without = without;
}

/* Sixteen bytes are written, whatever the length. */
static inline size_t lay_out(const layout *l, uint64_t first, uint64_t tail, char *out) {
    const __m128i digits = _mm_set_epi64x((long long)first, (long long)tail);
    const __m128i moved = _mm_shuffle_epi8(digits, *(const __m128i *)l->from);
    _mm_storeu_si128((__m128i *)out, _mm_add_epi8(moved, *(const __m128i *)l->added));
    return l->lengths[_lzcnt_u64(tail) / 8];
}

/* `count` of the BLOCK numbers, a comma behind each; where that ends. */
static inline char *write_block(const float *values, size_t count, char *out) {
    uint32_t bits[BLOCK];
    block b;
    memcpy(bits, values, sizeof bits);
    find_digits(bits, &b);
    for (size_t i = 0; i < count; i++) {
        const size_t length = b.without ? cvs_float_to_text(values[i], out)
                                        : lay_out(&layouts[b.layouts[i]], b.firsts[i], b.tails[i], out);
        out[length] = ',';
        out += length + 1;
    }
    return out;
}

static size_t print_list(const float *values, size_t count, char *out) {
    if (count == 0) return 0;
    char *p = out;
    while (count >= FEW) {
        float rest[BLOCK] = {0};
        const size_t taken = count < BLOCK ? count : BLOCK;
        if (taken < BLOCK) memcpy(rest, values, taken * sizeof *rest);
        p = write_block(taken < BLOCK ? rest : values, taken, p);
        values += taken;
        count -= taken;
    }
    for (; count > 0; count--) {
        p += cvs_float_to_text(*values++, p);
        *p++ = ',';
    }
    return (size_t)(p - out) - 1;
}
