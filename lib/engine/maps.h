/*
 * maps.h - a tensor as operators see it that take each channel by itself: planes of cells, in either data format.
 *
 * Channels first there is a plane for each sample and channel, and a cell is one number. Channels last there is a plane
 * for each sample, and a cell is the `inner` = channels numbers that stand together. Three spatial axes always, ones
 * in front.
 */
#ifndef CONVSCOPE_ENGINE_MAPS_H
#define CONVSCOPE_ENGINE_MAPS_H

#include <convscope/layer.h>

typedef struct cvs__maps {
    int64_t planes, inner;
    int64_t in[CVS_MAX_SPATIAL], out[CVS_MAX_SPATIAL];
    int64_t in_floats, out_floats; /* of one plane */
} cvs__maps;

/* Of a layer whose output has the input's channels and, unless it is (batch, channels), its spatial axes. */
cvs__maps cvs__maps_of(const cvs_inference *inference);

/* Which of the three axes spatial axis 0 of the layer is. */
static inline int cvs__first_axis(const cvs_layer *layer) { return CVS_MAX_SPATIAL - layer->spatial_rank; }

/* Where the line of cells (depth, height) begins in a plane of `size`. */
static inline int64_t cvs__line_of(const cvs__maps *maps, const int64_t *size, int64_t depth, int64_t height) {
    return (depth * size[1] + height) * size[2] * maps->inner;
}

#endif
