/*
 * code.h - pasted code of several statements, read one after the other.
 *
 * What text.c reads is one layer with the things around it; here every line counts: what is bound to which name, and
 * what is applied to what. Calls of what is no plain name become calls, too:
 *   f(...)(x)        CALL "()", the callee its first child, the arguments behind it
 *   f(...).to(cuda)  CALL ".to", likewise; an attribute that is not called has the callee alone
 *   f(...)[0]        CALL "[]", the callee alone
 * A printed module's `(0-3): 4 x Block(...)` is a CALL with the key "0-3" and the integer 4.
 */
#ifndef CONVSCOPE_DIALECT_CODE_H
#define CONVSCOPE_DIALECT_CODE_H

#include "dialect/parser.h"

typedef struct cvs__code {
    cvs__parser parser;
} cvs__code;

typedef struct cvs__statement {
    const cvs_node *value; /* NULL: there are no more */
    const char *target;    /* the name it is bound to, dotted or not; NULL: none */
    bool unpacked;         /* it is bound to several at once: `target` is none of them */
} cvs__statement;

/* Begin to read `text` of at most `limit` bytes. CVS_SYNTAX: longer, or no UTF-8. */
cvs_status cvs__code_start(cvs__code *code, cvs_arena *arena, const char *text, size_t length, size_t limit,
                           cvs_error *err) CVS_NODISCARD;

/*
 * The next statement. Imports and documentation are passed over. CVS_SYNTAX with its place for one that runs code
 * (def, for, if ...).
 */
cvs_status cvs__code_next(cvs__code *code, cvs__statement *out) CVS_NODISCARD;

/* Let `value` stand wherever a name does from here on, when find(names, its text) gives one. */
void cvs__code_let(cvs__code *code, const cvs_node *(*find)(void *names, const char *name), void *names);

/* Was this key the label of a printed module, `(conv1): `? */
bool cvs__code_is_label(const cvs__code *code, const cvs_node *node);

#endif
