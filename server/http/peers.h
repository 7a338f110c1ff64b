/*
 * peers.h - the connections, and what each of them is allowed to take its time for.
 *
 * libmicrohttpd closes a connection after a time of silence. That is not enough: a byte now and then keeps a connection
 * for ever, with a head or body that is never whole, or with an answer that is never read to its end. So every
 * connection is in a phase, and for some phases there is a time by which it must be over, or must have come some way.
 * Where it is not, the socket is shut, and libmicrohttpd finds it closed.
 */
#ifndef CONVSCOPE_HTTP_PEERS_H
#define CONVSCOPE_HTTP_PEERS_H

#include <convscope/base.h>
#include <stdint.h>

typedef enum http_phase {
    HTTP_PHASE_HEAD = 0, /* no request, or its head is coming: `head_ms` from its first byte on */
    HTTP_PHASE_BODY,     /* its body is coming: `head_ms`, and more with every byte at `rate` */
    HTTP_PHASE_WORK,     /* the client waits for us: as long as we like */
    HTTP_PHASE_ANSWER,   /* it reads: the same as for a body, as long as it has not taken all that there is */
    HTTP_PHASE_CUT,      /* it took too long */
    HTTP_PHASES
} http_phase;

typedef struct http_pace {
    int64_t head_ms; /* 0: as long as it takes, for heads, bodies and answers */
    int64_t rate;    /* bytes a second; 0: any, for bodies and answers */
} http_pace;

typedef struct http_peers http_peers;
typedef struct http_peer http_peer; /* one connection */

/* NULL when there is no memory. */
http_peers *http_peers_create(http_pace pace);
void http_peers_free(http_peers *peers); /* when all have been removed; NULL is fine */

/*
 * A connection on socket `fd`, in HTTP_PHASE_HEAD; with `tls` nobody but its session can write to the socket. The
 * socket must stay open until it is removed. NULL when there is no memory.
 */
http_peer *http_peers_add(http_peers *peers, int fd, bool tls);
void http_peers_remove(http_peers *peers, http_peer *peer); /* NULL is fine */

/*
 * The connection's thread begins a phase. False when the connection was cut before: nothing may be sent any more, and
 * it should be closed.
 */
bool http_peer_enter(http_peer *peer, http_phase phase);

/* In HTTP_PHASE_BODY: so many bytes more have come. */
void http_peer_received(http_peer *peer, size_t bytes);

/*
 * Whether the other side has closed the connection, or its half of it: TCP does not tell one from the other before
 * something is sent. From any thread while the connection is open.
 */
bool http_peer_gone(const http_peer *peer);

/* Connections on which a request, or its beginning, has come that nobody has read yet. */
size_t http_peers_unread(http_peers *peers);

/* How many are open, and what has been since the start. */
typedef struct http_peers_counts {
    uint64_t open, accepted;
    uint64_t cut[HTTP_PHASES]; /* for having taken too long in that phase */
} http_peers_counts;
void http_peers_count(http_peers *peers, http_peers_counts *out);

/*
 * Cut those that took too long at `now_ms` (clock.h), and answer 408 where an answer was still to come and there is no
 * TLS. To be called several times in the shortest time that there is in the pace; a phase is timed from the first call
 * that sees it.
 */
void http_peers_sweep(http_peers *peers, int64_t now_ms);

#endif
