/*
 * comb.h - which positions windows reach, counted without walking through them.
 *
 * A window moved o times by s, with k taps d apart, reaches the positions s*m + d*t: two combs added. All functions
 * take numbers up to 2^62 and need O(log) steps at most, so sizes of 2^31 cost what small ones cost.
 */
#ifndef CONVSCOPE_RULES_COMB_H
#define CONVSCOPE_RULES_COMB_H

#include <stdbool.h>
#include <stdint.h>

/* The positions step[0]*x + step[1]*y with 0 <= x < count[0], 0 <= y < count[1]. Steps and counts are 1 or more. */
typedef struct cvs__comb {
    int64_t step[2], count[2];
} cvs__comb;

/*
 * How many of the positions lo..hi the comb reaches, into *reached. False where the answer is no simple sum: steps that
 * are neither 1 nor multiples of each other.
 */
bool cvs__comb_count(const cvs__comb *comb, int64_t lo, int64_t hi, int64_t *reached);

/* Is there a position in lo..hi that the comb does not reach? Where that is beyond proof, false. 0 <= lo. */
bool cvs__comb_has_gap(const cvs__comb *comb, int64_t lo, int64_t hi);

/* The same far from both ends of a comb that is long in its first step: how many of step[0] neighbours are not reached.
 */
int64_t cvs__comb_period_gaps(int64_t stride, int64_t dilation, int64_t kernel);

/*
 * How many taps t in [0, taps) meet the target in some window: lo <= t*dilation + m*stride < lo + size for an m in
 * [0, windows). `first` and `last` bound them (last < first: none).
 */
typedef struct cvs__taps {
    int64_t alive, first, last;
} cvs__taps;

typedef struct cvs__sweep {
    int64_t taps, dilation, windows, stride, lo, size;
} cvs__sweep;

cvs__taps cvs__count_taps(const cvs__sweep *sweep);

/* Rounding towards minus infinity and plus infinity, for any sign of a; b > 0. */
static inline int64_t cvs__floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }
static inline int64_t cvs__ceil_div(int64_t a, int64_t b) { return a / b + (a % b > 0); }

#endif
