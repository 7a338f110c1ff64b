/* conv.c - plans of convolutions: the algorithm from the shape, the weights packed for it. */
#include "plan.h"

cvs_status cvs__conv_settle(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    plan->method = cvs__choose(plan, plan->wanted);
    plan->algorithm = plan->method->name;
    return plan->method->prepare(plan, kernel, err);
}

void cvs__conv_run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    plan->method->run(plan, input, output, workspace);
}

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const cvs__kernel kernel = cvs__kernel_of(expected, given);
    cvs_status status = cvs__geometry_make(&plan->inference, &plan->geometry, err);
    return status == CVS_OK ? cvs__conv_settle(plan, &kernel, err) : status;
}

const cvs__operator cvs__operator_conv = {make, cvs__conv_run, .activates = true};
