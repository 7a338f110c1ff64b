/* measured.h - random layers with windows, and which of their outputs change when one input does. */
#ifndef CONVSCOPE_TESTS_MEASURED_H
#define CONVSCOPE_TESTS_MEASURED_H

#include "layer/perturb.h"
#include "layers.h"

enum { MOST_CELLS = 400 };

/* A layer of our own form with every setting that its operator has thrown at random. */
cvs_layer random_layer(uint64_t *state, cvs_op op, int spatial_rank);

/* Two channels, and `sizes` between them or after. */
cvs_shape shape_with(const cvs_layer *layer, const int64_t *sizes);

/* How much each of the output cells from `from` on changed with each input. */
typedef struct effects {
    int64_t inputs, from, cells;
    double change[MOST_CELLS][MOST_CELLS]; /* [cell][input] */
} effects;

/* Change the inputs one by one along an axis of `count` layers, one on another; found->from and cells are given. */
void measure(const cvs_inference *layers, int count, int axis, effects *found);

/* The first and the last input that change the cell; false: none does. */
bool span_of(const effects *found, int64_t cell, int64_t *first, int64_t *last);
int64_t widest_of(const effects *found);

/* Where the inputs lie that change the cells, weighed by how much they do, when cell j stands at j*jump: on average. */
double start_of(const effects *found, double jump);

#endif
