/* source.h - lines and columns of a text in which JSON pointers point. */
#ifndef CONVSCOPE_REVIEW_SOURCE_H
#define CONVSCOPE_REVIEW_SOURCE_H

#include <stddef.h>

/* Where a value stands, from its first character to behind its last one. Lines and columns from 1, columns in code
 * points; line 0: not known. */
typedef struct source_region {
    int line, column, end_line, end_column;
    size_t offset, end_offset; /* bytes from 0 */
} source_region;

/* A value that is looked for. */
typedef struct source_mark {
    const char *pointer; /* RFC 6901; borrowed */
    source_region region;
} source_mark;

/*
 * Find all `marks` in one go through `text`, which is JSON that was read without an error. They are put in the order of
 * their pointers. Those that point at nothing keep line 0, and so do those more than 64 levels deep.
 */
void source_find(const char *text, size_t length, source_mark *marks, size_t count);

/* The mark of that pointer among sorted ones, or NULL. */
const source_mark *source_mark_of(const source_mark *marks, size_t count, const char *pointer);

#endif
