#include "bare.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

bare_product bare_product_make(const problem *p) {
    if (p->layer->transposed || p->inference.layer.groups > 1) return (bare_product){0};
    const int64_t rows = p->layer->filters, columns = p->output_count / rows, depth = p->weights.weight[0].count / rows;
    bare_product bare = {.rows = (int)rows, .columns = (int)columns, .depth = (int)depth};
    const size_t right_bytes = (size_t)(depth * columns) * sizeof *bare.right;
    bare.left = aligned((size_t)(rows * depth) * sizeof *bare.left);
    bare.right = aligned(right_bytes);
    bare.product = aligned((size_t)(rows * columns) * sizeof *bare.product);
    memcpy(bare.left, p->kernel, (size_t)(rows * depth) * sizeof *bare.left);
    memset(bare.right, 0, right_bytes);
    return bare;
}

void bare_product_run(void *product) {
    const bare_product *p = product;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, p->rows, p->columns, p->depth, 1, p->left, p->depth,
                p->right, p->columns, 0, p->product, p->columns);
}

void bare_product_free(bare_product *product) { free(product->left), free(product->right), free(product->product); }
