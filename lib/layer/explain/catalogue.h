/*
 * catalogue.h - texts in several languages, found by key and filled with values.
 *
 * A catalogue is one text file a language (en.txt, zh.txt), one line a text:
 *
 *     # a comment
 *     depth.sum = One filter spans {kernel} {kernel?step:steps} and all {channels} channels.
 *
 *   {name}            the value of that name
 *   {name?one:many}   a word that follows the number: "one" when it is exactly 1, else "many"; either may be empty
 *
 * The build compiles the files of a folder with convscope_catalogue(<name>) (lib/cmake/catalogue.cmake) into
 * "<name>_catalogue.h" and ".c". For a catalogue called "explain" these hold
 *   - the catalogue:    extern const cvs__catalogue cvs__explain_catalogue;
 *   - a constant a key: EXPLAIN_DEPTH_SUM ('.' and '-' become '_'), in the order of en.txt, and EXPLAIN_COUNT;
 *   - a constant a placeholder name: EXPLAIN_VALUE_KERNEL, ..., and EXPLAIN_VALUE_COUNT.
 * It fails when a language lacks a key of the first or has another one, when the two use different placeholders
 * ({name?..} may be used by one language alone, as long as the first knows the name), or when a line is no text.
 *
 * Use:
 *     cvs__value values[EXPLAIN_VALUE_COUNT] = {0};
 *     values[EXPLAIN_VALUE_KERNEL] = cvs__integer(5);
 *     values[EXPLAIN_VALUE_CHANNELS] = cvs__integer(300);
 *     cvs__render(&cvs__explain_catalogue, EXPLAIN_DEPTH_SUM, CVS_ENGLISH, values, &text);
 */
#ifndef CONVSCOPE_LAYER_CATALOGUE_H
#define CONVSCOPE_LAYER_CATALOGUE_H

#include <convscope/explain.h>

#include <string.h>

typedef enum cvs__value_kind {
    CVS__VALUE_MISSING = 0, /* written as "{?}", so that a test finds it */
    CVS__VALUE_INTEGER,     /* -12, 166611 */
    CVS__VALUE_COUNT,       /* an amount to be read by people: 166,611 */
    CVS__VALUE_TEXT
} cvs__value_kind;

typedef struct cvs__value {
    cvs__value_kind kind;
    uint32_t length; /* of the text */
    int64_t number;
    const char *text; /* not owned; must live until the rendering is done */
} cvs__value;

static inline cvs__value cvs__integer(int64_t number) {
    return (cvs__value){.kind = CVS__VALUE_INTEGER, .number = number};
}

static inline cvs__value cvs__amount(int64_t number) {
    return (cvs__value){.kind = CVS__VALUE_COUNT, .number = number};
}

static inline cvs__value cvs__string(const char *text) {
    return (cvs__value){.kind = CVS__VALUE_TEXT, .text = text, .length = (uint32_t)strlen(text)};
}

typedef enum cvs__piece_kind {
    CVS__PIECE_LITERAL = 0,
    CVS__PIECE_VALUE,
    CVS__PIECE_IF_ONE, /* a literal, only when the value is the number 1 */
    CVS__PIECE_IF_MANY /* a literal, only when it is not */
} cvs__piece_kind;

/* A run of a text: `length` bytes at `offset` of the language's bytes, or the value number `value`. */
typedef struct cvs__piece {
    uint32_t offset;
    uint16_t length;
    uint8_t value;
    uint8_t kind;
} cvs__piece;

/* Short literals are copied as so many bytes, whatever their length: it is cheaper than to look. */
enum { CVS__COPIED = 32 };

typedef struct cvs__catalogue_language {
    const char *bytes;        /* all literals; a NUL after the last one of each text, CVS__COPIED more at the end */
    const cvs__piece *pieces; /* of text 0, then of text 1, ... */
    const uint16_t *first;    /* text t is pieces[first[t]] ... pieces[first[t + 1] - 1] */
} cvs__catalogue_language;

typedef struct cvs__catalogue {
    int count;                /* texts */
    const char *const *names; /* their keys, in the order of the constants */
    const uint16_t *by_name;  /* the same, as numbers, sorted by name */
    cvs__catalogue_language language[CVS_LANGUAGE_COUNT];
} cvs__catalogue;

/* The number of the text with this key ("CV004.title"), or -1. */
int cvs__catalogue_find(const cvs__catalogue *catalogue, const char *key);

/* A text that has no placeholders; static. A text that has some is cut at the first. */
const char *cvs__catalogue_plain(const cvs__catalogue *catalogue, int text, cvs_language language);

/*
 * Append text number `text`, values put in, to `out`. `values` is indexed by the catalogue's constants for
 * placeholder names (EXPLAIN_VALUE_...). As with every append, look at out->failed in the end.
 */
void cvs__render(const cvs__catalogue *catalogue, int text, cvs_language language, const cvs__value *values,
                 cvs_text *out);

/* Append `number` in groups of three digits: 166,611. */
void cvs__add_amount(cvs_text *out, int64_t number);

/* Write `number` at `out`, with a comma before every third digit when `grouped`; the end comes back. No NUL. */
enum { CVS__LONGEST_NUMBER = 32 }; /* "-9,223,372,036,854,775,807" */
char *cvs__write_number(char *out, int64_t number, bool grouped);

#endif
