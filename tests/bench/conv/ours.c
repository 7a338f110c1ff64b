#include "ours.h"

#include <stdlib.h>

static cvs_status plan(const ours *o, cvs_plan **out, cvs_error *err) {
    const problem *p = o->problem;
    const cvs_tensor weights[] = {{p->kernel, p->weights.weight[0].tensor.shape},
                                  {p->bias, p->weights.weight[1].tensor.shape}};
    return cvs_plan_create(o->engine, &p->inference, weights, 2, CVS_ALGORITHM_AUTO, out, err);
}

ours ours_make(const problem *p, const cvs_engine *engine) {
    ours o = {.engine = engine, .problem = p};
    if (plan(&o, &o.plan, &o.err) != CVS_OK) {
        if (o.err.status != CVS_UNSUPPORTED) give_up(o.err.message);
        o.plan = NULL;
        return o;
    }
    o.output = aligned((size_t)p->output_count * sizeof *o.output);
    o.workspace = aligned(cvs_plan_workspace_bytes(o.plan));
    return o;
}

void ours_free(ours *o) {
    cvs_plan_free(o->plan);
    free(o->output), free(o->workspace);
}

void ours_execute(void *context) {
    ours *o = context;
    cvs_plan_execute(o->plan, o->problem->input, o->output, o->workspace);
}

void ours_one_shot(void *context) {
    ours *o = context;
    cvs_plan *once;
    if (plan(o, &once, NULL) != CVS_OK) give_up("a layer could not be planned again");
    void *workspace = aligned(cvs_plan_workspace_bytes(once));
    cvs_plan_execute(once, o->problem->input, o->output, workspace);
    free(workspace);
    cvs_plan_free(once);
}
