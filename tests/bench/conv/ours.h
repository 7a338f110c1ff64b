/* ours.h - a layer executed by this project's engine. */
#ifndef CONVSCOPE_BENCH_OURS_H
#define CONVSCOPE_BENCH_OURS_H

#include "data.h"

#include <convscope/engine.h>

typedef struct ours {
    const cvs_engine *engine;
    const problem *problem;
    cvs_plan *plan; /* NULL: the engine does not do the layer, see `err` */
    cvs_error err;
    float *output;
    void *workspace;
} ours;

/* The layer planned; `p` and the engine are borrowed. */
ours ours_make(const problem *p, const cvs_engine *engine);
void ours_free(ours *o);

void ours_execute(void *context);  /* of an ours: the planned layer */
void ours_one_shot(void *context); /* of an ours: plan, packing, workspace, execution, and freed again */

#endif
