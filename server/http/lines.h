/*
 * lines.h - many requests in one body (application/x-ndjson): a request a line, an answer a line, in the same order.
 *
 * libmicrohttpd answers only when the whole body has come, so the lines are put aside (spool.h) and each is answered
 * when the client is ready to read its answer: memory holds one line and some answers, never all of them. A line that
 * is wrong is answered by a problem; blank lines are passed over.
 */
#ifndef CONVSCOPE_HTTP_LINES_H
#define CONVSCOPE_HTTP_LINES_H

#include "http/respond.h"
#include "http/routes.h"

typedef struct http_lines http_lines;

/* For `endpoint`; NULL when there is no memory. `accept_language` may be NULL; it is copied. */
http_lines *http_lines_create(const api_context *api, http_endpoint endpoint, const char *accept_language);

/*
 * Take `size` bytes of the body. Those that cannot be kept are read past (http_lines_failed() says why); false when the
 * client goes on sending all the same, and the connection should be closed on it.
 */
bool http_lines_add(http_lines *lines, const char *bytes, size_t size);

/* Why the body was not kept: 413 it passed the limit of api_context.limits.stream_bytes, 503 no room; else 0. */
int http_lines_failed(const http_lines *lines);

/* Queue the answers, which take `lines` over. */
enum MHD_Result http_lines_respond(http_lines *lines, struct MHD_Connection *connection, const http_reply *reply);

/* NULL is fine. */
void http_lines_free(http_lines *lines);

/* For tests and for http_lines_respond(): the next bytes of the answers, at most `size`; 0 at the end, -1 on failure. */
int64_t http_lines_read(http_lines *lines, char *out, size_t size);

#endif
