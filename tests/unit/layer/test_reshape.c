/* Reshape: the same numbers on other axes. */
#include "any_rank.h"

Suite *reshape_suite(void);

static cvs_layer reshape(cvs_framework framework, cvs_shape target) {
    cvs_layer layer = any(CVS_OP_RESHAPE, framework);
    layer.target_rank = target.rank;
    memcpy(layer.target, target.dim, sizeof(int64_t) * (size_t)target.rank);
    return layer;
}

START_TEST(as_documented) {
    cvs_layer layer = reshape(CVS_KERAS, SHAPE(3, 4));
    cvs_inference inference = infer(&layer, SHAPE(2, 12), NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 3, 4));
    assert_axes(&inference.output, "batch, length, channels");
    assert_own_place(&inference, 0);
    assert_no_weights(&inference);
    assert_free(&inference, 48, 48);
    layer = reshape(CVS_KERAS, SHAPE(-1, 2, 2));
    inference = infer(&layer, SHAPE(NONE, 12), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, 3, 2, 2));
    layer = reshape(CVS_KERAS, SHAPE(-1));
    inference = infer(&layer, SHAPE(NONE, 7, 7, 512), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, 25088));
    layer = reshape(CVS_KERAS, (cvs_shape){0});
    inference = infer(&layer, SHAPE(5, 1, 1), NULL);
    assert_shape(&inference.output.shape, SHAPE(5));
}
END_TEST

/* ONNX Reshape: "a dimension could also be 0, in which case the actual dimension value is unchanged". */
START_TEST(a_zero_keeps_the_size) {
    cvs_layer layer = reshape(CVS_ONNX, SHAPE(0, -1));
    cvs_inference inference = infer(&layer, SHAPE(2, 3, 4, 5), NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 3, 20));
    ck_assert_int_eq(inference.layer.target[0], 3);
    inference = infer(&layer, SHAPE(2, NONE, 4, 5), NULL);
    assert_shape(&inference.output.shape, SHAPE(2, NONE, 20));
    layer = reshape(CVS_ONNX, SHAPE(0, 21));
    refused(&layer, SHAPE(2, NONE, 4, 5), "reshape-touches-batch", "/target");
    layer = reshape(CVS_ONNX, SHAPE(4, 0));
    refused(&layer, SHAPE(2, 4), "reshape-target", "/target/1");
    layer = reshape(CVS_KERAS, SHAPE(0, -1));
    refused(&layer, SHAPE(2, 3, 4, 5), "bad-hyperparameter", "/target/0");
}
END_TEST

START_TEST(names_are_divided) {
    names made;
    names_open(&made);
    cvs_layer layer = reshape(CVS_KERAS, SHAPE(-1, 4));
    cvs_inference inference = infer(&layer, SHAPE(NONE, named(&made, "H"), 8), made.symbols);
    assert_dim(&made, inference.output.shape.dim[1], "2*H");
    inference = infer(&layer, SHAPE(NONE, NONE, 8), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, NONE, 4));
    layer = reshape(CVS_KERAS, SHAPE(4, 4));
    inference = infer(&layer, SHAPE(NONE, named(&made, "H")), made.symbols);
    assert_shape(&inference.output.shape, SHAPE(NONE, 4, 4));
    cvs_arena_free(&made.arena);
}
END_TEST

START_TEST(what_is_refused) {
    cvs_layer layer = reshape(CVS_KERAS, SHAPE(5, 4));
    cvs_error err = refused(&layer, SHAPE(2, 3, 7), "reshape-touches-batch", "/target");
    ck_assert_ptr_nonnull(strstr(err.message, "3*7 = 21"));
    ck_assert_str_eq(err.expected, "sizes whose product is 21");
    layer = reshape(CVS_KERAS, SHAPE(-1, 4));
    refused(&layer, SHAPE(2, 3, 7), "reshape-touches-batch", "/target");
    layer = reshape(CVS_KERAS, SHAPE(-1, -1));
    refused(&layer, SHAPE(2, 21), "reshape-target", "/target/1");
    layer = reshape(CVS_KERAS, SHAPE(-2, 3));
    refused(&layer, SHAPE(2, 21), "bad-hyperparameter", "/target/0");
    layer = reshape(CVS_KERAS, SHAPE(1, 1, 1, 1, 1, 1, 1, 1));
    refused(&layer, SHAPE(2, 1), "reshape-target", "/target");
    const int64_t big = CVS_MAX_PARAMETER;
    layer = reshape(CVS_KERAS, SHAPE(big, big, big));
    refused(&layer, SHAPE(2, 1), "size-overflow", "/target");
}
END_TEST

Suite *reshape_suite(void) {
    Suite *suite = suite_create("reshape");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, as_documented);
    tcase_add_test(core, a_zero_keeps_the_size);
    tcase_add_test(core, names_are_divided);
    tcase_add_test(limits, what_is_refused);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
