/*
 * scan_avx2.h - where the numbers of a list are, for 64 bytes of text at once.
 *
 * Each question about a byte, is it a digit, a comma, is answered for all bytes by a comparison, and the answers are
 * the bits of an integer, the first byte's the lowest. So one addition carries across all runs of digits or white space
 * at once, and a check of the grammar costs a few instructions for some ten numbers. That is how simdjson finds its
 * way: Langdale and Lemire, "Parsing Gigabytes of JSON per Second" (2019).
 */
#ifndef CONVSCOPE_SCAN_AVX2_H
#define CONVSCOPE_SCAN_AVX2_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

enum { BLOCK = 64, VECTOR = 16 /* bytes that a number may have to be read with others */ };

/* Where things are in a block that begins behind a comma or a bracket. */
typedef struct marks {
    uint64_t starts, ends; /* the first byte of each number; the byte behind its last */
    uint64_t points;       /* the point of each number; of one without, its end */
    uint64_t minus;        /* signs of numbers, and of exponents */
    uint64_t exponents;    /* letters e */
    uint64_t longs;        /* bytes of numbers too long for a vector */
    uint64_t wrong;        /* bytes of what is no number, whatever comes behind its e */
    uint64_t stops;        /* what follows each number that is whole: a comma, but for the last maybe */
    bool closed;           /* the last stop is no comma */
} marks;

typedef struct bytes64 {
    __m256i low, high;
} bytes64;

static inline uint64_t mask_of(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

static inline uint64_t where_equal(bytes64 b, char c) {
    const __m256i all = _mm256_set1_epi8(c);
    return mask_of(_mm256_cmpeq_epi8(b.low, all), _mm256_cmpeq_epi8(b.high, all));
}

static inline __m256i are_digits(__m256i bytes) {
    const __m256i digits = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(digits, _mm256_set1_epi8(9)), digits);
}

static inline __m256i are_exponents(__m256i bytes) {
    return _mm256_cmpeq_epi8(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), _mm256_set1_epi8('e'));
}

/* The low half of each white byte finds the byte itself in the table. */
static inline __m256i are_white(__m256i bytes) {
    const __m256i table = _mm256_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0, /* and again */
                                           ' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0);
    return _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, bytes), bytes);
}

/* The last bytes of runs of more than VECTOR bits. */
static inline uint64_t long_runs(uint64_t bits) {
    uint64_t runs = bits & bits << 1;
    runs &= runs << 2;
    runs &= runs << 4;
    runs &= runs << 8;
    return runs & bits << VECTOR;
}

static inline marks scan(bytes64 b) {
    const uint64_t digits = mask_of(are_digits(b.low), are_digits(b.high));
    const uint64_t white = mask_of(are_white(b.low), are_white(b.high));
    const uint64_t points = where_equal(b, '.'), commas = where_equal(b, ','), zeros = where_equal(b, '0');
    marks m = {.minus = where_equal(b, '-'), .exponents = mask_of(are_exponents(b.low), are_exponents(b.high))};
    const uint64_t number = digits | points | m.minus | m.exponents;
    m.starts = number & ~(number << 1);
    m.ends = ~number & number << 1;
    m.longs = long_runs(number);

    /* Adding a bit to the run that it is the first of moves it behind the run. */
    const uint64_t behind_fraction = (digits + (points << 1)) & ~digits;
    m.points = points | (m.ends & ~behind_fraction);
    const uint64_t first_digits = (m.starts & ~m.minus) | (m.starts & m.minus) << 1;
    m.wrong = (m.minus & ~(m.starts | m.exponents << 1))  /* 1-2 */
              | ((m.minus | points) & ~(digits >> 1))     /* -, 1. */
              | ((points | m.exponents) & ~(digits << 1)) /* .5, e5 */
              | (points & behind_fraction)                /* 1.2.3 */
              | ((first_digits & zeros) << 1 & digits);   /* 01 */

    /* White space aside, a comma is behind each number, and a number behind each comma. */
    const uint64_t stops = (m.ends + white) & ~white, begins = ((commas << 1 | 1) + white) & ~white;
    const uint64_t stray = (stops ^ commas) | (begins ^ m.starts), first_stray = stray & -stray;
    m.closed = first_stray & stops;
    m.stops = (commas & ~(stray | -stray)) | (first_stray & stops);
    return m;
}

/* A number less, because there is no room for it. */
static inline void drop_last(marks *m) {
    m->stops &= ~(UINT64_C(1) << (63 - __builtin_clzll(m->stops)));
    m->closed = false;
}

#endif
