#include "layer/rules/rule.h"

#include <stdio.h>

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

static bool is_pool(cvs_op op) { return op == CVS_OP_MAX_POOL || op == CVS_OP_AVERAGE_POOL; }

/* ---- CV014: windows that see padding only ------------------------------------------ */

int64_t cvs__padding_windows(const cvs__letters *at) {
    int64_t at_start = at->pb < at->ke ? 0 : clamp((at->pb - at->ke) / at->s + 1, 0, at->o);
    int64_t first_behind = cvs__ceil_div(at->pb + at->i, at->s);
    return at_start + clamp(at->o - first_behind, 0, at->o - at_start);
}

/* With an open size the last window ends less than a stride before the end of the padded input. */
bool cvs__check_all_padding(const cvs__subject *subject, int axis) {
    const cvs__letters *at = &subject->axis[axis];
    if (subject->inference->layer.padding.fill != CVS_FILL_ZEROS || !at->padded) return false;
    if (at->sized) return cvs__padding_windows(at) > 0;
    return at->pb >= at->ke || at->pe - at->ke >= at->s - 1;
}

void cvs__describe_all_padding(cvs__found *found) {
    const cvs__letters *at = found->at;
    cvs_op op = found->layer.op;
    int64_t before = at->pb < at->ke ? at->pb : at->ke - 1, after = at->pe < at->ke ? at->pe : at->ke - 1;
    found->message = RULES_CV014_MESSAGE_OPEN;
    if (at->sized) {
        found->message = is_pool(op) ? RULES_CV014_MESSAGE_POOL : RULES_CV014_MESSAGE;
        cvs__put(found, RULES_VALUE_WINDOWS, cvs__padding_windows(at));
    }
    cvs__put(found, RULES_VALUE_BEFORE, before);
    cvs__put(found, RULES_VALUE_AFTER, after);
    cvs__repair_padding(found, before, after);
    if (cvs__repair_try(found, RULES_CV014_FIX_PADDING)) return;
    found->layer.ceil_mode = false;
    (void)cvs__repair_try(found, RULES_CV014_FIX_CEIL);
}

/* ---- CV015: most of the map touches the padding ------------------------------------- */

int64_t cvs__inner_windows(const cvs__letters *at) {
    int64_t first = cvs__ceil_div(at->pb, at->s), last = cvs__floor_div(at->pb + at->i - at->ke, at->s);
    if (last > at->o - 1) last = at->o - 1;
    return last < first ? 0 : last - first + 1;
}

/* Output cells that touch no padding, and all of them, over the axes that are known. An open axis only adds to those
   that touch it. */
static void count_cells(const cvs__subject *subject, long double *inner, long double *all) {
    *inner = *all = 1;
    for (int axis = 0; axis < subject->rank; axis++) {
        const cvs__letters *at = &subject->axis[axis];
        if (!at->sized) continue;
        *inner *= (long double)cvs__inner_windows(at);
        *all *= (long double)at->o;
    }
}

bool cvs__check_padding_dominates(const cvs__subject *subject, int axis) {
    const cvs_layer *layer = &subject->inference->layer;
    long double inner = 1, all = 1;
    if (layer->op == CVS_OP_AVERAGE_POOL && !layer->count_include_pad) return false;
    count_cells(subject, &inner, &all);
    return inner * 2 < all;
}

static void enlarge_input(cvs__found *found, int64_t by) {
    cvs__repair_restart(found);
    for (int axis = 0; axis < found->subject->rank; axis++) {
        cvs_dim *size = &found->input.dim[cvs__spatial_position(found->layer.data_format, axis)];
        if (cvs_dim_is_known(*size)) *size += by;
    }
}

/* "7 x 7", of the changed input; an open size is "?". */
static void put_size(cvs__found *found) {
    char *word = found->word;
    size_t size = sizeof found->word, used = 0;
    for (int axis = 0; axis < found->subject->rank && used < size; axis++) {
        cvs_dim dim = found->input.dim[cvs__spatial_position(found->layer.data_format, axis)];
        const char *sign = axis ? " x " : "";
        if (cvs_dim_is_known(dim))
            used += (size_t)snprintf(word + used, size - used, "%s%lld", sign, (long long)dim);
        else
            used += (size_t)snprintf(word + used, size - used, "%s?", sign);
    }
    found->value[RULES_VALUE_SIZE] = cvs__string(word);
}

/* The share falls as the input grows (but for steps of a stride): double what is added, then halve the interval. */
static int64_t least_enlargement(cvs__found *found) {
    int64_t low = 0, high = 1;
    for (enlarge_input(found, high); !cvs__repair_clears(found); enlarge_input(found, high)) {
        if (high > CVS_MAX_PARAMETER) return 0;
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        enlarge_input(found, middle);
        if (cvs__repair_clears(found))
            high = middle;
        else
            low = middle;
    }
    return high;
}

void cvs__describe_padding_dominates(cvs__found *found) {
    long double inner = 1, all = 1;
    count_cells(found->subject, &inner, &all);
    long double touching = all - inner;
    cvs__put(found, RULES_VALUE_PERCENT, (int64_t)(100 * (touching / all)));
    found->message = RULES_CV015_MESSAGE_SHARE;
    bool complete = true;
    for (int axis = 0; axis < found->subject->rank; axis++) complete = complete && found->subject->axis[axis].sized;
    if (complete && all < (long double)INT64_MAX) {
        found->message = RULES_CV015_MESSAGE;
        found->value[RULES_VALUE_TOUCHING] = cvs__amount((int64_t)touching);
        found->value[RULES_VALUE_CELLS] = cvs__amount((int64_t)all);
    }
    int64_t by = least_enlargement(found);
    if (by) {
        enlarge_input(found, by);
        put_size(found);
        (void)cvs__repair_try(found, RULES_CV015_FIX);
    } else {
        cvs__repair_restart(found);
    }
}
