/* data.h - what both sides compute from: the numbers of one layer. */
#ifndef CONVSCOPE_BENCH_DATA_H
#define CONVSCOPE_BENCH_DATA_H

#include "layers.h"

/* Say what is wrong and end the program. */
_Noreturn void give_up(const char *what);

/* Memory at a multiple of 64 bytes, to be freed with free(); never NULL. */
void *aligned(size_t bytes);

/* A layer in a data format with its tensors; the kernel as in ONNX: (filters, in/g, k...), transposed (in, filters/g,
   k...). Small numbers of both signs, the kernel's such that sums stay about 1: no denormals, no infinities. */
typedef struct problem {
    const layer_case *layer;
    cvs_inference inference;
    cvs_weights weights;
    int64_t input_count, output_count;
    double flops; /* of one run: two a multiplication */
    float *input, *kernel, *bias;
} problem;

problem problem_make(const layer_case *layer, cvs_data_format format);
void problem_free(problem *p);

/* The largest difference of two outputs over the largest magnitude in `expected`; infinite where one is not finite. */
double largest_error(const problem *p, const float *output, const float *expected);

#endif
