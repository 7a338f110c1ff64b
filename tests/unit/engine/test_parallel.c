/* The pool: every part once, by as many threads as there are cores and no more, whoever else computes. */
#include "engine/parallel.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

Suite *parallel_suite(void);

enum { MOST_THREADS = 8, MOST_PARTS = 100, CALLERS = 6, SHORT_JOBS = 5000 };

/* ---- a system without threads: the linker puts this before pthread_create() -------- */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *argument);

static atomic_int threads_left = 1000000;

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *argument) {
    if (atomic_fetch_sub(&threads_left, 1) <= 0) return 11; /* EAGAIN on Linux, as at RLIMIT_NPROC */
    return __real_pthread_create(thread, how, run, argument);
}

static cvs__pool *make_pool(int threads) {
    cvs__pool *pool = NULL;
    cvs_error err = {0};
    ck_assert_msg(cvs__pool_create(threads, &pool, &err) == CVS_OK, "%s", err.message);
    ck_assert_int_eq(cvs__pool_threads(pool), threads);
    return pool;
}

/* ---- what a part does --------------------------------------------------------------- */

typedef struct tally {
    int threads;
    int done[MOST_PARTS];            /* plain: the pool must make it visible */
    atomic_int inside[MOST_THREADS]; /* who computes under this worker's number now */
    atomic_int wrong;
    int part_yields;
} tally;

static void count_part(const void *context, int64_t part, int worker) {
    tally *t = *(tally *const *)context;
    if (worker < 0 || worker >= t->threads || atomic_fetch_add(&t->inside[worker], 1) != 0) {
        atomic_fetch_add(&t->wrong, 1);
        return;
    }
    for (int i = 0; i < t->part_yields; i++) sched_yield();
    t->done[part]++;
    atomic_fetch_sub(&t->inside[worker], 1);
}

/* 0 when every part was computed once, under a number that nobody else had meanwhile. */
static int faults_of(cvs__pool *pool, tally *t, int parts) {
    memset(t->done, 0, sizeof t->done);
    cvs__parallel(pool, parts, count_part, &t);
    int faults = atomic_load(&t->wrong);
    for (int i = 0; i < MOST_PARTS; i++) faults += t->done[i] != (i < parts);
    return faults;
}

START_TEST(every_part_is_computed_once) {
    cvs__pool *pool = make_pool(_i);
    tally t = {.threads = _i, .part_yields = 2};
    for (int parts = 0; parts <= MOST_PARTS; parts++) ck_assert_int_eq(faults_of(pool, &t, parts), 0);
    cvs__pool_free(pool);
}
END_TEST

/* A wake-up that got lost would leave one of these jobs waiting for ever. */
START_TEST(thousands_of_short_jobs_end) {
    cvs__pool *pool = make_pool(_i);
    tally t = {.threads = _i};
    for (int job = 0; job < SHORT_JOBS; job++) {
        ck_assert_int_eq(faults_of(pool, &t, 1 + job % 9), 0);
        if (job % 500 == 0) nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL); /* the helpers fall asleep */
    }
    cvs__pool_free(pool);
}
END_TEST

/* ---- many at once -------------------------------------------------------------------- */

typedef struct caller {
    pthread_t thread;
    cvs__pool *pool;
    int number, faults;
} caller;

static void *call_often(void *argument) {
    caller *c = argument;
    tally t = {.threads = cvs__pool_threads(c->pool), .part_yields = c->number % 3};
    for (int job = 0; job < SHORT_JOBS / 10; job++)
        c->faults += faults_of(c->pool, &t, 1 + (job * 7 + c->number) % MOST_PARTS);
    return NULL;
}

START_TEST(more_callers_than_threads) {
    cvs__pool *pool = make_pool(_i);
    caller callers[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (caller){.pool = pool, .number = i};
        ck_assert_int_eq(pthread_create(&callers[i].thread, NULL, call_often, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        ck_assert_int_eq(callers[i].faults, 0);
    }
    cvs__pool_free(pool);
}
END_TEST

/* ---- helpers ------------------------------------------------------------------------- */

/* Part 0 waits until somebody computes part 1: without a helper that would be for ever. */
static void meet(const void *context, int64_t part, int worker) {
    atomic_int *here = *(atomic_int *const *)context;
    (void)part, (void)worker;
    atomic_fetch_add(here, 1);
    while (atomic_load(here) < 2) sched_yield();
}

START_TEST(a_helper_comes_awake_or_asleep) {
    cvs__pool *pool = make_pool(_i);
    for (int round = 0; round < 50; round++) {
        atomic_int count = 0, *here = &count;
        cvs__parallel(pool, 2, meet, &here);
        ck_assert_int_eq(atomic_load(here), 2);
        if (round % 2) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cvs__pool_free(pool);
}
END_TEST

typedef struct gate {
    cvs__pool *pool;
    atomic_int entered, open, met;
} gate;

static void wait_at_the_gate(const void *context, int64_t part, int worker) {
    gate *g = *(gate *const *)context;
    (void)part, (void)worker;
    atomic_fetch_add(&g->entered, 1);
    while (!atomic_load(&g->open)) sched_yield();
}

static void *call_gate(void *argument) {
    gate *g = argument;
    cvs__parallel(g->pool, 1, wait_at_the_gate, &g);
    return NULL;
}

/* Part 0 lets the other caller end; part 1 must then be taken by the helper whose core that set free. */
static void open_and_meet(const void *context, int64_t part, int worker) {
    gate *g = *(gate *const *)context;
    (void)part, (void)worker;
    atomic_store(&g->open, 1);
    atomic_fetch_add(&g->met, 1);
    while (atomic_load(&g->met) < 2) sched_yield();
}

START_TEST(a_core_set_free_helps_a_job_begun_before) {
    gate g = {.pool = make_pool(2)}, *at = &g;
    pthread_t other;
    ck_assert_int_eq(pthread_create(&other, NULL, call_gate, &g), 0);
    while (!atomic_load(&g.entered)) sched_yield();
    cvs__parallel(g.pool, 2, open_and_meet, &at);
    pthread_join(other, NULL);
    cvs__pool_free(g.pool);
}
END_TEST

static void note_mask(const void *context, int64_t part, int worker) {
    atomic_int *unblocked = *(atomic_int *const *)context;
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    if (worker > 0 && (!sigismember(&mask, SIGTERM) || !sigismember(&mask, SIGUSR1))) atomic_fetch_add(unblocked, 1);
    for (int i = 0; i < 20; i++) sched_yield();
    (void)part;
}

START_TEST(signals_stay_with_the_program) {
    sigset_t before, after;
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    cvs__pool *pool = make_pool(MOST_THREADS);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    ck_assert_int_eq(sigismember(&before, SIGTERM), sigismember(&after, SIGTERM));
    atomic_int count = 0, *unblocked = &count;
    for (int i = 0; i < 20; i++) cvs__parallel(pool, MOST_PARTS, note_mask, &unblocked);
    ck_assert_int_eq(atomic_load(unblocked), 0);
    cvs__pool_free(pool);
}
END_TEST

/* ---- limits -------------------------------------------------------------------------- */

START_TEST(freed_as_soon_as_used) {
    cvs__pool_free(NULL);
    for (int i = 0; i < 200; i++) {
        cvs__pool *pool = make_pool(1 + i % 4);
        tally t = {.threads = 1 + i % 4};
        if (i % 3) ck_assert_int_eq(faults_of(pool, &t, i % 11), 0);
        cvs__pool_free(pool);
    }
}
END_TEST

START_TEST(a_system_without_threads_is_an_error) {
    for (int allowed = 0; allowed < MOST_THREADS - 1; allowed++) {
        cvs__pool *pool = NULL;
        cvs_error err = {0};
        atomic_store(&threads_left, allowed);
        const cvs_status status = cvs__pool_create(MOST_THREADS, &pool, &err);
        atomic_store(&threads_left, 1000000);
        ck_assert_int_eq(status, CVS_NO_MEMORY);
        ck_assert_ptr_null(pool);
        ck_assert_str_eq(err.code, "no-threads");
    }
}
END_TEST

Suite *parallel_suite(void) {
    Suite *suite = suite_create("parallel");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_set_timeout(core, 60);
    tcase_set_timeout(limits, 60);
    tcase_add_loop_test(core, every_part_is_computed_once, 1, MOST_THREADS + 1);
    tcase_add_loop_test(core, thousands_of_short_jobs_end, 1, 5);
    tcase_add_loop_test(core, more_callers_than_threads, 1, 5);
    tcase_add_loop_test(core, a_helper_comes_awake_or_asleep, 2, 5);
    tcase_add_test(core, a_core_set_free_helps_a_job_begun_before);
    tcase_add_test(core, signals_stay_with_the_program);
    tcase_add_test(limits, freed_as_soon_as_used);
    tcase_add_test(limits, a_system_without_threads_is_an_error);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
