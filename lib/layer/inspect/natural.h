/* natural.h - how unusual the settings are that were found for a layer: the way back puts the most natural first. */
#ifndef CONVSCOPE_LAYER_NATURAL_H
#define CONVSCOPE_LAYER_NATURAL_H

#include <convscope/layer.h>

/* Grows with how unusual the settings named in `asked` are; `padding_cost` is what the choice of padding costs. */
int cvs__solution_cost(const cvs_layer *layer, unsigned asked, int padding_cost);

#endif
