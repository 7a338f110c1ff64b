/* POST /v1/convolve of other layers than convolutions: small ones worked by hand. */
#include "ask.h"

#include <check.h>
#include <stdio.h>

Suite *operators_suite(void);

static const struct {
    const char *body, *shape, *data;
} worked[] = {
    {"{'layer': 'nn.ConvTranspose2d(1, 1, 2, stride=2)', 'input': [[[[1, 2]]]], "
     "'weights': {'weight': [[[[1, 10], [100, 1000]]]], 'bias': [0.5]}}",
     "[1, 1, 2, 4]", "[1.5, 10.5, 2.5, 20.5, 100.5, 1000.5, 200.5, 2000.5]"},
    {"{'layer': 'DepthwiseConv2D(1, depth_multiplier=2)', 'input': [[[[1, 2]]]], "
     "'weights': [[[[[1, 2], [3, 4]]]], [0, 0, 0, 1]]}",
     "[1, 1, 1, 4]", "[1, 2, 6, 9]"},
    {"{'layer': 'SeparableConv1D(1, 1, depth_multiplier=2)', 'input': [[[1], [2]]], "
     "'weights': {'depthwise_kernel': [[[1, 10]]], 'pointwise_kernel': [[[2], [3]]], 'bias': [1]}}",
     "[1, 2, 1]", "[33, 65]"},
    {"{'layer': 'MaxPooling1D(2)', 'input': [[[1, 8], [3, 7], [5, 6], [7, 5], [9, 9]]]}", "[1, 2, 2]", "[3, 8, 7, 6]"},
    {"{'layer': 'nn.AvgPool1d(2, stride=2, padding=1)', 'input': [[[2, 4, 6]]]}", "[1, 1, 2]", "[1, 5]"},
    {"{'layer': 'AveragePooling1D(2, strides=1, padding=\\\"same\\\")', 'input': [[[2], [4], [6]]]}", "[1, 3, 1]",
     "[3, 5, 6]"},
    {"{'layer': 'GlobalAveragePooling2D()', 'input': [[[[1, 2], [3, 6]]]]}", "[1, 2]", "[2, 4]"},
    {"{'layer': 'nn.AdaptiveMaxPool1d(2)', 'input': [[[1, 2, 3]]]}", "[1, 1, 2]", "[2, 3]"},
    {"{'layer': 'nn.ReflectionPad1d(2)', 'input': [[[1, 2, 3]]]}", "[1, 1, 7]", "[3, 2, 1, 2, 3, 2, 1]"},
    {"{'layer': 'Cropping1D((1, 0))', 'input': [[[1], [2], [3]]]}", "[1, 2, 1]", "[2, 3]"},
    {"{'layer': 'UpSampling1D(2)', 'input': [[[1], [2]]]}", "[1, 4, 1]", "[1, 1, 2, 2]"},
    {"{'layer': 'nn.Upsample(scale_factor=2, mode=\\\"linear\\\")', 'input': [[[0, 4]]]}", "[1, 1, 4]", "[0, 1, 3, 4]"},
    {"{'layer': 'nn.Linear(2, 2)', 'input': [[1, 10]], 'weights': [[[1, 2], [3, 4]], [0.5, 0]]}", "[1, 2]",
     "[21.5, 43]"},
    {"{'layer': 'nn.BatchNorm1d(2, eps=0)', 'input': [[1, 10]], 'weights': [[1, 2], [0, 1], [0, 6], [1, 4]]}", "[1, 2]",
     "[1, 5]"},
    {"{'layer': 'nn.GroupNorm(1, 2, eps=0)', 'input': [[1, 3]], 'weights': [[1, 1], [0, 1]]}", "[1, 2]", "[-1, 2]"},
    {"{'layer': 'LayerNormalization(epsilon=0, scale=False, center=False)', 'input': [[[1, 3], [8, 4]]]}", "[1, 2, 2]",
     "[-1, 1, 1, -1]"},
    {"{'layer': 'nn.ReLU()', 'input': [[-1, 3]]}", "[1, 2]", "[0, 3]"},
    {"{'layer': 'Dropout(0.5)', 'input': [[-1, 3]]}", "[1, 2]", "[-1, 3]"},
    {"{'layer': 'Flatten()', 'input': [[[1, 2], [3, 4]]]}", "[1, 4]", "[1, 2, 3, 4]"},
    {"{'layer': 'Reshape((4, 1))', 'input': [[[1, 2], [3, 4]]]}", "[1, 4, 1]", "[1, 2, 3, 4]"},
    {"{'layer': 'Permute((2, 1))', 'input': [[[1, 2], [3, 4]]]}", "[1, 2, 2]", "[1, 3, 2, 4]"},
    {"{'layer': 'RepeatVector(2)', 'input': [[1, 2]]}", "[1, 2, 2]", "[1, 2, 1, 2]"},
};

START_TEST(worked_by_hand) {
    json_t *answer = ask(api_convolve, 200, worked[_i].body);
    check_at(answer, "output.shape", worked[_i].shape);
    check_at(answer, "output.data", worked[_i].data);
    json_decref(answer);
}
END_TEST

/* Random weights do for every layer: a variance among them is not negative. */
START_TEST(random_weights_of_every_layer) {
    static const char *const layers[] = {"'SeparableConv2D(4, 3)'", "'Conv2DTranspose(4, 3)'", "'Dense(7)'",
                                         "'BatchNormalization()'", "'LayerNormalization()'"};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        char body[256];
        (void)snprintf(body, sizeof body,
                       "{'layer': %s, 'input': {'shape': [2, 5, 5, 8], 'random': 1}, 'weights': {'random': 2}, "
                       "'filters': [0, 3]}",
                       layers[i]);
        json_t *answer = ask(api_convolve, 200, body);
        check_at(answer, "output.non_finite", "0");
        ck_assert_uint_eq(json_array_size(json_object_get(answer, "feature_maps")), 2);
        json_decref(answer);
    }
}
END_TEST

START_TEST(what_is_not_computed_says_so) {
    check_refused(api_convolve, 422, "/layer", "merge-inputs", "{'layer': 'Add()', 'input': [[1, 2]]}");
    check_refused(api_convolve, 422, "/trace", "trace-unsupported",
                  "{'layer': 'MaxPooling1D(2)', 'input': [[[1], [2]]], 'trace': {'cell': [0]}}");
    check_refused(api_convolve, 422, "/layer/attributes/mode", "coordinates-unknown",
                  "{'layer': {'op_type': 'Resize', 'attributes': {'scales': [1, 1, 2], 'mode': 'linear'}}, "
                  "'input': [[[1, 2]]]}");
}
END_TEST

/* A pool has no multiplications that could be counted; what it reads is. */
START_TEST(a_pool_that_reads_too_much_is_refused) {
    check_refused(api_convolve, 413, "", "too-many-macs",
                  "{'layer': 'MaxPooling2D(2000, strides=1, padding=\\\"same\\\")', "
                  "'input': {'shape': [1, 2000, 2000, 1], 'random': 1}}");
}
END_TEST

Suite *operators_suite(void) {
    Suite *suite = suite_create("operators");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, worked_by_hand, 0, sizeof worked / sizeof *worked);
    tcase_add_test(core, random_weights_of_every_layer);
    tcase_add_test(limits, what_is_not_computed_says_so);
    tcase_add_test(limits, a_pool_that_reads_too_much_is_refused);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
