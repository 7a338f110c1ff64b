/* Depthwise and separable convolutions: channels that stay apart, and are mixed afterwards. */
#include "explained.h"

Suite *channelwise_suite(void);

START_TEST(depthwise_in_keras) {
    cvs_layer layer = conv(CVS_KERAS, 2, 0, 3);
    layer.op = CVS_OP_DEPTHWISE_CONV;
    layer.multiplier = 2;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 12, 12, 16), NULL);
    says(&inference, "volume", "comes out as 10 rows × 10 columns × 32 channels");
    says(&inference, "depthwise", "Each of the 16 input channels has 2 kernels of its own");
    says(&inference, "depthwise", "16 × 2 = 32 channels: kernel j of channel c gives output channel c·2 + j");
    says(&inference, "weight-axes", "axis 2 is in_channels = 16, axis 3 is multiplier = 2");
    says(&inference, "one-filter",
         "filter 7 (counted from 0) are `kernel[..., 3, 1]`, of shape (3, 3), and its bias is "
         "`bias[7]`");
    says(&inference, "parameters", "(3 × 3 + 1) × 32 = 320 parameters: 9 weights and one bias");
    says(&inference, "arithmetic", "`y[0, 0, 0] = numpy.sum(x[0:3, 0:3, 0] * kernel[..., 0, 0]) + bias[0]`");
    says_in(CVS_CHINESE, &inference, "depthwise", "16 个输入通道各有 2 个自己的卷积核");
}
END_TEST

START_TEST(depthwise_in_pytorch) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 0, 3);
    layer.op = CVS_OP_DEPTHWISE_CONV;
    layer.multiplier = 2;
    cvs_inference inference = infer(&layer, SHAPE(1, 16, 12, 12), NULL);
    says(&inference, "one-filter", "`weight[7]`, of shape (1, 3, 3)");
    says(&inference, "arithmetic", "`y[0, 0, 0] = numpy.sum(x[0, 0:3, 0:3] * weight[0, 0]) + bias[0]`");
}
END_TEST

START_TEST(one_kernel_a_channel) {
    cvs_layer layer = conv(CVS_KERAS, 2, 0, 3);
    layer.op = CVS_OP_DEPTHWISE_CONV;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 12, 12, 16), NULL);
    says(&inference, "depthwise",
         "as many channels come out as go in, 16: the kernel of channel c gives output channel c.");
    inference = infer(&layer, SHAPE(NONE, 12, 12, NONE), NULL);
    says(&inference, "volume", "comes out as 10 rows × 10 columns × a number of channels not known yet");
    says(&inference, "depthwise", "How many channels there are is not known yet: 1 comes out for each that goes in.");
}
END_TEST

START_TEST(separable) {
    cvs_layer layer = conv(CVS_KERAS, 2, 32, 3);
    layer.op = CVS_OP_SEPARABLE_CONV;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 12, 12, 16), NULL);
    says(&inference, "separable", "leaves 16 × 1 = 16 maps; then a 1×1 convolution mixes these into 32");
    says(&inference, "separable", "688 parameters where a plain convolution of the same reach takes 4,640");
    says(&inference, "weight-axes",
         "`depthwise_kernel` (3, 3, 16, 1), `pointwise_kernel` (1, 1, 16, 32), `bias` (32,)");
    says(&inference, "one-filter", "`y[..., 7]`");
    says(&inference, "one-filter", "Its own weights are `pointwise_kernel[..., 7]`, of shape (1, 1, 16)");
    says(&inference, "cost", "One sample takes 65,600 multiply-adds (MACs).");
}
END_TEST

Suite *channelwise_suite(void) {
    Suite *suite = suite_create("channelwise");
    TCase *core = tcase_create("core");
    tcase_add_test(core, depthwise_in_keras);
    tcase_add_test(core, depthwise_in_pytorch);
    tcase_add_test(core, one_kernel_a_channel);
    tcase_add_test(core, separable);
    suite_add_tcase(suite, core);
    return suite;
}
