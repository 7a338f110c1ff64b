/*
 * test_networks.c - networks written out as their papers' tables have them: as PyTorch prints them, and as Keras code.
 * Parameters and multiply-adds are the published ones (torchvision's table of models counts both): they were counted
 * once more from the tables, apart from this library.
 */
#include "model_text.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *networks_suite(void);

/* ---- printing as PyTorch does ---------------------------------------------------------- */

static void conv(cvs_text *out, const char *label, const int size[4], int groups) {
    const int kernel = size[2], stride = size[3], padding = kernel / 2;
    cvs_text_addf(out, "(%s): Conv2d(%d, %d, kernel_size=(%d, %d), stride=(%d, %d)", label, size[0], size[1], kernel,
                  kernel, stride, stride);
    if (padding > 0) cvs_text_addf(out, ", padding=(%d, %d)", padding, padding);
    if (groups > 1) cvs_text_addf(out, ", groups=%d", groups);
    cvs_text_add(out, ", bias=False)\n");
}

static void norm(cvs_text *out, const char *label, int channels) {
    cvs_text_addf(out, "(%s): BatchNorm2d(%d, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)\n", label,
                  channels);
}

/* torchvision's Conv2dNormActivation; `activation` NULL: none. */
static void conv_norm(cvs_text *out, int label, const int size[4], int groups, const char *activation) {
    cvs_text_addf(out, "(%d): Conv2dNormActivation(\n", label);
    conv(out, "0", size, groups);
    norm(out, "1", size[1]);
    if (activation) cvs_text_addf(out, "(2): %s(inplace=True)\n", activation);
    cvs_text_add(out, ")\n");
}

typedef struct published {
    int64_t parameters, macs;
    const char *last, *output; /* the last layer before the pool, and its output */
} published;

static void check_printed(cvs_text *text, published numbers) {
    cvs_model_totals totals;
    ck_assert(!text->failed);
    read_model m = text_model(text->data);
    infer_on(&m, (cvs_shape){4, {1, 3, 224, 224}});
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.trainable.value,
                     numbers.parameters); /* a batch norm's statistics are no parameters there */
    ck_assert_int_eq(totals.macs.value, numbers.macs);
    ck_assert_int_eq(totals.macs.completeness, CVS_MODEL_COMPLETE);
    ck_assert_str_eq(output_of(&m, numbers.last), numbers.output);
    ck_assert_int_eq(cvs_model_order_known(m.model), CVS_MODEL_ORDER_BY_NAME);
    model_free(&m);
    cvs_text_free(text);
}

/* ---- He et al., "Deep residual learning", table 1 ------------------------------------------ */

static void bottleneck(cvs_text *out, const char *label, const int size[4]) {
    const int in = size[0], width = size[1], stride = size[3];
    cvs_text_addf(out, "%s Bottleneck(\n", label);
    conv(out, "conv1", (const int[]){in, width, 1, 1}, 1);
    norm(out, "bn1", width);
    conv(out, "conv2", (const int[]){width, width, 3, stride}, 1);
    norm(out, "bn2", width);
    conv(out, "conv3", (const int[]){width, 4 * width, 1, 1}, 1);
    norm(out, "bn3", 4 * width);
    cvs_text_add(out, "(relu): ReLU(inplace=True)\n");
    if (in != 4 * width) {
        cvs_text_add(out, "(downsample): Sequential(\n");
        conv(out, "0", (const int[]){in, 4 * width, 1, stride}, 1);
        norm(out, "1", 4 * width);
        cvs_text_add(out, ")\n");
    }
    cvs_text_add(out, ")\n");
}

START_TEST(resnet_50) {
    static const int blocks[] = {3, 4, 6, 3};
    cvs_text text = {0};
    int in = 64;
    cvs_text_add(&text, "ResNet(\n");
    conv(&text, "conv1", (const int[]){3, 64, 7, 2}, 1);
    norm(&text, "bn1", 64);
    cvs_text_add(&text,
                 "(relu): ReLU(inplace=True)\n(maxpool): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, "
                 "ceil_mode=False)\n");
    for (int stage = 0; stage < 4; stage++) {
        char others[32];
        const int width = 64 << stage;
        snprintf(others, sizeof others, "(1-%d): %d x", blocks[stage] - 1, blocks[stage] - 1);
        cvs_text_addf(&text, "(layer%d): Sequential(\n", stage + 1);
        bottleneck(&text, "(0):", (const int[]){in, width, 3, stage > 0 ? 2 : 1});
        bottleneck(&text, others, (const int[]){4 * width, width, 3, 1}); /* as PyTorch 2 prints what is alike */
        cvs_text_add(&text, ")\n");
        in = 4 * width;
    }
    cvs_text_add(&text, "(avgpool): AdaptiveAvgPool2d(output_size=(1, 1))\n"
                        "(fc): Linear(in_features=2048, out_features=1000, bias=True)\n)\n");
    check_printed(&text, (published){25557032, INT64_C(4089184256), "layer4.2.relu#3", "(1, 2048, 7, 7)"});
}
END_TEST

/* ---- Simonyan and Zisserman, "Very deep convolutional networks", table 1, D ------------------ */

START_TEST(vgg_16) {
    static const int stages[][2] = {{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}};
    cvs_text text = {0};
    int in = 3, number = 0;
    cvs_text_add(&text, "VGG(\n(features): Sequential(\n");
    for (int stage = 0; stage < 5; stage++) {
        for (int i = 0; i < stages[stage][1]; i++, in = stages[stage][0], number += 2)
            cvs_text_addf(&text,
                          "(%d): Conv2d(%d, %d, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))\n(%d): "
                          "ReLU(inplace=True)\n",
                          number, in, stages[stage][0], number + 1);
        cvs_text_addf(&text, "(%d): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)\n",
                      number++);
    }
    cvs_text_add(&text, ")\n(avgpool): AdaptiveAvgPool2d(output_size=(7, 7))\n(classifier): Sequential(\n"
                        "(0): Linear(in_features=25088, out_features=4096, bias=True)\n(1): ReLU(inplace=True)\n"
                        "(2): Dropout(p=0.5, inplace=False)\n"
                        "(3): Linear(in_features=4096, out_features=4096, bias=True)\n(4): ReLU(inplace=True)\n"
                        "(5): Dropout(p=0.5, inplace=False)\n"
                        "(6): Linear(in_features=4096, out_features=1000, bias=True)\n)\n)\n");
    check_printed(&text, (published){138357544, INT64_C(15470264320), "features.30", "(1, 512, 7, 7)"});
}
END_TEST

/* ---- Sandler et al., "MobileNetV2", table 2 ----------------------------------------------------- */

static void inverted_residual(cvs_text *out, int label, const int size[4], int expansion) {
    const int in = size[0], wide = size[0] * expansion;
    int at = 0;
    cvs_text_addf(out, "(%d): InvertedResidual(\n(conv): Sequential(\n", label);
    if (expansion > 1) conv_norm(out, at++, (const int[]){in, wide, 1, 1}, 1, "ReLU6");
    conv_norm(out, at++, (const int[]){wide, wide, size[2], size[3]}, wide, "ReLU6");
    cvs_text_addf(out, "(%d): Conv2d(%d, %d, kernel_size=(1, 1), stride=(1, 1), bias=False)\n", at++, wide, size[1]);
    cvs_text_addf(out, "(%d): BatchNorm2d(%d, eps=1e-05)\n)\n)\n", at, size[1]);
}

START_TEST(mobilenet_v2) {
    static const int rows[][4] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                                  {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
    cvs_text text = {0};
    int in = 32, label = 1;
    cvs_text_add(&text, "MobileNetV2(\n(features): Sequential(\n");
    conv_norm(&text, 0, (const int[]){3, 32, 3, 2}, 1, "ReLU6");
    for (int row = 0; row < 7; row++)
        for (int i = 0; i < rows[row][2]; i++, in = rows[row][1])
            inverted_residual(&text, label++, (const int[]){in, rows[row][1], 3, i == 0 ? rows[row][3] : 1},
                              rows[row][0]);
    conv_norm(&text, label, (const int[]){320, 1280, 1, 1}, 1, "ReLU6");
    cvs_text_add(&text, ")\n(classifier): Sequential(\n(0): Dropout(p=0.2, inplace=False)\n"
                        "(1): Linear(in_features=1280, out_features=1000, bias=True)\n)\n)\n");
    check_printed(&text, (published){3504872, 300774272, "features.18.2", "(1, 1280, 7, 7)"});
}
END_TEST

/* ---- Tan and Le, "EfficientNet", table 1 ---------------------------------------------------------- */

static void squeeze(cvs_text *out, int label, int wide, int narrow) {
    cvs_text_addf(out,
                  "(%d): SqueezeExcitation(\n(avgpool): AdaptiveAvgPool2d(output_size=1)\n"
                  "(fc1): Conv2d(%d, %d, kernel_size=(1, 1), stride=(1, 1))\n"
                  "(fc2): Conv2d(%d, %d, kernel_size=(1, 1), stride=(1, 1))\n"
                  "(activation): SiLU(inplace=True)\n(scale_activation): Sigmoid()\n)\n",
                  label, wide, narrow, narrow, wide);
}

static void mb_conv(cvs_text *out, int label, const int size[4], int expansion) {
    const int in = size[0], wide = size[0] * expansion;
    int at = 0;
    cvs_text_addf(out, "(%d): MBConv(\n(block): Sequential(\n", label);
    if (expansion > 1) conv_norm(out, at++, (const int[]){in, wide, 1, 1}, 1, "SiLU");
    conv_norm(out, at++, (const int[]){wide, wide, size[2], size[3]}, wide, "SiLU");
    squeeze(out, at++, wide, in / 4);
    conv_norm(out, at, (const int[]){wide, size[1], 1, 1}, 1, NULL);
    cvs_text_add(out, ")\n(stochastic_depth): StochasticDepth(p=0.0125, mode=row)\n)\n");
}

START_TEST(efficientnet_b0) {
    static const int rows[][5] = {{1, 16, 1, 1, 3},  {6, 24, 2, 2, 3},  {6, 40, 2, 2, 5}, {6, 80, 3, 2, 3},
                                  {6, 112, 3, 1, 5}, {6, 192, 4, 2, 5}, {6, 320, 1, 1, 3}};
    cvs_text text = {0};
    int in = 32;
    cvs_text_add(&text, "EfficientNet(\n(features): Sequential(\n");
    conv_norm(&text, 0, (const int[]){3, 32, 3, 2}, 1, "SiLU");
    for (int row = 0; row < 7; row++) {
        cvs_text_addf(&text, "(%d): Sequential(\n", row + 1);
        for (int i = 0; i < rows[row][2]; i++, in = rows[row][1])
            mb_conv(&text, i, (const int[]){in, rows[row][1], rows[row][4], i == 0 ? rows[row][3] : 1}, rows[row][0]);
        cvs_text_add(&text, ")\n");
    }
    conv_norm(&text, 8, (const int[]){320, 1280, 1, 1}, 1, "SiLU");
    cvs_text_add(&text, ")\n(avgpool): AdaptiveAvgPool2d(output_size=1)\n(classifier): Sequential(\n"
                        "(0): Dropout(p=0.2, inplace=True)\n"
                        "(1): Linear(in_features=1280, out_features=1000, bias=True)\n)\n)\n");
    check_printed(&text, (published){5288548, 385814752, "features.8.2", "(1, 1280, 7, 7)"});
}
END_TEST

/* ---- Ronneberger et al., "U-Net", figure 1: 572 x 572 in, 388 x 388 out ----------------------------- */

START_TEST(u_net) {
    read_model m = text_model("inputs = Input((572, 572, 1))\n"
                              "c1 = Conv2D(64, 3, activation='relu', name='c1a')(inputs)\n"
                              "c1 = Conv2D(64, 3, activation='relu', name='c1b')(c1)\n"
                              "c2 = Conv2D(128, 3, activation='relu')(MaxPooling2D(2)(c1))\n"
                              "c2 = Conv2D(128, 3, activation='relu', name='c2b')(c2)\n"
                              "c3 = Conv2D(256, 3, activation='relu')(MaxPooling2D(2)(c2))\n"
                              "c3 = Conv2D(256, 3, activation='relu', name='c3b')(c3)\n"
                              "c4 = Conv2D(512, 3, activation='relu')(MaxPooling2D(2)(c3))\n"
                              "c4 = Conv2D(512, 3, activation='relu', name='c4b')(c4)\n"
                              "x = Conv2D(1024, 3, activation='relu')(MaxPooling2D(2)(c4))\n"
                              "x = Conv2D(1024, 3, activation='relu', name='bottom')(x)\n"
                              "x = Conv2DTranspose(512, 2, strides=2)(x)\n"
                              "x = concatenate([Cropping2D(4)(c4), x], axis=-1)\n"
                              "x = Conv2D(512, 3, activation='relu')(x)\n"
                              "x = Conv2D(512, 3, activation='relu', name='u4')(x)\n"
                              "x = Conv2DTranspose(256, 2, strides=2)(x)\n"
                              "x = concatenate([Cropping2D(16)(c3), x], axis=-1)\n"
                              "x = Conv2D(256, 3, activation='relu')(x)\n"
                              "x = Conv2D(256, 3, activation='relu', name='u3')(x)\n"
                              "x = Conv2DTranspose(128, 2, strides=2)(x)\n"
                              "x = concatenate([Cropping2D(40)(c2), x], axis=-1)\n"
                              "x = Conv2D(128, 3, activation='relu')(x)\n"
                              "x = Conv2D(128, 3, activation='relu', name='u2')(x)\n"
                              "x = Conv2DTranspose(64, 2, strides=2)(x)\n"
                              "x = concatenate([Cropping2D(88)(c1), x], axis=-1)\n"
                              "x = Conv2D(64, 3, activation='relu')(x)\n"
                              "x = Conv2D(64, 3, activation='relu', name='u1')(x)\n"
                              "outputs = Conv2D(2, 1, name='out')(x)\n"
                              "model = Model(inputs=[inputs], outputs=[outputs])\n");
    static const struct {
        const char *layer, *output;
    } drawn[] = {{"c1b", "(None, 568, 568, 64)"}, {"c2b", "(None, 280, 280, 128)"},   {"c3b", "(None, 136, 136, 256)"},
                 {"c4b", "(None, 64, 64, 512)"},  {"bottom", "(None, 28, 28, 1024)"}, {"u4", "(None, 52, 52, 512)"},
                 {"u3", "(None, 100, 100, 256)"}, {"u2", "(None, 196, 196, 128)"},    {"out", "(None, 388, 388, 2)"}};
    cvs_model_totals totals;
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++)
        ck_assert_str_eq(output_of(&m, drawn[i].layer), drawn[i].output);
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.parameters.value, 31030658);
    ck_assert_int_eq(totals.macs.value, INT64_C(150428424448)); /* transposed layers: by the cells of their input */
    model_free(&m);
}
END_TEST

Suite *networks_suite(void) {
    Suite *suite = suite_create("networks");
    TCase *core = tcase_create("core");
    tcase_add_test(core, resnet_50);
    tcase_add_test(core, vgg_16);
    tcase_add_test(core, mobilenet_v2);
    tcase_add_test(core, efficientnet_b0);
    tcase_add_test(core, u_net);
    suite_add_tcase(suite, core);
    return suite;
}
