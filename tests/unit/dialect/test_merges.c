/* Merges: the functions and layers that people write for them, and how the frameworks write each other's. */
#include "support.h"

Suite *merges_suite(void);

/* What is read, and as which operator. */
static const struct {
    const char *source;
    cvs_framework framework;
    cvs_op op;
    int axis;
} readings[] = {
    {"Add()([a, b])", CVS_KERAS, CVS_OP_ADD, -1},
    {"x = add([a, b])", CVS_KERAS, CVS_OP_ADD, -1},
    {"layers.multiply([a, b, c])", CVS_KERAS, CVS_OP_MULTIPLY, -1},
    {"average([a, b])", CVS_KERAS, CVS_OP_AVERAGE, -1},
    {"maximum([a, b])", CVS_KERAS, CVS_OP_MAXIMUM, -1},
    {"x = concatenate([a, b], axis=3)", CVS_KERAS, CVS_OP_CONCATENATE, 3},
    {"merge([a, b], mode='concat', concat_axis=1)", CVS_KERAS1, CVS_OP_CONCATENATE, 1},
    {"merge(inputs=[a, b], mode='ave')", CVS_KERAS1, CVS_OP_AVERAGE, -1},
    {"Merge([left, right], mode='mul')", CVS_KERAS1, CVS_OP_MULTIPLY, -1},
    {"torch.cat([a, b], dim=1)", CVS_PYTORCH, CVS_OP_CONCATENATE, 1},
    {"x = torch.cat((a, b, c), 2)", CVS_PYTORCH, CVS_OP_CONCATENATE, 2},
    {"torch.cat([a, b])", CVS_PYTORCH, CVS_OP_CONCATENATE, 0},
    {"torch.concat([a, b], axis=-1)", CVS_PYTORCH, CVS_OP_CONCATENATE, -1},
    {"torch.add(a, b)", CVS_PYTORCH, CVS_OP_ADD, -1},
    {"torch.mul(a, b)", CVS_PYTORCH, CVS_OP_MULTIPLY, -1},
    {"torch.maximum(a, b)", CVS_PYTORCH, CVS_OP_MAXIMUM, -1},
    {"{\"op_type\": \"Sum\"}", CVS_ONNX, CVS_OP_ADD, -1},
};

START_TEST(functions_are_read) {
    reading_case made = reading_make(readings[_i].source, CVS_FRAMEWORK_AUTO, 0);
    ck_assert_msg(made.status == CVS_OK, "%s: %s", readings[_i].source, made.err.message);
    ck_assert_int_eq(made.reading.framework, readings[_i].framework);
    ck_assert_int_eq(made.reading.layer.op, readings[_i].op);
    ck_assert_int_eq(made.reading.layer.axis, readings[_i].axis);
    reading_free(&made);
}
END_TEST

/* `count` inputs of (2, 5, ..., 5) with `rank` axes. A turned tensor has its channels second, the others after them. */
static const struct {
    const char *from;
    size_t count;
    int rank;
    cvs_framework to;
    const char *text; /* NULL: cannot be written */
} lines[] = {
    {"Concatenate()", 2, 4, CVS_PYTORCH, "torch.cat(inputs, dim=1)"},
    {"Concatenate(axis=1)", 2, 3, CVS_PYTORCH, "torch.cat(inputs, dim=2)"},
    {"Concatenate(axis=2)", 2, 4, CVS_ONNX, "{\"op_type\": \"Concat\", \"attributes\": {\"axis\": 3}}"},
    {"Concatenate(axis=1)", 2, 2, CVS_PYTORCH, "torch.cat(inputs, dim=1)"},
    {"torch.cat([a, b], 2)", 2, 3, CVS_ONNX, "{\"op_type\": \"Concat\", \"attributes\": {\"axis\": 2}}"},
    {"Add()", 2, 4, CVS_PYTORCH, "torch.add(a, b)"},
    {"Multiply()", 2, 4, CVS_PYTORCH, "torch.mul(a, b)"},
    {"Maximum()", 2, 4, CVS_PYTORCH, "torch.maximum(a, b)"},
    {"Add()", 3, 4, CVS_PYTORCH, NULL},
    {"Average()", 2, 4, CVS_PYTORCH, NULL},
    {"Add()", 2, 4, CVS_ONNX, "{\"op_type\": \"Add\", \"attributes\": {}}"},
    {"Add()", 3, 4, CVS_ONNX, "{\"op_type\": \"Sum\", \"attributes\": {}}"},
    {"Multiply()", 3, 4, CVS_ONNX, NULL},
    {"torch.add(a, b)", 2, 4, CVS_KERAS, "Add()"},
    {"torch.mul(a, b)", 2, 4, CVS_KERAS1, "Merge(mode='mul')"},
};

START_TEST(written_for_others) {
    cvs_layer layer = read_layer(lines[_i].from);
    cvs_shape input = {lines[_i].rank, {2, 5, 5, 5}}, inputs[] = {input, input, input};
    cvs_inference inference;
    cvs_text text = {0};
    cvs_error err = {0};
    ck_assert_int_eq(cvs_infer_merge(&layer, inputs, lines[_i].count, NULL, &inference, &err), CVS_OK);
    cvs_status status = cvs_dialect_write(&inference, lines[_i].to, CVS_ENGLISH, &text, &err);
    if (lines[_i].text)
        ck_assert_str_eq(text.data, lines[_i].text);
    else
        ck_assert_int_eq(status, CVS_UNSUPPORTED);
    cvs_text_free(&text);
}
END_TEST

Suite *merges_suite(void) {
    Suite *suite = suite_create("merges");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, functions_are_read, 0, sizeof readings / sizeof *readings);
    tcase_add_loop_test(core, written_for_others, 0, sizeof lines / sizeof *lines);
    suite_add_tcase(suite, core);
    return suite;
}
