#include "support.h"

#include <stdio.h>

Suite *keras_suite(void);

START_TEST(positional_arguments_in_their_true_order) {
    cvs_layer layer =
        read_layer("Conv2D(16, (3, 5), (2, 2), 'same', 'channels_first', (1, 1), 4, 'relu', False, 'he_normal')");
    ck_assert_int_eq(layer.framework, CVS_KERAS);
    ck_assert_int_eq(layer.filters, 16);
    check_ints(layer.kernel, 3, 5, 0);
    check_ints(layer.stride, 2, 2, 1);
    ck_assert_int_eq(layer.padding.mode, CVS_PAD_SAME);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_FIRST);
    ck_assert_int_eq(layer.groups, 4);
    ck_assert_int_eq(layer.activation.kind, CVS_ACT_RELU);
    ck_assert(!layer.use_bias);
    ck_assert_int_eq(layer.in_channels, 0);
}
END_TEST

START_TEST(defaults) {
    cvs_layer layer = read_layer("Conv3D(8, 3)");
    check_ints(layer.kernel, 3, 3, 3);
    check_ints(layer.stride, 1, 1, 1);
    check_ints(layer.dilation, 1, 1, 1);
    ck_assert_int_eq(layer.padding.mode, CVS_PAD_VALID);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_LAST);
    ck_assert_int_eq(layer.groups, 1);
    ck_assert_int_eq(layer.activation.kind, CVS_ACT_LINEAR);
    ck_assert(layer.use_bias);
}
END_TEST

START_TEST(keywords) {
    cvs_layer layer =
        read_layer("tf.keras.layers.Conv1D(filters=4, kernel_size=[5], dilation_rate=2, padding='CAUSAL', "
                   "data_format=None, activation=tf.nn.swish, kernel_regularizer=l2(1e-4), name='c')");
    check_ints(layer.kernel, 5, 0, 0);
    check_ints(layer.dilation, 2, 1, 1);
    ck_assert_int_eq(layer.padding.mode, CVS_PAD_CAUSAL);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_LAST);
    ck_assert_int_eq(layer.activation.kind, CVS_ACT_SWISH);
}
END_TEST

/* As Keras 3's get_config() and serialize() write it. */
static const char serialised[] =
    "{\"module\": \"keras.layers\", \"class_name\": \"Conv2D\", \"config\": {\"name\": \"conv2d\", \"trainable\": "
    "true, "
    "\"dtype\": {\"module\": \"keras\", \"class_name\": \"DTypePolicy\", \"config\": {\"name\": \"float32\"}, "
    "\"registered_name\": null}, \"filters\": 32, \"kernel_size\": [3, 3], \"strides\": [1, 1], \"padding\": \"same\", "
    "\"data_format\": \"channels_last\", \"dilation_rate\": [1, 1], \"groups\": 1, \"activation\": {\"module\": "
    "\"builtins\", \"class_name\": \"function\", \"config\": \"relu\", \"registered_name\": \"function\"}, "
    "\"use_bias\": "
    "true, \"kernel_initializer\": {\"module\": \"keras.initializers\", \"class_name\": \"GlorotUniform\", \"config\": "
    "{\"seed\": null}, \"registered_name\": null}, \"bias_initializer\": {\"class_name\": \"Zeros\", \"config\": {}}, "
    "\"kernel_regularizer\": null, \"bias_regularizer\": null, \"activity_regularizer\": null, \"kernel_constraint\": "
    "null, \"bias_constraint\": null}, \"registered_name\": null, \"build_config\": {\"input_shape\": [null, 28, 28, "
    "1]}}";

START_TEST(serialised_by_keras_3) {
    reading_case made = reading_make(serialised, CVS_FRAMEWORK_AUTO, 0);
    ck_assert_msg(made.status == CVS_OK, "%s", made.err.message);
    ck_assert_int_eq(made.reading.framework, CVS_KERAS);
    ck_assert_str_eq(made.reading.type, "Conv2D");
    ck_assert_str_eq(made.reading.name, "conv2d");
    ck_assert_int_eq(made.reading.layer.activation.kind, CVS_ACT_RELU);
    reading_free(&made);
}
END_TEST

static const struct {
    const char *written;
    cvs_activation_kind kind;
    float alpha;
} activations[] = {
    {"'relu'", CVS_ACT_RELU, 0},
    {"None", CVS_ACT_LINEAR, 0},
    {"'linear'", CVS_ACT_LINEAR, 0},
    {"tf.identity", CVS_ACT_LINEAR, 0},
    {"'silu'", CVS_ACT_SWISH, 0},
    {"'leaky_relu'", CVS_ACT_LEAKY_RELU, 0.2F},
    {"'hard_sigmoid'", CVS_ACT_HARD_SIGMOID, 0.2F},
    {"keras.activations.gelu", CVS_ACT_GELU, 0},
    {"LeakyReLU()", CVS_ACT_LEAKY_RELU, 0.3F},
    {"LeakyReLU(0.1)", CVS_ACT_LEAKY_RELU, 0.1F},
    {"layers.LeakyReLU(alpha=0.1)", CVS_ACT_LEAKY_RELU, 0.1F},
    {"keras.layers.LeakyReLU(negative_slope=0.1)", CVS_ACT_LEAKY_RELU, 0.1F},
    {"ELU(2)", CVS_ACT_ELU, 2},
    {"ReLU()", CVS_ACT_RELU, 0},
    {"ReLU(max_value=6.0, negative_slope=0.0)", CVS_ACT_RELU6, 0},
    {"{'class_name': 'LeakyReLU', 'config': {'name': 'l', 'alpha': 0.25}}", CVS_ACT_LEAKY_RELU, 0.25F},
};

START_TEST(activations_as_people_write_them) {
    char text[160];
    snprintf(text, sizeof text, "Conv2D(3, 3, activation=%s)", activations[_i].written);
    cvs_layer layer = read_layer(text);
    ck_assert_int_eq(layer.activation.kind, activations[_i].kind);
    ck_assert_float_eq(layer.activation.alpha, activations[_i].alpha);
}
END_TEST

/* Lists that are too long or too short, or hold what is no number. */
START_TEST(lists_that_do_not_fit) {
    static const char *const rows[][3] = {
        {"Reshape((2, 3, 4, 5, 6, 7, 8, 9))", "too-many-axes", "at most 7, the batch axis being one more"},
        {"Reshape((2, 'x'))", "wrong-type", "integers"},
        {"LayerNormalization(axis=[1, 2])", "several-axes", "one axis"},
        {"BatchNormalization(axis=[])", "several-axes", "one axis"},
        {"BatchNormalization(axis=['x'])", "wrong-type", "the number of an axis"},
        {"Softmax(axis=2)", "softmax-axis", "-1 or 1, where the channels are"},
        {"Deconvolution2D(3, 3, 3, output_shape=(None, 14, 14))", "wrong-length",
         "4 sizes: the batch (or None), rows, columns and filters"},
        {"Deconvolution2D(3, 3, 3, output_shape=(None, 14.5, 14, 3))", "wrong-type", "an integer"},
        {"ZeroPadding2D(((1, 1), (2, 2), (3, 3)))", "wrong-length", "an integer, 2 integers or 2 pairs"},
        {"ZeroPadding2D(((1, 1), (2, 2, 2)))", "wrong-length", "an integer, 2 integers or 2 pairs"},
        {"ZeroPadding2D((1, 2, 3))", "wrong-length", "an integer, 2 integers or 2 pairs"},
        {"ZeroPadding1D((1, 2, 3))", "wrong-length", "an integer or a pair"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvs_error err = read_error(rows[i][0]);
        ck_assert_msg(strcmp(err.code, rows[i][1]) == 0, "%s: %s", rows[i][0], err.code);
        ck_assert_msg(strcmp(err.expected, rows[i][2]) == 0, "%s: %s", rows[i][0], err.expected);
    }
}
END_TEST

START_TEST(activations_that_are_none) {
    static const char *const rows[][3] = {
        {"Conv2D(3, 3, activation='rellu')", "unknown-activation", "relu"},
        {"Conv2D(3, 3, activation=act)", "not-a-literal", "relu"},
        {"Conv2D(3, 3, activation=act(1))", "not-a-literal", "relu"},
        {"Conv2D(3, 3, activation=tf.nn.zzz)", "unknown-activation", "relu"},
        {"Conv2D(3, 3, activation=Conv2D(3, 3))", "not-an-activation", "an activation"},
        {"Conv2D(3, 3, activation=ReLU(max_value=5))", "value-unavailable", "6"},
        {"Conv2D(3, 3, activation=ReLU(threshold=1))", "value-unavailable", "0"},
        {"Conv2D(3, 3, activation=3)", "wrong-type", "an activation"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvs_error err = read_error(rows[i][0]);
        ck_assert_str_eq(err.code, rows[i][1]);
        ck_assert_msg(strstr(err.expected, rows[i][2]) != NULL, "%s: %s", rows[i][0], err.expected);
        ck_assert_int_eq(err.offset, strcspn(rows[i][0], "=") + (i == 5 || i == 6 ? 16 : 1));
    }
}
END_TEST

static const struct {
    const char *argument;
    int rank;
    cvs_dim dim[4];
} shapes[] = {
    {"input_shape=(28, 28, 1)", 4, {CVS_DIM_UNKNOWN, 28, 28, 1}},
    {"input_shape=(None, -1, 3)", 4, {CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN, 3}},
    {"input_shape=(n, 28, x.shape[1])", 4, {CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN, 28, CVS_DIM_UNKNOWN}},
    {"batch_input_shape=(7, 28, 28, 1)", 4, {7, 28, 28, 1}},
    {"batch_shape=(None, 28, 28, 1)", 4, {CVS_DIM_UNKNOWN, 28, 28, 1}},
    {"input_shape=x_train.shape[1:]", 0, {0}},
    {"input_shape=None", 0, {0}},
};

START_TEST(input_shapes) {
    char text[160];
    snprintf(text, sizeof text, "Conv2D(3, 3, %s)", shapes[_i].argument);
    reading_case made = reading_make(text, CVS_FRAMEWORK_AUTO, 0);
    ck_assert_msg(made.status == CVS_OK, "%s: %s", text, made.err.message);
    ck_assert_int_eq(made.reading.has_input_shape, shapes[_i].rank > 0);
    ck_assert_int_eq(made.reading.input_shape.rank, shapes[_i].rank);
    for (int i = 0; i < shapes[_i].rank; i++) ck_assert_int_eq(made.reading.input_shape.dim[i], shapes[_i].dim[i]);
    reading_free(&made);
}
END_TEST

START_TEST(input_shapes_that_are_none) {
    ck_assert_str_eq(read_error("Conv2D(3, 3, input_shape=(3, -7, 1))").code, "negative-size");
    ck_assert_str_eq(read_error("Conv2D(3, 3, input_shape=(3, 2.5, 1))").code, "wrong-type");
    ck_assert_str_eq(read_error("Conv2D(3, 3, input_shape=28)").code, "wrong-type");
    ck_assert_str_eq(read_error("Conv2D(3, 3, input_shape=(1, 2, 3, 4, 5, 6, 7, 8))").code, "too-many-axes");
}
END_TEST

Suite *keras_suite(void) {
    Suite *suite = suite_create("keras");
    TCase *core = tcase_create("core");
    tcase_add_test(core, positional_arguments_in_their_true_order);
    tcase_add_test(core, defaults);
    tcase_add_test(core, keywords);
    tcase_add_test(core, serialised_by_keras_3);
    tcase_add_loop_test(core, activations_as_people_write_them, 0, sizeof activations / sizeof *activations);
    tcase_add_test(core, lists_that_do_not_fit);
    tcase_add_test(core, activations_that_are_none);
    tcase_add_loop_test(core, input_shapes, 0, sizeof shapes / sizeof *shapes);
    tcase_add_test(core, input_shapes_that_are_none);
    suite_add_tcase(suite, core);
    return suite;
}
