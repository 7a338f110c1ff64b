/*
 * review.h - a model put on its inputs, and what is to be said about it: read from a request, and written in the forms
 * that people and their tools read.
 */
#ifndef CONVSCOPE_REVIEW_REVIEW_H
#define CONVSCOPE_REVIEW_REVIEW_H

#include "api/review/source.h"
#include "api/review/wish.h"

/* What the model stands in. */
typedef struct review_text {
    const char *bytes; /* borrowed; NULL: no text, as of a binary file */
    size_t length;
    bool is_json;
    const char *within; /* "/model": what stands before pointers into it, in the request; "" where it is all of it */
} review_text;

/* What one of the model's findings has beside what the library says of it. */
typedef struct review_finding {
    source_region region;                      /* line 0: not known */
    char fingerprint[REVIEW_FINGERPRINT_SIZE]; /* the same as long as the layer and what is wrong with it are */
    bool known;                                /* in the baseline */
    bool ignored;                              /* a comment in the text takes it back (ignored.h) */
} review_finding;

typedef struct review {
    api_call *call; /* whose arena all of it is in */
    const review_wish *wish;
    review_text text;
    cvs_model *model;
    cvs_model_totals totals;
    cvs_review found;
    review_finding *beside;    /* of each of `found`, in the same order */
    int counts[CVS_ERROR + 1]; /* of each level, those known or ignored aside */
    int known;                 /* those in the baseline, and not ignored */
    int ignored;
    int failed; /* layers that cannot be, and that no rule speaks of */
} review;

/* model.c: read the model that is a member of the request, at `pointer` ("/model", static), or all of the body. */
cvs_status review_read_member(review *r, const char *pointer, const api_request *request) CVS_NODISCARD;
cvs_status review_read_body(review *r, const api_request *request) CVS_NODISCARD;
/* Put it on the inputs of the wish, and add everything up. */
cvs_status review_infer(review *r) CVS_NODISCARD;

/* findings.c: judge it, with the places of what is found. */
cvs_status review_judge(review *r) CVS_NODISCARD;
/* Whether a finding counts: it is neither known nor ignored. */
bool review_shows(const review *r, int number);
/* Whether a finding of level error says what is wrong with a layer. */
bool review_has_error(const review *r, int layer);

/* Written: memory that runs out shows in the text at its end. */
void review_write_json(const review *r, json_writer *writer, cvs_text *scratch);
void review_write_table(const review *r, cvs_text *out);
void review_write_markdown(const review *r, cvs_text *out);
void review_write_csv(const review *r, cvs_text *out);
void review_write_sarif(const review *r, json_writer *writer);

#endif
