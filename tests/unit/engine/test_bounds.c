/* Input, weights, output and workspace that begin right after, or end right before, memory that cannot be touched:
   a read or write of one float too many ends the test. */
#include "fence.h"
#include "trial.h"

#include <check.h>
#include <string.h>

Suite *bounds_suite(void);

static void run_fenced(trial *t, const cvs_engine *engine, cvs_algorithm algorithm, fence_side side, const char *how) {
    fenced input = fence_copy(t->laid_input, t->input_count, side);
    fenced kernel = fence_copy(t->laid_kernel, t->kernel_count, side);
    fenced bias = fence_copy(t->bias, t->layer.filters, side);
    fenced output = fence((size_t)t->output_count * sizeof(float), side);
    const cvs_tensor weights[2] = {{kernel.data, t->weights[0].shape}, {bias.data, t->weights[1].shape}};
    cvs_plan *plan = NULL;
    ck_assert_int_eq(cvs_plan_create(engine, &t->inference, weights, 2, algorithm, &plan, NULL), CVS_OK);
    /* The workspace must be aligned: whole cache lines, so that its end is flush as well. */
    fenced workspace = fence((cvs_plan_workspace_bytes(plan) + 63) / 64 * 64, side);
    cvs_plan_execute(plan, input.data, output.data, workspace.data);
    memcpy(t->output, output.data, (size_t)t->output_count * sizeof(float));
    trial_check(t, how);
    cvs_plan_free(plan);
    unfence(&input), unfence(&kernel), unfence(&bias), unfence(&output), unfence(&workspace);
}

static const sketch sketches[] = {
    {"3x3 same", 2, .batch = 2, .channels = 5, .in = {9, 7}, .filters = 11, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"3x3 same, wide", 2, .channels = 3, .in = {5, 67}, .filters = 9, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"3x3 two wide", 2, .batch = 2, .channels = 18, .in = {11, 4}, .filters = 35, .kernel = {3, 3}},
    {"3x3 strided", 2, .channels = 5, .in = {9, 11}, .filters = 7, .kernel = {3, 3}, .stride = {2, 2}},
    {"5x5 dilated", 2, .channels = 3, .in = {13, 13}, .filters = 5, .kernel = {5, 5}, .dilation = {2, 2},
     .mode = CVS_PAD_SAME},
    {"1x1", 2, .batch = 3, .channels = 7, .in = {5, 7}, .filters = 13, .kernel = {1, 1}},
    {"depthwise", 2, .channels = 17, .in = {7, 7}, .filters = 17, .kernel = {3, 3}, .groups = 17, .mode = CVS_PAD_SAME},
    {"3 channels, 2 filters a group", 2, .batch = 2, .channels = 21, .in = {5, 8}, .filters = 14, .kernel = {3, 3},
     .groups = 7},
    {"depthwise strided", 2, .batch = 2, .channels = 67, .in = {6, 17}, .filters = 67, .kernel = {3, 2},
     .stride = {2, 2}, .groups = 67},
    {"reflect", 2, .channels = 3, .in = {5, 6}, .filters = 5, .kernel = {3, 3}, .mode = CVS_PAD_EXPLICIT,
     .before = {2, 3}, .after = {1, 2}, .fill = CVS_FILL_REFLECT},
    {"1D", 1, .batch = 2, .channels = 3, .in = {53}, .filters = 51, .kernel = {4}, .mode = CVS_PAD_CAUSAL},
    {"3D", 3, .channels = 3, .in = {3, 4, 5}, .filters = 5, .kernel = {2, 3, 3}, .mode = CVS_PAD_SAME},
};

/* So many of them, the first, are of a shape that Winograd's method computes. */
enum { FOR_WINOGRAD = 3 };

START_TEST(no_float_too_many_is_touched) {
    engines all = engines_make();
    for (size_t i = 0; i < 2 * sizeof sketches / sizeof *sketches; i++) {
        trial t = trial_of(&sketches[i / 2], CVS_CONVSCOPE, (cvs_data_format)(i % 2), WHOLE_NUMBERS);
        for (int e = 0; e < all.count; e++) {
            for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_IM2COL; a++)
                run_fenced(&t, all.engine[e], a, (fence_side)_i, all.name[e]);
        }
        if (i / 2 < FOR_WINOGRAD) {
            t.slack = trial_winograd_slack(&t);
            for (int e = 0; e < all.count; e++)
                run_fenced(&t, all.engine[e], CVS_ALGORITHM_WINOGRAD, (fence_side)_i, all.name[e]);
        }
        trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

Suite *bounds_suite(void) {
    Suite *suite = suite_create("bounds");
    TCase *limits = tcase_create("limits");
    tcase_set_timeout(limits, 60);
    tcase_add_loop_test(limits, no_float_too_many_is_touched, BEGINS_AFTER, ENDS_BEFORE + 1);
    suite_add_tcase(suite, limits);
    return suite;
}
