#include "http/metrics.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>

Suite *metrics_suite(void);

/* ---- histograms -------------------------------------------------------------- */

START_TEST(a_bound_is_within_its_bucket) {
    for (int i = 0; i < HTTP_BOUNDS; i++) {
        http_histogram histogram = {0};
        http_histogram_counts counts = {0};
        http_histogram_add(&histogram, http_bounds[i].us);
        http_histogram_add(&histogram, http_bounds[i].us + 1);
        http_histogram_read(&histogram, &counts);
        ck_assert_uint_eq(counts.bucket[i], 1);
        ck_assert_uint_eq(counts.bucket[i + 1], 1);
        ck_assert_uint_eq(counts.count, 2);
        ck_assert_uint_eq(counts.sum_us, 2 * (uint64_t)http_bounds[i].us + 1);
    }
}
END_TEST

START_TEST(bounds_are_written_as_they_are_and_rise) {
    for (int i = 0; i < HTTP_BOUNDS; i++) {
        const double seconds = strtod(http_bounds[i].seconds, NULL);
        ck_assert_double_eq_tol(seconds * 1e6, (double)http_bounds[i].us, 1e-6);
        if (i) ck_assert_int_gt(http_bounds[i].us, http_bounds[i - 1].us);
    }
    ck_assert_int_eq(http_bounds[0].us, 50);
    ck_assert_int_eq(http_bounds[HTTP_BOUNDS - 1].us, 30 * 1000000);
}
END_TEST

START_TEST(no_time_is_less_than_none) {
    http_histogram histogram = {0};
    http_histogram_counts counts = {0};
    http_histogram_add(&histogram, -5);
    http_histogram_read(&histogram, &counts);
    ck_assert_uint_eq(counts.bucket[0], 1);
    ck_assert_uint_eq(counts.sum_us, 0);
}
END_TEST

/* ---- requests ---------------------------------------------------------------- */

START_TEST(methods_by_their_exact_names) {
    static const char *const known[] = {"GET", "HEAD", "POST", "OPTIONS"};
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(http_verb_of(known[i]), i);
        ck_assert_str_eq(http_verb_name((http_verb)i), known[i]);
    }
    ck_assert_int_eq(http_verb_of("get"), HTTP_VERB_OTHER);
    ck_assert_int_eq(http_verb_of("other"), HTTP_VERB_OTHER);
    ck_assert_int_eq(http_verb_of(NULL), HTTP_VERB_OTHER);
    ck_assert_str_eq(http_verb_name(HTTP_VERB_OTHER), "other");
}
END_TEST

/* The index of a status among those that are told apart, or of the rest. */
static int index_of(int status) {
    int i = 0;
    while (i < HTTP_STATUSES && http_statuses[i] != status) i++;
    return i;
}

START_TEST(a_request_is_counted_where_it_belongs) {
    http_metrics *metrics = http_metrics_create(3, 4);
    http_place_counts first, second;
    http_work_counts work;
    ck_assert_ptr_nonnull(metrics);
    http_metrics_count(metrics, &(http_sample){.place = 1,
                                               .verb = HTTP_VERB_POST,
                                               .status = 200,
                                               .queued = true,
                                               .duration_us = 700,
                                               .queue_us = 60,
                                               .received = 11,
                                               .sent = 22,
                                               .macs = 44});
    http_metrics_count(metrics, &(http_sample){.place = 1, .verb = HTTP_VERB_GET, .status = 299, .cut = true});
    http_metrics_count(metrics, &(http_sample){.place = 2, .verb = HTTP_VERB_GET, .duration_us = 99});
    http_metrics_count_line(metrics, 200, 1000);
    http_metrics_count_line(metrics, 422, 0);
    http_metrics_read_place(metrics, 1, &first);
    http_metrics_read_place(metrics, 2, &second);
    http_metrics_read_work(metrics, &work);
    ck_assert_uint_eq(first.requests[HTTP_VERB_POST][index_of(200)], 1);
    ck_assert_uint_eq(first.requests[HTTP_VERB_GET][HTTP_STATUSES], 1);
    ck_assert_uint_eq(first.duration[0].count, 2);
    ck_assert_uint_eq(first.duration[0].sum_us, 700);
    ck_assert_uint_eq(first.received, 11);
    ck_assert_uint_eq(first.sent, 22);
    ck_assert_uint_eq(first.cut, 1);
    ck_assert_uint_eq(first.unanswered, 0);
    ck_assert_uint_eq(second.unanswered, 1);
    for (int class = 0; class < HTTP_STATUS_CLASSES; class ++) ck_assert_uint_eq(second.duration[class].count, 0);
    ck_assert_uint_eq(work.queued.count, 1);
    ck_assert_uint_eq(work.queued.sum_us, 60);
    ck_assert_uint_eq(work.lines, 2);
    ck_assert_uint_eq(work.bad_lines, 1);
    ck_assert_uint_eq(work.macs, 1044);
    http_metrics_free(metrics);
}
END_TEST

START_TEST(every_class_has_its_durations) {
    http_metrics *metrics = http_metrics_create(1, 1);
    http_place_counts counts;
    for (int i = 0; i < HTTP_STATUSES; i++) {
        http_metrics_count(metrics, &(http_sample){.status = http_statuses[i], .duration_us = 1});
    }
    http_metrics_read_place(metrics, 0, &counts);
    uint64_t all = 0, of_class[HTTP_STATUS_CLASSES] = {0};
    for (int i = 0; i < HTTP_STATUSES; i++) {
        ck_assert_uint_eq(counts.requests[HTTP_VERB_GET][i], 1);
        of_class[http_statuses[i] / 100 - 2]++;
    }
    ck_assert_uint_eq(counts.requests[HTTP_VERB_GET][HTTP_STATUSES], 0);
    for (int i = 0; i < HTTP_STATUS_CLASSES; i++) {
        ck_assert_uint_eq(counts.duration[i].count, of_class[i]);
        all += counts.duration[i].count;
    }
    ck_assert_uint_eq(all, HTTP_STATUSES);
    http_metrics_free(metrics);
}
END_TEST

enum { THREADS = 4, REQUESTS = 20000 };

static void *count_many(void *cls) {
    for (int i = 0; i < REQUESTS; i++) {
        http_metrics_count(
            cls, &(http_sample){
                     .place = (size_t)i % 2, .verb = HTTP_VERB_POST, .status = 200, .duration_us = i % 100, .sent = 3});
    }
    return NULL;
}

/* However many CPUs there are beside those counted for. */
START_TEST(nothing_is_lost_between_threads) {
    static const unsigned cpus[] = {0, 1, 2, 1000};
    http_metrics *metrics = http_metrics_create(2, cpus[_i]);
    http_place_counts counts;
    pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++) ck_assert_int_eq(pthread_create(&thread[i], NULL, count_many, metrics), 0);
    for (int i = 0; i < THREADS; i++) ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
    for (size_t place = 0; place < 2; place++) {
        http_metrics_read_place(metrics, place, &counts);
        ck_assert_uint_eq(counts.requests[HTTP_VERB_POST][index_of(200)], THREADS * REQUESTS / 2);
        ck_assert_uint_eq(counts.duration[0].count, THREADS * REQUESTS / 2);
        ck_assert_uint_eq(counts.sent, 3 * THREADS * REQUESTS / 2);
    }
    http_metrics_free(metrics);
}
END_TEST

Suite *metrics_suite(void) {
    Suite *suite = suite_create("metrics");
    TCase *core = tcase_create("core");
    tcase_add_test(core, a_bound_is_within_its_bucket);
    tcase_add_test(core, bounds_are_written_as_they_are_and_rise);
    tcase_add_test(core, no_time_is_less_than_none);
    tcase_add_test(core, methods_by_their_exact_names);
    tcase_add_test(core, a_request_is_counted_where_it_belongs);
    tcase_add_test(core, every_class_has_its_durations);
    tcase_add_loop_test(core, nothing_is_lost_between_threads, 0, 4);
    suite_add_tcase(suite, core);
    return suite;
}
