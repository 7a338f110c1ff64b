/* Winograd's method: within its documented bound on every level, in both formats, with every tail; NaN and infinity as
   in the direct sum; the same bits for any number of threads. */
#include "trial.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *winograd_suite(void);

static const sketch shapes[] = {
    {"whole tiles", 2, .channels = 16, .in = {10, 14}, .filters = 32, .kernel = {3, 3}},
    {"same", 2, .batch = 2, .channels = 16, .in = {13, 11}, .filters = 19, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"one cell", 2, .channels = 5, .in = {3, 3}, .filters = 3, .kernel = {3, 3}},
    {"one cell of padding", 2, .channels = 2, .in = {1, 1}, .filters = 2, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"two wide", 2, .batch = 3, .channels = 7, .in = {23, 4}, .filters = 17, .kernel = {3, 3}},
    {"two high", 2, .channels = 18, .in = {2, 95}, .filters = 5, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"wider than a part", 2, .channels = 3, .in = {9, 151}, .filters = 6, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"parts that break rows", 2, .channels = 9, .in = {43, 37}, .filters = 4, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"uneven padding", 2, .batch = 2, .channels = 6, .in = {9, 8}, .filters = 10, .kernel = {3, 3},
     .mode = CVS_PAD_EXPLICIT, .before = {2, 0}, .after = {0, 1}},
    {"padding past the kernel", 2, .channels = 3, .in = {4, 5}, .filters = 4, .kernel = {3, 3},
     .mode = CVS_PAD_EXPLICIT, .before = {7, 4}, .after = {5, 11}},
    {"reflects nothing", 2, .channels = 3, .in = {7, 9}, .filters = 4, .kernel = {3, 3}, .fill = CVS_FILL_REFLECT},
    {"several blocks of filters", 2, .channels = 33, .in = {8, 9}, .filters = 150, .kernel = {3, 3}},
};

static const sketch many_channels = {
    "many channels", 2, .channels = 512, .in = {9, 9}, .filters = 6, .kernel = {3, 3}, .mode = CVS_PAD_SAME};

/* Every engine; `activation` of the layer. */
static void run_everywhere(const engines *all, const sketch *shape, cvs_data_format format,
                           cvs_activation_kind activation) {
    trial t = trial_of(shape, CVS_CONVSCOPE, format, REALS);
    t.layer.activation.kind = t.inference.layer.activation.kind = activation;
    trial_update(&t);
    t.slack = trial_winograd_slack(&t);
    for (int e = 0; e < all->count; e++) trial_run(&t, all->engine[e], CVS_ALGORITHM_WINOGRAD, all->name[e]);
    trial_free(&t);
}

START_TEST(shapes_are_within_the_bound) {
    engines all = engines_make();
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        run_everywhere(&all, &shapes[i], (cvs_data_format)(_i % 2), _i < 2 ? CVS_ACT_LINEAR : CVS_ACT_RELU);
    engines_free(&all);
}
END_TEST

START_TEST(every_tail_of_channels_and_filters) {
    engines all = engines_make();
    for (int64_t n = 1; n <= 70; n++) {
        const sketch shape = {
            "tails", 2, .channels = n, .in = {6, 5}, .filters = 71 - n, .kernel = {3, 3}, .mode = CVS_PAD_SAME};
        run_everywhere(&all, &shape, (cvs_data_format)_i, CVS_ACT_LINEAR);
    }
    engines_free(&all);
}
END_TEST

/* Far within the worst case: a millionth of the largest output for every 100 channels or so. */
START_TEST(the_error_is_a_small_part_of_the_output) {
    engines all = engines_make();
    trial t = trial_of(&many_channels, CVS_CONVSCOPE, (cvs_data_format)_i, REALS);
    double largest = 0;
    for (int64_t i = 0; i < t.output_count; i++) largest = fmax(largest, fabs(t.wanted[i].sum));
    for (int e = 0; e < all.count; e++) {
        cvs_plan *plan = trial_plan(&t, all.engine[e], CVS_ALGORITHM_WINOGRAD);
        trial_execute(&t, plan);
        ck_assert_str_eq(cvs_plan_algorithm(plan), "winograd4");
        for (int64_t i = 0; i < t.output_count; i++)
            ck_assert_double_le(fabs((double)t.output[i] - t.wanted[i].sum), 1e-5 * largest);
        cvs_plan_free(plan);
    }
    trial_free(&t);
    engines_free(&all);
}
END_TEST

/* Small whole numbers pass the transforms of 2x2 tiles unrounded. */
START_TEST(two_by_two_is_exact_on_whole_numbers) {
    engines all = engines_make();
    trial t = trial_of(&shapes[4], CVS_CONVSCOPE, (cvs_data_format)_i, WHOLE_NUMBERS);
    for (int e = 0; e < all.count; e++) {
        cvs_plan *plan = trial_plan(&t, all.engine[e], CVS_ALGORITHM_WINOGRAD);
        ck_assert_str_eq(cvs_plan_algorithm(plan), "winograd2");
        cvs_plan_free(plan);
        trial_run(&t, all.engine[e], CVS_ALGORITHM_WINOGRAD, all.name[e]);
    }
    trial_free(&t);
    engines_free(&all);
}
END_TEST

/* The other activations against those of the direct method, which are tested elsewhere. */
START_TEST(activations_are_applied) {
    const cvs_activation_kind kind = (cvs_activation_kind)_i;
    engines all = engines_make();
    for (int format = 0; format < 2; format++) {
        trial t = trial_of(&shapes[1], CVS_CONVSCOPE, (cvs_data_format)format, REALS);
        t.inference.layer.activation = (cvs_activation){.kind = kind, .alpha = 0.25F, .beta = 0.5F};
        float *direct = malloc((size_t)t.output_count * sizeof *direct);
        for (int e = 0; e < all.count; e++) {
            cvs_plan *plans[] = {trial_plan(&t, all.engine[e], CVS_ALGORITHM_DIRECT),
                                 trial_plan(&t, all.engine[e], CVS_ALGORITHM_WINOGRAD)};
            trial_execute(&t, plans[0]);
            memcpy(direct, t.output, (size_t)t.output_count * sizeof *direct);
            trial_execute(&t, plans[1]);
            for (int64_t i = 0; i < t.output_count; i++)
                ck_assert_float_eq_tol(t.output[i], direct[i], 1e-4F * (1 + fabsf(direct[i])));
            cvs_plan_free(plans[0]), cvs_plan_free(plans[1]);
        }
        free(direct);
        trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

/* Put NaN and both infinities at a few places of `data` in turn. */
static void sow(const engines *all, trial *t, float *data, int64_t count, const char *name) {
    static const float strange[] = {NAN, INFINITY, -INFINITY};
    for (size_t s = 0; s < 3; s++) {
        for (int64_t at = 0; at < count; at += count / 4 + 1) {
            const float before = data[at];
            data[at] = strange[s];
            trial_update(t);
            t->slack = trial_winograd_slack(t);
            for (int e = 0; e < all->count; e++) {
                cvs_plan *plan = trial_plan(t, all->engine[e], CVS_ALGORITHM_WINOGRAD);
                ck_assert_int_eq(strncmp(cvs_plan_algorithm(plan), "winograd", 8) == 0, data != t->kernel);
                trial_execute(t, plan);
                trial_check(t, name);
                cvs_plan_free(plan);
            }
            data[at] = before;
        }
    }
}

START_TEST(nan_and_infinity_go_where_the_direct_sum_takes_them) {
    engines all = engines_make();
    const size_t chosen[] = {1, 4, 7, 8};
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) {
        trial t = trial_of(&shapes[chosen[i]], CVS_CONVSCOPE, (cvs_data_format)(_i % 2), REALS);
        t.layer.activation.kind = t.inference.layer.activation.kind = _i < 2 ? CVS_ACT_LINEAR : CVS_ACT_RELU;
        sow(&all, &t, t.input, t.input_count, "input");
        sow(&all, &t, t.kernel, t.kernel_count, "kernel");
        sow(&all, &t, t.bias, t.layer.filters, "bias");
        trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

/* What only the transforms overflow is summed directly. */
START_TEST(large_numbers_do_not_overflow) {
    engines all = engines_make();
    trial t = trial_of(&shapes[1], CVS_CONVSCOPE, (cvs_data_format)_i, REALS);
    for (int64_t i = 0; i < t.input_count; i++) t.input[i] = i % 2 ? 0x1.8p127F : -0x1.8p127F;
    for (int64_t i = 0; i < t.kernel_count; i++) t.kernel[i] *= 0x1p-9F;
    trial_update(&t);
    for (int e = 0; e < all.count; e++) {
        cvs_plan *plan = trial_plan(&t, all.engine[e], CVS_ALGORITHM_WINOGRAD);
        trial_execute(&t, plan);
        for (int64_t i = 0; i < t.output_count; i++) ck_assert_float_finite(t.output[i]);
        cvs_plan_free(plan);
    }
    trial_free(&t);
    engines_free(&all);
}
END_TEST

/* Shapes whose parts are cut differently for 1, 2 and 4 threads. */
START_TEST(any_number_of_threads_computes_the_same_bits) {
    for (size_t i = 0; i < 2 * sizeof shapes / sizeof *shapes; i++) {
        trial t = trial_of(&shapes[i / 2], CVS_CONVSCOPE, (cvs_data_format)(i % 2), REALS);
        float *alone = malloc((size_t)t.output_count * sizeof *alone);
        for (int threads = 1; threads <= 4; threads *= 2) {
            cvs_engine *engine = NULL;
            const cvs_engine_options options = {.without_blas = true, .threads = threads};
            ck_assert_int_eq(cvs_engine_create(&options, &engine, NULL), CVS_OK);
            cvs_plan *plan = trial_plan(&t, engine, CVS_ALGORITHM_WINOGRAD);
            trial_execute(&t, plan);
            if (threads == 1) memcpy(alone, t.output, (size_t)t.output_count * sizeof *alone);
            ck_assert_msg(memcmp(alone, t.output, (size_t)t.output_count * sizeof *alone) == 0, "%s: %d threads",
                          t.name, threads);
            cvs_plan_free(plan);
            cvs_engine_free(engine);
        }
        free(alone);
        trial_free(&t);
    }
}
END_TEST

START_TEST(other_shapes_are_refused) {
    const sketch others[] = {
        {"5x5", 2, .channels = 4, .in = {9, 9}, .filters = 4, .kernel = {5, 5}},
        {"strided", 2, .channels = 4, .in = {9, 9}, .filters = 4, .kernel = {3, 3}, .stride = {1, 2}},
        {"dilated", 2, .channels = 4, .in = {9, 9}, .filters = 4, .kernel = {3, 3}, .dilation = {2, 1}},
        {"grouped", 2, .channels = 4, .in = {9, 9}, .filters = 4, .kernel = {3, 3}, .groups = 2},
        {"1D", 1, .channels = 4, .in = {9}, .filters = 4, .kernel = {3}},
        {"3D", 3, .channels = 4, .in = {5, 5, 5}, .filters = 4, .kernel = {3, 3, 3}},
        {"reflecting", 2, .channels = 4, .in = {9, 9}, .filters = 4, .kernel = {3, 3}, .mode = CVS_PAD_EXPLICIT,
         .before = {1, 1}, .after = {1, 1}, .fill = CVS_FILL_REFLECT},
    };
    cvs_engine *engine = NULL;
    ck_assert_int_eq(cvs_engine_create(&(cvs_engine_options){.without_blas = true}, &engine, NULL), CVS_OK);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        trial t = trial_of(&others[i], CVS_CONVSCOPE, CVS_CHANNELS_LAST, WHOLE_NUMBERS);
        cvs_plan *plan = NULL;
        cvs_error err = {0};
        ck_assert_int_eq(cvs_plan_create(engine, &t.inference, t.weights, 2, CVS_ALGORITHM_WINOGRAD, &plan, &err),
                         CVS_UNSUPPORTED);
        ck_assert_str_eq(err.pointer, "/algorithm");
        ck_assert_ptr_null(plan);
        trial_free(&t);
    }
    cvs_engine_free(engine);
}
END_TEST

START_TEST(layers_of_many_channels_and_filters_are_computed_so) {
    const sketch worth = {"worth it",          2, .channels = 64, .in = {14, 14}, .filters = 64, .kernel = {3, 3},
                          .mode = CVS_PAD_SAME};
    cvs_engine *engine = NULL;
    ck_assert_int_eq(cvs_engine_create(&(cvs_engine_options){.without_blas = true}, &engine, NULL), CVS_OK);
    trial t = trial_of(&worth, CVS_CONVSCOPE, (cvs_data_format)_i, REALS);
    cvs_plan *plan = trial_plan(&t, engine, CVS_ALGORITHM_AUTO);
    ck_assert_str_eq(cvs_plan_algorithm(plan), "winograd4");
    cvs_plan_free(plan);
    trial_free(&t);
    cvs_engine_free(engine);
}
END_TEST

Suite *winograd_suite(void) {
    Suite *suite = suite_create("winograd");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 120);
    tcase_add_loop_test(core, shapes_are_within_the_bound, 0, 4);
    tcase_add_loop_test(core, every_tail_of_channels_and_filters, 0, 2);
    tcase_add_loop_test(core, the_error_is_a_small_part_of_the_output, 0, 2);
    tcase_add_loop_test(core, two_by_two_is_exact_on_whole_numbers, 0, 2);
    tcase_add_loop_test(core, activations_are_applied, 0, CVS_ACT_COUNT);
    tcase_add_loop_test(core, nan_and_infinity_go_where_the_direct_sum_takes_them, 0, 4);
    tcase_add_loop_test(core, large_numbers_do_not_overflow, 0, 2);
    tcase_add_test(core, any_number_of_threads_computes_the_same_bits);
    tcase_add_test(core, other_shapes_are_refused);
    tcase_add_loop_test(core, layers_of_many_channels_and_filters_are_computed_so, 0, 2);
    suite_add_tcase(suite, core);
    return suite;
}
