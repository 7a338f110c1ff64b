/* A BLAS that computes wrong: the last element of some products is off by a little. */
#include "fake_blas.h"

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc) {
    multiply(m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    if (n % 2 == 1 && m > 2) c[(long)(m - 1) * ldc + n - 1] += 0.01F;
}
