/* respond.h - an answer of the API becomes an HTTP response. */
#ifndef CONVSCOPE_HTTP_RESPOND_H
#define CONVSCOPE_HTTP_RESPOND_H

#include "http/reply.h"
#include "http/stream.h"

/*
 * Queue `response` on the connection, compressed where the client likes that and it is worth it. Its body goes to
 * libmicrohttpd without a copy and is freed in any case; a flow is read piece by piece while it is sent, and freed as
 * well.
 * When memory is short, the reply's spare answer is sent instead. MHD_NO when not even that can be: the connection is
 * then closed.
 */
enum MHD_Result http_respond(struct MHD_Connection *connection, api_response *response, const http_reply *reply);

/* The same for `wire`, which is taken over (NULL: there was no memory), in `coding`; of the response its head alone. */
enum MHD_Result http_respond_wire(struct MHD_Connection *connection, struct MHD_Response *wire, http_coding coding,
                                  const api_response *response, const http_reply *reply);

/* The same for a body of another making, which is taken over: its status and type are those of `response`. */
enum MHD_Result http_respond_stream(struct MHD_Connection *connection, http_stream *stream,
                                    const api_response *response, const http_reply *reply);

#endif
