/* listener.h - listening sockets: of our own making, or handed over by whoever started the program. */
#ifndef CONVSCOPE_HTTP_LISTENER_H
#define CONVSCOPE_HTTP_LISTENER_H

#include "http/address.h"

#include <sys/types.h>

typedef struct http_listener {
    http_address address; /* as it is: with the port that was found free */
    int fd;
    bool inherited; /* others hold it too, and it outlives us */
    dev_t device;   /* what a Unix socket's file is known by, since somebody else may put his in its place */
    ino_t inode;
} http_listener;

#define HTTP_LISTENERS_MAX 16

typedef struct http_listeners {
    http_listener at[HTTP_LISTENERS_MAX];
    size_t count;
} http_listeners;

/*
 * Listen at `address`, without blocking. [::] takes IPv4 as well. A Unix socket's file has the permissions `mode` from
 * its first moment on; one that nobody listens at any more is replaced.
 * CVS_INVALID with code "address-in-use", "address-not-ours", "host-unknown" or "cannot-listen".
 */
cvs_status http_listener_open(const http_address *address, mode_t mode, http_listener *out,
                              cvs_error *err) CVS_NODISCARD;

/* Take over `fd`, which listens already and stays the caller's when it does not: CVS_INVALID, "not-listening". */
cvs_status http_listener_inherit(int fd, http_listener *out, cvs_error *err) CVS_NODISCARD;

/* Whether this machine alone can reach it. */
bool http_listener_is_private(const http_listener *listener);

/* Whether it takes IPv4 and IPv6. */
bool http_listener_is_dual(const http_listener *listener);

/* Refuse new connections, unless others hold the socket too: they then wait for the next who accepts. A Unix socket's
 * file is removed. */
void http_listener_shut(const http_listener *listener);

void http_listeners_close(http_listeners *listeners);

#endif
