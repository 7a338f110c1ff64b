#include "parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* How long to look for work, or for the last helper, before sleeping: a sleeper takes longer than this to wake. */
enum { PATIENCE_US = 60, LOOKS_PER_TIME_CHECK = 32 };

/* Parts [next, end) of a job. Each worker begins with a range of its own and goes on with those of the others:
   neighbouring parts share lines of memory. */
enum { RANGES = 16, LINE_BYTES = 64 };
typedef struct range {
    atomic_int_fast64_t next;
    int64_t end;
    char apart[LINE_BYTES - sizeof(atomic_int_fast64_t) - sizeof(int64_t)];
} range;

typedef struct job {
    cvs__part_fn run;
    const void *context;
    const cvs_interrupt *interrupt; /* the caller's, or NULL */
    int ranges;
    range range[RANGES];
    atomic_int helpers; /* at work on it now */
    struct job *following;
} job;

struct cvs__pool {
    int threads;
    pthread_mutex_t lock;
    pthread_cond_t offered, left; /* a job was offered, or the pool ends; a helper left its job */
    job *jobs;                    /* those that may still have parts to take */
    bool ending;
    atomic_uint offers;      /* counts up with each job, for helpers that have not gone to sleep yet */
    atomic_int computing;    /* threads at work, helpers and callers */
    atomic_int offered_jobs; /* in `jobs` */
    int started;
    struct helper {
        cvs__pool *pool;
        pthread_t thread;
        int number; /* as a worker: 1 and up */
    } helper[];
};

/* ---- interrupts ------------------------------------------------------------------------- */

static _Thread_local const cvs_interrupt *listening_to;

void cvs__interrupt_by(const cvs_interrupt *interrupt) { listening_to = interrupt; }

static bool wanted(const cvs_interrupt *interrupt) { return interrupt && interrupt->wanted(interrupt->context); }

bool cvs__interrupted(void) { return wanted(listening_to); }

/* ---- parts -------------------------------------------------------------------------------- */

static void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Whether patience is at its end; `looks` counts, `until` is set with the first look. */
static bool tired(int *looks, int64_t *until) {
    relax();
    if (++*looks % LOOKS_PER_TIME_CHECK != 1) return false;
    const int64_t now = now_us();
    if (*looks == 1) *until = now + PATIENCE_US;
    return now >= *until;
}

/* Even ranges, one a thread unless there are very many. */
static void cut(job *j, int64_t parts, int threads) {
    j->ranges = threads < RANGES ? threads : RANGES;
    const int64_t each = parts / j->ranges, more = parts % j->ranges;
    for (int64_t i = 0, next = 0; i < j->ranges; i++) {
        atomic_init(&j->range[i].next, next);
        next += each + (i < more);
        j->range[i].end = next;
    }
}

static bool parts_left(job *j) {
    for (int i = 0; i < j->ranges; i++)
        if (atomic_load_explicit(&j->range[i].next, memory_order_relaxed) < j->range[i].end) return true;
    return false;
}

/* Leave no parts for anybody to come back for. */
static void give_up(job *j) {
    for (int i = 0; i < j->ranges; i++) atomic_store_explicit(&j->range[i].next, j->range[i].end, memory_order_relaxed);
}

/* A helper stops early when callers need its core: what it leaves, the job's caller computes. */
static void work(const cvs__pool *pool, job *j, int worker) {
    for (int i = 0; i < j->ranges; i++) {
        range *r = &j->range[(worker + i) % j->ranges];
        while (worker == 0 || atomic_load_explicit(&pool->computing, memory_order_relaxed) <= pool->threads) {
            const int64_t part = atomic_fetch_add_explicit(&r->next, 1, memory_order_relaxed);
            if (part >= r->end) break;
            if (wanted(j->interrupt)) {
                give_up(j);
                return;
            }
            j->run(j->context, part, worker);
        }
    }
}

/* Under the lock: a job with parts left, joined; NULL when there is none or all cores are busy. */
static job *join(cvs__pool *pool) {
    if (atomic_load(&pool->computing) >= pool->threads) return NULL;
    for (job *j = pool->jobs; j; j = j->following) {
        if (!parts_left(j)) continue;
        atomic_fetch_add_explicit(&j->helpers, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&pool->computing, 1, memory_order_relaxed);
        return j;
    }
    return NULL;
}

static void leave(cvs__pool *pool, job *j) {
    atomic_fetch_sub_explicit(&pool->computing, 1, memory_order_relaxed);
    if (atomic_fetch_sub_explicit(&j->helpers, 1, memory_order_release) > 1) return;
    pthread_mutex_lock(&pool->lock);
    pthread_cond_broadcast(&pool->left);
    pthread_mutex_unlock(&pool->lock);
}

/* Look for another offer than number `seen` before going to sleep; not while all cores have work. */
static void watch(cvs__pool *pool, unsigned seen) {
    int looks = 0;
    int64_t until = 0;
    while (atomic_load_explicit(&pool->offers, memory_order_relaxed) == seen && !tired(&looks, &until)) {
        if (atomic_load_explicit(&pool->computing, memory_order_relaxed) >= pool->threads) return;
    }
}

static void *help(void *argument) {
    const struct helper *self = argument;
    cvs__pool *pool = self->pool;
    pthread_mutex_lock(&pool->lock);
    while (!pool->ending) {
        job *j = join(pool);
        const unsigned seen = atomic_load_explicit(&pool->offers, memory_order_relaxed);
        if (!j) {
            pthread_cond_wait(&pool->offered, &pool->lock);
            continue;
        }
        pthread_mutex_unlock(&pool->lock);
        work(pool, j, self->number);
        leave(pool, j);
        watch(pool, seen);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static void offer(cvs__pool *pool, job *j) {
    pthread_mutex_lock(&pool->lock);
    j->following = pool->jobs;
    pool->jobs = j;
    atomic_fetch_add_explicit(&pool->offers, 1, memory_order_relaxed);
    atomic_fetch_add(&pool->offered_jobs, 1);
    if (atomic_load(&pool->computing) < pool->threads) pthread_cond_broadcast(&pool->offered);
    pthread_mutex_unlock(&pool->lock);
}

/* Take the job back, then wait for the helpers that are still at a part of it. */
static void withdraw(cvs__pool *pool, job *j) {
    pthread_mutex_lock(&pool->lock);
    job **at = &pool->jobs;
    while (*at != j) at = &(*at)->following;
    *at = j->following;
    atomic_fetch_sub_explicit(&pool->offered_jobs, 1, memory_order_relaxed);
    pthread_mutex_unlock(&pool->lock);
    int looks = 0;
    int64_t until = 0;
    while (atomic_load_explicit(&j->helpers, memory_order_acquire) > 0 && !tired(&looks, &until)) continue;
    if (atomic_load_explicit(&j->helpers, memory_order_acquire) == 0) return;
    pthread_mutex_lock(&pool->lock);
    while (atomic_load_explicit(&j->helpers, memory_order_acquire) > 0) pthread_cond_wait(&pool->left, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

/*
 * The caller's core is free: for a job that was offered while there was none. The order of all four accesses, here
 * and in offer(), is that of the program, so one of the two sees what the other did.
 */
static void hand_on(cvs__pool *pool) {
    atomic_fetch_sub(&pool->computing, 1);
    if (atomic_load(&pool->offered_jobs) == 0) return;
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add_explicit(&pool->offers, 1, memory_order_relaxed);
    pthread_cond_signal(&pool->offered);
    pthread_mutex_unlock(&pool->lock);
}

void cvs__parallel(cvs__pool *pool, int64_t parts, cvs__part_fn run, const void *context) {
    job j = {.run = run, .context = context, .interrupt = listening_to};
    cut(&j, parts, pool->threads);
    atomic_fetch_add_explicit(&pool->computing, 1, memory_order_relaxed);
    const bool shared = parts > 1 && pool->started > 0;
    if (shared) offer(pool, &j);
    work(pool, &j, 0);
    if (shared) withdraw(pool, &j);
    hand_on(pool);
}

int cvs__pool_threads(const cvs__pool *pool) { return pool->threads; }

/* With all signals blocked: they are for the threads of the program. */
static void start_helpers(cvs__pool *pool) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool->started < pool->threads - 1) {
        struct helper *next = &pool->helper[pool->started];
        *next = (struct helper){.pool = pool, .number = pool->started + 1};
        if (pthread_create(&next->thread, NULL, help, next) != 0) break;
        pool->started++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

cvs_status cvs__pool_create(int threads, cvs__pool **out, cvs_error *err) {
    *out = NULL;
    cvs__pool *pool = calloc(1, sizeof *pool + (size_t)(threads - 1) * sizeof *pool->helper);
    if (!pool) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "no memory for the engine's threads");
    pool->threads = threads;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->offered, NULL);
    pthread_cond_init(&pool->left, NULL);
    start_helpers(pool);
    if (pool->started < threads - 1) {
        cvs__pool_free(pool);
        return cvs_fail(err, CVS_NO_MEMORY, "no-threads", NULL, "the system has no thread for the engine");
    }
    *out = pool;
    return CVS_OK;
}

void cvs__pool_free(cvs__pool *pool) {
    if (!pool) return;
    pthread_mutex_lock(&pool->lock);
    pool->ending = true;
    pthread_cond_broadcast(&pool->offered);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->started; i++) pthread_join(pool->helper[i].thread, NULL);
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->offered);
    pthread_cond_destroy(&pool->left);
    free(pool);
}
