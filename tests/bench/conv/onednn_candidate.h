/* onednn_candidate.h - one way in which oneDNN can compute a layer. */
#ifndef CONVSCOPE_BENCH_ONEDNN_CANDIDATE_H
#define CONVSCOPE_BENCH_ONEDNN_CANDIDATE_H

#include "data.h"

#include <dnnl.h>

/* What to ask for. */
typedef struct request {
    bool winograd;
    bool plain_input, plain_output; /* in the problem's layout; else oneDNN chooses */
} request;

typedef struct candidate {
    char name[96];
    dnnl_primitive_t layer, reorder_input, reorder_output; /* no reorder: NULL */
    dnnl_memory_t input, weights, bias, output;            /* of the primitive */
    dnnl_memory_t plain_input, plain_output;               /* in the problem's layout */
    double own_us, plain_us;                               /* for the caller */
} candidate;

/* False where oneDNN has no implementation of that request; then there is nothing to free. */
bool candidate_make(const problem *p, const request *r, candidate *out);
void candidate_free(candidate *c);

/* The primitive alone, or with the reorders. */
void candidate_run(const candidate *c);
void candidate_run_plain(const candidate *c);

/* Where the memory's numbers are. */
float *memory_data(dnnl_memory_t memory);

#endif
