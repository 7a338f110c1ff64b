/* stream.h - an answer that is read piece by piece while it is sent, compressed where the client likes it. */
#ifndef CONVSCOPE_HTTP_STREAM_H
#define CONVSCOPE_HTTP_STREAM_H

#include "api/api.h"
#include "http/deflate.h"
#include "http/peers.h"
#include "http/pool.h"

#include <microhttpd.h>

typedef struct http_stream {
    http_source read;
    void (*release)(void *cls);
    void *cls;                /* theirs; owned */
    uint64_t length;          /* or HTTP_DEFLATE_UNKNOWN */
    bool numbers;             /* most of it are digits */
    cvs_interrupt *interrupt; /* theirs: told by whom `read` is to be cut short; or NULL */
} http_stream;

/* The response's body, wherever it is: taken out of it. `cls` is NULL when there is no memory, and nothing taken. */
http_stream http_stream_of(api_response *response);

void http_stream_close(http_stream *stream);

/* The most memory that one takes: two buffers to read ahead, and a deflater. */
#define HTTP_STREAM_MEMORY ((size_t)(512 + 1280) * 1024)

/* Whether the response may become one: it is too long to be sent, or compressed, at once. */
bool http_stream_suits(const api_response *response);

/* Whom a stream is for, and who reads it: the threads that talk to clients do not. */
typedef struct http_audience {
    struct MHD_Connection *connection;
    const http_peer *peer; /* the other side of it */
    http_pool *pool;
    api_account *account; /* holds what it takes: taken over; or NULL */
    uint64_t *sent;       /* bytes given to libmicrohttpd, counted up: it must live until all are; or NULL */
} http_audience;

/*
 * For libmicrohttpd, in *coding, which becomes identity when there is no memory to compress. The stream is
 * taken over, in any case. NULL when there is no memory.
 */
struct MHD_Response *http_stream_wire(http_stream *stream, http_coding *coding, const http_audience *audience);

/*
 * Compress the response's body where it is. False when it would not come out at less than `most` bytes, or
 * when there is no memory: the response is as it was.
 */
bool http_stream_shrink(api_response *response, http_coding coding, size_t most);

#endif
