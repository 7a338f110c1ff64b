/*
 * rule.h - one rule at work: the layer in letters, what a rule finds, and how a repair is tried.
 *
 * To add a rule on a layer: its row in table.c, its texts in en.txt and zh.txt, a check and a describe function in
 * the file of its theme, a line in the table of review.c.
 */
#ifndef CONVSCOPE_RULES_RULE_H
#define CONVSCOPE_RULES_RULE_H

#include "layer/layer_internal.h"
#include "layer/rules/comb.h"
#include "layer/rules/rules_catalogue.h"

#include <convscope/rules.h>

/* One spatial axis in the letters of layer.h, which checks read. */
typedef struct cvs__letters {
    cvs_dim i, o; /* CVS_DIM_UNKNOWN when not a number */
    int64_t k, d, ke, s, pb, pe;
    bool padded; /* pb and pe are known */
    bool sized;  /* i, o, pb and pe are known, and small enough for sums of them */
} cvs__letters;

typedef struct cvs__subject {
    const cvs_inference *inference;
    int rank;
    cvs__letters axis[CVS_MAX_SPATIAL];
    cvs_dim channels, filters; /* in and out; CVS_DIM_UNKNOWN when not a number */
} cvs__subject;

cvs__subject cvs__subject_make(const cvs_inference *inference);

/* Cells of the padded input behind the last window; below zero when it reaches past the end. Only when sized. */
static inline int64_t cvs__rest(const cvs__letters *at) {
    return at->i + at->pb + at->pe - ((at->o - 1) * at->s + at->ke);
}

static inline bool cvs__is_same(cvs_padding_mode mode) { return mode == CVS_PAD_SAME || mode == CVS_PAD_SAME_LOWER; }

typedef struct cvs__found cvs__found;

typedef struct cvs__layer_rule {
    int number;         /* 4 for CV004 */
    unsigned ops;       /* bit 1 << op for each it is about */
    bool per_axis;      /* checked axis by axis; axes with the same letters share a finding */
    const char *member; /* of our own form, what it is about: "stride" */
    bool (*check)(const cvs__subject *subject, int axis); /* axis 0 for rules on the whole layer */
    void (*describe)(cvs__found *found);                  /* fills message, value, fix */
} cvs__layer_rule;

/* What a rule found: which texts, their values, and the layer and input with the smallest change that clears it. */
struct cvs__found {
    const cvs__layer_rule *rule;
    const cvs__subject *subject;
    unsigned axes;          /* bit 1 << axis for each it is about */
    const cvs__letters *at; /* the first of them */
    int message;            /* text of the catalogue */
    int fix;                /* the same, or -1 when no change was found */
    cvs__value value[RULES_VALUE_COUNT];
    char word[96];   /* room for a value that is text */
    cvs_layer layer; /* start as they were given; a describe function changes them and calls cvs__repair_try() */
    cvs_shape input;
};

static inline void cvs__put(cvs__found *found, int name, int64_t number) { found->value[name] = cvs__integer(number); }

/* Put the input back as it was given, open sizes as CVS_DIM_UNKNOWN, and the layer as it was. */
void cvs__repair_restart(cvs__found *found);

/* Write `value` to list[axis] of every axis the finding is about. */
void cvs__repair_set(const cvs__found *found, int64_t *list, int64_t value);
void cvs__repair_input(cvs__found *found, int64_t size);
/* Explicit padding, the other axes' as they are. */
void cvs__repair_padding(cvs__found *found, int64_t before, int64_t after);

/*
 * Is the changed layer possible on the changed input, and silent under the rule? Then `fix` is the finding's text
 * and true comes back; else the change is undone.
 */
bool cvs__repair_try(cvs__found *found, int fix);
/* The same without touching the fix: for searches. */
bool cvs__repair_clears(const cvs__found *found);

/* Called with each finding. False stops the review. */
typedef bool (*cvs__found_fn)(void *context, const cvs__found *found);

/* Find all that these rules find on a layer, in the order of the ids. */
void cvs__review_layer(const cvs_inference *inference, cvs_rule_set rules, cvs__found_fn each, void *context);

/* ---- the rules, by theme ---------------------------------------------------- */

/* stride.c */
bool cvs__check_stride_skips(const cvs__subject *subject, int axis);
void cvs__describe_stride_skips(cvs__found *found);
bool cvs__check_floor_drops(const cvs__subject *subject, int axis);
void cvs__describe_floor_drops(cvs__found *found);

/* channels.c */
bool cvs__check_channel_axis(const cvs__subject *subject, int axis);
void cvs__describe_channel_axis(cvs__found *found);
bool cvs__check_length_swap(const cvs__subject *subject, int axis);
void cvs__describe_length_swap(cvs__found *found);
bool cvs__check_alignment(const cvs__subject *subject, int axis);
void cvs__describe_alignment(cvs__found *found);

/* padding.c */
bool cvs__check_same_pads(const cvs__subject *subject, int axis);
void cvs__describe_same_pads(cvs__found *found);
bool cvs__check_even_kernel(const cvs__subject *subject, int axis);
void cvs__describe_even_kernel(cvs__found *found);
bool cvs__check_uneven_use(const cvs__subject *subject, int axis);
void cvs__describe_uneven_use(cvs__found *found);

/* border.c */
bool cvs__check_all_padding(const cvs__subject *subject, int axis);
void cvs__describe_all_padding(cvs__found *found);
bool cvs__check_padding_dominates(const cvs__subject *subject, int axis);
void cvs__describe_padding_dominates(cvs__found *found);

/* kernel.c */
bool cvs__check_dead_taps(const cvs__subject *subject, int axis);
void cvs__describe_dead_taps(cvs__found *found);
bool cvs__check_gridding(const cvs__subject *subject, int axis);
void cvs__describe_gridding(cvs__found *found);
bool cvs__check_big_kernel(const cvs__subject *subject, int axis);
void cvs__describe_big_kernel(cvs__found *found);

/* transposed.c */
bool cvs__check_checkerboard(const cvs__subject *subject, int axis);
void cvs__describe_checkerboard(cvs__found *found);
bool cvs__check_holes(const cvs__subject *subject, int axis);
void cvs__describe_holes(cvs__found *found);
bool cvs__check_auto_pad(const cvs__subject *subject, int axis);
void cvs__describe_auto_pad(cvs__found *found);

/* pooling.c */
bool cvs__check_ceil_mode(const cvs__subject *subject, int axis);
void cvs__describe_ceil_mode(cvs__found *found);

/* Counts that checks make, for messages and for tests. */
int64_t cvs__inner_windows(const cvs__letters *at);                /* windows that touch no padding; only when sized */
int64_t cvs__padding_windows(const cvs__letters *at);              /* windows wholly in the padding; only when sized */
int64_t cvs__dropped_cells(const cvs__subject *subject, int axis); /* last cells never read; 0 when not sized */
cvs__taps cvs__live_taps(const cvs__letters *at);                  /* taps that ever meet the input; only when sized */

/*
 * Hybrid dilated convolution: does a stack of `count` dilated layers (first to last, on one axis) leave inputs out
 * between those it reads? Wang et al. 2018, equation 2: M_n = d_n, M_x = max(M_(x+1) - 2*d_x, 2*d_x - M_(x+1), d_x);
 * good when M_2 <= k. A common divisor of all d separates grids for ever. One layer: is d > 1?
 */
bool cvs__stack_grids(const int64_t *dilation, int64_t kernel, int count);

#endif
