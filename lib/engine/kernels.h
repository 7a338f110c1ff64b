/*
 * kernels.h - the innermost loops, one set a dispatch level.
 *
 * A table is filled once when the engine is created (weakest level first, stronger ones overwrite) and is const
 * from then on: who calls a kernel never asks for the level. To add a kernel: a member here, one file per level
 * named <kernel>_<level>.c, a line per level in kernels.c.
 */
#ifndef CONVSCOPE_ENGINE_KERNELS_H
#define CONVSCOPE_ENGINE_KERNELS_H

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

typedef struct cvs__kernels {
    cvs__product_fn product;

    /* y[i] += a*x[i] */
    void (*axpy)(float *y, const float *x, float a, int64_t count);
    /* y[i] += w[i]*x[i] */
    void (*multiply_add)(float *y, const float *x, const float *w, int64_t count);

    /* block[r][c] += bias[r], then negative numbers become 0 when `relu` (NaN stays NaN) */
    void (*finish_rows)(const cvs__block *block, const float *bias, bool relu);
    /* block[r][c] += bias[c], then the same */
    void (*finish_columns)(const cvs__block *block, const float *bias, bool relu);
} cvs__kernels;

/* The kernels of the best level up to `isa`. */
cvs__kernels cvs__kernels_select(cvs_isa isa);

void cvs__product_portable(const cvs__product *product);
void cvs__product_avx2(const cvs__product *product);
void cvs__product_avx512(const cvs__product *product);

void cvs__axpy_portable(float *y, const float *x, float a, int64_t count);
void cvs__axpy_avx2(float *y, const float *x, float a, int64_t count);
void cvs__axpy_avx512(float *y, const float *x, float a, int64_t count);

void cvs__multiply_add_portable(float *y, const float *x, const float *w, int64_t count);
void cvs__multiply_add_avx2(float *y, const float *x, const float *w, int64_t count);
void cvs__multiply_add_avx512(float *y, const float *x, const float *w, int64_t count);

void cvs__finish_rows_portable(const cvs__block *block, const float *bias, bool relu);
void cvs__finish_rows_avx2(const cvs__block *block, const float *bias, bool relu);
void cvs__finish_rows_avx512(const cvs__block *block, const float *bias, bool relu);

void cvs__finish_columns_portable(const cvs__block *block, const float *bias, bool relu);
void cvs__finish_columns_avx2(const cvs__block *block, const float *bias, bool relu);
void cvs__finish_columns_avx512(const cvs__block *block, const float *bias, bool relu);

#endif
