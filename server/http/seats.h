/*
 * seats.h - which of the threads that talk to clients has which connection, and how many there are at each listener and
 * from each address.
 *
 * A connection is known by its descriptor. One that ended without a word is noticed at the latest when its descriptor
 * comes again: nothing is counted for ever.
 */
#ifndef CONVSCOPE_HTTP_SEATS_H
#define CONVSCOPE_HTTP_SEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

typedef struct http_seats_limits {
    unsigned connections; /* at a time and listener; 1 or more */
    unsigned per_address; /* of these; 0: any number. Unix sockets' clients have no address */
} http_seats_limits;

typedef struct http_seats http_seats;

/* For `listeners` listeners (1 or more, up to HTTP_LISTENERS_MAX), each with so many threads (1 or more) of its own.
 * NULL when there is no memory. */
http_seats *http_seats_create(size_t listeners, unsigned threads, http_seats_limits limits);
void http_seats_free(http_seats *seats); /* NULL is fine */

/* Whether one more can come in at that listener. If not, http_seats_leave() will tell when one can. */
bool http_seats_free_at(http_seats *seats, size_t listener);

/*
 * A connection on `fd` has come in at `listener`: *thread, from 0, is the one of its threads with the fewest, in turn
 * where they are equal. False when its address has its share already, or there is no memory.
 */
bool http_seats_take(http_seats *seats, size_t listener, int fd, const struct sockaddr *client, unsigned *thread);

/* The one on `fd` is about to be closed. True when somebody was told that its listener is full. Any thread. */
bool http_seats_leave(http_seats *seats, int fd);

/* Connections that have been taken and have not left. */
size_t http_seats_taken(http_seats *seats);

#endif
