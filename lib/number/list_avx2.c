/*
 * list_avx2.c - lists of numbers, a block of text at a time and four numbers at once.
 *
 * scan_avx2.h tells where the numbers of a block are and that they are spelled as JSON has it. The sixteen bytes that
 * end with a number are then loaded, what stands in front of it is cleared and the gap of its point closed, so that
 * three multiplications make an integer of its digits, however many there are. Nothing depends on what a number looks
 * like: zeros among long numbers, as activations have them, cost no mispredicted branch.
 *
 * The integer and the power of ten below it are exact as double, so their quotient is the double nearest to the number
 * (sixteen digits without a point may be rounded, but then nothing is divided). Rounded to float32 it is the nearest
 * one of these too, unless it is the middle of two: then the number itself may be on either side. Such numbers, and
 * those that are longer or have an exponent, are left to odd_avx2.h.
 */
#include "number/list_body.h"
#include "number/lists.h"

#ifdef __AVX2__

#include "number/cpu.h"
#include "number/digits_avx2.h"
#include "number/odd_avx2.h"
#include "number/scan_avx2.h"

enum { LANES = 4, MOST_NUMBERS = BLOCK / 2 };

/* ---- four numbers ---------------------------------------------------------------------------------- */

/* From byte n on: what to subtract from sixteen bytes so that the last n become digits and all before them 0. */
static const char zeros_of_last[] = "\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377"
                                    "0000000000000000000000000000000000000000000000000000000000000000";
_Static_assert(sizeof zeros_of_last > BLOCK + VECTOR, "a run of digits is as long as a block at most");

/* From entry n on: which bytes of sixteen move the first n to the end. */
static const signed char to_the_end[2 * VECTOR] = {-16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6,
                                                   -5,  -4,  -3,  -2,  -1,  0,   1,   2,  3,  4,  5,
                                                   6,   7,   8,   9,   10,  11,  12,  13, 14, 15};

/* Row n closes the gap of a point that is the n-th byte from the end; row 0 has none to close. */
static const signed char without_point[VECTOR][VECTOR] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},  {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
    {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15},  {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15},
    {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15},  {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15},
    {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15},  {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15},
    {-1, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15}, {-1, 0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15},
    {-1, 0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {-1, 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {-1, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {-1, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {-1, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {-1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
};

/* By the sign, and by the place of the point, as above. */
static const double divisors[2][VECTOR] = {
    {1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14},
    {-1, -1, -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7, -1e8, -1e9, -1e10, -1e11, -1e12, -1e13, -1e14},
};

/* What is needed of one number; `end` as an index in the block. */
typedef struct lane {
    uint64_t end, length, point;
    const double *divisor;
} lane;

/* The first number that is left in `m`; without one, any. */
static inline lane take(marks *m) {
    const uint64_t start = _tzcnt_u64(m->starts), end = _tzcnt_u64(m->ends);
    m->starts = _blsr_u64(m->starts);
    m->ends = _blsr_u64(m->ends);
    const uint64_t point = _lzcnt_u64(m->points << (~end & 63)) % VECTOR, negative = m->minus >> (start & 63) & 1;
    return (lane){end, end - start, point, &divisors[negative][point]};
}

static inline __m256i both(const void *low, const void *high) {
    const __m128i first = _mm_loadu_si128((const __m128i *)low);
    return _mm256_inserti128_si256(_mm256_castsi128_si256(first), _mm_loadu_si128((const __m128i *)high), 1);
}

/* The bytes up to the ends of two numbers. */
static inline __m256i up_to_ends(const char *text, lane a, lane b) {
    return both(text + a.end - VECTOR, text + b.end - VECTOR);
}

/* The same where nothing in front of `text` can be read. */
static inline __m256i up_to_ends_inside(const char *text, lane a, lane b) {
    const uint64_t end_a = a.end < VECTOR ? a.end : VECTOR, end_b = b.end < VECTOR ? b.end : VECTOR;
    const __m256i bytes = both(text + (a.end - end_a), text + (b.end - end_b));
    return _mm256_shuffle_epi8(bytes, both(to_the_end + end_a, to_the_end + end_b));
}

/* The digits of two numbers, sixteen of either. */
static inline __m256i digits_of(const char *text, lane a, lane b, bool inside) {
    const __m256i bytes = inside ? up_to_ends_inside(text, a, b) : up_to_ends(text, a, b);
    const __m256i digits = _mm256_subs_epu8(bytes, both(zeros_of_last + a.length, zeros_of_last + b.length));
    return _mm256_shuffle_epi8(digits, both(without_point[a.point], without_point[b.point]));
}

/* Four numbers as double; the first eight digits of each stand in front of the last eight. */
static inline __m256d whole(__m256i eights) {
    const __m256d bias = _mm256_set1_pd(0x1p52); /* an integer in its low bits is added to it */
    const __m256i high = _mm256_blend_epi32(eights, _mm256_castpd_si256(bias), 0xaa);
    const __m256i low = _mm256_or_si256(_mm256_srli_epi64(eights, 32), _mm256_castpd_si256(bias));
    const __m256d front = _mm256_mul_pd(_mm256_sub_pd(_mm256_castsi256_pd(high), bias), _mm256_set1_pd(1e8));
    return _mm256_add_pd(front, _mm256_sub_pd(_mm256_castsi256_pd(low), bias));
}

static inline __m256d divisors_of(const lane *l) {
    const __m128d low = _mm_loadh_pd(_mm_load_sd(l[0].divisor), l[1].divisor);
    const __m128d high = _mm_loadh_pd(_mm_load_sd(l[2].divisor), l[3].divisor);
    return _mm256_insertf128_pd(_mm256_castpd128_pd256(low), high, 1);
}

/* Four numbers that are not odd, to `out`; a bit for each that is the middle of two float32. */
static inline int read_four(const char *text, marks *m, float *out, bool inside) {
    lane l[LANES];
    for (int i = 0; i < LANES; i++) l[i] = take(m);
    const __m256i eights = eights_of(digits_of(text, l[0], l[2], inside), digits_of(text, l[1], l[3], inside));
    const __m256d value = _mm256_div_pd(whole(eights), divisors_of(l));
    _mm_storeu_ps(out, _mm256_cvtpd_ps(value));
    /* The 29 bits that a float32 lacks are those of one half. */
    const __m256i cut = _mm256_slli_epi64(_mm256_castpd_si256(value), 64 - 29);
    const __m256i middle = _mm256_cmpeq_epi64(cut, _mm256_set1_epi64x(INT64_MIN));
    return _mm256_movemask_pd(_mm256_castsi256_pd(middle));
}

/* ---- a block --------------------------------------------------------------------------------------- */

/* The first `count` numbers, and what comes of unused lanes; how many are numbers indeed. `inside` is what b->before
   being 0 says, known to the compiler. */
static inline size_t read_all(const block *b, float *out, size_t count, bool inside) {
    marks left = b->m;
    uint64_t middles = 0;
    for (size_t i = 0; i < count; i += LANES) middles |= (uint64_t)read_four(b->text, &left, out + i, inside) << i;
    /* What is marked is a byte of its number: below the last stop. */
    uint64_t odd = (left.longs | left.exponents | left.wrong) & UINT64_MAX >> 1 >> _lzcnt_u64(left.stops);
    if (__builtin_expect(middles != 0, 0)) odd |= _pdep_u64(middles & ((UINT64_C(1) << count) - 1), b->m.starts);
    return odd ? read_odd(b, odd, out, count) : count;
}

/* The block at l->p, or a copy of it where the text ends in it. */
static inline block next_block(const list *l, const char *begin, char *copy) {
    const size_t left = (size_t)(l->end - l->p);
    block b = {.text = l->p, .before = l->p - begin < VECTOR ? 0 : VECTOR};
    if (__builtin_expect(left < BLOCK, 0)) {
        memset(copy, 0, BLOCK);
        b.text = memcpy(copy, l->p, left);
        b.before = 0;
    }
    const __m256i *vectors = (const __m256i *)b.text;
    b.m = scan((bytes64){_mm256_loadu_si256(vectors), _mm256_loadu_si256(vectors + 1)});
    return b;
}

/* The numbers that are whole in the next block; false where the first is not. */
static inline bool read_block(list *l, const char *begin) {
    char copy[BLOCK];
    block b = next_block(l, begin, copy);
    size_t count = (size_t)__builtin_popcountll(b.m.stops);
    if (count == 0) return false;
    for (; count > l->room; count--) drop_last(&b.m);
    float spare[MOST_NUMBERS];
    const bool roomy = l->room >= MOST_NUMBERS;
    float *out = roomy ? l->out : spare;
    const size_t read = b.before ? read_all(&b, out, count, false) : read_all(&b, out, count, true);
    if (!roomy) memcpy(l->out, out, read * sizeof *out);
    l->out += read, l->room -= read;
    if (read < count) {
        l->p += _tzcnt_u64(_pdep_u64(UINT64_C(1) << read, b.m.starts));
        return read > 0;
    }
    l->p += BLOCK - _lzcnt_u64(b.m.stops) - b.m.closed;
    if (b.m.closed) l->stop = CVS_LIST_CLOSED;
    return true;
}

static size_t read_list(const char *text, size_t length, float *out, size_t room, size_t *used, cvs_list_stop *stop) {
    list l = {text, text + length, out, room, CVS_LIST_FULL};
    while (l.room > 0 && l.stop == CVS_LIST_FULL)
        if (!read_block(&l, text)) read_next(&l);
    *used = (size_t)(l.p - text);
    *stop = l.stop;
    return room - l.room;
}

cvs__list_fn cvs__list_avx2(void) {
    return __builtin_cpu_supports("avx2") && cvs__cpu_counts_bits() ? read_list : NULL;
}

#else

cvs__list_fn cvs__list_avx2(void) { return NULL; }

#endif
