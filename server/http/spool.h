/*
 * spool.h - bytes put aside until they are read back: in memory while they are few, then in a file that has no name
 * and is gone with the process, so that memory stays the same however long the body is.
 */
#ifndef CONVSCOPE_HTTP_SPOOL_H
#define CONVSCOPE_HTTP_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is kept in memory before a file is made. */
#define HTTP_SPOOL_MEMORY ((size_t)256 * 1024)

typedef struct http_spool {
    char *memory; /* owned; HTTP_SPOOL_MEMORY bytes once something came */
    size_t held;  /* bytes in memory, the last ones received */
    int file;     /* -1: none yet */
    uint64_t written, read;
} http_spool;

/* An empty spool. Takes nothing yet. */
http_spool http_spool_begin(void);

/* Put `size` bytes behind the others. False when there is no memory, or no room in the directory TMPDIR (/tmp). */
bool http_spool_add(http_spool *spool, const char *bytes, size_t size);

/* The next bytes in the order they came, at most `size`; 0 at the end, -1 when the file cannot be read. */
int64_t http_spool_read(http_spool *spool, char *out, size_t size);

void http_spool_free(http_spool *spool);

/* Whether a file can be made at the moment; *directory is where. */
bool http_spool_possible(const char **directory);

#endif
