/* Transposed convolutions: how far the kernels reach, what is cut, and whose axes have changed places. */
#include "explained.h"

Suite *transposed_suite(void);

static cvs_layer transposed(cvs_framework framework, int64_t kernel, int64_t stride) {
    cvs_layer layer = conv(framework, 2, 8, kernel);
    layer.op = CVS_OP_CONV_TRANSPOSE;
    layer.stride[0] = layer.stride[1] = stride;
    return layer;
}

/* 23 and 24 both shrink to 12; Keras comes back with 24. */
START_TEST(keras_same) {
    cvs_layer layer = transposed(CVS_KERAS, 3, 2);
    layer.padding.mode = CVS_PAD_SAME;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 12, 12, 16), NULL);
    says(&inference, "volume", "(batch, 12, 12, 16) → (batch, 24, 24, 8)");
    says(&inference, "transposed-size",
         "the 12 copies of the kernel, 2 apart, reach over (12 - 1) × 2 + 3 = 25 cells. "
         "Padding cuts 0 off before and 1 off after, which leaves 24.");
    says(&inference, "transposed-choice",
         "shrinks 23 to 24 cells alike to 12 along the height, so the way back is a "
         "choice, and this layer's is 24.");
    says(&inference, "overlap", "some output cells are fed by 1 input cell and their neighbours by 2");
    says(&inference, "weight-axes", "axis 2 is filters = 8, axis 3 is in_channels = 16");
    says(&inference, "weight-axes", "filters and in_channels have changed places");
    says(&inference, "one-filter", "`kernel[..., 7, :]`, of shape (3, 3, 16)");
    says(&inference, "arithmetic", "`y[0:3, 0:3, 0] += kernel[..., 0, :] @ x[0, 0, :]`");
    says(&inference, "parameters", "(3 × 3 × 16 + 1) × 8 = 1,160 parameters");
}
END_TEST

START_TEST(pytorch_with_output_padding) {
    cvs_layer layer = transposed(CVS_PYTORCH, 3, 2);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {1, 1}, .after = {1, 1}};
    layer.has_output_padding = true;
    layer.output_padding[0] = layer.output_padding[1] = 1;
    cvs_inference inference = infer(&layer, SHAPE(1, 16, 12, 12), NULL);
    says(&inference, "volume", "(1, 16, 12, 12) → (1, 8, 24, 24)");
    says(&inference, "transposed-size", "Padding cuts 1 off before and 1 off after, which leaves 23.");
    says(&inference, "transposed-size", "it picks the size that is 1 larger, 24.");
    says(&inference, "cost", "72 for each of the 2,304 input numbers");
    says(&inference, "weight-axes", "(16, 8, 3, 3)");
    says(&inference, "one-filter", "`weight[:, 7]`, of shape (16, 3, 3)");
    says(&inference, "arithmetic", "`y[0, 1:4, 1:4] += numpy.tensordot(x[:, 1, 1], weight[:, 0], 1)`");
}
END_TEST

/* Where the axes differ each has its own sum; None is not 0. */
START_TEST(axis_by_axis) {
    cvs_layer layer = transposed(CVS_KERAS, 3, 2);
    layer.padding.mode = CVS_PAD_SAME;
    layer.activation.kind = CVS_ACT_TANH;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 5, 7, 16), NULL);
    says(&inference, "transposed-size", "Along the height the 5 copies of the kernel");
    says(&inference, "transposed-size", "Along the width the 7 copies of the kernel");
    says(&inference, "transposed-choice", "output_padding=None, which is not 0: output_padding=0 would give 9.");
    says(&inference, "arithmetic", "tanh works on each number by itself");
    inference = infer(&layer, SHAPE(NONE, 1, 1, 16), NULL);
    says(&inference, "transposed-size", "the only input cell spreads its copy of the kernel over 3 cells");
    says(&inference, "transposed-size", "The same goes for the width.");
}
END_TEST

START_TEST(groups_and_holes) {
    cvs_layer layer = transposed(CVS_PYTORCH, 2, 3);
    layer.groups = 2;
    cvs_inference inference = infer(&layer, SHAPE(1, 16, 5, 5), NULL);
    says(&inference, "transposed", "across its 8 input channels too");
    says(&inference, "overlap", "the output cells in between are fed by nothing at all");
    says(&inference, "arithmetic", "`y[0, 0:2, 0:2] += numpy.tensordot(x[0:8, 0, 0], weight[0:8, 0], 1)`");
    says(&inference, "one-filter", "filter 7 (counted from 0) are `weight[8:16, 3]`, of shape (8, 2, 2)");
}
END_TEST

Suite *transposed_suite(void) {
    Suite *suite = suite_create("transposed");
    TCase *core = tcase_create("core");
    tcase_add_test(core, keras_same);
    tcase_add_test(core, pytorch_with_output_padding);
    tcase_add_test(core, axis_by_axis);
    tcase_add_test(core, groups_and_holes);
    suite_add_tcase(suite, core);
    return suite;
}
