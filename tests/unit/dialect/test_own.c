#include "support.h"

#include <stdio.h>

Suite *own_suite(void);

START_TEST(every_member) {
    cvs_layer layer = read_layer(
        "{\"op\": \"conv\", \"spatial_rank\": 2, \"in_channels\": 4, \"filters\": 6, \"kernel\": [3, 5], \"stride\": "
        "[2, 1], \"dilation\": [1, 2], \"groups\": 2, \"padding\": {\"mode\": \"explicit\", \"before\": [1, 2], "
        "\"after\": [0, 3], \"fill\": \"replicate\"}, \"use_bias\": false, \"activation\": {\"name\": \"leaky_relu\", "
        "\"alpha\": 0.5}, \"data_format\": \"channels_first\"}");
    ck_assert_int_eq(layer.framework, CVS_CONVSCOPE);
    ck_assert_int_eq(layer.in_channels, 4);
    ck_assert_int_eq(layer.filters, 6);
    check_ints(layer.kernel, 3, 5, 0);
    check_ints(layer.stride, 2, 1, 1);
    check_ints(layer.dilation, 1, 2, 1);
    ck_assert_int_eq(layer.groups, 2);
    check_ints(layer.padding.before, 1, 2, 0);
    check_ints(layer.padding.after, 0, 3, 0);
    ck_assert_int_eq(layer.padding.fill, CVS_FILL_REPLICATE);
    ck_assert(!layer.use_bias);
    ck_assert_int_eq(layer.activation.kind, CVS_ACT_LEAKY_RELU);
    ck_assert_float_eq(layer.activation.alpha, 0.5F);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_FIRST);
}
END_TEST

static const struct {
    const char *written;
    cvs_padding_mode mode;
    int before[2], after[2];
} paddings[] = {
    {"\"same\"", CVS_PAD_SAME, {0, 0}, {0, 0}},
    {"\"full\"", CVS_PAD_FULL, {0, 0}, {0, 0}},
    {"2", CVS_PAD_EXPLICIT, {2, 2}, {2, 2}},
    {"[1, 2]", CVS_PAD_EXPLICIT, {1, 2}, {1, 2}},
    {"0", CVS_PAD_VALID, {0, 0}, {0, 0}},
    {"{\"before\": 1, \"after\": [2, 3]}", CVS_PAD_EXPLICIT, {1, 1}, {2, 3}},
    {"{\"after\": [2, 3], \"mode\": \"explicit\"}", CVS_PAD_EXPLICIT, {0, 0}, {2, 3}},
    {"{\"mode\": \"same\", \"before\": [null, 1], \"after\": [null, 1]}", CVS_PAD_SAME, {0, 0}, {0, 0}},
    {"{\"mode\": \"same_lower\"}", CVS_PAD_SAME_LOWER, {0, 0}, {0, 0}},
};

START_TEST(padding) {
    char text[200];
    snprintf(text, sizeof text, "{\"op\": \"conv\", \"filters\": 1, \"kernel\": [3, 3], \"padding\": %s}",
             paddings[_i].written);
    cvs_layer layer = read_layer(text);
    ck_assert_int_eq(layer.padding.mode, paddings[_i].mode);
    check_ints(layer.padding.before, paddings[_i].before[0], paddings[_i].before[1], 0);
    check_ints(layer.padding.after, paddings[_i].after[0], paddings[_i].after[1], 0);
}
END_TEST

START_TEST(spatial_rank) {
    ck_assert_int_eq(read_layer("{\"op\": \"conv\", \"filters\": 1, \"kernel\": 3, \"spatial_rank\": 3}").spatial_rank,
                     3);
    ck_assert_int_eq(read_layer("{\"op\": \"conv\", \"filters\": 1, \"kernel\": 3, \"stride\": [1]}").spatial_rank, 1);
    ck_assert_int_eq(read_layer("conv(kernel=[3, 3], filters=16)").spatial_rank, 2);
}
END_TEST

START_TEST(mistakes) {
    static const char *const rows[][3] = {
        {"\"kernel\": 3", "missing-spatial-rank", ""},
        {"\"kernel\": 3, \"spatial_rank\": 4", "bad-spatial-rank", "/spatial_rank"},
        {"\"kernel\": [1, 1, 1, 1]", "bad-spatial-rank", ""},
        {"\"kernel\": [3, 3], \"spatial_rank\": 1", "wrong-length", "/kernel"},
        {"\"kernel\": [3, 3], \"strides\": 2", "unknown-argument", "/strides"},
        {"\"kernel\": [3, 3], \"padding\": {\"mode\": \"sam\"}", "unknown-word", "/padding/mode"},
        {"\"kernel\": [3, 3], \"padding\": {\"mod\": \"same\"}", "unknown-argument", "/padding/mod"},
        {"\"kernel\": [3, 3], \"padding\": {\"before\": [1, -1]}", "bad-hyperparameter", "/padding/before/1"},
        {"\"kernel\": [3, 3], \"padding\": {\"before\": [1, null]}", "wrong-type", "/padding/before/1"},
        {"\"kernel\": [3, 3], \"padding\": \"causal\"", "causal-not-1d", "/padding"},
        {"\"kernel\": [3, 3], \"activation\": {\"name\": \"elu\", \"gamma\": 1}", "unknown-argument",
         "/activation/gamma"},
        {"\"kernel\": [3, 3], \"activation\": {\"name\": \"elu\", \"alpha\": true}", "wrong-type", "/activation/alpha"},
        {"\"kernel\": [3, 3], \"use_bias\": 1", "wrong-type", "/use_bias"},
        {"\"kernel\": [3, 3], \"in_channels\": -1", "bad-hyperparameter", "/in_channels"},
        {"\"kernel\": [3, true]", "wrong-type", "/kernel/1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200];
        snprintf(text, sizeof text, "{\"op\": \"conv\", \"filters\": 1, %s}", rows[i][0]);
        cvs_error err = read_error(text);
        ck_assert_msg(strcmp(err.code, rows[i][1]) == 0, "%s: %s: %s", text, err.code, err.message);
        ck_assert_msg(strcmp(err.pointer, rows[i][2]) == 0, "%s: %s", text, err.pointer);
    }
}
END_TEST

/* An answer's layer goes back into a request together with its framework. */
START_TEST(with_a_framework_s_semantics) {
    cvs_layer layer = read_layer_as("{\"op\": \"conv\", \"filters\": 1, \"kernel\": [3]}", CVS_KERAS1);
    ck_assert_int_eq(layer.framework, CVS_KERAS1);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_LAST);
    layer = read_layer_as("{\"op\": \"conv\", \"filters\": 1, \"kernel\": [3]}", CVS_PYTORCH);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_FIRST);
    ck_assert(layer.use_bias);
}
END_TEST

Suite *own_suite(void) {
    Suite *suite = suite_create("own");
    TCase *core = tcase_create("core");
    tcase_add_test(core, every_member);
    tcase_add_loop_test(core, padding, 0, sizeof paddings / sizeof *paddings);
    tcase_add_test(core, spatial_rank);
    tcase_add_test(core, mistakes);
    tcase_add_test(core, with_a_framework_s_semantics);
    suite_add_tcase(suite, core);
    return suite;
}
