#include "kernels.h"
#include "simd_avx512.h"

void cvs__axpy_avx512(float *y, const float *x, float a, int64_t count) {
    const __m512 factor = _mm512_set1_ps(a);
    int64_t i = 0;
    for (; i + CVS__LANES_512 <= count; i += CVS__LANES_512)
        _mm512_storeu_ps(y + i, _mm512_fmadd_ps(factor, _mm512_loadu_ps(x + i), _mm512_loadu_ps(y + i)));
    if (i == count) return;
    const __mmask16 tail = cvs__tail_512(count - i);
    __m512 sum = _mm512_fmadd_ps(factor, _mm512_maskz_loadu_ps(tail, x + i), _mm512_maskz_loadu_ps(tail, y + i));
    _mm512_mask_storeu_ps(y + i, tail, sum);
}

void cvs__multiply_add_avx512(float *y, const float *x, const float *w, int64_t count) {
    int64_t i = 0;
    for (; i + CVS__LANES_512 <= count; i += CVS__LANES_512) {
        __m512 sum = _mm512_fmadd_ps(_mm512_loadu_ps(w + i), _mm512_loadu_ps(x + i), _mm512_loadu_ps(y + i));
        _mm512_storeu_ps(y + i, sum);
    }
    if (i == count) return;
    const __mmask16 tail = cvs__tail_512(count - i);
    __m512 sum = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(tail, w + i), _mm512_maskz_loadu_ps(tail, x + i),
                                 _mm512_maskz_loadu_ps(tail, y + i));
    _mm512_mask_storeu_ps(y + i, tail, sum);
}
