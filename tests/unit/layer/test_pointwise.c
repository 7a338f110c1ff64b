/* Activations and dropout: the shape stays. */
#include "any_rank.h"

#include <math.h>

Suite *pointwise_suite(void);

START_TEST(the_shape_stays) {
    static const cvs_op ops[] = {CVS_OP_ACTIVATION, CVS_OP_DROPOUT};
    static const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};
    const cvs_shape inputs[] = {SHAPE(3),
                                SHAPE(2, 3),
                                SHAPE(2, 3, 4),
                                SHAPE(NONE, 3, 4, 5),
                                SHAPE(2, 3, 4, 5, 6),
                                SHAPE(1, 2, 3, 4, 5, 6, 7, 8)};
    static const int spatial[] = {0, 0, 1, 2, 3, 0};
    for (int i = 0; i < 2 * 5 * 6; i++) {
        cvs_layer layer = any(ops[i % 2], frameworks[i / 2 % 5]);
        const cvs_shape *input = &inputs[i / 10];
        cvs_inference inference = infer(&layer, *input, NULL);
        assert_shape(&inference.output.shape, *input);
        assert_own_place(&inference, spatial[i / 10]);
        assert_no_weights(&inference);
    }
}
END_TEST

START_TEST(names_and_figures) {
    names made;
    names_open(&made);
    cvs_layer layer = any(CVS_OP_ACTIVATION, CVS_PYTORCH);
    layer.activation.kind = CVS_ACT_SOFTMAX;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 3, named(&made, "L")), made.symbols);
    assert_dim(&made, inference.output.shape.dim[2], "L");
    assert_axes(&inference.output, "batch, channels, length");
    assert_step(&inference, 0, "n", "L");
    assert_free(&inference, NONE, NONE);
    cvs_arena_free(&made.arena);
}
END_TEST

START_TEST(rates) {
    static const double bad[] = {-0.1, 1.5, NAN, INFINITY};
    cvs_layer layer = any(CVS_OP_DROPOUT, CVS_KERAS);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        layer.rate = bad[i];
        refused(&layer, SHAPE(2, 3), "dropout-rate", "/rate");
    }
    layer.rate = 1;
    infer(&layer, SHAPE(2, 3), NULL);
    layer.rate = 0;
    infer(&layer, SHAPE(2, 3), NULL);
    refused(&layer, (cvs_shape){0}, "asymmetric-rank", "/input_shape");
}
END_TEST

Suite *pointwise_suite(void) {
    Suite *suite = suite_create("pointwise");
    TCase *core = tcase_create("core");
    tcase_add_test(core, the_shape_stays);
    tcase_add_test(core, names_and_figures);
    tcase_add_test(core, rates);
    suite_add_tcase(suite, core);
    return suite;
}
