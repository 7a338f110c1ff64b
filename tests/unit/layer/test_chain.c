#include "layers.h"

#include <convscope/chain.h>

#include <check.h>

/* A square 2D convolution on the output of the layer before it. */
static void add(cvs_chain *chain, cvs_shape *shape, int64_t filters, int64_t kernel, int64_t stride) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 2);
    layer.framework = CVS_PYTORCH;
    layer.data_format = CVS_CHANNELS_FIRST;
    layer.filters = filters;
    layer.padding.mode = CVS_PAD_EXPLICIT;
    for (int axis = 0; axis < 2; axis++) {
        layer.kernel[axis] = kernel;
        layer.stride[axis] = stride;
        layer.padding.before[axis] = layer.padding.after[axis] = (kernel - 1) / 2;
    }
    cvs_inference inference;
    cvs_error err = {0};
    ck_assert_msg(cvs_infer(&layer, shape, NULL, &inference, &err) == CVS_OK, "%s", err.message);
    ck_assert_msg(cvs_chain_add(chain, &inference, &err) == CVS_OK, "%s", err.message);
    *shape = inference.output.shape;
}

/* The windows of ResNet-18's longest path: 435 pixels, 32 apart (the figure that the literature gives). */
START_TEST(resnet_18_sees_435_pixels) {
    cvs_chain chain = {0};
    cvs_shape shape = {4, {1, 3, 224, 224}};
    add(&chain, &shape, 64, 7, 2);
    add(&chain, &shape, 64, 3, 2); /* in the place of the pool: the same window */
    for (int stage = 0; stage < 4; stage++) {
        for (int i = 0; i < 4; i++) add(&chain, &shape, 64 << stage, 3, stage > 0 && i == 0 ? 2 : 1);
    }
    ck_assert_int_eq(chain.layers, 18);
    ck_assert_int_eq(chain.field.rank, 2);
    for (int axis = 0; axis < 2; axis++) {
        ck_assert_int_eq(chain.field.size[axis], 435);
        ck_assert_int_eq(chain.field.jump[axis], 32);
        ck_assert_double_eq(chain.field.start[axis],
                            0); /* odd kernels, half padding: cell 0 stays centred on pixel 0 */
    }
    ck_assert_int_eq(shape.dim[1], 512);
    ck_assert_int_eq(shape.dim[2], 7);
}
END_TEST

START_TEST(figures_are_summed) {
    cvs_chain chain = {0};
    cvs_shape shape = {4, {1, 3, 10, 10}};
    add(&chain, &shape, 4, 3, 1);
    add(&chain, &shape, 5, 1, 2);
    ck_assert_int_eq(chain.parameters, (3 * 4 * 9 + 4) + (4 * 5 + 5));
    ck_assert_int_eq(chain.cost.macs, 3 * 4 * 9 * 100 + 4 * 5 * 25);
    ck_assert_int_eq(chain.cost.bias_adds, 4 * 100 + 5 * 25);
    ck_assert_int_eq(chain.cost.flops, 2 * chain.cost.macs + chain.cost.bias_adds);
    ck_assert_int_eq(chain.cost.input_bytes, 3 * 100 * 4);
    ck_assert_int_eq(chain.cost.output_bytes, 5 * 25 * 4);
    ck_assert_int_eq(chain.cost.weights_bytes, 4 * chain.parameters);
}
END_TEST

START_TEST(what_is_not_known_stays_so) {
    cvs_chain chain = {0};
    cvs_shape shape = {4, {CVS_DIM_UNKNOWN, 3, CVS_DIM_UNKNOWN, 10}};
    add(&chain, &shape, 4, 3, 1);
    shape.dim[2] = 10;
    add(&chain, &shape, 5, 1, 2);
    ck_assert_int_eq(chain.cost.macs, CVS_DIM_UNKNOWN);
    ck_assert_int_eq(chain.cost.input_bytes, CVS_DIM_UNKNOWN);
    ck_assert_int_eq(chain.cost.output_bytes, 5 * 25 * 4);
    ck_assert_int_eq(chain.parameters, (3 * 4 * 9 + 4) + (4 * 5 + 5));
    ck_assert_int_eq(chain.field.size[0], 3);
}
END_TEST

static void add_1d(cvs_chain *chain, cvs_shape *shape, cvs_op op, int64_t kernel, int64_t stride) {
    cvs_layer layer = conv(CVS_PYTORCH, 1, 1, kernel);
    layer.op = op;
    layer.stride[0] = stride;
    cvs_inference inference = infer(&layer, *shape, NULL);
    ck_assert_int_eq(cvs_chain_add(chain, &inference, NULL), CVS_OK);
    *shape = inference.output.shape;
}

/* Down by 3, up by 2, then a window of 4: its cells are 3/2 inputs apart. */
START_TEST(transposed_layers_come_back_up) {
    cvs_chain chain = {0};
    cvs_shape shape = SHAPE(1, 1, 100);
    add_1d(&chain, &shape, CVS_OP_CONV, 3, 3);
    add_1d(&chain, &shape, CVS_OP_CONV_TRANSPOSE, 2, 2);
    ck_assert_int_eq(chain.field.size[0], 3);
    ck_assert_int_eq(chain.field.jump[0], 3);
    ck_assert_int_eq(chain.field.jump_divisor[0], 2);
    ck_assert_double_eq(chain.field.start[0], 1 - 0.75);
    add_1d(&chain, &shape, CVS_OP_CONV, 4, 4);
    ck_assert_int_eq(chain.field.size[0], 3 + 5);
    ck_assert_int_eq(chain.field.jump[0], 6);
    ck_assert_int_eq(chain.field.jump_divisor[0], 1);
    ck_assert_double_eq(chain.field.start[0], 0.25 + 1.5 * 1.5);
}
END_TEST

START_TEST(overflow_is_refused) {
    cvs_chain chain = {0};
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 1);
    layer.filters = 1;
    layer.kernel[0] = 1;
    layer.stride[0] = 2147483647;
    const cvs_shape shape = {3, {1, CVS_DIM_UNKNOWN, 1}};
    cvs_inference inference;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_infer(&layer, &shape, NULL, &inference, &err), CVS_OK);
    ck_assert_int_eq(cvs_chain_add(&chain, &inference, &err), CVS_OK);
    ck_assert_int_eq(cvs_chain_add(&chain, &inference, &err), CVS_OK);
    ck_assert_int_eq(cvs_chain_add(&chain, &inference, &err), CVS_TOO_LARGE);
    ck_assert_str_eq(err.code, "chain-too-large");
}
END_TEST

Suite *chain_suite(void);
Suite *chain_suite(void) {
    Suite *suite = suite_create("layer/chain");
    TCase *core = tcase_create("core");
    tcase_add_test(core, resnet_18_sees_435_pixels);
    tcase_add_test(core, figures_are_summed);
    tcase_add_test(core, what_is_not_known_stays_so);
    tcase_add_test(core, transposed_layers_come_back_up);
    tcase_add_test(core, overflow_is_refused);
    suite_add_tcase(suite, core);
    return suite;
}
