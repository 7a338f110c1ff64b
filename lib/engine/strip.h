/*
 * strip.h - what some neighbouring cells of a channels-first output see for some terms of their sums: the B of the tile
 * for channels-first data.
 */
#ifndef CONVSCOPE_ENGINE_STRIP_H
#define CONVSCOPE_ENGINE_STRIP_H

#include "plan.h"

typedef struct cvs__strip {
    const cvs_plan *plan;
    const float *image;   /* the group's first channel */
    int64_t cell0, cells; /* up to 64 */
    int64_t term0, term1; /* [term0, term1) of the terms, which run over [tap][channel] */
    float *room;          /* (term1 - term0)*cells floats */
    int64_t *offsets;     /* term1 - term0 of them */
    const float *rows;    /* the row of term term0 + i is `cells` floats at rows + offsets[i] */
} cvs__strip;

/* Set rows and offsets: to the input itself where a 1x1 kernel's strip lies there just so, else to the room, gathered.
 */
void cvs__strip_fill(cvs__strip *strip);

#endif
