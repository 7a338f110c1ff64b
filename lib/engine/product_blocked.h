/*
 * product_blocked.h - what the products of all levels share: the walk over the matrix in register tiles.
 *
 *      k0..            j0..
 *   A  +----+----+  B  +--+--+--+      for each `depth` of k, each `columns` of j: copy that strip of B, so
 *      |    |    |     |  |  |  |      that its rows are neighbours; then for each `rows` of i one tile of C
 *      +----+----+     +--+--+--+      stays in registers while k runs.
 */
#ifndef CONVSCOPE_ENGINE_PRODUCT_BLOCKED_H
#define CONVSCOPE_ENGINE_PRODUCT_BLOCKED_H

#include "kernels.h"

typedef struct cvs__register_tile {
    int64_t rows, columns; /* of C held in registers at once */
    int64_t depth;         /* of k: a strip of B, depth*columns floats, stays in the first-level cache */
    cvs__product_fn run;   /* one tile: m <= rows, n <= columns, k <= depth */
} cvs__register_tile;

/* The largest strip of B, in floats: it is copied to the stack. */
enum { CVS__STRIP_FLOATS = 256 * 48 };

void cvs__product_blocked(const cvs__register_tile *tile, const cvs__product *product);

#endif
