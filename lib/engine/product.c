#include "product.h"

#include <math.h>
#include <stdalign.h>
#include <string.h>

/* Terms at once: a strip of B, copied so that its rows are neighbours, then takes 32 KiB and stays in the cache. */
enum { DEPTH = 128 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* All rows of A against one strip of B, `pitch` floats a row. */
static void run_strip(cvs__tile_last_fn tile, const cvs__product *part, const float *strip, int64_t pitch) {
    const float *rows[CVS__TILE_ROWS];
    cvs__tile_last t = {
        .columns = part->n,
        .height = CVS__TILE_ROWS,
        .segments = 1,
        .segment1 = 1,
        .depth = part->k,
        .a = rows,
        .b = strip,
        .ldb = pitch,
        .ldc = part->ldc,
        .ending = {.accumulate = part->accumulate, .low = -INFINITY, .high = INFINITY},
    };
    for (int64_t row = 0; row < part->m; row += CVS__TILE_ROWS) {
        t.rows = least(CVS__TILE_ROWS, part->m - row);
        for (int64_t i = 0; i < t.rows; i++) rows[i] = part->a + (row + i) * part->lda;
        t.c = part->c + row * part->ldc;
        tile(&t);
    }
}

void cvs__product_by(cvs__tile_last_fn tile, int64_t columns, const cvs__product *product) {
    alignas(64) float strip[DEPTH * CVS__MOST_TILE_COLUMNS] = {0};
    for (int64_t k = 0; k < product->k; k += DEPTH) {
        for (int64_t j = 0; j < product->n; j += columns) {
            cvs__product part = *product;
            part.k = least(DEPTH, product->k - k);
            part.n = least(columns, product->n - j);
            part.a += k;
            part.c += j;
            part.accumulate = product->accumulate || k > 0;
            for (int64_t i = 0; i < part.k; i++)
                memcpy(strip + i * columns, product->b + (k + i) * product->ldb + j, (size_t)part.n * sizeof *strip);
            run_strip(tile, &part, strip, columns);
        }
    }
}
