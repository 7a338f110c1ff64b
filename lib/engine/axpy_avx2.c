#include "kernels.h"

#include <immintrin.h>

void cvs__axpy_avx2(float *y, const float *x, float a, int64_t count) {
    const __m256 factor = _mm256_set1_ps(a);
    int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm256_storeu_ps(y + i, _mm256_fmadd_ps(factor, _mm256_loadu_ps(x + i), _mm256_loadu_ps(y + i)));
    for (; i < count; i++) y[i] = __builtin_fmaf(a, x[i], y[i]);
}

void cvs__multiply_add_avx2(float *y, const float *x, const float *w, int64_t count) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256 sum = _mm256_fmadd_ps(_mm256_loadu_ps(w + i), _mm256_loadu_ps(x + i), _mm256_loadu_ps(y + i));
        _mm256_storeu_ps(y + i, sum);
    }
    for (; i < count; i++) y[i] = __builtin_fmaf(w[i], x[i], y[i]);
}
