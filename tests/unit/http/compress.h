/* compress.h - compressed bytes for tests, made by zlib and libzstd themselves. */
#ifndef CONVSCOPE_TESTS_COMPRESS_H
#define CONVSCOPE_TESTS_COMPRESS_H

#include "http/coding.h"

#include <stddef.h>

typedef struct compressed {
    char *bytes; /* owned */
    size_t length;
} compressed;

/* One gzip member or zstd frame with a checksum. */
compressed compress_part(http_coding coding, const char *plain, size_t length);
size_t compress_part_length(http_coding coding, const char *plain, size_t length);

/* A zstd frame without one: its last bytes come out after the last byte has gone in. */
compressed compress_without_checksum(const char *plain, size_t length);

/* A zstd frame of a few bytes that asks for a window of 2^log bytes, and one that names a dictionary. */
compressed compress_with_window(int log);
compressed compress_with_dictionary(const char *plain, size_t length);

/* `more` behind `body`; both are taken over. */
compressed compressed_append(compressed body, compressed more);
compressed compressed_copy(const char *bytes, size_t length);
void compressed_free(compressed body);

#endif
