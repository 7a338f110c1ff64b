#include "kernels.h"

#include <immintrin.h>

/* MAXPS gives its second operand when either is NaN, so NaN stays. A floor of minus infinity changes nothing:
   one loop then serves with and without relu. */
static __m256 floor_for(bool relu) { return relu ? _mm256_setzero_ps() : _mm256_set1_ps(-__builtin_inff()); }

static float floored(float x, bool relu) { return relu && x < 0 ? 0 : x; }

void cvs__finish_rows_avx2(const cvs__block *block, const float *bias, bool relu) {
    const __m256 floor = floor_for(relu);
    for (int64_t r = 0; r < block->rows; r++) {
        float *row = block->data + r * block->stride;
        const __m256 b = _mm256_set1_ps(bias[r]);
        int64_t c = 0;
        for (; c + 8 <= block->columns; c += 8)
            _mm256_storeu_ps(row + c, _mm256_max_ps(floor, _mm256_add_ps(_mm256_loadu_ps(row + c), b)));
        for (; c < block->columns; c++) row[c] = floored(row[c] + bias[r], relu);
    }
}

void cvs__finish_columns_avx2(const cvs__block *block, const float *bias, bool relu) {
    const __m256 floor = floor_for(relu);
    for (int64_t r = 0; r < block->rows; r++) {
        float *row = block->data + r * block->stride;
        int64_t c = 0;
        for (; c + 8 <= block->columns; c += 8) {
            __m256 sum = _mm256_add_ps(_mm256_loadu_ps(row + c), _mm256_loadu_ps(bias + c));
            _mm256_storeu_ps(row + c, _mm256_max_ps(floor, sum));
        }
        for (; c < block->columns; c++) row[c] = floored(row[c] + bias[c], relu);
    }
}
