#include "http/writer.h"

#include "http/clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* So that a busy server's lines are written some hundred at a time, and the thread is not woken for each. */
enum { GATHER_MS = 10 };

/* How often a thread that cannot write looks whether it should end. */
enum { LOOK_MS = 50 };

struct http_writer {
    int fd;
    bool is_file; /* one write takes everything */
    pthread_t thread;
    pthread_mutex_t lock;      /* for the rest */
    pthread_cond_t for_writer; /* lines came, or it is to end */
    pthread_cond_t for_others; /* all is written */
    char *filling, *writing;
    size_t filled;
    bool busy; /* with `writing` */
    bool ending;
    uint64_t dropped;
};

static struct timespec at_ms(int64_t ms) {
    return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

static uint64_t count_lines(const char *bytes, size_t length) {
    uint64_t lines = 0;
    for (size_t i = 0; i < length; i++) lines += bytes[i] == '\n';
    return lines;
}

/* ---- the thread ----------------------------------------------------------- */

/*
 * How much to write at once. A pipe that poll() calls writable takes PIPE_BUF bytes without waiting, and keeps them
 * together among those of other processes: whole lines, then.
 */
static size_t portion(const http_writer *writer, const char *bytes, size_t length) {
    if (writer->is_file || length <= PIPE_BUF) return length;
    const char *end = memrchr(bytes, '\n', PIPE_BUF);
    return end ? (size_t)(end - bytes) + 1 : PIPE_BUF;
}

static bool should_end(http_writer *writer) {
    pthread_mutex_lock(&writer->lock);
    const bool ending = writer->ending;
    pthread_mutex_unlock(&writer->lock);
    return ending;
}

/* False when the writer is to end first, or there is no writing at all. */
static bool wait_until_writable(http_writer *writer) {
    struct pollfd out = {.fd = writer->fd, .events = POLLOUT};
    int ready;
    while ((ready = poll(&out, 1, LOOK_MS)) <= 0) {
        if ((ready < 0 && errno != EINTR) || should_end(writer)) return false;
    }
    return true;
}

/* The bytes that could not be written. */
static size_t write_out(http_writer *writer, const char *bytes, size_t length) {
    while (length && wait_until_writable(writer)) {
        const ssize_t done = write(writer->fd, bytes, portion(writer, bytes, length));
        if (done < 0 && errno != EINTR && errno != EAGAIN) break;
        if (done > 0) bytes += done, length -= (size_t)done;
    }
    return length;
}

/* Under the lock. */
static void wait_for_lines(http_writer *writer) {
    while (!writer->filled && !writer->ending) pthread_cond_wait(&writer->for_writer, &writer->lock);
    const struct timespec until = at_ms(http_now_ms() + GATHER_MS);
    int waited = 0;
    while (waited == 0 && !writer->ending && writer->filled < HTTP_WRITER_ROOM / 2)
        waited = pthread_cond_clockwait(&writer->for_writer, &writer->lock, CLOCK_MONOTONIC, &until);
}

static void *write_lines(void *argument) {
    http_writer *writer = argument;
    pthread_mutex_lock(&writer->lock);
    while (wait_for_lines(writer), writer->filled) {
        char *bytes = writer->filling;
        const size_t length = writer->filled;
        writer->filling = writer->writing;
        writer->writing = bytes;
        writer->filled = 0;
        writer->busy = true;
        pthread_mutex_unlock(&writer->lock);
        const size_t left = write_out(writer, bytes, length);
        pthread_mutex_lock(&writer->lock);
        writer->dropped += count_lines(bytes + length - left, left);
        writer->busy = false;
        if (!writer->filled) pthread_cond_broadcast(&writer->for_others);
    }
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

/* ---- for others ------------------------------------------------------------- */

static void destroy(http_writer *writer) {
    pthread_mutex_destroy(&writer->lock);
    pthread_cond_destroy(&writer->for_writer);
    pthread_cond_destroy(&writer->for_others);
    free(writer->filling);
    free(writer->writing);
    free(writer);
}

http_writer *http_writer_start(int fd) {
    struct stat what;
    http_writer *writer = calloc(1, sizeof *writer);
    if (!writer) return NULL;
    writer->fd = fd;
    writer->is_file = fstat(fd, &what) == 0 && S_ISREG(what.st_mode);
    writer->filling = malloc(HTTP_WRITER_ROOM);
    writer->writing = malloc(HTTP_WRITER_ROOM);
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->for_writer, NULL);
    pthread_cond_init(&writer->for_others, NULL);
    if (writer->filling && writer->writing && pthread_create(&writer->thread, NULL, write_lines, writer) == 0)
        return writer;
    destroy(writer);
    return NULL;
}

bool http_writer_add(http_writer *writer, const char *line, size_t length) {
    pthread_mutex_lock(&writer->lock);
    const size_t before = writer->filled;
    const bool fits = length <= HTTP_WRITER_ROOM - before;
    if (fits) {
        memcpy(writer->filling + before, line, length);
        writer->filled += length;
    } else {
        writer->dropped++;
    }
    const bool wake = !before || (before < HTTP_WRITER_ROOM / 2 && writer->filled >= HTTP_WRITER_ROOM / 2);
    if (wake) pthread_cond_signal(&writer->for_writer);
    pthread_mutex_unlock(&writer->lock);
    return fits;
}

uint64_t http_writer_dropped(http_writer *writer) {
    pthread_mutex_lock(&writer->lock);
    const uint64_t dropped = writer->dropped;
    pthread_mutex_unlock(&writer->lock);
    return dropped;
}

void http_writer_flush(http_writer *writer, int64_t patience_ms) {
    const struct timespec until = at_ms(http_now_ms() + patience_ms);
    int waited = 0;
    pthread_mutex_lock(&writer->lock);
    while (waited == 0 && (writer->filled || writer->busy))
        waited = pthread_cond_clockwait(&writer->for_others, &writer->lock, CLOCK_MONOTONIC, &until);
    pthread_mutex_unlock(&writer->lock);
}

void http_writer_stop(http_writer *writer, int64_t patience_ms) {
    if (!writer) return;
    http_writer_flush(writer, patience_ms);
    pthread_mutex_lock(&writer->lock);
    writer->ending = true;
    pthread_cond_signal(&writer->for_writer);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    destroy(writer);
}
