/*
 * trial.h - one layer with its numbers, run by any engine and held against the oracle.
 */
#ifndef CONVSCOPE_TESTS_TRIAL_H
#define CONVSCOPE_TESTS_TRIAL_H

#include "oracle.h"

#include <convscope/engine.h>

/* A layer by its numbers; zeros stand for one (batch, stride, dilation, groups). */
typedef struct sketch {
    const char *name;
    int rank;
    int64_t batch, channels, in[3], filters, kernel[3], stride[3], dilation[3], groups;
    cvs_padding_mode mode;
    int64_t before[3], after[3];
    cvs_fill fill;
} sketch;

typedef enum number_kind { WHOLE_NUMBERS, REALS } number_kind;

typedef struct trial {
    const char *name;
    cvs_layer layer;
    cvs_inference inference;
    oracle_conv oracle;
    /* canonical: (batch, channels, d, h, w), (filters, channels/groups, kd, kh, kw), (filters) */
    float *input, *kernel, *bias;
    /* as the framework lays them out; exactly as large as they must be */
    float *laid_input, *laid_kernel, *output;
    int64_t input_count, kernel_count, output_count;
    oracle_value *wanted; /* what output should be */
    number_kind filling;
    double slack; /* how much more than by the order of summation an output may err; 0 unless a test sets it */
    cvs_tensor weights[2];
} trial;

/* splitmix64: the same numbers on every machine. */
uint64_t next_random(uint64_t *state);
int64_t random_in(uint64_t *state, int64_t low, int64_t high);

cvs_layer sketch_layer(const sketch *sketch, cvs_framework framework, cvs_data_format format);

/* Whole numbers are so small that every order of summation is exact. */
trial trial_make(const char *name, const cvs_layer *layer, const cvs_shape *input, number_kind filling, uint64_t seed);
trial trial_of(const sketch *sketch, cvs_framework framework, cvs_data_format format, number_kind filling);
void trial_free(trial *trial);

/* After a test changed the canonical numbers: lay them out anew and ask the oracle again. */
void trial_update(trial *trial);

cvs_plan *trial_plan(const trial *trial, const cvs_engine *engine, cvs_algorithm algorithm);

/* For trial->slack: what lib/engine/winograd.h grants outputs computed by Winograd's method. */
double trial_winograd_slack(const trial *trial);

/* Execute into trial->output, which is filled with NaN before. */
void trial_execute(trial *trial, const cvs_plan *plan);

/* Fails the test, naming the first cell, unless every output is that of the oracle: equal for whole numbers, within
   the bound that the summation's length gives for reals. The activation must be linear or relu. */
void trial_check(const trial *trial, const char *how);

/* plan, execute, check */
void trial_run(trial *trial, const cvs_engine *engine, cvs_algorithm algorithm, const char *how);

/* Where output (sample, filter, cell) lies in trial->output. */
int64_t trial_output_index(const trial *trial, int64_t sample, int64_t filter, const int64_t cell[3]);

/* ---- engines ----------------------------------------------------------- */

enum { MOST_ENGINES = CVS_ISA_COUNT + 1 };

/* One of own kernels for every level this CPU has, and one that calls the BLAS whatever its level. */
typedef struct engines {
    int count;
    cvs_engine *engine[MOST_ENGINES];
    char name[MOST_ENGINES][32];
} engines;

engines engines_make(void);
void engines_free(engines *engines);

#endif
