#include "layer/rules/rule.h"

/* ---- CV023: outputs get unequal numbers of contributions --------------------------------- */

bool cvs__check_checkerboard(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    return at->i != 1 && at->k % at->s != 0;
}

static int64_t nearest_multiple(int64_t kernel, int64_t stride) {
    int64_t below = kernel - kernel % stride, above = below + stride;
    return below > 0 && kernel - below < above - kernel ? below : above;
}

void cvs__describe_checkerboard(cvs__found *found) {
    const cvs__letters *at = found->at;
    int64_t remainders = at->s / (int64_t)cvs__gcd((uint64_t)at->s, (uint64_t)at->d);
    bool holes = cvs__comb_period_gaps(at->s, at->d, at->k) > 0;
    int64_t kernel = nearest_multiple(at->k, at->s);
    found->message = RULES_CV023_MESSAGE;
    cvs__put(found, RULES_VALUE_LEAST, holes ? 0 : at->k / remainders);
    cvs__put(found, RULES_VALUE_MOST, cvs__ceil_div(at->k, remainders));
    cvs__put(found, RULES_VALUE_TO, kernel);
    cvs__repair_set(found, found->layer.kernel, kernel);
    (void)cvs__repair_try(found, RULES_CV023_FIX);
}

/* ---- CV024: outputs that no input reaches -------------------------------------------------- */

/* Input x puts its taps at s*x + d*t of the uncropped output; cell 0 of the output is number pb there. */
static cvs__comb contributions(const cvs__letters *at) { return (cvs__comb){{at->s, at->d}, {at->i, at->k}}; }

bool cvs__check_holes(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (!at->sized) return at->i == CVS_DIM_UNKNOWN && cvs__comb_period_gaps(at->s, at->d, at->k) > 0;
    cvs__comb comb = contributions(at);
    return cvs__comb_has_gap(&comb, at->pb, at->pb + at->o - 1);
}

static void describe_counts(cvs__found *found) {
    const cvs__letters *at = found->at;
    cvs__comb comb = contributions(at);
    int64_t reached = 0;
    if (!at->sized) {
        found->message = RULES_CV024_MESSAGE_OPEN;
        cvs__put(found, RULES_VALUE_HOLES, cvs__comb_period_gaps(at->s, at->d, at->k));
    } else if (cvs__comb_count(&comb, at->pb, at->pb + at->o - 1, &reached)) {
        found->message = RULES_CV024_MESSAGE;
        cvs__put(found, RULES_VALUE_HOLES, at->o - reached);
    } else {
        found->message = RULES_CV024_MESSAGE_SOME;
    }
}

static bool try_filling(cvs__found *found, int64_t kernel, int64_t dilation, bool keep_output_padding, int fix) {
    cvs__repair_set(found, found->layer.kernel, kernel);
    cvs__repair_set(found, found->layer.dilation, dilation);
    if (!keep_output_padding) cvs__repair_set(found, found->layer.output_padding, 0);
    return cvs__repair_try(found, fix);
}

/* One change at a time, then all of them. */
void cvs__describe_holes(cvs__found *found) {
    const cvs__letters *at = found->at;
    int64_t enough = at->k < at->s ? at->s : at->k;
    describe_counts(found);
    cvs__put(found, RULES_VALUE_TO, enough);
    if (try_filling(found, at->k, 1, true, RULES_CV024_FIX_DILATION)) return;
    if (try_filling(found, enough, at->d, true, RULES_CV024_FIX_KERNEL)) return;
    if (try_filling(found, at->k, at->d, false, RULES_CV024_FIX_OUTPUT_PADDING)) return;
    (void)try_filling(found, enough, 1, false, RULES_CV024_FIX_ALL);
}

/* ---- CV051: runtimes disagree on auto_pad ---------------------------------------------------- */

bool cvs__check_auto_pad(const cvs__subject *subject, int axis) {
    const cvs_layer *layer = &subject->inference->layer;
    return layer->framework == CVS_ONNX && cvs__is_same(layer->padding.mode);
}

/* The padding as it was settled, spelled out. */
void cvs__describe_auto_pad(cvs__found *found) {
    found->message = RULES_CV051_MESSAGE;
    found->layer.padding.mode = CVS_PAD_EXPLICIT;
    (void)cvs__repair_try(found, RULES_CV051_FIX);
}
