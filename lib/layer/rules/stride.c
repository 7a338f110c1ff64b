#include "layer/rules/rule.h"

#include <stdio.h>

/* ---- CV004: the stride steps over inputs -------------------------------------- */

static cvs__comb windows_of(const cvs__letters *at) { return (cvs__comb){{at->s, at->d}, {at->o, at->k}}; }

static int64_t min64(int64_t a, int64_t b) { return a < b ? a : b; }

/*
 * The input positions, counted in the padded input, that only a window's tap can read. Padding that repeats the
 * input (reflect, replicate, circular) shows the cells near its ends a second time: those are left out.
 */
static void own_positions(const cvs__subject *subject, int axis, int64_t *lo, int64_t *hi) {
    const cvs__letters *at = &subject->axis[axis];
    bool repeats = subject->inference->layer.padding.fill != CVS_FILL_ZEROS && at->pb + at->pe > 0;
    int64_t margin = repeats ? (at->pb > at->pe ? at->pb : at->pe) + 1 : 0;
    *lo = at->pb + margin;
    *hi = at->pb + at->i - 1 - margin;
}

bool cvs__check_stride_skips(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (at->s == 1 && at->d == 1) return false;
    if (!at->sized) return at->i == CVS_DIM_UNKNOWN && cvs__comb_period_gaps(at->s, at->d, at->k) > 0;
    cvs__comb comb = windows_of(at);
    int64_t lo = 0, hi = 0, end = (at->o - 1) * at->s + at->ke - 1;
    own_positions(subject, axis, &lo, &hi);
    if (at->s > at->ke && hi > end) return true;
    return cvs__comb_has_gap(&comb, lo, min64(hi, end));
}

/* Positions of the axis that are read, as a share of all of them; 1 where that is not a simple sum. */
static double share_read(const cvs__letters *at) {
    cvs__comb comb = windows_of(at);
    int64_t reached = 0;
    if (!at->sized || !cvs__comb_count(&comb, at->pb, at->pb + at->i - 1, &reached)) return 1;
    return (double)reached / (double)at->i;
}

static void describe_unread(cvs__found *found) {
    const cvs__letters *at = found->at;
    cvs__comb comb = windows_of(at);
    int64_t reached = 0;
    found->message = RULES_CV004_MESSAGE_SOME;
    if (!cvs__comb_count(&comb, at->pb, at->pb + at->i - 1, &reached)) return;
    cvs__put(found, RULES_VALUE_UNREAD, at->i - reached);
    found->message = at->d > 1 && at->k > 1 ? RULES_CV004_MESSAGE_DILATED : RULES_CV004_MESSAGE;
    if (!(found->axes & (found->axes - 1))) return;
    double share = 1;
    for (int axis = 0; axis < found->subject->rank; axis++) share *= share_read(&found->subject->axis[axis]);
    snprintf(found->word, sizeof found->word, "%.3g %%", 100 * share);
    found->value[RULES_VALUE_SHARE] = cvs__string(found->word);
    found->message = at->d > 1 && at->k > 1 ? RULES_CV004_MESSAGE_DILATED_AXES : RULES_CV004_MESSAGE_AXES;
}

static bool try_reading_all(cvs__found *found, int64_t kernel, int64_t stride, int64_t dilation, int fix) {
    cvs__repair_set(found, found->layer.kernel, kernel);
    cvs__repair_set(found, found->layer.stride, stride);
    cvs__repair_set(found, found->layer.dilation, dilation);
    cvs__put(found, RULES_VALUE_TO, fix == RULES_CV004_FIX_STRIDE ? stride : kernel);
    return cvs__repair_try(found, fix);
}

void cvs__describe_stride_skips(cvs__found *found) {
    const cvs__letters *at = found->at;
    if (at->sized) {
        describe_unread(found);
    } else {
        found->message = RULES_CV004_MESSAGE_OPEN;
        cvs__put(found, RULES_VALUE_UNREAD, cvs__comb_period_gaps(at->s, at->d, at->k));
    }
    if (at->d > 1 && try_reading_all(found, at->k, at->s, 1, RULES_CV004_FIX_DILATION)) return;
    if (at->s > at->k && try_reading_all(found, at->s, at->s, 1, RULES_CV004_FIX_KERNEL)) return;
    if (at->s > at->k) (void)try_reading_all(found, at->k, at->k, 1, RULES_CV004_FIX_STRIDE);
}

/* ---- CV012: the last rows fit no window ---------------------------------------- */

int64_t cvs__dropped_cells(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (!at->sized) return 0;
    int64_t dropped = cvs__rest(at) - at->pe;
    cvs_fill fill = subject->inference->layer.padding.fill;
    /* Padding before the input that repeats its far cells reads them there. */
    if (fill == CVS_FILL_CIRCULAR) dropped -= at->pb;
    if (fill == CVS_FILL_REFLECT && at->pb > 0 && at->pb >= at->i - dropped) return 0;
    return dropped > 0 ? min64(dropped, at->i) : 0;
}

/* Where the stride steps over cells all along, CV004 counts those at the end too. */
bool cvs__check_floor_drops(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (at->s > at->ke && cvs__check_stride_skips(subject, axis)) return false;
    return cvs__dropped_cells(subject, axis) > 0;
}

/* Where windows overlap or touch, more padding lets one more of them in, over the cells that were dropped. Where the
   stride leaves gaps between them it may only meet padding, so the input has to grow. */
void cvs__describe_floor_drops(cvs__found *found) {
    const cvs__letters *at = found->at;
    int64_t missing = at->s - cvs__rest(at) % at->s;
    found->message = RULES_CV012_MESSAGE;
    cvs__put(found, RULES_VALUE_DROPPED, cvs__dropped_cells(found->subject, __builtin_ctz(found->axes)));
    cvs__put(found, RULES_VALUE_AFTER, at->pe + missing);
    cvs__put(found, RULES_VALUE_TO, at->i + missing);
    cvs__repair_padding(found, at->pb, at->pe + missing);
    if (at->s <= at->ke && cvs__repair_try(found, RULES_CV012_FIX_PADDING)) return;
    cvs__repair_restart(found);
    cvs__repair_input(found, at->i + missing);
    (void)cvs__repair_try(found, RULES_CV012_FIX_INPUT);
}
