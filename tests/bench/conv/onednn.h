/* onednn.h - the same layer by oneDNN: the best of what its interface offers. */
#ifndef CONVSCOPE_BENCH_ONEDNN_H
#define CONVSCOPE_BENCH_ONEDNN_H

#include "data.h"

typedef struct onednn onednn;

/* "2.6.3", or NULL where the program was built without oneDNN: then nothing below may be called but onednn_free(). */
const char *onednn_version(void);

/* How many threads the layers made from now on are computed by. */
void onednn_set_threads(int threads);

/*
 * Try direct and Winograd, each with the layouts of input and output left to oneDNN or told to be those of the problem,
 * and keep the fastest alone (its own layout) and the fastest with what has to be reordered around it (plain). Both
 * have fused bias and ReLU and weights reordered beforehand. NULL where oneDNN has no implementation.
 */
onednn *onednn_make(const problem *p);
void onednn_free(onednn *peer);

void onednn_run_own(void *context);   /* of an onednn: the primitive alone, in the layout of its choice */
void onednn_run_plain(void *context); /* of an onednn: from and to the problem's layout */

/* What oneDNN calls the implementations, "jit:avx512_core"; "+r" when reorders are timed with it. The peer's. */
const char *onednn_own_name(const onednn *peer);
const char *onednn_plain_name(const onednn *peer);

/* The larger of the two ways' largest_error() against `output`. */
double onednn_error(onednn *peer, const float *output);

#endif
