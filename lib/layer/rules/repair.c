#include "layer/rules/rule.h"

void cvs__repair_restart(cvs__found *found) {
    const cvs_inference *inference = found->subject->inference;
    found->layer = inference->layer;
    found->input = inference->input.shape;
    for (int i = 0; i < found->input.rank; i++)
        if (!cvs_dim_is_known(found->input.dim[i])) found->input.dim[i] = CVS_DIM_UNKNOWN;
}

void cvs__repair_set(const cvs__found *found, int64_t *list, int64_t value) {
    for (int axis = 0; axis < found->subject->rank; axis++)
        if (found->axes & (1u << axis)) list[axis] = value;
}

void cvs__repair_input(cvs__found *found, int64_t size) {
    for (int axis = 0; axis < found->subject->rank; axis++)
        if (found->axes & (1u << axis)) found->input.dim[cvs__spatial_position(found->layer.data_format, axis)] = size;
}

void cvs__repair_padding(cvs__found *found, int64_t before, int64_t after) {
    found->layer.padding.mode = CVS_PAD_EXPLICIT;
    cvs__repair_set(found, found->layer.padding.before, before);
    cvs__repair_set(found, found->layer.padding.after, after);
}

bool cvs__repair_clears(const cvs__found *found) {
    cvs_inference changed;
    if (cvs_infer(&found->layer, &found->input, NULL, &changed, NULL) != CVS_OK) return false;
    cvs__subject subject = cvs__subject_make(&changed);
    for (int axis = 0; axis < subject.rank; axis++)
        if ((found->axes & (1u << axis)) && found->rule->check(&subject, axis)) return false;
    return true;
}

bool cvs__repair_try(cvs__found *found, int fix) {
    bool good = cvs__repair_clears(found);
    if (good)
        found->fix = fix;
    else
        cvs__repair_restart(found);
    return good;
}
