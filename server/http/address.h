/* address.h - HOST:PORT as people write it, and the listening socket behind it. */
#ifndef CONVSCOPE_HTTP_ADDRESS_H
#define CONVSCOPE_HTTP_ADDRESS_H

#include <convscope/base.h>

typedef struct http_address {
    char host[256]; /* a name, an IPv4 address, or an IPv6 address without its brackets */
    uint16_t port;  /* 0: any free one */
} http_address;

/* Room for http_address_url(): scheme, brackets, host, port and the NUL. */
#define HTTP_URL_MAX 288

/* "127.0.0.1:8080", "localhost:8080", "[::1]:8080". CVS_INVALID says what is wrong with `text`. */
cvs_status http_address_parse(const char *text, http_address *out, cvs_error *err) CVS_NODISCARD;

/* "http://127.0.0.1:8080", "http://[::1]:8080". */
void http_address_url(const http_address *address, char url[HTTP_URL_MAX]);

/*
 * A non-blocking listening socket, which the caller closes. A port of 0 becomes the one that was found free.
 * CVS_INVALID with code "address-in-use", "address-not-ours", "host-unknown" or "cannot-listen".
 */
cvs_status http_address_listen(http_address *address, int *fd, cvs_error *err) CVS_NODISCARD;

/*
 * A connected socket, which the caller closes; waits at most until `deadline_ms` of CLOCK_MONOTONIC.
 * CVS_INVALID with code "host-unknown" or "cannot-connect".
 */
cvs_status http_address_connect(const http_address *address, int64_t deadline_ms, int *fd,
                                cvs_error *err) CVS_NODISCARD;

#endif
