/* roll.h - generated layers of every operator, and inputs that they fit. */
#ifndef CONVSCOPE_TESTS_DIALECT_ROLL_H
#define CONVSCOPE_TESTS_DIALECT_ROLL_H

#include "support.h"

/* A layer of our own form with every setting that its operator has thrown at random; those before CVS_OP_DENSE. */
cvs_layer roll_layer(dice *d, cvs_op op);

cvs_activation roll_activation(dice *d);

/* 13 and more on each spatial axis: every kernel fits, every fill is legal. Now and then a size is not known. */
cvs_shape roll_input(dice *d, const cvs_layer *layer);

/* The same for operators from CVS_OP_DENSE on, which need their input first: 2 to 5 axes of even sizes. */
cvs_shape roll_tensor(dice *d, cvs_op op);
cvs_layer roll_other(dice *d, cvs_op op, const cvs_shape *input);

#endif
