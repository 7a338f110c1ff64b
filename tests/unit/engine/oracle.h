/*
 * oracle.h - the definition of a convolution in seven plain loops, accumulating in double.
 *
 * Knows nothing of lib/engine: shapes come in as numbers, tensors in one canonical order, and what stands in the
 * padding is looked up by walking step by step instead of by formula.
 */
#ifndef CONVSCOPE_TESTS_ORACLE_H
#define CONVSCOPE_TESTS_ORACLE_H

#include <convscope/layer.h>

/* Always three spatial axes; a layer with fewer has ones in front. */
typedef struct oracle_conv {
    int64_t batch, channels, filters, groups;
    int64_t in[3], kernel[3], stride[3], dilation[3], before[3], after[3], out[3];
    cvs_fill fill;
} oracle_conv;

/* One output: the sum, and the sum of the absolute values of its terms, which bounds the rounding error. */
typedef struct oracle_value {
    double sum, size;
} oracle_value;

/* out[] counted cell by cell: how often the dilated kernel can be placed. */
void oracle_count_outputs(oracle_conv *conv);

/* input (batch, channels, d, h, w), kernel (filters, channels/groups, kd, kh, kw), bias (filters) or NULL */
oracle_value oracle_at(const oracle_conv *conv, const float *input, const float *kernel, const float *bias,
                       int64_t sample, int64_t filter, const int64_t cell[3]);

#endif
