#include "kernels.h"
#include "simd_avx512.h"

/* MAXPS gives its second operand when either is NaN, so NaN stays. A floor of minus infinity changes nothing:
   one loop then serves with and without relu. */
static __m512 floor_for(bool relu) { return relu ? _mm512_setzero_ps() : _mm512_set1_ps(-__builtin_inff()); }

void cvs__finish_rows_avx512(const cvs__block *block, const float *bias, bool relu) {
    const __m512 floor = floor_for(relu);
    const int64_t whole = block->columns / CVS__LANES_512 * CVS__LANES_512;
    const __mmask16 tail = cvs__tail_512(block->columns - whole);
    for (int64_t r = 0; r < block->rows; r++) {
        float *row = block->data + r * block->stride;
        const __m512 b = _mm512_set1_ps(bias[r]);
        for (int64_t c = 0; c < whole; c += CVS__LANES_512)
            _mm512_storeu_ps(row + c, _mm512_max_ps(floor, _mm512_add_ps(_mm512_loadu_ps(row + c), b)));
        __m512 last = _mm512_add_ps(_mm512_maskz_loadu_ps(tail, row + whole), b);
        _mm512_mask_storeu_ps(row + whole, tail, _mm512_max_ps(floor, last));
    }
}

void cvs__finish_columns_avx512(const cvs__block *block, const float *bias, bool relu) {
    const __m512 floor = floor_for(relu);
    const int64_t whole = block->columns / CVS__LANES_512 * CVS__LANES_512;
    const __mmask16 tail = cvs__tail_512(block->columns - whole);
    for (int64_t r = 0; r < block->rows; r++) {
        float *row = block->data + r * block->stride;
        for (int64_t c = 0; c < whole; c += CVS__LANES_512) {
            __m512 sum = _mm512_add_ps(_mm512_loadu_ps(row + c), _mm512_loadu_ps(bias + c));
            _mm512_storeu_ps(row + c, _mm512_max_ps(floor, sum));
        }
        __m512 last =
            _mm512_add_ps(_mm512_maskz_loadu_ps(tail, row + whole), _mm512_maskz_loadu_ps(tail, bias + whole));
        _mm512_mask_storeu_ps(row + whole, tail, _mm512_max_ps(floor, last));
    }
}
