/* Permute and RepeatVector. */
#include "any_rank.h"

Suite *permute_suite(void);

static cvs_layer permute(cvs_shape order) {
    cvs_layer layer = any(CVS_OP_PERMUTE, CVS_KERAS);
    layer.target_rank = order.rank;
    memcpy(layer.target, order.dim, sizeof(int64_t) * (size_t)order.rank);
    return layer;
}

/* keras.layers.Permute((2, 1)): (batch, a, b) to (batch, b, a), counted from 1. */
START_TEST(axes_move_with_their_names) {
    cvs_layer layer = permute(SHAPE(2, 1));
    cvs_inference inference = infer(&layer, SHAPE(NONE, 10, 64), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, 64, 10));
    assert_axes(&inference.output, "batch, channels, length");
    assert_own_place(&inference, 0);
    assert_no_weights(&inference);
    assert_free(&inference, 2560, 2560);
    layer = permute(SHAPE(3, 1, 2));
    inference = infer(&layer, SHAPE(2, 4, 5, 6), NULL);
    assert_shape(&inference.output.shape, SHAPE(2, 6, 4, 5));
    assert_axes(&inference.output, "batch, channels, height, width");
}
END_TEST

START_TEST(names_move_too) {
    names made;
    names_open(&made);
    cvs_layer layer = permute(SHAPE(2, 1));
    cvs_inference inference = infer(&layer, SHAPE(NONE, named(&made, "T"), 3), made.symbols);
    assert_dim(&made, inference.output.shape.dim[2], "T");
    cvs_arena_free(&made.arena);
}
END_TEST

START_TEST(orders_that_are_none) {
    cvs_layer layer = permute(SHAPE(1, 1));
    refused(&layer, SHAPE(2, 3, 4), "permute-order", "/target/1");
    layer = permute(SHAPE(0, 1));
    refused(&layer, SHAPE(2, 3, 4), "permute-order", "/target/0");
    layer = permute(SHAPE(1, 3));
    refused(&layer, SHAPE(2, 3, 4), "permute-order", "/target/1");
    layer = permute((cvs_shape){0});
    refused(&layer, SHAPE(2), "permute-order", "/target");
    layer = permute(SHAPE(2, 1));
    cvs_error err = refused(&layer, SHAPE(2, 3, 4, 5), "asymmetric-rank", "/input_shape");
    ck_assert_str_eq(err.expected, "3 axes");
}
END_TEST

/* keras.layers.RepeatVector(n): (batch, features) to (batch, n, features). */
START_TEST(a_vector_repeated) {
    cvs_layer layer = any(CVS_OP_REPEAT, CVS_KERAS);
    layer.target[0] = 3;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 32), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, 3, 32));
    assert_axes(&inference.output, "batch, length, features");
    assert_own_place(&inference, 0);
    assert_no_weights(&inference);
    assert_free(&inference, 128, 384);
    refused(&layer, SHAPE(2, 3, 4), "asymmetric-rank", "/input_shape");
    layer.target[0] = 0;
    refused(&layer, SHAPE(NONE, 32), "bad-hyperparameter", "/target/0");
}
END_TEST

Suite *permute_suite(void) {
    Suite *suite = suite_create("permute");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, axes_move_with_their_names);
    tcase_add_test(core, names_move_too);
    tcase_add_test(core, a_vector_repeated);
    tcase_add_test(limits, orders_that_are_none);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
