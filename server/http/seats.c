#include "http/seats.h"

#include "http/listener.h"

#include <netinet/in.h>
#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* Those who share an address at a listener. */
typedef struct household {
    struct {
        size_t listener;
        int family;
        unsigned char bytes[16];
    } key; /* without padding that is not zero: compared as it is */
    unsigned count;
} household;

typedef struct seat {
    bool taken;
    size_t listener;
    unsigned thread;
    household *household; /* NULL: not counted */
} seat;

struct http_seats {
    pthread_mutex_t lock;
    size_t listeners;
    unsigned threads;
    http_seats_limits limits;
    seat *seats; /* by descriptor */
    size_t room, taken;
    void *households; /* a tree of tsearch(3) */
    struct {
        unsigned *of_thread, all, turn;
        bool awaited;
    } at[HTTP_LISTENERS_MAX];
};

http_seats *http_seats_create(size_t listeners, unsigned threads, http_seats_limits limits) {
    http_seats *seats = calloc(1, sizeof *seats);
    unsigned *counts = calloc(listeners * threads, sizeof *counts);
    if (!seats || !counts) {
        free(counts);
        free(seats);
        return NULL;
    }
    seats->listeners = listeners;
    seats->threads = threads;
    seats->limits = limits;
    pthread_mutex_init(&seats->lock, NULL);
    for (size_t i = 0; i < listeners; i++) seats->at[i].of_thread = counts + i * threads;
    return seats;
}

void http_seats_free(http_seats *seats) {
    if (!seats) return;
    tdestroy(seats->households, free);
    pthread_mutex_destroy(&seats->lock);
    free(seats->at[0].of_thread);
    free(seats->seats);
    free(seats);
}

/* ---- addresses ----------------------------------------------------------- */

static int compare(const void *a, const void *b) {
    const household *one = a, *other = b;
    return memcmp(&one->key, &other->key, sizeof one->key);
}

/* False when clients of that kind are not counted. */
static bool household_of(size_t listener, const struct sockaddr *client, household *out) {
    memset(out, 0, sizeof *out);
    out->key.listener = listener;
    out->key.family = client->sa_family;
    if (client->sa_family == AF_INET)
        memcpy(out->key.bytes, &((const struct sockaddr_in *)client)->sin_addr, sizeof(struct in_addr));
    else if (client->sa_family == AF_INET6)
        memcpy(out->key.bytes, &((const struct sockaddr_in6 *)client)->sin6_addr, sizeof(struct in6_addr));
    return client->sa_family == AF_INET || client->sa_family == AF_INET6;
}

/* The tree's own one of that key, made where there is none yet; NULL when there is no memory. */
static household *find_household(http_seats *seats, const household *like) {
    household **found = tfind(like, &seats->households, compare);
    if (found) return *found;
    household *one = malloc(sizeof *one);
    if (!one) return NULL;
    *one = *like;
    found = tsearch(one, &seats->households, compare);
    if (!found) free(one);
    return found ? *found : NULL;
}

static void leave_household(http_seats *seats, household *one) {
    if (!one || --one->count) return;
    tdelete(one, &seats->households, compare);
    free(one);
}

/* Count one more from that address; *out is NULL where none are counted. */
static bool join_household(http_seats *seats, size_t listener, const struct sockaddr *client, household **out) {
    household like;
    *out = NULL;
    if (!seats->limits.per_address || !household_of(listener, client, &like)) return true;
    household *one = find_household(seats, &like);
    if (!one || one->count >= seats->limits.per_address) return false;
    one->count++;
    *out = one;
    return true;
}

/* ---- seats --------------------------------------------------------------- */

/* Room for a descriptor: they are small numbers. */
static bool make_room(http_seats *seats, size_t fd) {
    if (fd < seats->room) return true;
    const size_t room = (fd + 1) * 2;
    seat *grown = realloc(seats->seats, room * sizeof *grown);
    if (!grown) return false;
    memset(grown + seats->room, 0, (room - seats->room) * sizeof *grown);
    seats->seats = grown;
    seats->room = room;
    return true;
}

static unsigned emptiest(http_seats *seats, size_t listener) {
    const unsigned *of_thread = seats->at[listener].of_thread;
    unsigned best = seats->at[listener].turn++ % seats->threads;
    for (unsigned i = 1, thread = best; i < seats->threads; i++) {
        thread = (thread + 1) % seats->threads;
        if (of_thread[thread] < of_thread[best]) best = thread;
    }
    return best;
}

/* Whether somebody waits for it. */
static bool clear(http_seats *seats, seat *one) {
    const bool awaited = seats->at[one->listener].awaited;
    seats->at[one->listener].awaited = false;
    seats->at[one->listener].all--;
    seats->at[one->listener].of_thread[one->thread]--;
    seats->taken--;
    leave_household(seats, one->household);
    *one = (seat){.taken = false};
    return awaited;
}

/* Under the lock. */
static bool take(http_seats *seats, size_t listener, int fd, const struct sockaddr *client) {
    household *of;
    if (!make_room(seats, (size_t)fd)) return false;
    seat *one = &seats->seats[fd];
    if (one->taken) (void)clear(seats, one);
    if (!join_household(seats, listener, client, &of)) return false;
    *one = (seat){.taken = true, .listener = listener, .thread = emptiest(seats, listener), .household = of};
    seats->at[listener].all++;
    seats->at[listener].of_thread[one->thread]++;
    seats->taken++;
    return true;
}

bool http_seats_free_at(http_seats *seats, size_t listener) {
    pthread_mutex_lock(&seats->lock);
    const bool room = seats->at[listener].all < seats->limits.connections;
    seats->at[listener].awaited = !room;
    pthread_mutex_unlock(&seats->lock);
    return room;
}

bool http_seats_take(http_seats *seats, size_t listener, int fd, const struct sockaddr *client, unsigned *thread) {
    pthread_mutex_lock(&seats->lock);
    const bool taken = take(seats, listener, fd, client);
    if (taken) *thread = seats->seats[fd].thread;
    pthread_mutex_unlock(&seats->lock);
    return taken;
}

bool http_seats_leave(http_seats *seats, int fd) {
    pthread_mutex_lock(&seats->lock);
    seat *one = (size_t)fd < seats->room ? &seats->seats[fd] : NULL;
    const bool awaited = one && one->taken && clear(seats, one);
    pthread_mutex_unlock(&seats->lock);
    return awaited;
}

size_t http_seats_taken(http_seats *seats) {
    pthread_mutex_lock(&seats->lock);
    const size_t taken = seats->taken;
    pthread_mutex_unlock(&seats->lock);
    return taken;
}
