/* fake_blas.h - the one function that the fakes put in the place of OpenBLAS's. */
#ifndef CONVSCOPE_TESTS_FAKE_BLAS_H
#define CONVSCOPE_TESTS_FAKE_BLAS_H

__attribute__((visibility("default"))) void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k,
                                                        float alpha, const float *a, int lda, const float *b, int ldb,
                                                        float beta, float *c, int ldc);

/* What a BLAS should do, row-major and not transposed: the fakes are right wherever they do not misbehave. */
static inline void multiply(int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
                            float beta, float *c, int ldc) {
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            float sum = 0;
            for (int t = 0; t < k; t++) sum += a[(long)i * lda + t] * b[(long)t * ldb + j];
            float *to = c + (long)i * ldc + j;
            *to = beta == 0 ? alpha * sum : alpha * sum + beta * *to;
        }
    }
}

#endif
