#define ZLIB_CONST
#include "compress.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

static compressed reserve(size_t length) {
    const compressed room = {malloc(length + 1), length};
    ck_assert_ptr_nonnull(room.bytes);
    return room;
}

static compressed compress_gzip(const char *plain, size_t length) {
    z_stream gzip = {0};
    ck_assert_int_eq(deflateInit2(&gzip, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    compressed body = reserve(deflateBound(&gzip, length));
    gzip.next_in = (const Bytef *)plain;
    gzip.avail_in = (uInt)length;
    gzip.next_out = (Bytef *)body.bytes;
    gzip.avail_out = (uInt)body.length;
    ck_assert_int_eq(deflate(&gzip, Z_FINISH), Z_STREAM_END);
    body.length = gzip.total_out;
    deflateEnd(&gzip);
    return body;
}

/* `window` 0: whatever fits the text. */
static compressed compress_zstd(const char *plain, size_t length, int window) {
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    compressed body = reserve(ZSTD_compressBound(length));
    ck_assert_ptr_nonnull(zstd);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    if (window) {
        ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, window);
        ZSTD_CCtx_setParameter(zstd, ZSTD_c_contentSizeFlag, 0);
    }
    ZSTD_inBuffer in = {plain, length, 0};
    ZSTD_outBuffer out = {body.bytes, body.length, 0};
    /* Without an announced length the window is written as asked for. */
    if (window) ck_assert(!ZSTD_isError(ZSTD_compressStream2(zstd, &out, &in, ZSTD_e_flush)));
    ck_assert_uint_eq(ZSTD_compressStream2(zstd, &out, &in, ZSTD_e_end), 0);
    body.length = out.pos;
    ZSTD_freeCCtx(zstd);
    return body;
}

compressed compress_part(http_coding coding, const char *plain, size_t length) {
    return coding == HTTP_CODING_GZIP ? compress_gzip(plain, length) : compress_zstd(plain, length, 0);
}

compressed compress_without_checksum(const char *plain, size_t length) {
    compressed body = reserve(ZSTD_compressBound(length));
    body.length = ZSTD_compress(body.bytes, body.length, plain, length, 1);
    ck_assert(!ZSTD_isError(body.length));
    return body;
}

size_t compress_part_length(http_coding coding, const char *plain, size_t length) {
    const compressed part = compress_part(coding, plain, length);
    compressed_free(part);
    return part.length;
}

compressed compress_with_window(int log) { return compress_zstd("0123456789", 10, log); }

compressed compress_with_dictionary(const char *plain, size_t length) {
    compressed body = compress_part(HTTP_CODING_ZSTD, plain, length), named = reserve(body.length + 1);
    /* RFC 8878, 3.1.1.1: the low bits of the descriptor say that a byte of dictionary id follows it. */
    memcpy(named.bytes, body.bytes, 5);
    named.bytes[4] |= 1;
    named.bytes[5] = 42;
    memcpy(named.bytes + 6, body.bytes + 5, body.length - 5);
    compressed_free(body);
    return named;
}

compressed compressed_append(compressed body, compressed more) {
    compressed both = reserve(body.length + more.length);
    memcpy(both.bytes, body.bytes, body.length);
    memcpy(both.bytes + body.length, more.bytes, more.length);
    compressed_free(body);
    compressed_free(more);
    return both;
}

compressed compressed_copy(const char *bytes, size_t length) {
    compressed copy = reserve(length);
    memcpy(copy.bytes, bytes, length);
    return copy;
}

void compressed_free(compressed body) { free(body.bytes); }
