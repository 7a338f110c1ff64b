#include "http/address.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* How many connections the kernel keeps ready before they are accepted; it cuts this to net.core.somaxconn. */
#define BACKLOG 4096

static cvs_status parse_port(const char *text, const char *digits, uint16_t *port, cvs_error *err) {
    size_t length = strspn(digits, "0123456789");
    long value = length >= 1 && length <= 5 && !digits[length] ? strtol(digits, NULL, 10) : -1;
    if (value < 0 || value > 65535) {
        return cvs_fail(err, CVS_INVALID, "bad-address", NULL,
                        "'%.200s' does not end in a port: write HOST:PORT with a port from 0 to 65535", text);
    }
    *port = (uint16_t)value;
    return CVS_OK;
}

cvs_status http_address_parse(const char *text, http_address *out, cvs_error *err) {
    bool bracketed = text[0] == '[';
    const char *host = text + bracketed;
    const char *end = bracketed ? strchr(host, ']') : strrchr(host, ':');
    const char *colon = end && bracketed ? end + 1 : end;
    if (!end || *colon != ':') {
        return cvs_fail(err, CVS_INVALID, "bad-address", NULL, "'%.200s' is no address: write HOST:PORT, as in %s",
                        text, "127.0.0.1:8080 or [::1]:8080");
    }
    size_t length = (size_t)(end - host);
    if (length == 0 || length >= sizeof out->host) {
        return cvs_fail(err, CVS_INVALID, "bad-address", NULL,
                        "'%.200s' has no host before the port: 127.0.0.1 is this machine alone, 0.0.0.0 everybody",
                        text);
    }
    if (!bracketed && memchr(host, ':', length)) {
        return cvs_fail(err, CVS_INVALID, "bad-address", NULL,
                        "'%.200s' holds an IPv6 address without brackets: write it as [::1]:8080", text);
    }
    memcpy(out->host, host, length);
    out->host[length] = '\0';
    return parse_port(text, colon + 1, &out->port, err);
}

void http_address_url(const http_address *address, char url[HTTP_URL_MAX]) {
    bool bracketed = strchr(address->host, ':');
    snprintf(url, HTTP_URL_MAX, "http://%s%s%s:%u", bracketed ? "[" : "", address->host, bracketed ? "]" : "",
             (unsigned)address->port);
}

/* The first address of that name, or NULL; freeaddrinfo() it. */
static struct addrinfo *resolve(const http_address *address, int flags, cvs_error *err) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char port[8];
    snprintf(port, sizeof port, "%u", (unsigned)address->port);
    int status = getaddrinfo(address->host, port, &hints, &found);
    if (status == 0) return found;
    (void)cvs_fail(err, CVS_INVALID, "host-unknown", NULL, "the host '%.200s' is not known: %s", address->host,
                   gai_strerror(status));
    return NULL;
}

/* ---- listening --------------------------------------------------------- */

static uint16_t bound_port(int fd) {
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    memset(&bound, 0, sizeof bound);
    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0) return 0;
    if (bound.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&bound)->sin6_port);
    return ntohs(((struct sockaddr_in *)&bound)->sin_port);
}

static cvs_status fail_listen(const http_address *address, int number, cvs_error *err) {
    char url[HTTP_URL_MAX];
    http_address_url(address, url);
    const char *where = url + strlen("http://");
    switch (number) {
    case EADDRINUSE:
        return cvs_fail(
            err, CVS_INVALID, "address-in-use", NULL,
            "%s: address already in use: another program listens there; stop it, or choose another port with "
            "--listen",
            where);
    case EADDRNOTAVAIL:
        return cvs_fail(err, CVS_INVALID, "address-not-ours", NULL, "%s: this machine has no such address", where);
    default:
        return cvs_fail(err, CVS_INVALID, "cannot-listen", NULL, "%s: cannot listen: %s", where, strerror(number));
    }
}

/* The listening socket, or -1 with errno. SO_REUSEADDR lets a restart pass connections in TIME_WAIT, never a second
 * listener. */
static int listen_on(const struct addrinfo *where) {
    int fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        return fd;
    }
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

cvs_status http_address_listen(http_address *address, int *fd, cvs_error *err) {
    struct addrinfo *where = resolve(address, AI_PASSIVE, err);
    if (!where) return CVS_INVALID;
    int opened = listen_on(where);
    int number = errno;
    freeaddrinfo(where);
    if (opened < 0) return fail_listen(address, number, err);
    address->port = bound_port(opened);
    *fd = opened;
    return CVS_OK;
}

/* ---- connecting -------------------------------------------------------- */

static int milliseconds_until(int64_t deadline_ms) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left = deadline_ms - ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    return left > 0 ? (int)left : 0;
}

/* 0, or the errno of the attempt. */
static int finish_connect(int fd, const struct addrinfo *where, int64_t deadline_ms) {
    if (connect(fd, where->ai_addr, where->ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    if (poll(&wait, 1, milliseconds_until(deadline_ms)) != 1) return ETIMEDOUT;
    int number = 0;
    socklen_t size = sizeof number;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &size) == 0 ? number : errno;
}

cvs_status http_address_connect(const http_address *address, int64_t deadline_ms, int *fd, cvs_error *err) {
    struct addrinfo *where = resolve(address, 0, err);
    if (!where) return CVS_INVALID;
    int number;
    int opened = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (opened < 0) {
        number = errno;
    } else {
        number = finish_connect(opened, where, deadline_ms);
        if (number != 0) close(opened);
    }
    freeaddrinfo(where);
    if (number != 0) {
        return cvs_fail(err, CVS_INVALID, "cannot-connect", NULL, "cannot connect to %s port %u: %s", address->host,
                        (unsigned)address->port, strerror(number));
    }
    *fd = opened;
    return CVS_OK;
}
