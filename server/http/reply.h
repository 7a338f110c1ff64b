/* reply.h - the head of an answer: what the API says, what the request asked to know, and what every answer says. */
#ifndef CONVSCOPE_HTTP_REPLY_H
#define CONVSCOPE_HTTP_REPLY_H

#include "api/api.h"
#include "http/coding.h"
#include "http/cors.h"
#include "http/metrics.h"
#include "http/peers.h"
#include "http/pool.h"
#include "http/spare.h"

#include <microhttpd.h>

typedef struct http_reply {
    const http_peer *peer;     /* who gets it */
    api_account *account;      /* holds the memory of the answer: a stream takes it over; or NULL */
    http_pool *pool;           /* reads what is sent piece by piece */
    const http_accept *accept; /* the codings that the client takes, or NULL: only what is as it is */
    const http_spare *spare;   /* what is sent where there is no memory for the answer; or NULL: nothing */
    http_sample *sample;       /* where to note what is sent: it must live until all of it is; or NULL */
    const char *id;            /* of the request, for X-Request-Id */
    http_grant grant;          /* what pages of other origins may know */
    const char *allow;         /* for the Allow header, or NULL */
    bool close;                /* say Connection: close, and do it */
    bool takes_codings;  /* say which codings a body may come in: because of its own it was refused, or was asked */
    bool tells_contract; /* say where it is written what this server answers (RFC 8631) */
} http_reply;

/* Add all headers to `wire`, whose body is in `coding`. False when memory is short. */
bool http_reply_head(struct MHD_Response *wire, const api_response *response, http_coding coding,
                     const http_reply *reply);

/* Note that the answer's body has so many bytes; the reply of a HEAD has none. */
void http_reply_note(const http_reply *reply, uint64_t size);

#endif
