/*
 * source.h - the catalogue compiler's picture of a folder's text files: read.c makes and checks it, write.c turns
 * it into C. A program of the build, never part of the library: it prints its complaints and exits.
 */
#ifndef CONVSCOPE_CATALOGUE_SOURCE_H
#define CONVSCOPE_CATALOGUE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

enum { MAX_TEXTS = 2000, MAX_NAMES = 250, MAX_PIECES = 200, MAX_LANGUAGES = 8 };

enum piece_kind { LITERAL, VALUE, IF_ONE, IF_MANY };

struct piece {
    enum piece_kind kind;
    const char *bytes; /* into the file, `length` long; nothing for a VALUE */
    size_t length;
    int name; /* index into names; 0 for a LITERAL */
};

struct text {
    const char *key;
    int line;
    int count;
    struct piece *piece; /* MAX_PIECES at most */
};

struct language {
    const char *path;
    char *bytes; /* the file, keys NUL-terminated in place */
    int count;
    struct text text[MAX_TEXTS];
};

struct source {
    int languages;
    struct language language[MAX_LANGUAGES];
    int names;
    char *name[MAX_NAMES]; /* placeholder names, owned */
};

/* Read `path` as one more language; false, with the complaints on stderr, when it is not a catalogue. */
bool read_language(struct source *source, const char *path);

/* Do all languages have the keys of the first, each with the same placeholders? Complains on stderr. */
bool check_languages(struct source *source);

/* Put every text into the order of the first language. Only after check_languages(). */
void order_languages(struct source *source);

/* Write <folder>/<catalogue>_catalogue.h and .c; false when a file cannot be written. */
bool write_catalogue(const struct source *source, const char *catalogue, const char *folder);

void free_source(struct source *source);

#endif
