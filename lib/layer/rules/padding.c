#include "layer/rules/rule.h"

/* The size nearest to `size` whose remainder modulo `step` is `remainder`; the larger of two equally near. */
static int64_t nearest(int64_t size, int64_t step, int64_t remainder) {
    int64_t above = (remainder - size % step + step) % step, below = step - above;
    if (above == 0) return size;
    return below < above && size > below ? size - below : size + above;
}

/* ---- CV010: 'same' pads otherwise elsewhere -------------------------------------- */

static int64_t half_padding(const cvs__letters *at) { return (at->ke - 1) / 2; }

bool cvs__check_same_pads(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (!cvs__is_same(subject->inference->layer.padding.mode) || at->s == 1 || !at->padded) return false;
    return at->pb != half_padding(at) || at->pe != half_padding(at);
}

void cvs__describe_same_pads(cvs__found *found) {
    const cvs__letters *at = found->at;
    int64_t half = half_padding(at), elsewhere = CVS_DIM_UNKNOWN;
    if (at->sized && at->i + 2 * half >= at->ke) elsewhere = (at->i + 2 * half - at->ke) / at->s + 1;
    found->message = elsewhere == at->o ? RULES_CV010_MESSAGE : RULES_CV010_MESSAGE_SIZE;
    cvs__put(found, RULES_VALUE_HALF, half);
    cvs__put(found, RULES_VALUE_ELSEWHERE, elsewhere);
    cvs__repair_padding(found, at->pb, at->pe);
    if (cvs__repair_try(found, RULES_CV010_FIX_PADDING)) return;
    /* The total is ke - 1 - ((i - 1) mod s); both halves agree when that is 2*((ke - 1)/2). */
    int64_t size = nearest(at->i, at->s, at->ke % 2 ? 1 % at->s : 2 % at->s);
    cvs__put(found, RULES_VALUE_TO, size);
    cvs__repair_input(found, size);
    (void)cvs__repair_try(found, RULES_CV010_FIX_INPUT);
}

/* ---- CV011: an even kernel has no centre ------------------------------------------ */

bool cvs__check_even_kernel(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (!cvs__is_same(subject->inference->layer.padding.mode) || at->ke % 2 || !at->padded) return false;
    return at->pb != at->pe;
}

void cvs__describe_even_kernel(cvs__found *found) {
    int64_t kernel = found->at->k + 1;
    found->message = RULES_CV011_MESSAGE;
    cvs__put(found, RULES_VALUE_TO, kernel);
    cvs__repair_set(found, found->layer.kernel, kernel);
    (void)cvs__repair_try(found, RULES_CV011_FIX);
}

/* ---- CV013: one end's padding is used, the other's is not --------------------------- */

bool cvs__check_uneven_use(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    return at->sized && at->pe > 0 && at->pb == at->pe && cvs__rest(at) > 0;
}

void cvs__describe_uneven_use(cvs__found *found) {
    const cvs__letters *at = found->at;
    int64_t rest = cvs__rest(at);
    int64_t size = nearest(at->i, at->s, (at->i - rest % at->s + at->s) % at->s);
    found->message = rest < at->pe ? RULES_CV013_MESSAGE : RULES_CV013_MESSAGE_ALL;
    cvs__put(found, RULES_VALUE_REST, rest);
    cvs__put(found, RULES_VALUE_TO, size);
    cvs__repair_input(found, size);
    if (cvs__repair_try(found, RULES_CV013_FIX)) return;
    cvs__put(found, RULES_VALUE_TO, at->i + at->s - rest);
    cvs__repair_input(found, at->i + at->s - rest);
    (void)cvs__repair_try(found, RULES_CV013_FIX);
}
