/* product.h - a matrix product from the tile for channels-last data: where there is no BLAS to trust. */
#ifndef CONVSCOPE_ENGINE_PRODUCT_H
#define CONVSCOPE_ENGINE_PRODUCT_H

#include "kernels.h"

/* The product by tiles of `columns` columns. */
void cvs__product_by(cvs__tile_last_fn tile, int64_t columns, const cvs__product *product);

#endif
