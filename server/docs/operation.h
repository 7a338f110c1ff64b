/* operation.h - one request that the server answers, as an article of the page. */
#ifndef CONVSCOPE_DOCS_OPERATION_H
#define CONVSCOPE_DOCS_OPERATION_H

#include "docs/contract.h"

#include <stdbool.h>

typedef struct docs_operation {
    const char *path, *method;
    json_t *item; /* of the path: parameters that all methods share */
    json_t *operation;
} docs_operation;

void operation_write(const docs_page *page, const docs_operation *what);

/* A list of answers: those that are written where they are given, or those that several requests share. */
void operation_answers(const docs_page *page, json_t *responses, bool shared);

/* A list of headers. */
void operation_headers(const docs_page *page, json_t *headers);

/* Its name, which is its anchor too. */
const char *operation_id(const docs_operation *what);

/* "<b class=post>POST</b> <code>/v1/shape</code>" */
void operation_title(const docs_page *page, const docs_operation *what);

#endif
