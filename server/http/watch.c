#include "http/watch.h"

#include "http/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* Looking at thousands of connections takes milliseconds, and their times are seconds. */
enum { TICK_MS = 100, TICKS_A_SWEEP_OF_PEERS = 5 };

struct http_watch {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool ending;
    http_pool *pool;
    http_peers *peers;
};

/* Under the lock. */
static void wait_for_tick(http_watch *watch) {
    const int64_t until = http_now_ms() + TICK_MS;
    const struct timespec when = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
    (void)pthread_cond_clockwait(&watch->over, &watch->lock, CLOCK_MONOTONIC, &when);
}

static void *look_after(void *argument) {
    http_watch *watch = argument;
    pthread_mutex_lock(&watch->lock);
    for (unsigned tick = 0; !watch->ending; tick++) {
        pthread_mutex_unlock(&watch->lock);
        http_pool_sweep(watch->pool, http_now_ms());
        if (tick % TICKS_A_SWEEP_OF_PEERS == 0) http_peers_sweep(watch->peers, http_now_ms());
        pthread_mutex_lock(&watch->lock);
        if (!watch->ending) wait_for_tick(watch);
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

cvs_status http_watch_start(http_pool *pool, http_peers *peers, http_watch **out, cvs_error *err) {
    *out = NULL;
    http_watch *watch = calloc(1, sizeof *watch);
    if (!watch) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "there is no memory to start");
    watch->pool = pool;
    watch->peers = peers;
    pthread_mutex_init(&watch->lock, NULL);
    pthread_cond_init(&watch->over, NULL);
    if (pthread_create(&watch->thread, NULL, look_after, watch) != 0) {
        free(watch);
        return cvs_fail(err, CVS_NO_MEMORY, "no-threads", NULL, "the system has no thread to watch connections");
    }
    *out = watch;
    return CVS_OK;
}

void http_watch_stop(http_watch *watch) {
    if (!watch) return;
    pthread_mutex_lock(&watch->lock);
    watch->ending = true;
    pthread_cond_signal(&watch->over);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    pthread_mutex_destroy(&watch->lock);
    pthread_cond_destroy(&watch->over);
    free(watch);
}
