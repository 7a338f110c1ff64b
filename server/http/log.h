/* log.h - lines on standard error, "convscope: ...". */
#ifndef CONVSCOPE_HTTP_LOG_H
#define CONVSCOPE_HTTP_LOG_H

#include <convscope/base.h>
#include <stdarg.h>
#include <stdatomic.h>

/* One line. Written with one call, so that lines of several threads do not mix. */
void http_log(const char *format, ...) CVS_PRINTF(1, 2);

/* At most HTTP_LOG_LINES lines in HTTP_LOG_SECONDS, then a count of those left out: what a client can cause must not
 * fill a disk. */
#define HTTP_LOG_LINES   10
#define HTTP_LOG_SECONDS 10

typedef struct http_log_limit {
    atomic_llong window; /* the number of the current span of time */
    atomic_uint lines;   /* asked for in it */
} http_log_limit;

/*
 * Whether one more line may be written at `seconds` of a clock that never goes back; `*left_out` is then how many were
 * dropped in the span before. A zeroed limit is a fresh one. Any thread.
 */
bool http_log_allowed(http_log_limit *limit, int64_t seconds, unsigned *left_out);

/* For MHD_OPTION_EXTERNAL_LOGGER: libmicrohttpd's own messages; `cls` is an http_log_limit. */
void http_log_microhttpd(void *cls, const char *format, va_list arguments) CVS_PRINTF(2, 0);

#endif
