/* One plan, one engine, several threads, each with a workspace and an output of its own. */
#include "layer_trial.h"
#include "methods_seen.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

Suite *threads_suite(void);

enum { THREADS = 4, ROUNDS = 4 };

/* What all threads compute, and the bits that come out of it. */
typedef struct task {
    const cvs_plan *plan;
    const float *input, *output;
    size_t bytes;
} task;

typedef struct worker {
    pthread_t thread;
    const task *task;
    bool right;
} worker;

static void *work(void *argument) {
    worker *w = argument;
    const task *t = w->task;
    float *output = malloc(t->bytes);
    void *workspace = aligned_alloc(64, (cvs_plan_workspace_bytes(t->plan) + 64) / 64 * 64);
    w->right = output && workspace;
    for (int round = 0; round < ROUNDS && w->right; round++) {
        memset(output, 0xff, t->bytes);
        cvs_plan_execute(t->plan, t->input, output, workspace);
        w->right = memcmp(output, t->output, t->bytes) == 0;
    }
    free(output), free(workspace);
    return NULL;
}

static void share(const task *t, const char *layer, const char *how) {
    worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.task = t};
        ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        ck_assert_msg(workers[i].right, "%s, %s, %s: thread %d got other bits", layer, how, cvs_plan_algorithm(t->plan),
                      i);
    }
}

static void share_trial(trial *t, const cvs_engine *engine, cvs_algorithm algorithm, const char *how,
                        methods_seen *seen) {
    run_and_see(t, engine, algorithm, how, seen);
    cvs_plan *plan = trial_plan(t, engine, algorithm);
    share(&(task){plan, t->laid_input, t->output, (size_t)t->output_count * sizeof(float)}, t->name, how);
    cvs_plan_free(plan);
}

START_TEST(threads_share_a_plan_of_every_method) {
    const sketch sketches[] = {
        {"3x3", 2, .channels = 16, .in = {13, 11}, .filters = 24, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
        {"1x1", 2, .channels = 32, .in = {9, 11}, .filters = 48, .kernel = {1, 1}},
        {"1x1 of many cells", 2, .channels = 9, .in = {31, 19}, .filters = 21, .kernel = {1, 1}},
        {"depthwise", 2, .channels = 16, .in = {9, 11}, .filters = 16, .kernel = {3, 3}, .groups = 16},
        {"3D depthwise", 3, .channels = 7, .in = {4, 6, 5}, .filters = 7, .kernel = {3, 3, 3}, .groups = 7},
        {"grouped", 2, .channels = 16, .in = {9, 11}, .filters = 12, .kernel = {3, 3}, .groups = 4},
        {"large groups", 2, .channels = 30, .in = {9, 11}, .filters = 40, .kernel = {3, 3}, .groups = 2},
        {"few channels", 2, .batch = 2, .channels = 3, .in = {33, 29}, .filters = 19, .kernel = {5, 5},
         .stride = {2, 2}, .mode = CVS_PAD_SAME},
        {"tiny", 1, .channels = 2, .in = {7}, .filters = 3, .kernel = {3}, .mode = CVS_PAD_SAME},
        {"Winograd", 2, .batch = 2, .channels = 33, .in = {15, 14}, .filters = 65, .kernel = {3, 3},
         .mode = CVS_PAD_SAME},
        {"Winograd of two lines", 2, .channels = 32, .in = {2, 61}, .filters = 40, .kernel = {3, 3},
         .mode = CVS_PAD_SAME},
    };
    engines all = engines_make();
    methods_seen seen = {0};
    for (size_t i = 0; i < 2 * sizeof sketches / sizeof *sketches; i++) {
        trial t = trial_of(&sketches[i / 2], CVS_CONVSCOPE, (cvs_data_format)(i % 2), REALS);
        for (int e = 0; e < all.count; e++)
            for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_IM2COL; a++)
                share_trial(&t, all.engine[e], a, all.name[e], &seen);
        trial_free(&t);
    }
    assert_all_methods_seen(&seen);
    engines_free(&all);
}
END_TEST

static void share_layer(layer_trial *t, const run_how *how) {
    layer_trial_run(t, how);
    cvs_plan *plan = NULL;
    ck_assert_int_eq(
        cvs_plan_create(how->engine, &t->inference, t->tensors, (size_t)t->list.count, how->algorithm, &plan, NULL),
        CVS_OK);
    share(&(task){plan, t->input, t->output, (size_t)t->output_count * sizeof(float)}, t->name, how->name);
    cvs_plan_free(plan);
}

/* A layer of 24 channels on 11 x 13 cells, with 3x3 kernels, two a channel, where it has any. */
static layer_trial trial_of_op(cvs_op op, cvs_data_format format) {
    cvs_layer layer = cvs_layer_default(op, 2);
    const bool first = format == CVS_CHANNELS_FIRST;
    const cvs_shape input = {4, {2, first ? 24 : 11, first ? 11 : 13, first ? 13 : 24}};
    cvs_inference inference;
    cvs_error err = {0};
    layer.data_format = format;
    layer.filters = 48;
    layer.multiplier = 2;
    for (int a = 0; a < 2; a++) {
        layer.kernel[a] = 3;
        layer.stride[a] = 2;
        layer.scale[a] = 2;
    }
    ck_assert_msg(cvs_infer(&layer, &input, NULL, &inference, &err) == CVS_OK, "%s: %s", cvs_op_name(op), err.message);
    return layer_trial_make(cvs_op_name(op), &inference, REALS, 1);
}

START_TEST(threads_share_a_plan_of_other_layers) {
    static const cvs_op ops[] = {CVS_OP_CONV_TRANSPOSE, CVS_OP_DEPTHWISE_CONV, CVS_OP_SEPARABLE_CONV,
                                 CVS_OP_MAX_POOL,       CVS_OP_AVERAGE_POOL,   CVS_OP_UPSAMPLE,
                                 CVS_OP_DENSE,          CVS_OP_BATCH_NORM,     CVS_OP_LAYER_NORM};
    engines all = engines_make();
    for (size_t i = 0; i < 2 * sizeof ops / sizeof *ops; i++) {
        layer_trial t = trial_of_op(ops[i / 2], (cvs_data_format)(i % 2));
        for (int e = 0; e < all.count; e++)
            share_layer(&t, &(run_how){all.engine[e], CVS_ALGORITHM_AUTO, ENDS_BEFORE, all.name[e]});
        layer_trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

Suite *threads_suite(void) {
    Suite *suite = suite_create("threads");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, threads_share_a_plan_of_every_method);
    tcase_add_test(core, threads_share_a_plan_of_other_layers);
    suite_add_tcase(suite, core);
    return suite;
}
