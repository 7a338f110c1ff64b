/*
 * lexer.h - pasted text as tokens. One token is looked at at a time; every
 * token knows its place. Whitespace, comments and the prompts of Python's
 * shell are skipped.
 */
#ifndef CONVSCOPE_DIALECT_LEXER_H
#define CONVSCOPE_DIALECT_LEXER_H

#include <convscope/dialect.h>

#include "dialect/utf8.h"

typedef enum cvs__token_kind {
    CVS__TOKEN_END,
    CVS__TOKEN_NAME, /* one identifier, dots are symbols */
    CVS__TOKEN_INT,
    CVS__TOKEN_REAL,
    CVS__TOKEN_STRING,
    CVS__TOKEN_SYMBOL /* one of ( ) [ ] { } , : ; = . + - * / % or a doubled * / =; < > ! & | ^ ~ @ where any_symbol */
} cvs__token_kind;

typedef struct cvs__token {
    cvs__token_kind kind;
    char symbol;
    bool doubled; /* the symbol stands twice: ** // == */
    cvs_place place;
    size_t end; /* offset of the first byte after it */
    int64_t integer;
    double real;
    const char *text; /* of a STRING: unescaped, in the arena */
    size_t text_length;
} cvs__token;

typedef struct cvs__lexer {
    cvs_arena *arena;
    const char *source;
    size_t length;
    bool one_line;     /* of ASCII: columns are offsets, nothing is to be counted */
    cvs_place counted; /* else lines and columns are counted up to here */
    cvs__token token;  /* the one looked at */
    bool any_symbol;   /* tokens of all of Python's symbols, not only of those that values have */
    cvs_error *err;
} cvs__lexer;

/* Start on `source` and look at the first token. */
cvs_status cvs__lexer_start(cvs__lexer *lexer, cvs_arena *arena, const char *source, size_t length,
                            cvs_error *err) CVS_NODISCARD;

/* Go on to the next token. CVS_SYNTAX for characters that start none. */
cvs_status cvs__lexer_next(cvs__lexer *lexer) CVS_NODISCARD;

/* The place of a byte at or after what has been counted so far. */
cvs_place cvs__lexer_place(cvs__lexer *lexer, size_t offset);

/* Is the token looked at this single symbol? Asked several times of every token, hence inline. */
static inline bool cvs__lexer_at(const cvs__lexer *lexer, char symbol) {
    return lexer->token.symbol == symbol && lexer->token.kind == CVS__TOKEN_SYMBOL && !lexer->token.doubled;
}

/* Is it this identifier? Most differ in their first letter, which is seen here. */
bool cvs__lexer_is_word(const cvs__lexer *lexer, const char *word);
static inline bool cvs__lexer_at_word(const cvs__lexer *lexer, const char *word) {
    return lexer->token.kind == CVS__TOKEN_NAME && lexer->source[lexer->token.place.offset] == word[0] &&
           cvs__lexer_is_word(lexer, word);
}

/* Record a CVS_SYNTAX error at a place. */
cvs_status cvs__lexer_fail(const cvs__lexer *lexer, cvs_place place, const char *code, const char *format, ...)
    CVS_PRINTF(4, 5);

/* The token looked at as a message names it: "')'", "the name 'x'", "the end of the text". Returns `buffer`. */
const char *cvs__lexer_describe(const cvs__lexer *lexer, char *buffer, size_t size);

/* A STRING's value from its literal, which starts at `offset` (prefix included): fills the token, which has its place
   and nothing else. */
cvs_status cvs__lexer_string(cvs__lexer *lexer, size_t offset, cvs__token *token) CVS_NODISCARD;

/* Length of the prefix (r, b, u, f) of the string literal at `offset`, or -1 when none starts there. */
int cvs__lexer_string_prefix(const cvs__lexer *lexer, size_t offset);

/* The letters and digits of ASCII, whatever the locale. */
static inline bool cvs__is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static inline bool cvs__is_digit(char c) { return c >= '0' && c <= '9'; }

/* The literal of an INT or REAL at `offset`: fills the token likewise. */
cvs_status cvs__lexer_number(cvs__lexer *lexer, size_t offset, cvs__token *token) CVS_NODISCARD;

#endif
