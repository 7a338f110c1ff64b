/* daemon.h - the HTTP server: the API on listening sockets, each served by a pool of threads. */
#ifndef CONVSCOPE_HTTP_DAEMON_H
#define CONVSCOPE_HTTP_DAEMON_H

#include "api/api.h"
#include "http/cors.h"
#include "http/keys.h"
#include "http/listener.h"
#include "http/peers.h"
#include "http/tls.h"

typedef struct http_server http_server;

typedef struct http_server_options {
    unsigned threads;     /* that talk to the clients of one listener, and answer what takes no time; 1 or more */
    http_keys *keys;      /* that clients must show; they must outlive the server; NULL: none */
    http_tls *tls;        /* for all but Unix sockets; it must outlive the server; NULL: none */
    unsigned workers;     /* that compute; 1 or more */
    unsigned queue;       /* requests that may wait for a worker */
    unsigned deadline;    /* seconds that one may wait; 0: any number */
    unsigned connections; /* at a time and listener; 0: as many as there are files for, up to 4096 */
    unsigned connections_per_ip; /* from one address; 0: any number */
    unsigned idle;               /* seconds of silence after which a connection is closed; 0: any number */
    http_pace pace;
    size_t memory;         /* bytes that the process may take */
    const http_cors *cors; /* pages of other origins that may read answers; it must outlive the server */
    bool log_requests;     /* a line for each (access_log.h) */
    bool no_compression;   /* of answers, whatever clients accept */
} http_server_options;

/*
 * Whether what the system allows is enough for a server at so many sockets, which is raised for it where it can be, and
 * how many connections there may be at each: CVS_INVALID with code "too-few-file-descriptors" or "too-little-memory".
 */
cvs_status http_server_check(const http_server_options *options, size_t listeners, unsigned *connections,
                             cvs_error *err) CVS_NODISCARD;

/*
 * Serve `api`, which must outlive the server, on the sockets of `listeners` (one or more), which the server takes over
 * whatever becomes of it. Signals that only the caller is to receive must be blocked before: the threads inherit the
 * mask.
 * CVS_NO_MEMORY, or CVS_INVALID with code "too-few-file-descriptors" or "cannot-serve".
 */
cvs_status http_server_start(const api_context *api, http_listeners *listeners, const http_server_options *options,
                             http_server **out, cvs_error *err) CVS_NODISCARD;

/* From now on the server says that it is not ready, and every answer closes its connection; new ones are still taken.
 */
void http_server_leave(http_server *server);

/* Leave, and refuse new connections. */
void http_server_drain(http_server *server);

/* Refuse the requests that wait for a worker, and end the computations of others: they are refused as well. */
void http_server_refuse_rest(http_server *server);

/* Requests begun and not yet answered to the last byte, those that have come and wait to be read, and connections that
 * have just been taken. A request is none of these for the moment in which it is read: look twice. */
size_t http_server_in_flight(const http_server *server);

/* Refuse what waits for a worker, wait for what computes, close every connection and free the server. */
void http_server_stop(http_server *server);

#endif
