#include "layers.h"

#include <check.h>
#include <stdlib.h>

Suite *transposed_suite(void);

enum { LONGEST = 256 };

/* Scatter what each input contributes into the output; how many cells get nothing. */
static int64_t count_holes(const cvs_inference *inference) {
    const cvs_layer *layer = &inference->layer;
    int64_t i = inference->input.shape.dim[1], o = inference->output.shape.dim[1], holes = 0;
    bool hit[LONGEST] = {false};
    ck_assert_int_lt(o, LONGEST);
    for (int64_t x = 0; x < i; x++)
        for (int64_t t = 0; t < layer->kernel[0]; t++) {
            int64_t y = x * layer->stride[0] + t * layer->dilation[0] - layer->padding.before[0];
            if (y >= 0 && y < o) hit[y] = true;
        }
    for (int64_t y = 0; y < o; y++) holes += !hit[y];
    return holes;
}

static cvs_layer random_transposed(unsigned *seed, cvs_framework framework) {
    window w = {1 + rand_r(seed) % 5, 1 + rand_r(seed) % 4, 1 + rand_r(seed) % 3, rand_r(seed) % 2};
    bool keras = framework == CVS_KERAS;
    cvs_padding_mode mode = rand_r(seed) % 2 ? CVS_PAD_SAME : keras ? CVS_PAD_VALID : CVS_PAD_EXPLICIT;
    if (framework == CVS_PYTORCH) mode = CVS_PAD_EXPLICIT;
    if (keras && w.stride > 1) w.dilation = 1;
    cvs_layer layer = layer_of(CVS_OP_CONV_TRANSPOSE, 1, w, mode);
    layer.framework = framework;
    layer.has_output_padding = rand_r(seed) % 2;
    if (layer.has_output_padding) layer.output_padding[0] = rand_r(seed) % w.stride;
    return layer;
}

/* Of every framework: holes where scattering leaves them, and fixes that clear. */
START_TEST(as_scattered) {
    static const cvs_framework frameworks[] = {CVS_KERAS, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};
    static const char *const rules[] = {"CV023", "CV024", "CV051"};
    unsigned seed = 47;
    int reviewed = 0, fired[3] = {0}, fixed[3] = {0};
    for (int round = 0; round < 8000; round++) {
        cvs_layer layer = random_transposed(&seed, frameworks[round % 4]);
        cvs_shape input = SHAPE(1 + rand_r(&seed) % 9, 16);
        cvs_inference inference;
        if (cvs_infer(&layer, &input, NULL, &inference, NULL) != CVS_OK) continue;
        reviewed++;
        ck_assert_int_eq(look_for(&inference, "CV024").count, count_holes(&inference) > 0);
        for (int r = 0; r < 3; r++) {
            seen s = look_for(&inference, rules[r]);
            fired[r] += s.count;
            if (!s.count) continue;
            fixed[r] += s.has_fix;
            if (!s.has_fix) continue;
            cvs_inference repaired = infer(&s.found.layer, s.found.input);
            ck_assert_msg(look_for(&repaired, rules[r]).count == 0, "%s: its fix does not clear it", rules[r]);
        }
    }
    ck_assert_int_gt(reviewed, 5000);
    /* Where cropping leaves a cell or two, no smaller layer may be left to turn to. */
    for (int r = 0; r < 3; r++)
        ck_assert_msg(fixed[r] * 100 >= fired[r] * 98, "%s: %d of %d", rules[r], fixed[r], fired[r]);
    for (int r = 0; r < 3; r++) ck_assert_msg(fired[r] > 100, "%s fired %d times", rules[r], fired[r]);
}
END_TEST

/* keras issue 9883's layer without a defect: 3 wide, stride 2, `same`, no output padding. */
START_TEST(checkerboard_of_a_decoder) {
    cvs_layer layer = layer_of(CVS_OP_CONV_TRANSPOSE, 2, (window){3, 2, 1, 0}, CVS_PAD_SAME);
    layer.framework = CVS_KERAS;
    cvs_inference inference = infer(&layer, SHAPE(12, 12, 16));
    const expected board = {"CV023", "Along height and width the kernel of 3 is no multiple of the stride 2",
                            "a kernel of 4 instead of 3", -1, "/kernel"};
    check_finding(&board, &inference);
    layer.kernel[0] = layer.kernel[1] = 4;
    cvs_inference even = infer(&layer, SHAPE(12, 12, 16));
    ck_assert_int_eq(look_for(&even, "CV023").count, 0);
}
END_TEST

START_TEST(output_padding_beyond_the_kernel) {
    cvs_layer layer = layer_of(CVS_OP_CONV_TRANSPOSE, 1, (window){4, 2, 1, 0}, CVS_PAD_EXPLICIT);
    layer.has_output_padding = true;
    layer.output_padding[0] = 1;
    cvs_inference inference = infer(&layer, SHAPE(12, 16));
    const expected hole = {"CV024", "1 of 27 output positions gets no contribution", "Use no output padding", 0,
                           "/stride/0"};
    check_finding(&hole, &inference);
}
END_TEST

/* Too much of it is an error of cvs_infer(), named as the rule is. */
START_TEST(output_padding_range) {
    cvs_layer layer = layer_of(CVS_OP_CONV_TRANSPOSE, 1, (window){4, 2, 1, 0}, CVS_PAD_EXPLICIT);
    layer.framework = CVS_PYTORCH;
    layer.has_output_padding = true;
    layer.output_padding[0] = 2;
    cvs_shape input = SHAPE(12, 16);
    cvs_inference inference;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_infer(&layer, &input, NULL, &inference, &err), CVS_INVALID);
    ck_assert_ptr_eq(cvs_rule_find(err.code), cvs_rule_find("CV025"));
}
END_TEST

Suite *transposed_suite(void) {
    Suite *suite = suite_create("transposed");
    TCase *core = tcase_create("core");
    tcase_add_test(core, as_scattered);
    tcase_add_test(core, checkerboard_of_a_decoder);
    tcase_add_test(core, output_padding_beyond_the_kernel);
    tcase_add_test(core, output_padding_range);
    suite_add_tcase(suite, core);
    return suite;
}
