/*
 * pump.h - a source read ahead by a pool, so that the thread which sends what it gives never has to wait for it.
 *
 * There are two buffers: one is sent while a job fills the other. A reader that is faster than the source pauses, and
 * is told to go on when the other buffer is full.
 */
#ifndef CONVSCOPE_HTTP_PUMP_H
#define CONVSCOPE_HTTP_PUMP_H

#include "http/coding.h"
#include "http/pool.h"

#include <convscope/engine.h>

/* What http_pump_read() returns when it has paused the reader. */
enum { HTTP_PUMP_PAUSED = -2 };

typedef struct http_pump_end {
    void *cls;
    void (*pause)(void *cls);      /* the reader; from within http_pump_read() */
    void (*resume)(void *cls);     /* from any thread, once for each pause */
    bool (*gone)(const void *cls); /* whether nobody reads any more; NULL: never. Not after http_pump_free() */
} http_pump_end;

typedef struct http_pump_source {
    void *cls;
    http_source read; /* on the pool's threads, one call at a time */
    void (*release)(void *cls);
    cvs_interrupt *interrupt; /* the source's, told by whom `read` is to be cut short; or NULL */
} http_pump_source;

typedef struct http_pump http_pump;

/*
 * Read `source`, which is taken over unless there is no memory (NULL), at most `size` bytes at a time. Begins to read.
 * Work that has begun goes on: it is read even while the pool is full.
 */
http_pump *http_pump_create(http_pool *pool, const http_pump_source *source, const http_pump_end *end, size_t size);

/* The next bytes, at most `size` (not 0). 0 at the end, -1 when the source failed, or HTTP_PUMP_PAUSED. */
int64_t http_pump_read(http_pump *pump, char *out, size_t size);

/* The reader is not paused, and will not read any more. The source is released now, or when the pool has let go of it.
 */
void http_pump_free(http_pump *pump);

#endif
