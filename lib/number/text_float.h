/*
 * text_float.h - decimal text to the nearest float32: what the readers of all levels share.
 *
 * The digits, as an integer w of at most 19 of them, times a power of ten: its 64-bit significand times that of w gives
 * the 64 highest bits of the product, of which a float32 takes 24. What was cut off decides the rounding only where the
 * bits below come within a few units of one half, and then the exact comparison of halfway.c is made. The method is
 * that of Lemire, "Number Parsing at a Gigabyte per Second" (2021), after Eisel; a float32 leaves so many bits to spare
 * that one word of the power is enough.
 *
 * Digits are taken eight at a time, however many of them there are: those after the last are shifted out.
 */
#ifndef CONVSCOPE_TEXT_FLOAT_H
#define CONVSCOPE_TEXT_FLOAT_H

#include <convscope/number.h>

#include "number/halfway.h"
#include "number/powers_of_ten.h"

#include <string.h>

enum {
    WORD_DIGITS = 19, /* always fit 64 bits */
    SIGNIFICAND = 24, /* bits, the hidden one included */
    LOWEST_BIT = -149,
    HIGHEST_EXPONENT = 127
};

/* An exponent past which every number of a body's length is 0 or infinite, and sums of which do not overflow. */
static const int64_t FAR = INT64_C(1) << 50;

/* What stands in the text: `digits` of it, without the point, from `first` on. */
typedef struct spelling {
    const char *first, *end;
    uint64_t word;    /* all digits as one integer, if they are at most WORD_DIGITS */
    int64_t digits;   /* with leading zeros */
    int64_t exponent; /* of ten, for the integer that all digits make */
    bool negative;
} spelling;

/* ---- digits --------------------------------------------------------------------------------- */

static inline bool is_digit(char c) { return (unsigned char)(c - '0') < 10; }

static inline uint64_t load8(const char *p, const char *end) {
    uint64_t bytes = 0;
    if (end - p >= 8)
        memcpy(&bytes, p, 8);
    else
        for (int i = 0; i < end - p; i++) bytes |= (uint64_t)(unsigned char)p[i] << 8 * i;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    if (end - p >= 8) bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

/* How many of the eight bytes, from the lowest on, are digits. */
static inline int leading_digits(uint64_t bytes) {
    const uint64_t off = bytes ^ UINT64_C(0x3030303030303030); /* digits become 0..9 */
    const uint64_t above = (off & UINT64_C(0x7f7f7f7f7f7f7f7f)) + UINT64_C(0x7676767676767676);
    const uint64_t others = (off | above) & UINT64_C(0x8080808080808080);
    return others ? __builtin_ctzll(others) / 8 : 8;
}

/* The number that eight digits make, the first one in the lowest byte; bytes 0..9. */
static inline uint32_t value_of8(uint64_t digits) {
    digits = (digits * 10 + (digits >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * 100 + (digits >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (uint32_t)(digits * 10000 + (digits >> 32));
}

static const uint32_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

/* Append the digits at `p` to *word; where they end. */
static inline const char *take_digits(const char *p, const char *end, uint64_t *word) {
    for (;;) {
        const uint64_t bytes = load8(p, end);
        const int count = leading_digits(bytes);
        /* Digits that are not there become zeros in front. */
        const uint64_t there = count ? (bytes & UINT64_C(0x0f0f0f0f0f0f0f0f)) << 8 * (8 - count) : 0;
        *word = *word * tens[count] + value_of8(there);
        p += count;
        if (count < 8) return p;
    }
}

/* ---- the grammar of RFC 8259 ------------------------------------------------------------------- */

static inline const char *take_exponent(const char *p, const char *end, int64_t *exponent) {
    bool negative = false;
    if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
    if (p == end || !is_digit(*p)) return NULL;
    int64_t value = 0;
    for (; p < end && is_digit(*p); p++) value = value < FAR ? value * 10 + (*p - '0') : FAR;
    *exponent += negative ? -value : value;
    return p;
}

/* False where no number stands at `p`. */
static inline bool spell(const char *p, const char *end, spelling *s) {
    s->negative = p < end && *p == '-';
    p += s->negative;
    if (p == end || !is_digit(*p)) return false;
    s->first = p;
    s->word = 0;
    s->exponent = 0;
    const char *point = take_digits(p, end, &s->word);
    if (*p == '0' && point - p > 1) return false;
    s->digits = point - p;
    s->end = point;
    if (point < end && *point == '.') {
        s->end = take_digits(point + 1, end, &s->word);
        s->exponent = point + 1 - s->end;
        if (s->exponent == 0) return false;
        s->digits -= s->exponent;
    }
    if (s->end < end && (*s->end == 'e' || *s->end == 'E')) s->end = take_exponent(s->end + 1, end, &s->exponent);
    return s->end != NULL;
}

/* ---- the value ----------------------------------------------------------------------------------- */

/* The first significant digits, as an integer, times 10^exponent; `more` when others than zeros follow. */
typedef struct rounded {
    uint64_t word;
    int64_t exponent;
    bool more;
} rounded;

/* Of more digits than a word holds; digits past `most` of them only into `more`. */
static inline rounded significant_digits(const spelling *s, int most, unsigned char *digits, int *count) {
    rounded r = {.exponent = s->exponent + s->digits};
    *count = 0;
    const char *p = s->first;
    for (int64_t left = s->digits; left > 0; left--, p++) {
        if (*p == '.') p++;
        const int digit = *p - '0';
        if (*count == most) {
            r.more |= digit != 0;
            continue;
        }
        r.exponent--;
        if (digit == 0 && *count == 0) continue;
        if (digits) digits[*count] = (unsigned char)digit;
        r.word = r.word * 10 + (uint64_t)digit;
        ++*count;
    }
    return r;
}

/* Is the number above the middle m + 1/2 of units of 2^exponent, or on it and m odd? */
static inline bool rounds_up(const spelling *s, uint32_t m, int exponent) {
    cvs__decimal d;
    const rounded r = significant_digits(s, CVS__MOST_DIGITS, d.digits, &d.count);
    d.exponent = (int)r.exponent;
    d.more = r.more;
    const int sign = cvs__compare_halfway(&d, 2 * m + 1, exponent - 1);
    return sign > 0 || (sign == 0 && m % 2);
}

/* m * 2^q. A significand's top bit, and one that it was rounded up to, carry into the exponent. */
static inline float compose(uint32_t m, int q) {
    const uint32_t bits = ((uint32_t)(q - LOWEST_BIT) << (SIGNIFICAND - 1)) + m;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/*
 * `high` * 2^exponent, its top bit set, up to `slack` units more: rounded to float32. Units of the result are 2^q; a
 * significand has fewer bits than 24 where q cannot be smaller.
 */
static inline float round_to_float(const spelling *s, uint64_t high, int exponent, uint64_t slack) {
    int q = exponent + 64 - SIGNIFICAND;
    if (q < LOWEST_BIT) q = LOWEST_BIT;
    if (q > HIGHEST_EXPONENT - SIGNIFICAND + 1) return __builtin_inff();
    const int cut = q - exponent; /* bits that go */
    if (cut > 65) return 0;
    const uint64_t half = cut == 65 ? 0 : UINT64_C(1) << (cut - 1); /* 0 stands for 2^64 */
    const uint64_t rest = cut < 64 ? high & (2 * half - 1) : high;
    uint32_t m = cut < 64 ? (uint32_t)(high >> cut) : 0;
    /* Half of all numbers are rounded up: no branch on that. */
    const uint32_t above = rest > half && half;
    if (__builtin_expect(half - rest <= slack, 0)) return compose(m + rounds_up(s, m, q), q);
    m += above;
    return compose(m, q);
}

/* floor(log2(10^e)) */
static inline int floor_log2_pow10(int e) { return (e * 1741647) >> 19; }

/* `r`, or the nearest float32 of what `s` spells where that cannot be told from `r` alone. */
static inline float value_of(const spelling *s, rounded r) {
    if (__builtin_expect(r.exponent < FIRST_READ_POWER, 0)) return 0;
    if (__builtin_expect(r.exponent > LAST_READ_POWER, 0)) return r.word ? __builtin_inff() : 0;
    /* Zeros are as frequent as others among activations: no branch on them. */
    const uint64_t word = r.word | (r.word == 0);
    const int e = (int)r.exponent, zeros = __builtin_clzll(word);
    const unsigned __int128 product = (unsigned __int128)(word << zeros) * powers_of_ten_below[e - FIRST_READ_POWER];
    /* The product of two significands has its top bit set or the one below. */
    const int shift = (int)~(uint64_t)(product >> 127) & 1;
    const uint64_t high = (uint64_t)(product << shift >> 64);
    const int exponent = 64 + floor_log2_pow10(e) - 63 - zeros - shift; /* of the unit of `high` */
    /* The power may be a unit more, a word with digits cut off is one more: of 19 digits, shifted by 4 bits at most. */
    const uint64_t slack = (uint64_t)(r.more ? 18 : 1) << shift;
    const float value = round_to_float(s, high, exponent, slack);
    return r.word ? value : 0;
}

static inline float spelled_value(const spelling *s) {
    int count;
    const bool fits = s->digits <= WORD_DIGITS;
    const rounded r = fits ? (rounded){s->word, s->exponent, false} : significant_digits(s, WORD_DIGITS, NULL, &count);
    return __builtin_copysignf(value_of(s, r), s->negative ? -1.0F : 1.0F);
}

/* One number at `p`: where it ends, NULL when none stands there. */
static inline const char *read_number(const char *p, const char *end, float *out) {
    spelling s;
    if (!spell(p, end, &s)) return NULL;
    *out = spelled_value(&s);
    return s.end;
}

#endif
