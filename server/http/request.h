/*
 * request.h - one request from its first line to its last byte: what libmicrohttpd calls, and the state kept
 * in between. A request is counted as in flight from the moment its request line is complete until the answer is sent
 * or the connection is gone.
 */
#ifndef CONVSCOPE_HTTP_REQUEST_H
#define CONVSCOPE_HTTP_REQUEST_H

#include "api/api.h"
#include "http/acceptor.h"
#include "http/cors.h"
#include "http/keys.h"
#include "http/memory.h"
#include "http/metrics.h"
#include "http/peers.h"
#include "http/pool.h"
#include "http/spare.h"
#include "http/tls.h"
#include "http/trace.h"

#include <microhttpd.h>
#include <stdatomic.h>
#include <time.h>

/* What every request needs and may change only by atomics. */
typedef struct http_shared {
    const api_context *api;
    http_memory *memory;
    http_acceptor *acceptor;
    http_peers *peers;
    http_metrics *metrics;
    http_ids *ids;
    const http_spares *spares;
    const http_cors *cors;
    bool log_requests;
    unsigned connections; /* at a time and listener */
    time_t started;       /* when it began to serve, */
    int64_t started_us;   /* and by clock.h */
    http_tls *tls;        /* NULL: none */
    http_keys *keys;      /* that clients must show; NULL: none */
    http_pool *pool;      /* for endpoints that compute */
    http_pool *writers;   /* for answers that are made while they are sent */
    unsigned deadline;    /* seconds that a request may wait for it; 0: any number */
    atomic_bool draining; /* every answer says Connection: close */
    atomic_size_t in_flight;
    bool no_compression; /* of answers, whatever clients accept */
    bool check_layout;   /* this libmicrohttpd swallows parts of heads: look for it (layout.h) */
} http_shared;

/* Why no work is taken at the moment, or NULL. */
const char *http_unready(const http_shared *shared);

/* The callbacks for MHD_OPTION_NOTIFY_CONNECTION, MHD_OPTION_URI_LOG_CALLBACK, MHD_start_daemon() and
 * MHD_OPTION_NOTIFY_COMPLETED; `cls` is the http_shared. */
void http_on_connection(void *cls, struct MHD_Connection *connection, void **peer,
                        enum MHD_ConnectionNotificationCode what);
void *http_on_request_line(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result http_on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **state);
void http_on_completed(void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why);

#endif
