/*
 * pool.h - work that takes long, done by threads that talk to nobody: those that do go on answering meanwhile.
 *
 * A fixed number of workers does the jobs in the order they came. As many more may wait as was said at the start; what
 * comes then is refused at once, for a queue without an end only turns "no" into "no, but later".
 */
#ifndef CONVSCOPE_HTTP_POOL_H
#define CONVSCOPE_HTTP_POOL_H

#include <convscope/base.h>
#include <stdatomic.h>
#include <stdint.h>

/* What became of a job. */
typedef enum http_fate {
    HTTP_FATE_DONE = 0, /* it has run */
    HTTP_FATE_LATE,     /* its time was over before its turn, or it was cut short then */
    HTTP_FATE_GONE,     /* nobody waited for it any more: it has not run, or was cut short */
    HTTP_FATE_STOPPED,  /* the pool ended before its turn, or it was cut short then */
    HTTP_FATES
} http_fate;

/* A job belongs to whoever pushes it, and must live until it has ended. */
typedef struct http_job {
    bool (*run)(struct http_job *job);                   /* on a worker; false when it was cut short */
    void (*ended)(struct http_job *job, http_fate fate); /* once, on any thread; its place is free again by then */
    bool (*gone)(struct http_job *job);                  /* whether nobody waits for it any more; NULL: never */
    int64_t late_ms;                                     /* when its time is over (clock.h); 0: never */
    struct http_job *next;                               /* the rest is the pool's */
    bool waits;                                          /* no worker was free when it came */
    http_fate fate;                                      /* as it is about to end */
    int64_t begun_ms;                                    /* when it began to run */
    atomic_int cut;                                      /* while it runs: the fate that it is to end with, or 0 */
} http_job;

/* Whether the job (a cvs_interrupt's context) is to be cut short. While it runs. */
bool http_job_is_cut(const void *job);

typedef struct http_pool http_pool;

/* Start `workers` threads (1 or more), behind which `queue` jobs (0 or more) may wait. CVS_NO_MEMORY also when the
 * system has no more threads to give. */
cvs_status http_pool_create(unsigned workers, unsigned queue, http_pool **out, cvs_error *err) CVS_NODISCARD;

/*
 * Take a place for one job; false when every worker is busy and the queue is full. Apart from http_pool_push(), so
 * that a connection is suspended only when its job has a place, and before the job can run.
 */
bool http_pool_reserve(http_pool *pool) CVS_NODISCARD;

/* Take a place even if there is none: for the next part of work that has begun. */
void http_pool_insist(http_pool *pool);

/* Hand over the job that a place was taken for. Any thread. */
void http_pool_push(http_pool *pool, http_job *job);

/* Whether http_pool_reserve() would say no now. */
bool http_pool_full(const http_pool *pool);

/*
 * End the waiting jobs that are late at `now_ms`, or that nobody waits for, and cut short those that run. To be called
 * several times a second; a worker looks as well before it begins. A job that finds a free worker is begun without a
 * look, and has HTTP_POOL_PATIENCE_MS before it is looked whether anybody waits: a client that has closed its half of
 * the connection, since it will say no more, looks the same as one that has gone.
 */
enum { HTTP_POOL_PATIENCE_MS = 1000 };
void http_pool_sweep(http_pool *pool, int64_t now_ms);

/* Jobs that no worker has taken yet. */
unsigned http_pool_waiting(http_pool *pool);

/* How it stands at one moment, and what has been since the start. */
typedef struct http_pool_counts {
    unsigned waiting, running;
    uint64_t ended[HTTP_FATES];
    uint64_t refused; /* found no place */
} http_pool_counts;
void http_pool_count(http_pool *pool, http_pool_counts *out);

/* As at the start. */
unsigned http_pool_workers(const http_pool *pool);
unsigned http_pool_queue(const http_pool *pool);

/* End what still waits with HTTP_FATE_STOPPED, as everything pushed from now on. What runs is not touched. */
void http_pool_stop(http_pool *pool);

/* Stop, and cut short what runs: HTTP_FATE_STOPPED, unless it has another fate by now. */
void http_pool_give_up(http_pool *pool);

/* Stop, and wait for what runs. */
void http_pool_wait(http_pool *pool);

/* The same, and free. No place may still be taken. NULL is fine. */
void http_pool_free(http_pool *pool);

#endif
