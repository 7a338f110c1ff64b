#include "layer/rules/rule.h"

#define OP(name)    (1u << CVS_OP_##name)
#define CONVOLVES   (OP(CONV) | OP(DEPTHWISE_CONV) | OP(SEPARABLE_CONV))
#define POOLS       (OP(MAX_POOL) | OP(AVERAGE_POOL))
#define SLIDES      (CONVOLVES | POOLS)
#define TRANSPOSED  OP(CONV_TRANSPOSE)
#define WHOLE_LAYER false
#define EACH_AXIS   true

/* Every rule that is decided on a layer which exists, in the order of the ids. CV001, 002, 003, 005, 008, 009, 025 and
   056 are errors of cvs_infer(); CV030 and CV031 need weights that somebody saw: weights.c. */
static const cvs__layer_rule layer_rules[] = {
    {4, SLIDES, EACH_AXIS, "stride", cvs__check_stride_skips, cvs__describe_stride_skips},
    {6, SLIDES | TRANSPOSED, WHOLE_LAYER, "data_format", cvs__check_channel_axis, cvs__describe_channel_axis},
    {7, CONVOLVES | TRANSPOSED, WHOLE_LAYER, "", cvs__check_length_swap, cvs__describe_length_swap},
    {10, SLIDES, EACH_AXIS, "padding", cvs__check_same_pads, cvs__describe_same_pads},
    {11, CONVOLVES, EACH_AXIS, "kernel", cvs__check_even_kernel, cvs__describe_even_kernel},
    {12, SLIDES, EACH_AXIS, "stride", cvs__check_floor_drops, cvs__describe_floor_drops},
    {13, SLIDES, EACH_AXIS, "padding", cvs__check_uneven_use, cvs__describe_uneven_use},
    {14, SLIDES, EACH_AXIS, "padding", cvs__check_all_padding, cvs__describe_all_padding},
    {15, CONVOLVES | OP(AVERAGE_POOL), WHOLE_LAYER, "padding", cvs__check_padding_dominates,
     cvs__describe_padding_dominates},
    {16, CONVOLVES, EACH_AXIS, "kernel", cvs__check_dead_taps, cvs__describe_dead_taps},
    {17, CONVOLVES, EACH_AXIS, "dilation", cvs__check_gridding, cvs__describe_gridding},
    {23, TRANSPOSED, EACH_AXIS, "kernel", cvs__check_checkerboard, cvs__describe_checkerboard},
    {24, TRANSPOSED, EACH_AXIS, "stride", cvs__check_holes, cvs__describe_holes},
    {44, OP(CONV), WHOLE_LAYER, "kernel", cvs__check_big_kernel, cvs__describe_big_kernel},
    {50, POOLS, EACH_AXIS, "ceil_mode", cvs__check_ceil_mode, cvs__describe_ceil_mode},
    {51, TRANSPOSED, WHOLE_LAYER, "padding", cvs__check_auto_pad, cvs__describe_auto_pad},
    {52, OP(CONV) | TRANSPOSED, WHOLE_LAYER, "filters", cvs__check_alignment, cvs__describe_alignment},
};

enum { LAYER_RULES = sizeof layer_rules / sizeof *layer_rules };

static bool same_letters(const cvs__letters *a, const cvs__letters *b) {
    return a->i == b->i && a->o == b->o && a->k == b->k && a->d == b->d && a->s == b->s && a->pb == b->pb &&
           a->pe == b->pe;
}

static unsigned axes_like(const cvs__subject *subject, int axis) {
    unsigned axes = 0;
    for (int a = axis; a < subject->rank; a++)
        if (same_letters(&subject->axis[axis], &subject->axis[a])) axes |= 1u << a;
    return axes;
}

static bool report(const cvs__subject *subject, const cvs__layer_rule *rule, unsigned axes, int axis,
                   cvs__found_fn each, void *context) {
    cvs__found found = {.rule = rule, .subject = subject, .axes = axes, .at = &subject->axis[axis], .fix = -1};
    cvs__repair_restart(&found);
    rule->describe(&found);
    return each(context, &found);
}

static bool review_axes(const cvs__subject *subject, const cvs__layer_rule *rule, cvs__found_fn each, void *context) {
    unsigned seen = 0;
    for (int axis = 0; axis < subject->rank; axis++) {
        if (seen & (1u << axis)) continue;
        unsigned axes = axes_like(subject, axis);
        seen |= axes;
        if (rule->check(subject, axis) && !report(subject, rule, axes, axis, each, context)) return false;
    }
    return true;
}

void cvs__review_layer(const cvs_inference *inference, cvs_rule_set rules, cvs__found_fn each, void *context) {
    unsigned op = 1u << inference->layer.op, whole = (1u << inference->layer.spatial_rank) - 1;
    if (!(op & (SLIDES | TRANSPOSED))) return;
    size_t count = 0;
    const cvs_rule *table = cvs_rules(&count);
    cvs__subject subject = cvs__subject_make(inference);
    bool more = true;
    for (int i = 0; i < LAYER_RULES && more; i++) {
        const cvs__layer_rule *rule = &layer_rules[i];
        if (!(rule->ops & op) || !cvs_rule_set_has(rules, &table[rule->number - 1])) continue;
        if (rule->per_axis)
            more = review_axes(&subject, rule, each, context);
        else if (rule->check(&subject, 0))
            more = report(&subject, rule, whole, 0, each, context);
    }
}
