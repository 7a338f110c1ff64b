/* words.h - what all forms of a review say in the same words. */
#ifndef CONVSCOPE_REVIEW_WORDS_H
#define CONVSCOPE_REVIEW_WORDS_H

#include "api/layer_json.h"
#include "api/review/review.h"

/* "open", "known", "waiting", "unknown", "failed". */
const char *review_state_name(cvs_model_state state);

/* The layer's name; NULL of -1. */
const char *review_layer_name(const review *r, int layer);

/* What is to be said of a layer that has no shapes, beside the findings: "impossible", "not known here"; NULL: nothing.
 */
const char *review_plight(const review *r, int layer);

/* An input of the model as the row of a table: a layer that makes it. `tensor` must outlive the row. */
cvs_model_layer review_input_row(const review *r, const int *tensor);

/* "pointer": `below` the model, as one into the request or the file. */
void review_json_pointer(json_writer *writer, const review_text *text, const char *below);
/* A tensor's shape; null where not even the rank is known. */
void review_json_shape(const layer_json *json, const cvs_model_tensor *tensor);
/* One of the answer's "findings". */
void review_json_finding(const review *r, int number, json_writer *writer);

/* Each of the totals, and where a layer has its share of it; a NULL name ends them. */
typedef struct review_sum {
    const char *name;  /* "peak_bytes" */
    const char *words; /* "Peak of activations" */
    size_t in_totals;  /* offset of a cvs_model_sum in cvs_model_totals */
    size_t in_layer;   /* offset of an int64_t in cvs_model_layer */
    bool bytes;
} review_sum;
extern const review_sum review_sums[];
const cvs_model_sum *review_sum_of(const cvs_model_totals *totals, const review_sum *sum);

/* The types of the layers whose share of a sum is not known, each once, in their order; no more than fit. */
enum { REVIEW_TYPES_MAX = 32 };
typedef struct review_types {
    const char *type[REVIEW_TYPES_MAX];
    int count;
} review_types;
void review_not_counted(const review *r, const review_sum *sum, review_types *out);

/* A text that is the user's, without what would steer a terminal. */
void review_add_plain(const char *text, cvs_text *out);
/* The same for GitHub's Markdown, in which it does nothing: no tags, no mentions, no cells of its own. */
void review_markdown_add(const char *text, cvs_text *out);
/* "block_1_expand (Conv2D)" */
void review_add_layer(const review *r, int layer, cvs_text *out);
/* "(None, 112, 112, 32)", "?" where not even the rank is known. */
void review_add_shape(const review *r, const cvs_model_tensor *tensor, cvs_text *out);
/* "3,504,872"; "?" when it is not known. */
void review_add_count(int64_t count, cvs_text *out);
/* "4.59 MiB", "?" */
void review_add_bytes(int64_t bytes, cvs_text *out);
/* "11x11", "-" of what has no positions; from least to most where they differ: "3x3..11x11". */
void review_add_field(const cvs_model_field *field, cvs_text *out);
/* "2 errors, 1 warning, no notes" */
void review_add_verdict(const review *r, cvs_text *out);

#endif
