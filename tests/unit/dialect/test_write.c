#include "support.h"

#include <jansson.h>

Suite *write_suite(void);

typedef struct written {
    cvs_status status;
    cvs_text text;
    cvs_error err;
} written;

static written write_in(cvs_language language, const char *source, const cvs_shape *input, cvs_framework framework) {
    cvs_layer layer = read_layer(source);
    cvs_inference inference;
    written w = {0};
    ck_assert_msg(cvs_infer(&layer, input, NULL, &inference, &w.err) == CVS_OK, "%s: %s", source, w.err.message);
    w.status = cvs_dialect_write(&inference, framework, language, &w.text, &w.err);
    return w;
}

static written write_layer(const char *source, const cvs_shape *input, cvs_framework framework) {
    return write_in(CVS_ENGLISH, source, input, framework);
}

#define U CVS_DIM_UNKNOWN

/* Written by hand, as a user of the framework would. An axis of size 0 ends the shape. */
static const struct {
    const char *from;
    cvs_dim input[5];
    cvs_framework to;
    const char *text;
} lines[] = {
    {"Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', activation='relu', subsample_length=1)",
     {U, 300, 1},
     CVS_KERAS,
     "Conv1D(111, 5, activation='relu')"},
    {"Conv1D(111, 5, activation='relu')", {U, 300, 1}, CVS_PYTORCH, "nn.Conv1d(1, 111, 5)\nnn.ReLU()"},
    {"Conv1D(111, 5, activation='relu')", {U, 300, 1}, CVS_KERAS1, "Convolution1D(111, 5, activation='relu')"},
    {"Conv1D(111, 5, activation='relu')",
     {U, 300, 1},
     CVS_ONNX,
     "[{\"op_type\": \"Conv\", \"attributes\": {\"kernel_shape\": [5]}, \"weights_shape\": [111, 1, 5], \"bias\": "
     "true}, {\"op_type\": \"Relu\"}]"},
    {"Conv1D(111, 5, activation='relu')",
     {U, 300, 1},
     CVS_CONVSCOPE,
     "{\"op\": \"conv\", \"spatial_rank\": 1, \"in_channels\": 1, \"filters\": 111, \"kernel\": [5], \"stride\": [1], "
     "\"dilation\": [1], \"groups\": 1, \"padding\": {\"mode\": \"valid\", \"before\": [0], \"after\": [0]}, "
     "\"use_bias\": true, \"activation\": \"relu\", \"data_format\": \"channels_last\"}"},
    {"Conv1D(4, 3)",
     {U, 9, U},
     CVS_CONVSCOPE,
     "{\"op\": \"conv\", \"spatial_rank\": 1, \"in_channels\": null, \"filters\": 4, \"kernel\": [3], \"stride\": [1], "
     "\"dilation\": [1], \"groups\": 1, \"padding\": {\"mode\": \"valid\", \"before\": [0], \"after\": [0]}, "
     "\"use_bias\": true, \"activation\": \"linear\", \"data_format\": \"channels_last\"}"},
    {"Conv2D(40, (5, 5))", {U, 128, 128, 3}, CVS_PYTORCH, "nn.Conv2d(3, 40, 5)"},
    {"nn.Upsample(size=(10, 18))",
     {U, 3, 5, 6},
     CVS_ONNX,
     "{\"op_type\": \"Resize\", \"attributes\": {\"scales\": [1, 1, 2, 3]}}"},
    {"nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)",
     {U, 3, 5, 6},
     CVS_ONNX,
     "{\"op_type\": \"Resize\", \"attributes\": {\"scales\": [1, 1, 2, 2], \"mode\": \"linear\", "
     "\"coordinate_transformation_mode\": \"align_corners\"}}"},
    {"UpsamplingBilinear2d(size=(7, 9), mode=bilinear)",
     {U, 3, 5, 6},
     CVS_PYTORCH,
     "nn.Upsample(size=(7, 9), mode='bilinear', align_corners=True)"},
    {"adaptive_average_pool(spatial_rank=2, output_size=None)",
     {U, 5, 6, 3},
     CVS_PYTORCH,
     "nn.AdaptiveAvgPool2d((None, None))"},
    {"Conv2D(40, (5, 3), strides=(2, 1), use_bias=False)",
     {U, 128, 128, 3},
     CVS_PYTORCH,
     "nn.Conv2d(3, 40, (5, 3), stride=(2, 1), bias=False)"},
    {"Conv2D(40, (5, 3), strides=(2, 1))", {U, 128, 128, 3}, CVS_KERAS1, "Convolution2D(40, 5, 3, subsample=(2, 1))"},
    {"Conv2D(40, 5, strides=2)", {U, 128, 128, 3}, CVS_KERAS1, "Convolution2D(40, 5, 5, subsample=(2, 2))"},
    {"Conv2D(40, 5, dilation_rate=2)", {U, 99, 99, 3}, CVS_KERAS1, "AtrousConvolution2D(40, 5, 5, atrous_rate=(2, 2))"},
    {"Conv1D(40, 5, dilation_rate=2)", {U, 99, 3}, CVS_KERAS1, "AtrousConvolution1D(40, 5, atrous_rate=2)"},
    /* TensorFlow pads 224, k 7, s 2 by (2, 3): PyTorch needs a layer for it, last axis first. */
    {"Conv2D(64, 7, strides=2, padding='same')",
     {U, 224, 225, 3},
     CVS_PYTORCH,
     "nn.ZeroPad2d((3, 3, 2, 3))\nnn.Conv2d(3, 64, 7, stride=2)"},
    {"Conv1D(4, 3, padding='causal', dilation_rate=2)",
     {U, 10, 3},
     CVS_PYTORCH,
     "nn.ConstantPad1d((4, 0), 0)\nnn.Conv1d(3, 4, 3, dilation=2)"},
    {"Conv2D(4, 3, padding='same')", {U, 9, 9, 3}, CVS_PYTORCH, "nn.Conv2d(3, 4, 3, padding='same')"},
    {"nn.Conv2d(3, 64, 7, stride=2, padding=3)",
     {1, 3, 224, 224},
     CVS_KERAS,
     "ZeroPadding2D((3, 3), data_format='channels_first')\nConv2D(64, 7, strides=2, data_format='channels_first')"},
    {"nn.Conv2d(3, 64, 3, padding=1)",
     {1, 3, 9, 9},
     CVS_KERAS,
     "Conv2D(64, 3, padding='same', data_format='channels_first')"},
    {"nn.Conv2d(3, 64, 3, padding=1)",
     {1, 3, 9, 9},
     CVS_KERAS1,
     "Convolution2D(64, 3, 3, border_mode='same', dim_ordering='th')"},
    {"conv(kernel=[3], filters=2, padding={'before': 2, 'after': 0})",
     {1, 9, 3},
     CVS_KERAS,
     "Conv1D(2, 3, padding='causal')"},
    {"conv(kernel=[3], filters=2, padding={'before': 2, 'after': 0})",
     {1, 9, 3},
     CVS_KERAS1,
     "ZeroPadding1D((2, 0))\nConvolution1D(2, 3)"},
    {"conv(kernel=[3], filters=2, padding=2)", {1, 9, 3}, CVS_KERAS, "ZeroPadding1D(2)\nConv1D(2, 3)"},
    {"conv(kernel=[3], filters=2, padding=2)", {1, 9, 3}, CVS_KERAS1, "Convolution1D(2, 3, border_mode='full')"},
    {"conv(kernel=[3, 3], filters=2, padding={'before': [0, 1], 'after': [2, 3]})",
     {1, 9, 9, 3},
     CVS_KERAS,
     "ZeroPadding2D(((0, 2), (1, 3)))\nConv2D(2, 3)"},
    {"conv(kernel=[3, 3], filters=2, padding={'before': [0, 1], 'after': [2, 3]})",
     {1, 9, 9, 3},
     CVS_KERAS1,
     "ZeroPadding2D((0, 2, 1, 3))\nConvolution2D(2, 3, 3)"},
    {"conv(kernel=[3, 3, 3], filters=2, padding={'before': [0, 1, 2], 'after': [3, 4, 5], 'fill': 'replicate'})",
     {1, 9, 9, 9, 3},
     CVS_PYTORCH,
     "nn.ReplicationPad3d((2, 5, 1, 4, 0, 3))\nnn.Conv3d(3, 2, 3)"},
    {"nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect')",
     {1, 3, 9, 9},
     CVS_PYTORCH,
     "nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect')"},
    {"nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect')",
     {1, 3, 9, 9},
     CVS_ONNX,
     "[{\"op_type\": \"Pad\", \"attributes\": {\"pads\": [0, 0, 1, 1, 0, 0, 1, 1], \"mode\": \"reflect\"}}, "
     "{\"op_type\": \"Conv\", \"attributes\": {\"kernel_shape\": [3, 3]}, \"weights_shape\": [4, 3, 3, 3], "
     "\"bias\": true}]"},
    {"Conv2D(4, 3, padding='same', strides=2)",
     {1, 9, 9, 3},
     CVS_ONNX,
     "{\"op_type\": \"Conv\", \"attributes\": {\"kernel_shape\": [3, 3], \"strides\": [2, 2], \"auto_pad\": "
     "\"SAME_UPPER\"}, \"weights_shape\": [4, 3, 3, 3], \"bias\": true}"},
    {"Conv2D(4, 3, groups=2, use_bias=False)", {1, 9, 9, 4}, CVS_PYTORCH, "nn.Conv2d(4, 4, 3, groups=2, bias=False)"},
    {"Conv2D(4, 3)", {1, 9, 9, U}, CVS_PYTORCH, "nn.LazyConv2d(4, 3)"},
    {"Conv2D(4, 3, activation=LeakyReLU(0.1))", {1, 9, 9, 3}, CVS_KERAS, "Conv2D(4, 3)\nLeakyReLU(0.1)"},
    {"Conv2D(4, 3, activation=LeakyReLU(0.1))", {1, 9, 9, 3}, CVS_PYTORCH, "nn.Conv2d(3, 4, 3)\nnn.LeakyReLU(0.1)"},
    {"Conv2D(4, 3, activation='swish')", {1, 9, 9, 3}, CVS_PYTORCH, "nn.Conv2d(3, 4, 3)\nnn.SiLU()"},
    {"Conv2D(4, 3, activation='relu')", {1, 9, 9, 3}, CVS_FRAMEWORK_AUTO, "Conv2D(4, 3, activation='relu')"},
    {"nn.Dropout2d(0.3)", {1, 3, 9, 9}, CVS_KERAS, "SpatialDropout2D(0.3, data_format='channels_first')"},
    {"nn.Dropout2d(0.3)", {1, 3, 9, 9}, CVS_KERAS1, "SpatialDropout2D(0.3, dim_ordering='th')"},
    {"SpatialDropout1D(0.3)", {1, 9, 3}, CVS_PYTORCH, "nn.Dropout1d(p=0.3)"},
    {"SpatialDropout3D(0.3)", {1, 9, 9, 9, 3}, CVS_PYTORCH, "nn.Dropout3d(p=0.3)"},
    {"SpatialDropout2D(0.3)", {1, 9, 9, 3}, CVS_FRAMEWORK_AUTO, "SpatialDropout2D(0.3)"},
    {"SpatialDropout2D(0.3)",
     {1, 9, 9, 3},
     CVS_CONVSCOPE,
     "{\"op\": \"dropout\", \"rate\": 0.3, \"whole_maps\": true}"},
    {"Dropout(0.3)", {1, 9, 9, 3}, CVS_PYTORCH, "nn.Dropout(p=0.3)"},
    {"nn.Dropout(0.3)", {1, 3, 9, 9}, CVS_KERAS, "Dropout(0.3)"},
    {"nn.Dropout(0.3)", {1, 3, 9, 9}, CVS_CONVSCOPE, "{\"op\": \"dropout\", \"rate\": 0.3}"},
    /* Keras adds 1e-3 to the variance where it says nothing, the others 1e-5. */
    {"BatchNormalization(epsilon=1e-5)", {1, 9, 9, 3}, CVS_PYTORCH, "nn.BatchNorm2d(3)"},
    {"BatchNormalization()", {1, 9, 9, 3}, CVS_PYTORCH, "nn.BatchNorm2d(3, eps=0.001)"},
    {"BatchNormalization()", {1, 9, 9, 3}, CVS_KERAS1, "BatchNormalization()"},
    {"nn.GroupNorm(2, 4, eps=0.5)", {1, 4, 9}, CVS_PYTORCH, "nn.GroupNorm(2, 4, eps=0.5)"},
};

static cvs_shape shape_of(const cvs_dim *dims) {
    cvs_shape shape = {0};
    while (shape.rank < 5 && dims[shape.rank]) {
        shape.dim[shape.rank] = dims[shape.rank];
        shape.rank++;
    }
    return shape;
}

START_TEST(lines_as_a_user_would_write_them) {
    cvs_shape input = shape_of(lines[_i].input);
    written w = write_layer(lines[_i].from, &input, lines[_i].to);
    ck_assert_msg(w.status == CVS_OK, "%s: %s", lines[_i].from, w.err.message);
    ck_assert_str_eq(w.text.data, lines[_i].text);
    if (w.text.data[0] == '{' || w.text.data[0] == '[') {
        json_t *json = json_loads(w.text.data, 0, NULL);
        ck_assert_ptr_nonnull(json);
        json_decref(json);
    }
    cvs_text_free(&w.text);
}
END_TEST

static const struct {
    const char *from;
    cvs_dim input[5];
    cvs_framework to;
    const char *code, *message; /* part of it */
} refusals[] = {
    {"Conv2D(4, 3)", {1, 9, 9, 3}, CVS_TENSORFLOW, "framework-without-layers", "weight layout only"},
    {"Conv2D(4, 3, groups=2)", {1, 9, 9, 4}, CVS_KERAS1, "argument-unavailable", "no groups"},
    {"Conv3D(4, 3, dilation_rate=2)", {1, 9, 9, 9, 4}, CVS_KERAS1, "argument-unavailable", "no dilation"},
    {"SpatialDropout2D(0.3)", {1, 9, 9, 3}, CVS_ONNX, "argument-unavailable", "drops single numbers"},
    {"nn.Conv1d(3, 4, 3)", {1, 3, 9}, CVS_KERAS1, "argument-unavailable", "channels last only"},
    {"nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')",
     {1, 3, 9, 9},
     CVS_KERAS,
     "padding-fill-unavailable",
     "circular"},
    {"Conv2D(4, 3, padding='same', strides=2)", {1, U, 9, 3}, CVS_PYTORCH, "padding-depends-on-input", "input's size"},
    {"nn.Conv2d(3, 4, 3, stride=2, dilation=2)", {1, 3, 9, 9}, CVS_KERAS, "", "stride"},
    {"Conv2D(4, 3)", {1, 9, 9, U}, CVS_ONNX, "channels-unknown", "input channels"},
    {"Conv2D(4, 3, activation='exponential')", {1, 9, 9, 3}, CVS_PYTORCH, "activation-unavailable", "exponential"},
    {"Conv2D(4, 3, activation='hard_sigmoid')", {1, 9, 9, 3}, CVS_PYTORCH, "activation-unavailable", "hard_sigmoid"},
    {"Conv2D(4, 3, activation='relu6')", {1, 9, 9, 3}, CVS_KERAS1, "activation-unavailable", "relu6"},
    {"nn.Upsample(size=(10, 17))", {1, 3, 5, U}, CVS_ONNX, "scale-unknown", "No factor is known"},
    {"nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)",
     {1, 3, 5, 6},
     CVS_KERAS,
     "corners-unaligned",
     "corners aligned"},
    {"adaptive_max_pool(spatial_rank=1, output_size=[None])", {1, 9, 3}, CVS_PYTORCH, "size-missing", "one axis"},
    {"Conv2D(4, 3, activation='swish')", {1, 9, 9, 3}, CVS_ONNX, "activation-unavailable", "swish"},
    {"conv(kernel=[3, 3, 3], filters=2, padding={'before': 0, 'after': 2})",
     {1, 9, 9, 9, 3},
     CVS_KERAS1,
     "padding-uneven",
     "ZeroPadding3D"},
};

START_TEST(what_a_framework_cannot_say) {
    cvs_shape input = shape_of(refusals[_i].input);
    written w = write_layer(refusals[_i].from, &input, refusals[_i].to);
    ck_assert_msg(w.status == CVS_UNSUPPORTED, "%s: %s", refusals[_i].from, w.text.data);
    ck_assert_int_eq(w.err.status, CVS_UNSUPPORTED);
    if (refusals[_i].code[0]) ck_assert_str_eq(w.err.code, refusals[_i].code);
    ck_assert_msg(strstr(w.err.message, refusals[_i].message) != NULL, "%s", w.err.message);
    ck_assert_uint_eq(w.text.length, 0);
    cvs_text_free(&w.text);
}
END_TEST

static const struct {
    const char *from;
    cvs_dim input[5];
    cvs_framework to;
    const char *message;
} chinese[] = {
    {"Conv3D(4, 3, dilation_rate=2)", {1, 9, 9, 9, 4}, CVS_KERAS1, "Keras 1 的 Convolution3D 没有 dilation 这项设置。"},
    {"nn.ConvTranspose1d(4, 4, 3)", {1, 4, 9}, CVS_KERAS1, "Keras 1 没有这样的层（conv_transpose）。"},
    {"nn.Conv2d(4, 4, 3, stride=2, dilation=2)",
     {1, 4, 9, 9},
     CVS_KERAS,
     "在 Keras 的层里，步幅和膨胀率不能同时大于 1。"},
    {"Conv2D(4, 3, padding='same', strides=2)",
     {1, U, 9, 3},
     CVS_PYTORCH,
     "PyTorch 需要写明填充的数目，但在这样的步幅下，\"same\" 的填充取决于输入的大小，而输入的大小还不知道。"},
    /* A part that is written apart speaks the same language. */
    {"SeparableConv2D(4, 3, depth_multiplier=2)",
     {1, 9, 9, U},
     CVS_PYTORCH,
     "PyTorch 把深度卷积写成每个输入通道一组的分组卷积，而输入通道数还不知道。"},
};

START_TEST(reasons_in_chinese) {
    cvs_shape input = shape_of(chinese[_i].input);
    written w = write_in(CVS_CHINESE, chinese[_i].from, &input, chinese[_i].to);
    ck_assert_msg(w.status == CVS_UNSUPPORTED, "%s: %s", chinese[_i].from, w.text.data);
    ck_assert_str_eq(w.err.message, chinese[_i].message);
    cvs_text_free(&w.text);
}
END_TEST

/* Of several classes that lack the setting the plainest is named. */
START_TEST(the_plain_class_is_named) {
    const cvs_shape input = {.rank = 4, .dim = {1, 9, 9, 4}};
    written w = write_layer("Conv2D(4, 3, groups=2)", &input, CVS_KERAS1);
    ck_assert_str_eq(w.err.message, "Keras 1's Convolution2D has no groups.");
    cvs_text_free(&w.text);
}
END_TEST

START_TEST(text_is_appended) {
    cvs_layer layer = read_layer("Conv2D(4, 3)");
    const cvs_shape input = {.rank = 4, .dim = {1, 9, 9, 3}};
    cvs_inference inference;
    ck_assert_int_eq(cvs_infer(&layer, &input, NULL, &inference, NULL), CVS_OK);
    cvs_text text = {0};
    cvs_text_add(&text, "x = ");
    ck_assert_int_eq(cvs_dialect_write(&inference, CVS_KERAS, CVS_ENGLISH, &text, NULL), CVS_OK);
    ck_assert_str_eq(text.data, "x = Conv2D(4, 3)");
    cvs_text_free(&text);
}
END_TEST

START_TEST(a_failed_text_is_told) {
    cvs_layer layer = read_layer("Conv2D(4, 3)");
    const cvs_shape input = {.rank = 4, .dim = {1, 9, 9, 3}};
    cvs_inference inference;
    ck_assert_int_eq(cvs_infer(&layer, &input, NULL, &inference, NULL), CVS_OK);
    cvs_text text = {.failed = true};
    ck_assert_int_eq(cvs_dialect_write(&inference, CVS_KERAS, CVS_ENGLISH, &text, NULL), CVS_NO_MEMORY);
    cvs_text_free(&text);
}
END_TEST

Suite *write_suite(void) {
    Suite *suite = suite_create("write");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, lines_as_a_user_would_write_them, 0, sizeof lines / sizeof *lines);
    tcase_add_loop_test(core, what_a_framework_cannot_say, 0, sizeof refusals / sizeof *refusals);
    tcase_add_loop_test(core, reasons_in_chinese, 0, sizeof chinese / sizeof *chinese);
    tcase_add_test(core, the_plain_class_is_named);
    tcase_add_test(core, text_is_appended);
    tcase_add_test(limits, a_failed_text_is_told);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
