/*
 * inflate.h - a compressed request body (Content-Encoding: gzip or zstd), inflated while it comes in.
 *
 * What a few bytes can become is bounded by whoever takes them: inflating stops the moment that the receiver says so.
 * Memory does not follow what the data says of itself. It is, an inflater: 64 KiB of bytes on their way, and for
 * gzip 48 KiB of state and window; for zstd 480 KiB of state and the window of a frame, at most
 * HTTP_INFLATE_WINDOW, whose pages are only touched as far as data came.
 *
 * Several gzip members, and several zstd frames with skippable ones among them, are one body (RFC 1952, 2.2; RFC 8878,
 * 3). Anything else behind the last one, checksums that are wrong, and data that stop in the middle are errors.
 */
#ifndef CONVSCOPE_HTTP_INFLATE_H
#define CONVSCOPE_HTTP_INFLATE_H

#include "http/coding.h"
#include "http/headers.h"

/* The largest window of a zstd frame: 8 MiB, all that RFC 9659 lets a sender use. zstd's levels up to 19 keep to it. */
#define HTTP_INFLATE_WINDOW_LOG 23
#define HTTP_INFLATE_WINDOW     ((size_t)1 << HTTP_INFLATE_WINDOW_LOG)

typedef struct http_inflater http_inflater;

/* Takes inflated bytes, never 0 of them; false when it wants no more. */
typedef bool (*http_sink)(void *cls, const char *bytes, size_t size);

/* The most that one for `coding` takes, its window included. */
size_t http_inflater_memory(http_coding coding);

/* For a body in `coding`, gzip or zstd. NULL when there is no memory. */
http_inflater *http_inflater_create(http_coding coding);

/*
 * Inflate the next `size` bytes of a body into `sink`. False when no more are of use: the data are wrong, memory is
 * short, or the sink has had enough.
 */
bool http_inflater_add(http_inflater *inflater, const char *bytes, size_t size, http_sink sink, void *cls);

/*
 * The other way to use one: the next inflated bytes, at most `size` (not 0), of a body that `source` gives. 0 at the
 * end, -1 when the source failed or http_inflater_verdict() has something to say.
 */
int64_t http_inflater_read(http_inflater *inflater, http_source source, void *cls, char *out, size_t size);

/*
 * At the end of the body, what was wrong with it: 400 the data, 503 no memory. Status 0 when it was whole, or the
 * sink had enough before anything was wrong.
 */
http_refusal http_inflater_verdict(const http_inflater *inflater);

/* NULL is fine. */
void http_inflater_free(http_inflater *inflater);

#endif
