/*
 * parser.h - what the files of the text parser share: the state, the steps,
 * and the parts of the grammar that call each other.
 *
 *   statement  = ["return"] {target} expression {"," | ";"}
 *   target     = NAME [":" expression] "=" | NAME "+=" | "(" label ")" ":"
 *   expression = sums and products of numbers; with anything else in them they become a NAME that
 *                holds the source, since what is ignored (an initializer, a name) need not be understood; so do
 *                conditions and comprehensions, which are not parsed at all
 *   postfix    = primary {"." NAME | "(" arguments ")" | "[" subscript "]"}
 *   primary    = literal | NAME | "(" ... ")" | "[" ... "]" | "{" ... "}"
 *
 * Recursion goes through brackets only, and those are counted.
 */
#ifndef CONVSCOPE_DIALECT_PARSER_H
#define CONVSCOPE_DIALECT_PARSER_H

#include "dialect/lexer.h"
#include "dialect/node.h"

typedef struct cvs__parser {
    cvs__lexer lexer;
    cvs_error *err;
    size_t consumed; /* end of the last token that was gone past */
    int depth;
    struct {
        cvs_place place;
        char symbol;
    } open[CVS_NODE_MAX_DEPTH]; /* the brackets that are open */
    /* of code.h, else zero */
    bool keep_uses; /* what is done with a call is a node as well, and lines end statements */
    bool bind;      /* names may stand for values */
    const cvs_node *(*find)(void *names, const char *name); /* the value that stands for a name, or NULL */
    void *names;
} cvs__parser;

/* ---- errors ---- */

cvs_status cvs__parser_no_memory(cvs__parser *p);

/* The token looked at cannot stand here; `expected` says what could. CVS_SYNTAX. */
cvs_status cvs__parser_unexpected(cvs__parser *p, const char *expected);

/* ---- steps ---- */

static inline bool cvs__parser_at_closer(const cvs__parser *p) {
    return cvs__lexer_at(&p->lexer, ')') || cvs__lexer_at(&p->lexer, ']') || cvs__lexer_at(&p->lexer, '}');
}
/* Is there a line's end between what was gone past and the token looked at? */
bool cvs__parser_on_new_line(const cvs__parser *p);
/* Does that end a statement? */
static inline bool cvs__parser_at_line_end(const cvs__parser *p) {
    return p->keep_uses && p->depth == 0 && cvs__parser_on_new_line(p);
}
/* Is it the one that closes the innermost bracket? */
bool cvs__parser_closes(const cvs__parser *p);
CVS_NODISCARD static inline cvs_status cvs__parser_advance(cvs__parser *p) {
    p->consumed = p->lexer.token.end;
    return cvs__lexer_next(&p->lexer);
}
/* Past an opening bracket, or the one that closes it. */
cvs_status cvs__parser_open_bracket(cvs__parser *p) CVS_NODISCARD;
cvs_status cvs__parser_close_bracket(cvs__parser *p) CVS_NODISCARD;

CVS_NODISCARD static inline cvs_node *cvs__parser_new_node(cvs__parser *p, cvs_node_kind kind, cvs_place place) {
    return cvs__node_new(p->lexer.arena, kind, place);
}
/* A NAME whose text is the source from `place` up to what has been consumed. */
cvs_status cvs__parser_source_node(cvs__parser *p, cvs_place place, cvs_node **out) CVS_NODISCARD;

/* ---- grammar ---- */

cvs_status cvs__parse_expression(cvs__parser *p, cvs_node **out) CVS_NODISCARD;
cvs_status cvs__parse_list(cvs__parser *p, cvs_node **out) CVS_NODISCARD;
cvs_status cvs__parse_dict(cvs__parser *p, cvs_node **out) CVS_NODISCARD;
/* At '(': the arguments become children of `call`. */
cvs_status cvs__parse_arguments(cvs__parser *p, cvs_node *call) CVS_NODISCARD;
/* The same behind `last`, a child that is there already. */
cvs_status cvs__parse_more_arguments(cvs__parser *p, cvs_node *call, cvs_node *last) CVS_NODISCARD;

/* At a name, no word of the language, right before a single '='? */
bool cvs__parser_at_keyword(const cvs__parser *p);

/* In code, where what has a value is not called: let the value stand for the NAME in *out. */
cvs_status cvs__parser_let(cvs__parser *p, cvs_node **out) CVS_NODISCARD;

/* At the '+' of `layers += ...`? */
static inline bool cvs__parser_at_augmented(const cvs__parser *p) {
    const cvs__token *token = &p->lexer.token;
    return cvs__lexer_at(&p->lexer, '+') && token->end < p->lexer.length && p->lexer.source[token->end] == '=';
}

/* In a printed module `(conv1): Conv2d(...)`: was a label just read, and does ':' follow? */
bool cvs__parser_is_label(const cvs__parser *p, const cvs_node *node);
/* *out is a label or name, and ':' or '=' follows: read the value, which gets it as key. */
cvs_status cvs__parse_keyed(cvs__parser *p, cvs_node **out) CVS_NODISCARD;

/* ---- arithmetic ---- */

/* Put left OP right in `left` where both are numbers and the result is one; false where it is not. */
bool cvs__compute(cvs_node *left, char symbol, bool doubled, const cvs_node *right);
/* The same for a minus sign. */
bool cvs__negate(cvs_node *value);
/* A call of int() with a number becomes that number; all others stay calls. */
void cvs__compute_call(cvs_node *call);
/* (3,) * 2: repeat `list` in place where `times` is a small integer and the elements have none of their own. False
   where it stays as it is; *status tells when there was no memory. */
bool cvs__repeat(cvs__parser *p, cvs_node *list, const cvs_node *times, cvs_status *status);

#endif
