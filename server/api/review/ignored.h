/*
 * ignored.h - comments in a model's code that take findings back:
 *     nn.Conv2d(3, 16, 3),  # convscope: ignore CV032, CV004
 *     # convscope: ignore-file CV022
 * The first concerns what is found on its line, the second everything in the text. Rules go by id or name; without any,
 * all are meant.
 */
#ifndef CONVSCOPE_REVIEW_IGNORED_H
#define CONVSCOPE_REVIEW_IGNORED_H

#include "api/review/review.h"

typedef struct ignored_line {
    int line; /* from 1 */
    cvs_rule_set rules;
} ignored_line;

typedef struct ignored {
    cvs_rule_set everywhere;
    ignored_line *lines; /* in their order; in the arena */
    size_t count;
} ignored;

/* CVS_INVALID, with line and column, for a rule that there is not. JSON has no comments: nothing is ignored in it. */
cvs_status ignored_read(ignored *out, const review_text *text, cvs_arena *arena, cvs_error *err) CVS_NODISCARD;

/* `line` 0: it has no place of its own. */
bool ignored_has(const ignored *all, const cvs_rule *rule, int line);

#endif
