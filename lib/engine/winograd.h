/*
 * winograd.h - 3x3 convolutions of stride 1 with fewer multiplications (Lavin and Gray, Fast Algorithms for
 * Convolutional Neural Networks, 2015, after Winograd, 1980).
 *
 *   winograd.c         which layers; how they are cut; the kernel transformed
 *   winograd_run.c     a part: tiles transformed, multiplied, transformed back
 *   winograd_strip.c   channels of the input as vectors, and vectors of filters as the output wants them
 *   winograd_direct.c  tiles whose sums are not finite, as the direct sum has them
 *   winograd_body.h    the transforms
 *
 * The output is cut into tiles of m x m cells, each of which sees n x n cells of the input, n = m + 2. With
 * V = B^T d B of the input d of a tile, U = G g G^T of the kernel g, the tile is A^T (sum over channels of U V) A with
 * the product of U and V element by element: n*n multiplications for m*m cells instead of 9*m*m, 4 times fewer for
 * m = 4 and 2.25 times for m = 2.
 *
 * m = 2 stands on the points 0, 1, -1 and infinity, with the matrices of Lavin and Gray, exact on small whole numbers.
 * m = 4 stands on 0, a, -a, b, -b and infinity with M(x) = x(x^2 - a^2)(x^2 - b^2):
 *
 *   B^T  row of p: the coefficients of M(x)/(x - p); of infinity: those of M(x)
 *   G    row of p: (1, p, p^2) over the product of p - q for all other points q; of infinity: (0, 0, 1)
 *   A^T  column of p: (1, p, p^2, p^3); of infinity: (0, 0, 0, 1)
 *
 * a = 5/8 and b = 3/2, whose products above are exact in float32.
 *
 * Error. An output without its bias is within (channels + 24) * u * growth * channels * max|input| * max|kernel| of the
 * exact sum, u = 2^-24, to first order in u: channels + 24 roundings at most lie between a term and the output
 * (channels + 1 of the product, the others of the three transforms), and the absolute values of all that is added up
 * are at most growth * channels * max|input| * max|kernel|, where growth is the square of the largest sum over the
 * points of |A^T| * (row sum of |G|) * (row sum of |B^T|): 564 for m = 4 and 64 for m = 2; with the usual points 1 and
 * 2 it would be 2304. The way of counting is that of Barabasz, Anderson, Soodhalter and Gregg (Error Analysis and
 * Improving the Accuracy of Winograd Convolution for Deep Neural Networks, 2020). That is the worst case: normally
 * distributed numbers err by some 4e-6 of the largest output with 512 channels.
 */
#ifndef CONVSCOPE_ENGINE_WINOGRAD_H
#define CONVSCOPE_ENGINE_WINOGRAD_H

#include "kernels.h"
#include "plan.h"

#define CVS__WINOGRAD_A 0.625F
#define CVS__WINOGRAD_B 1.5F

enum { CVS__WINOGRAD_MOST_SIDE = 6, CVS__WINOGRAD_MOST_CHANNELS = 4096 };

/* How a layer is cut. A line of tiles is a row of them, or all of a sample's where rows are short; it is cut into even
   parts. A part is some tiles of a line and some blocks of filters, computed by one thread. */
typedef struct cvs__winograd {
    int64_t m, side, points;     /* cells of a tile's output and input along an axis; side*side */
    int64_t across, down;        /* tiles of a sample */
    int64_t line, lines;         /* tiles of a line; lines of a sample */
    int64_t tiles, line_parts;   /* tiles of a part, parts of a line */
    cvs__blocking filters;       /* as U lies: [block][point][channel][width] */
    int64_t blocks, block_parts; /* blocks of a part */
    int64_t pitch;               /* floats between two tiles of V */
    int64_t strip, slice;        /* floats of a thread's strip, and of all it needs */
    const float *direct;         /* the kernel as it is: [block][tap][channel][width] */
} cvs__winograd;

/* One part as it is computed. V is [point][tile][pitch], M [point][tile][filters.width]. */
typedef struct cvs__winograd_part {
    const cvs_plan *plan;
    const cvs__winograd *how;
    const float *image; /* the sample's */
    float *output;
    int64_t tile0, tiles, block0, block1; /* of the sample */
    int64_t row0, rows, column0, columns; /* the tiles that the strip spans */
    float *v, *m, *strip, *terms;
} cvs__winograd_part;

/* Can this layer be computed so? One group, 3x3, stride and dilation 1, zeros for padding. */
bool cvs__winograd_suits(const cvs__geometry *geometry);

/* Can these weights? NaN and infinity, and what overflows when it is transformed, go their way in other sums. */
bool cvs__winograd_takes(const cvs__geometry *geometry, const float *kernel);

/* Floats between two rows of cells of a part's strip: of the input, and of the output. */
static inline int64_t cvs__winograd_in_pitch(const cvs__winograd_part *p) {
    return (p->columns * p->how->m + 2) * p->plan->engine->kernels->lanes;
}
static inline int64_t cvs__winograd_out_pitch(const cvs__winograd_part *p) {
    return p->columns * p->how->m * p->plan->engine->kernels->lanes;
}

/* The strip: [row][column][lanes] of the input's channels from `channel`; padding is 0. */
void cvs__winograd_take(const cvs__winograd_part *part, int64_t channel);

/* Out of the strip: the part's cells of the filters from `filter`, activated. */
void cvs__winograd_put(const cvs__winograd_part *part, int64_t filter);

/* Vector `vector` of the filters of block `block` of one tile, computed directly into the strip. */
void cvs__winograd_redo(const cvs__winograd_part *part, int64_t tile, int64_t block, int64_t vector);

void cvs__winograd_run(const cvs_plan *plan, const float *input, float *output, float *workspace);

extern const cvs__method cvs__method_winograd4, cvs__method_winograd2;

#endif
