/* findings.h - writing findings: in a language, into an arena. */
#ifndef CONVSCOPE_RULES_FINDINGS_H
#define CONVSCOPE_RULES_FINDINGS_H

#include "layer/rules/rule.h"

typedef struct cvs__finding_writer {
    cvs_arena *arena;
    cvs_language language;
    cvs_text text; /* being made; empty between texts. Free it in the end. */
    cvs_findings *out;
    bool failed; /* an allocation failed, for good */
} cvs__finding_writer;

/* The writer's text in the arena, or "" after a failure; the writer's is empty again. */
const char *cvs__finding_keep(cvs__finding_writer *writer);

/* A text of the catalogue with its values; "" for text -1. In the arena. */
const char *cvs__finding_text(cvs__finding_writer *writer, int text, const cvs__value *value);

/* Free what the writer holds. When it failed, `out` has `count` findings again and the status is CVS_NO_MEMORY. */
cvs_status cvs__findings_end(cvs__finding_writer *writer, int count, cvs_error *err);

#endif
