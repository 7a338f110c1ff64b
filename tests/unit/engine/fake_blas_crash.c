/* A BLAS that crashes on all but the smallest products, by an instruction that no CPU has. */
#include "fake_blas.h"

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc) {
    if (m > 2) __builtin_trap();
    multiply(m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
