/* One plan, one engine, several threads, each with a workspace and an output of its own. */
#include "trial.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

Suite *threads_suite(void);

enum { THREADS = 4, ROUNDS = 4 };

typedef struct worker {
    pthread_t thread;
    const cvs_plan *plan;
    const trial *trial;
    bool right;
} worker;

static void *work(void *argument) {
    worker *w = argument;
    const size_t bytes = (size_t)w->trial->output_count * sizeof(float);
    float *output = malloc(bytes);
    void *workspace = aligned_alloc(64, (cvs_plan_workspace_bytes(w->plan) + 64) / 64 * 64);
    w->right = output && workspace;
    for (int round = 0; round < ROUNDS && w->right; round++) {
        memset(output, 0xff, bytes);
        cvs_plan_execute(w->plan, w->trial->laid_input, output, workspace);
        w->right = memcmp(output, w->trial->output, bytes) == 0;
    }
    free(output), free(workspace);
    return NULL;
}

static void share(trial *t, const cvs_engine *engine, cvs_algorithm algorithm, const char *how) {
    cvs_plan *plan = trial_plan(t, engine, algorithm);
    trial_execute(t, plan);
    trial_check(t, how);
    worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.plan = plan, .trial = t};
        ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        ck_assert_msg(workers[i].right, "%s, %s: thread %d got other bits", t->name, how, i);
    }
    cvs_plan_free(plan);
}

START_TEST(threads_share_a_plan) {
    const sketch sketches[] = {
        {"3x3", 2, .channels = 16, .in = {13, 11}, .filters = 24, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
        {"1x1", 2, .channels = 32, .in = {9, 11}, .filters = 48, .kernel = {1, 1}},
        {"depthwise", 2, .channels = 16, .in = {9, 11}, .filters = 16, .kernel = {3, 3}, .groups = 16},
        {"grouped", 2, .channels = 16, .in = {9, 11}, .filters = 12, .kernel = {3, 3}, .groups = 4},
    };
    engines all = engines_make();
    for (size_t i = 0; i < 2 * sizeof sketches / sizeof *sketches; i++) {
        trial t = trial_of(&sketches[i / 2], CVS_CONVSCOPE, (cvs_data_format)(i % 2), REALS);
        for (int e = 0; e < all.count; e++) {
            share(&t, all.engine[e], CVS_ALGORITHM_AUTO, all.name[e]);
            share(&t, all.engine[e], CVS_ALGORITHM_DIRECT, all.name[e]);
        }
        trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

Suite *threads_suite(void) {
    Suite *suite = suite_create("threads");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, threads_share_a_plan);
    suite_add_tcase(suite, core);
    return suite;
}
