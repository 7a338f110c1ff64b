/* Merges: several inputs, cell by cell or side by side. */
#include "any_rank.h"

Suite *merge_suite(void);

static cvs_inference merged(const cvs_layer *layer, const cvs_shape *inputs, size_t count, cvs_symbols *symbols) {
    cvs_inference inference;
    cvs_error err = {0};
    cvs_status status = cvs_infer_merge(layer, inputs, count, symbols, &inference, &err);
    ck_assert_msg(status == CVS_OK, "%s: %s", err.code, err.message);
    ck_assert_int_eq(inference.input_count, (int)count);
    return inference;
}

static cvs_error unmerged(const cvs_layer *layer, const cvs_shape *inputs, size_t count, const char *code,
                          const char *pointer) {
    cvs_inference inference = {.layer.filters = 77};
    cvs_error err = {0};
    ck_assert_int_ne(cvs_infer_merge(layer, inputs, count, NULL, &inference, &err), CVS_OK);
    ck_assert_int_eq(inference.layer.filters, 77);
    ck_assert_msg(strcmp(err.code, code) == 0, "%s instead of %s: %s", err.code, code, err.message);
    ck_assert_str_eq(err.pointer, pointer);
    return err;
}

static const cvs_op cellwise[] = {CVS_OP_ADD, CVS_OP_MULTIPLY, CVS_OP_AVERAGE, CVS_OP_MAXIMUM};

START_TEST(cell_by_cell) {
    const cvs_shape inputs[] = {SHAPE(2, 4, 5, 6), SHAPE(2, 1, 1, 6), SHAPE(NONE, 4, NONE, 6)};
    cvs_layer layer = any(cellwise[_i], CVS_KERAS);
    cvs_inference inference = merged(&layer, inputs, 3, NULL);
    assert_shape(&inference.input.shape, inputs[0]);
    assert_shape(&inference.output.shape, inputs[0]);
    assert_axes(&inference.output, "batch, height, width, channels");
    assert_own_place(&inference, 2);
    assert_no_weights(&inference);
    assert_step(&inference, 0, "n", "4");
    inference = merged(&layer, inputs, 2, NULL);
    assert_free(&inference, 4 * (120 + 6), 480);
    layer.framework = CVS_KERAS1;
    cvs_error err = unmerged(&layer, inputs, 2, "skip-size-mismatch", "/input_shapes/1");
    ck_assert_str_eq(err.expected, "4");
}
END_TEST

START_TEST(an_axis_that_is_stretched_says_so) {
    const cvs_shape inputs[] = {SHAPE(2, 1, 6), SHAPE(2, 9, 6)};
    cvs_layer layer = any(CVS_OP_ADD, CVS_KERAS);
    cvs_inference inference = merged(&layer, inputs, 2, NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 9, 6));
    assert_step(&inference, 0, "max(n_0, n_1, ...)", "9");
}
END_TEST

/* numpy.add((5, 4), (2, 3, 1, 4)); keras: (batch, 4) becomes (batch, 1, 1, 4). */
START_TEST(fewer_axes) {
    const cvs_shape arrays[] = {SHAPE(5, 4), SHAPE(2, 3, 1, 4)}, samples[] = {SHAPE(2, 4), SHAPE(2, 5, 6, 4)};
    cvs_layer layer = any(CVS_OP_MULTIPLY, CVS_ONNX);
    cvs_inference inference = merged(&layer, arrays, 2, NULL);
    assert_shape(&inference.input.shape, SHAPE(5, 4));
    assert_shape(&inference.output.shape, SHAPE(2, 3, 5, 4));
    layer.framework = CVS_PYTORCH;
    inference = merged(&layer, arrays, 2, NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 3, 5, 4));
    layer = any(CVS_OP_MULTIPLY, CVS_KERAS);
    inference = merged(&layer, samples, 2, NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 5, 6, 4));
    assert_own_place(&inference, 2);
    unmerged(&layer, arrays, 2, "skip-size-mismatch", "/input_shapes/1");
    layer.framework = CVS_KERAS1;
    unmerged(&layer, samples, 2, "skip-size-mismatch", "/input_shapes/1");
    cvs_tensor_shape second = cvs_merge_input(&layer, &samples[1]);
    assert_axes(&second, "batch, height, width, channels");
}
END_TEST

START_TEST(side_by_side) {
    const cvs_shape inputs[] = {SHAPE(2, 4, 5, 6), SHAPE(2, 4, 5, 7), SHAPE(2, 4, 5, 1)};
    cvs_layer layer = any(CVS_OP_CONCATENATE, CVS_KERAS);
    cvs_inference inference = merged(&layer, inputs, 3, NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 4, 5, 14));
    assert_free(&inference, 4 * 280, 4 * 280);
    layer.axis = 3;
    inference = merged(&layer, inputs, 3, NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 4, 5, 14));
    layer.axis = 1;
    cvs_error err = unmerged(&layer, inputs, 2, "skip-size-mismatch", "/input_shapes/1");
    ck_assert_str_eq(err.value, "7");
    layer.axis = 4;
    unmerged(&layer, inputs, 2, "no-such-axis", "/axis");
    const cvs_shape rows[] = {SHAPE(2, 3, 6), SHAPE(2, 8, 6)};
    layer.axis = 1;
    inference = merged(&layer, rows, 2, NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 11, 6));
    assert_step(&inference, 0, "n_0 + n_1 + ...", "11");
    const cvs_shape ranks[] = {SHAPE(2, 1, 6), SHAPE(2, 6)};
    unmerged(&layer, ranks, 2, "skip-size-mismatch", "/input_shapes/1");
}
END_TEST

START_TEST(open_sizes) {
    names made;
    names_open(&made);
    cvs_dim h = named(&made, "H"), c = named(&made, "C");
    const cvs_shape inputs[] = {SHAPE(NONE, h, c), SHAPE(2, h, 4), SHAPE(NONE, NONE, c)};
    cvs_layer layer = any(CVS_OP_CONCATENATE, CVS_KERAS);
    cvs_inference inference = merged(&layer, inputs, 3, made.symbols);
    assert_dim(&made, inference.output.shape.dim[1], "H");
    assert_dim(&made, inference.output.shape.dim[2], "2*C + 4");
    ck_assert_int_eq(inference.output.shape.dim[0], 2);
    ck_assert_int_eq(inference.other_cells, NONE);
    layer.op = CVS_OP_ADD;
    inference = merged(&layer, inputs, 3, made.symbols);
    ck_assert_int_eq(inference.output.shape.dim[1], NONE); /* H, or more where H is 1 */
    ck_assert_int_eq(inference.output.shape.dim[2], 4);
    cvs_arena_free(&made.arena);
}
END_TEST

START_TEST(what_is_no_merge) {
    const cvs_shape inputs[] = {SHAPE(2, 4), SHAPE(2, 0)}, good[] = {SHAPE(2, 4), SHAPE(2, 4)};
    cvs_layer layer = any(CVS_OP_ADD, CVS_KERAS);
    refused(&layer, SHAPE(2, 4), "merge-inputs", "/input_shapes");
    unmerged(&layer, inputs, 0, "merge-inputs", "/input_shapes");
    unmerged(&layer, inputs, 1, "merge-inputs", "/input_shapes");
    unmerged(&layer, inputs, 2, "empty-axis", "/input_shapes/1/1");
    layer.op = CVS_OP_ACTIVATION;
    unmerged(&layer, good, 2, "not-a-merge", "/input_shapes");
    const int64_t big = INT64_C(1) << 60;
    const cvs_shape large[] = {SHAPE(1, 2, big), SHAPE(1, 2, big), SHAPE(1, 2, big), SHAPE(1, 2, big),
                               SHAPE(1, 2, big)};
    layer.op = CVS_OP_MAXIMUM;
    unmerged(&layer, large, 5, "size-overflow", "/input_shapes");
}
END_TEST

Suite *merge_suite(void) {
    Suite *suite = suite_create("merge");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, cell_by_cell, 0, sizeof cellwise / sizeof *cellwise);
    tcase_add_test(core, an_axis_that_is_stretched_says_so);
    tcase_add_test(core, fewer_axes);
    tcase_add_test(core, side_by_side);
    tcase_add_test(core, open_sizes);
    tcase_add_test(limits, what_is_no_merge);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
