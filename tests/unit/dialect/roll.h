/* roll.h - generated layers of every operator, and inputs that they fit. */
#ifndef CONVSCOPE_TESTS_DIALECT_ROLL_H
#define CONVSCOPE_TESTS_DIALECT_ROLL_H

#include "support.h"

/* A layer of our own form with every setting that its operator has thrown at random. */
cvs_layer roll_layer(dice *d, cvs_op op);

/* 13 and more on each spatial axis: every kernel fits, every fill is legal. Now and then a size is not known. */
cvs_shape roll_input(dice *d, const cvs_layer *layer);

#endif
