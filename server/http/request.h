/*
 * request.h - one request from its first line to its last byte: what libmicrohttpd calls, and the state kept
 * in between. A request is counted as in flight from the moment its request line is complete until the answer is sent
 * or the connection is gone.
 */
#ifndef CONVSCOPE_HTTP_REQUEST_H
#define CONVSCOPE_HTTP_REQUEST_H

#include "api/api.h"

#include <microhttpd.h>
#include <stdatomic.h>

/* What every request needs and may change only by atomics. */
typedef struct http_shared {
    const api_context *api;
    atomic_bool draining; /* every answer says Connection: close */
    atomic_size_t in_flight;
    bool check_layout; /* this libmicrohttpd swallows parts of heads: look for it (layout.h) */
} http_shared;

/* The callbacks for MHD_OPTION_URI_LOG_CALLBACK, MHD_start_daemon() and MHD_OPTION_NOTIFY_COMPLETED; `cls` is the
 * http_shared. */
void *http_on_request_line(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result http_on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **state);
void http_on_completed(void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why);

#endif
