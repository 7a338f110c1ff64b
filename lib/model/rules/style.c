/* style.c - matters of taste: off unless somebody asks for them. */
#include "model/rules/rule.h"

/* ---- CV039 -------------------------------------------------------------------- */

bool cvs__check_pool_after_every_conv(cvs__scene *s, int at, cvs__model_found *found) {
    enum { DEEP = 4 };
    int convs = 0;
    (void)at;
    for (int i = 0; i < s->count; i++) {
        if (s->kinds[i] != CVS__KIND_CONV) continue;
        if (!cvs__is_kind(s, cvs__reader_past(s, i, CVS__KINDS_PASSING), CVS__KIND_BIT(POOL))) return false;
        convs++;
    }
    if (convs < DEEP) return false;
    cvs__say(found, MODEL_RULES_VALUE_N, convs);
    cvs__tell_number(found, "convolutions", convs);
    found->message = MODEL_RULES_CV039_MESSAGE;
    found->fix = MODEL_RULES_CV039_FIX;
    return true;
}

/* ---- CV040, CV041 ----------------------------------------------------------------- */

static bool has_window(const cvs__scene *s, int layer) {
    const cvs_layer *settings = layer >= 0 ? cvs__layer_at(s, layer) : NULL;
    return settings && settings->op != CVS_OP_CONV_TRANSPOSE && !cvs__is_pointwise(settings);
}

/* The convolution with a window before this one, with nothing between that has weights; -1. */
static int conv_before(const cvs__scene *s, int at) {
    const int before = cvs__nearest_before(s, at, CVS__KIND_BIT(CONV) | CVS__KIND_BIT(DENSE));
    return has_window(s, at) && cvs__is_kind(s, before, CVS__KIND_BIT(CONV)) && has_window(s, before) ? before : -1;
}

/* Positions of the output. CVS_DIM_UNKNOWN. */
static int64_t positions(const cvs__scene *s, int layer) {
    const int64_t numbers = cvs__sample_count(cvs__output_of(s, layer)), width = cvs__width_out(s, layer);
    return numbers == CVS_DIM_UNKNOWN || width < 1 ? CVS_DIM_UNKNOWN : numbers / width;
}

static void tell_pair(cvs__scene *s, cvs__model_found *found, int before, int64_t was, int64_t is) {
    cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, before);
    cvs__say(found, MODEL_RULES_VALUE_WAS, was);
    cvs__say(found, MODEL_RULES_VALUE_HAS, is);
    cvs__tell_number(found, "before", (double)was);
    cvs__tell_number(found, "value", (double)is);
    found->other = before;
}

bool cvs__check_filters_shrink(cvs__scene *s, int at, cvs__model_found *found) {
    const int before = conv_before(s, at);
    if (before < 0) return false;
    const int64_t was = cvs__width_out(s, before), is = cvs__width_out(s, at), map = positions(s, at);
    if (is == CVS_DIM_UNKNOWN || map == CVS_DIM_UNKNOWN || is >= was || map >= positions(s, before)) return false;
    tell_pair(s, found, before, was, is);
    found->member = "filters";
    found->message = MODEL_RULES_CV040_MESSAGE;
    found->fix = MODEL_RULES_CV040_FIX;
    return true;
}

bool cvs__check_window_shrinks(cvs__scene *s, int at, cvs__model_found *found) {
    const int before = conv_before(s, at);
    if (before < 0 || before == s->stem) return false;
    const cvs_layer *was = cvs__layer_at(s, before), *is = cvs__layer_at(s, at);
    if (was->spatial_rank != is->spatial_rank) return false;
    int axis = 0;
    while (axis < is->spatial_rank && is->kernel[axis] >= was->kernel[axis]) axis++;
    if (axis == is->spatial_rank) return false;
    tell_pair(s, found, before, was->kernel[axis], is->kernel[axis]);
    cvs__say_axis(s, found, is->spatial_rank, axis);
    found->axis = axis;
    found->member = "kernel";
    found->message = MODEL_RULES_CV041_MESSAGE;
    found->fix = MODEL_RULES_CV041_FIX;
    return true;
}

/* ---- CV042 --------------------------------------------------------------------------- */

bool cvs__check_dense_grows(cvs__scene *s, int at, cvs__model_found *found) {
    const int before = cvs__maker_past(s, at, CVS__KINDS_PASSING);
    if (!cvs__is_kind(s, before, CVS__KIND_BIT(DENSE))) return false;
    const int64_t was = cvs__width_out(s, before), is = cvs__width_out(s, at);
    if (was == CVS_DIM_UNKNOWN || is <= was) return false;
    tell_pair(s, found, before, was, is);
    found->member = "filters";
    found->message = MODEL_RULES_CV042_MESSAGE;
    found->fix = MODEL_RULES_CV042_FIX;
    return true;
}
