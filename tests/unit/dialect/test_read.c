#include "support.h"

#include <jansson.h>

Suite *read_suite(void);

START_TEST(type_and_name_are_as_written) {
    static const char *const rows[][3] = {
        {"self.c1 = nn.Conv2d(3, 4, 5)", "nn.Conv2d", "c1"},
        {"Conv2D(3, 4, name='first')", "Conv2D", "first"},
        {"x = Conv2D(3, 4, name='first')(x)", "Conv2D", "first"},
        {"(0): Conv2d(3, 4, kernel_size=(5, 5))", "Conv2d", "0"},
        {"tf.keras.layers.Conv2D(3, 4)", "tf.keras.layers.Conv2D", NULL},
        {"{\"class_name\": \"Conv2D\", \"name\": \"n\", \"config\": {\"filters\": 3, \"kernel_size\": 3}}", "Conv2D",
         "n"},
        {"{\"op\": \"conv\", \"filters\": 3, \"kernel\": [3]}", "conv", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        reading_case made = reading_make(rows[i][0], CVS_FRAMEWORK_AUTO, 0);
        ck_assert_msg(made.status == CVS_OK, "%s: %s", rows[i][0], made.err.message);
        ck_assert_str_eq(made.reading.type, rows[i][1]);
        ck_assert_msg(!made.reading.name == !rows[i][2], "%s: %s", rows[i][0], made.reading.name);
        if (rows[i][2]) ck_assert_str_eq(made.reading.name, rows[i][2]);
        reading_free(&made);
    }
}
END_TEST

/* Errors of the validation, told where the user wrote it: a pointer for JSON, else a column. */
static const struct {
    const char *text, *pointer;
    int column;
} places[] = {
    {"Conv2D(3, 3, strides=0)", "", 22},
    {"Conv2D(3, 3, strides=(1, 0))", "", 26},
    {"Conv2D(3, 3,\n  strides=(1,\n   0))", "", 4},
    {"Conv2D(0, 3)", "", 8},
    {"Conv2D(3, 3, 2, dilation_rate=2)", "", 31},
    {"Convolution2D(3, 3, 0)", "", 21},
    {"nn.Conv2d(4, 4, 3, padding=(1, -1))", "", 32},
    {"nn.Conv2d(4, 4, 3, groups=3)", "", 27},
    {"Conv2D(3, 3, padding='causal')", "", 22},
    {"{\"class_name\": \"Conv2D\", \"config\": {\"filters\": 3, \"kernel_size\": [3, 0]}}", "/config/kernel_size/1", 0},
    {"{\"class_name\": \"Conv2D\", \"config\": {\"filters\": 3, \"kernel_size\": 0}}", "/config/kernel_size", 0},
    {"{\"class_name\": \"Convolution2D\", \"config\": {\"nb_filter\": 3, \"nb_row\": 3, \"nb_col\": 0}}",
     "/config/nb_col", 0},
    {"{\"op\": \"conv\", \"filters\": 0, \"kernel\": [3]}", "/filters", 0},
};

START_TEST(errors_name_the_user_s_own_words) {
    cvs_error err = read_error(places[_i].text);
    ck_assert_msg(strcmp(err.pointer, places[_i].pointer) == 0, "%s: %s", places[_i].text, err.pointer);
    ck_assert_msg(err.column == places[_i].column, "%s: column %d", places[_i].text, err.column);
    ck_assert_int_eq(err.offset >= 0, places[_i].column > 0);
    ck_assert_int_gt(strlen(err.message), 0);
}
END_TEST

/* Errors that only the input brings to light are told there as well. */
START_TEST(errors_of_inference_are_located) {
    static const char text[] = "nn.Conv2d(3, 4, 9)";
    reading_case made = reading_make(text, CVS_FRAMEWORK_AUTO, 0);
    const cvs_shape input = {.rank = 4, .dim = {1, 3, 5, 5}};
    cvs_inference inference;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_infer(&made.reading.layer, &input, NULL, &inference, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "kernel-larger-than-input");
    cvs_reading_locate(&made.reading, &err);
    if (strncmp(err.pointer, "/input_shape", 12) != 0) ck_assert_int_eq(err.column, 17);

    err = (cvs_error){0};
    cvs_fail(&err, CVS_INVALID, "x", "/kernel/1", "wrong");
    cvs_reading_locate(&made.reading, &err);
    ck_assert_int_eq(err.column, 17);
    ck_assert_str_eq(err.pointer, "");

    err = (cvs_error){0};
    cvs_fail(&err, CVS_INVALID, "x", "/stride/1", "a default is nowhere in the text");
    cvs_reading_locate(&made.reading, &err);
    ck_assert_str_eq(err.pointer, "/stride/1");
    cvs_reading_locate(&made.reading, NULL);
    reading_free(&made);
}
END_TEST

START_TEST(pointers_start_at_the_node_handed_in) {
    json_t *json =
        json_loads("{\"layers\": [{\"class_name\": \"Conv2D\", \"config\": {\"filters\": 3, \"kernel_size\": "
                   "[3, 3, 3]}}, \"Conv2D(3, 3\"]}",
                   0, NULL);
    cvs_arena arena = cvs_arena_make(0);
    const cvs_node *root = NULL;
    cvs_reading reading;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_node_from_jansson(&arena, json, &root, NULL), CVS_OK);
    const cvs_node *layers = cvs_node_get(root, "layers");
    ck_assert_int_eq(cvs_dialect_read(&arena, layers->child, CVS_FRAMEWORK_AUTO, &reading, &err), CVS_INVALID);
    ck_assert_str_eq(err.pointer, "/config/kernel_size");
    err = (cvs_error){0};
    ck_assert_int_eq(cvs_dialect_read(&arena, layers->child->next, CVS_FRAMEWORK_AUTO, &reading, &err), CVS_SYNTAX);
    ck_assert_str_eq(err.pointer, "");
    ck_assert_int_eq(err.column, 12);
    cvs_arena_free(&arena);
    json_decref(json);
}
END_TEST

/* Convolution1D is Keras 1's own name, which TensorFlow has as another one of Conv1D. */
START_TEST(what_stands_before_the_dot_tells_the_framework) {
    ck_assert_int_eq(read_layer("Convolution1D(8, 3)").framework, CVS_KERAS1);
    ck_assert_int_eq(read_layer("keras.layers.Convolution1D(8, 3)").framework, CVS_KERAS1);
    ck_assert_int_eq(read_layer("tf.keras.layers.Convolution1D(8, 3)").framework, CVS_KERAS);
    ck_assert_int_eq(read_layer("layers.Conv2D(8, 3)").framework, CVS_KERAS);
}
END_TEST

/* What the text leaves open is named; what holds several layers says how to send them. */
START_TEST(what_is_missing_is_said) {
    static const char *const rows[][4] = {
        {"nn.Conv2d(3, 8, k)", "not-a-literal", "kernel_size is given by 'k', whose value the text does not say", ""},
        {"nn.Conv2d(3, max(8, 4), 3)", "not-a-literal",
         "out_channels is given by 'max(...)', whose value the text does not say", "an integer"},
        {"nn.Conv2d(3, 8, 3, stride=1 if i > 0 else 2)", "not-a-literal",
         "stride is given by '1 if i > 0 else 2', whose value the text does not say", ""},
        {"Conv2D(8, 3, padding=pad)", "not-a-literal", "padding is given by 'pad', whose value the text does not say",
         "valid, same"},
        {"Conv2D(8, 3, padding='pad')", "unknown-word", "padding cannot be 'pad'", "valid, same"},
        {"nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())", "several-layers",
         "nn.Sequential holds other layers; one layer is read at a time", "\"layers\""},
        {"[nn.Conv2d(3, 8, 3), nn.ReLU()]", "not-a-layer", "the text lists 2 values; one layer is read at a time",
         "\"layers\""},
        {"nn.Conv2D(3, 8, 3)", "unknown-layer", "there is no layer 'nn.Conv2D'; did you mean Conv2d?", "Conv2d"},
        {"tf.keras.layers.Conv2d(3, 8)", "unknown-layer",
         "there is no layer 'tf.keras.layers.Conv2d'; did you mean Conv2D?", "Conv2D"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvs_error err = read_error(rows[i][0]);
        ck_assert_str_eq(err.code, rows[i][1]);
        ck_assert_str_eq(err.message, rows[i][2]);
        ck_assert_msg(strstr(err.expected, rows[i][3]) != NULL, "%s: %s", rows[i][0], err.expected);
    }
}
END_TEST

START_TEST(the_first_error_wins) {
    cvs_error err = {0};
    cvs_fail(&err, CVS_TOO_LARGE, "before", "/x", "an error of before");
    cvs_arena arena = cvs_arena_make(0);
    const cvs_node node = {.kind = CVS_NODE_STRING, .text = "Conv2D(", .text_length = 7, .place = {.offset = -1}};
    cvs_reading reading;
    ck_assert_int_eq(cvs_dialect_read(&arena, &node, CVS_FRAMEWORK_AUTO, &reading, &err), CVS_SYNTAX);
    ck_assert_str_eq(err.code, "before");
    ck_assert_str_eq(err.pointer, "/x");
    ck_assert_int_eq(cvs_dialect_read(&arena, &node, CVS_FRAMEWORK_AUTO, &reading, NULL), CVS_SYNTAX);
    cvs_arena_free(&arena);
}
END_TEST

Suite *read_suite(void) {
    Suite *suite = suite_create("read");
    TCase *core = tcase_create("core");
    tcase_add_test(core, type_and_name_are_as_written);
    tcase_add_loop_test(core, errors_name_the_user_s_own_words, 0, sizeof places / sizeof *places);
    tcase_add_test(core, errors_of_inference_are_located);
    tcase_add_test(core, pointers_start_at_the_node_handed_in);
    tcase_add_test(core, what_stands_before_the_dot_tells_the_framework);
    tcase_add_test(core, what_is_missing_is_said);
    tcase_add_test(core, the_first_error_wins);
    suite_add_tcase(suite, core);
    return suite;
}
