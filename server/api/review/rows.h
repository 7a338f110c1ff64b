/* rows.h - the layers of a review as rows of cells, for tables of every kind. */
#ifndef CONVSCOPE_REVIEW_ROWS_H
#define CONVSCOPE_REVIEW_ROWS_H

#include "api/review/words.h"

/* What a column shows of a layer. */
typedef struct review_column {
    const char *title;
    bool is_number; /* stands to the right */
    void (*write)(const review *r, const cvs_model_layer *layer, cvs_text *out);
} review_column;

extern const review_column review_columns[];
extern const size_t review_column_count;

/* Each row once: the model's inputs, then its layers. */
void review_each_row(const review *r, void (*row)(const review *r, const cvs_model_layer *layer, void *context),
                     void *context);

#endif
