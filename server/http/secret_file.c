#include "http/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static cvs_status unreadable(const char *path, int number, cvs_error *err) {
    return cvs_fail(err, CVS_INVALID, "cannot-read", NULL, "%s: cannot be read: %s", path, strerror(number));
}

static cvs_status too_large(const char *path, cvs_error *err) {
    return cvs_fail(err, CVS_INVALID, "file-too-large", NULL, "%s: has more than %zu bytes: it is no file of this kind",
                    path, HTTP_SECRET_FILE_MAX);
}

/* What is looked at is what is read, whatever becomes of the name meanwhile. */
static cvs_status check(const char *path, int fd, mode_t forbidden, cvs_error *err) {
    struct stat file;
    if (fstat(fd, &file) != 0) return unreadable(path, errno, err);
    if (S_ISDIR(file.st_mode)) return unreadable(path, EISDIR, err);
    if (!(file.st_mode & forbidden)) return CVS_OK;
    return cvs_fail(err, CVS_INVALID, "file-permissions", NULL,
                    "%s: others may %s it (its permissions are %03o): chmod %03o it", path,
                    file.st_mode & forbidden & 0444 ? "read" : "change", (unsigned)(file.st_mode & 0777),
                    (unsigned)(file.st_mode & 0777 & ~forbidden));
}

/* Room for all that is allowed is taken at once: growing would leave copies behind. */
static cvs_status read_all(const char *path, int fd, cvs_text *out, cvs_error *err) {
    char *room = cvs_text_reserve(out, HTTP_SECRET_FILE_MAX + 1);
    size_t length = 0;
    ssize_t got = 1;
    if (!room) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "%s: there is no memory to read it", path);
    while (length <= HTTP_SECRET_FILE_MAX && (got = read(fd, room + length, HTTP_SECRET_FILE_MAX + 1 - length)) > 0)
        length += (size_t)got;
    const int number = errno;
    cvs_text_commit(out, length);
    if (got < 0) return unreadable(path, number, err);
    return length <= HTTP_SECRET_FILE_MAX ? CVS_OK : too_large(path, err);
}

cvs_status http_secret_file_read(const char *path, mode_t forbidden, cvs_text *out, cvs_error *err) {
    *out = (cvs_text){0};
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return unreadable(path, errno, err);
    cvs_status status = check(path, fd, forbidden, err);
    if (status == CVS_OK) status = read_all(path, fd, out, err);
    close(fd);
    if (status != CVS_OK) http_secret_text_free(out);
    return status;
}

void http_secret_text_free(cvs_text *text) {
    if (text->data) explicit_bzero(text->data, text->length);
    cvs_text_free(text);
}
