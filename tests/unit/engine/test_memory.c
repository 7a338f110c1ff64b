/* Every allocation fails in its turn, once alone and once with all that follow. */
#include "draw_layer.h"
#include "failing_heap.h"
#include "layer_trial.h"

#include <check.h>

Suite *memory_suite(void);

/* Neither asserts: see heap_heal(). CVS_INVALID stands for a status that error and result contradict. */
static cvs_status make_engine(void *context) {
    cvs_engine *engine = NULL;
    cvs_error err = {0};
    cvs_status status = cvs_engine_create(context, &engine, &err);
    const bool told = err.status == status && (status == CVS_OK) == (engine != NULL);
    cvs_engine_free(engine);
    return told ? status : CVS_INVALID;
}

typedef struct planning {
    const cvs_engine *engine;
    const cvs_inference *inference;
    const cvs_tensor *weights;
    size_t count;
    cvs_algorithm algorithm;
} planning;

static cvs_status make_plan(void *context) {
    const planning *p = context;
    cvs_plan *plan = NULL;
    cvs_error err = {0};
    cvs_status status = cvs_plan_create(p->engine, p->inference, p->weights, p->count, p->algorithm, &plan, &err);
    const bool told = err.status == status && (status == CVS_OK) == (plan != NULL);
    cvs_plan_free(plan);
    return told ? status : CVS_INVALID;
}

/* Run until nothing fails any more; the allocations that a run makes. */
static long fail_in_turn(cvs_status (*run)(void *), void *context, bool all_after) {
    for (long n = 0; n < 1000; n++) {
        heap_fail_at(n, all_after);
        const cvs_status status = run(context);
        const heap_count count = heap_heal();
        ck_assert_msg(count.leaked == 0, "allocation %ld: %ld blocks leak", n, count.leaked);
        if (count.asked <= n) {
            ck_assert_int_eq(status, CVS_OK);
            return count.asked;
        }
        ck_assert_msg(status == CVS_NO_MEMORY, "allocation %ld: %s", n, cvs_status_name(status));
    }
    ck_abort_msg("it never succeeded");
}

START_TEST(creating_an_engine) {
    cvs_engine_options options[] = {{0}, {.without_blas = true}, {.cap_isa = true}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        ck_assert_int_gt(fail_in_turn(make_engine, &options[i], false), 1);
        ck_assert_int_gt(fail_in_turn(make_engine, &options[i], true), 1);
    }
}
END_TEST

START_TEST(creating_a_plan) {
    const sketch drawn = {"3x3", 2, .channels = 5, .in = {7, 7}, .filters = 3, .kernel = {3, 3}};
    cvs_engine *own = NULL;
    ck_assert_int_eq(cvs_engine_create(NULL, &own, NULL), CVS_OK);
    for (int format = 0; format < 2; format++) {
        trial t = trial_of(&drawn, CVS_CONVSCOPE, (cvs_data_format)format, WHOLE_NUMBERS);
        for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_WINOGRAD; a++) {
            planning p = {own, &t.inference, t.weights, 2, a};
            ck_assert_int_gt(fail_in_turn(make_plan, &p, false), 1);
            ck_assert_int_gt(fail_in_turn(make_plan, &p, true), 1);
        }
        trial_free(&t);
    }
    cvs_engine_free(own);
}
END_TEST

/* One layer of every operator but the plain convolution. */
START_TEST(creating_a_plan_of_any_operator) {
    const cvs_op op = (cvs_op)_i;
    uint64_t state = 5;
    cvs_engine *own = NULL;
    ck_assert_int_eq(cvs_engine_create(NULL, &own, NULL), CVS_OK);
    const cvs_inference inference = draw_inference(op, &state);
    layer_trial t = layer_trial_make(cvs_op_name(op), &inference, WHOLE_NUMBERS, 1);
    planning p = {own, &t.inference, t.tensors, (size_t)t.list.count, CVS_ALGORITHM_AUTO};
    ck_assert_int_gt(fail_in_turn(make_plan, &p, false), 0);
    ck_assert_int_gt(fail_in_turn(make_plan, &p, true), 0);
    layer_trial_free(&t);
    cvs_engine_free(own);
}
END_TEST

/* The same for layers that are made of convolutions or walk over tables. */
START_TEST(executing_any_operator_allocates_nothing) {
    const cvs_op op = (cvs_op)_i;
    uint64_t state = 6;
    cvs_engine *own = NULL;
    cvs_plan *plan = NULL;
    float workspace[64 * 1024] __attribute__((aligned(64)));
    ck_assert_int_eq(cvs_engine_create(NULL, &own, NULL), CVS_OK);
    const cvs_inference inference = draw_inference(op, &state);
    layer_trial t = layer_trial_make(cvs_op_name(op), &inference, WHOLE_NUMBERS, 1);
    ck_assert_int_eq(
        cvs_plan_create(own, &t.inference, t.tensors, (size_t)t.list.count, CVS_ALGORITHM_AUTO, &plan, NULL), CVS_OK);
    ck_assert_uint_le(cvs_plan_workspace_bytes(plan), sizeof workspace);
    heap_fail_at(0, true);
    cvs_plan_execute(plan, t.input, t.output, workspace);
    ck_assert_int_eq(heap_heal().asked, 0);
    cvs_plan_free(plan);
    layer_trial_free(&t);
    cvs_engine_free(own);
}
END_TEST

START_TEST(executing_allocates_nothing) {
    const sketch sketches[] = {
        {"3x3", 2, .channels = 8, .in = {17, 17}, .filters = 16, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
        {"1x1", 2, .channels = 8, .in = {17, 17}, .filters = 16, .kernel = {1, 1}},
        {"depthwise", 2, .channels = 8, .in = {17, 17}, .filters = 8, .kernel = {3, 3}, .groups = 8},
    };
    engines all = engines_make();
    for (size_t i = 0; i < 2 * sizeof sketches / sizeof *sketches; i++) {
        trial t = trial_of(&sketches[i / 2], CVS_CONVSCOPE, (cvs_data_format)(i % 2), WHOLE_NUMBERS);
        for (int e = 0; e < all.count; e++) {
            cvs_plan *plan = trial_plan(&t, all.engine[e], CVS_ALGORITHM_AUTO);
            float workspace[64 * 1024] __attribute__((aligned(64)));
            ck_assert_uint_le(cvs_plan_workspace_bytes(plan), sizeof workspace);
            heap_fail_at(0, true);
            cvs_plan_execute(plan, t.laid_input, t.output, workspace);
            ck_assert_int_eq(heap_heal().asked, 0);
            trial_check(&t, all.name[e]);
            cvs_plan_free(plan);
        }
        trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

Suite *memory_suite(void) {
    Suite *suite = suite_create("memory");
    TCase *oom = tcase_create("oom");
    tcase_set_timeout(oom, 30);
    tcase_add_test(oom, creating_an_engine);
    tcase_add_test(oom, creating_a_plan);
    tcase_add_test(oom, executing_allocates_nothing);
    tcase_add_loop_test(oom, creating_a_plan_of_any_operator, CVS_OP_CONV + 1, CVS_OP_ADD);
    tcase_add_loop_test(oom, executing_any_operator_allocates_nothing, CVS_OP_CONV + 1, CVS_OP_ADD);
    suite_add_tcase(suite, oom);
    return suite;
}
