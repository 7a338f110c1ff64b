/*
 * planes.h - direct convolution, channels first, for layers whose filters see few channels: depthwise, grouped and
 * first layers. Nothing is gathered term by term.
 *
 * The channels that a group reads are copied once, with their padding, as planes; a stride s splits each axis into s
 * phases, so that what a tap reads at neighbouring outputs lies side by side: output (y, x) reads for tap t
 *   plane [t*d mod s] at line y + floor(t*d/s), the same for columns.
 * All planes have the same pitch, and a tap is an offset. Along the depth there are planes for each tap: an output
 * slice is a flat layer of as many channels times the taps.
 */
#ifndef CONVSCOPE_ENGINE_PLANES_H
#define CONVSCOPE_ENGINE_PLANES_H

#include "plan.h"

/* Whether a layer can be computed this way: padded with zeros if at all, and of planes that are not too large. */
bool cvs__planes_suit(const cvs__geometry *geometry);

/* How a layer is cut. */
typedef struct cvs__planes {
    cvs__blocking filters;  /* of a group, as packed */
    int64_t lines, bands;   /* output lines of a band; bands */
    int64_t groups, chunks; /* groups of a part; such parts of a sample and band */
    int64_t reach[2];       /* lines and columns past a band's own that its last taps read */
    int64_t pitch, plane;   /* floats of a plane's line, of a plane */
    int64_t maps;           /* that a group reads at once: a channel's slices for each tap along the depth */
    int64_t phases, planes; /* planes of a map; floats of all of a group */
    int64_t copied;         /* groups copied at a time */
    int64_t slice;          /* floats of scratch memory a thread */
    bool flat;              /* narrow lines are computed as one, pitch and all, and then cut */
    int64_t *offsets;       /* of each term [tap][channel] in a group's planes */
} cvs__planes;

/* What a part computes at once: some groups of one band of lines, of one slice of the output along the depth. */
typedef struct cvs__planes_band {
    int64_t sample, slice, line0, lines;
} cvs__planes_band;

/* The planes of one group for a band, from the whole input; `planes` are zeros, or those of another group of the band.
 */
void cvs__planes_copy(const cvs_plan *plan, const float *input, const cvs__planes_band *at, int64_t group,
                      float *planes);

extern const cvs__method cvs__method_planes;

#endif
