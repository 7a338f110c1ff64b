/* draw_layer.h - layers of every operator, drawn at random. */
#ifndef CONVSCOPE_TESTS_DRAW_LAYER_H
#define CONVSCOPE_TESTS_DRAW_LAYER_H

#include <convscope/layer.h>

/* A plain convolution on a small input, settled: of any rank, framework, format, padding, fill and number of groups. */
cvs_inference draw_conv(uint64_t *state);

/* A layer of any other `op` on a small input, settled; draws until one is possible and computed. */
cvs_inference draw_inference(cvs_op op, uint64_t *state);

#endif
