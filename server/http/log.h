/*
 * log.h - the lines of this program on standard error: "convscope: ..." about itself, and one for each request where
 * that is wished (access_log.h). There is one log in a process, as there is one standard error.
 *
 * Once it has begun, no thread waits for whoever reads the log (writer.h).
 */
#ifndef CONVSCOPE_HTTP_LOG_H
#define CONVSCOPE_HTTP_LOG_H

#include "http/log_line.h"

#include <convscope/base.h>
#include <stdarg.h>
#include <stdatomic.h>

/* Before other threads log: from now on lines are JSON objects, {"time": ..., "message": ...}. */
void http_log_as_json(void);

/* Have a thread write all lines from now on; without one they are written as before. Before other threads log. */
void http_log_begin(void);

/* Wait until all lines are written, but no longer than a moment. */
void http_log_flush(void);

/* The same, and end that thread; when no other thread logs any more. */
void http_log_end(void);

/* One line. Lines of several threads do not mix. */
void http_log(const char *format, ...) CVS_PRINTF(1, 2);

bool http_log_is_json(void);

/* A line that is ready. */
void http_log_write(const http_log_line *line);

/* Lines that could not be written. */
uint64_t http_log_dropped(void);

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
