#include "http/peers.h"

#include "api/api.h"
#include "http/standing.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* A step is a phase and, above it, how many there were before: two of the same phase differ. */
enum { PHASE_BITS = 3, PHASE_MASK = (1 << PHASE_BITS) - 1 };

struct http_peer {
    int fd;
    bool tls;
    atomic_ulong step;
    atomic_ulong received; /* of the body */
    http_peer *next, **link;

    /* The sweep's: the step that is timed, since when, and how many bytes had passed by then. */
    unsigned long timed;
    int64_t since_ms;
    uint64_t passed;
};

struct http_peers {
    pthread_mutex_t lock;
    http_peer *first;
    http_pace pace;
    http_peers_counts counts;
};

http_peers *http_peers_create(http_pace pace) {
    http_peers *peers = calloc(1, sizeof *peers);
    if (!peers) return NULL;
    peers->pace = pace;
    pthread_mutex_init(&peers->lock, NULL);
    return peers;
}

void http_peers_free(http_peers *peers) {
    if (!peers) return;
    pthread_mutex_destroy(&peers->lock);
    free(peers);
}

http_peer *http_peers_add(http_peers *peers, int fd, bool tls) {
    http_peer *peer = calloc(1, sizeof *peer);
    if (!peer) return NULL;
    peer->fd = fd;
    peer->tls = tls;
    peer->timed = ~0ul;
    pthread_mutex_lock(&peers->lock);
    peer->next = peers->first;
    peer->link = &peers->first;
    if (peer->next) peer->next->link = &peer->next;
    peers->first = peer;
    peers->counts.open++;
    peers->counts.accepted++;
    pthread_mutex_unlock(&peers->lock);
    return peer;
}

void http_peers_remove(http_peers *peers, http_peer *peer) {
    if (!peer) return;
    pthread_mutex_lock(&peers->lock);
    *peer->link = peer->next;
    if (peer->next) peer->next->link = peer->link;
    peers->counts.open--;
    pthread_mutex_unlock(&peers->lock);
    free(peer);
}

void http_peers_count(http_peers *peers, http_peers_counts *out) {
    pthread_mutex_lock(&peers->lock);
    *out = peers->counts;
    pthread_mutex_unlock(&peers->lock);
}

static http_phase phase_of(unsigned long step) { return (http_phase)(step & PHASE_MASK); }

bool http_peer_enter(http_peer *peer, http_phase phase) {
    unsigned long step = atomic_load(&peer->step);
    do {
        if (phase_of(step) == HTTP_PHASE_CUT) return false;
    } while (!atomic_compare_exchange_weak(&peer->step, &step, ((step | PHASE_MASK) + 1) | phase));
    return true;
}

void http_peer_received(http_peer *peer, size_t bytes) {
    atomic_fetch_add_explicit(&peer->received, bytes, memory_order_relaxed);
}

bool http_peer_gone(const http_peer *peer) {
    struct pollfd look = {.fd = peer->fd, .events = POLLRDHUP};
    return poll(&look, 1, 0) > 0;
}

/* ---- how far they have come ---------------------------------------------- */

/* Bytes that came in, and that went out and were acknowledged; false where the system does not count them. */
static bool count_bytes(int fd, uint64_t *in, uint64_t *out) {
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
    if (size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received) return false;
    *in = info.tcpi_bytes_received;
    *out = info.tcpi_bytes_acked;
    return true;
}

/* Whether nothing is on its way to the client. */
static bool all_taken(int fd) {
    int unsent = 0;
    return ioctl(fd, SIOCOUTQ, &unsent) == 0 && unsent == 0;
}

/* Bytes of the phase that have passed so far; false when it is not one to be timed, or has nothing to be timed now. */
static bool measure(const http_peer *peer, http_phase phase, uint64_t *passed) {
    uint64_t in = 0, out = 0;
    if (phase == HTTP_PHASE_BODY) {
        *passed = atomic_load_explicit(&peer->received, memory_order_relaxed);
        return true;
    }
    if (phase == HTTP_PHASE_WORK || !count_bytes(peer->fd, &in, &out)) return false;
    *passed = phase == HTTP_PHASE_HEAD ? in : out;
    /* No request has come without a byte: what counts none, counts nothing. */
    return phase == HTTP_PHASE_HEAD || (in > 0 && !all_taken(peer->fd));
}

static void time_from(http_peer *peer, unsigned long step, int64_t now_ms) {
    peer->timed = step;
    peer->since_ms = now_ms;
    (void)measure(peer, phase_of(step), &peer->passed);
    if (step == 0) peer->passed = 0; /* on a new connection, all that has come is a head's beginning */
}

static bool is_timed(const http_pace *pace, http_phase phase) {
    return pace->head_ms && (phase == HTTP_PHASE_HEAD || pace->rate);
}

/* Whether a connection in this step is too slow; sets the time to begin anew where there is nothing to wait for. */
static bool too_slow(http_peer *peer, unsigned long step, const http_pace *pace, int64_t now_ms) {
    uint64_t passed = 0;
    if (!is_timed(pace, phase_of(step))) return false;
    if (peer->timed != step || !measure(peer, phase_of(step), &passed)) {
        time_from(peer, step, now_ms);
        return false;
    }
    if (phase_of(step) == HTTP_PHASE_HEAD) {
        if (passed == peer->passed) peer->since_ms = now_ms; /* none has begun */
        return now_ms - peer->since_ms > pace->head_ms;
    }
    const int64_t earned_ms = (int64_t)((double)(passed - peer->passed) * 1000 / (double)pace->rate);
    return now_ms - peer->since_ms > pace->head_ms + earned_ms;
}

/* Bytes that have come and have not been read. */
static bool has_unread(int fd) {
    int unread = 0;
    return ioctl(fd, SIOCINQ, &unread) == 0 && unread > 0;
}

size_t http_peers_unread(http_peers *peers) {
    size_t count = 0;
    pthread_mutex_lock(&peers->lock);
    for (const http_peer *peer = peers->first; peer; peer = peer->next)
        count += phase_of(atomic_load(&peer->step)) == HTTP_PHASE_HEAD && has_unread(peer->fd);
    pthread_mutex_unlock(&peers->lock);
    return count;
}

/* ---- cutting ------------------------------------------------------------- */

static size_t write_timeout_head(const api_response *problem, char *out, size_t size) {
    size_t length =
        (size_t)snprintf(out, size, "HTTP/1.1 408 Request Timeout\r\nContent-Type: %s\r\nContent-Length: %zu\r\n",
                         problem->content_type, problem->body_length);
    for (size_t i = 0; http_standing[i].name; i++)
        length +=
            (size_t)snprintf(out + length, size - length, "%s: %s\r\n", http_standing[i].name, http_standing[i].value);
    return length + (size_t)snprintf(out + length, size - length, "Connection: close\r\n\r\n");
}

/* Nobody else is writing: a connection that was cut while it sent is one that its thread leaves alone. */
static void answer_timeout(int fd, const http_pace *pace) {
    char detail[160], head[1024];
    api_response problem = {0};
    snprintf(detail, sizeof detail,
             "The request took too long to come: %lld seconds for its head, then %lld bytes a second on average.",
             (long long)pace->head_ms / 1000, (long long)pace->rate);
    api_problem(&problem, 408, "request-too-slow", detail);
    const size_t length = write_timeout_head(&problem, head, sizeof head);
    struct iovec parts[] = {{head, length}, {problem.body, problem.body_length}};
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    (void)sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    api_response_free(&problem);
}

/* What the system still holds for a client that does not read, megabytes perhaps, goes when the socket is closed. */
static void forget_unsent(int fd) {
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/* Under the lock. Not if it has just gone on to another phase. */
static void cut(http_peers *peers, http_peer *peer, unsigned long step) {
    const unsigned long next = ((step | PHASE_MASK) + 1) | HTTP_PHASE_CUT;
    if (!atomic_compare_exchange_strong(&peer->step, &step, next)) return;
    peers->counts.cut[phase_of(step)]++;
    if (phase_of(step) == HTTP_PHASE_ANSWER)
        forget_unsent(peer->fd);
    else if (!peer->tls)
        answer_timeout(peer->fd, &peers->pace);
    shutdown(peer->fd, SHUT_RDWR);
}

/* The lock keeps every socket open that is in the list. */
void http_peers_sweep(http_peers *peers, int64_t now_ms) {
    pthread_mutex_lock(&peers->lock);
    for (http_peer *peer = peers->first; peer; peer = peer->next) {
        const unsigned long step = atomic_load(&peer->step);
        if (phase_of(step) != HTTP_PHASE_CUT && too_slow(peer, step, &peers->pace, now_ms)) cut(peers, peer, step);
    }
    pthread_mutex_unlock(&peers->lock);
}
