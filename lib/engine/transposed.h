/* transposed.h - what both ways of computing a transposed convolution share: its phases along one axis. */
#ifndef CONVSCOPE_ENGINE_TRANSPOSED_H
#define CONVSCOPE_ENGINE_TRANSPOSED_H

#include "plan.h"

/* One phase along one axis: outputs first, first + s, ... of it. */
typedef struct cvs__phase_axis {
    int64_t first, count;
    int64_t tap, step, taps;  /* t0, s/g, and how many */
    int64_t dilation, before; /* of the convolution that computes it */
} cvs__phase_axis;

/* How many phases have taps: first taps t0 are 0 to that number. */
int64_t cvs__phases_along(const cvs__spatial *axis);

cvs__phase_axis cvs__phase_along(const cvs__spatial *axis, int64_t tap);

/* Distances in a given kernel from one filter (within its group), channel or tap to the next. */
typedef struct cvs__kernel_strides {
    int64_t filter, channel, tap[CVS_MAX_SPATIAL];
} cvs__kernel_strides;

cvs__kernel_strides cvs__transposed_strides(const cvs_tensor_shape *kernel);

/* The rows: a convolution for each phase, or where there are very many of them, one cell after the other. */
cvs_status cvs__scattered_make(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) CVS_NODISCARD;
extern const cvs__operator cvs__operator_scattered;

#endif
