#include "layer/rules/rule.h"

/* ---- CV050: a last window that PyTorch drops and ONNX keeps ------------------------------ */

static int64_t windows_rounded_up(const cvs__letters *at) {
    return cvs__ceil_div(at->i + at->pb + at->pe - at->ke, at->s) + 1;
}

bool cvs__check_ceil_mode(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (!subject->inference->layer.ceil_mode || !at->sized) return false;
    return (windows_rounded_up(at) - 1) * at->s >= at->i + at->pb;
}

void cvs__describe_ceil_mode(cvs__found *found) {
    int64_t windows = windows_rounded_up(found->at);
    found->message = RULES_CV050_MESSAGE;
    cvs__put(found, RULES_VALUE_START, (windows - 1) * found->at->s);
    cvs__put(found, RULES_VALUE_WINDOWS, windows);
    cvs__put(found, RULES_VALUE_FEWER, windows - 1);
    found->layer.ceil_mode = false;
    (void)cvs__repair_try(found, RULES_CV050_FIX);
}
