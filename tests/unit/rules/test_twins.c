/* Per rule a layer that has the defect and its repaired twin: found in the first, silent in the second. */
#include "layers.h"

#include <check.h>
#include <string.h>

Suite *twins_suite(void);

/* A layer that has the defect, and the same repaired. */
typedef struct twin {
    expected expected;
    cvs_layer defect, repaired;
    cvs_shape defect_input, repaired_input;
} twin;

static void check_twin(const twin *t) {
    cvs_inference defect = infer(&t->defect, t->defect_input), repaired = infer(&t->repaired, t->repaired_input);
    check_finding(&t->expected, &defect);
    ck_assert_msg(look_for(&repaired, t->expected.rule).count == 0, "%s is still found", t->expected.rule);
    seen s = look_for(&defect, t->expected.rule);
    ck_assert(s.has_fix);
    cvs_inference fixed = infer(&s.found.layer, s.found.input);
    ck_assert_msg(look_for(&fixed, t->expected.rule).count == 0, "%s: its fix does not clear it", t->expected.rule);
}

static cvs_layer of_framework(cvs_layer layer, cvs_framework framework) {
    layer.framework = framework;
    return layer;
}

START_TEST(stride_rules) {
    const twin twins[] = {
        /* The shortcut of ResNet, and what ResNet-D makes of it: a quarter of the input is read. */
        {{"CV004", "112 of the 224 input positions are never read, so the layer reads only 25 %",
          "a kernel of 2 instead of 1", -1, "/stride"},
         conv(2, 1, 2, 1, CVS_PAD_VALID),
         conv(2, 2, 2, 1, CVS_PAD_VALID),
         SHAPE(224, 224, 64),
         SHAPE(224, 224, 64)},
        {{"CV004", "the 3 taps of the kernel stand 2 apart", "a dilation of 1 instead of 2", 0, "/stride/0"},
         conv(1, 3, 2, 2, CVS_PAD_VALID),
         conv(1, 3, 2, 1, CVS_PAD_VALID),
         SHAPE(50, 16),
         SHAPE(50, 16)},
        {{"CV004", "some of the 50 input positions", "a dilation of 1 instead of 2", 0, "/stride/0"},
         conv(1, 3, 3, 2, CVS_PAD_VALID),
         conv(1, 3, 3, 1, CVS_PAD_VALID),
         SHAPE(50, 16),
         SHAPE(50, 16)},
        {{"CV012", "1 of the 224 positions, at the end, is never read", "Pad 1 after instead of 0", -1, "/stride"},
         conv(2, 3, 2, 1, CVS_PAD_VALID),
         conv(2, 3, 2, 1, CVS_PAD_VALID),
         SHAPE(224, 224, 3),
         SHAPE(225, 225, 3)},
        {{"CV012", "2 of the 12 positions", "Feed 13 instead of 12", 1, "/stride/1"},
         of_framework(conv(2, 4, 3, 1, CVS_PAD_VALID), CVS_KERAS),
         conv(2, 4, 3, 1, CVS_PAD_VALID),
         SHAPE(13, 12, 8),
         SHAPE(13, 13, 8)},
    };
    check_twin(&twins[_i]);
}
END_TEST

START_TEST(padding_rules) {
    const twin twins[] = {
        {{"CV010", "pads 2 before and 3 after", "2 before and 3 after", -1, "/padding"},
         conv(2, 7, 2, 1, CVS_PAD_SAME),
         conv(2, 7, 2, 1, CVS_PAD_SAME),
         SHAPE(224, 224, 3),
         SHAPE(225, 225, 3)},
        {{"CV010", "gives the same size, but other values", "Feed 225 instead of 224", -1, "/padding"},
         of_framework(conv(2, 3, 2, 1, CVS_PAD_SAME), CVS_KERAS),
         conv(2, 3, 2, 1, CVS_PAD_SAME),
         SHAPE(224, 224, 3),
         SHAPE(23, 23, 3)},
        {{"CV011", "spans 2, an even number", "a kernel of 3 instead of 2", -1, "/kernel"},
         conv(2, 2, 1, 1, CVS_PAD_SAME),
         conv(2, 3, 1, 1, CVS_PAD_SAME),
         SHAPE(30, 30, 3),
         SHAPE(30, 30, 3)},
        {{"CV013", "1 of the 3 after is never used", "Feed 225 instead of 224", -1, "/padding"},
         padded(2, 7, 2, 3),
         padded(2, 7, 2, 3),
         SHAPE(224, 224, 3),
         SHAPE(225, 225, 3)},
        {{"CV013", "that after is not", "Feed 25 instead of 24", 1, "/padding"},
         padded(2, 3, 2, 1),
         padded(2, 3, 2, 1),
         SHAPE(23, 24, 3),
         SHAPE(23, 25, 3)},
        {{"CV014", "2 of 226 windows lie wholly in the padding", "Pad 0 before and 0 after instead of 1 and 1", -1,
          "/padding"},
         padded(2, 1, 1, 1),
         padded(2, 1, 1, 0),
         SHAPE(224, 224, 3),
         SHAPE(224, 224, 3)},
        {{"CV015", "20 of 36 output positions (55 %)", "at least 7 x 7", -1, "/padding"},
         conv(2, 3, 1, 1, CVS_PAD_SAME),
         conv(2, 3, 1, 1, CVS_PAD_SAME),
         SHAPE(6, 6, 16),
         SHAPE(7, 7, 16)},
    };
    check_twin(&twins[_i]);
}
END_TEST

START_TEST(kernel_rules) {
    const twin twins[] = {
        {{"CV016", "2 of the kernel's 3 taps (0, 2)", "a kernel of 1 with padding 0 before and 0 after", -1, "/kernel"},
         padded(2, 3, 1, 1),
         padded(2, 1, 1, 0),
         SHAPE(1, 1, 64),
         SHAPE(1, 1, 64)},
        {{"CV016", "of the 9 weights a filter has for each channel only 1 is ever used", "a kernel of 1", -1,
          "/kernel"},
         conv(2, 3, 1, 18, CVS_PAD_SAME),
         conv(2, 3, 1, 12, CVS_PAD_SAME),
         SHAPE(16, 16, 64),
         SHAPE(16, 16, 64)},
        {{"CV017", "read 2 separate grids", "a dilation of 1 instead of 2", 0, "/dilation/0"},
         conv(1, 3, 1, 2, CVS_PAD_VALID),
         conv(1, 3, 1, 1, CVS_PAD_VALID),
         SHAPE(50, 16),
         SHAPE(50, 16)},
        {{"CV044", "a stack of 3 layers", "Stack 3 layers", -1, "/kernel"},
         conv(2, 7, 1, 1, CVS_PAD_SAME),
         conv(2, 5, 1, 1, CVS_PAD_SAME),
         SHAPE(56, 56, 64),
         SHAPE(56, 56, 64)},
    };
    check_twin(&twins[_i]);
}
END_TEST

START_TEST(channel_rules) {
    cvs_layer first = conv(2, 3, 1, 1, CVS_PAD_SAME), first_1d = conv(1, 1, 1, 1, CVS_PAD_VALID);
    first.data_format = first_1d.data_format = CVS_CHANNELS_FIRST;
    cvs_layer aligned = conv(2, 3, 1, 1, CVS_PAD_VALID);
    const twin twins[] = {
        {{"CV006", "takes the axis of size 224 for the channels", "Use data_format channels_first", -1, "/data_format"},
         aligned,
         first,
         SHAPE(3, 224, 224),
         SHAPE(3, 224, 224)},
        {{"CV006", "of size 1, as in images", "Use data_format channels_last", -1, "/data_format"},
         first,
         aligned,
         SHAPE(28, 28, 1),
         SHAPE(28, 28, 1)},
        {{"CV007", "has length 1 and 300 channels", "from (1, 300) to (300, 1)", -1, ""},
         conv(1, 5, 1, 1, CVS_PAD_SAME),
         conv(1, 5, 1, 1, CVS_PAD_SAME),
         SHAPE(1, 300),
         SHAPE(300, 1)},
        {{"CV007", "has length 1 and 300 channels", "from (300, 1) to (1, 300)", -1, ""},
         first_1d,
         first_1d,
         SHAPE(300, 1),
         SHAPE(1, 300)},
        {{"CV052", "30 input channels and 16 filters", "32 input channels and 16 filters", -1, "/filters"},
         aligned,
         aligned,
         SHAPE(56, 56, 30),
         SHAPE(56, 56, 32)},
    };
    check_twin(&twins[_i]);
}
END_TEST

/* ---- transposed --------------------------------------------------------------------------- */

/* The output of a transposed convolution without padding: Dumoulin & Visin, relation 13. */
static cvs_inference spread(const cvs_layer *layer, int64_t i) {
    return made_1d(layer, i, (i - 1) * layer->stride[0] + layer->dilation[0] * (layer->kernel[0] - 1) + 1);
}

static void check_made(const char *rule, const char *message, const cvs_inference *defect,
                       const cvs_inference *repaired, const char *pointer, int axis) {
    expected e = {.rule = rule, .message = message, .fix = "", .axis = axis, .pointer = pointer};
    check_finding(&e, defect);
    ck_assert_msg(look_for(repaired, rule).count == 0, "%s is still found", rule);
}

START_TEST(transposed_rules) {
    cvs_layer k3 = transposed(3, 2, 1), k4 = transposed(4, 2, 1), k2 = transposed(2, 3, 1), k3s3 = transposed(3, 3, 1);
    cvs_inference uneven = spread(&k3, 12), even = spread(&k4, 12), holes = spread(&k2, 12), full = spread(&k3s3, 12);
    check_made("CV023", "the kernel of 3 is no multiple of the stride 2: neighbouring outputs get 1 or 2", &uneven,
               &even, "/kernel/0", 0);
    check_made("CV024", "11 of 35 output positions get no contribution", &holes, &full, "/stride/0", 0);
    cvs_layer d2 = transposed(4, 2, 2);
    cvs_inference gaps = spread(&d2, 12);
    check_made("CV024", "no contribution", &gaps, &even, "/stride/0", 0);
    cvs_inference single = spread(&k3, 1);
    ck_assert_int_eq(look_for(&single, "CV023").count, 0);
    cvs_inference output_padded = made_1d(&k4, 12, 27);
    check_made("CV024", "1 of 27 output positions gets no contribution", &output_padded, &even, "/stride/0", 0);
}
END_TEST

START_TEST(auto_pad_of_a_transposed_layer) {
    cvs_layer automatic = transposed(4, 2, 1), written = transposed(4, 2, 1);
    automatic.framework = written.framework = CVS_ONNX;
    automatic.padding.mode = CVS_PAD_SAME;
    automatic.padding.before[0] = automatic.padding.after[0] = 1;
    written.padding = automatic.padding;
    written.padding.mode = CVS_PAD_EXPLICIT;
    cvs_inference defect = made_1d(&automatic, 12, 24), repaired = made_1d(&written, 12, 24);
    check_made("CV051", "leaves its padding to auto_pad", &defect, &repaired, "/padding", -1);
    automatic.framework = CVS_KERAS;
    cvs_inference keras = made_1d(&automatic, 12, 24);
    ck_assert_int_eq(look_for(&keras, "CV051").count, 0);
}
END_TEST

/* Wang et al. 2018: (1, 2, 5) is good, (1, 2, 9) has gaps, (2, 2, 2) never leaves its grid. */
START_TEST(stacks_of_dilated_layers) {
    ck_assert(!cvs__stack_grids((int64_t[]){1, 2, 5}, 3, 3));
    ck_assert(cvs__stack_grids((int64_t[]){1, 2, 9}, 3, 3));
    ck_assert(cvs__stack_grids((int64_t[]){2, 2, 2}, 3, 3));
    ck_assert(cvs__stack_grids((int64_t[]){2, 4, 8}, 3, 3));
    ck_assert(!cvs__stack_grids((int64_t[]){1}, 3, 1));
    ck_assert(cvs__stack_grids((int64_t[]){3}, 3, 1));
    ck_assert(!cvs__stack_grids((int64_t[]){1, 3}, 3, 2));
    ck_assert(cvs__stack_grids((int64_t[]){1, 4}, 3, 2));
}
END_TEST

/* Rules that make a layer impossible are errors of cvs_infer(), and their codes name them. */
START_TEST(codes_of_errors_are_rules) {
    cvs_layer large = conv(1, 9, 1, 1, CVS_PAD_VALID), zero = conv(1, 0, 1, 1, CVS_PAD_VALID);
    cvs_layer groups = conv(1, 3, 1, 1, CVS_PAD_VALID), channels = groups, both = conv(1, 3, 2, 2, CVS_PAD_VALID);
    cvs_layer same = conv(1, 3, 2, 1, CVS_PAD_SAME), rank = conv(2, 3, 1, 1, CVS_PAD_VALID);
    groups.groups = 3;
    channels.in_channels = 5;
    both.framework = CVS_KERAS;
    same.framework = CVS_PYTORCH;
    const struct {
        const char *rule;
        const cvs_layer *layer;
    } cases[] = {{"CV001", &large}, {"CV002", &zero}, {"CV003", &groups}, {"CV005", &channels},
                 {"CV008", &both},  {"CV009", &same}, {"CV056", &rank}};
    for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
        cvs_shape input = SHAPE(8, 16);
        cvs_inference inference;
        cvs_error err = {0};
        ck_assert_int_eq(cvs_infer(cases[n].layer, &input, NULL, &inference, &err), CVS_INVALID);
        const cvs_rule *rule = cvs_rule_find(err.code);
        ck_assert_msg(rule && !strcmp(rule->id, cases[n].rule), "%s: %s", cases[n].rule, err.code);
        ck_assert_int_eq(rule->level, CVS_ERROR);
    }
}
END_TEST

Suite *twins_suite(void) {
    Suite *suite = suite_create("twins");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, stride_rules, 0, 5);
    tcase_add_loop_test(core, padding_rules, 0, 7);
    tcase_add_loop_test(core, kernel_rules, 0, 4);
    tcase_add_loop_test(core, channel_rules, 0, 5);
    tcase_add_test(core, transposed_rules);
    tcase_add_test(core, auto_pad_of_a_transposed_layer);
    tcase_add_test(core, stacks_of_dilated_layers);
    tcase_add_test(core, codes_of_errors_are_rules);
    suite_add_tcase(suite, core);
    return suite;
}
