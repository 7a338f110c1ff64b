/* access_log.h - one line of the log for each request. */
#ifndef CONVSCOPE_HTTP_ACCESS_LOG_H
#define CONVSCOPE_HTTP_ACCESS_LOG_H

#include "http/log_line.h"

#include <sys/socket.h>

/* What is told of a request when it is over. NULL, and 0 as a status, where there is none. */
typedef struct http_access {
    struct timespec when;          /* it was over */
    const char *id, *trace_id;     /* trace.h */
    const struct sockaddr *client; /* the other end of the connection; a proxy, if there is one */
    const char *method, *path;     /* without the query */
    int status;
    bool whole;          /* the answer has gone out to its end */
    uint64_t bytes;      /* of the answer's body */
    int64_t duration_us; /* from the end of its first line to that of its answer */
    int64_t queue_us;    /* of these, waiting for a worker */
} http_access;

/*
 *   time=2026-11-26T00:28:31.123456Z id=f3.. trace=4b.. client=127.0.0.1:53412 method=POST path=/v1/shape status=200
 *   bytes=812 duration_us=112 queue_us=0 end=whole
 *
 * or the same members as a JSON object. `end` is "whole", "cut" when the answer could not be sent to its end, or "none"
 * when there was none.
 */
void http_access_line(const http_access *access, bool json, http_log_line *line);

/* Room for "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%4294967295]:65535" and the NUL. */
enum { HTTP_CLIENT_MAX = 80 };

/* "127.0.0.1:53412", "[::1]:53412"; an IPv4 address that comes as an IPv6 one is told as IPv4. False when it is
 * neither. */
bool http_client_text(const struct sockaddr *client, char text[HTTP_CLIENT_MAX]);

#endif
