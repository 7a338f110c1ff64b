/*
 * acceptor.h - the thread that takes connections in, at all listening sockets, and gives each to the thread of its
 * listener that has the fewest.
 *
 * libmicrohttpd could accept by itself. It then spins and fills its log while there are no descriptors, leaves it to
 * chance which thread gets a connection, and at the end its threads may find a socket gone that they still wait for,
 * upon which it aborts.
 */
#ifndef CONVSCOPE_HTTP_ACCEPTOR_H
#define CONVSCOPE_HTTP_ACCEPTOR_H

#include "http/listener.h"
#include "http/seats.h"

#include <microhttpd.h>

typedef struct http_acceptor http_acceptor;

/* For `listeners`, which are the caller's until http_acceptor_start() and whose sockets do not block. Takes nobody in
 * yet. NULL when there is no memory, or no descriptor. */
http_acceptor *http_acceptor_create(http_listeners *listeners, unsigned threads, http_seats_limits limits);

/*
 * Begin. `daemons` are `threads` for each listener, all of the first one first, each with one thread, no listening
 * socket and MHD_USE_ITC; they must outlive the thread. They are to notify http_acceptor_closing(). CVS_NO_MEMORY when
 * the system has no thread.
 *
 * At a listener that is full, and as long as there are no descriptors or no memory, clients wait in the kernel's queue.
 * Those whose address has its share are closed.
 */
cvs_status http_acceptor_start(http_acceptor *acceptor, struct MHD_Daemon *const *daemons,
                               cvs_error *err) CVS_NODISCARD;

/* A connection is about to be closed. Any thread. */
void http_acceptor_closing(http_acceptor *acceptor, int fd);

/* Connections taken in and not closed yet. */
size_t http_acceptor_taken(const http_acceptor *acceptor);

/*
 * Take in who waits already at sockets of our own, close all listening sockets and end the thread. Sockets that others
 * hold too keep theirs for the next who accepts. Does nothing before the start, and when it is done.
 */
void http_acceptor_stop(http_acceptor *acceptor);

/* When it is stopped and no connection is left. NULL is fine. */
void http_acceptor_free(http_acceptor *acceptor);

#endif
