/* tile_groups_body.h - the tile for channels-last data with few channels and filters a group; include a simd_*.h
   before. A vector holds the filters of several groups; for each channel of a group, every lane picks that of its own
   group. */
#include "tile_sums.h"

/* What a vector takes in and gives: some groups from channel `channel` and filter `filter` on. */
typedef struct some_groups {
    int64_t channel, filter;
    vec_mask channels, filters;
    vec_index first; /* for each lane: where in the vector its group's channels begin */
} some_groups;

ALWAYS_INLINE void run_some_groups(const cvs__tile_each *t, const some_groups *s, int64_t row, int rows) {
    const vec low = vec_all(t->ending.low), high = vec_all(t->ending.high);
    const vec start = t->ending.bias ? vec_load_part(t->ending.bias + s->filter, s->filters) : vec_all(0);
    const float *b = t->b + s->filter;
    const int64_t shift = t->shift + row * t->pitch + s->channel;
    vec sum[CVS__TILE_ROWS], x[CVS__TILE_ROWS];
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++) sum[i] = start;
    for (int64_t tap = 0; tap < t->taps; tap++) {
        const float *a = t->a[tap] + shift;
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) x[i] = vec_load_part(a + i * t->pitch, s->channels);
        vec_index index = s->first;
        for (int64_t c = 0; c < t->group_channels; c++, b += t->ldb, index = vec_index_next(index)) {
            const vec of_b = vec_load_part(b, s->filters);
#pragma GCC unroll 6
            for (int i = 0; i < rows; i++) sum[i] = vec_fma(vec_pick(x[i], index), of_b, sum[i]);
        }
    }
    float *c = t->c + row * t->ldc + s->filter;
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++) vec_store_part(c + i * t->ldc, vec_clamp(sum[i], low, high), s->filters);
}

static void run_group_cells(const cvs__tile_each *t, const some_groups *s) {
    int64_t row = 0;
    for (; row + 6 <= t->rows; row += 6) run_some_groups(t, s, row, 6);
    const int64_t left = t->rows - row;
    if (left & 4) run_some_groups(t, s, row, 4), row += 4;
    if (left & 2) run_some_groups(t, s, row, 2), row += 2;
    if (left & 1) run_some_groups(t, s, row, 1);
}

static void run_tile_groups(const cvs__tile_each *t) {
    const int64_t channels = t->group_channels, filters = t->group_filters, groups = t->columns / filters;
    const int64_t at_once = LANES / (channels > filters ? channels : filters);
    int32_t first[LANES];
    for (int lane = 0; lane < LANES; lane++) first[lane] = (int32_t)(lane / filters * channels);
    some_groups s = {.first = vec_index_load(first)};
    for (int64_t group = 0; group < groups; group += at_once) {
        const int64_t some = groups - group < at_once ? groups - group : at_once;
        s.channel = group * channels;
        s.filter = group * filters;
        s.channels = vec_first(some * channels);
        s.filters = vec_first(some * filters);
        run_group_cells(t, &s);
    }
}
