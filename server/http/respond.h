/* respond.h - an answer of the API becomes an HTTP response. */
#ifndef CONVSCOPE_HTTP_RESPOND_H
#define CONVSCOPE_HTTP_RESPOND_H

#include "api/api.h"

#include <microhttpd.h>

typedef struct http_reply {
    const char *allow; /* for the Allow header, or NULL */
    bool close;        /* say Connection: close, and do it */
} http_reply;

/*
 * Queue `response` on the connection. Its body goes to libmicrohttpd without a copy and is freed in any case.
 * MHD_NO when memory is short: the connection is then closed.
 */
enum MHD_Result http_respond(struct MHD_Connection *connection, api_response *response, const http_reply *reply);

/* The same for a response of another making, which is taken over: its status and type are those of `response`. */
enum MHD_Result http_respond_with(struct MHD_Connection *connection, struct MHD_Response *wire,
                                  const api_response *response, const http_reply *reply);

#endif
