/*
 * A request's body as it comes in, compressed or not: the first byte of the input chooses the coding and the size of
 * the pieces, the rest is the body. However it is cut, the same comes of it; and what zlib's and zstd's own functions
 * make of a whole body is the oracle of what is one.
 */
#include "harness.h"

#include "http/body.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { MOST = 1 << 16 };

typedef struct outcome {
    int status;
    char *bytes;
    size_t length;
} outcome;

static outcome receive(http_coding coding, const char *bytes, size_t size, size_t piece) {
    http_body body = http_body_begin(MOST, size, true);
    if (coding != HTTP_CODING_IDENTITY) http_body_inflate(&body, coding);
    for (size_t at = 0; at < size; at += piece) {
        const size_t rest = size - at;
        (void)http_body_add(&body, bytes + at, rest < piece ? rest : piece);
    }
    outcome out = {.status = http_body_end(&body).status};
    fuzz_require(body.length <= MOST, "no more than the limit is kept: %zu", body.length);
    fuzz_require(out.status == 0 || out.status == 400 || out.status == 413, "the verdict is %d", out.status);
    out.length = body.length;
    out.bytes = fuzz_text(body.data ? body.data : "", body.length);
    http_body_free(&body);
    return out;
}

/* The oracles: a whole body at once, or -1. */

static int64_t inflate_gzip(const char *bytes, size_t size, char *out) {
    z_stream z = {
        .next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size, .next_out = (Bytef *)out, .avail_out = MOST};
    int status = Z_STREAM_END; /* of no member at all */
    while (status == Z_STREAM_END && z.avail_in > 0) {
        fuzz_require(inflateInit2(&z, MAX_WBITS + 16) == Z_OK, "zlib starts");
        status = inflate(&z, Z_FINISH);
        inflateEnd(&z);
    }
    return status == Z_STREAM_END ? MOST - (int64_t)z.avail_out : -1;
}

/*
 * Byte by byte: given all at once libzstd 1.5.4 refuses compressed blocks of no bytes, which it passes over when they
 * come in pieces.
 */
static int64_t inflate_zstd(const char *bytes, size_t size, char *out) {
    ZSTD_outBuffer to = {out, MOST, 0};
    ZSTD_DStream *zstd = ZSTD_createDStream();
    fuzz_require(zstd, "zstd starts");
    size_t left = 0;
    for (size_t at = 0; at < size && !ZSTD_isError(left); at++) {
        ZSTD_inBuffer from = {bytes + at, 1, 0};
        left = ZSTD_decompressStream(zstd, &to, &from);
    }
    for (size_t before = to.pos + 1; left != 0 && !ZSTD_isError(left) && to.pos != before;) {
        before = to.pos; /* what waits in it */
        left = ZSTD_decompressStream(zstd, &to, &(ZSTD_inBuffer){bytes, 0, 0});
    }
    ZSTD_freeDStream(zstd);
    return left == 0 ? (int64_t)to.pos : -1;
}

/* A body that we refuse may be too large, or have a window that is; one that we take is what the oracle says. */
static void check_oracle(http_coding coding, const char *bytes, size_t size, const outcome *ours) {
    if (coding == HTTP_CODING_IDENTITY || ours->status != 0) return;
    char *out = malloc(MOST);
    fuzz_require(out, "there is memory");
    const int64_t length = (coding == HTTP_CODING_GZIP ? inflate_gzip : inflate_zstd)(bytes, size, out);
    fuzz_require(length == (int64_t)ours->length, "%lld bytes are in it, not %zu", (long long)length, ours->length);
    fuzz_require(!length || memcmp(out, ours->bytes, ours->length) == 0, "the same bytes are in it");
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1) return 0;
    const http_coding coding = (http_coding)(data[0] % HTTP_CODINGS);
    const size_t piece = 1 + data[0] / HTTP_CODINGS;
    const char *bytes = (const char *)data + 1;
    outcome whole = receive(coding, bytes, size - 1, size), cut = receive(coding, bytes, size - 1, piece);
    /* What is both too large and wrong may be called either. */
    fuzz_require(!whole.status == !cut.status, "cut it is %d, whole %d", cut.status, whole.status);
    fuzz_require(whole.status || (whole.length == cut.length && memcmp(whole.bytes, cut.bytes, cut.length) == 0),
                 "cut it is the same");
    check_oracle(coding, bytes, size - 1, &whole);
    free(whole.bytes);
    free(cut.bytes);
    return 0;
}
