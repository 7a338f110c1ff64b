#include <convscope/inspect.h>

#include <check.h>
#include <stdlib.h>

Suite *window_suite(void);

static cvs_inference infer_1d(cvs_layer layer, int64_t size) {
    cvs_inference inference;
    cvs_error err = {0};
    const cvs_shape input = {3, {1, size, 2}};
    ck_assert_msg(cvs_infer(&layer, &input, NULL, &inference, &err) == CVS_OK, "%s", err.message);
    return inference;
}

START_TEST(padding_is_told_apart) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 1);
    layer.filters = 1;
    layer.kernel[0] = 3;
    layer.dilation[0] = 2;
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {3}, .after = {2}};
    cvs_inference inference = infer_1d(layer, 5);
    cvs_window window;
    ck_assert_int_eq(cvs_layer_window(&inference, (int64_t[]){0}, &window, NULL), CVS_OK);
    ck_assert_int_eq(window.axis, CVS_AXIS_LENGTH);
    ck_assert_int_eq(window.first, -3);
    ck_assert_int_eq(window.step, 2);
    ck_assert_int_eq(window.count, 3);
    ck_assert_int_eq(window.before, 2);
    ck_assert_int_eq(window.after, 0);
    ck_assert_int_eq(cvs_layer_window(&inference, (int64_t[]){5}, &window, NULL), CVS_OK);
    ck_assert_int_eq(window.first, 2);
    ck_assert_int_eq(window.after, 1);
}
END_TEST

START_TEST(cells_outside_are_refused) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 1);
    layer.filters = 1;
    layer.kernel[0] = 3;
    cvs_inference inference = infer_1d(layer, 5);
    cvs_window window;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_layer_window(&inference, (int64_t[]){3}, &window, &err), CVS_INVALID);
    ck_assert_str_eq(err.pointer, "/cell/0");
    ck_assert_str_eq(err.expected, "0 to 2");
    ck_assert_int_eq(cvs_layer_window(&inference, (int64_t[]){-1}, &window, NULL), CVS_INVALID);
}
END_TEST

/* The definition, spelt out: which taps of which inputs land on this cell. */
static void check_transposed(const cvs_layer *layer, int64_t size, int64_t crop, int64_t cell) {
    cvs_inference inference = {.layer = *layer, .input = {{3, {1, size, 1}}, {0, CVS_AXIS_LENGTH}}};
    inference.layer.padding.before[0] = crop;
    inference.output.shape = (cvs_shape){3, {1, cell + 1, 1}};
    cvs_window window;
    ck_assert_int_eq(cvs_layer_window(&inference, &cell, &window, NULL), CVS_OK);
    int64_t seen = 0;
    for (int64_t x = 0; x < size; x++)
        for (int64_t t = 0; t < layer->kernel[0]; t++) {
            if (x * layer->stride[0] + t * layer->dilation[0] - crop != cell) continue;
            ck_assert_int_eq(window.first + seen * window.step, x);
            ck_assert_int_eq(window.first_tap + seen * window.tap_step, t);
            seen++;
        }
    ck_assert_int_eq(window.count, seen);
    ck_assert_int_eq(window.before + window.after, 0);
}

START_TEST(transposed_windows_follow_the_definition) {
    srand(7);
    for (int n = 0; n < 20000; n++) {
        cvs_layer layer = cvs_layer_default(CVS_OP_CONV_TRANSPOSE, 1);
        layer.kernel[0] = 1 + rand() % 7;
        layer.stride[0] = 1 + rand() % 6;
        layer.dilation[0] = 1 + rand() % 6;
        check_transposed(&layer, 1 + rand() % 9, rand() % 4, rand() % 40);
    }
}
END_TEST

START_TEST(huge_parameters_take_no_time) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV_TRANSPOSE, 1);
    layer.kernel[0] = CVS_MAX_PARAMETER;
    layer.stride[0] = CVS_MAX_PARAMETER - 1;
    layer.dilation[0] = CVS_MAX_PARAMETER;
    cvs_inference inference = {.layer = layer, .input = {{3, {1, 1000, 1}}, {0, CVS_AXIS_LENGTH}}};
    inference.output.shape = (cvs_shape){3, {1, INT64_C(1) << 40, 1}};
    cvs_window window;
    ck_assert_int_eq(cvs_layer_window(&inference, (int64_t[]){INT64_C(1) << 35}, &window, NULL), CVS_OK);
    for (int64_t n = 0; n < window.count; n++)
        ck_assert(window.first + n * window.step >= 0 && window.first + n * window.step < 1000);
}
END_TEST

START_TEST(fills_take_their_values_from_inside) {
    const int64_t expected[4][7] = {
        [CVS_FILL_ZEROS] = {-1, -1, 0, 1, 2, -1, -1},
        [CVS_FILL_REFLECT] = {2, 1, 0, 1, 2, 1, 0},
        [CVS_FILL_REPLICATE] = {0, 0, 0, 1, 2, 2, 2},
        [CVS_FILL_CIRCULAR] = {1, 2, 0, 1, 2, 0, 1},
    };
    for (int fill = 0; fill < 4; fill++)
        for (int position = -2; position < 5; position++)
            ck_assert_int_eq(cvs_padding_source((cvs_fill)fill, position, 3), expected[fill][position + 2]);
}
END_TEST

Suite *window_suite(void) {
    Suite *suite = suite_create("window");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, padding_is_told_apart);
    tcase_add_test(core, transposed_windows_follow_the_definition);
    tcase_add_test(core, fills_take_their_values_from_inside);
    tcase_add_test(limits, cells_outside_are_refused);
    tcase_add_test(limits, huge_parameters_take_no_time);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
