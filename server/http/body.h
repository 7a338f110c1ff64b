/* body.h - the bytes of one request's body as they come in, inflated if they are compressed. */
#ifndef CONVSCOPE_HTTP_BODY_H
#define CONVSCOPE_HTTP_BODY_H

#include "api/budget.h"
#include "http/inflate.h"

typedef enum http_body_state {
    HTTP_BODY_WANTED = 0,
    HTTP_BODY_UNWANTED,  /* the answer does not depend on it: read past */
    HTTP_BODY_TOO_LARGE, /* it passed the limit */
    HTTP_BODY_NO_MEMORY
} http_body_state;

typedef struct http_body {
    char *data; /* owned; NULL unless state is HTTP_BODY_WANTED and something came */
    size_t length, capacity;
    size_t limit;            /* the most that is kept */
    size_t declared;         /* Content-Length, 0 when unknown: only guides how memory grows */
    size_t seen;             /* bytes received, kept or not */
    http_inflater *inflater; /* of a compressed body; owned */
    api_account account;     /* asked before memory is taken; http_body_count() */
    bool mapped;             /* the data have pages of their own */
    http_body_state state;
} http_body;

/* An empty body that keeps at most `limit` bytes. Allocates nothing: memory follows the bytes received, not the ones
 * announced. */
http_body http_body_begin(size_t limit, uint64_t declared, bool wanted);

/* Have `budget` asked for all memory from now on. */
void http_body_count(http_body *body, api_budget *budget);

/* Whether there is room for as many bytes as were announced. If not, the state says so. */
bool http_body_fits(http_body *body);

/* The bytes will be compressed with `coding`, not identity: `limit` then holds for either length. Without memory the
 * body's state says so. */
void http_body_inflate(http_body *body, http_coding coding);

/*
 * Take `size` bytes. After a failure the rest is read past, so that the client finishes sending and hears why; false
 * when it has sent so much beyond the limit that the connection should be closed on it.
 */
bool http_body_add(http_body *body, const char *bytes, size_t size);

/* All of it has come: what is wrong with it, 400, 413 or 503; status 0 when nothing is, or it was not wanted. */
http_refusal http_body_end(http_body *body);

void http_body_free(http_body *body);

#endif
