#include "dialect/reader.h"
#include "support.h"

Suite *match_suite(void);

static const struct {
    const char *text;
    cvs_framework framework;
} recognised[] = {
    {"Convolution1D(111, 5)", CVS_KERAS1},
    {"Convolution2D(64, 3, 3)", CVS_KERAS1},
    {"Convolution2D(64, (3, 3))", CVS_KERAS},
    {"Convolution2D(64, 3)", CVS_KERAS},
    {"Convolution2D(filters=64, kernel_size=(3, 3))", CVS_KERAS},
    {"Convolution2D(nb_filter=64, nb_row=3, nb_col=3)", CVS_KERAS1},
    {"Conv2D(64, 3, 3)", CVS_KERAS},
    {"Conv2D(64, 3, 3, border_mode='same')", CVS_KERAS1},
    {"Conv1D(64, 3, subsample_length=2)", CVS_KERAS1},
    {"Conv2D(64, 3, padding='same')", CVS_KERAS},
    {"Conv2d(3, 64, 3)", CVS_PYTORCH},
    {"torch.nn.Conv3d(3, 64, 3)", CVS_PYTORCH},
    {"L.Conv3D(64, 3)", CVS_KERAS},
    {"conv(filters=3, kernel=[3])", CVS_CONVSCOPE},
    {"{\"class_name\": \"Convolution1D\", \"config\": {\"nb_filter\": 3, \"filter_length\": 3}}", CVS_KERAS1},
    {"{\"class_name\": \"Conv1D\", \"config\": {\"nb_filter\": 3, \"filter_length\": 3}}", CVS_KERAS1},
    {"{\"class_name\": \"Conv1D\", \"config\": {\"filters\": 3, \"kernel_size\": 3}}", CVS_KERAS},
    {"{\"op_type\": \"Conv\", \"weights_shape\": [1, 1, 3]}", CVS_ONNX},
    {"{\"op\": \"conv\", \"filters\": 3, \"kernel\": [3]}", CVS_CONVSCOPE},
};

START_TEST(frameworks_are_recognised) {
    reading_case made = reading_make(recognised[_i].text, CVS_FRAMEWORK_AUTO, 0);
    ck_assert_msg(made.status == CVS_OK, "%s: %s", recognised[_i].text, made.err.message);
    ck_assert_int_eq(made.reading.framework, recognised[_i].framework);
    ck_assert_int_eq(made.reading.layer.framework, recognised[_i].framework);
    reading_free(&made);
}
END_TEST

START_TEST(what_is_said_is_believed) {
    ck_assert_int_eq(read_layer_as("Conv2D(64, 3, 5)", CVS_KERAS1).kernel[1], 5);
    ck_assert_int_eq(read_layer_as("Conv2D(64, 3, 5)", CVS_KERAS).stride[1], 5);
    ck_assert_int_eq(read_layer_as("Convolution1D(64, 3)", CVS_KERAS).framework, CVS_KERAS);
}
END_TEST

static const struct {
    const char *text;
    cvs_framework said;
    const char *code, *message, *expected; /* parts of both */
    int column;
} mistakes[] = {
    {"conv2d(3, 4, 5)", CVS_FRAMEWORK_AUTO, "unknown-layer", "did you mean Conv2D?", "Conv2D", 1},
    {"nn.Conv4d(3, 4, 5)", CVS_FRAMEWORK_AUTO, "unknown-layer", "nn.Conv4d", "Conv", 1},
    {"PReLU()", CVS_FRAMEWORK_AUTO, "layer-not-described", "(Keras, Keras 1, PyTorch)", "a convolution", 1},
    {"nn.LSTM(8, 32)", CVS_FRAMEWORK_AUTO, "layer-not-described", "'nn.LSTM' is a layer (PyTorch)", "a convolution", 1},
    {"keras.layers.Embedding(1000, 64)", CVS_KERAS, "layer-not-described", "(Keras, Keras 1)", "a convolution", 1},
    {"Embeding(1000, 64)", CVS_FRAMEWORK_AUTO, "unknown-layer", "did you mean Embedding?", "Embedding", 1},
    {"foo(3)", CVS_FRAMEWORK_AUTO, "unknown-layer", "'foo'", "a layer of Keras", 1},
    {"nn.Conv2d(3, 4, 5)", CVS_KERAS, "framework-mismatch", "as in PyTorch", "\"pytorch\"", 1},
    {"Conv2D(3, 4)", CVS_PYTORCH, "framework-mismatch", "as in Keras", "\"keras\"", 1},
    {"Conv2D(3, 4)", CVS_TENSORFLOW, "framework-without-layers", "TensorFlow", "", 0},
    {"Conv2D(3, 4, padin='same')", CVS_FRAMEWORK_AUTO, "unknown-argument", "did you mean padding?", "padding", 14},
    {"Conv2D(3, 4, stride=2)", CVS_FRAMEWORK_AUTO, "unknown-argument", "PyTorch calls stride is strides", "strides",
     14},
    {"Conv2D(filters=3, kernel_size=4, border_mode='same')", CVS_FRAMEWORK_AUTO, "unknown-argument",
     "Keras 1 calls border_mode is padding", "padding", 34},
    {"Conv2D(3, 4, xyzzy=2)", CVS_FRAMEWORK_AUTO, "unknown-argument", "'xyzzy'", "one of: filters, kernel_size", 14},
    {"Conv2D(3, 4, kernel_size=2)", CVS_FRAMEWORK_AUTO, "argument-repeated", "kernel_size", "", 14},
    {"Conv2D(3, strides=2)", CVS_FRAMEWORK_AUTO, "missing-argument", "needs kernel_size", "kernel_size", 1},
    {"nn.Conv2d()", CVS_FRAMEWORK_AUTO, "missing-argument", "needs in_channels", "in_channels", 1},
    {"nn.Conv2d(1, 2, 3, 4, 5, 6, 7, True, 'zeros', None, None, 8)", CVS_FRAMEWORK_AUTO, "too-many-arguments",
     "at most 11", "11", 59},
    {"conv([3, 3], filters=3)", CVS_FRAMEWORK_AUTO, "argument-without-name", "have names", "name=value", 6},
    {"Conv2D(n, 3)", CVS_FRAMEWORK_AUTO, "not-a-literal", "given by 'n'", "an integer", 8},
    {"Conv2D(2*n, 3)", CVS_FRAMEWORK_AUTO, "not-a-literal", "given by '2*n'", "an integer", 8},
    {"Conv2D(3.0, 3)", CVS_FRAMEWORK_AUTO, "wrong-type", "write 3 without a point", "an integer", 8},
    {"Conv2D('3', 3)", CVS_FRAMEWORK_AUTO, "wrong-type", "not a string", "an integer", 8},
    {"Conv2D(True, 3)", CVS_FRAMEWORK_AUTO, "wrong-type", "not a boolean", "an integer", 8},
    {"Conv2D(3, (3, None))", CVS_FRAMEWORK_AUTO, "wrong-type", "not null", "an integer", 15},
    {"Conv2D", CVS_FRAMEWORK_AUTO, "not-a-layer", "not a name", "a layer's call", 1},
    {"32", CVS_FRAMEWORK_AUTO, "not-a-layer", "not an integer", "a layer's call", 1},
    {"{\"kernel\": 3}", CVS_FRAMEWORK_AUTO, "unrecognised-layer", "class_name, op_type, op", "code as text", 0},
    {"{\"class_name\": 3}", CVS_FRAMEWORK_AUTO, "unrecognised-layer", "", "", 0},
    {"{\"class_name\": \"Conv2D\", \"config\": 3}", CVS_FRAMEWORK_AUTO, "wrong-type", "not an integer", "an object", 0},
    {"{\"class_name\": \"Conv2D\", \"confg\": {}}", CVS_FRAMEWORK_AUTO, "unknown-argument", "did you mean config?",
     "config", 0},
    {"{\"op_type\": \"PRelu\"}", CVS_FRAMEWORK_AUTO, "layer-not-described", "(ONNX)", "a convolution", 0},
    {"{\"class_name\": \"LSTM\", \"config\": {\"units\": 3}}", CVS_FRAMEWORK_AUTO, "layer-not-described",
     "(Keras, Keras 1)", "a convolution", 0},
    {"{\"op\": \"conf\"}", CVS_FRAMEWORK_AUTO, "unknown-layer", "did you mean conv?", "conv", 0},
};

START_TEST(mistakes_are_told) {
    const char *text = mistakes[_i].text;
    cvs_error err = read_error_as(text, mistakes[_i].said);
    ck_assert_msg(strcmp(err.code, mistakes[_i].code) == 0, "%s: %s: %s", text, err.code, err.message);
    ck_assert_msg(strstr(err.message, mistakes[_i].message) != NULL, "%s: %s", text, err.message);
    ck_assert_msg(strstr(err.expected, mistakes[_i].expected) != NULL, "%s: %s", text, err.expected);
    ck_assert_msg(err.column == mistakes[_i].column, "%s: column %d", text, err.column);
}
END_TEST

/* A name of another framework's is told by what it is called here, however different the words are. */
START_TEST(names_of_other_frameworks) {
    static const char *const rows[][2] = {
        {"Conv2D(3, 3, bias=False)", "use_bias"},
        {"Conv2D(3, 3, padding_mode='zeros')", "padding"},
        {"nn.Conv2d(3, 3, 3, use_bias=False)", "bias"},
        {"nn.Conv2d(3, 3, 3, atrous_rate=2)", "dilation"},
        {"Convolution2D(3, 3, 3, strides=2, border_mode='same')", "subsample"},
        {"{\"op\": \"conv\", \"filters\": 3, \"kernel\": [3], \"strides\": [2]}", "stride"},
        {"conv(nb_filter=3, filters=3, kernel=[3])", "filters"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvs_error err = read_error(rows[i][0]);
        ck_assert_str_eq(err.code, "unknown-argument");
        ck_assert_str_eq(err.expected, rows[i][1]);
    }
}
END_TEST

static int count_arguments(const cvs__argument *list) {
    int count = 0;
    while (list && list[count].name) count++;
    return count;
}

/* Every row must fit the bindings, say its required arguments first, and fill fields that our own form has. */
START_TEST(tables_are_sound) {
    for (const cvs__dialect *const *dialect = cvs__dialects; *dialect; dialect++) {
        for (const cvs__class *row = (*dialect)->classes; row->name; row++) {
            int count = count_arguments(row->arguments) + count_arguments((*dialect)->common) +
                        count_arguments((*dialect)->beside);
            ck_assert_msg(count <= CVS__MAX_ARGUMENTS, "%s has %d arguments", row->name, count);
            ck_assert_msg(row->spatial_rank || (*dialect)->rank, "nothing says the rank of %s", row->name);
            bool optional = false;
            for (const cvs__argument *argument = row->arguments; argument->name; argument++) {
                ck_assert_msg(!argument->required || !optional || !(*dialect)->positional, "%s", argument->name);
                optional |= !argument->required;
                ck_assert_msg(!argument->type->write || argument->always || argument->slot, "%s fills nothing",
                              argument->name);
                ck_assert_msg(argument->type != &cvs__type_choice || argument->choices, "%s", argument->name);
            }
        }
    }
}
END_TEST

Suite *match_suite(void) {
    Suite *suite = suite_create("match");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, frameworks_are_recognised, 0, sizeof recognised / sizeof *recognised);
    tcase_add_test(core, what_is_said_is_believed);
    tcase_add_test(core, tables_are_sound);
    tcase_add_test(core, names_of_other_frameworks);
    tcase_add_loop_test(core, mistakes_are_told, 0, sizeof mistakes / sizeof *mistakes);
    suite_add_tcase(suite, core);
    return suite;
}
