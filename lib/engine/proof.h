/*
 * proof.h - does this product compute right, on this CPU, today?
 *
 * OpenBLAS builds have computed wrong products and crashed on CPUs newer than themselves. The proof runs a few
 * dozen products, in a child process, and compares each with a plain double loop.
 */
#ifndef CONVSCOPE_ENGINE_PROOF_H
#define CONVSCOPE_ENGINE_PROOF_H

#include "kernels.h"

typedef enum cvs__verdict {
    CVS__PROOF_PASSED = 0,
    CVS__PROOF_DIFFERS,    /* a wrong value, or a write outside the result */
    CVS__PROOF_CRASHED,    /* the child was ended by a signal, or ended itself */
    CVS__PROOF_HUNG,       /* no answer in time */
    CVS__PROOF_IMPOSSIBLE, /* no child could be made */
} cvs__verdict;

typedef struct cvs__proof {
    cvs__verdict verdict;
    int64_t m, n, k; /* the product it failed on; 0 when it got to none */
    int signal;      /* crashed: the signal, or 0 for an exit */
    double ms;
} cvs__proof;

#define CVS__PROOF_PATIENCE_MS 5000

/* Prove `product` in a child that is killed after `patience_ms`. */
cvs__proof cvs__proof_run(cvs__product_fn product, int patience_ms);

/* Append what went wrong: "sgemm 3x5x7 differs", "sgemm 3x5x7 crashed (Illegal instruction)". Nothing when it passed.
 */
void cvs__proof_describe(const cvs__proof *proof, cvs_text *out);

#endif
