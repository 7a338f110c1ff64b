/*
 * depthwise3_body.h - channels through filters of 3x3: every line is loaded once for the three lines of outputs that
 * see it, whose sums wait in registers as do the nine weights. Include depthwise_body.h before.
 */

/* One vector of outputs of every line. */
typedef struct depthwise3 {
    const cvs__depthwise *d;
    vec low, high;
    int64_t at;         /* of the first lane, the position in the line for the middle tap */
    bool whole;         /* no lane reads outside the line or is past the last output */
    vec_mask inside[2]; /* which lanes of the vector from there on lie inside the line, and of the one behind it */
    bool left, right;   /* whether the neighbours of what is loaded do */
    vec_mask tail;
} depthwise3;

/* One filter, and what of it stays in registers. */
typedef struct filter3 {
    const depthwise3 *t;
    depthwise_filter f;
    vec weight[3][3];
} filter3;

/* Has lines of the next channel on their way while this one is computed, where a column of vectors takes them out of
   their order in memory. */
ALWAYS_INLINE void fetch_below(const cvs__depthwise *d, const float *from, const int stride) {
    if (d->columns <= LANES) return;
    const uintptr_t at = (uintptr_t)from + (uintptr_t)(d->in[0] * d->in[1]) * sizeof *from;
    for (int i = 0; i < stride; i++) __builtin_prefetch((const void *)(at + (uintptr_t)i * LANES * sizeof *from), 0, 2);
}

/* What the three taps read of a line: shifted by a lane they are the same, and loads at odd places are slow. */
ALWAYS_INLINE void load_taps(const filter3 *f, int64_t number, const int stride, const bool whole, vec x[3]) {
    const depthwise3 *t = f->t;
    const float *from = line_of(t->d, f->f.b, number) + t->at;
    fetch_below(t->d, from, stride);
    const vec low = whole ? vec_load(from) : vec_load_part(from, t->inside[0]);
    const float left = whole || t->left ? from[-1] : 0;
    if (stride == 1) {
        x[0] = vec_shift_up(low, left);
        x[1] = low;
        x[2] = vec_shift_down(low, whole || t->right ? from[LANES] : 0);
    } else {
        vec_part(low, whole ? vec_load(from + LANES) : vec_load_part(from + LANES, t->inside[1]), &x[1], &x[2]);
        x[0] = vec_shift_up(x[2], left);
    }
}

ALWAYS_INLINE vec add_taps(const filter3 *f, int kh, const vec x[3], vec sum) {
#pragma GCC unroll 3
    for (int kw = 0; kw < 3; kw++) sum = vec_fma(f->weight[kh][kw], x[kw], sum);
    return sum;
}

ALWAYS_INLINE void store_sum(const depthwise3 *t, float *to, vec sum, const bool whole) {
    const vec y = vec_clamp(sum, t->low, t->high);
    if (whole)
        vec_store(to, y);
    else
        vec_store_part(to, y, t->tail);
}

/* `x`: the vector's first output of a line. */
ALWAYS_INLINE void run_lines_by_1(const filter3 *f, int64_t x, const bool whole) {
    const int64_t lines = f->t->d->lines, columns = f->t->d->columns;
    vec line[3], first, second; /* the sums of the lines of outputs that lack their last and their last two lines */
    load_taps(f, 0, 1, whole, line);
    first = add_taps(f, 0, line, f->f.start);
    load_taps(f, 1, 1, whole, line);
    second = add_taps(f, 0, line, f->f.start);
    first = add_taps(f, 1, line, first);
#pragma GCC unroll 2
    for (int64_t y = 0; y < lines; y++) {
        load_taps(f, y + 2, 1, whole, line);
        store_sum(f->t, f->f.c + y * columns + x, add_taps(f, 2, line, first), whole);
        first = add_taps(f, 1, line, second);
        second = add_taps(f, 0, line, f->f.start);
    }
}

ALWAYS_INLINE void run_lines_by_2(const filter3 *f, int64_t x, const bool whole) {
    vec line[3];
    load_taps(f, 0, 2, whole, line);
    for (int64_t y = 0; y < f->t->d->lines; y++) {
        vec sum = add_taps(f, 0, line, f->f.start);
        load_taps(f, 2 * y + 1, 2, whole, line);
        sum = add_taps(f, 1, line, sum);
        load_taps(f, 2 * y + 2, 2, whole, line);
        store_sum(f->t, f->f.c + y * f->t->d->columns + x, add_taps(f, 2, line, sum), whole);
    }
}

/* The vector from output `x` of a line on. */
ALWAYS_INLINE void place(depthwise3 *t, int64_t x, const int stride) {
    const cvs__depthwise *d = t->d;
    const int64_t in = d->in[1], at = x * stride - d->before[1] + 1;
    t->at = at;
    t->left = at >= 1 && at <= in;
    t->right = at >= -LANES && at + LANES < in;
    t->whole = x + LANES <= d->columns && t->left && (stride == 1 ? t->right : at + 2 * LANES <= in);
    t->inside[0] = vec_mask_of_bits(lanes_inside(at, 1, in));
    t->inside[1] = vec_mask_of_bits(lanes_inside(at + LANES, 1, in));
    t->tail = vec_first(d->columns - x);
}

ALWAYS_INLINE void run_depthwise3_filter(const depthwise3 *t, int64_t number, int64_t x, const int stride,
                                         const bool whole) {
    filter3 f = {.t = t, .f = filter_of(t->d, number)};
#pragma GCC unroll 9
    for (int i = 0; i < 9; i++) f.weight[i / 3][i % 3] = vec_all(f.f.a[i]);
    if (stride == 1)
        run_lines_by_1(&f, x, whole);
    else
        run_lines_by_2(&f, x, whole);
}

/* Filters [first, last), a column of vectors after the other. */
ALWAYS_INLINE void run_depthwise3_filters(const cvs__depthwise *d, int64_t first, int64_t last, const int stride) {
    depthwise3 t = {.d = d, .low = vec_all(d->ending.low), .high = vec_all(d->ending.high)};
    for (int64_t x = 0; x < d->columns; x += LANES) {
        place(&t, x, stride);
        for (int64_t number = first; number < last; number++) {
            if (t.whole)
                run_depthwise3_filter(&t, number, x, stride, true);
            else
                run_depthwise3_filter(&t, number, x, stride, false);
        }
    }
}

/* Wide maps one by one, in the order of memory. */
ALWAYS_INLINE void run_depthwise3_by(const cvs__depthwise *d, const int stride) {
    const int64_t count = d->channels * d->filters, at_once = d->columns <= 2 * LANES ? count : 1;
    for (int64_t first = 0; first < count; first += at_once) run_depthwise3_filters(d, first, first + at_once, stride);
}

/* Whether it is of this form. */
ALWAYS_INLINE bool is_depthwise3(const cvs__depthwise *d) {
    return d->kernel[0] == 3 && d->kernel[1] == 3 && d->dilation[0] == 1 && d->dilation[1] == 1 &&
           d->stride[0] == d->stride[1];
}
