#include "http/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

http_spool http_spool_begin(void) { return (http_spool){.file = -1}; }

static const char *spool_directory(void) {
    const char *directory = getenv("TMPDIR");
    return directory && *directory ? directory : "/tmp";
}

static int open_nameless(void) { return open(spool_directory(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); }

/* What is held goes to the end of the file. */
static bool write_out(http_spool *spool) {
    if (spool->file < 0 && (spool->file = open_nameless()) < 0) return false;
    size_t done = 0;
    while (done < spool->held) {
        ssize_t wrote = pwrite(spool->file, spool->memory + done, spool->held - done, (off_t)(spool->written + done));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        done += (size_t)wrote;
    }
    spool->written += spool->held;
    spool->held = 0;
    return true;
}

bool http_spool_add(http_spool *spool, const char *bytes, size_t size) {
    if (!spool->memory && !(spool->memory = malloc(HTTP_SPOOL_MEMORY))) return false;
    while (size) {
        size_t room = HTTP_SPOOL_MEMORY - spool->held, part = size < room ? size : room;
        memcpy(spool->memory + spool->held, bytes, part);
        spool->held += part;
        bytes += part;
        size -= part;
        if (spool->held == HTTP_SPOOL_MEMORY && !write_out(spool)) return false;
    }
    return true;
}

int64_t http_spool_read(http_spool *spool, char *out, size_t size) {
    if (spool->read < spool->written) {
        ssize_t got;
        do got = pread(spool->file, out, size, (off_t)spool->read);
        while (got < 0 && errno == EINTR);
        if (got <= 0) return -1;
        if ((uint64_t)got > spool->written - spool->read) got = (ssize_t)(spool->written - spool->read);
        spool->read += (uint64_t)got;
        return got;
    }
    size_t at = (size_t)(spool->read - spool->written), part = spool->held - at;
    if (part > size) part = size;
    if (part) memcpy(out, spool->memory + at, part);
    spool->read += part;
    return (int64_t)part;
}

void http_spool_free(http_spool *spool) {
    free(spool->memory);
    if (spool->file >= 0) close(spool->file);
    *spool = http_spool_begin();
}

bool http_spool_possible(const char **directory) {
    *directory = spool_directory();
    const int file = open_nameless();
    if (file >= 0) close(file);
    return file >= 0;
}
