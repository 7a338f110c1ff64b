/* address.h - where a server is: HOST:PORT or the path of a Unix socket, as people write them, and connecting to it. */
#ifndef CONVSCOPE_HTTP_ADDRESS_H
#define CONVSCOPE_HTTP_ADDRESS_H

#include <convscope/base.h>

typedef struct http_address {
    char host[256]; /* a name, an IPv4 address, or an IPv6 address without its brackets; of a Unix socket the path */
    uint16_t port;  /* 0: any free one */
    bool local;     /* it is a Unix socket */
} http_address;

/* Room for http_address_url(): scheme, brackets, host, port and the NUL. */
#define HTTP_URL_MAX 288

/* "127.0.0.1:8080", "localhost:8080", "[::1]:8080", "unix:/run/convscope.sock". CVS_INVALID says what is wrong with
 * `text`. */
cvs_status http_address_parse(const char *text, http_address *out, cvs_error *err) CVS_NODISCARD;

/* "http://127.0.0.1:8080", "https://[::1]:8080" with `tls`, "unix:/run/convscope.sock". */
void http_address_url(const http_address *address, bool tls, char url[HTTP_URL_MAX]);

struct addrinfo;
struct sockaddr_un;

/* The first address of that name, which freeaddrinfo() frees; NULL with an error of code "host-unknown". `flags` are
 * those of getaddrinfo(). Not for Unix sockets. */
struct addrinfo *http_address_resolve(const http_address *address, int flags, cvs_error *err) CVS_NODISCARD;

/* That of a Unix socket. */
void http_address_path(const http_address *address, struct sockaddr_un *out);

/*
 * A connected non-blocking socket, which the caller closes; waits at most until `deadline_ms` of http_now_ms()
 * (clock.h). CVS_INVALID with code "host-unknown" or "cannot-connect".
 */
cvs_status http_address_connect(const http_address *address, int64_t deadline_ms, int *fd,
                                cvs_error *err) CVS_NODISCARD;

#endif
