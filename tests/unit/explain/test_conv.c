/* What is true of a convolution is said, with its numbers; what is not, is not. */
#include "explained.h"

Suite *conv_suite(void);

static cvs_layer strided(cvs_framework framework, int64_t kernel, int64_t stride) {
    cvs_layer layer = conv(framework, 2, 64, kernel);
    layer.stride[0] = layer.stride[1] = stride;
    return layer;
}

START_TEST(same_with_a_stride_differs_between_frameworks) {
    cvs_layer layer = strided(CVS_KERAS, 7, 2);
    layer.padding.mode = CVS_PAD_SAME;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 224, 224, 3), NULL);
    says(&inference, "padding", "2 before and 3 after along every axis");
    says(&inference, "padding", "here the height goes from 224 to ceil(224/2) = 112");
    says(&inference, "padding",
         "the usual padding=3 in PyTorch gives the same size, but its zeros lie 3 and 3 along "
         "the height instead of 2 and 3");
    inference = infer(&layer, SHAPE(NONE, 225, 225, 3), NULL);
    says(&inference, "padding", "3 before and 3 after along every axis");
    cvs_arena arena = cvs_arena_make(0);
    cvs_explanation explanation = explain(&arena, &inference, CVS_ENGLISH);
    ck_assert_ptr_null(strstr(about(&explanation, "padding"), "PyTorch"));
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(pytorch_hears_of_tensorflow) {
    cvs_layer layer = strided(CVS_PYTORCH, 7, 2);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {3, 3}, .after = {3, 3}};
    cvs_inference inference = infer(&layer, SHAPE(1, 3, 224, 224), NULL);
    says(&inference, "padding", "Padding adds 3 before and 3 after along every axis, filled with zeros.");
    says(&inference, "padding",
         "`same` in TensorFlow gives the same size, but puts 2 before and 3 after along the height");
}
END_TEST

START_TEST(same_keeps_the_size_at_stride_1) {
    cvs_layer layer = conv(CVS_KERAS, 2, 8, 4);
    layer.padding.mode = CVS_PAD_SAME;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 9, 9, 3), NULL);
    says(&inference, "padding", "`same` adds zeros, 1 before and 2 after along every axis, so that the size stays");
    says(&inference, "padding", "A window over 4 cells has no middle, so the odd zero goes after the last real cell");
    says(&inference, "stride", NULL);
    layer.kernel[0] = layer.kernel[1] = 1;
    inference = infer(&layer, SHAPE(NONE, 9, 9, 3), NULL);
    says(&inference, "padding", "`same` has nothing to add here");
}
END_TEST

START_TEST(half_padding_keeps_the_size) {
    cvs_layer layer = conv(CVS_PYTORCH, 1, 8, 5);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .fill = CVS_FILL_REFLECT, .before = {2}, .after = {2}};
    cvs_inference inference = infer(&layer, SHAPE(1, 3, 9), NULL);
    says(&inference, "padding", "filled with a mirror image of the input");
    says(&inference, "padding", "(5 - 1)/2 = 2 on each side");
}
END_TEST

START_TEST(causal_looks_back) {
    cvs_layer layer = conv(CVS_KERAS, 1, 8, 2);
    layer.padding.mode = CVS_PAD_CAUSAL;
    layer.dilation[0] = 4;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 100, 16), NULL);
    says(&inference, "padding", "puts all its 4 zeros before the start");
    says(&inference, "padding", "sees the input up to step t and nothing later");
    says(&inference, "slide",
         "Output cell 0 reads step 0 and 1 cell of padding; the last one, cell 99, reads steps 95, 99.");
    says(&inference, "arithmetic", "`y[4, 0] = numpy.sum(x[0:5:4, :] * kernel[..., 0]) + bias[0]`");
    says(&inference, "dilation", "spreads the 2 taps along the length over 5 steps");
}
END_TEST

START_TEST(full_counts_every_overlap) {
    cvs_layer layer = conv(CVS_KERAS1, 1, 4, 3);
    layer.padding.mode = CVS_PAD_FULL;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 11, 2), NULL);
    says(&inference, "padding", "`full` adds zeros, 2 before and 2 after");
    says(&inference, "slide", "11 + 2 + 2 - 3 + 1 = 13 times");
    says(&inference, "arithmetic", "On Theano it flipped the kernel along the length first");
}
END_TEST

START_TEST(stride_leaves_cells_unread) {
    cvs_layer layer = conv(CVS_PYTORCH, 1, 8, 3);
    layer.stride[0] = 4;
    cvs_inference inference = infer(&layer, SHAPE(1, 3, 13), NULL); /* windows at 0, 4, 8; the last reads 8, 9, 10 */
    says(&inference, "stride", "1 step between neighbouring windows is never read");
    says(&inference, "stride", "At the end 2 steps are left over");
    inference = infer(&layer, SHAPE(1, 3, 11), NULL);
    cvs_arena arena = cvs_arena_make(0);
    cvs_explanation explanation = explain(&arena, &inference, CVS_ENGLISH);
    ck_assert_ptr_null(strstr(about(&explanation, "stride"), "left over"));
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(groups_split_the_channels) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 32, 3);
    layer.groups = 2;
    cvs_inference inference = infer(&layer, SHAPE(1, 8, 20, 30), NULL);
    says(&inference, "depth", "3 rows × 3 columns × 4 of the 8 channels");
    says(&inference, "groups", "filters 0 to 15 see channels 0 to 3 only, the other 16 the other 4");
    says(&inference, "groups", "4 = 8/2 input channels");
    says(&inference, "arithmetic", "numpy.sum(x[0:4, 0:3, 0:3] * weight[0])");
    layer.groups = 8;
    inference = infer(&layer, SHAPE(1, 8, 20, 30), NULL);
    says(&inference, "groups", "depthwise convolution: 4 filters for each channel");
    says(&inference, "maps", "32 filters leave 32 maps, and these are the output's channels.");
}
END_TEST

START_TEST(layouts_of_every_framework) {
    const struct {
        cvs_framework framework;
        cvs_data_format format;
        const char *kernel, *map, *line, *axes;
    } cases[] = {
        {CVS_KERAS, CVS_CHANNELS_LAST, "`kernel[..., 7]`", "`y[..., 7]`",
         "y[0, 0, 0] = numpy.sum(x[0:3, 0:3, :] * kernel[..., 0])", "(3, 3, 6, 8)"},
        {CVS_KERAS, CVS_CHANNELS_FIRST, "`kernel[..., 7]`", "`y[:, 7]`",
         "y[0, 0, 0] = numpy.sum(numpy.moveaxis(x[:, 0:3, 0:3], 0, -1) * kernel[..., 0])", "(3, 3, 6, 8)"},
        {CVS_KERAS1, CVS_CHANNELS_FIRST, "`kernel[7]`", "`y[:, 7]`",
         "y[0, 0, 0] = numpy.sum(x[:, 0:3, 0:3] * kernel[0])", "(8, 6, 3, 3)"},
        {CVS_KERAS1, CVS_CHANNELS_LAST, "`kernel[..., 7]`", "`y[..., 7]`", "numpy.sum(x[0:3, 0:3, :] * kernel[..., 0])",
         "(3, 3, 6, 8)"},
        {CVS_PYTORCH, CVS_CHANNELS_FIRST, "`weight[7]`", "`y[:, 7]`", "numpy.sum(x[:, 0:3, 0:3] * weight[0])",
         "(8, 6, 3, 3)"},
        {CVS_ONNX, CVS_CHANNELS_FIRST, "`W[7]`", "`y[:, 7]`", "numpy.sum(x[:, 0:3, 0:3] * W[0]) + B[0]",
         "(8, 6, 3, 3)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cvs_layer layer = conv(cases[i].framework, 2, 8, 3);
        layer.data_format = cases[i].format;
        bool first = cases[i].format == CVS_CHANNELS_FIRST;
        cvs_inference inference = infer(&layer, first ? SHAPE(NONE, 6, 9, 9) : SHAPE(NONE, 9, 9, 6), NULL);
        says(&inference, "one-filter", cases[i].kernel);
        says(&inference, "one-filter", cases[i].map);
        says(&inference, "arithmetic", cases[i].line);
        says(&inference, "weight-axes", cases[i].axes);
        bool keras_first = first && cases[i].framework == CVS_KERAS;
        bool th = first && cases[i].framework == CVS_KERAS1;
        says(&inference, "format",
             keras_first ? "moves the channel axis of the data only"
             : th        ? "ordering 'th'"
             : first     ? NULL
                         : "there this input is (batch, 6, 9, 9).");
    }
}
END_TEST

START_TEST(layers_in_disguise) {
    cvs_layer layer = conv(CVS_KERAS, 2, 10, 1);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 6, 6, 300), NULL);
    says(&inference, "kinship", "mixes the 300 channels there into 10 new ones");
    layer = conv(CVS_KERAS, 2, 4096, 7);
    inference = infer(&layer, SHAPE(NONE, 7, 7, 512), NULL);
    says(&inference, "kinship", "a Dense layer over 25,088 numbers");
    layer = conv(CVS_KERAS, 2, 10, 3);
    inference = infer(&layer, SHAPE(NONE, 7, 7, 5), NULL);
    says(&inference, "kinship", NULL);
}
END_TEST

START_TEST(symbols_are_written_out) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim height = 0, width = 0;
    ck_assert_int_eq(cvs_symbols_name(symbols, "H", &height, NULL), CVS_OK);
    ck_assert_int_eq(cvs_symbols_name(symbols, "W", &width, NULL), CVS_OK);
    cvs_layer layer = strided(CVS_ONNX, 3, 2);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 3, height, width), symbols);
    says(&inference, "volume", "H rows × W columns × 3 channels");
    says(&inference, "volume", "(batch, 3, H, W) → (batch, 64, floor((H - 3)/2) + 1, floor((W - 3)/2) + 1)");
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(channels_may_be_unknown) {
    cvs_layer layer = conv(CVS_KERAS, 2, 8, 4);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 7, 7, NONE), NULL);
    says(&inference, "volume", "7 rows × 7 columns × a number of channels not known yet");
    says(&inference, "depth", "it spans 4 rows × 4 columns × every input channel");
    says(&inference, "weight-axes", NULL);
    says(&inference, "parameters", NULL);
    says(&inference, "arithmetic", NULL);
}
END_TEST

START_TEST(without_bias) {
    cvs_layer layer = conv(CVS_PYTORCH, 1, 2, 3);
    layer.use_bias = false;
    cvs_inference inference = infer(&layer, SHAPE(1, 4, 9), NULL);
    says(&inference, "parameters", "3 × 4 × 2 = 24 parameters: 12 weights for each filter, and no bias.");
    says(&inference, "one-filter", "The weights of filter 1 (counted from 0) are `weight[1]`, of shape (4, 3).");
    says(&inference, "arithmetic", "`y[0, 0] = numpy.sum(x[:, 0:3] * weight[0])`.");
}
END_TEST

Suite *conv_suite(void) {
    Suite *suite = suite_create("conv");
    TCase *core = tcase_create("core");
    tcase_add_test(core, same_with_a_stride_differs_between_frameworks);
    tcase_add_test(core, pytorch_hears_of_tensorflow);
    tcase_add_test(core, same_keeps_the_size_at_stride_1);
    tcase_add_test(core, half_padding_keeps_the_size);
    tcase_add_test(core, causal_looks_back);
    tcase_add_test(core, full_counts_every_overlap);
    tcase_add_test(core, stride_leaves_cells_unread);
    tcase_add_test(core, groups_split_the_channels);
    tcase_add_test(core, layouts_of_every_framework);
    tcase_add_test(core, layers_in_disguise);
    tcase_add_test(core, symbols_are_written_out);
    tcase_add_test(core, channels_may_be_unknown);
    tcase_add_test(core, without_bias);
    suite_add_tcase(suite, core);
    return suite;
}
