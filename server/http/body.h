/* body.h - the bytes of one request's body as they come in. */
#ifndef CONVSCOPE_HTTP_BODY_H
#define CONVSCOPE_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum http_body_state {
    HTTP_BODY_WANTED = 0,
    HTTP_BODY_UNWANTED,  /* the answer does not depend on it: read past */
    HTTP_BODY_TOO_LARGE, /* it passed the limit */
    HTTP_BODY_NO_MEMORY
} http_body_state;

typedef struct http_body {
    char *data; /* owned; NULL unless state is HTTP_BODY_WANTED and something came */
    size_t length, capacity;
    size_t limit;    /* the most that is kept */
    size_t declared; /* Content-Length, 0 when unknown: only guides how memory grows */
    size_t seen;     /* bytes received, kept or not */
    http_body_state state;
} http_body;

/* An empty body that keeps at most `limit` bytes. Allocates nothing: memory follows the bytes received, not the ones
 * announced. */
http_body http_body_begin(size_t limit, uint64_t declared, bool wanted);

/*
 * Take `size` bytes. After a failure the rest is read past, so that the client finishes sending and hears why; false
 * when it has sent so much beyond the limit that the connection should be closed on it.
 */
bool http_body_add(http_body *body, const char *bytes, size_t size);

void http_body_free(http_body *body);

#endif
