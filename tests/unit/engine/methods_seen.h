/*
 * methods_seen.h - which ways of computing a convolution a test has met, so that it can say which it has missed.
 */
#ifndef CONVSCOPE_TESTS_METHODS_SEEN_H
#define CONVSCOPE_TESTS_METHODS_SEEN_H

#include "trial.h"

enum { MOST_METHODS = 16 };

/* Counts of each method: of the engines of a level by their own kernels, and of those that call the BLAS. */
typedef struct methods_seen {
    int of_level[CVS_ISA_COUNT][MOST_METHODS];
    int with_blas[MOST_METHODS];
} methods_seen;

/* Note how `plan`, of a convolution, computes. Fails the test when the method is in no list of methods_seen.c. */
void see_method(methods_seen *seen, const cvs_plan *plan);

/* see_method() of what trial_run() then runs. Where Winograd's method is chosen, outputs may err by what it grants
 * itself. */
void run_and_see(trial *trial, const cvs_engine *engine, cvs_algorithm algorithm, const char *how, methods_seen *seen);

/* Fails the test, naming it, unless every method was met that choose.c has: at each level of this CPU, and of those
   that multiply matrices, with the BLAS. */
void assert_all_methods_seen(const methods_seen *seen);

#endif
