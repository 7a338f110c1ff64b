#include "kernels.h"

void cvs__axpy_portable(float *restrict y, const float *restrict x, float a, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] += a * x[i];
}

void cvs__multiply_add_portable(float *restrict y, const float *restrict x, const float *restrict w, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] += w[i] * x[i];
}
