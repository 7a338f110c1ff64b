/* conv.c - plans of convolutions: the algorithm from the shape, the weights packed for it. */
#include "plan.h"

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_algorithm algorithm,
                       cvs_error *err) {
    cvs_status status = cvs__geometry_make(&plan->inference, &plan->geometry, err);
    if (status != CVS_OK) return status;
    plan->method = cvs__choose(plan, algorithm);
    plan->algorithm = plan->method->name;
    return plan->method->prepare(plan, expected, given, err);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    plan->method->run(plan, input, output, workspace);
}

const cvs__operator cvs__operator_conv = {make, run};
