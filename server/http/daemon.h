/* daemon.h - the HTTP server: the API on a listening socket, served by a pool of threads. */
#ifndef CONVSCOPE_HTTP_DAEMON_H
#define CONVSCOPE_HTTP_DAEMON_H

#include "api/api.h"

typedef struct http_server http_server;

/*
 * Serve `api`, which must outlive the server, on the listening socket `fd`, which the server owns from here on, with
 * `threads` threads. Signals that only the caller is to receive must be blocked before: the threads inherit the mask.
 * CVS_NO_MEMORY, or CVS_INVALID with code "too-few-file-descriptors" or "cannot-serve".
 */
cvs_status http_server_start(const api_context *api, int fd, unsigned threads, http_server **out,
                             cvs_error *err) CVS_NODISCARD;

/* Refuse new connections; from now on every answer closes its connection. */
void http_server_drain(http_server *server);

/* Requests begun and not yet answered to the last byte. */
size_t http_server_in_flight(const http_server *server);

/* Close every connection and free the server; waits for endpoints that are computing. */
void http_server_stop(http_server *server);

#endif
