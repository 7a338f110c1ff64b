/*
 * spare.h - the answer of a server that has no memory to make one. It is made when the server starts: to send it takes
 * nothing but the buffers that its connection has already.
 */
#ifndef CONVSCOPE_HTTP_SPARE_H
#define CONVSCOPE_HTTP_SPARE_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct http_spare {
    struct MHD_Response *wire; /* 503, to be tried again; it closes the connection, and says no id of the request */
    uint64_t length;
} http_spare;

/* Its types: of all errors, and of those that KServe's client reads. */
typedef struct http_spares {
    http_spare problem, inference;
} http_spares;

/* False when there is no memory; for http_spares_free() all the same. */
bool http_spares_create(http_spares *spares);

/* When no connection has one of them any more. */
void http_spares_free(http_spares *spares);

/* The one for who asked for `path`. */
const http_spare *http_spare_for(const http_spares *spares, const char *path);

/* MHD_NO where even that cannot be: the connection is then closed. */
enum MHD_Result http_spare_send(const http_spare *spare, struct MHD_Connection *connection);

#endif
