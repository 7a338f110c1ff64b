#include "http/listener.h"

#include "http/local_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef union any_address {
    struct sockaddr head;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
    struct sockaddr_storage room;
} any_address;

/* ---- what a socket is bound to ----------------------------------------- */

static any_address bound_to(int fd) {
    any_address bound;
    socklen_t size = sizeof bound;
    memset(&bound, 0, sizeof bound);
    if (getsockname(fd, &bound.head, &size) != 0) bound.head.sa_family = AF_UNSPEC;
    return bound;
}

static uint16_t bound_port(int fd) {
    const any_address bound = bound_to(fd);
    return ntohs(bound.head.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
}

/* 127.0.0.0/8; in network byte order. */
static bool is_loopback_v4(struct in_addr address) { return ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET; }

static bool is_loopback_v6(const struct in6_addr *address) {
    struct in_addr mapped;
    if (!IN6_IS_ADDR_V4MAPPED(address)) return IN6_IS_ADDR_LOOPBACK(address);
    memcpy(&mapped, &address->s6_addr[12], sizeof mapped);
    return is_loopback_v4(mapped);
}

bool http_listener_is_private(const http_listener *listener) {
    const any_address bound = bound_to(listener->fd);
    switch (bound.head.sa_family) {
    case AF_INET:
        return is_loopback_v4(bound.v4.sin_addr);
    case AF_INET6:
        return is_loopback_v6(&bound.v6.sin6_addr);
    default:
        return bound.head.sa_family == AF_UNIX;
    }
}

bool http_listener_is_dual(const http_listener *listener) {
    const any_address bound = bound_to(listener->fd);
    int alone = 1;
    socklen_t size = sizeof alone;
    return bound.head.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&bound.v6.sin6_addr) &&
           getsockopt(listener->fd, IPPROTO_IPV6, IPV6_V6ONLY, &alone, &size) == 0 && !alone;
}

/* ---- listening --------------------------------------------------------- */

static cvs_status fail_listen(const http_address *address, int number, cvs_error *err) {
    char url[HTTP_URL_MAX];
    http_address_url(address, false, url);
    const char *where = address->local ? address->host : url + strlen("http://");
    switch (number) {
    case EADDRINUSE:
        return cvs_fail(
            err, CVS_INVALID, "address-in-use", NULL,
            "%s: address already in use: another program listens there; stop it, or choose another %s with --listen",
            where, address->local ? "path" : "port");
    case EADDRNOTAVAIL:
        return cvs_fail(err, CVS_INVALID, "address-not-ours", NULL, "%s: this machine has no such address", where);
    case EACCES:
        return cvs_fail(err, CVS_INVALID, "cannot-listen", NULL,
                        "%s: cannot listen: %s: this program may not %s there; choose another %s with --listen", where,
                        strerror(number), address->local ? "make a file" : "listen", address->local ? "path" : "port");
    default:
        return cvs_fail(err, CVS_INVALID, "cannot-listen", NULL, "%s: cannot listen: %s", where, strerror(number));
    }
}

/* SO_REUSEADDR lets a restart pass connections in TIME_WAIT, never a second listener. Whether [::] takes IPv4 must not
 * hang on how the machine is set up. */
static bool set_options(int fd, int family) {
    const int on = 1, off = 0;
    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           (family != AF_INET6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0);
}

/* The listening socket, or -1 with errno. */
static int listen_on(const struct addrinfo *where) {
    int fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (set_options(fd, where->ai_family) && bind(fd, where->ai_addr, where->ai_addrlen) == 0 &&
        listen(fd, HTTP_BACKLOG) == 0) {
        return fd;
    }
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

static cvs_status open_local(mode_t mode, http_listener *out, cvs_error *err) {
    out->fd = local_socket_listen(&out->address, mode, &out->device, &out->inode);
    if (out->fd >= 0) return CVS_OK;
    if (errno == EEXIST) {
        return cvs_fail(err, CVS_INVALID, "cannot-listen", NULL,
                        "%s: there is a file that is no socket; it is left alone: choose another path with --listen",
                        out->address.host);
    }
    return fail_listen(&out->address, errno, err);
}

cvs_status http_listener_open(const http_address *address, mode_t mode, http_listener *out, cvs_error *err) {
    *out = (http_listener){.address = *address, .fd = -1};
    if (address->local) return open_local(mode, out, err);
    struct addrinfo *where = http_address_resolve(address, AI_PASSIVE, err);
    if (!where) return CVS_INVALID;
    out->fd = listen_on(where);
    int number = errno;
    freeaddrinfo(where);
    if (out->fd < 0) return fail_listen(address, number, err);
    out->address.port = bound_port(out->fd);
    return CVS_OK;
}

/* ---- sockets of others ------------------------------------------------- */

static bool listens(int fd) {
    int type = 0, accepting = 0;
    socklen_t size = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepting, &size) == 0 && accepting;
}

static http_address name_of(int fd) {
    any_address bound = bound_to(fd);
    http_address address = {.local = bound.head.sa_family == AF_UNIX};
    if (address.local) {
        if (!bound.local.sun_path[0]) bound.local.sun_path[0] = '@'; /* a name that is no file's */
        snprintf(address.host, sizeof address.host, "%.*s", (int)sizeof bound.local.sun_path, bound.local.sun_path);
        return address;
    }
    const socklen_t size = bound.head.sa_family == AF_INET6 ? sizeof bound.v6 : sizeof bound.v4;
    if (getnameinfo(&bound.head, size, address.host, sizeof address.host, NULL, 0, NI_NUMERICHOST) != 0)
        strcpy(address.host, "?");
    address.port = bound_port(fd);
    return address;
}

cvs_status http_listener_inherit(int fd, http_listener *out, cvs_error *err) {
    if (!listens(fd) || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        return cvs_fail(err, CVS_INVALID, "not-listening", NULL,
                        "file descriptor %d, which was handed over, is no stream socket that listens", fd);
    }
    *out = (http_listener){.address = name_of(fd), .fd = fd, .inherited = true};
    return CVS_OK;
}

/* ---- the end ----------------------------------------------------------- */

void http_listener_shut(const http_listener *listener) {
    if (listener->inherited) return;
    shutdown(listener->fd, SHUT_RDWR);
    if (listener->address.local) local_socket_remove(&listener->address, listener->device, listener->inode);
}

void http_listeners_close(http_listeners *listeners) {
    for (size_t i = 0; i < listeners->count; i++) {
        http_listener_shut(&listeners->at[i]);
        close(listeners->at[i].fd);
    }
    listeners->count = 0;
}
