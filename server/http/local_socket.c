#include "http/local_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Somebody who keeps it locked must not keep us from starting. */
enum { LOCK_TRIES = 100, LOCK_PAUSE_NS = 10 * 1000 * 1000 };

static void lock(int fd) {
    const struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};
    for (int i = 0; i < LOCK_TRIES && flock(fd, LOCK_EX | LOCK_NB) != 0; i++) nanosleep(&pause, NULL);
}

/*
 * Looking whether a socket is in use, removing it and making another one are three steps, between which another program
 * may do the same: the directory is locked meanwhile. The descriptor to close, or -1.
 */
static int lock_directory(const char *path) {
    struct sockaddr_un where;
    char directory[sizeof where.sun_path];
    const size_t length = (size_t)(strrchr(path, '/') - path);
    memcpy(directory, path, length);
    directory[length] = '\0';
    int fd = open(length ? directory : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) lock(fd);
    return fd;
}

/* 0, or the errno of it. The permissions are there from the beginning: nobody slips in before they are set. */
static int bind_and_listen(int fd, const struct sockaddr_un *where, mode_t mode) {
    const mode_t before = umask(0777 & ~mode);
    const int bound = bind(fd, (const struct sockaddr *)where, sizeof *where);
    const int number = errno;
    umask(before);
    if (bound != 0) return number;
    return listen(fd, HTTP_BACKLOG) == 0 ? 0 : errno;
}

/* Whether the file is a socket whose program is gone; *number says why not. */
static bool is_stale(const struct sockaddr_un *where, int *number) {
    struct stat file;
    *number = EADDRINUSE;
    if (lstat(where->sun_path, &file) != 0) return errno == ENOENT;
    if (!S_ISSOCK(file.st_mode)) {
        *number = EEXIST;
        return false;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    const bool refused = connect(fd, (const struct sockaddr *)where, sizeof *where) != 0 && errno == ECONNREFUSED;
    close(fd);
    return refused;
}

static int listen_locked(int fd, const struct sockaddr_un *where, mode_t mode) {
    int number = bind_and_listen(fd, where, mode), why;
    if (number != EADDRINUSE) return number;
    if (!is_stale(where, &why)) return why;
    (void)unlink(where->sun_path);
    return bind_and_listen(fd, where, mode);
}

int local_socket_listen(const http_address *address, mode_t mode, dev_t *device, ino_t *inode) {
    struct sockaddr_un where;
    struct stat file = {0};
    http_address_path(address, &where);
    const int directory = lock_directory(where.sun_path);
    if (directory < 0) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int number = fd < 0 ? errno : listen_locked(fd, &where, mode);
    if (number == 0 && lstat(where.sun_path, &file) != 0) number = errno;
    close(directory);
    *device = file.st_dev;
    *inode = file.st_ino;
    if (number == 0) return fd;
    if (fd >= 0) close(fd);
    errno = number;
    return -1;
}

void local_socket_remove(const http_address *address, dev_t device, ino_t inode) {
    struct stat file;
    const int directory = lock_directory(address->host);
    if (lstat(address->host, &file) == 0 && S_ISSOCK(file.st_mode) && file.st_dev == device && file.st_ino == inode)
        (void)unlink(address->host);
    if (directory >= 0) close(directory);
}
