/*
 * tiles.h - the register tiles on which convolutions stand: a few rows of sums stay in registers while the terms run.
 * One reads channels-last data where it lies, the other channels-first data; the weights are packed for them.
 *
 *   last   C[cell][filter]  = sum of A[cell][term] * B[term][filter]     a cell's terms are runs of channels
 *   first  C[filter][cell]  = sum of A[filter][term] * B[term][cell]     a term's cells are neighbours
 *
 * A is broadcast, B is read by vectors. Tiles of these two have up to CVS__TILE_ROWS rows and up to `tile_columns`
 * columns, which is a figure of the level (kernels.h).
 * Two more are for one filter at a time: `each` for channels-last data, `plane` for channels-first data.
 */
#ifndef CONVSCOPE_ENGINE_TILES_H
#define CONVSCOPE_ENGINE_TILES_H

#include <stdbool.h>
#include <stdint.h>

enum { CVS__TILE_ROWS = 6, CVS__TALL_TILE_ROWS = 8, CVS__MOST_TILE_COLUMNS = 64 };

/* What becomes of a sum: C = clamp(sum + what C starts from, low, high); NaN is not clamped. */
typedef struct cvs__ending {
    bool accumulate;   /* C starts from what it holds, else from the bias, else from 0 (and is not read) */
    const float *bias; /* one per filter of the tile; may be NULL */
    float low, high;   /* -INFINITY and INFINITY where there is nothing to clamp */
} cvs__ending;

/*
 * Rows are taken `height` at once, the last ones fewer: a tile. Row i of a tile of r rows in segment s is `depth`
 * floats at a[s*r + i] + shift: a segment is a tap of the kernel, or some. The pointers of the next tile begin
 * r*segments behind those of this one. The sums are over segments [segment0, segment1).
 */
typedef struct cvs__tile_last {
    int64_t rows, columns; /* 1 or more, 1..tile_columns */
    int64_t height;        /* CVS__TILE_ROWS, or CVS__TALL_TILE_ROWS where the columns fit one vector */
    int64_t segments, segment0, segment1, depth;
    const float *const *a;
    int64_t shift;
    const float *b; /* [segment1 - segment0][depth][ldb]; readable past `columns` up to the next whole vector */
    int64_t ldb;
    float *c;
    int64_t ldc;
    cvs__ending ending; /* bias of the columns */
} cvs__tile_last;

/* Row k of B is `columns` floats at b + offsets[k]. */
typedef struct cvs__tile_first {
    int64_t rows, columns, depth;
    const float *a; /* [depth][CVS__TILE_ROWS] */
    const float *b;
    const int64_t *offsets;
    float *c;
    int64_t ldc;
    cvs__ending ending; /* bias of the rows */
} cvs__tile_first;

/*
 * Every channel has a filter of its own: C[row][column] = sum over taps of A[tap][row][column] * B[tap][column]. Row i
 * of A for a tap is `columns` floats at a[tap] + shift + i*pitch.
 *
 * With groups, of up to a vector's lanes of channels and of filters, the columns are the filters of whole groups, A has
 * their channels, and B is [taps][group_channels][ldb].
 */
typedef struct cvs__tile_each {
    int64_t rows, columns, taps; /* any, at least 1 each */
    const float *const *a;
    int64_t shift, pitch;
    const float *b; /* [taps][ldb] */
    int64_t ldb;
    float *c;
    int64_t ldc;
    cvs__ending ending; /* bias of the columns; never accumulates */
    int64_t group_channels, group_filters;
} cvs__tile_each;

/* c[line][column] = sum over k of a[k] * b[line*pitch + offsets[k] + column]: one filter, whole lines. */
typedef struct cvs__plane {
    int64_t lines, columns, depth;
    const float *a;
    const float *b;
    int64_t pitch;
    const int64_t *offsets;
    float *c;           /* [lines][columns] */
    cvs__ending ending; /* one bias; never accumulates */
} cvs__plane;

enum { CVS__MOST_DEPTHWISE_TAPS = 16 };

/*
 * Each channel through filters of its own: c[filter][line][column] = sum over kh, kw of a[filter][kh][kw] *
 * b[line*stride[0] + kh*dilation[0] - before[0]][column*stride[1] + kw*dilation[1] - before[1]], where what lies
 * outside of b is 0 and not read. b and c are those of the first channel; the next ones follow.
 */
typedef struct cvs__depthwise {
    int64_t channels, filters; /* filters of one channel */
    int64_t lines, columns;    /* of a map of outputs */
    int64_t in[2];             /* lines and columns of a map of inputs */
    int64_t before[2];
    int64_t kernel[2]; /* the second up to CVS__MOST_DEPTHWISE_TAPS */
    int64_t stride[2]; /* the second 1 or 2 */
    int64_t dilation[2];
    const float *a;     /* [channels][filters][kernel[0]][kernel[1]] */
    const float *b;     /* [channels][in[0]][in[1]] */
    const float *zeros; /* in[1] of them: what stands in the padding */
    float *c;           /* [channels][filters][lines][columns] */
    cvs__ending ending; /* a bias for each filter of each channel; never accumulates */
} cvs__depthwise;

typedef void (*cvs__tile_last_fn)(const cvs__tile_last *tile);
typedef void (*cvs__tile_first_fn)(const cvs__tile_first *tile);

#endif
