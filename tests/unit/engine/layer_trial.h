/*
 * layer_trial.h - a layer of any operator with its numbers, run by any engine and held against its definition. Weights
 * lie in the framework's own layout. Every array that the engine gets ends, or begins, at an unmapped page.
 */
#ifndef CONVSCOPE_TESTS_LAYER_TRIAL_H
#define CONVSCOPE_TESTS_LAYER_TRIAL_H

#include "definition.h"
#include "fence.h"
#include "trial.h"

typedef struct layer_trial {
    const char *name;
    cvs_inference inference;
    cvs_weights list;
    number_kind filling;
    float *input, *weights[CVS_MAX_WEIGHTS], *output;
    int64_t input_count, output_count;
    answer *wanted; /* what output should be */
    cvs_tensor tensors[CVS_MAX_WEIGHTS];
} layer_trial;

/* How to run one. */
typedef struct run_how {
    const cvs_engine *engine;
    cvs_algorithm algorithm;
    fence_side side;
    const char *name;
} run_how;

layer_trial layer_trial_make(const char *name, const cvs_inference *inference, number_kind filling, uint64_t seed);
void layer_trial_free(layer_trial *trial);

/* After a test changed the numbers: ask the definition again. */
void layer_trial_update(layer_trial *trial);

/* Plan, execute, and compare every output: equal for whole numbers where the definition is exact, else within the bound
   that the roundings give. Fails the test, naming the first output that differs. */
void layer_trial_run(layer_trial *trial, const run_how *how);

#endif
