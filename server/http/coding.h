/*
 * coding.h - the content codings spoken here (RFC 9110, 8.4 and 12.5.3): which one a request's body came in, and which
 * one a client would like its answer in.
 *
 * gzip (also called x-gzip) and zstd. Not deflate: some programs that say it send zlib's format, as RFC 9110 wants it,
 * others bare deflate, and all of them know gzip.
 */
#ifndef CONVSCOPE_HTTP_CODING_H
#define CONVSCOPE_HTTP_CODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum http_coding {
    HTTP_CODING_IDENTITY = 0,
    HTTP_CODING_GZIP,
    HTTP_CODING_ZSTD,
    HTTP_CODING_UNKNOWN, /* one that is not spoken here */
    HTTP_CODING_SEVERAL  /* one upon another */
} http_coding;

enum { HTTP_CODINGS = 3 }; /* those spoken: identity and those before HTTP_CODING_UNKNOWN */

/* The codings a request's body may come in, as an Accept-Encoding header of an answer says it (RFC 9110, 12.5.3). */
#define HTTP_CODINGS_TAKEN "gzip, zstd"

/* What a coder reads from: the next bytes, at most `size`; 0 at the end, -1 when there can be no more. */
typedef int64_t (*http_source)(void *cls, char *out, size_t size);

/* "gzip" for HTTP_CODING_GZIP; only for those spoken. */
const char *http_coding_name(http_coding coding);

/* Read one Content-Encoding header on top of those before it, which made `before` (HTTP_CODING_IDENTITY: none). */
http_coding http_coding_read(http_coding before, const char *value, size_t length);

/* What a client's Accept-Encoding headers say. A zeroed one is a client that sent none. */
typedef struct http_accept {
    bool given;
    bool named[HTTP_CODINGS], any;
    short weight[HTTP_CODINGS], any_weight; /* in thousandths, 0 to 1000, where `named` and `any` say so */
} http_accept;

/* Read one Accept-Encoding header in addition to those before it. What is no coding with a weight is passed over. */
void http_accept_read(http_accept *accept, const char *value, size_t length);

/* Whether the client takes `coding`. Without a header it takes everything. */
bool http_accept_takes(const http_accept *accept, http_coding coding);

/*
 * The coding to answer in: what the client likes best, of what it likes equally zstd before gzip before identity. (zstd
 * only by name: who sends `*` may be older than it.) Identity where there is no header, and where nothing
 * that is spoken here is taken.
 */
http_coding http_accept_best(const http_accept *accept);

#endif
