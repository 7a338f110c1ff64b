/*
 * The question it all began with: Keras 1's Convolution1D(nb_filter=111, filter_length=5) on something
 * "300-dimensional" has the weights (5, 1, 300, 111). What is axis 2, where are the 296, and how does one get
 * filter 7's feature map?
 */
#include "explained.h"

Suite *founding_suite(void);

static cvs_inference founding(cvs_shape input) {
    cvs_layer layer = conv(CVS_KERAS1, 1, 111, 5);
    layer.activation.kind = CVS_ACT_RELU;
    return infer(&layer, input, NULL);
}

START_TEST(in_english) {
    cvs_inference inference = founding(SHAPE(NONE, 400, 300));
    says(&inference, "volume",
         "One sample goes in as 400 steps × 300 channels and comes out as 396 steps × 111 channels: "
         "(batch, 400, 300) → (batch, 396, 111). The batch axis (None in a summary) passes through untouched, so any "
         "batch size will do. Keras's own argument input_shape leaves the batch out: input_shape=(400, 300).");
    says(&inference, "depth", "it spans 5 steps × all 300 channels. At every place it multiplies these 1,500 numbers");
    says(&inference, "depth", "channels are not slid over but summed, which is why those 300 do not come back");
    says(&inference, "maps", "There are 111 of them and not 111 × 300 = 33,300");
    says(&inference, "weight-axes",
         "(5, 1, 300, 111): axis 0 is kernel_length = 5, axis 1 is unit = 1, axis 2 is in_channels = 300, "
         "axis 3 is filters = 111; `bias` (111,) holds one number a filter. "
         "Axis 2 of (5, 1, 300, 111) is in_channels = 300 because");
    says(&inference, "weight-axes", "Do not look for the output's 396 here");
    says(&inference, "unit-axis", "Axis 1 is always 1: Keras 1");
    says(&inference, "unit-axis", "as (5, 300, 111).");
    says(&inference, "channel-swap",
         "feed it as (batch, 300, 1), 300 steps of one channel: the window fits at 296 "
         "places, the output is (batch, 296, 111) and `kernel` is (5, 1, 1, 111). Instead of "
         "166,611 parameters the layer then has 666.");
    says(&inference, "one-filter", "filter 7 (counted from 0) are `kernel[..., 7]`, of shape (5, 1, 300)");
    says(&inference, "one-filter", "a slice of the layer's output y, `y[..., 7]`, of shape (batch, 396)");
    says(&inference, "parameters", "(5 × 300 + 1) × 111 = 166,611 parameters: 1,500 weights and one bias");
    says(&inference, "slide",
         "starts at steps 0, 1, 2, ..., 395: it fits 400 - 5 + 1 = 396 times. Output cell 0 reads "
         "steps 0 to 4; the last one, cell 395, reads steps 395 to 399.");
    says(&inference, "arithmetic", "`y[0, 0] = relu(numpy.sum(x[0:5, :] * kernel[:, 0, :, 0]) + bias[0])`");
    says(&inference, "arithmetic", "a kernel trained there must be turned, `kernel[::-1]`, before it is used");
    says(&inference, "receptive-field", "sees 5 steps of this layer's input");
    says(&inference, "receptive-field", "Two such layers in a row see 9 steps,");
    says(&inference, "cost", "65,934,000 multiply-adds (MACs): 1,500 for each of the 43,956 output numbers.");
    says(&inference, "cost", "adding a bias one more, so that is 131,911,956 FLOPs");
    says(&inference, "format", "there this input is (batch, 300, 400).");
    says(&inference, "padding", NULL);
    says(&inference, "stride", NULL);
}
END_TEST

START_TEST(in_chinese) {
    cvs_inference inference = founding(SHAPE(NONE, 400, 300));
    const struct {
        const char *topic, *text;
    } cases[] = {
        {"volume", "每个样本的输入：400 步 × 300 个通道；输出：396 步 × 111 个通道。形状：(batch, 400, 300) → (batch, "
                   "396, 111)。"},
        {"depth", "它覆盖 5 步 × 全部 300 个通道"},
        {"depth", "通道轴上没有滑动，只有求和，因此输出里不再有这 300 个通道。"},
        {"maps", "一共是 111 张，而不是 111 × 300 = 33,300 张"},
        {"weight-axes", "(5, 1, 300, 111) 的轴 2 是 in_channels = 300，因为"},
        {"weight-axes", "不要在这里找输出的 396"},
        {"unit-axis", "轴 1 总是 1"},
        {"channel-swap",
         "输出是 (batch, 296, 111)，`kernel` 是 (5, 1, 1, 111)。这时参数就不是 166,611 个，而是 666 个。"},
        {"one-filter", "滤波器 7（从 0 数起）的权重是 `kernel[..., 7]`，形状为 (5, 1, 300)"},
        {"one-filter", "这一层输出 y 的一个切片：`y[..., 7]`，形状为 (batch, 396)"},
        {"parameters", "(5 × 300 + 1) × 111 = 166,611 个参数"},
        {"slide", "起点是第 0、1、2、……、395 步：一共能放 400 - 5 + 1 = 396 次。输出的第 0 格读取第 0 到 4 步；"},
        {"arithmetic", "`y[0, 0] = relu(numpy.sum(x[0:5, :] * kernel[:, 0, :, 0]) + bias[0])`"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        says_in(CVS_CHINESE, &inference, cases[i].topic, cases[i].text);
}
END_TEST

/* What the asker expected to have. */
START_TEST(had_it_been_one_channel) {
    cvs_inference inference = founding(SHAPE(NONE, 300, 1));
    says(&inference, "volume", "300 steps × 1 channel and comes out as 296 steps × 111 channels");
    says(&inference, "depth", "The input has a single channel, so a filter spans 5 steps of it.");
    says(&inference, "weight-axes", "(5, 1, 1, 111)");
    says(&inference, "parameters", "(5 × 1 + 1) × 111 = 666 parameters");
    says(&inference, "channel-swap", NULL);
}
END_TEST

START_TEST(with_the_length_left_open) {
    cvs_inference inference = founding(SHAPE(NONE, NONE, 300));
    says(&inference, "volume",
         "any number of steps × 300 channels and comes out as (length - 4) steps × 111 channels: "
         "(batch, length, 300) → (batch, length - 4, 111). A size not known yet (None in a "
         "summary) is no mistake: length stands for whatever comes");
    says(&inference, "weight-axes", "no axis here depends on how large the input is");
    says(&inference, "slide",
         "starts at steps 0, 1, 2, and so on as long as it fits, which gives (length - 4); output "
         "cell 0 reads steps 0 to 4.");
}
END_TEST

/* The other questions of the page. */
START_TEST(sixteen_maps_and_not_128) {
    cvs_layer layer = conv(CVS_KERAS, 2, 16, 3);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 26, 26, 8), NULL);
    says(&inference, "volume", "(batch, 26, 26, 8) → (batch, 24, 24, 16)");
    says(&inference, "depth", "3 rows × 3 columns × all 8 channels. At every place it multiplies these 72 numbers");
    says(&inference, "maps", "There are 16 of them and not 16 × 8 = 128");
}
END_TEST

START_TEST(keras_2_has_no_unit_axis) {
    cvs_layer layer = conv(CVS_KERAS, 1, 111, 5);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 400, 300), NULL);
    says(&inference, "weight-axes",
         "`kernel` have the shape (5, 300, 111): axis 0 is kernel_length = 5, axis 1 is "
         "in_channels = 300, axis 2 is filters = 111");
    says(&inference, "unit-axis", NULL);
    says(&inference, "arithmetic", "`y[0, 0] = numpy.sum(x[0:5, :] * kernel[..., 0]) + bias[0]`.");
}
END_TEST

START_TEST(five_by_five_with_stride_and_padding) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 1, 3);
    layer.stride[0] = layer.stride[1] = 2;
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {1, 1}, .after = {1, 1}};
    cvs_inference inference = infer(&layer, SHAPE(1, 1, 5, 5), NULL);
    says(&inference, "volume", "(1, 1, 5, 5) → (1, 1, 3, 3).");
    says(&inference, "slide",
         "Along the height the first window starts 1 row before the edge, in the padding, and each "
         "next one 2 further: it fits floor((5 + 1 + 1 - 3)/2) + 1 = 3 times. The same goes for "
         "the width. Output cell 0 reads rows 0 to 1 and 1 cell of padding; the last one, cell 2, reads "
         "rows 3 to 4 and 1 cell of padding.");
    says(&inference, "arithmetic", "`y[0, 1, 1] = numpy.sum(x[:, 1:4, 1:4] * weight[0]) + bias[0]`");
}
END_TEST

Suite *founding_suite(void) {
    Suite *suite = suite_create("founding");
    TCase *core = tcase_create("core");
    tcase_add_test(core, in_english);
    tcase_add_test(core, in_chinese);
    tcase_add_test(core, had_it_been_one_channel);
    tcase_add_test(core, with_the_length_left_open);
    tcase_add_test(core, sixteen_maps_and_not_128);
    tcase_add_test(core, keras_2_has_no_unit_axis);
    tcase_add_test(core, five_by_five_with_stride_and_padding);
    suite_add_tcase(suite, core);
    return suite;
}
