#include "layer/rules/rule.h"

#include <stdio.h>

/* ---- CV016: taps that never meet the input --------------------------------------------- */

cvs__taps cvs__live_taps(const cvs__letters *at) {
    const cvs__sweep sweep = {at->k, at->d, at->o, at->s, at->pb, at->i};
    return cvs__count_taps(&sweep);
}

/* Padding that repeats the input gives every tap something to learn from. */
bool cvs__check_dead_taps(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (!at->sized || at->pb + at->pe == 0 || subject->inference->layer.padding.fill != CVS_FILL_ZEROS) return false;
    return cvs__live_taps(at).alive < at->k;
}

static bool is_dead(const cvs__letters *at, int64_t tap) {
    int64_t lowest = cvs__ceil_div(at->pb - tap * at->d, at->s);
    int64_t highest = cvs__floor_div(at->pb - tap * at->d + at->i - 1, at->s);
    if (lowest < 0) lowest = 0;
    if (highest > at->o - 1) highest = at->o - 1;
    return lowest > highest;
}

enum { TAPS_LISTED = 8, TAPS_LOOKED_AT = 64 };

/* "0, 2", cut short after a few. */
static void put_taps(cvs__found *found, int64_t dead) {
    const cvs__letters *at = found->at;
    char *word = found->word;
    size_t size = sizeof found->word, used = 0;
    int listed = 0;
    for (int64_t tap = 0; tap < at->k && tap < TAPS_LOOKED_AT && listed < TAPS_LISTED; tap++) {
        if (!is_dead(at, tap)) continue;
        used += (size_t)snprintf(word + used, size - used, "%s%lld", listed++ ? ", " : "", (long long)tap);
    }
    if (listed < dead) snprintf(word + used, size - used, "%s", listed ? ", ..." : "...");
    found->value[RULES_VALUE_TAPS] = cvs__string(word);
}

/* Of the weights that one filter has for one channel, how many ever meet the input. False: not to be counted. */
static bool count_used(const cvs__subject *subject, int64_t *used, int64_t *all) {
    long double product = 1;
    *used = *all = 1;
    for (int axis = 0; axis < subject->rank; axis++) {
        const cvs__letters *at = &subject->axis[axis];
        product *= (long double)at->k;
        if (!at->sized || product > (long double)INT64_MAX / 2) return false;
        *used *= cvs__live_taps(at).alive;
        *all *= at->k;
    }
    return true;
}

/* Cut the dead taps off both ends, and the padding that they needed: the same sums with fewer weights. */
static bool try_smaller_kernel(cvs__found *found) {
    const cvs__letters *at = found->at;
    cvs__taps live = cvs__live_taps(at);
    if (live.alive != live.last - live.first + 1) return false;
    int64_t before = at->pb - live.first * at->d, after = at->pe - (at->k - 1 - live.last) * at->d;
    cvs__put(found, RULES_VALUE_TO, live.alive);
    cvs__put(found, RULES_VALUE_BEFORE, before);
    cvs__put(found, RULES_VALUE_AFTER, after);
    cvs__repair_set(found, found->layer.kernel, live.alive);
    if (cvs__is_same(found->layer.padding.mode)) return cvs__repair_try(found, RULES_CV016_FIX_SAME);
    cvs__repair_padding(found, before, after);
    return cvs__repair_try(found, RULES_CV016_FIX_KERNEL);
}

/* Without padding every tap of a kernel that fits meets the input. */
static bool try_no_padding(cvs__found *found) {
    if (found->at->i < found->at->ke) return false;
    cvs__repair_padding(found, 0, 0);
    return cvs__repair_try(found, RULES_CV016_FIX_PADDING);
}

/* With a few strides more there is a window for every tap; the first size that works is near, or it is that. */
static bool try_larger_input(cvs__found *found) {
    const cvs__letters *at = found->at;
    int64_t sure = at->i + at->ke + at->s;
    for (int64_t more = 1; more <= TAPS_LOOKED_AT + 1; more++) {
        int64_t size = more <= TAPS_LOOKED_AT ? at->i + more : sure;
        cvs__repair_input(found, size);
        cvs__put(found, RULES_VALUE_TO, size);
        if (cvs__repair_try(found, RULES_CV016_FIX_INPUT)) return true;
    }
    return false;
}

void cvs__describe_dead_taps(cvs__found *found) {
    int64_t dead = found->at->k - cvs__live_taps(found->at).alive, used = 0, all = 0;
    found->message = RULES_CV016_MESSAGE;
    cvs__put(found, RULES_VALUE_DEAD, dead);
    put_taps(found, dead);
    if (found->subject->rank > 1 && count_used(found->subject, &used, &all)) {
        found->message = RULES_CV016_MESSAGE_AXES;
        found->value[RULES_VALUE_USED] = cvs__amount(used);
        found->value[RULES_VALUE_ALL] = cvs__amount(all);
    }
    (void)(try_smaller_kernel(found) || try_no_padding(found) || try_larger_input(found));
}

/* ---- CV017: neighbours read grids that never meet -------------------------------------- */

bool cvs__stack_grids(const int64_t *dilation, int64_t kernel, int count) {
    uint64_t divisor = 0;
    for (int i = 0; i < count; i++) divisor = cvs__gcd(divisor, (uint64_t)dilation[i]);
    if (divisor > 1) return true;
    int64_t gap = dilation[count - 1];
    for (int i = count - 2; i >= 1; i--) {
        int64_t left = gap - 2 * dilation[i], right = -left, wider = left > right ? left : right;
        gap = wider > dilation[i] ? wider : dilation[i];
    }
    return count > 1 && gap > kernel;
}

/* One layer alone is a stack of one: its neighbours read one grid only when the stride is a multiple of d. */
bool cvs__check_gridding(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (at->k == 1 || at->o == 1 || at->s % at->d == 0) return false;
    return cvs__stack_grids(&at->d, at->k, 1);
}

void cvs__describe_gridding(cvs__found *found) {
    const cvs__letters *at = found->at;
    found->message = RULES_CV017_MESSAGE;
    cvs__put(found, RULES_VALUE_GRIDS, at->d / (int64_t)cvs__gcd((uint64_t)at->s, (uint64_t)at->d));
    cvs__repair_set(found, found->layer.dilation, 1);
    (void)cvs__repair_try(found, RULES_CV017_FIX);
}

/* ---- CV044: one big kernel instead of a stack of small ones ------------------------------ */

bool cvs__check_big_kernel(const cvs__subject *subject, int axis) {
    const int64_t least_kernel = 7, image_channels = 4;
    const cvs_layer *layer = &subject->inference->layer;
    if (layer->groups > 1 || layer->in_channels <= image_channels) return false;
    for (int a = 0; a < subject->rank; a++)
        if (subject->axis[a].k < least_kernel || subject->axis[a].s > 1) return false;
    return true;
}

void cvs__describe_big_kernel(cvs__found *found) {
    int64_t largest = 0;
    for (int axis = 0; axis < found->subject->rank; axis++) {
        int64_t kernel = found->subject->axis[axis].k;
        if (kernel > largest) largest = kernel;
        found->layer.kernel[axis] = 3;
    }
    found->message = RULES_CV044_MESSAGE;
    cvs__put(found, RULES_VALUE_KERNEL, largest);
    cvs__put(found, RULES_VALUE_LAYERS, largest / 2);
    (void)cvs__repair_try(found, RULES_CV044_FIX);
}
