/*
 * winograd_body.h - the transforms of Winograd's tiles, a vector of channels at once; include a simd_*.h before. The
 * matrices stand in winograd.h; here common terms are shared: 14 operations a line of 6 in, 12 out.
 */
#include "winograd.h"

#define WINOGRAD_INLINE static inline __attribute__((always_inline))

/* v = B^T d, for n = 6 or 4 */
WINOGRAD_INLINE void spread(const vec *d, vec *v, const int n) {
    if (n == 4) {
        v[0] = vec_sub(d[0], d[2]);
        v[1] = vec_add(d[1], d[2]);
        v[2] = vec_sub(d[2], d[1]);
        v[3] = vec_sub(d[1], d[3]);
        return;
    }
    const float aa = CVS__WINOGRAD_A * CVS__WINOGRAD_A, bb = CVS__WINOGRAD_B * CVS__WINOGRAD_B;
    const vec a = vec_all(CVS__WINOGRAD_A), b = vec_all(CVS__WINOGRAD_B), less_aa = vec_all(-aa),
              less_bb = vec_all(-bb);
    const vec sum = vec_all(-aa - bb), product = vec_all(aa * bb);
    const vec even_a = vec_fma(less_bb, d[2], d[4]), odd_a = vec_mul(a, vec_fma(less_bb, d[1], d[3]));
    const vec even_b = vec_fma(less_aa, d[2], d[4]), odd_b = vec_mul(b, vec_fma(less_aa, d[1], d[3]));
    v[0] = vec_fma(product, d[0], vec_fma(sum, d[2], d[4]));
    v[1] = vec_add(even_a, odd_a);
    v[2] = vec_sub(even_a, odd_a);
    v[3] = vec_add(even_b, odd_b);
    v[4] = vec_sub(even_b, odd_b);
    v[5] = vec_fma(product, d[1], vec_fma(sum, d[3], d[5]));
}

/* y = A^T m, for n = 6 or 4 */
WINOGRAD_INLINE void gather_sums(const vec *m, vec *y, const int n) {
    const vec plus_a = vec_add(m[1], m[2]), minus_a = vec_sub(m[1], m[2]);
    if (n == 4) {
        y[0] = vec_add(m[0], plus_a);
        y[1] = vec_sub(minus_a, m[3]);
        return;
    }
    const float a = CVS__WINOGRAD_A, b = CVS__WINOGRAD_B;
    const vec plus_b = vec_add(m[3], m[4]), minus_b = vec_sub(m[3], m[4]);
    y[0] = vec_add(m[0], vec_add(plus_a, plus_b));
    y[1] = vec_fma(vec_all(b), minus_b, vec_mul(vec_all(a), minus_a));
    y[2] = vec_fma(vec_all(b * b), plus_b, vec_mul(vec_all(a * a), plus_a));
    y[3] = vec_fma(vec_all(b * b * b), minus_b, vec_fma(vec_all(a * a * a), minus_a, m[5]));
}

WINOGRAD_INLINE void spread_tile(const cvs__winograd_tiles *t, const float *from, float *to, const int n) {
    vec half[6][6]; /* [column][row]: columns done */
#pragma GCC unroll 6
    for (int j = 0; j < n; j++) {
        vec d[6];
#pragma GCC unroll 6
        for (int i = 0; i < n; i++) d[i] = vec_load(from + i * t->from_row + j * LANES);
        spread(d, half[j], n);
    }
#pragma GCC unroll 6
    for (int i = 0; i < n; i++) {
        vec d[6], v[6];
#pragma GCC unroll 6
        for (int j = 0; j < n; j++) d[j] = half[j][i];
        spread(d, v, n);
#pragma GCC unroll 6
        for (int j = 0; j < n; j++) vec_store(to + (i * n + j) * t->to_row, v[j]);
    }
}

static void winograd_input(const cvs__winograd_tiles *t) {
    for (int64_t i = 0; i < t->count; i++) {
        const float *from = t->from + i * t->from_tile;
        float *to = t->to + i * t->to_tile;
        if (t->side == 6)
            spread_tile(t, from, to, 6);
        else
            spread_tile(t, from, to, 4);
    }
}

/* Zeros, or NaN where a sum is not finite. */
WINOGRAD_INLINE vec gather_tile(const cvs__winograd_tiles *t, const float *from, float *to, const int n) {
    vec half[6][4];
#pragma GCC unroll 6
    for (int j = 0; j < n; j++) {
        vec m[6];
#pragma GCC unroll 6
        for (int i = 0; i < n; i++) m[i] = vec_load(from + (i * n + j) * t->from_row);
        gather_sums(m, half[j], n);
    }
    const vec bias = t->bias ? vec_load(t->bias) : vec_all(0), low = vec_all(t->low), high = vec_all(t->high);
    vec strange = vec_all(0);
#pragma GCC unroll 4
    for (int i = 0; i < n - 2; i++) {
        vec m[6], y[4];
#pragma GCC unroll 6
        for (int j = 0; j < n; j++) m[j] = half[j][i];
        gather_sums(m, y, n);
#pragma GCC unroll 4
        for (int j = 0; j < n - 2; j++) {
            strange = vec_fma(y[j], vec_all(0), strange);
            vec_store(to + i * t->to_row + j * LANES, vec_clamp(vec_add(y[j], bias), low, high));
        }
    }
    return strange;
}

static bool winograd_output(const cvs__winograd_tiles *t) {
    vec strange = vec_all(0);
    for (int64_t i = 0; i < t->count; i++) {
        const float *from = t->from + i * t->from_tile;
        float *to = t->to + i * t->to_tile;
        strange = vec_add(strange, t->side == 6 ? gather_tile(t, from, to, 6) : gather_tile(t, from, to, 4));
    }
    float lanes[LANES];
    vec_store(lanes, strange);
    bool finite = true;
    for (int i = 0; i < LANES; i++) finite = finite && lanes[i] == 0;
    return finite;
}

/* lane by lane: to = a[0]*x[0] + a[1]*x[1] + a[2]*x[2] */
WINOGRAD_INLINE void weigh(const double *a, const double x[3][LANES], double *to) {
    for (int lane = 0; lane < LANES; lane++) to[lane] = a[0] * x[0][lane] + a[1] * x[1][lane] + a[2] * x[2][lane];
}

/* A vector of filters; in double, which the compiler makes into vectors. */
static void transform_taps(const cvs__winograd_taps *t, const float *from, float *to) {
    double columns[3][3][LANES]; /* [x][y] */
    for (int tap = 0; tap < 9; tap++)
        for (int lane = 0; lane < LANES; lane++) columns[tap % 3][tap / 3][lane] = (double)from[tap * t->step + lane];
    for (int64_t i = 0; i < t->side; i++) {
        double row[3][LANES], u[LANES];
        for (int x = 0; x < 3; x++) weigh(t->g[i], columns[x], row[x]);
        for (int64_t j = 0; j < t->side; j++) {
            weigh(t->g[j], row, u);
            for (int lane = 0; lane < LANES; lane++) to[(i * t->side + j) * t->step + lane] = (float)u[lane];
        }
    }
}

static void winograd_kernel(const cvs__winograd_taps *t) {
    for (int64_t filter = 0; filter < t->filters; filter += LANES) transform_taps(t, t->from + filter, t->to + filter);
}
