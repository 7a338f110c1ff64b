#include <convscope/inspect.h>

#include <check.h>

Suite *match_suite(void);

/* The founding question's layer on (None, steps, channels). */
static cvs_inference founding(int64_t steps, int64_t channels) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 1);
    layer.framework = CVS_KERAS1;
    layer.filters = 111;
    layer.kernel[0] = 5;
    const cvs_shape input = {3, {CVS_DIM_UNKNOWN, steps, channels}};
    cvs_inference inference;
    ck_assert_int_eq(cvs_infer(&layer, &input, NULL, &inference, NULL), CVS_OK);
    return inference;
}

START_TEST(own_layout_fits) {
    cvs_inference inference = founding(400, 300);
    const cvs_shape shapes[] = {{4, {5, 1, 300, 111}}, {1, {111}}};
    cvs_match match;
    ck_assert_int_eq(cvs_layer_match(&inference, shapes, 2, &match, NULL), CVS_OK);
    ck_assert_int_eq(match.kind, CVS_MATCH_EXACT);
    ck_assert_int_eq(match.framework, CVS_KERAS1);
    ck_assert_int_eq(match.given.weight[0].tensor.axes[2], CVS_AXIS_IN_CHANNELS);
}
END_TEST

START_TEST(wrong_size_is_pointed_at) {
    cvs_inference inference = founding(300, 1);
    const cvs_shape shapes[] = {{4, {5, 1, 300, 111}}, {1, {111}}};
    cvs_match match;
    ck_assert_int_eq(cvs_layer_match(&inference, shapes, 2, &match, NULL), CVS_OK);
    ck_assert_int_eq(match.kind, CVS_MATCH_SIZE);
    ck_assert(match.differs[0][2]);
    ck_assert(!match.differs[0][0] && !match.differs[0][1] && !match.differs[0][3] && !match.differs[1][0]);
    ck_assert_int_eq(match.expected.weight[0].tensor.shape.dim[2], 1);
    ck_assert_int_eq(match.given.weight[0].tensor.shape.dim[2], 300);
}
END_TEST

START_TEST(another_frameworks_layout_is_recognised) {
    cvs_inference inference = founding(400, 300);
    const cvs_shape shapes[] = {{3, {111, 300, 5}}, {1, {111}}};
    cvs_match match;
    ck_assert_int_eq(cvs_layer_match(&inference, shapes, 2, &match, NULL), CVS_OK);
    ck_assert_int_eq(match.kind, CVS_MATCH_EXACT);
    ck_assert_int_eq(match.framework, CVS_PYTORCH);
    ck_assert_int_eq(match.given.weight[0].tensor.axes[0], CVS_AXIS_FILTERS);
}
END_TEST

/* (filters, in, k, k) is PyTorch's as well as Keras 1's "th": the layer's own framework decides. */
static void check_filters_first(cvs_framework framework, cvs_framework expected) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 2);
    layer.framework = framework;
    layer.filters = 8;
    layer.kernel[0] = layer.kernel[1] = 3;
    const cvs_shape input = {4, {1, 9, 9, 2}}, shapes[] = {{4, {8, 2, 3, 3}}, {1, {8}}};
    cvs_inference inference;
    cvs_match match;
    ck_assert_int_eq(cvs_infer(&layer, &input, NULL, &inference, NULL), CVS_OK);
    ck_assert_int_eq(cvs_layer_match(&inference, shapes, 2, &match, NULL), CVS_OK);
    ck_assert_int_eq(match.kind, CVS_MATCH_EXACT);
    ck_assert_int_eq(match.framework, expected);
}

START_TEST(filters_first_are_pytorchs_unless_the_layer_is_keras_1) {
    check_filters_first(CVS_KERAS, CVS_PYTORCH);
    check_filters_first(CVS_KERAS1, CVS_KERAS1);
}
END_TEST

START_TEST(a_permutation_of_no_framework) {
    cvs_inference inference = founding(400, 300);
    const cvs_shape shapes[] = {{4, {300, 1, 111, 5}}, {1, {111}}};
    cvs_match match;
    ck_assert_int_eq(cvs_layer_match(&inference, shapes, 2, &match, NULL), CVS_OK);
    ck_assert_int_eq(match.kind, CVS_MATCH_PERMUTATION);
}
END_TEST

START_TEST(nothing_fits) {
    cvs_inference inference = founding(400, 300);
    const cvs_shape shapes[] = {{2, {300, 111}}, {1, {111}}, {1, {111}}};
    cvs_match match;
    for (size_t count = 0; count <= 3; count += 3) {
        ck_assert_int_eq(cvs_layer_match(&inference, shapes, count, &match, NULL), CVS_OK);
        ck_assert_int_eq(match.kind, CVS_MATCH_NONE);
        ck_assert_int_eq(match.given.count, (int)count);
        ck_assert_int_eq(match.expected.count, 2);
    }
}
END_TEST

Suite *match_suite(void) {
    Suite *suite = suite_create("match");
    TCase *core = tcase_create("core");
    tcase_add_test(core, own_layout_fits);
    tcase_add_test(core, wrong_size_is_pointed_at);
    tcase_add_test(core, another_frameworks_layout_is_recognised);
    tcase_add_test(core, filters_first_are_pytorchs_unless_the_layer_is_keras_1);
    tcase_add_test(core, a_permutation_of_no_framework);
    tcase_add_test(core, nothing_fits);
    suite_add_tcase(suite, core);
    return suite;
}
