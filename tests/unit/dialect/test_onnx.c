#include "support.h"

Suite *onnx_suite(void);

#define NODE(attributes, more)  "{\"op_type\": \"Conv\", \"attributes\": {" attributes "}" more "}"
#define OTHER(type, attributes) "{\"op_type\": \"" type "\", \"attributes\": {" attributes "}}"
#define WEIGHTS                 ", \"weights_shape\": [8, 2, 3, 5]"

START_TEST(attributes) {
    cvs_layer layer = read_layer(NODE("\"kernel_shape\": [3, 5], \"strides\": [2, 1], \"dilations\": [1, 2], "
                                      "\"group\": 2, \"pads\": [1, 2, 3, 4]",
                                      WEIGHTS ", \"bias\": true, \"name\": \"conv1\""));
    ck_assert_int_eq(layer.framework, CVS_ONNX);
    ck_assert_int_eq(layer.filters, 8);
    ck_assert_int_eq(layer.in_channels, 4);
    check_ints(layer.kernel, 3, 5, 0);
    check_ints(layer.stride, 2, 1, 1);
    check_ints(layer.dilation, 1, 2, 1);
    check_ints(layer.padding.before, 1, 2, 0);
    check_ints(layer.padding.after, 3, 4, 0);
    ck_assert(layer.use_bias);
    ck_assert_int_eq(layer.data_format, CVS_CHANNELS_FIRST);
}
END_TEST

START_TEST(what_the_weights_imply) {
    cvs_layer layer = read_layer("{\"op_type\": \"Conv\"" WEIGHTS "}");
    ck_assert_int_eq(layer.spatial_rank, 2);
    check_ints(layer.kernel, 3, 5, 0);
    ck_assert(!layer.use_bias);
}
END_TEST

START_TEST(auto_pad) {
    static const struct {
        const char *text;
        cvs_padding_mode mode;
    } rows[] = {
        {NODE("\"auto_pad\": \"SAME_UPPER\"", WEIGHTS), CVS_PAD_SAME},
        {NODE("\"auto_pad\": \"SAME_LOWER\"", WEIGHTS), CVS_PAD_SAME_LOWER},
        {NODE("\"auto_pad\": \"VALID\", \"pads\": [0, 0, 0, 0]", WEIGHTS), CVS_PAD_VALID},
        {NODE("\"auto_pad\": \"NOTSET\"", WEIGHTS), CVS_PAD_VALID},
        {NODE("\"pads\": [0, 0, 0, 1], \"auto_pad\": \"NOTSET\"", WEIGHTS), CVS_PAD_EXPLICIT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_int_eq(read_layer(rows[i].text).padding.mode, rows[i].mode);
}
END_TEST

/* sizes is an input of Resize, as scales is. */
START_TEST(sizes_of_resize) {
    cvs_layer layer = read_layer("{\"op_type\": \"Resize\", \"attributes\": {\"sizes\": [7, 3, 10, 12], \"mode\": "
                                 "\"linear\", \"coordinate_transformation_mode\": \"align_corners\"}}");
    ck_assert(layer.has_output_size);
    check_ints(layer.output_size, 10, 12, 0);
    ck_assert_int_eq(layer.in_channels, 3);
    ck_assert(layer.align_corners);
    layer = read_layer("{\"op_type\": \"Resize\", \"attributes\": {\"scales\": [1, 1, 2], "
                       "\"coordinate_transformation_mode\": \"asymmetric\"}}");
    ck_assert(!layer.align_corners);
    ck_assert_str_eq(read_error("{\"op_type\": \"Resize\", \"attributes\": {\"sizes\": [1, 3, 9.5]}}").code,
                     "wrong-type");
}
END_TEST

/* Lists that are too short or too long have crashed other programs: all must be as long as there are axes. */
START_TEST(mistakes) {
    static const char *const rows[][3] = {
        {NODE("\"kernel_shape\": [3, 5]", ""), "missing-argument", ""},
        {NODE("\"kernel_shape\": [3, 5], \"strides\": [2]", WEIGHTS), "wrong-length", "/attributes/strides"},
        {NODE("\"kernel_shape\": [3, 5], \"dilations\": [1, 1, 1]", WEIGHTS), "wrong-length", "/attributes/dilations"},
        {NODE("\"kernel_shape\": [3, 5], \"pads\": [1, 1]", WEIGHTS), "wrong-length", "/attributes/pads"},
        {NODE("\"kernel_shape\": [3]", WEIGHTS), "wrong-length", "/weights_shape"},
        {NODE("\"kernel_shape\": [3, 3]", WEIGHTS), "kernel-mismatch", "/weights_shape/3"},
        {NODE("\"kernel_shape\": 3", WEIGHTS), "wrong-type", "/attributes/kernel_shape"},
        {NODE("\"kernel_shape\": [3, 5.0]", WEIGHTS), "wrong-type", "/attributes/kernel_shape/1"},
        {NODE("\"pads\": [0, 0, 0, -1]", WEIGHTS), "bad-hyperparameter", "/attributes/pads/3"},
        {NODE("\"strides\": [1, 0]", WEIGHTS), "bad-hyperparameter", "/attributes/strides/1"},
        {NODE("\"auto_pad\": \"SAME_UPPER\", \"pads\": [1, 1, 1, 1]", WEIGHTS), "pads-with-auto-pad",
         "/attributes/pads"},
        {NODE("\"auto_pad\": \"SAME\"", WEIGHTS), "unknown-word", "/attributes/auto_pad"},
        {NODE("\"group\": 3", WEIGHTS), "group-divides", "/attributes/group"},
        {NODE("\"group\": 0", WEIGHTS), "bad-hyperparameter", "/attributes/group"},
        {NODE("\"group\": 9223372036854775807", WEIGHTS), "bad-hyperparameter", "/attributes/group"},
        {NODE("", ", \"weights_shape\": [8, 0, 3, 5]"), "bad-hyperparameter", "/weights_shape/1"},
        {NODE("", ", \"weights_shape\": [8, 2, 3, 5, 7, 9]"), "bad-spatial-rank", ""},
        {NODE("", ", \"weights_shape\": [8]"), "missing-spatial-rank", ""},
        {NODE("\"stride\": [1, 1]", WEIGHTS), "unknown-argument", "/attributes/stride"},
        {NODE("", WEIGHTS ", \"kernel_shape\": [3, 5]"), "unknown-argument", "/kernel_shape"},
        {OTHER("Transpose", "\"perm\": [1, 0, 2]"), "batch-moved", "/attributes/perm/0"},
        {OTHER("Transpose", "\"perm\": [0, \"x\", 2]"), "wrong-type", "/attributes/perm/1"},
        {OTHER("Transpose", "\"perm\": []"), "too-many-axes", "/attributes/perm"},
        {OTHER("Pad", "\"pads\": [0, 1, 0, 0, 0, 1, 0, 0]"), "batch-or-channels-touched", "/attributes/pads"},
        {OTHER("Resize", "\"scales\": [2, 1, 2, 2]"), "batch-or-channels-touched", "/attributes/scales/0"},
        {OTHER("Resize", "\"scales\": [1, 1, \"x\", 2]"), "wrong-type", "/attributes/scales/2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvs_error err = read_error(rows[i][0]);
        ck_assert_msg(strcmp(err.code, rows[i][1]) == 0, "%s: %s: %s", rows[i][0], err.code, err.message);
        ck_assert_msg(strcmp(err.pointer, rows[i][2]) == 0, "%s: %s", rows[i][0], err.pointer);
        ck_assert_int_eq(err.offset, -1);
    }
}
END_TEST

Suite *onnx_suite(void) {
    Suite *suite = suite_create("onnx");
    TCase *core = tcase_create("core");
    tcase_add_test(core, attributes);
    tcase_add_test(core, what_the_weights_imply);
    tcase_add_test(core, auto_pad);
    tcase_add_test(core, sizes_of_resize);
    tcase_add_test(core, mistakes);
    suite_add_tcase(suite, core);
    return suite;
}
