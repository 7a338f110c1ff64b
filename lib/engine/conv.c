/* conv.c - plans of convolutions: the algorithm from the shape, the weights packed for it. */
#include "winograd.h"

static cvs_status no_winograd(cvs_error *err) {
    return cvs_fail(err, CVS_UNSUPPORTED, "no-winograd", "/algorithm",
                    "Winograd's method computes 2D convolutions with a 3x3 kernel, stride and dilation 1, one group "
                    "and zeros for padding, up to %d channels; this layer is not one",
                    CVS__WINOGRAD_MOST_CHANNELS);
}

cvs_status cvs__conv_settle(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const cvs_algorithm wanted = plan->wanted;
    plan->method = cvs__choose_winograd(plan, wanted);
    if (wanted == CVS_ALGORITHM_WINOGRAD && !plan->method) return no_winograd(err);
    if (!plan->method || !cvs__winograd_takes(&plan->geometry, kernel->data))
        plan->method = cvs__choose(plan, wanted == CVS_ALGORITHM_WINOGRAD ? CVS_ALGORITHM_AUTO : wanted);
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
