/*
 * work.h - an endpoint answers one request: at once, or on the pool while the connection is suspended.
 */
#ifndef CONVSCOPE_HTTP_WORK_H
#define CONVSCOPE_HTTP_WORK_H

#include "http/body.h"
#include "http/peers.h"
#include "http/pool.h"
#include "http/routes.h"

#include <microhttpd.h>

typedef struct http_work {
    http_job job;                      /* first: the pool knows nothing else */
    struct MHD_Connection *connection; /* to be resumed */
    const http_peer *peer;             /* the other side of it */
    const api_context *api;
    http_endpoint endpoint;
    api_request asked;
    api_account account;     /* of the response, once it has ended; before it, of all that is worked with */
    http_body *body;         /* of the request; let go as soon as the endpoint has answered */
    unsigned deadline;       /* seconds until it has to be answered; 0: any number */
    cvs_interrupt interrupt; /* once it is on the pool */
    int64_t queued_us;       /* when it was offered to the pool (clock.h); 0: it was not */
    int64_t waited_us;       /* from then until its turn, or the end of its waiting */
    bool begun;
    bool computed;         /* a worker has taken it */
    bool gone;             /* it has ended without a response: the client did not wait for one */
    api_response response; /* once it has ended; owned */
} http_work;

/* Answer now, on this thread. */
void http_work_do(http_work *work);

/*
 * Answer on the pool: suspends the connection; libmicrohttpd calls the request again when `response` is there, or the
 * client has gone. False when the pool is full.
 *
 * A client that closes its half of the connection while it waits for a worker has gone, as far as anybody can tell, and
 * nothing is computed for it. One that does so while a worker is free is answered if that takes no longer than
 * HTTP_POOL_PATIENCE_MS (pool.h). When its deadline has passed it gets 504, and what is being computed for it ends.
 */
bool http_work_offer(http_work *work, http_pool *pool) CVS_NODISCARD;

#endif
