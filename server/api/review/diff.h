/*
 * diff.h - two reviews beside each other: which layer became which, and what changed.
 *
 * Layers are matched by what they are and where they stand, not by their names alone, for frameworks number names anew:
 * of all ways to match them in their order the one that keeps most is taken, as a diff of lines does.
 */
#ifndef CONVSCOPE_REVIEW_DIFF_H
#define CONVSCOPE_REVIEW_DIFF_H

#include "api/review/words.h"

typedef struct diff_layer {
    const json_t *settings; /* the layer in our own form; NULL of what is no operator of layer.h. In the arena */
    uint64_t hash;          /* of its type and its settings, those apart that follow from its input */
    int other;              /* the number of its match in the other model, or -1 */
} diff_layer;

typedef struct diff_side {
    review r;
    const cvs_model_layer *layers;
    const cvs_model_tensor *tensors;
    diff_layer *about; /* of each of `layers` */
    int count;
    bool *gone; /* of each finding: the other side has none of the kind on the same layer */
} diff_side;

typedef struct model_diff {
    api_call *call;
    review_wish wish;
    diff_side before, after;
    int unchanged; /* pairs of layers in which nothing did */
} model_diff;

/* diff_match.c: set `other` on both sides. */
cvs_status diff_match(model_diff *diff) CVS_NODISCARD;

/* Whether a setting of our own form says nothing of the layer itself, because it follows from the input. */
bool diff_is_derived(const char *setting);

/* Visit the settings that are not the same; NULL on the side that has none of the name. */
typedef void diff_setting_visit(const char *name, const json_t *before, const json_t *after, void *context);
void diff_each_setting(const json_t *before, const json_t *after, diff_setting_visit *visit, void *context);

/* The figures of a layer that are compared; a NULL name ends them. */
typedef struct diff_figure {
    const char *name, *words;
    size_t in_layer; /* offset of an int64_t in cvs_model_layer */
} diff_figure;
extern const diff_figure diff_figures[];
int64_t diff_figure_of(const cvs_model_layer *layer, const diff_figure *figure);

/* What of a pair of layers is not the same. */
typedef struct diff_pair {
    int before, after;
    bool name, type, settings, shape, field, state, figures;
} diff_pair;
diff_pair diff_compare(const model_diff *diff, int before, int after);
bool diff_changed(const diff_pair *pair);
/* "removed", "added", "renamed", "changed": a pair of layers, or one (-1: there is none on that side). */
const char *diff_word(const diff_pair *pair, int before, int after);

/* Which findings are fixed, and which are new. */
cvs_status diff_find(model_diff *diff) CVS_NODISCARD;

/* Go through all layers in the order of the model after, those that were removed where they stood. -1: there is none on
 * that side. */
void diff_each(const model_diff *diff, void (*visit)(const model_diff *diff, int before, int after, void *context),
               void *context);

void diff_write_json(const model_diff *diff, json_writer *writer, cvs_text *scratch);
void diff_write_table(const model_diff *diff, cvs_text *out);
void diff_write_markdown(const model_diff *diff, cvs_text *out);

#endif
