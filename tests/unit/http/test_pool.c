#include "http/pool.h"

#include "http/clock.h"

#include <check.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

Suite *pool_suite(void);

/* A job that says when it begins, and goes on when it is told to. */
typedef struct trial {
    http_job job; /* first */
    sem_t begun, go, over;
    http_fate fate;
    int number; /* in the order of beginning, from 1; 0: never */
    bool held, gone;
} trial;

static atomic_int beginnings;

static bool run(http_job *job) {
    trial *t = (trial *)job;
    t->number = atomic_fetch_add(&beginnings, 1) + 1;
    sem_post(&t->begun);
    if (t->held) sem_wait(&t->go);
    return !http_job_is_cut(job);
}

static void ended(http_job *job, http_fate fate) {
    trial *t = (trial *)job;
    t->fate = fate;
    sem_post(&t->over);
}

static bool gone(http_job *job) { return ((trial *)job)->gone; }

static void prepare(trial *t, bool held) {
    *t = (trial){.job = {.run = run, .ended = ended, .gone = gone}, .held = held};
    sem_init(&t->begun, 0, 0);
    sem_init(&t->go, 0, 0);
    sem_init(&t->over, 0, 0);
}

static void offer(http_pool *pool, trial *t, bool held) {
    prepare(t, held);
    ck_assert(http_pool_reserve(pool));
    http_pool_push(pool, &t->job);
}

static http_pool *make(unsigned workers, unsigned queue) {
    http_pool *pool = NULL;
    atomic_store(&beginnings, 0);
    ck_assert_int_eq(http_pool_create(workers, queue, &pool, NULL), CVS_OK);
    ck_assert_uint_eq(http_pool_workers(pool), workers);
    return pool;
}

START_TEST(jobs_begin_in_the_order_they_came) {
    enum { JOBS = 50 };
    http_pool *pool = make(1, JOBS);
    trial t[JOBS];
    for (int i = 0; i < JOBS; i++) offer(pool, &t[i], i == 0);
    sem_wait(&t[0].begun);
    ck_assert_uint_eq(http_pool_waiting(pool), JOBS - 1);
    sem_post(&t[0].go);
    for (int i = 0; i < JOBS; i++) {
        sem_wait(&t[i].over);
        ck_assert_int_eq(t[i].number, i + 1);
        ck_assert_int_eq(t[i].fate, HTTP_FATE_DONE);
    }
    http_pool_free(pool);
}
END_TEST

START_TEST(every_worker_has_one_at_a_time) {
    http_pool *pool = make(3, 1);
    trial t[4];
    for (int i = 0; i < 4; i++) offer(pool, &t[i], true);
    for (int i = 0; i < 3; i++) sem_wait(&t[i].begun); /* while none of them ends */
    ck_assert_uint_eq(http_pool_waiting(pool), 1);
    for (int i = 0; i < 4; i++) sem_post(&t[i].go);
    for (int i = 0; i < 4; i++) sem_wait(&t[i].over);
    http_pool_free(pool);
}
END_TEST

START_TEST(places_are_workers_and_queue) {
    http_pool *pool = make(1, (unsigned)_i);
    trial t[4], more;
    for (int i = 0; i < 1 + _i; i++) offer(pool, &t[i], true);
    ck_assert(http_pool_full(pool));
    ck_assert(!http_pool_reserve(pool));
    sem_post(&t[0].go);
    sem_wait(&t[0].over);
    offer(pool, &more, false); /* the place of the first: whoever sees the end finds it free */
    for (int i = 1; i < 1 + _i; i++) sem_post(&t[i].go);
    sem_wait(&more.over);
    ck_assert(!http_pool_full(pool));
    http_pool_free(pool);
}
END_TEST

START_TEST(what_became_of_jobs_is_counted) {
    http_pool *pool = make(1, 2);
    http_pool_counts counts;
    trial t[3], late;
    for (int i = 0; i < 3; i++) offer(pool, &t[i], i == 0);
    ck_assert(!http_pool_reserve(pool));
    sem_wait(&t[0].begun);
    http_pool_count(pool, &counts);
    ck_assert_uint_eq(counts.running, 1);
    ck_assert_uint_eq(counts.waiting, 2);
    ck_assert_uint_eq(counts.refused, 1);
    t[1].job.late_ms = 1;
    http_pool_sweep(pool, 1);
    http_pool_stop(pool);
    offer(pool, &late, false);
    sem_post(&t[0].go);
    sem_wait(&t[0].over);
    http_pool_count(pool, &counts);
    ck_assert_uint_eq(counts.waiting, 0);
    ck_assert_uint_eq(counts.ended[HTTP_FATE_DONE], 1);
    ck_assert_uint_eq(counts.ended[HTTP_FATE_LATE], 1);
    ck_assert_uint_eq(counts.ended[HTTP_FATE_GONE], 0);
    ck_assert_uint_eq(counts.ended[HTTP_FATE_STOPPED], 2);
    http_pool_free(pool);
}
END_TEST

START_TEST(a_place_counts_before_its_job_is_pushed) {
    http_pool *pool = make(1, 0);
    trial t;
    ck_assert(http_pool_reserve(pool));
    ck_assert(!http_pool_reserve(pool));
    prepare(&t, false);
    http_pool_push(pool, &t.job);
    sem_wait(&t.over);
    ck_assert(http_pool_reserve(pool));
    http_pool_push(pool, &t.job);
    sem_wait(&t.over);
    http_pool_free(pool);
}
END_TEST

START_TEST(stopping_ends_what_waits_and_lets_run_what_runs) {
    http_pool *pool = make(1, 3);
    trial t[3], late;
    for (int i = 0; i < 3; i++) offer(pool, &t[i], i == 0);
    sem_wait(&t[0].begun);
    http_pool_stop(pool);
    for (int i = 1; i < 3; i++) {
        sem_wait(&t[i].over);
        ck_assert_int_eq(t[i].fate, HTTP_FATE_STOPPED);
        ck_assert_int_eq(t[i].number, 0);
    }
    offer(pool, &late, false);
    sem_wait(&late.over);
    ck_assert_int_eq(late.fate, HTTP_FATE_STOPPED);
    ck_assert_int_eq(sem_trywait(&t[0].over), -1);
    sem_post(&t[0].go);
    sem_wait(&t[0].over);
    ck_assert_int_eq(t[0].fate, HTTP_FATE_DONE);
    http_pool_free(pool);
}
END_TEST

/* One job runs, and behind it wait three. */
static http_pool *make_with_waiting(trial t[4]) {
    http_pool *pool = make(1, 3);
    for (int i = 0; i < 4; i++) {
        prepare(&t[i], i == 0);
        t[i].job.late_ms = i * 1000;
        ck_assert(http_pool_reserve(pool));
        http_pool_push(pool, &t[i].job);
    }
    sem_wait(&t[0].begun);
    return pool;
}

static void check_fate(trial *t, http_fate fate) {
    sem_wait(&t->over);
    ck_assert_int_eq(t->fate, fate);
    ck_assert_int_eq(t->number == 0, fate != HTTP_FATE_DONE);
}

START_TEST(what_waits_too_long_is_late) {
    trial t[4];
    http_pool *pool = make_with_waiting(t);
    http_pool_sweep(pool, 999);
    ck_assert_uint_eq(http_pool_waiting(pool), 3);
    http_pool_sweep(pool, 2000);
    check_fate(&t[1], HTTP_FATE_LATE);
    check_fate(&t[2], HTTP_FATE_LATE);
    ck_assert_uint_eq(http_pool_waiting(pool), 1);
    for (int i = 0; i < 2; i++) ck_assert(http_pool_reserve(pool)); /* their places */
    ck_assert(!http_pool_reserve(pool));
    t[3].job.late_ms = 0; /* never */
    http_pool_sweep(pool, INT64_MAX);
    sem_post(&t[0].go);
    check_fate(&t[0], HTTP_FATE_DONE);
    check_fate(&t[3], HTTP_FATE_DONE);
    http_pool_free(pool);
}
END_TEST

START_TEST(a_worker_looks_before_it_begins) {
    trial t[4];
    http_pool *pool = make_with_waiting(t);
    t[1].job.late_ms = 1; /* long over by the real clock */
    t[2].job.late_ms = t[3].job.late_ms = 0;
    t[2].gone = true;
    sem_post(&t[0].go);
    check_fate(&t[1], HTTP_FATE_LATE);
    check_fate(&t[2], HTTP_FATE_GONE);
    check_fate(&t[3], HTTP_FATE_DONE);
    http_pool_free(pool);
}
END_TEST

START_TEST(who_has_gone_is_not_waited_for) {
    trial t[4], last;
    http_pool *pool = make_with_waiting(t);
    t[3].gone = true; /* the end of the list */
    http_pool_sweep(pool, 1);
    check_fate(&t[3], HTTP_FATE_GONE);
    offer(pool, &last, false); /* goes behind the others */
    t[1].job.late_ms = t[2].job.late_ms = 0;
    sem_post(&t[0].go);
    sem_wait(&last.over);
    ck_assert_int_eq(last.number, 4);
    http_pool_free(pool);
}
END_TEST

START_TEST(what_finds_a_free_worker_is_begun_without_a_look) {
    http_pool *pool = make(1, 0);
    trial t;
    prepare(&t, false);
    t.gone = true;
    t.job.late_ms = 1;
    ck_assert(http_pool_reserve(pool));
    http_pool_push(pool, &t.job);
    check_fate(&t, HTTP_FATE_DONE);
    http_pool_free(pool);
}
END_TEST

/* One job runs alone, and is looked at so many ms after it began. */
static void check_running(http_fate wanted, bool gone_by_then, int64_t late_after_ms, int64_t after_ms) {
    http_pool *pool = make(1, 0);
    http_pool_counts counts;
    trial t;
    prepare(&t, true);
    t.gone = gone_by_then;
    t.job.late_ms = late_after_ms ? http_now_ms() + late_after_ms : 0;
    ck_assert(http_pool_reserve(pool));
    http_pool_push(pool, &t.job);
    sem_wait(&t.begun);
    http_pool_sweep(pool, http_now_ms() + after_ms);
    sem_post(&t.go);
    sem_wait(&t.over);
    ck_assert_int_eq(t.fate, wanted);
    http_pool_count(pool, &counts);
    ck_assert_uint_eq(counts.ended[wanted], 1);
    http_pool_sweep(pool, INT64_MAX); /* it is no longer looked at */
    http_pool_free(pool);
}

START_TEST(giving_up_cuts_short_what_runs) {
    http_pool *pool = make(2, 1);
    trial t[3];
    for (int i = 0; i < 3; i++) offer(pool, &t[i], true);
    for (int i = 0; i < 2; i++) sem_wait(&t[i].begun);
    t[1].job.late_ms = 1;
    http_pool_sweep(pool, 1);
    http_pool_give_up(pool);
    for (int i = 0; i < 2; i++) sem_post(&t[i].go);
    static const http_fate fates[] = {HTTP_FATE_STOPPED, HTTP_FATE_LATE, HTTP_FATE_STOPPED};
    for (int i = 0; i < 3; i++) {
        sem_wait(&t[i].over);
        ck_assert_int_eq(t[i].fate, fates[i]);
    }
    ck_assert_int_eq(t[2].number, 0);
    http_pool_free(pool);
}
END_TEST

START_TEST(what_runs_is_cut_short) {
    enum { HOUR = 3600 * 1000 };
    check_running(HTTP_FATE_DONE, false, 0, HOUR);
    check_running(HTTP_FATE_DONE, false, 2 * HOUR, HOUR);
    check_running(HTTP_FATE_LATE, false, HOUR, HOUR);
    check_running(HTTP_FATE_GONE, true, 0, HTTP_POOL_PATIENCE_MS);
    check_running(HTTP_FATE_DONE, true, 0, -HOUR); /* patience */
}
END_TEST

/* Many threads push while workers take. */
enum { PUSHERS = 4, EACH = 500 };

static atomic_int done;

static void count(http_job *job, http_fate fate) {
    (void)job;
    if (fate == HTTP_FATE_DONE) atomic_fetch_add(&done, 1);
}

static bool nothing(http_job *job) {
    (void)job;
    return true;
}

static void *push_many(void *argument) {
    static http_job jobs[PUSHERS][EACH];
    static atomic_int next;
    const int self = atomic_fetch_add(&next, 1) % PUSHERS;
    for (int i = 0; i < EACH; i++) {
        jobs[self][i] = (http_job){.run = nothing, .ended = count};
        while (!http_pool_reserve(argument)) continue;
        http_pool_push(argument, &jobs[self][i]);
    }
    return NULL;
}

START_TEST(nothing_is_lost_between_threads) {
    http_pool *pool = make(3, 5);
    pthread_t pusher[PUSHERS];
    atomic_store(&done, 0);
    for (int i = 0; i < PUSHERS; i++) ck_assert_int_eq(pthread_create(&pusher[i], NULL, push_many, pool), 0);
    for (int i = 0; i < PUSHERS; i++) pthread_join(pusher[i], NULL);
    while (http_pool_waiting(pool)) continue;
    http_pool_free(pool); /* waits for what runs */
    ck_assert_int_eq(atomic_load(&done), PUSHERS * EACH);
}
END_TEST

Suite *pool_suite(void) {
    Suite *suite = suite_create("pool");
    TCase *core = tcase_create("core");
    tcase_add_test(core, jobs_begin_in_the_order_they_came);
    tcase_add_test(core, every_worker_has_one_at_a_time);
    tcase_add_loop_test(core, places_are_workers_and_queue, 0, 3);
    tcase_add_test(core, what_became_of_jobs_is_counted);
    tcase_add_test(core, a_place_counts_before_its_job_is_pushed);
    tcase_add_test(core, stopping_ends_what_waits_and_lets_run_what_runs);
    tcase_add_test(core, what_waits_too_long_is_late);
    tcase_add_test(core, a_worker_looks_before_it_begins);
    tcase_add_test(core, who_has_gone_is_not_waited_for);
    tcase_add_test(core, what_finds_a_free_worker_is_begun_without_a_look);
    tcase_add_test(core, giving_up_cuts_short_what_runs);
    tcase_add_test(core, what_runs_is_cut_short);
    tcase_add_test(core, nothing_is_lost_between_threads);
    suite_add_tcase(suite, core);
    return suite;
}
