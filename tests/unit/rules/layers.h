/* layers.h - layers for the tests of the rules, and their findings by rule. */
#ifndef CONVSCOPE_TESTS_RULES_LAYERS_H
#define CONVSCOPE_TESTS_RULES_LAYERS_H

#include "layer/rules/findings.h"

/* The same number on every spatial axis; `padding` counts for CVS_PAD_EXPLICIT. */
typedef struct window {
    int64_t kernel, stride, dilation, padding;
} window;

/* A layer with 16 filters, channels last, of our own framework. */
cvs_layer layer_of(cvs_op op, int spatial_rank, window w, cvs_padding_mode mode);

/* (batch of unknown size, sizes...); -1 for an open size. */
cvs_shape shape_of(int rank, const int64_t *sizes);
#define SHAPE(...) shape_of((int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (const int64_t[]){__VA_ARGS__})

/* By cvs_infer(), which must agree. */
cvs_inference infer(const cvs_layer *layer, cvs_shape input);

/* Without cvs_infer(): a 1D layer with explicit padding on (batch, i, 16) that gives (batch, o, 16). */
cvs_inference made_1d(const cvs_layer *layer, int64_t i, int64_t o);

/* What was found under one rule: copies, so that they outlive the review. */
typedef struct seen {
    int count;        /* findings under the rule */
    cvs__found found; /* the first */
    bool has_fix;
} seen;

seen look_for(const cvs_inference *inference, const char *rule);

/* The number that a finding puts into its message. */
int64_t number_of(const seen *s, int value);

/* Convolutions: without numbers of padding, and with. */
cvs_layer conv(int rank, int64_t kernel, int64_t stride, int64_t dilation, cvs_padding_mode mode);
cvs_layer padded(int rank, int64_t kernel, int64_t stride, int64_t padding);
/* Transposed, 1D, without padding. */
cvs_layer transposed(int64_t kernel, int64_t stride, int64_t dilation);

/* What a finding has to say. */
typedef struct expected {
    const char *rule;
    const char *message, *fix; /* parts of the English texts */
    int axis;
    const char *pointer;
} expected;

/* The finding is there in both languages, complete, and as expected. */
void check_finding(const expected *expected, const cvs_inference *inference);
/* The texts are whole: nothing unreplaced, no unknown size written as a number. */
void check_texts(const cvs_finding *finding);

/* All findings, those off by default too. */
void review(const cvs_inference *inference, cvs_language language, cvs_arena *arena, cvs_findings *out);

#endif
