#include "layers.h"

Suite *cost_suite(void);

static cvs_cost cost_of(const cvs_inference *inference) {
    cvs_cost cost;
    cvs_error err = {0};
    ck_assert_msg(cvs_layer_cost(inference, &cost, &err) == CVS_OK, "%s", err.message);
    return cost;
}

START_TEST(the_founding_layer) {
    cvs_layer layer = conv(CVS_KERAS1, 1, 111, 5);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 300, 1), NULL);
    cvs_cost cost = cost_of(&inference);
    ck_assert_int_eq(cost.macs, 164280);
    ck_assert_int_eq(cost.bias_adds, 32856);
    ck_assert_int_eq(cost.flops, 361416);
    ck_assert_int_eq(cost.input_bytes, 1200);
    ck_assert_int_eq(cost.output_bytes, 131424);
    ck_assert_int_eq(cost.weights_bytes, 2664);
}
END_TEST

/* 118,013,952 is what fvcore and thop give for ResNet's first layer. */
START_TEST(resnets_first_layer) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 64, 7);
    layer.in_channels = 3;
    layer.stride[0] = layer.stride[1] = 2;
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {3, 3}, .after = {3, 3}};
    cvs_inference inference = infer(&layer, SHAPE(8, 3, 224, 224), NULL);
    cvs_cost cost = cost_of(&inference);
    ck_assert_int_eq(cost.macs, 118013952);
    ck_assert_int_eq(cost.bias_adds, 64 * 112 * 112);
    ck_assert_int_eq(cost.input_bytes, 4 * 3 * 224 * 224);
    ck_assert_int_eq(cost.weights_bytes, 4 * (64 * 3 * 49 + 64));
    inference.layer.use_bias = false;
    cost = cost_of(&inference);
    ck_assert_int_eq(cost.bias_adds, 0);
    ck_assert_int_eq(cost.flops, 2 * 118013952);
}
END_TEST

START_TEST(groups_divide_the_work) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 32, 3);
    layer.groups = 32;
    cvs_inference inference = infer(&layer, SHAPE(1, 32, 10, 10), NULL);
    ck_assert_int_eq(cost_of(&inference).macs, 32 * 8 * 8 * 9);
}
END_TEST

START_TEST(unknown_sizes_leave_only_their_figures_open) {
    cvs_layer layer = conv(CVS_KERAS, 1, 4, 3);
    cvs_inference inference = infer(&layer, SHAPE(NONE, NONE, 7), NULL);
    cvs_cost cost = cost_of(&inference);
    ck_assert_int_eq(cost.macs, NONE);
    ck_assert_int_eq(cost.bias_adds, NONE);
    ck_assert_int_eq(cost.flops, NONE);
    ck_assert_int_eq(cost.input_bytes, NONE);
    ck_assert_int_eq(cost.weights_bytes, 4 * (3 * 7 * 4 + 4));
    inference = infer(&layer, SHAPE(NONE, 12, NONE), NULL);
    cost = cost_of(&inference);
    ck_assert_int_eq(cost.macs, NONE);
    ck_assert_int_eq(cost.bias_adds, 40);
    ck_assert_int_eq(cost.output_bytes, 160);
    ck_assert_int_eq(cost.weights_bytes, NONE);
}
END_TEST

START_TEST(products_that_overflow) {
    cvs_layer layer = conv(CVS_KERAS, 2, 1 << 20, 1 << 10);
    cvs_inference inference = infer(&layer, SHAPE(1, 1 << 20, 1 << 20, 2), NULL);
    cvs_cost cost = {.macs = 77};
    cvs_error err = {0};
    ck_assert_int_eq(cvs_layer_cost(&inference, &cost, &err), CVS_TOO_LARGE);
    ck_assert_str_eq(err.code, "cost-overflow");
    ck_assert_int_eq(cost.macs, 77);
}
END_TEST

Suite *cost_suite(void) {
    Suite *suite = suite_create("cost");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, the_founding_layer);
    tcase_add_test(core, resnets_first_layer);
    tcase_add_test(core, groups_divide_the_work);
    tcase_add_test(limits, unknown_sizes_leave_only_their_figures_open);
    tcase_add_test(limits, products_that_overflow);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
