#include "http/address.h"

#include "http/clock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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

static const char unix_scheme[] = "unix:";

/* The system has room for 107 bytes. */
static cvs_status parse_path(const char *text, const char *path, http_address *out, cvs_error *err) {
    struct sockaddr_un where;
    if (path[0] != '/' || path[strlen(path) - 1] == '/') {
        return cvs_fail(err, CVS_INVALID, "bad-address", NULL,
                        "'%.200s' is no Unix socket: write the whole path of it, as in unix:/run/convscope.sock", text);
    }
    if (strlen(path) >= sizeof where.sun_path) {
        return cvs_fail(err, CVS_INVALID, "bad-address", NULL,
                        "'%.200s' is too long for a Unix socket, whose path has at most %zu bytes", text,
                        sizeof where.sun_path - 1);
    }
    *out = (http_address){.local = true};
    strcpy(out->host, path);
    return CVS_OK;
}

static cvs_status parse_host(const char *text, http_address *out, cvs_error *err) {
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
    *out = (http_address){.local = false};
    memcpy(out->host, host, length);
    return parse_port(text, colon + 1, &out->port, err);
}

cvs_status http_address_parse(const char *text, http_address *out, cvs_error *err) {
    const size_t scheme = strlen(unix_scheme);
    if (strncmp(text, unix_scheme, scheme) == 0) return parse_path(text, text + scheme, out, err);
    return parse_host(text, out, err);
}

void http_address_url(const http_address *address, bool tls, char url[HTTP_URL_MAX]) {
    bool bracketed = strchr(address->host, ':');
    if (address->local) {
        snprintf(url, HTTP_URL_MAX, "%s%s", unix_scheme, address->host);
    } else {
        snprintf(url, HTTP_URL_MAX, "http%s://%s%s%s:%u", tls ? "s" : "", bracketed ? "[" : "", address->host,
                 bracketed ? "]" : "", (unsigned)address->port);
    }
}

void http_address_path(const http_address *address, struct sockaddr_un *out) {
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(out->sun_path, address->host, strnlen(address->host, sizeof out->sun_path - 1));
}

struct addrinfo *http_address_resolve(const http_address *address, int flags, cvs_error *err) {
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

/* ---- connecting -------------------------------------------------------- */

static int milliseconds_until(int64_t deadline_ms) {
    const int64_t left = deadline_ms - http_now_ms();
    return left > 0 ? (int)left : 0;
}

/* 0, or the errno of the attempt. */
static int finish_connect(int fd, const struct sockaddr *where, socklen_t length, int64_t deadline_ms) {
    if (connect(fd, where, length) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    if (poll(&wait, 1, milliseconds_until(deadline_ms)) != 1) return ETIMEDOUT;
    int number = 0;
    socklen_t size = sizeof number;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &size) == 0 ? number : errno;
}

/* The same; *fd is then the socket. */
static int connect_to(const struct sockaddr *where, socklen_t length, int64_t deadline_ms, int *fd) {
    int opened = socket(where->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (opened < 0) return errno;
    int number = finish_connect(opened, where, length, deadline_ms);
    if (number != 0)
        close(opened);
    else
        *fd = opened;
    return number;
}

static cvs_status connect_local(const http_address *address, int64_t deadline_ms, int *fd, cvs_error *err) {
    struct sockaddr_un where;
    http_address_path(address, &where);
    int number = connect_to((const struct sockaddr *)&where, sizeof where, deadline_ms, fd);
    if (number == 0) return CVS_OK;
    return cvs_fail(err, CVS_INVALID, "cannot-connect", NULL, "cannot connect to %s: %s", address->host,
                    strerror(number));
}

cvs_status http_address_connect(const http_address *address, int64_t deadline_ms, int *fd, cvs_error *err) {
    if (address->local) return connect_local(address, deadline_ms, fd, err);
    struct addrinfo *where = http_address_resolve(address, 0, err);
    if (!where) return CVS_INVALID;
    int number = connect_to(where->ai_addr, where->ai_addrlen, deadline_ms, fd);
    freeaddrinfo(where);
    if (number == 0) return CVS_OK;
    return cvs_fail(err, CVS_INVALID, "cannot-connect", NULL, "cannot connect to %s port %u: %s", address->host,
                    (unsigned)address->port, strerror(number));
}
