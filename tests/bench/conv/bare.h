/* bare.h - the matrix product that a layer comes down to, with cblas_sgemm and nothing else. */
#ifndef CONVSCOPE_BENCH_BARE_H
#define CONVSCOPE_BENCH_BARE_H

#include "data.h"

/* filters x depth times depth x cells; `rows` is 0 where a layer is no single product (grouped, transposed). */
typedef struct bare_product {
    int rows, columns, depth;
    float *left, *right, *product;
} bare_product;

bare_product bare_product_make(const problem *p);
void bare_product_run(void *product); /* of a bare_product */
void bare_product_free(bare_product *product);

#endif
