/* depthwise_body.h - channels through filters of their own, read where they lie; include a simd_*.h before. */
#include "tile_sums.h"

enum { DEPTHWISE_SUMS = 8 }; /* vectors of sums in flight: more than an addition takes cycles */

/* Which lanes of a vector read inside the line: those whose position at + lane*stride is one of 0..in - 1. */
ALWAYS_INLINE uint32_t lanes_inside(int64_t at, int64_t stride, int64_t in) {
    const int64_t first = at < 0 ? (-at + stride - 1) / stride : 0;
    const int64_t last = at < in ? (in - at + stride - 1) / stride : 0;
    if (first >= LANES || last <= first) return 0;
    const uint32_t below = last >= LANES ? (1U << (LANES - 1)) * 2U - 1U : (1U << last) - 1U;
    return below & ~((1U << first) - 1U);
}

/* One of the filters: its channel, its weights, its bias and where its outputs go. */
typedef struct depthwise_filter {
    const float *b, *a;
    vec start;
    float *c;
} depthwise_filter;

ALWAYS_INLINE depthwise_filter filter_of(const cvs__depthwise *d, int64_t number) {
    return (depthwise_filter){
        .b = d->b + number / d->filters * d->in[0] * d->in[1],
        .a = d->a + number * d->kernel[0] * d->kernel[1],
        .start = vec_all(d->ending.bias ? d->ending.bias[number] : 0),
        .c = d->c + number * d->lines * d->columns,
    };
}

/* Line `line` of a channel, the first of the padding being line 0. */
ALWAYS_INLINE const float *line_of(const cvs__depthwise *d, const float *b, int64_t line) {
    const int64_t at = line - d->before[0];
    return (uint64_t)at < (uint64_t)d->in[0] ? b + at * d->in[1] : d->zeros;
}

/* Of one vector of outputs, for each tap along the line: the lanes that read inside it. */
typedef struct depthwise_masks {
    vec_mask one[CVS__MOST_DEPTHWISE_TAPS];
    vec_pair_mask second[CVS__MOST_DEPTHWISE_TAPS];
} depthwise_masks;

/* What a block of sums is made for, all compile-time constants: `lines` (up to 4) of `vectors` each (one where masks
   are needed, else masks is NULL), the stride along the line, and the taps along it (0: any number). */
typedef struct depthwise_form {
    int lines, vectors, stride, taps;
} depthwise_form;

ALWAYS_INLINE vec depthwise_load(const float *from, const depthwise_masks *masks, int tap, const int stride) {
    if (stride == 1) return masks ? vec_load_part(from, masks->one[tap]) : vec_load(from);
    return vec_load_second(from, masks ? masks->second[tap] : vec_pair_mask_of_bits((1U << (LANES - 1)) * 2U - 1U));
}

ALWAYS_INLINE void run_depthwise_block(const cvs__depthwise *d, const depthwise_filter *f, const depthwise_masks *masks,
                                       int64_t line, int64_t x, const depthwise_form form) {
    const int64_t first = x * form.stride - d->before[1];
    const int taps = form.taps ? form.taps : (int)d->kernel[1];
    vec sum[DEPTHWISE_SUMS];
#pragma GCC unroll 8
    for (int i = 0; i < form.lines * form.vectors; i++) sum[i] = f->start;
    const float *a = f->a;
    for (int64_t kh = 0; kh < d->kernel[0]; kh++) {
        const float *rows[4];
#pragma GCC unroll 4
        for (int l = 0; l < form.lines; l++)
            rows[l] = line_of(d, f->b, (line + l) * d->stride[0] + kh * d->dilation[0]);
#pragma GCC unroll 3
        for (int kw = 0; kw < taps; kw++) {
            const vec weight = vec_all(*a++);
#pragma GCC unroll 4
            for (int l = 0; l < form.lines; l++) {
                const float *from = rows[l] + first + kw * d->dilation[1];
#pragma GCC unroll 4
                for (int v = 0; v < form.vectors; v++)
                    sum[l * form.vectors + v] =
                        vec_fma(weight, depthwise_load(from + v * LANES * form.stride, masks, kw, form.stride),
                                sum[l * form.vectors + v]);
            }
        }
    }
    const vec low = vec_all(d->ending.low), high = vec_all(d->ending.high);
    const vec_mask tail = vec_first(d->columns - x);
#pragma GCC unroll 4
    for (int l = 0; l < form.lines; l++) {
#pragma GCC unroll 4
        for (int v = 0; v < form.vectors; v++) {
            float *to = f->c + (line + l) * d->columns + x + v * LANES;
            const vec y = vec_clamp(sum[l * form.vectors + v], low, high);
            if (masks)
                vec_store_part(to, y, tail);
            else
                vec_store(to, y);
        }
    }
}

/* All lines of a column of vectors, filter by filter. */
ALWAYS_INLINE void run_depthwise_column(const cvs__depthwise *d, const depthwise_masks *masks, int64_t x,
                                        const depthwise_form form) {
    depthwise_form one = form;
    one.lines = 1;
    for (int64_t i = 0; i < d->channels * d->filters; i++) {
        const depthwise_filter f = filter_of(d, i);
        int64_t line = 0;
        for (; line + form.lines <= d->lines; line += form.lines) run_depthwise_block(d, &f, masks, line, x, form);
        for (; line < d->lines; line++) run_depthwise_block(d, &f, masks, line, x, one);
    }
}

/* One vector of outputs that reads over an end of the line, or is not whole. */
ALWAYS_INLINE void run_depthwise_edge(const cvs__depthwise *d, int64_t x, const int stride, const int taps) {
    depthwise_masks masks;
    const int count = taps ? taps : (int)d->kernel[1];
    for (int kw = 0; kw < count; kw++) {
        const uint32_t bits = lanes_inside(x * stride - d->before[1] + kw * d->dilation[1], stride, d->in[1]);
        masks.one[kw] = vec_mask_of_bits(bits);
        masks.second[kw] = vec_pair_mask_of_bits(bits);
    }
    run_depthwise_column(d, &masks, x, (depthwise_form){4, 1, stride, taps});
}

ALWAYS_INLINE void run_depthwise_by(const cvs__depthwise *d, const int stride, const int taps) {
    /* Outputs [first, last) read inside the line with every tap. */
    const int64_t first = (d->before[1] + stride - 1) / stride;
    const int64_t reach = (d->kernel[1] - 1) * d->dilation[1];
    const int64_t last = d->in[1] + d->before[1] <= reach ? 0 : (d->in[1] + d->before[1] - reach - 1) / stride + 1;
    const int64_t end = last < d->columns ? last : d->columns;
    for (int64_t x = 0; x < d->columns;) {
        if (x >= first && x + 2 * LANES <= end) {
            run_depthwise_column(d, NULL, x, (depthwise_form){4, 2, stride, taps});
            x += 2 * LANES;
        } else if (x >= first && x + LANES <= end) {
            run_depthwise_column(d, NULL, x, (depthwise_form){4, 1, stride, taps});
            x += LANES;
        } else {
            run_depthwise_edge(d, x, stride, taps);
            x += LANES;
        }
    }
}

#include "depthwise3_body.h"

static void run_depthwise(const cvs__depthwise *d) {
    if (is_depthwise3(d) && d->stride[1] == 1)
        run_depthwise3_by(d, 1);
    else if (is_depthwise3(d))
        run_depthwise3_by(d, 2);
    else if (d->stride[1] == 1)
        run_depthwise_by(d, 1, 0);
    else
        run_depthwise_by(d, 2, 0);
}
