/*
 * kernels.h - the innermost loops, one set a dispatch level.
 *
 * Each kernel is written once, as a body (<kernel>_body.h) over the few vector operations that every level's simd_*.h
 * gives. Who calls a kernel never asks for the level. To add a kernel: a body, and a member here and in the table of
 * each kernels_<level>.c.
 */
#ifndef CONVSCOPE_ENGINE_KERNELS_H
#define CONVSCOPE_ENGINE_KERNELS_H

#include "tiles.h"

#include <convscope/engine.h>

/* C (m x n) = A (m x k) * B (k x n), added to C when `accumulate`. Row-major; a leading dimension is the distance in
   floats between two rows, at least the width. k >= 1. When not accumulating, C is written and never read. */
typedef struct cvs__product {
    int64_t m, n, k;
    const float *a;
    int64_t lda;
    const float *b;
    int64_t ldb;
    float *c;
    int64_t ldc;
    bool accumulate;
} cvs__product;

typedef void (*cvs__product_fn)(const cvs__product *product);

/* A part of a row-major matrix. */
typedef struct cvs__block {
    float *data;
    int64_t rows, columns;
    int64_t stride; /* floats between two rows */
} cvs__block;

/*
 * `rows` lines of `columns` (up to 64) numbers: to[r*to_pitch + i] = from[r*from_pitch + i*stride] where bit i of
 * `inside` is set, else 0. What lies at the other places is not read.
 */
typedef struct cvs__gathering {
    float *to;
    const float *from;
    int64_t rows, columns, to_pitch, from_pitch, stride;
    uint64_t inside;
    bool fetch_next; /* what lies behind the columns is wanted soon */
} cvs__gathering;

/*
 * to[y][x] = from[y*from_pitch + x*stride] for `lines` lines of `columns` numbers. With a stride of 2 the `odd_columns`
 * numbers between them go to odd[y][x] at once, where that is not NULL.
 */
typedef struct cvs__phase {
    float *to;
    const float *from;
    int64_t lines, to_pitch, from_pitch;
    int64_t columns, stride;
    float *odd;
    int64_t odd_columns;
} cvs__phase;

/*
 * `count` tiles of one vector of channels, which neighbour each other in memory (winograd.h), from place i*from_row to
 * place k*to_row; a tile is from_tile and to_tile away from the one before it.
 */
typedef struct cvs__winograd_tiles {
    int64_t side, count; /* 4 or 6 cells of the input along an axis */
    const float *from;
    int64_t from_row, from_tile;
    float *to;
    int64_t to_row, to_tile;
    const float *bias; /* of the output, a vector or NULL */
    float low, high;   /* its clamp */
} cvs__winograd_tiles;

/* Kernels of one channel, `filters` (whole vectors) beside each other: U = G k G^T of the 9 taps, rounded once. */
typedef struct cvs__winograd_taps {
    int64_t side, filters;
    const double (*g)[3]; /* [side][3] */
    const float *from;
    float *to;
    int64_t step; /* floats between two taps, and between two points */
} cvs__winograd_taps;

typedef struct cvs__kernels {
    cvs__tile_first_fn tile_first;
    cvs__tile_last_fn tile_last;
    void (*tile_each)(const cvs__tile_each *tile); /* groups of one channel and one filter */
    void (*tile_groups)(const cvs__tile_each *tile);
    void (*plane)(const cvs__plane *plane);
    void (*depthwise)(const cvs__depthwise *channel);
    void (*copy_phase)(const cvs__phase *phase);
    void (*gather)(const cvs__gathering *gathering);
    /* to[c*to_stride + r] = block[r][c] */
    void (*transpose)(const cvs__block *block, float *to, int64_t to_stride);
    void (*winograd_kernel)(const cvs__winograd_taps *taps);
    /* rows of cells -> points, and points -> rows of cells; false where a sum, before bias and clamp, is not finite */
    void (*winograd_input)(const cvs__winograd_tiles *tiles);
    bool (*winograd_output)(const cvs__winograd_tiles *tiles);
    int64_t lanes, tile_columns; /* floats of a vector; of the widest tile: up to CVS__MOST_TILE_COLUMNS */

    cvs__product_fn product;

    /* y[i] += a*x[i] */
    void (*axpy)(float *y, const float *x, float a, int64_t count);
    /* y[i] += w[i]*x[i] */
    void (*multiply_add)(float *y, const float *x, const float *w, int64_t count);

    /* block[r][c] = clamp(block[r][c] + bias[r]); what the ending accumulates is in the block */
    void (*finish_rows)(const cvs__block *block, const cvs__ending *ending);
    /* block[r][c] = clamp(block[r][c] + bias[c]) */
    void (*finish_columns)(const cvs__block *block, const cvs__ending *ending);
} cvs__kernels;

/* One table a level; kernels_<level>.c includes the vectors of the level and the bodies of all kernels. */
extern const cvs__kernels cvs__kernels_portable, cvs__kernels_avx2, cvs__kernels_avx512;

/* The kernels of the best level up to `isa`. */
const cvs__kernels *cvs__kernels_of(cvs_isa isa);

#endif
