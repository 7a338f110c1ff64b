/*
 * odd_avx2.h - numbers that are not like most, one by one: those of more than sixteen bytes, as doubles have, and those
 * with an exponent. What even these ways are too narrow for goes that of text_float.h.
 */
#ifndef CONVSCOPE_ODD_AVX2_H
#define CONVSCOPE_ODD_AVX2_H

#include "number/digits_avx2.h"
#include "number/scan_avx2.h"
#include "number/text_float.h"

enum { WIDE = 2 * VECTOR, TOP_DIGITS = 1000 /* and sixteen digits below: 19 in all, which fit 64 bits */ };

typedef struct block {
    const char *text;
    int before; /* bytes in front of it that can be read */
    marks m;
} block;

/* Where a number is, and its parts: `point` bytes from the end of its digits, 0 for none. */
typedef struct odd_number {
    int start, end_of_digits, end, point;
    bool negative;
} odd_number;

static inline odd_number find(const marks *m, int start) {
    const uint64_t from = UINT64_MAX << start, exponents = m->exponents & from;
    odd_number n = {.start = start, .end = __builtin_ctzll(m->ends & from), .negative = m->minus >> start & 1};
    n.end_of_digits = exponents ? __builtin_ctzll(exponents) : 64;
    if (n.end_of_digits > n.end) n.end_of_digits = n.end;
    const uint64_t points = m->points & from & ~(UINT64_MAX << n.end_of_digits);
    n.point = points ? n.end_of_digits - 63 + __builtin_clzll(points) : 0;
    return n;
}

/* The digits as one integer: WIDE bytes that end with them, of which those up to the point come from a byte earlier.
   False when there are too many. */
static inline bool join(const block *b, const odd_number *n, uint64_t *word) {
    const int length = n->end_of_digits - n->start - (n->point > 0);
    if (length > WIDE || n->end_of_digits + b->before < WIDE + 1) return false;
    const char *from = b->text + n->end_of_digits - WIDE;
    const __m256i index = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                           22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    const __m256i moved = _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(n->point ? WIDE + 1 - n->point : 0)), index);
    const __m256i text = _mm256_blendv_epi8(_mm256_loadu_si256((const __m256i *)from),
                                            _mm256_loadu_si256((const __m256i *)(from - 1)), moved);
    const __m256i used = _mm256_cmpgt_epi8(index, _mm256_set1_epi8((char)(WIDE - 1 - length)));
    const __m256i digits = _mm256_and_si256(_mm256_subs_epu8(text, _mm256_set1_epi8('0')), used); /* a minus is 0 */
    const __m256i eights = eights_of(digits, digits);
    const uint64_t top = (uint64_t)_mm256_extract_epi64(eights, 0), low = (uint64_t)_mm256_extract_epi64(eights, 2);
    const uint64_t front = (top & UINT32_MAX) * 100000000 + (top >> 32);
    *word = front * UINT64_C(10000000000000000) + (low & UINT32_MAX) * 100000000 + (low >> 32);
    return front < TOP_DIGITS;
}

/* Of one or two digits, with a minus or without a sign; false for others. */
static inline bool short_exponent(const block *b, const odd_number *n, int *exponent) {
    *exponent = 0;
    if (n->end == n->end_of_digits) return true;
    const char *p = b->text + n->end_of_digits + 1;
    const bool negative = *p == '-';
    p += negative;
    const int digits = (int)(b->text + n->end - p), first = p[0] - '0';
    if (digits < 1 || digits > 2) return false;
    const int second = digits == 2 ? p[1] - '0' : 0;
    if ((unsigned)first > 9 || (unsigned)second > 9) return false;
    *exponent = digits == 2 ? first * 10 + second : first;
    if (negative) *exponent = -*exponent;
    return true;
}

static inline bool read_wide(const block *b, const odd_number *n, float *out) {
    uint64_t word;
    int exponent;
    if (!short_exponent(b, n, &exponent) || !join(b, n, &word)) return false;
    exponent -= n->point ? n->point - 1 : 0;
    const spelling s = {.first = b->text + n->start + n->negative,
                        .digits = n->end_of_digits - n->start - n->negative - (n->point > 0),
                        .exponent = exponent};
    *out = __builtin_copysignf(value_of(&s, (rounded){word, exponent, false}), n->negative ? -1.0F : 1.0F);
    return true;
}

/* The number of each odd bit; where one is none, or infinite, the numbers that count end before it. */
static size_t read_odd(const block *b, uint64_t odd, float *out, size_t count) {
    while (odd) {
        const uint64_t so_far = b->m.starts & (odd ^ (odd - 1));
        const size_t index = (size_t)__builtin_popcountll(so_far) - 1;
        const odd_number n = find(&b->m, 63 - __builtin_clzll(so_far));
        const uint64_t behind = ~UINT64_C(1) << n.end, whole = ~behind & (UINT64_MAX << n.start);
        if ((b->m.wrong & whole) || !read_wide(b, &n, &out[index])) {
            const char *end = read_number(b->text + n.start, b->text + BLOCK, &out[index]);
            if (end != b->text + n.end) return index;
        }
        if (__builtin_isinf(out[index])) return index;
        odd &= behind;
    }
    return count;
}

#endif
