/* coordinates.h - which input cells an upsampled cell is made of, along one axis, and with what weights. */
#ifndef CONVSCOPE_ENGINE_COORDINATES_H
#define CONVSCOPE_ENGINE_COORDINATES_H

#include <convscope/layer.h>

enum { CVS__MOST_RESIZE_TAPS = 4 };

typedef struct cvs__resizing {
    int64_t in, out;
    float scale; /* inputs per output, in the arithmetic of the frameworks */
    bool keras;
    int taps; /* 1 nearest, 2 linear, 4 cubic */
} cvs__resizing;

/* Of one of the three axes of the maps; an axis that the layer does not have stays as it is. */
cvs__resizing cvs__resizing_of(const cvs_layer *layer, int axis, int64_t in, int64_t out);

/* The input that output `o` repeats. */
int64_t cvs__nearest_cell(const cvs__resizing *resizing, int64_t o);

/* Output `o` is the sum of weight[k]*input[index[k]] over the taps. */
void cvs__resize_taps(const cvs__resizing *resizing, int64_t o, int64_t *index, float *weight);

#endif
