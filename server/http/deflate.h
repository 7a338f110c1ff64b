/*
 * deflate.h - an answer compressed while it is read (Content-Encoding: gzip or zstd).
 *
 * Made for speed: compressing must not take longer than the network that it saves on. Memory, an answer: 64 KiB for
 * what is read, and for gzip 48 KiB (short answers) or 264 KiB, for zstd at most 800 KiB.
 */
#ifndef CONVSCOPE_HTTP_DEFLATE_H
#define CONVSCOPE_HTTP_DEFLATE_H

#include "http/coding.h"

/* An answer of at most this length is a short one. */
#define HTTP_DEFLATE_SHORT ((uint64_t)64 * 1024)

#define HTTP_DEFLATE_UNKNOWN UINT64_MAX

typedef struct http_deflater http_deflater;

/*
 * For an answer in `coding`, gzip or zstd, of exactly `length` bytes, or HTTP_DEFLATE_UNKNOWN. `numbers`: most of it
 * are digits. NULL when there is no memory; all that will be needed is taken here.
 */
http_deflater *http_deflater_create(http_coding coding, uint64_t length, bool numbers);

/*
 * The next compressed bytes, at most `size` (16 or more: with less than its mark needs, a flush would never end); 0 at
 * the end, -1 when the source failed. What a slow source has given is not held back: it comes out, fit to be read,
 * within a tenth of a second and one more read of the source.
 */
int64_t http_deflater_read(http_deflater *deflater, http_source source, void *cls, char *out, size_t size);

/* NULL is fine. */
void http_deflater_free(http_deflater *deflater);

#endif
