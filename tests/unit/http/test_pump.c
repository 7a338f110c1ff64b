#include "http/pump.h"

#include <check.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>

Suite *pump_suite(void);

enum { LONGEST = 1000 };

/* A source of the bytes 0, 1, 2, ... modulo 251, and who reads it. */
typedef struct trial {
    int64_t length, given;
    int64_t last; /* what it returns at its end: 0, or -1 */
    bool held;    /* each read waits for `go` */
    sem_t begun, go, released, resumed;
    atomic_int reads;
    int pauses;
    atomic_bool gone, freed;
    atomic_int asked_too_late; /* whether somebody has gone, when the pump was freed already */
} trial;

static int64_t give(void *cls, char *out, size_t size) {
    trial *t = cls;
    atomic_fetch_add(&t->reads, 1);
    sem_post(&t->begun);
    if (t->held) sem_wait(&t->go);
    const int64_t left = t->length - t->given, part = left < (int64_t)size ? left : (int64_t)size;
    for (int64_t i = 0; i < part; i++) out[i] = (char)((t->given + i) % 251);
    t->given += part;
    return part ? part : t->last;
}

static void released(void *cls) { sem_post(&((trial *)cls)->released); }
static void paused(void *cls) { ((trial *)cls)->pauses++; }
static void resumed(void *cls) { sem_post(&((trial *)cls)->resumed); }

static http_pool *pool;
static trial t;

static bool gone(const void *cls) {
    if (atomic_load(&t.freed)) atomic_fetch_add(&t.asked_too_late, 1);
    return atomic_load(&((const trial *)cls)->gone);
}

static void begin(void) {
    ck_assert_int_eq(http_pool_create(1, 0, &pool, NULL), CVS_OK);
    t = (trial){.length = LONGEST};
    sem_init(&t.begun, 0, 0);
    sem_init(&t.go, 0, 0);
    sem_init(&t.released, 0, 0);
    sem_init(&t.resumed, 0, 0);
}

static void end(void) { http_pool_free(pool); }

static http_pump *start(size_t size) {
    http_pump *pump = http_pump_create(pool, &(http_pump_source){.cls = &t, .read = give, .release = released},
                                       &(http_pump_end){&t, paused, resumed, gone}, size);
    ck_assert_ptr_nonnull(pump);
    return pump;
}

/* As libmicrohttpd does: not again before it is told to. */
static int64_t read_on(http_pump *pump, char *out, size_t size) {
    int64_t got;
    while ((got = http_pump_read(pump, out, size)) == HTTP_PUMP_PAUSED) sem_wait(&t.resumed);
    return got;
}

static int64_t read_all(http_pump *pump, size_t piece) {
    char out[LONGEST];
    int64_t read = 0, got;
    while ((got = read_on(pump, out, piece)) > 0) {
        ck_assert_uint_le(got, piece);
        for (int64_t i = 0; i < got; i++) ck_assert_int_eq(out[i], (char)((read + i) % 251));
        read += got;
    }
    ck_assert_int_eq(got, t.last);
    return read;
}

static const size_t sizes[] = {1, 2, 7, 100, 999, 1000, 1001, 5000};
enum { SIZES = sizeof sizes / sizeof *sizes };

START_TEST(all_that_the_source_gives_comes_out) {
    for (size_t piece = 1; piece <= LONGEST; piece = piece * 3 + 1) {
        t.given = 0;
        http_pump *pump = start(sizes[_i]);
        ck_assert_int_eq(read_all(pump, piece), LONGEST);
        ck_assert_int_eq(read_on(pump, (char[1]){0}, 1), 0); /* again */
        http_pump_free(pump);
        sem_wait(&t.released);
    }
}
END_TEST

START_TEST(an_empty_source) {
    t.length = 0;
    http_pump *pump = start(10);
    ck_assert_int_eq(read_all(pump, 10), 0);
    http_pump_free(pump);
}
END_TEST

START_TEST(a_failure_comes_after_what_was_read_before) {
    t.last = -1;
    http_pump *pump = start(300);
    ck_assert_int_eq(read_all(pump, 70), LONGEST);
    http_pump_free(pump);
}
END_TEST

START_TEST(it_reads_ahead_but_no_further_than_one_buffer) {
    char out[10];
    t.held = true;
    http_pump *pump = start(10);
    sem_wait(&t.begun);
    ck_assert_int_eq(http_pump_read(pump, out, 10), HTTP_PUMP_PAUSED);
    sem_post(&t.go);
    sem_wait(&t.resumed);
    ck_assert_int_eq(http_pump_read(pump, out, 5), 5);
    sem_wait(&t.begun); /* the second buffer is filled while the first is sent */
    sem_post(&t.go);
    ck_assert_int_eq(http_pump_read(pump, out, 10), 5);
    ck_assert_int_eq(read_on(pump, out, 10), 10);
    sem_wait(&t.begun);
    ck_assert_int_eq(atomic_load(&t.reads), 3);
    ck_assert_int_le(t.pauses, 2);
    http_pump_free(pump);
    ck_assert_int_eq(sem_trywait(&t.released), -1); /* it is being read */
    sem_post(&t.go);
    sem_wait(&t.released);
}
END_TEST

/* Something else keeps the worker busy. */
static sem_t busy_begun, busy_go, busy_over;

static bool be_busy(http_job *job) {
    sem_post(&busy_begun);
    sem_wait(&busy_go);
    return true;
}

static void busy_ended(http_job *job, http_fate fate) { sem_post(&busy_over); }

static void keep_busy(http_job *job) {
    *job = (http_job){.run = be_busy, .ended = busy_ended};
    sem_init(&busy_begun, 0, 0);
    sem_init(&busy_go, 0, 0);
    sem_init(&busy_over, 0, 0);
    ck_assert(http_pool_reserve(pool));
    http_pool_push(pool, job);
    sem_wait(&busy_begun);
}

START_TEST(a_full_pool_still_reads_what_has_begun) {
    http_job job;
    keep_busy(&job);
    http_pump *pump = start(100);
    ck_assert_uint_eq(http_pool_waiting(pool), 1);
    sem_post(&busy_go);
    ck_assert_int_eq(read_all(pump, 100), LONGEST);
    http_pump_free(pump);
    sem_wait(&busy_over);
}
END_TEST

START_TEST(what_nobody_reads_any_more_is_not_read) {
    http_job job;
    keep_busy(&job);
    http_pump *pump = start(100);
    http_pump_free(pump);
    atomic_store(&t.freed, true);
    sem_post(&busy_go);
    sem_wait(&t.released);
    ck_assert_int_eq(atomic_load(&t.reads), 0);
    ck_assert_int_eq(atomic_load(&t.asked_too_late), 0);
    sem_wait(&busy_over);
}
END_TEST

START_TEST(who_has_gone_is_not_read_for) {
    http_job job;
    char out[1];
    keep_busy(&job);
    http_pump *pump = start(100);
    ck_assert_int_eq(http_pump_read(pump, out, 1), HTTP_PUMP_PAUSED);
    atomic_store(&t.gone, true);
    http_pool_sweep(pool, 1);
    sem_wait(&t.resumed);
    ck_assert_int_eq(http_pump_read(pump, out, 1), -1);
    ck_assert_int_eq(atomic_load(&t.reads), 0);
    http_pump_free(pump);
    sem_post(&busy_go);
    sem_wait(&busy_over);
}
END_TEST

START_TEST(a_pool_that_stopped_fails) {
    char out[1];
    http_pool_stop(pool);
    http_pump *pump = start(100);
    ck_assert_int_eq(http_pump_read(pump, out, 1), -1);
    http_pump_free(pump);
    sem_wait(&t.released);
}
END_TEST

START_TEST(freed_at_any_moment) {
    char out[LONGEST];
    for (int i = 0; i < 300; i++) {
        t.given = 0;
        http_pump *pump = start(10);
        for (int reads = i % 20; reads > 0; reads--) (void)read_on(pump, out, 7);
        http_pump_free(pump);
        sem_wait(&t.released);
    }
}
END_TEST

Suite *pump_suite(void) {
    Suite *suite = suite_create("pump");
    TCase *core = tcase_create("core");
    tcase_add_checked_fixture(core, begin, end);
    tcase_add_loop_test(core, all_that_the_source_gives_comes_out, 0, SIZES);
    tcase_add_test(core, an_empty_source);
    tcase_add_test(core, a_failure_comes_after_what_was_read_before);
    tcase_add_test(core, it_reads_ahead_but_no_further_than_one_buffer);
    tcase_add_test(core, a_full_pool_still_reads_what_has_begun);
    tcase_add_test(core, what_nobody_reads_any_more_is_not_read);
    tcase_add_test(core, who_has_gone_is_not_read_for);
    tcase_add_test(core, a_pool_that_stopped_fails);
    tcase_add_test(core, freed_at_any_moment);
    suite_add_tcase(suite, core);
    return suite;
}
