#include "engine/plan.h"
#include "trial.h"

#include <check.h>
#include <string.h>

Suite *plan_suite(void);

static const sketch small = {"3x3", 2, .channels = 5, .in = {7, 7}, .filters = 3, .kernel = {3, 3}};

static cvs_engine *engine;
static trial t;

static void set_up(void) {
    ck_assert_int_eq(cvs_engine_create(&(cvs_engine_options){.without_blas = true}, &engine, NULL), CVS_OK);
    t = trial_of(&small, CVS_CONVSCOPE, CVS_CHANNELS_LAST, WHOLE_NUMBERS);
}

static void tear_down(void) {
    trial_free(&t);
    cvs_engine_free(engine);
}

static cvs_error refused(size_t count, const char *code, const char *pointer) {
    cvs_plan *plan = NULL;
    cvs_error err = {0};
    cvs_status status = cvs_plan_create(engine, &t.inference, t.weights, count, CVS_ALGORITHM_AUTO, &plan, &err);
    ck_assert_int_ne(status, CVS_OK);
    ck_assert_int_eq(err.status, status);
    ck_assert_ptr_null(plan);
    ck_assert_str_eq(err.code, code);
    ck_assert_str_eq(err.pointer, pointer);
    return err;
}

static void assert_mentions(const char *text, const char *words) {
    ck_assert_msg(strstr(text, words), "\"%s\" does not mention \"%s\"", text, words);
}

START_TEST(algorithms_have_names) {
    for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_WINOGRAD; a++) {
        cvs_algorithm back;
        ck_assert(cvs_algorithm_from_name(cvs_algorithm_name(a), &back));
        ck_assert_int_eq(back, a);
    }
    cvs_algorithm none;
    ck_assert(!cvs_algorithm_from_name("winograd99", &none));
    ck_assert(!cvs_algorithm_from_name("", &none));
}
END_TEST

START_TEST(a_wrong_kernel_is_refused_with_shape_and_axes) {
    t.weights[0].shape.dim[2] = 4;
    cvs_error err = refused(2, "weight-shape", "/weights/0");
    ck_assert_int_eq(err.status, CVS_INVALID);
    assert_mentions(err.message, "(3, 3, 5, 3)");
    assert_mentions(err.message, "(3, 3, 4, 3)");
    assert_mentions(err.message, "(kernel_height, kernel_width, in_channels, filters)");
    ck_assert_str_eq(err.value, "(3, 3, 4, 3)");
    ck_assert_str_eq(err.expected, "(3, 3, 5, 3)");
}
END_TEST

START_TEST(a_wrong_bias_is_refused) {
    t.weights[1].shape.dim[0] = 5;
    cvs_error err = refused(2, "weight-shape", "/weights/1");
    assert_mentions(err.message, "(3,)");
    t.weights[1].shape = (cvs_shape){2, {3, 1}};
    refused(2, "weight-shape", "/weights/1");
}
END_TEST

START_TEST(a_wrong_number_of_weights_is_refused) {
    cvs_error err = refused(1, "weights-count", "/weights");
    assert_mentions(err.message, "2 weight tensors");
    assert_mentions(err.message, "kernel (3, 3, 5, 3)");
    refused(0, "weights-count", "/weights");
    refused(3, "weights-count", "/weights");
    t.inference.layer.use_bias = false;
    refused(2, "weights-count", "/weights");
}
END_TEST

START_TEST(weights_without_numbers_are_refused) {
    t.weights[1].data = NULL;
    refused(2, "weight-missing", "/weights/1");
}
END_TEST

START_TEST(unknown_sizes_are_refused) {
    t.inference.input.shape.dim[0] = t.inference.output.shape.dim[0] = CVS_DIM_UNKNOWN;
    ck_assert_int_eq(refused(2, "size-unknown", "/input_shape/0").status, CVS_INVALID);
    t.inference.input.shape.dim[0] = 1;
    t.inference.input.shape.dim[2] = -7;
    refused(2, "size-unknown", "/input_shape/2");
}
END_TEST

START_TEST(sizes_that_cannot_be_addressed_are_refused) {
    t.inference.input.shape.dim[0] = t.inference.output.shape.dim[0] = INT64_MAX / 16;
    ck_assert_int_eq(refused(2, "too-large", "").status, CVS_TOO_LARGE);
    t.inference.input.shape.dim[0] = t.inference.output.shape.dim[0] = 1;
    t.inference.output.shape.dim[1] = t.inference.output.shape.dim[2] = INT64_C(1) << 31;
    ck_assert_int_eq(refused(2, "too-large", "").status, CVS_TOO_LARGE);
}
END_TEST

START_TEST(other_operators_are_unsupported) {
    t.inference.layer.op = CVS_OP_ADD;
    ck_assert_int_eq(refused(2, "op-not-executed", "/op").status, CVS_UNSUPPORTED);
}
END_TEST

START_TEST(errors_may_go_unrecorded) {
    cvs_plan *plan = NULL;
    ck_assert_int_eq(cvs_plan_create(engine, &t.inference, t.weights, 1, CVS_ALGORITHM_AUTO, &plan, NULL), CVS_INVALID);
    ck_assert_ptr_null(plan);
}
END_TEST

START_TEST(a_plan_keeps_no_hold_of_the_weights) {
    cvs_plan *plan = trial_plan(&t, engine, CVS_ALGORITHM_AUTO);
    memset(t.laid_kernel, 0xff, (size_t)t.kernel_count * sizeof(float));
    trial_execute(&t, plan);
    trial_check(&t, "weights overwritten");
    ck_assert_int_eq(cvs_plan_inference(plan)->layer.filters, 3);
    cvs_plan_free(plan);
}
END_TEST

START_TEST(an_empty_batch_is_nothing_to_do) {
    for (int format = 0; format < 2; format++) {
        for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_WINOGRAD; a++) {
            trial empty = trial_of(&small, CVS_CONVSCOPE, (cvs_data_format)format, WHOLE_NUMBERS);
            empty.inference.input.shape.dim[0] = empty.inference.output.shape.dim[0] = 0;
            cvs_plan *plan = trial_plan(&empty, engine, a);
            trial_execute(&empty, plan);
            for (int64_t i = 0; i < empty.output_count; i++) ck_assert_float_nan(empty.output[i]);
            cvs_plan_free(plan);
            trial_free(&empty);
        }
    }
}
END_TEST

/* Whatever the framework's axis order, the same convolution. */
START_TEST(weights_of_every_framework_are_read) {
    const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};
    const sketch sketches[] = {
        {"1D", 1, .batch = 2, .channels = 5, .in = {11}, .filters = 7, .kernel = {3}},
        {"2D", 2, .batch = 2, .channels = 5, .in = {7, 9}, .filters = 7, .kernel = {2, 3}},
        {"3D", 3, .channels = 3, .in = {4, 5, 6}, .filters = 5, .kernel = {2, 3, 4}},
        {"1x1", 2, .channels = 5, .in = {7, 9}, .filters = 7, .kernel = {1, 1}},
        {"one filter", 2, .channels = 5, .in = {7, 9}, .filters = 1, .kernel = {2, 3}},
        {"one channel", 2, .channels = 1, .in = {7, 9}, .filters = 5, .kernel = {2, 3}},
    };
    for (size_t s = 0; s < sizeof sketches / sizeof *sketches; s++) {
        for (size_t f = 0; f < 2 * sizeof frameworks / sizeof *frameworks; f++) {
            trial one = trial_of(&sketches[s], frameworks[f / 2], (cvs_data_format)(f % 2), WHOLE_NUMBERS);
            for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_IM2COL; a++)
                trial_run(&one, engine, a, cvs_framework_name(frameworks[f / 2]));
            trial_free(&one);
        }
    }
}
END_TEST

/* ---- the choice ------------------------------------------------------------ */

static const char *chosen(const sketch *drawn, cvs_algorithm algorithm, size_t *workspace) {
    trial one = trial_of(drawn, CVS_CONVSCOPE, CVS_CHANNELS_FIRST, WHOLE_NUMBERS);
    cvs_plan *plan = trial_plan(&one, engine, algorithm);
    const char *name = cvs_plan_algorithm(plan);
    *workspace = cvs_plan_workspace_bytes(plan);
    cvs_plan_free(plan);
    trial_free(&one);
    return name;
}

START_TEST(the_shape_chooses_the_algorithm) {
    /* Without vectors to speak of the BLAS is the better choice. */
    const bool fast = cvs_isa_detect() > CVS_ISA_PORTABLE;
    const char *const windows = fast ? "implicit-gemm" : "im2col", *const points = fast ? "implicit-gemm" : "gemm";
    const struct {
        sketch drawn;
        const char *automatic, *im2col;
    } choices[] = {
        {{"3x3", 2, .channels = 16, .in = {12, 12}, .filters = 24, .kernel = {3, 3}}, windows, "im2col"},
        {{"1x1", 2, .channels = 16, .in = {12, 12}, .filters = 24, .kernel = {1, 1}}, points, "gemm"},
        {{"1x1 strided", 2, .channels = 16, .in = {12, 12}, .filters = 24, .kernel = {1, 1}, .stride = {2, 2}},
         windows,
         "im2col"},
        {{"1x1 padded after", 2, .channels = 16, .in = {12, 12}, .filters = 24, .kernel = {1, 1},
          .mode = CVS_PAD_EXPLICIT, .after = {1, 0}},
         windows,
         "im2col"},
        {{"depthwise", 2, .channels = 16, .in = {12, 12}, .filters = 16, .kernel = {3, 3}, .groups = 16},
         "direct",
         "im2col"},
        {{"tiny", 2, .channels = 1, .in = {3, 3}, .filters = 2, .kernel = {2, 2}}, "direct", "im2col"},
    };
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        size_t workspace;
        ck_assert_str_eq(chosen(&choices[i].drawn, CVS_ALGORITHM_AUTO, &workspace), choices[i].automatic);
        ck_assert_str_eq(chosen(&choices[i].drawn, CVS_ALGORITHM_IM2COL, &workspace), choices[i].im2col);
        ck_assert((workspace > 0) == (strcmp(choices[i].im2col, "im2col") == 0));
        ck_assert_str_eq(chosen(&choices[i].drawn, CVS_ALGORITHM_DIRECT, &workspace), "direct");
        ck_assert_uint_eq(workspace, 0);
    }
}
END_TEST

/* No layer, however large, needs more than a few MiB: the whole matrix of columns never exists. */
START_TEST(the_workspace_is_bounded) {
    const int64_t sizes[] = {1, 7, 56, 224, 5000, INT64_C(1) << 20};
    for (size_t c = 0; c < 6; c++) {
        for (size_t s = 0; s < 6; s++) {
            for (int64_t l2 = 1 << 18; l2 <= 4 << 20; l2 *= 2) {
                const cvs__geometry g = {
                    .channels_first = s % 2,
                    .batch = 1,
                    .groups = 1,
                    .channels = sizes[c],
                    .group_channels = sizes[c],
                    .filters = sizes[s],
                    .group_filters = sizes[s],
                    .taps = 9,
                    .depth = 9 * sizes[c],
                    .in_cells = sizes[s] * sizes[s],
                    .out_cells = sizes[s] * sizes[s],
                };
                const cvs__method *method = cvs__choose(&(cvs_plan){.geometry = g}, CVS_ALGORITHM_IM2COL);
                const cvs__tiling tiling = cvs__tile(&g, method, l2);
                ck_assert_int_ge(tiling.cells, 1);
                ck_assert_int_ge(tiling.depth, 1);
                ck_assert_int_le(tiling.cells * tiling.depth * (int64_t)sizeof(float), 4 << 20);
            }
        }
    }
}
END_TEST

Suite *plan_suite(void) {
    Suite *suite = suite_create("plan");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_checked_fixture(core, set_up, tear_down);
    tcase_add_checked_fixture(limits, set_up, tear_down);
    tcase_add_test(core, algorithms_have_names);
    tcase_add_test(core, a_plan_keeps_no_hold_of_the_weights);
    tcase_add_test(core, weights_of_every_framework_are_read);
    tcase_add_test(core, the_shape_chooses_the_algorithm);
    tcase_add_test(core, the_workspace_is_bounded);
    tcase_add_test(limits, a_wrong_kernel_is_refused_with_shape_and_axes);
    tcase_add_test(limits, a_wrong_bias_is_refused);
    tcase_add_test(limits, a_wrong_number_of_weights_is_refused);
    tcase_add_test(limits, weights_without_numbers_are_refused);
    tcase_add_test(limits, unknown_sizes_are_refused);
    tcase_add_test(limits, sizes_that_cannot_be_addressed_are_refused);
    tcase_add_test(limits, other_operators_are_unsupported);
    tcase_add_test(limits, errors_may_go_unrecorded);
    tcase_add_test(limits, an_empty_batch_is_nothing_to_do);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
