#include <convscope/inspect.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *solve_suite(void);

enum { CAPACITY = 16 };

/* Solve, and hold every answer against cvs_infer(). */
static size_t solve(const cvs_layer *layer, unsigned asked, cvs_shape input, cvs_shape output, cvs_layer *results) {
    size_t count = 0;
    cvs_error err = {0};
    ck_assert_msg(cvs_layer_solve(layer, asked, &input, &output, results, CAPACITY, &count, &err) == CVS_OK, "%s",
                  err.message);
    for (size_t i = 0; i < count; i++) {
        cvs_inference inference;
        ck_assert_int_eq(cvs_infer(&results[i], &input, NULL, &inference, NULL), CVS_OK);
        for (int axis = 1; axis < output.rank; axis++)
            ck_assert_int_eq(inference.output.shape.dim[axis], output.dim[axis]);
    }
    return count;
}

static cvs_layer conv2d(cvs_framework framework, int64_t filters, int64_t kernel) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 2);
    layer.framework = framework;
    if (framework == CVS_PYTORCH) layer.data_format = CVS_CHANNELS_FIRST;
    layer.filters = filters;
    layer.kernel[0] = layer.kernel[1] = kernel;
    return layer;
}

START_TEST(padding_and_stride_of_a_halving_layer) {
    cvs_layer results[CAPACITY], layer = conv2d(CVS_KERAS, 64, 3);
    size_t count = solve(&layer, CVS_ASK_PADDING | CVS_ASK_STRIDE, (cvs_shape){4, {-1, 224, 224, 3}},
                         (cvs_shape){4, {-1, 112, 112, 64}}, results);
    ck_assert_uint_ge(count, 1);
    ck_assert_int_eq(results[0].padding.mode, CVS_PAD_SAME);
    ck_assert_int_eq(results[0].stride[0], 2);
    ck_assert_int_eq(results[0].stride[1], 2);
}
END_TEST

START_TEST(pytorch_has_no_same_with_a_stride) {
    cvs_layer results[CAPACITY], layer = conv2d(CVS_PYTORCH, 64, 7);
    size_t count = solve(&layer, CVS_ASK_PADDING | CVS_ASK_STRIDE, (cvs_shape){4, {1, 3, 224, 224}},
                         (cvs_shape){4, {1, 64, 112, 112}}, results);
    ck_assert_uint_ge(count, 1);
    ck_assert_int_eq(results[0].padding.mode, CVS_PAD_EXPLICIT);
    ck_assert_int_eq(results[0].padding.before[0], 3);
    ck_assert_int_eq(results[0].padding.after[1], 3);
    ck_assert_int_eq(results[0].stride[0], 2);
}
END_TEST

START_TEST(the_founding_kernel_is_found) {
    cvs_layer results[CAPACITY], layer = cvs_layer_default(CVS_OP_CONV, 1);
    layer.framework = CVS_KERAS1;
    size_t count = solve(&layer, CVS_ASK_KERNEL | CVS_ASK_FILTERS, (cvs_shape){3, {-1, 300, 1}},
                         (cvs_shape){3, {-1, 296, 111}}, results);
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(results[0].kernel[0], 5);
    ck_assert_int_eq(results[0].filters, 111);
}
END_TEST

START_TEST(axes_may_differ_when_they_must) {
    cvs_layer results[CAPACITY], layer = conv2d(CVS_CONVSCOPE, 8, 3);
    size_t count = solve(&layer, CVS_ASK_KERNEL | CVS_ASK_STRIDE, (cvs_shape){4, {-1, 40, 80, 1}},
                         (cvs_shape){4, {-1, 38, 26, 8}}, results);
    ck_assert_uint_ge(count, 1);
    ck_assert_int_eq(results[0].stride[0], 1);
    ck_assert_int_eq(results[0].kernel[0], 3);
    ck_assert_int_eq(results[0].stride[1], 3);
}
END_TEST

/* A stride that steps over inputs comes last; a pool's window is as wide as its stride, given or not. */
START_TEST(natural_ones_come_first) {
    cvs_layer results[CAPACITY], layer = conv2d(CVS_KERAS, 64, 0), pool = cvs_layer_default(CVS_OP_MAX_POOL, 2);
    cvs_shape input = {4, {-1, 224, 224, 3}}, output = {4, {-1, 56, 56, 64}};
    solve(&layer, CVS_ASK_KERNEL | CVS_ASK_STRIDE | CVS_ASK_PADDING, input, output, results);
    ck_assert_int_eq(results[0].stride[0], 4);
    ck_assert_int_eq(results[0].kernel[0], 4);
    ck_assert_int_eq(results[1].kernel[0], 5);
    pool.framework = CVS_KERAS;
    output = (cvs_shape){4, {-1, 112, 112, 3}};
    solve(&pool, CVS_ASK_KERNEL | CVS_ASK_STRIDE | CVS_ASK_PADDING, input, output, results);
    ck_assert_int_eq(results[0].kernel[0], 2);
    ck_assert_int_eq(results[1].kernel[0], 3);
    size_t count = solve(&pool, CVS_ASK_KERNEL | CVS_ASK_STRIDE_OF_KERNEL, input, output, results);
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(results[0].kernel[0], 2);
    ck_assert_int_eq(results[0].stride[0], 2);
}
END_TEST

START_TEST(no_way_is_no_error) {
    cvs_layer results[CAPACITY], layer = conv2d(CVS_KERAS, 8, 3);
    size_t count =
        solve(&layer, CVS_ASK_PADDING, (cvs_shape){4, {-1, 28, 28, 1}}, (cvs_shape){4, {-1, 31, 31, 8}}, results);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(shapes_must_be_of_the_layer) {
    cvs_layer results[CAPACITY], layer = conv2d(CVS_KERAS, 8, 3);
    const cvs_shape input = {3, {1, 28, 28}}, output = {4, {1, 14, 14, 8}};
    size_t count;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_layer_solve(&layer, CVS_ASK_STRIDE, &input, &output, results, CAPACITY, &count, &err),
                     CVS_INVALID);
    ck_assert_str_eq(err.pointer, "/input_shape");
}
END_TEST

/* Whatever layer made the shapes, asking for its settings finds some that make them too. */
START_TEST(what_a_layer_did_can_be_found) {
    srand(3);
    for (int n = 0; n < 60; n++) {
        cvs_layer results[CAPACITY], layer = conv2d(CVS_CONVSCOPE, 1 + rand() % 9, 1 + rand() % 5);
        for (int axis = 0; axis < 2; axis++) layer.stride[axis] = 1 + rand() % 3;
        layer.padding.mode = rand() % 2 ? CVS_PAD_SAME : CVS_PAD_VALID;
        cvs_shape input = {4, {2, 9 + rand() % 50, 9 + rand() % 50, 1 + rand() % 5}};
        cvs_inference inference;
        ck_assert_int_eq(cvs_infer(&layer, &input, NULL, &inference, NULL), CVS_OK);
        size_t count =
            solve(&layer, CVS_ASK_PADDING | CVS_ASK_STRIDE | CVS_ASK_KERNEL, input, inference.output.shape, results);
        ck_assert_uint_ge(count, 1);
    }
}
END_TEST

/* Ask for what cannot be, and hear what stands in the way. */
static cvs_no_way unsolved(cvs_layer layer, unsigned asked, cvs_shape input, cvs_shape output) {
    cvs_layer results[CAPACITY];
    cvs_no_way why;
    ck_assert_uint_eq(solve(&layer, asked, input, output, results), 0);
    ck_assert_int_eq(cvs_layer_unsolved(&layer, asked, &input, &output, &why, NULL), CVS_OK);
    return why;
}

/* A 3x3 kernel on 28 numbers: valid gives 26, same 28, and Keras has nothing else. */
START_TEST(the_axis_in_the_way_and_its_nearest_sizes) {
    const cvs_layer layer = conv2d(CVS_KERAS, 8, 3);
    cvs_no_way why = unsolved(layer, CVS_ASK_PADDING, (cvs_shape){4, {-1, 28, 28, 1}}, (cvs_shape){4, {-1, 28, 27, 8}});
    ck_assert_int_eq(why.reason, CVS_NO_WAY_SIZE);
    ck_assert_int_eq(why.axis, 1);
    ck_assert_int_eq(why.below, 26);
    ck_assert_int_eq(why.above, 28);
    why = unsolved(layer, CVS_ASK_PADDING, (cvs_shape){4, {-1, 28, 28, 1}}, (cvs_shape){4, {-1, 31, 28, 8}});
    ck_assert_int_eq(why.reason, CVS_NO_WAY_SIZE);
    ck_assert_int_eq(why.axis, 0);
    ck_assert_int_eq(why.below, 28);
    ck_assert_int_eq(why.above, 0);
    why = unsolved(layer, CVS_ASK_PADDING, (cvs_shape){4, {-1, 28, 28, 1}}, (cvs_shape){4, {-1, 20, 28, 8}});
    ck_assert_int_eq(why.below, 0);
    ck_assert_int_eq(why.above, 26);
}
END_TEST

START_TEST(other_obstacles_than_a_size) {
    const cvs_layer layer = conv2d(CVS_KERAS, 8, 3);
    cvs_no_way why = unsolved(layer, CVS_ASK_PADDING, (cvs_shape){4, {-1, 28, 28, 1}}, (cvs_shape){4, {-1, 28, 28, 9}});
    ck_assert_int_eq(why.reason, CVS_NO_WAY_CHANNELS);
    ck_assert_int_eq(why.channels, 8);
    ck_assert_int_eq(why.wanted_channels, 9);
    why = unsolved(layer, CVS_ASK_PADDING, (cvs_shape){4, {-1, 28, 28, 1}}, (cvs_shape){4, {-1, 28, 26, 8}});
    ck_assert_int_eq(why.reason, CVS_NO_WAY_TOGETHER);
    cvs_layer narrow = layer;
    narrow.in_channels = 5;
    why = unsolved(narrow, CVS_ASK_PADDING, (cvs_shape){4, {-1, 28, 28, 1}}, (cvs_shape){4, {-1, 28, 28, 8}});
    ck_assert_int_eq(why.reason, CVS_NO_WAY_LAYER);
    ck_assert_ptr_nonnull(strchr(why.error.message, '5'));
}
END_TEST

Suite *solve_suite(void) {
    Suite *suite = suite_create("solve");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, padding_and_stride_of_a_halving_layer);
    tcase_add_test(core, pytorch_has_no_same_with_a_stride);
    tcase_add_test(core, the_founding_kernel_is_found);
    tcase_add_test(core, natural_ones_come_first);
    tcase_add_test(core, axes_may_differ_when_they_must);
    tcase_add_test(core, what_a_layer_did_can_be_found);
    tcase_add_test(core, the_axis_in_the_way_and_its_nearest_sizes);
    tcase_add_test(core, other_obstacles_than_a_size);
    tcase_add_test(limits, no_way_is_no_error);
    tcase_add_test(limits, shapes_must_be_of_the_layer);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
