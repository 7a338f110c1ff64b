/*
 * lines.h - many requests in one body (application/x-ndjson): a request a line, an answer a line, in the same order.
 *
 * libmicrohttpd answers only when the whole body has come, so the lines are put aside (spool.h) and each is answered
 * when the client is ready to read its answer: memory holds one line and some answers, never all of them. A line that
 * is wrong is answered by a problem; blank lines are passed over.
 *
 * A compressed body is put aside as it came, so that a short one takes no more room than it is long: it is inflated
 * while it comes in, to know that it is whole and within its limit, and again while it is answered.
 */
#ifndef CONVSCOPE_HTTP_LINES_H
#define CONVSCOPE_HTTP_LINES_H

#include "http/inflate.h"
#include "http/metrics.h"
#include "http/respond.h"
#include "http/routes.h"

typedef struct http_lines http_lines;

/*
 * For `endpoint`, of a body in `coding`; NULL when there is no memory. `accept_language` may be NULL; it is copied.
 * Lines are counted in `metrics`, or not where it is NULL.
 */
http_lines *http_lines_create(const api_context *api, http_endpoint endpoint, const char *accept_language,
                              http_coding coding, http_metrics *metrics);

/* Have `budget` asked for all memory. False when there is not enough to begin with. */
bool http_lines_count(http_lines *lines, api_budget *budget) CVS_NODISCARD;
const api_account *http_lines_account(const http_lines *lines);

/*
 * Take `size` bytes of the body. Those that cannot be kept are read past (http_lines_end() says why); false when the
 * client goes on sending all the same, and the connection should be closed on it.
 */
bool http_lines_add(http_lines *lines, const char *bytes, size_t size);

/*
 * All of it has come: what is wrong with it, 413 when it passed the limit of api_context.limits.stream_bytes,
 * compressed or not, 400 when it is no such coding, 503 when there was no room; else status 0.
 */
http_refusal http_lines_end(http_lines *lines);

/* Queue the answers, which take `lines` over. */
enum MHD_Result http_lines_respond(http_lines *lines, struct MHD_Connection *connection, const http_reply *reply);

/* NULL is fine. */
void http_lines_free(http_lines *lines);

/* For tests and for http_lines_respond(): the next bytes of the answers, at most `size`; 0 at the end, -1 on failure.
 */
int64_t http_lines_read(http_lines *lines, char *out, size_t size);

#endif
