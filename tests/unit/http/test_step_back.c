#include "http/step_back.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>

Suite *step_back_suite(void);

/* How a thread is scheduled, after it has stepped back. */
typedef struct seen {
    int policy, priority, nice, before;
} seen;

static void *look(void *argument) {
    seen *out = argument;
    struct sched_param how;
    out->before = getpriority(PRIO_PROCESS, 0);
    http_step_back();
    out->nice = getpriority(PRIO_PROCESS, 0);
    ck_assert_int_eq(pthread_getschedparam(pthread_self(), &out->policy, &how), 0);
    out->priority = how.sched_priority;
    return NULL;
}

/* False when this process may not have such a thread. */
static bool in_a_thread(int policy, int priority, seen *out) {
    pthread_t thread;
    pthread_attr_t attributes;
    const struct sched_param how = {.sched_priority = priority};
    pthread_attr_init(&attributes);
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, policy);
    pthread_attr_setschedparam(&attributes, &how);
    const bool started = pthread_create(&thread, &attributes, look, out) == 0;
    pthread_attr_destroy(&attributes);
    return started && pthread_join(thread, NULL) == 0;
}

START_TEST(a_thread_is_nicer_and_the_others_are_not) {
    seen it;
    const int ours = getpriority(PRIO_PROCESS, 0);
    ck_assert(in_a_thread(SCHED_OTHER, 0, &it));
    ck_assert_int_eq(it.nice, it.before + 5 < 19 ? it.before + 5 : 19);
    ck_assert_int_eq(getpriority(PRIO_PROCESS, 0), ours);
}
END_TEST

START_TEST(a_real_time_thread_goes_one_step_down) {
    const int policies[] = {SCHED_FIFO, SCHED_RR};
    const int least = sched_get_priority_min(SCHED_FIFO);
    for (int i = 0; i < 2; i++) {
        seen it;
        if (!in_a_thread(policies[i], least + 2, &it)) {
            puts("skipped: this process may not have real-time threads");
            return;
        }
        ck_assert_int_eq(it.policy, policies[i]);
        ck_assert_int_eq(it.priority, least + 1);
        ck_assert_int_eq(it.nice, it.before);
        ck_assert(in_a_thread(policies[i], least, &it));
        ck_assert_int_eq(it.priority, least);
    }
}
END_TEST

Suite *step_back_suite(void) {
    Suite *suite = suite_create("step_back");
    TCase *tests = tcase_create("step_back");
    tcase_add_test(tests, a_thread_is_nicer_and_the_others_are_not);
    tcase_add_test(tests, a_real_time_thread_goes_one_step_down);
    suite_add_tcase(suite, tests);
    return suite;
}
