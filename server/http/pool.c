#include "http/pool.h"

#include "http/clock.h"
#include "http/step_back.h"

#include <pthread.h>
#include <stdlib.h>

struct http_pool {
    pthread_mutex_t lock;
    pthread_cond_t pushed;   /* or the pool ends */
    http_job *first, **last; /* that wait */
    http_job *running;
    http_pool_counts counts;
    atomic_uint taken; /* places, by jobs reserved for, waiting or running; changed under the lock only */
    unsigned places;
    bool stopped, ending;
    unsigned workers;
    pthread_t worker[];
};

/* Under the lock. NULL when the list is empty. */
static http_job *pop(http_pool *pool) {
    http_job *job = pool->first;
    if (!job) return NULL;
    pool->first = job->next;
    if (!pool->first) pool->last = &pool->first;
    pool->counts.waiting--;
    return job;
}

/* Under the lock, and before anybody can know of the end: who then pushes the next job finds the place free. */
static void free_place(http_pool *pool, http_fate fate) {
    pool->taken--;
    pool->counts.ended[fate]++;
}

static void end(http_pool *pool, http_job *job, http_fate fate) {
    pthread_mutex_lock(&pool->lock);
    free_place(pool, fate);
    pthread_mutex_unlock(&pool->lock);
    job->ended(job, fate);
}

/* What has become of a job that is waiting, or was until now; HTTP_FATE_DONE: it may run. */
static http_fate judge(http_job *job, int64_t now_ms) {
    if (!job->waits) return HTTP_FATE_DONE;
    if (job->gone && job->gone(job)) return HTTP_FATE_GONE;
    return job->late_ms && job->late_ms <= now_ms ? HTTP_FATE_LATE : HTTP_FATE_DONE;
}

/* ---- what runs ---------------------------------------------------------------------- */

bool http_job_is_cut(const void *job) {
    return atomic_load_explicit(&((http_job *)(uintptr_t)job)->cut, memory_order_relaxed) != HTTP_FATE_DONE;
}

/* Under the lock. */
static void begin(http_pool *pool, http_job *job, int64_t now_ms) {
    job->begun_ms = now_ms;
    atomic_store(&job->cut, HTTP_FATE_DONE);
    job->next = pool->running;
    pool->running = job;
    pool->counts.running++;
}

/* Under the lock: from now on nobody looks at it. */
static void leave(http_pool *pool, const http_job *job) {
    http_job **at = &pool->running;
    while (*at != job) at = &(*at)->next;
    *at = job->next;
}

/* Under the lock. */
static void cut_running(http_pool *pool, int64_t now_ms) {
    for (http_job *job = pool->running; job; job = job->next) {
        http_fate fate = HTTP_FATE_DONE;
        if (job->late_ms && job->late_ms <= now_ms) fate = HTTP_FATE_LATE;
        if (now_ms - job->begun_ms >= HTTP_POOL_PATIENCE_MS && job->gone && job->gone(job)) fate = HTTP_FATE_GONE;
        if (fate != HTTP_FATE_DONE) atomic_store(&job->cut, fate);
    }
}

static http_fate do_job(http_job *job, int64_t now_ms) {
    const http_fate fate = judge(job, now_ms);
    if (fate != HTTP_FATE_DONE) return fate;
    return job->run(job) ? HTTP_FATE_DONE : (http_fate)atomic_load(&job->cut);
}

/* ---- workers -------------------------------------------------------------------------- */

static void *work(void *argument) {
    http_pool *pool = argument;
    http_step_back();
    pthread_mutex_lock(&pool->lock);
    while (!pool->ending) {
        http_job *job = pop(pool);
        if (!job) {
            pthread_cond_wait(&pool->pushed, &pool->lock);
            continue;
        }
        const int64_t now_ms = http_now_ms();
        begin(pool, job, now_ms);
        pthread_mutex_unlock(&pool->lock);
        const http_fate fate = do_job(job, now_ms);
        pthread_mutex_lock(&pool->lock);
        leave(pool, job);
        free_place(pool, fate);
        pthread_mutex_unlock(&pool->lock);
        job->ended(job, fate);
        pthread_mutex_lock(&pool->lock);
        pool->counts.running--;
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static bool start_workers(http_pool *pool, unsigned workers) {
    while (pool->workers < workers) {
        if (pthread_create(&pool->worker[pool->workers], NULL, work, pool) != 0) return false;
        pool->workers++;
    }
    return true;
}

cvs_status http_pool_create(unsigned workers, unsigned queue, http_pool **out, cvs_error *err) {
    *out = NULL;
    http_pool *pool = calloc(1, sizeof *pool + workers * sizeof *pool->worker);
    if (!pool) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "there is no memory to start");
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->pushed, NULL);
    pool->last = &pool->first;
    pool->places = queue <= UINT32_MAX - workers ? workers + queue : UINT32_MAX;
    if (!start_workers(pool, workers)) {
        http_pool_free(pool);
        return cvs_fail(err, CVS_NO_MEMORY, "no-threads", NULL, "the system has no threads for %u workers", workers);
    }
    *out = pool;
    return CVS_OK;
}

bool http_pool_reserve(http_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    bool free_place = pool->taken < pool->places;
    pool->taken += free_place;
    pool->counts.refused += !free_place;
    pthread_mutex_unlock(&pool->lock);
    return free_place;
}

void http_pool_insist(http_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    pool->taken++;
    pthread_mutex_unlock(&pool->lock);
}

void http_pool_push(http_pool *pool, http_job *job) {
    pthread_mutex_lock(&pool->lock);
    bool stopped = pool->stopped;
    if (!stopped) {
        job->next = NULL;
        job->waits = pool->taken > pool->workers;
        *pool->last = job;
        pool->last = &job->next;
        pool->counts.waiting++;
        pthread_cond_signal(&pool->pushed);
    }
    pthread_mutex_unlock(&pool->lock);
    if (stopped) end(pool, job, HTTP_FATE_STOPPED);
}

bool http_pool_full(const http_pool *pool) { return atomic_load(&pool->taken) >= pool->places; }

/* Under the lock: move the jobs that are to end from the list to `out`, with their fates in it. */
static http_job *pick_ended(http_pool *pool, int64_t now_ms) {
    http_job *out = NULL, **out_last = &out;
    pool->last = &pool->first;
    while (*pool->last) {
        http_job *job = *pool->last;
        job->fate = judge(job, now_ms);
        if (job->fate == HTTP_FATE_DONE) {
            pool->last = &job->next;
            continue;
        }
        *pool->last = job->next;
        job->next = NULL;
        *out_last = job;
        out_last = &job->next;
        pool->counts.waiting--;
    }
    return out;
}

void http_pool_sweep(http_pool *pool, int64_t now_ms) {
    pthread_mutex_lock(&pool->lock);
    http_job *job = pick_ended(pool, now_ms);
    cut_running(pool, now_ms);
    pthread_mutex_unlock(&pool->lock);
    while (job) {
        http_job *next = job->next; /* the end may free it */
        end(pool, job, job->fate);
        job = next;
    }
}

void http_pool_count(http_pool *pool, http_pool_counts *out) {
    pthread_mutex_lock(&pool->lock);
    *out = pool->counts;
    pthread_mutex_unlock(&pool->lock);
}

unsigned http_pool_waiting(http_pool *pool) {
    http_pool_counts counts;
    http_pool_count(pool, &counts);
    return counts.waiting;
}

unsigned http_pool_workers(const http_pool *pool) { return pool->workers; }

unsigned http_pool_queue(const http_pool *pool) { return pool->places - pool->workers; }

void http_pool_stop(http_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    pool->stopped = true;
    for (http_job *job; (job = pop(pool)) != NULL;) {
        pthread_mutex_unlock(&pool->lock);
        end(pool, job, HTTP_FATE_STOPPED);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
}

void http_pool_give_up(http_pool *pool) {
    http_pool_stop(pool);
    pthread_mutex_lock(&pool->lock);
    for (http_job *job = pool->running; job; job = job->next) {
        int none = HTTP_FATE_DONE;
        atomic_compare_exchange_strong(&job->cut, &none, HTTP_FATE_STOPPED);
    }
    pthread_mutex_unlock(&pool->lock);
}

void http_pool_wait(http_pool *pool) {
    http_pool_stop(pool);
    pthread_mutex_lock(&pool->lock);
    const bool first = !pool->ending;
    pool->ending = true;
    pthread_cond_broadcast(&pool->pushed);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; first && i < pool->workers; i++) pthread_join(pool->worker[i], NULL);
}

void http_pool_free(http_pool *pool) {
    if (!pool) return;
    http_pool_wait(pool);
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->pushed);
    free(pool);
}
