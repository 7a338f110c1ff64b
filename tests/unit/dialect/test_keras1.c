#include "support.h"

#include <stdio.h>

Suite *keras1_suite(void);

/* The founding question's line. */
START_TEST(the_founding_line) {
    cvs_layer layer = read_layer("model.add(Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', "
                                 "activation=\"relu\", subsample_length=1))");
    ck_assert_int_eq(layer.framework, CVS_KERAS1);
    ck_assert_int_eq(layer.spatial_rank, 1);
    ck_assert_int_eq(layer.filters, 111);
    check_ints(layer.kernel, 5, 0, 0);
    ck_assert_int_eq(layer.padding.mode, CVS_PAD_VALID);
    ck_assert_int_eq(layer.activation.kind, CVS_ACT_RELU);
}
END_TEST

/* The signatures of Keras 1.2.2: each position holds a value of its own. */
START_TEST(positional_arguments_in_their_true_order) {
    cvs_layer layer = read_layer("Convolution1D(4, 3, 'he_uniform', 'tanh', None, 'full', 2, None, None, None, None, "
                                 "None, False, 300, 400)");
    ck_assert_int_eq(layer.activation.kind, CVS_ACT_TANH);
    ck_assert_int_eq(layer.padding.mode, CVS_PAD_FULL);
    check_ints(layer.stride, 2, 1, 1);
    ck_assert(!layer.use_bias);

    layer = read_layer("Convolution2D(4, 3, 5, 'he_uniform', 'tanh', None, 'same', (2, 1), 'th', None, None, None, "
                       "None, None, False)");
    check_ints(layer.kernel, 3, 5, 0);
    check_ints(layer.stride, 2, 1, 1);
    ck_assert_int_eq(layer.padding.mode, CVS_PAD_SAME);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_FIRST);
    ck_assert(!layer.use_bias);

    layer = read_layer("AtrousConvolution2D(4, 3, 5, 'he_uniform', 'tanh', None, 'same', (1, 1), (2, 3), 'th')");
    check_ints(layer.dilation, 2, 3, 1);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_FIRST);

    layer = read_layer("AtrousConvolution1D(4, 3, 'he_uniform', 'tanh', None, 'same', 1, 2)");
    check_ints(layer.dilation, 2, 1, 1);

    layer = read_layer("Convolution3D(4, 3, 5, 7, 'he_uniform', 'tanh', None, 'same', (2, 1, 2), 'th')");
    check_ints(layer.kernel, 3, 5, 7);
    check_ints(layer.stride, 2, 1, 2);
}
END_TEST

START_TEST(dim_ordering) {
    ck_assert_int_eq(read_layer("Convolution2D(4, 3, 3)").data_format, CVS_CHANNELS_LAST);
    ck_assert_int_eq(read_layer("Convolution2D(4, 3, 3, dim_ordering='tf')").data_format, CVS_CHANNELS_LAST);
    ck_assert_int_eq(read_layer("Convolution2D(4, 3, 3, dim_ordering='default')").data_format, CVS_CHANNELS_LAST);
    ck_assert_int_eq(read_layer("Convolution2D(4, 3, 3, dim_ordering='th')").data_format, CVS_CHANNELS_FIRST);
}
END_TEST

START_TEST(serialised) {
    cvs_layer layer = read_layer(
        "{\"class_name\": \"Convolution2D\", \"config\": {\"name\": \"convolution2d_1\", \"trainable\": true, "
        "\"batch_input_shape\": [null, 3, 256, 256], \"input_dtype\": \"float32\", \"nb_filter\": 64, \"nb_row\": 3, "
        "\"nb_col\": 3, \"init\": \"glorot_uniform\", \"activation\": \"relu\", \"border_mode\": \"same\", "
        "\"subsample\": [1, 1], \"dim_ordering\": \"th\", \"W_regularizer\": null, \"b_regularizer\": null, "
        "\"activity_regularizer\": null, \"W_constraint\": null, \"b_constraint\": null, \"bias\": true}}");
    ck_assert_int_eq(layer.framework, CVS_KERAS1);
    ck_assert_int_eq(layer.filters, 64);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_FIRST);
}
END_TEST

START_TEST(input_dim_and_input_length) {
    static const struct {
        const char *arguments;
        cvs_dim length, channels;
    } rows[] = {
        {"input_dim=300, input_length=400", 400, 300},
        {"input_dim=300", CVS_DIM_UNKNOWN, 300},
        {"input_dim=300, input_length=None", CVS_DIM_UNKNOWN, 300},
        {"input_dim=1, input_shape=(400, 300)", 400, 300},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        snprintf(text, sizeof text, "Convolution1D(111, 5, %s)", rows[i].arguments);
        reading_case made = reading_make(text, CVS_FRAMEWORK_AUTO, 0);
        ck_assert_msg(made.status == CVS_OK && made.reading.has_input_shape, "%s: %s", text, made.err.message);
        ck_assert_int_eq(made.reading.input_shape.rank, 3);
        ck_assert_int_eq(made.reading.input_shape.dim[0], CVS_DIM_UNKNOWN);
        ck_assert_int_eq(made.reading.input_shape.dim[1], rows[i].length);
        ck_assert_int_eq(made.reading.input_shape.dim[2], rows[i].channels);
        reading_free(&made);
    }
}
END_TEST

Suite *keras1_suite(void) {
    Suite *suite = suite_create("keras1");
    TCase *core = tcase_create("core");
    tcase_add_test(core, the_founding_line);
    tcase_add_test(core, positional_arguments_in_their_true_order);
    tcase_add_test(core, dim_ordering);
    tcase_add_test(core, serialised);
    tcase_add_test(core, input_dim_and_input_length);
    suite_add_tcase(suite, core);
    return suite;
}
