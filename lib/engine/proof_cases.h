/* proof_cases.h - the products of the proof and their judge; proof.c runs them in a child. */
#ifndef CONVSCOPE_ENGINE_PROOF_CASES_H
#define CONVSCOPE_ENGINE_PROOF_CASES_H

#include "kernels.h"

typedef struct cvs__proof_case {
    int64_t m, n, k;
    int64_t gap; /* by how much each leading dimension is larger than the width */
    bool accumulate;
} cvs__proof_case;

extern const cvs__proof_case cvs__proof_cases[];
extern const int cvs__proof_case_count;

/* Floats that the largest case needs: A, B, C and a copy of C. */
size_t cvs__proof_floats(void);

/* Compute all of them in this process, in `memory` of cvs__proof_floats(): the index of the first that differs, or -1.
   `at` holds the index of the one being computed, for whoever watches a crash from outside. */
int cvs__proof_compute(cvs__product_fn product, float *memory, volatile int *at);

#endif
