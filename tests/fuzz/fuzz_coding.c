/*
 * Compressed bodies and answers: the input, behind a byte that chooses the coding and the size of pieces, is inflated
 * at once, in pieces, and the other way round, which all have to agree; then it is compressed, and has to come back.
 */
#include "harness.h"
#include "http/deflate.h"
#include "http/inflate.h"

#include <stdlib.h>
#include <string.h>

/* Where a receiver has enough. */
enum { ENOUGH = 100000 };

typedef struct received {
    char bytes[ENOUGH];
    size_t length;
    int status;
} received;

typedef struct given {
    const char *bytes;
    size_t length, at, piece;
} given;

static bool receive(void *cls, const char *bytes, size_t size) {
    received *to = cls;
    const size_t room = ENOUGH - to->length, part = size < room ? size : room;
    memcpy(to->bytes + to->length, bytes, part);
    to->length += part;
    return to->length < ENOUGH;
}

static int64_t give(void *cls, char *out, size_t size) {
    given *from = cls;
    size_t part = from->length - from->at;
    if (part > from->piece) part = from->piece;
    if (part > size) part = size;
    memcpy(out, from->bytes + from->at, part);
    from->at += part;
    return (int64_t)part;
}

static void push(http_coding coding, given from, received *to) {
    http_inflater *inflater = http_inflater_create(coding);
    fuzz_require(inflater, "there is memory");
    to->length = 0;
    for (bool more = true; more && from.at < from.length; from.at += from.piece) {
        const size_t rest = from.length - from.at, part = rest < from.piece ? rest : from.piece;
        more = http_inflater_add(inflater, from.bytes + from.at, part, receive, to);
    }
    to->status = http_inflater_verdict(inflater).status;
    http_inflater_free(inflater);
}

static void pull(http_coding coding, given from, received *to) {
    http_inflater *inflater = http_inflater_create(coding);
    fuzz_require(inflater, "there is memory");
    int64_t got = 1;
    to->length = 0;
    while (got > 0 && to->length < ENOUGH) {
        const size_t room = ENOUGH - to->length, part = from.piece < room ? from.piece : room;
        got = http_inflater_read(inflater, give, &from, to->bytes + to->length, part);
        fuzz_require(got <= (int64_t)part, "no more than there is room for");
        if (got > 0) to->length += (size_t)got;
    }
    to->status = got < 0 ? http_inflater_verdict(inflater).status : 0;
    http_inflater_free(inflater);
}

static void require_same(const received *a, const received *b) {
    if (a->length == ENOUGH || b->length == ENOUGH) { /* who had enough has not seen what is wrong behind it */
        fuzz_require(a->length == b->length || a->status || b->status, "%zu bytes and %zu", a->length, b->length);
        return;
    }
    fuzz_require(a->status == b->status, "status %d after %zu bytes and %d after %zu", a->status, a->length, b->status,
                 b->length);
    fuzz_require(a->status || (a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0),
                 "%zu bytes and %zu", a->length, b->length);
}

static void there_and_back(http_coding coding, given from) {
    static received back;
    static char packed[3 * 4096 + 1000];
    http_deflater *deflater = http_deflater_create(coding, from.piece % 2 ? from.length : HTTP_DEFLATE_UNKNOWN, false);
    fuzz_require(deflater, "there is memory");
    const given plain = from;
    const int64_t length = http_deflater_read(deflater, give, &from, packed, sizeof packed);
    fuzz_require(length > 0 && length < (int64_t)sizeof packed, "it is compressed: %lld", (long long)length);
    http_deflater_free(deflater);
    push(coding, (given){packed, (size_t)length, 0, plain.piece}, &back);
    fuzz_require(back.status == 0 && back.length == plain.length && !memcmp(back.bytes, plain.bytes, plain.length),
                 "it comes back");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static received at_once, in_pieces, pulled;
    if (size < 2 || size > 4096) return 0;
    const http_coding coding = data[0] & 1 ? HTTP_CODING_ZSTD : HTTP_CODING_GZIP;
    const given all = {(const char *)data + 1, size - 1, 0, size - 1};
    given pieces = all;
    pieces.piece = 1 + (data[0] >> 1);
    push(coding, all, &at_once);
    push(coding, pieces, &in_pieces);
    pull(coding, pieces, &pulled);
    require_same(&at_once, &in_pieces);
    require_same(&at_once, &pulled);
    there_and_back(coding, pieces);
    return 0;
}
