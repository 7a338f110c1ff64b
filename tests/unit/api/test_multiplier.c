/* A serialised separable layer may leave its multiplier out, as TensorFlow.js's does: the weights then tell it. */
#include "ask.h"

#include <check.h>
#include <stdio.h>

Suite *multiplier_suite(void);

#define UNSAID                                                                                                         \
    "'layer': {'class_name': 'SeparableConv2D', 'config': {'filters': 1, 'kernel_size': [1, 1], 'use_bias': false}}"
#define SAID                                                                                                           \
    "'layer': {'class_name': 'SeparableConv2D', 'config': {'filters': 1, 'kernel_size': [1, 1], 'use_bias': false, "   \
    "'depth_multiplier': 1}}"

/* One cell of 5: the depthwise kernels 1 and 10 make 5 and 50, the pointwise ones 2 and 3 sum 10 + 150. */
START_TEST(of_the_weights_given) {
    static const char *const weights[] = {
        "[{'shape': [1, 1, 1, 2], 'data': [1, 10]}, {'shape': [1, 1, 2, 1], 'data': [2, 3]}]",
        "[[[[[1, 10]]]], [[[[2], [3]]]]]",
        "{'depthwise_kernel': [[[[1, 10]]]], 'pointwise_kernel': [[[[2], [3]]]]}",
    };
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        char body[512];
        snprintf(body, sizeof body, "{" UNSAID ", 'input': [[[[5]]]], 'weights': %s}", weights[i]);
        json_t *answer = ask(api_convolve, 200, body);
        check_at(answer, "layer.multiplier", "2");
        check_at(answer, "output.data", "[160]");
        json_decref(answer);
    }
}
END_TEST

START_TEST(what_is_said_stands) {
    check_refused(api_convolve, 422, "/weights/0", "weights-shape-mismatch",
                  "{" SAID ", 'input': [[[[5]]]], 'weights': [[[[[1, 10]]]], [[[[2], [3]]]]]}");
    check_refused(api_convolve, 422, "/weights/0", "weights-shape-mismatch",
                  "{" UNSAID ", 'input': [[[[5]]]], 'weights': [[[[[1, 10]], [[1, 10]]]], [[[[2], [3]]]]]}");
    check_refused(api_convolve, 422, "/weights", "wrong-number-of-weights",
                  "{" UNSAID ", 'input': [[[[5]]]], 'weights': []}");
}
END_TEST

START_TEST(of_the_weights_seen) {
    json_t *answer =
        ask(api_shape, 200,
            "{" UNSAID ", 'input_shape': [null, 9, 9, 3], 'weights_shapes': [[1, 1, 3, 4], [1, 1, 12, 1]]}");
    check_at(answer, "layer.multiplier", "4");
    check_at(answer, "weights.1.shape", "[1, 1, 12, 1]");
    check_at(answer, "weights_seen.fits", "true");
    json_decref(answer);
    answer = ask(api_shape, 200,
                 "{" SAID ", 'input_shape': [null, 9, 9, 3], 'weights_shapes': [[1, 1, 3, 4], [1, 1, 12, 1]]}");
    check_at(answer, "layer.multiplier", "1");
    check_at(answer, "weights_seen.fits", "false");
    json_decref(answer);
}
END_TEST

Suite *multiplier_suite(void) {
    Suite *suite = suite_create("multiplier");
    TCase *core = tcase_create("core");
    tcase_add_test(core, of_the_weights_given);
    tcase_add_test(core, what_is_said_stands);
    tcase_add_test(core, of_the_weights_seen);
    suite_add_tcase(suite, core);
    return suite;
}
