/*
 * memory.h - how the memory that this process may take is divided: a part for what is there anyway, a part for every
 * connection, and the rest for requests, which ask before they take (api/budget.h).
 */
#ifndef CONVSCOPE_HTTP_MEMORY_H
#define CONVSCOPE_HTTP_MEMORY_H

#include "api/budget.h"

/*
 * libmicrohttpd's buffers of one connection; they also bound a request's head (431). libmicrohttpd clears them after
 * every request, and half of them once more; with less, long bodies come and go in more pieces. Measured: a short
 * answer costs 6 % less than with 64 KiB, 1.6 MB of JSON in and 8.8 MB out 5 % more, a body of 60 MB the same.
 */
#define HTTP_CONNECTION_BUFFERS ((size_t)32 * 1024)

typedef struct http_memory {
    api_budget requests; /* all that they take */
    api_budget bodies;   /* a part of it: their bodies. The rest is for what has come wholly and is worked on */
} http_memory;

/* As many of `wanted` connections as a quarter of `most` bytes is enough for. */
size_t http_memory_connections(size_t most, size_t wanted);

/*
 * Divide `most` bytes of which `resident` are taken already, among `connections` and requests that `threads` work on.
 * CVS_INVALID with code "too-little-memory" when nothing much is left for requests.
 */
cvs_status http_memory_divide(size_t most, size_t resident, size_t connections, unsigned threads, http_memory *out,
                              cvs_error *err) CVS_NODISCARD;

/*
 * Have the heap give large blocks back when they are freed: what is counted is then what the process has. Before there
 * are threads.
 */
void http_memory_tune_heap(void);

#endif
