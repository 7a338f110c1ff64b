#include "http/acceptor.h"

#include "http/access_log.h"
#include "http/clock.h"
#include "http/local_socket.h"
#include "http/log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Taken at one socket before the others have their turn. */
enum { AT_A_TIME = 32 };

/* After the system had nothing left, and how often that is told. */
enum { PAUSE_MS = 100, TELL_EVERY_MS = 10 * 1000 };

struct http_acceptor {
    pthread_t thread;
    bool running;
    atomic_bool stopping;
    int bell; /* an eventfd: there is news */
    unsigned threads, per_address;
    http_listeners *listeners;
    struct MHD_Daemon *const *daemons;
    http_seats *seats;
    int64_t pause_until_ms[HTTP_LISTENERS_MAX]; /* of clock.h; 0: none */
    int64_t told_ms;                            /* 0: never */
    http_log_limit log_limit;
};

/* ---- one connection ------------------------------------------------------ */

/* Whether accept() failed because of the connection that it took from the queue: the next one may be fine. */
static bool concerns_one(int number) {
    switch (number) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENOPROTOOPT:
    case ENETDOWN:
    case ENETUNREACH:
    case ENONET:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ETIMEDOUT:
        return true;
    default:
        return false;
    }
}

/* Most likely there are no descriptors. Trying again at once would be all that the thread does. */
static void pause_at(http_acceptor *acceptor, size_t listener, int number) {
    const int64_t now = http_now_ms();
    acceptor->pause_until_ms[listener] = now + PAUSE_MS;
    if (acceptor->told_ms && now - acceptor->told_ms < TELL_EVERY_MS) return;
    acceptor->told_ms = now;
    http_log("no connection can be taken at the moment: %s; clients wait", strerror(number));
}

static void refuse(http_acceptor *acceptor, int fd, const struct sockaddr *client) {
    char text[HTTP_CLIENT_MAX];
    unsigned left_out;
    close(fd);
    if (!http_log_allowed(&acceptor->log_limit, http_now_ms() / 1000, &left_out)) return;
    if (left_out) http_log("%u more connections closed at once", left_out);
    if (http_client_text(client, text))
        http_log("%s: closed at once: %s", text,
                 acceptor->per_address ? "its address has as many connections as it may" : "there is no memory");
}

static void give(http_acceptor *acceptor, size_t listener, int fd, const struct sockaddr *client, socklen_t size) {
    unsigned thread;
    if (!http_seats_take(acceptor->seats, listener, fd, client, &thread))
        refuse(acceptor, fd, client);
    else if (MHD_add_connection(acceptor->daemons[listener * acceptor->threads + thread], fd, client, size) != MHD_YES)
        (void)http_seats_leave(acceptor->seats, fd); /* closed, and this thread alone would have it again */
}

/* False when there is nobody, or nobody can be taken. */
static bool take_one(http_acceptor *acceptor, size_t listener) {
    struct sockaddr_storage client;
    socklen_t size = sizeof client;
    memset(&client, 0, sizeof client);
    const int fd =
        accept4(acceptor->listeners->at[listener].fd, (struct sockaddr *)&client, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        give(acceptor, listener, fd, (const struct sockaddr *)&client, size);
        return true;
    }
    if (concerns_one(errno)) return true;
    if (errno != EAGAIN) pause_at(acceptor, listener, errno);
    return false;
}

static void take_some(http_acceptor *acceptor, size_t listener, int most) {
    while (most-- > 0 && http_seats_free_at(acceptor->seats, listener) && take_one(acceptor, listener)) continue;
}

/* ---- the thread ---------------------------------------------------------- */

static bool is_paused(http_acceptor *acceptor, size_t listener, int64_t now_ms, int *timeout_ms) {
    const int64_t left = acceptor->pause_until_ms[listener] - now_ms;
    if (left <= 0) return false;
    if (*timeout_ms < 0 || left < *timeout_ms) *timeout_ms = (int)left;
    return true;
}

/* The sockets where somebody waits who can be taken, and the bell behind them. */
static void wait_for_news(http_acceptor *acceptor, struct pollfd *news) {
    const size_t count = acceptor->listeners->count;
    const int64_t now = http_now_ms();
    int timeout_ms = -1;
    uint64_t rung;
    for (size_t i = 0; i < count; i++) {
        const bool open = !is_paused(acceptor, i, now, &timeout_ms) && http_seats_free_at(acceptor->seats, i);
        news[i] = (struct pollfd){.fd = open ? acceptor->listeners->at[i].fd : -1, .events = POLLIN};
    }
    news[count] = (struct pollfd){.fd = acceptor->bell, .events = POLLIN};
    if (poll(news, count + 1, timeout_ms) <= 0)
        for (size_t i = 0; i <= count; i++) news[i].revents = 0;
    if (news[count].revents) (void)!read(acceptor->bell, &rung, sizeof rung);
}

static void take_the_last(http_acceptor *acceptor) {
    for (size_t i = 0; i < acceptor->listeners->count; i++)
        if (!acceptor->listeners->at[i].inherited) take_some(acceptor, i, HTTP_BACKLOG);
}

static void *take_in(void *argument) {
    http_acceptor *acceptor = argument;
    struct pollfd news[HTTP_LISTENERS_MAX + 1];
    while (!atomic_load(&acceptor->stopping)) {
        wait_for_news(acceptor, news);
        for (size_t i = 0; i < acceptor->listeners->count; i++)
            if (news[i].revents) take_some(acceptor, i, AT_A_TIME);
    }
    take_the_last(acceptor);
    http_listeners_close(acceptor->listeners);
    return NULL;
}

static void ring(http_acceptor *acceptor) {
    const uint64_t one = 1;
    (void)!write(acceptor->bell, &one, sizeof one);
}

/* ---- from the beginning to the end --------------------------------------- */

http_acceptor *http_acceptor_create(http_listeners *listeners, unsigned threads, http_seats_limits limits) {
    http_acceptor *acceptor = calloc(1, sizeof *acceptor);
    if (!acceptor) return NULL;
    acceptor->listeners = listeners;
    acceptor->threads = threads;
    acceptor->per_address = limits.per_address;
    acceptor->seats = http_seats_create(listeners->count, threads, limits);
    acceptor->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (acceptor->seats && acceptor->bell >= 0) return acceptor;
    http_acceptor_free(acceptor);
    return NULL;
}

cvs_status http_acceptor_start(http_acceptor *acceptor, struct MHD_Daemon *const *daemons, cvs_error *err) {
    acceptor->daemons = daemons;
    acceptor->running = pthread_create(&acceptor->thread, NULL, take_in, acceptor) == 0;
    return acceptor->running
               ? CVS_OK
               : cvs_fail(err, CVS_NO_MEMORY, "no-threads", NULL, "the system has no thread to take connections");
}

void http_acceptor_closing(http_acceptor *acceptor, int fd) {
    if (http_seats_leave(acceptor->seats, fd)) ring(acceptor);
}

size_t http_acceptor_taken(const http_acceptor *acceptor) { return http_seats_taken(acceptor->seats); }

void http_acceptor_stop(http_acceptor *acceptor) {
    if (!acceptor->running) return;
    atomic_store(&acceptor->stopping, true);
    ring(acceptor);
    pthread_join(acceptor->thread, NULL);
    acceptor->running = false;
}

void http_acceptor_free(http_acceptor *acceptor) {
    if (!acceptor) return;
    if (acceptor->bell >= 0) close(acceptor->bell);
    http_seats_free(acceptor->seats);
    free(acceptor);
}
