/*
 * definition.h - every operator but the plain convolution (oracle.h) as its definition says, one output at a time, in
 * double. Knows nothing of lib/engine: reads a settled layer, and tensors through the names of their axes.
 */
#ifndef CONVSCOPE_TESTS_DEFINITION_H
#define CONVSCOPE_TESTS_DEFINITION_H

#include <convscope/layer.h>

typedef struct question {
    const cvs_inference *inference;
    cvs_weights list;
    const float *input;
    const float *weights[CVS_MAX_WEIGHTS];
} question;

/* One output: its value, and what bounds the error of float32: `roundings`, each of at most 2^-24 of `size`. */
typedef struct answer {
    double value, size, roundings;
    bool exact; /* no rounding at all where all numbers are small and whole */
} answer;

/* Output at `index`, one number for each of its axes. */
answer define(const question *q, const int64_t *index);

/* ---- by the names of axes ---------------------------------------------- */

/* A place in a data tensor. The cell has three axes, zeros in front where the layer has fewer. */
typedef struct spot {
    int64_t sample, channel, cell[3];
} spot;

spot spot_at(const cvs_tensor_shape *tensor, const int64_t *index);

/* The input there, which must exist. */
double input_at(const question *q, const spot *where);

/* An index for each kind of axis. */
typedef struct by_axis {
    int64_t of[CVS_AXIS_COUNT];
} by_axis;

void set_kernel_axes(by_axis *index, const int64_t tap[3]);
double weight_at(const question *q, int number, const by_axis *index);

/* Sizes of the input's cells, and a list of the layer, on three axes; `otherwise` in front. */
void input_sizes(const question *q, int64_t sizes[3]);
void output_sizes(const question *q, int64_t sizes[3]);
void on_three_axes(const cvs_layer *layer, const int64_t *list, int64_t otherwise, int64_t out[3]);

/* ---- the operators, each in define_*.c ---------------------------------- */

answer define_transposed(const question *q, const spot *out);
answer define_depthwise(const question *q, const spot *out);
answer define_separable(const question *q, const spot *out);
answer define_dense(const question *q, const int64_t *index);
answer define_pool(const question *q, const spot *out);
answer define_padding(const question *q, const spot *out);
answer define_upsample(const question *q, const spot *out);
answer define_rearranged(const question *q, const int64_t *index);
answer define_norm(const question *q, const int64_t *index);

#endif
