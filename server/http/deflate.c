#define ZLIB_CONST /* zlib reads its input and no more */
#include "http/deflate.h"

#include "http/clock.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { PIECE = 64 * 1024, PATIENCE_MS = 100 };

/*
 * Levels, as measured on one core of an AMD EPYC (Zen 4), with the speed of the network below which they save time:
 *
 *   answer                     zstd 1              gzip 1             gzip 1, Huffman only   gzip 6
 *   9 MB of floats as text     290 MB/s to 0.42    107 MB/s to 0.47   167 MB/s to 0.47       14 MB/s to 0.43
 *                              1300 Mbit/s         460 Mbit/s         720 Mbit/s             64 Mbit/s
 *   5 MB of lines of shapes    1260 MB/s to 0.05   290 MB/s to 0.12   135 MB/s to 0.64       111 MB/s to 0.08
 *                              9500 Mbit/s         2100 Mbit/s        390 Mbit/s             820 Mbit/s
 *   one shape, 4.7 KB          29 us to 0.44       24 us to 0.44      30 us to 0.64          119 us to 0.41
 *
 * The digits of floats hardly ever repeat: looking for repetitions costs time and wins nothing, so that for numbers
 * gzip only shortens the frequent characters. zstd's faster levels leave half as much again or twice as much, its
 * slower ones win next to nothing. Short answers: most of gzip's 71 us for one shape went into clearing tables for 32
 * KiB of history at zlib's default size; the small ones here cost no repetition that matters.
 */
enum { GZIP_LEVEL = 1, GZIP_WINDOW_SHORT = 13, GZIP_MEMORY_SHORT = 5, GZIP_MEMORY = 8, ZSTD_LEVEL = 1 };

/* zstd's history, 2^18 bytes. Level 1 itself takes twice that, for lines that become 3 % shorter; half of it makes them
 * 40 % longer. */
enum { ZSTD_WINDOW = 18 };

typedef enum progress { GOING_ON, FLUSHING, ENDING, ENDED, BROKEN } progress;

struct http_deflater {
    http_coding coding;
    progress progress;
    size_t filled, used; /* of `in` */
    z_stream gzip;
    ZSTD_CCtx *zstd;
    char in[PIECE];
};

static bool begin_gzip(http_deflater *deflater, uint64_t length, bool numbers) {
    const bool is_short = length <= HTTP_DEFLATE_SHORT;
    const int window = is_short ? GZIP_WINDOW_SHORT : MAX_WBITS, memory = is_short ? GZIP_MEMORY_SHORT : GZIP_MEMORY;
    return deflateInit2(&deflater->gzip, GZIP_LEVEL, Z_DEFLATED, window + 16, memory,
                        numbers ? Z_HUFFMAN_ONLY : Z_DEFAULT_STRATEGY) == Z_OK;
}

/* A step with nothing makes libzstd take its memory. */
static bool begin_zstd(http_deflater *deflater, uint64_t length) {
    ZSTD_CCtx *zstd = deflater->zstd = ZSTD_createCCtx();
    if (!zstd) return false;
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
    if (length != HTTP_DEFLATE_UNKNOWN) ZSTD_CCtx_setPledgedSrcSize(zstd, length);
    if (length > HTTP_DEFLATE_SHORT) ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, ZSTD_WINDOW);
    char nothing[1];
    ZSTD_inBuffer in = {nothing, 0, 0};
    ZSTD_outBuffer out = {nothing, 0, 0};
    return !ZSTD_isError(ZSTD_compressStream2(zstd, &out, &in, ZSTD_e_continue));
}

http_deflater *http_deflater_create(http_coding coding, uint64_t length, bool numbers) {
    http_deflater *deflater = malloc(sizeof *deflater);
    if (!deflater) return NULL;
    memset(deflater, 0, offsetof(http_deflater, in));
    deflater->coding = coding;
    if (coding == HTTP_CODING_GZIP ? begin_gzip(deflater, length, numbers) : begin_zstd(deflater, length))
        return deflater;
    http_deflater_free(deflater);
    return NULL;
}

void http_deflater_free(http_deflater *deflater) {
    if (!deflater) return;
    deflateEnd(&deflater->gzip);
    ZSTD_freeCCtx(deflater->zstd);
    free(deflater);
}

/* ---- one step --------------------------------------------------------------- */

/* True when all that was asked for is done, not just as much as fits. */
static bool step_gzip(http_deflater *deflater, char *out, size_t size, size_t *made) {
    static const int flush[] = {[GOING_ON] = Z_NO_FLUSH, [FLUSHING] = Z_SYNC_FLUSH, [ENDING] = Z_FINISH};
    z_stream *gzip = &deflater->gzip;
    gzip->next_in = (const Bytef *)deflater->in + deflater->used;
    gzip->avail_in = (uInt)(deflater->filled - deflater->used);
    gzip->next_out = (Bytef *)out;
    gzip->avail_out = (uInt)size;
    const int got = deflate(gzip, flush[deflater->progress]);
    deflater->used = deflater->filled - gzip->avail_in;
    *made = size - gzip->avail_out;
    return deflater->progress == ENDING ? got == Z_STREAM_END : gzip->avail_out > 0;
}

static bool step_zstd(http_deflater *deflater, char *out, size_t size, size_t *made) {
    static const ZSTD_EndDirective flush[] = {
        [GOING_ON] = ZSTD_e_continue, [FLUSHING] = ZSTD_e_flush, [ENDING] = ZSTD_e_end};
    ZSTD_inBuffer from = {deflater->in, deflater->filled, deflater->used};
    ZSTD_outBuffer to = {out, size, 0};
    const size_t left = ZSTD_compressStream2(deflater->zstd, &to, &from, flush[deflater->progress]);
    deflater->used = from.pos;
    *made = to.pos;
    if (ZSTD_isError(left)) deflater->progress = BROKEN;
    return deflater->progress == GOING_ON ? from.pos == from.size : left == 0;
}

static bool step(http_deflater *deflater, char *out, size_t size, size_t *made) {
    return deflater->coding == HTTP_CODING_GZIP ? step_gzip(deflater, out, size, made)
                                                : step_zstd(deflater, out, size, made);
}

/* ---- all of it -------------------------------------------------------------- */

static void refill(http_deflater *deflater, http_source source, void *cls, int64_t deadline) {
    const int64_t got = source(cls, deflater->in, PIECE);
    const bool late = http_now_ms() >= deadline;
    deflater->used = 0;
    deflater->filled = got > 0 ? (size_t)got : 0;
    deflater->progress = got < 0 ? BROKEN : got == 0 ? ENDING : late ? FLUSHING : GOING_ON;
}

int64_t http_deflater_read(http_deflater *deflater, http_source source, void *cls, char *out, size_t size) {
    const int64_t deadline = http_now_ms() + PATIENCE_MS;
    size_t filled = 0;
    while (filled < size && deflater->progress < ENDED) {
        size_t made = 0;
        if (deflater->progress == GOING_ON && deflater->used == deflater->filled)
            refill(deflater, source, cls, deadline);
        if (deflater->progress == BROKEN) break;
        const bool done = step(deflater, out + filled, size - filled, &made);
        filled += made;
        if (!done || deflater->progress == GOING_ON) continue;
        deflater->progress = deflater->progress == ENDING ? ENDED : GOING_ON;
        break;
    }
    return deflater->progress == BROKEN ? -1 : (int64_t)filled;
}
