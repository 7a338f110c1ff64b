/*
 * planes.h - direct convolution, channels first, for layers whose filters see few channels: depthwise, grouped and
 * first layers. Nothing is gathered term by term.
 *
 * The channels that a group reads are copied once, with their padding, as planes; a stride s splits each axis into s
 * phases, so that what a tap reads at neighbouring outputs lies side by side: output (y, x) reads for tap t
 *   plane [t*d mod s] at line y + floor(t*d/s), the same for columns.
 * All planes have the same pitch, and a tap is an offset.
 */
#ifndef CONVSCOPE_ENGINE_PLANES_H
#define CONVSCOPE_ENGINE_PLANES_H

#include "plan.h"

/* Whether a layer can be computed this way: flat or a line, padded with zeros if at all. */
bool cvs__planes_suit(const cvs__geometry *geometry);

extern const cvs__method cvs__method_planes;

#endif
