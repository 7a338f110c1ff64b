/*
 * perturb.h - what layers compute along one axis, in plain loops and doubles, and which outputs change when one input
 * does. All weights are 1, so that what an output sees is weighed evenly.
 */
#ifndef CONVSCOPE_TESTS_PERTURB_H
#define CONVSCOPE_TESTS_PERTURB_H

#include <convscope/layer.h>

enum { LONGEST_LINE = 1000 };

typedef struct line {
    int64_t size;
    double cell[LONGEST_LINE];
} line;

/* The layer along spatial axis `axis`, with the paddings and sizes that were inferred. */
void run_axis(const cvs_inference *inference, int axis, const line *in, line *out);

/*
 * Where the value at `position` of an axis of `size` comes from, found by walking there from the nearest edge; -1: it
 * is no input's.
 */
int64_t walk_to(cvs_fill fill, int64_t position, int64_t size);

int64_t input_size(const cvs_inference *inference, int axis);
int64_t output_size(const cvs_inference *inference, int axis);

#endif
