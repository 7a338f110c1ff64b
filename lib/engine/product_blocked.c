#include "product_blocked.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

/* Copying a strip of B costs about as much as one row tile; with fewer of them it is read where it lies. */
enum { TILES_WORTH_A_COPY = 3 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static void copy_strip(float *strip, int64_t width, const cvs__product *part) {
    for (int64_t k = 0; k < part->k; k++)
        memcpy(strip + k * width, part->b + k * part->ldb, (size_t)part->n * sizeof *strip);
}

/* All rows of A against one strip of B. */
static void run_strip(const cvs__register_tile *tile, cvs__product part) {
    alignas(64) float strip[CVS__STRIP_FLOATS];
    if (part.m > TILES_WORTH_A_COPY * tile->rows) {
        copy_strip(strip, tile->columns, &part);
        part.b = strip;
        part.ldb = tile->columns;
    }
    const int64_t rows = part.m;
    for (int64_t i = 0; i < rows; i += tile->rows) {
        part.m = least(tile->rows, rows - i);
        tile->run(&part);
        part.a += part.m * part.lda;
        part.c += part.m * part.ldc;
    }
}

void cvs__product_blocked(const cvs__register_tile *tile, const cvs__product *product) {
    assert(tile->depth * tile->columns <= CVS__STRIP_FLOATS);
    for (int64_t k = 0; k < product->k; k += tile->depth) {
        for (int64_t j = 0; j < product->n; j += tile->columns) {
            cvs__product part = *product;
            part.k = least(tile->depth, product->k - k);
            part.n = least(tile->columns, product->n - j);
            part.a += k;
            part.b += k * product->ldb + j;
            part.c += j;
            part.accumulate = product->accumulate || k > 0;
            run_strip(tile, part);
        }
    }
}
