#include "kernels.h"

/* Not fmaxf(): NaN must stay NaN. */
static float relu_of(float x) { return x < 0 ? 0 : x; }

void cvs__finish_rows_portable(const cvs__block *block, const float *bias, bool relu) {
    for (int64_t r = 0; r < block->rows; r++) {
        float *row = block->data + r * block->stride;
        const float b = bias[r];
        if (relu) {
            for (int64_t c = 0; c < block->columns; c++) row[c] = relu_of(row[c] + b);
        } else {
            for (int64_t c = 0; c < block->columns; c++) row[c] += b;
        }
    }
}

void cvs__finish_columns_portable(const cvs__block *block, const float *bias, bool relu) {
    for (int64_t r = 0; r < block->rows; r++) {
        float *restrict row = block->data + r * block->stride;
        if (relu) {
            for (int64_t c = 0; c < block->columns; c++) row[c] = relu_of(row[c] + bias[c]);
        } else {
            for (int64_t c = 0; c < block->columns; c++) row[c] += bias[c];
        }
    }
}
