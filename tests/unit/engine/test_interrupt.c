/* A computation that somebody wants to end does so long before its time, whatever computes it; and one that nobody does
   is whole. */
#include "trial.h"

#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

Suite *interrupt_suite(void);

enum { THREADS = 2, PATIENCE = 3 };

typedef struct subject {
    cvs_op op;
    cvs_algorithm algorithm;
    cvs_data_format format;
    bool blas;
    sketch sketch;
} subject;

/* Every loop that looks out: of parts on several threads, and the plain ones on one. */
static const subject subjects[] = {
    {CVS_OP_CONV,
     CVS_ALGORITHM_AUTO,
     CVS_CHANNELS_LAST,
     false,
     {"tiles, channels last", 2, .channels = 32, .in = {112, 112}, .filters = 64, .kernel = {3, 3}, .stride = {2, 2}}},
    {CVS_OP_CONV,
     CVS_ALGORITHM_AUTO,
     CVS_CHANNELS_FIRST,
     false,
     {"tiles, channels first", 2, .channels = 32, .in = {112, 112}, .filters = 64, .kernel = {3, 3}, .stride = {2, 2}}},
    {CVS_OP_CONV,
     CVS_ALGORITHM_WINOGRAD,
     CVS_CHANNELS_LAST,
     false,
     {"Winograd", 2, .channels = 32, .in = {160, 160}, .filters = 32, .kernel = {3, 3}}},
    {CVS_OP_CONV,
     CVS_ALGORITHM_DIRECT,
     CVS_CHANNELS_LAST,
     false,
     {"plain loops, channels last", 2, .channels = 4, .in = {40, 8}, .filters = 4, .kernel = {3, 3}}},
    {CVS_OP_CONV,
     CVS_ALGORITHM_DIRECT,
     CVS_CHANNELS_FIRST,
     false,
     {"plain loops, channels first", 2, .channels = 4, .in = {40, 8}, .filters = 4, .kernel = {3, 3}}},
    {CVS_OP_CONV,
     CVS_ALGORITHM_IM2COL,
     CVS_CHANNELS_LAST,
     true,
     {"products, channels last", 2, .channels = 128, .in = {80, 80}, .filters = 4, .kernel = {5, 5}}},
    {CVS_OP_CONV,
     CVS_ALGORITHM_IM2COL,
     CVS_CHANNELS_FIRST,
     true,
     {"products, channels first", 2, .channels = 128, .in = {80, 80}, .filters = 4, .kernel = {5, 5}}},
    {CVS_OP_MAX_POOL,
     CVS_ALGORITHM_AUTO,
     CVS_CHANNELS_LAST,
     false,
     {"pool", 2, .channels = 8, .in = {64, 16}, .kernel = {3, 3}}},
};

typedef struct work {
    cvs_engine *engine;
    cvs_plan *plan;
    size_t bytes; /* of the output */
    float *input, *output;
    void *workspace;
} work;

static float *numbers(const cvs_shape *shape, int64_t *count) {
    ck_assert_int_eq(cvs_shape_count(shape, count, NULL), CVS_OK);
    float *data = malloc((size_t)*count * sizeof *data);
    ck_assert_ptr_nonnull(data);
    for (int64_t i = 0; i < *count; i++) data[i] = (float)(i % 7) - 3;
    return data;
}

static cvs_inference infer(const subject *s) {
    cvs_layer layer = sketch_layer(&s->sketch, CVS_CONVSCOPE, s->format);
    layer.op = s->op;
    const bool first = s->format == CVS_CHANNELS_FIRST;
    const cvs_shape input = {.rank = 4,
                             .dim = {1, first ? s->sketch.channels : s->sketch.in[0], s->sketch.in[first ? 0 : 1],
                                     first ? s->sketch.in[1] : s->sketch.channels}};
    cvs_inference inference;
    cvs_error err = {0};
    ck_assert_msg(cvs_infer(&layer, &input, NULL, &inference, &err) == CVS_OK, "%s: %s", s->sketch.name, err.message);
    return inference;
}

static void make_plan(work *w, const subject *s, const cvs_inference *inference) {
    cvs_weights list;
    cvs_tensor tensors[CVS_MAX_WEIGHTS];
    cvs_error err = {0};
    int64_t count;
    ck_assert_int_eq(cvs_layer_weights(inference, CVS_FRAMEWORK_AUTO, &list, NULL), CVS_OK);
    for (int i = 0; i < list.count; i++)
        tensors[i] = (cvs_tensor){numbers(&list.weight[i].tensor.shape, &count), list.weight[i].tensor.shape};
    ck_assert_msg(cvs_plan_create(w->engine, inference, tensors, (size_t)list.count, s->algorithm, &w->plan, &err) ==
                      CVS_OK,
                  "%s: %s", s->sketch.name, err.message);
    for (int i = 0; i < list.count; i++) free((float *)(uintptr_t)tensors[i].data);
}

static work begin(const subject *s) {
    const cvs_engine_options options = {.without_blas = !s->blas, .threads = THREADS};
    const cvs_inference inference = infer(s);
    work w = {0};
    int64_t count;
    ck_assert_int_eq(cvs_engine_create(&options, &w.engine, NULL), CVS_OK);
    make_plan(&w, s, &inference);
    w.input = numbers(&inference.input.shape, &count);
    w.output = numbers(&inference.output.shape, &count);
    w.bytes = (size_t)count * sizeof(float);
    w.workspace = aligned_alloc(64, (cvs_plan_workspace_bytes(w.plan) + 64) / 64 * 64);
    ck_assert_ptr_nonnull(w.workspace);
    return w;
}

static void end(work *w) {
    free(w->workspace);
    free(w->output);
    free(w->input);
    cvs_plan_free(w->plan);
    cvs_engine_free(w->engine);
}

/* Says yes from the question of this number on. */
typedef struct listener {
    atomic_int asked;
    int patience;
} listener;

static bool wanted(const void *context) {
    listener *l = (listener *)(uintptr_t)context;
    return atomic_fetch_add(&l->asked, 1) + 1 >= l->patience;
}

static bool run(const work *w, int patience, int *asked) {
    listener l = {.patience = patience};
    const cvs_interrupt interrupt = {wanted, &l};
    const bool whole = cvs_plan_execute_until(w->plan, w->input, w->output, w->workspace, &interrupt);
    *asked = atomic_load(&l.asked);
    return whole;
}

START_TEST(it_ends_early) {
    const subject *s = &subjects[_i];
    work w = begin(s);
    int all, some;
    ck_assert(run(&w, 1000000000, &all));
    ck_assert_msg(all > 4 * PATIENCE, "%s is asked %d times", s->sketch.name, all);
    ck_assert(!run(&w, PATIENCE, &some));
    /* Loops around those that end ask once more each time round. */
    ck_assert_msg(some < all / 2, "%s is asked %d times of %d", s->sketch.name, some, all);
    end(&w);
}
END_TEST

START_TEST(what_nobody_interrupts_is_whole) {
    const subject *s = &subjects[_i];
    work w = begin(s);
    int asked;
    ck_assert(!run(&w, 1, &asked));
    cvs_plan_execute(w.plan, w.input, w.output, w.workspace);
    float *wanted_output = malloc(w.bytes);
    ck_assert_ptr_nonnull(wanted_output);
    memcpy(wanted_output, w.output, w.bytes);
    memset(w.output, 0xff, w.bytes);
    ck_assert(cvs_plan_execute_until(w.plan, w.input, w.output, w.workspace, NULL));
    ck_assert_int_eq(memcmp(wanted_output, w.output, w.bytes), 0);
    memset(w.output, 0xff, w.bytes);
    ck_assert(run(&w, 1000000000, &asked));
    ck_assert_int_eq(memcmp(wanted_output, w.output, w.bytes), 0);
    free(wanted_output);
    end(&w);
}
END_TEST

Suite *interrupt_suite(void) {
    Suite *suite = suite_create("interrupt");
    TCase *core = tcase_create("core");
    enum { COUNT = sizeof subjects / sizeof *subjects };
    tcase_add_loop_test(core, it_ends_early, 0, COUNT);
    tcase_add_loop_test(core, what_nobody_interrupts_is_whole, 0, COUNT);
    suite_add_tcase(suite, core);
    return suite;
}
