/*
 * convolve.h - what the parts of POST /v1/convolve share: one request from its layer to its feature maps.
 */
#ifndef CONVSCOPE_CONVOLVE_H
#define CONVSCOPE_CONVOLVE_H

#include "api/layer_input.h"
#include "api/tensor.h"

/* "trace": one output cell whose arithmetic is shown. */
typedef struct trace_wish {
    bool wanted;
    int64_t cell[CVS_MAX_SPATIAL];
    int cell_rank;
    int64_t filter, sample;
} trace_wish;

typedef struct convolution {
    api_call call;
    layer_place at;
    cvs_reading reading;
    cvs_inference inference;

    /* What is asked for. */
    cvs_algorithm algorithm;
    tensor_encoding encoding;
    const int64_t *filters; /* in the arena; NULL when the whole output is wanted */
    size_t filter_count;
    trace_wish trace;

    /* What is computed with. The arrays are owned. */
    tensor_source input_source;
    cvs_weights needed; /* in the framework's own order and layout */
    tensor_source weight_sources[CVS_MAX_WEIGHTS];
    float *input, *output, *weights[CVS_MAX_WEIGHTS];
    int64_t output_count;
    cvs_plan *plan;
    void *workspace;
    double compute_us;
} convolution;

/* convolve_request.c: read everything but the numbers, and put the layer on the input's shape. */
cvs_status convolve_read(convolution *c) CVS_NODISCARD;

/*
 * convolve_weights.c: look at "weights" and prove that they are the layer's. When they are missing or too few or many,
 * *list_needed is set: the problem should list them.
 */
cvs_status convolve_open_weights(convolution *c, bool *list_needed) CVS_NODISCARD;
/* Read them into c->weights. */
cvs_status convolve_read_weights(convolution *c) CVS_NODISCARD;
/* The weights that are needed, as a JSON array. */
void convolve_write_needed(const convolution *c, json_writer *writer);

/* convolve_answer.c: the whole response. */
cvs_status convolve_write(convolution *c, json_writer *writer) CVS_NODISCARD;

/* convolve_trace.c: can c->trace be answered? Needs no numbers. */
cvs_status convolve_check_trace(convolution *c) CVS_NODISCARD;
/* The arithmetic of c->trace as one JSON object. */
cvs_status convolve_write_trace(convolution *c, json_writer *writer) CVS_NODISCARD;

/* convolve_answer.c: the position of the output's axis that counts filters (or channels, where there are no filters).
 */
int convolve_filter_axis(const cvs_tensor_shape *output);

#endif
