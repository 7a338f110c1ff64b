#include "layer/rules/comb.h"

#include "layer/layer_internal.h"

typedef __int128 wide;

/* Runs of `width` positions that start `pitch` apart. */
typedef struct runs {
    int64_t width, pitch, count;
} runs;

static wide least(wide a, wide b) { return a < b ? a : b; }

/* How many positions below x lie in a run. */
static wide runs_below(runs r, wide x) {
    if (x <= 0) return 0;
    if (r.pitch <= r.width) return least(x, (wide)(r.count - 1) * r.pitch + r.width);
    if (x >= (wide)r.count * r.pitch) return (wide)r.count * r.width;
    return x / r.pitch * r.width + least(x % r.pitch, r.width);
}

/* A comb of one tooth has no step to speak of; steps with a common divisor reach its multiples only. */
static int64_t reduce(cvs__comb *comb) {
    for (int side = 0; side < 2; side++)
        if (comb->count[side] == 1) comb->step[side] = comb->step[1 - side];
    int64_t divisor = (int64_t)cvs__gcd((uint64_t)comb->step[0], (uint64_t)comb->step[1]);
    comb->step[0] /= divisor;
    comb->step[1] /= divisor;
    return divisor;
}

bool cvs__comb_count(const cvs__comb *comb, int64_t lo, int64_t hi, int64_t *reached) {
    cvs__comb small = *comb;
    int64_t divisor = reduce(&small);
    if (small.step[0] != 1 && small.step[1] != 1) return false;
    int dense = small.step[0] == 1 ? 0 : 1;
    runs r = {small.count[dense], small.step[1 - dense], small.count[1 - dense]};
    wide below_hi = runs_below(r, (wide)cvs__floor_div(hi, divisor) + 1);
    wide below_lo = runs_below(r, cvs__ceil_div(lo, divisor));
    *reached = below_hi > below_lo ? (int64_t)(below_hi - below_lo) : 0;
    return true;
}

/* The x in [0, m) with a*x = 1 (mod m); a and m >= 2 have no common divisor. */
static wide inverse(wide a, wide m) {
    wide low = m, high = a % m, x_low = 0, x_high = 1;
    while (high > 1) {
        wide quotient = low / high, rest = low % high, x = x_low - quotient * x_high;
        low = high;
        high = rest;
        x_low = x_high;
        x_high = x;
    }
    return x_high < 0 ? x_high + m : x_high;
}

/* y = a*x + b*z with x and z in their ranges? `inverse_a` is that of a modulo b. */
static bool reaches(const cvs__comb *comb, wide inverse_a, wide y) {
    wide a = comb->step[0], b = comb->step[1], most = least(comb->count[0] - 1, y / a);
    wide short_of = y - b * (comb->count[1] - 1), fewest = short_of > 0 ? (short_of + a - 1) / a : 0;
    wide x = y % b * inverse_a % b;
    if (x < fewest) x += (fewest - x + b - 1) / b * b;
    return x <= most;
}

/* Beyond this many positions the answer below is left open; only steps longer than that, on inputs shorter than a
   step, ever get there. */
enum { LONGEST_WALK = 1024 };

/* Steps a, b >= 2 without a common divisor. */
static bool coprime_has_gap(const cvs__comb *comb, int64_t lo, int64_t hi) {
    int64_t a = comb->step[0], b = comb->step[1], length = hi - lo + 1;
    /* Too few taps to meet every remainder of the other step: some remainder is never met. */
    if ((comb->count[1] < a && length >= a) || (comb->count[0] < b && length >= b)) return true;
    /* Sylvester: a*b - a - b is the last number that no sum of a's and b's gives; mirrored from the far end. */
    wide last_hole = (wide)a * b - a - b, end = (wide)(comb->count[0] - 1) * a + (wide)(comb->count[1] - 1) * b;
    if (lo <= last_hole && last_hole <= hi) return true;
    if (lo <= end - last_hole && end - last_hole <= hi) return true;
    if (comb->count[1] >= a && comb->count[0] >= b && lo > last_hole && hi < end - last_hole) return false;
    wide inverse_a = inverse(a, b);
    for (int64_t y = lo; y <= hi && y - lo < LONGEST_WALK; y++)
        if (!reaches(comb, inverse_a, y)) return true;
    return false;
}

bool cvs__comb_has_gap(const cvs__comb *comb, int64_t lo, int64_t hi) {
    if (lo > hi) return false;
    int64_t reached = 0;
    if (cvs__comb_count(comb, lo, hi, &reached)) return reached <= hi - lo;
    cvs__comb small = *comb;
    int64_t divisor = reduce(&small);
    if (divisor > 1 && (lo < hi || lo % divisor)) return true;
    return coprime_has_gap(&small, lo / divisor, hi / divisor);
}

int64_t cvs__comb_period_gaps(int64_t stride, int64_t dilation, int64_t kernel) {
    int64_t remainders = stride / (int64_t)cvs__gcd((uint64_t)stride, (uint64_t)dilation);
    return stride - (kernel < remainders ? kernel : remainders);
}

/*
 * The sum of floor((a*x + b)/m) over 0 <= x < n, for a, b >= 0: counts lattice points under a line, swapping the axes
 * as Euclid's algorithm swaps its numbers.
 */
static wide sum_of_floors(wide n, wide m, wide a, wide b) {
    wide sum = 0;
    for (;;) {
        sum += (n - 1) * n / 2 * (a / m) + n * (b / m);
        a %= m;
        b %= m;
        wide top = a * n + b;
        if (top < m) return sum;
        n = top / m;
        b = top % m;
        wide swap = m;
        m = a;
        a = swap;
    }
}

/* A target narrower than the stride may be stepped over: each tap meets it in one window at most, so count windows. */
static int64_t narrow_alive(const cvs__sweep *sweep, const cvs__taps *taps) {
    wide n = (wide)taps->last - taps->first + 1, base = (wide)sweep->lo - 1 - (wide)taps->last * sweep->dilation;
    wide upto_end = sum_of_floors(n, sweep->stride, sweep->dilation, base + sweep->size);
    wide before = sum_of_floors(n, sweep->stride, sweep->dilation, base + sweep->stride) - n;
    return (int64_t)(upto_end - before);
}

cvs__taps cvs__count_taps(const cvs__sweep *sweep) {
    wide reach = (wide)(sweep->windows - 1) * sweep->stride, missing = sweep->lo - reach;
    cvs__taps taps = {0, 0, sweep->taps - 1};
    if (missing > 0) taps.first = cvs__ceil_div((int64_t)missing, sweep->dilation);
    int64_t end = (sweep->lo + sweep->size - 1) / sweep->dilation;
    if (end < taps.last) taps.last = end;
    if (taps.last < taps.first) return taps;
    taps.alive = sweep->size >= sweep->stride ? taps.last - taps.first + 1 : narrow_alive(sweep, &taps);
    return taps;
}
