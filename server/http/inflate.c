#define ZLIB_CONST /* zlib reads its input and no more */
#include "http/inflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* A zstd frame's header is no longer than HEADER_MAX (RFC 8878, 3.1.1.1). */
enum { PIECE = 64 * 1024, MAGIC_MAX = 4, HEADER_MAX = 18 };

typedef enum fault {
    FAULT_NONE = 0,
    FAULT_FULL, /* the receiver has had enough: what to say of it is the receiver's */
    FAULT_NO_MEMORY,
    FAULT_OTHER, /* it does not begin as the coding does */
    FAULT_CORRUPT,
    FAULT_TRUNCATED,
    FAULT_TRAILING,
    FAULT_WINDOW,
    FAULT_DICTIONARY
} fault;

typedef struct input {
    const char *bytes;
    size_t size, used;
} input;

/* A gzip member or a zstd frame is called a part here. */
struct http_inflater {
    http_coding coding;
    fault fault;
    bool inside; /* a part was begun and has not ended */
    bool parts;  /* one ended */
    size_t seen; /* bytes of `magic`, while a part has yet to begin */
    char magic[MAGIC_MAX];
    z_stream gzip;
    ZSTD_DStream *zstd;
    size_t header;     /* bytes of a zstd frame that libzstd has had, up to HEADER_MAX */
    input in;          /* what http_inflater_read() has read and not yet inflated, in `piece` */
    bool more;         /* the last step filled all the room it had: more may be waiting */
    char piece[PIECE]; /* inflated bytes for a sink, or those of `in` */
};

size_t http_inflater_memory(http_coding coding) {
    enum { GZIP = 48 * 1024, ZSTD = 480 * 1024 };
    return sizeof(http_inflater) + (coding == HTTP_CODING_GZIP ? GZIP : ZSTD + HTTP_INFLATE_WINDOW);
}

http_inflater *http_inflater_create(http_coding coding) {
    http_inflater *inflater = malloc(sizeof *inflater);
    if (!inflater) return NULL;
    memset(inflater, 0, offsetof(http_inflater, piece));
    inflater->coding = coding;
    bool ready;
    if (coding == HTTP_CODING_GZIP) {
        ready = inflateInit2(&inflater->gzip, MAX_WBITS + 16) == Z_OK; /* 16: gzip's frame, and no other */
    } else {
        inflater->zstd = ZSTD_createDStream();
        ready = inflater->zstd &&
                !ZSTD_isError(ZSTD_DCtx_setParameter(inflater->zstd, ZSTD_d_windowLogMax, HTTP_INFLATE_WINDOW_LOG));
    }
    if (ready) return inflater;
    http_inflater_free(inflater);
    return NULL;
}

void http_inflater_free(http_inflater *inflater) {
    if (!inflater) return;
    inflateEnd(&inflater->gzip);
    ZSTD_freeDStream(inflater->zstd);
    free(inflater);
}

/* ---- one step: some bytes in, some out ---------------------------------------- */

/* Returns how many bytes are in `out`. */
static size_t step_gzip(http_inflater *inflater, input *in, char *out, size_t size) {
    z_stream *gzip = &inflater->gzip;
    gzip->next_in = (const Bytef *)in->bytes + in->used;
    gzip->avail_in = (uInt)(in->size - in->used);
    gzip->next_out = (Bytef *)out;
    gzip->avail_out = (uInt)size;
    const int got = inflate(gzip, Z_NO_FLUSH);
    in->used = in->size - gzip->avail_in;
    if (got == Z_STREAM_END) {
        inflater->inside = false;
        inflateReset(gzip);
    } else if (got == Z_MEM_ERROR) {
        inflater->fault = FAULT_NO_MEMORY;
    } else if (got != Z_OK && got != Z_BUF_ERROR) {
        inflater->fault = FAULT_CORRUPT;
    }
    return size - gzip->avail_out;
}

static fault zstd_fault(size_t result) {
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return FAULT_NO_MEMORY;
    case ZSTD_error_frameParameter_windowTooLarge:
        return FAULT_WINDOW;
    case ZSTD_error_dictionary_wrong:
        return FAULT_DICTIONARY;
    default:
        return FAULT_CORRUPT;
    }
}

/*
 * The header goes in byte by byte: given its end with much behind it, libzstd 1.5.4 takes the bytes of that call for
 * the beginning of a frame, and calls the frame ended if they look like a whole one of those that are skipped.
 */
static size_t step_zstd(http_inflater *inflater, input *in, char *out, size_t size) {
    const bool header = inflater->header < HEADER_MAX && in->used < in->size;
    ZSTD_inBuffer from = {in->bytes, header ? in->used + 1 : in->size, in->used};
    ZSTD_outBuffer to = {out, size, 0};
    const size_t left = ZSTD_decompressStream(inflater->zstd, &to, &from);
    if (header) inflater->header += from.pos - in->used;
    in->used = from.pos;
    if (ZSTD_isError(left)) inflater->fault = zstd_fault(left);
    if (left == 0) inflater->inside = false;
    return to.pos;
}

static size_t step_inside(http_inflater *inflater, input *in, char *out, size_t size) {
    const size_t made =
        inflater->coding == HTTP_CODING_GZIP ? step_gzip(inflater, in, out, size) : step_zstd(inflater, in, out, size);
    if (!inflater->inside) inflater->parts = true;
    return made;
}

/* ---- parts ------------------------------------------------------------------ */

static size_t magic_length(http_coding coding) { return coding == HTTP_CODING_GZIP ? 2 : MAGIC_MAX; }

static bool magic_known(http_coding coding, const char *magic) {
    if (coding == HTTP_CODING_GZIP) return memcmp(magic, "\x1f\x8b", 2) == 0;
    const bool skippable = (magic[0] & 0xf0) == 0x50 && memcmp(magic + 1, "\x2a\x4d\x18", 3) == 0;
    return skippable || memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0;
}

/*
 * The first bytes of a part, looked at before the library sees them: so that what follows the last part has a name of
 * its own, and so that libzstd does not take up the formats from before version 1, whose windows know no bound.
 */
static void begin_part(http_inflater *inflater, input *in) {
    const size_t wanted = magic_length(inflater->coding);
    while (inflater->seen < wanted && in->used < in->size) inflater->magic[inflater->seen++] = in->bytes[in->used++];
    if (inflater->seen < wanted) return;
    if (!magic_known(inflater->coding, inflater->magic)) {
        inflater->fault = inflater->parts ? FAULT_TRAILING : FAULT_OTHER;
        return;
    }
    input magic = {.bytes = inflater->magic, .size = inflater->seen};
    char nothing[1];
    inflater->inside = true;
    inflater->seen = inflater->header = 0;
    while (magic.used < magic.size && !inflater->fault) (void)step_inside(inflater, &magic, nothing, sizeof nothing);
}

/* Whether there is something to do, without more input. Output may wait in the library after the last byte of it. */
static bool can_step(const http_inflater *inflater, const input *in) {
    return !inflater->fault && (in->used < in->size || inflater->more);
}

static size_t step(http_inflater *inflater, input *in, char *out, size_t size) {
    inflater->more = false;
    if (!inflater->inside) {
        begin_part(inflater, in);
        return 0;
    }
    const size_t made = step_inside(inflater, in, out, size);
    inflater->more = made == size;
    return made;
}

/* ---- all of it ------------------------------------------------------------------ */

bool http_inflater_add(http_inflater *inflater, const char *bytes, size_t size, http_sink sink, void *cls) {
    input in = {.bytes = bytes, .size = size};
    while (can_step(inflater, &in)) {
        const size_t made = step(inflater, &in, inflater->piece, PIECE);
        if (made && !sink(cls, inflater->piece, made) && !inflater->fault) inflater->fault = FAULT_FULL;
    }
    return !inflater->fault;
}

int64_t http_inflater_read(http_inflater *inflater, http_source source, void *cls, char *out, size_t size) {
    for (;;) {
        while (can_step(inflater, &inflater->in)) {
            const size_t made = step(inflater, &inflater->in, out, size);
            if (made) return (int64_t)made;
        }
        const int64_t got = inflater->fault ? -1 : source(cls, inflater->piece, PIECE);
        if (got <= 0) return got < 0 || http_inflater_verdict(inflater).status ? -1 : 0;
        inflater->in = (input){.bytes = inflater->piece, .size = (size_t)got};
    }
}

/* ---- what is said of it ------------------------------------------------------- */

static const http_refusal gzip_refusals[] = {
    [FAULT_OTHER] = {400, "compressed-body-mismatch",
                     "Content-Encoding says gzip and the body does not begin as gzip does: compress it, or leave the "
                     "header out."},
    [FAULT_CORRUPT] = {400, "compressed-body-corrupt",
                       "The gzip body is damaged: send the bytes as gzip wrote them (curl: --data-binary, not -d)."},
    [FAULT_TRUNCATED] = {400, "compressed-body-truncated",
                         "The gzip body ends in the middle: send all of it (curl: --data-binary, not -d)."},
    [FAULT_TRAILING] = {400, "compressed-body-trailing",
                        "Behind the end of the gzip body stands something that is not gzip: leave it out."},
};

static const http_refusal zstd_refusals[] = {
    [FAULT_OTHER] = {400, "compressed-body-mismatch",
                     "Content-Encoding says zstd and the body does not begin as zstd does: compress it, or leave the "
                     "header out."},
    [FAULT_CORRUPT] = {400, "compressed-body-corrupt",
                       "The zstd body is damaged: send the bytes as zstd wrote them (curl: --data-binary, not -d)."},
    [FAULT_TRUNCATED] = {400, "compressed-body-truncated",
                         "The zstd body ends in the middle: send all of it (curl: --data-binary, not -d)."},
    [FAULT_TRAILING] = {400, "compressed-body-trailing",
                        "Behind the end of the zstd body stands something that is not zstd: leave it out."},
    [FAULT_WINDOW] = {400, "zstd-window-too-large",
                      "The zstd body needs a window of more than 8 MiB: compress it at level 19 or lower, without "
                      "--ultra and --long."},
    [FAULT_DICTIONARY] = {400, "zstd-dictionary",
                          "The zstd body was compressed with a dictionary, which is not known here: compress it "
                          "without one."},
};

http_refusal http_inflater_verdict(const http_inflater *inflater) {
    fault found = inflater->fault;
    if (!found && (inflater->inside || inflater->seen)) {
        found = !inflater->inside && inflater->parts ? FAULT_TRAILING : FAULT_TRUNCATED;
    }
    switch (found) {
    case FAULT_NONE:
    case FAULT_FULL:
        return (http_refusal){0, NULL, NULL};
    case FAULT_NO_MEMORY:
        return (http_refusal){503, "no-memory", "There is no memory to inflate the request body at the moment."};
    default:
        return inflater->coding == HTTP_CODING_GZIP ? gzip_refusals[found] : zstd_refusals[found];
    }
}
