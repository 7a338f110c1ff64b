#include "model/file/hdf5.h"

#include <string.h>

/* ---- bytes --------------------------------------------------------------------------- */

bool cvs__hdf5_take(cvs__hdf5_span *span, int bytes, uint64_t *out) {
    *out = 0;
    if (span->size < (size_t)bytes) return false;
    for (int i = bytes - 1; i >= 0; i--) *out = *out << 8 | span->at[i];
    return cvs__hdf5_skip(span, (uint64_t)bytes);
}

bool cvs__hdf5_skip(cvs__hdf5_span *span, uint64_t bytes) {
    if (bytes > span->size) return false;
    span->at += bytes;
    span->size -= (size_t)bytes;
    return true;
}

bool cvs__hdf5_signed(cvs__hdf5_span *span, const char *signature) {
    return span->size >= 4 && memcmp(span->at, signature, 4) == 0 && cvs__hdf5_skip(span, 4);
}

cvs_status cvs__hdf5_broken(const cvs__hdf5 *hdf5, const char *what) {
    return cvs_fail(hdf5->err, CVS_INVALID, "broken-hdf5", "", "The HDF5 file is damaged: %s.", what);
}

cvs_status cvs__hdf5_newer(const cvs__hdf5 *hdf5, const char *what) {
    cvs_fail(hdf5->err, CVS_UNSUPPORTED, "newer-hdf5", "", "The HDF5 file has %s, which is not read here.", what);
    cvs_fail_expected(hdf5->err, "a file as Keras saves it, without libver='latest'; a .keras file; model.to_json()");
    return CVS_UNSUPPORTED;
}

/* ---- the superblock (II.A) -------------------------------------------------------------- */

enum { SIGNATURE = 8, ADDRESS = 8 };

/* Versions 0 and 1: the root's entry stands behind four addresses. */
static bool read_old_superblock(cvs__hdf5_span at, int version, uint64_t sizes[2], uint64_t *base, uint64_t *root) {
    bool read = cvs__hdf5_skip(&at, 4) && cvs__hdf5_take(&at, 1, &sizes[0]) && cvs__hdf5_take(&at, 1, &sizes[1]);
    read = read && cvs__hdf5_skip(&at, version == 0 ? 9 : 13) && cvs__hdf5_take(&at, ADDRESS, base);
    return read && cvs__hdf5_skip(&at, 4 * ADDRESS) && cvs__hdf5_take(&at, ADDRESS, root);
}

static bool read_new_superblock(cvs__hdf5_span at, uint64_t sizes[2], uint64_t *base, uint64_t *root) {
    bool read = cvs__hdf5_take(&at, 1, &sizes[0]) && cvs__hdf5_take(&at, 1, &sizes[1]) && cvs__hdf5_skip(&at, 1);
    read = read && cvs__hdf5_take(&at, ADDRESS, base) && cvs__hdf5_skip(&at, 2 * ADDRESS);
    return read && cvs__hdf5_take(&at, ADDRESS, root);
}

cvs_status cvs__hdf5_open(cvs__hdf5 *hdf5, cvs_arena *arena, cvs__bytes bytes, cvs_error *err) {
    uint64_t version = 0, sizes[2] = {0}, base = 0;
    *hdf5 = (cvs__hdf5){.arena = arena, .bytes = bytes, .err = err};
    hdf5->steps = cvs_arena_alloc(arena, sizeof *hdf5->steps);
    if (!hdf5->steps) return cvs__model_no_memory(err);
    cvs__hdf5_span at = {(const unsigned char *)bytes.at, bytes.length};
    if (!cvs__hdf5_skip(&at, SIGNATURE) || !cvs__hdf5_take(&at, 1, &version))
        return cvs__hdf5_broken(hdf5, "it has no end");
    if (version > 3) return cvs__hdf5_newer(hdf5, "a newer head");
    const bool read = version < 2 ? read_old_superblock(at, (int)version, sizes, &base, &hdf5->root)
                                  : read_new_superblock(at, sizes, &base, &hdf5->root);
    if (!read) return cvs__hdf5_broken(hdf5, "its head is cut off");
    if (sizes[0] != ADDRESS || sizes[1] != ADDRESS) return cvs__hdf5_newer(hdf5, "addresses of another size");
    return base == 0 ? CVS_OK : cvs__hdf5_newer(hdf5, "something before its beginning");
}

/* ---- object headers (IV.A) ------------------------------------------------------------------ */

/* Of a header there may be several blocks; where the next ones are is said by messages in those before. */
typedef struct blocks {
    struct block {
        uint64_t address, size;
    } block[64];
    int count;
} blocks;

/* How messages are written in this header. */
typedef struct style {
    bool old;
    bool ordered; /* with the order in which they came */
} style;

static bool read_message(cvs__hdf5_span *at, style written, cvs__hdf5_message *out, uint64_t *flags) {
    uint64_t kind, size;
    bool read = cvs__hdf5_take(at, written.old ? 2 : 1, &kind) && cvs__hdf5_take(at, 2, &size) &&
                cvs__hdf5_take(at, 1, flags) &&
                cvs__hdf5_skip(at, written.old       ? 3
                                   : written.ordered ? 2
                                                     : 0);
    if (!read || size > at->size) return false;
    *out = (cvs__hdf5_message){(int)kind, {at->at, (size_t)size}};
    return cvs__hdf5_skip(at, size);
}

static bool add_block(blocks *all, cvs__hdf5_span body) {
    if (all->count == (int)(sizeof all->block / sizeof *all->block)) return false;
    struct block *next = &all->block[all->count++];
    return cvs__hdf5_take(&body, ADDRESS, &next->address) && cvs__hdf5_take(&body, ADDRESS, &next->size);
}

bool cvs__hdf5_info(cvs__hdf5_span body, uint64_t order_bytes, bool *dense) {
    enum { ORDERED = 1 };
    uint64_t flags, heap;
    if (!cvs__hdf5_skip(&body, 1) || !cvs__hdf5_take(&body, 1, &flags) ||
        !cvs__hdf5_skip(&body, flags & ORDERED ? order_bytes : 0) || !cvs__hdf5_take(&body, ADDRESS, &heap))
        return false;
    *dense |= heap != CVS__HDF5_NOWHERE;
    return true;
}

/* A message that is shared stands elsewhere; of those that are looked at Keras shares none. */
enum { SHARED = 2 };

static bool visit_block(cvs__hdf5_span at, style written, blocks *all, cvs__hdf5_visitor *visitor, void *context,
                        bool *done) {
    const size_t head = written.old ? 8 : written.ordered ? 6 : 4;
    while (at.size >= head && !*done) {
        cvs__hdf5_message message;
        uint64_t flags;
        if (!read_message(&at, written, &message, &flags)) return false;
        if (message.kind == CVS__HDF5_CONTINUATION)
            if (!add_block(all, message.body)) return false;
        if (!(flags & SHARED)) *done = visitor(context, &message);
    }
    return true;
}

/* The messages of the first block, and how they are written. */
static bool open_header(const cvs__hdf5 *hdf5, uint64_t object, cvs__hdf5_span *messages, style *written) {
    enum { SIZE_OF_SIZE = 3, ORDERED = 4, PHASES = 16, TIMES = 32 };
    cvs__hdf5_span at;
    uint64_t version, flags, size;
    if (!cvs__hdf5_at(hdf5, object, 0, &at)) return false;
    at.size = hdf5->bytes.length - (size_t)object;
    *written = (style){.old = !cvs__hdf5_signed(&at, "OHDR")};
    if (!cvs__hdf5_take(&at, 1, &version) || version != (written->old ? 1 : 2)) return false;
    if (written->old) {
        if (!cvs__hdf5_skip(&at, 7) || !cvs__hdf5_take(&at, 4, &size) || !cvs__hdf5_skip(&at, 4)) return false;
    } else {
        if (!cvs__hdf5_take(&at, 1, &flags)) return false;
        const uint64_t before = (flags & TIMES ? 16 : 0) + (flags & PHASES ? 4 : 0);
        written->ordered = flags & ORDERED;
        if (!cvs__hdf5_skip(&at, before) || !cvs__hdf5_take(&at, 1 << (flags & SIZE_OF_SIZE), &size)) return false;
    }
    *messages = (cvs__hdf5_span){at.at, (size_t)size};
    return size <= at.size;
}

static bool open_block(const cvs__hdf5 *hdf5, const struct block *block, style written, cvs__hdf5_span *messages) {
    enum { CHECKSUM = 4 };
    if (!cvs__hdf5_at(hdf5, block->address, block->size, messages)) return false;
    if (written.old) return true;
    if (!cvs__hdf5_signed(messages, "OCHK") || messages->size < CHECKSUM) return false;
    messages->size -= CHECKSUM;
    return true;
}

cvs_status cvs__hdf5_visit(const cvs__hdf5 *hdf5, uint64_t object, cvs__hdf5_visitor *visitor, void *context) {
    blocks all = {.count = 0};
    style written;
    cvs__hdf5_span messages;
    bool done = false, read = open_header(hdf5, object, &messages, &written);
    read = read && visit_block(messages, written, &all, visitor, context, &done);
    for (int i = 0; i < all.count && read && !done; i++)
        read = open_block(hdf5, &all.block[i], written, &messages) &&
               visit_block(messages, written, &all, visitor, context, &done);
    return read ? CVS_OK : cvs__hdf5_broken(hdf5, "an object in it cannot be read");
}

/* ---- paths ------------------------------------------------------------------------------------- */

cvs_status cvs__hdf5_find(const cvs__hdf5 *hdf5, const char *path, uint64_t *object) {
    cvs_status status = CVS_OK;
    *object = hdf5->root;
    while (*path && status == CVS_OK && *object != CVS__HDF5_NOWHERE) {
        const size_t length = strcspn(path, "/");
        if (length > 0) status = cvs__hdf5_member(hdf5, *object, path, length, object);
        path += length + (path[length] == '/');
    }
    return status;
}

cvs_status cvs__hdf5_has(const cvs__hdf5 *hdf5, const char *path, bool *out) {
    uint64_t object;
    const cvs_status status = cvs__hdf5_find(hdf5, path, &object);
    *out = status == CVS_OK && object != CVS__HDF5_NOWHERE;
    return status;
}
