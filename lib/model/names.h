/* names.h - which number a name has: a table that only grows, in an arena. */
#ifndef CONVSCOPE_MODEL_NAMES_H
#define CONVSCOPE_MODEL_NAMES_H

#include <convscope/base.h>

typedef struct cvs__name {
    const char *text; /* NULL: a free place */
    int number;
} cvs__name;

/* A zeroed struct with its arena is an empty table. */
typedef struct cvs__names {
    cvs_arena *arena;
    cvs__name *places;
    size_t count, capacity; /* a power of two */
} cvs__names;

/* The number of `text`, or -1. */
int cvs__names_find(const cvs__names *names, const char *text);

/* Give `text`, which stays where it is, a number, instead of the one that it may have. False: no memory. */
bool cvs__names_add(cvs__names *names, const char *text, int number) CVS_NODISCARD;

/* `text` itself, or with `mark` '#' one of "text#2", "text#3", ... that has no number yet: the first, where all of them
   were found here. In few steps, however many there are. A copy in the arena; NULL: no memory. */
const char *cvs__names_unique(const cvs__names *names, const char *text, char mark) CVS_NODISCARD;

#endif
