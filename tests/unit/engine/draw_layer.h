/* draw_layer.h - layers of every operator but the plain convolution (test_random.c), drawn at random. */
#ifndef CONVSCOPE_TESTS_DRAW_LAYER_H
#define CONVSCOPE_TESTS_DRAW_LAYER_H

#include <convscope/layer.h>

/* A layer of `op` on a small input, settled; draws until one is possible and computed. */
cvs_inference draw_inference(cvs_op op, uint64_t *state);

#endif
