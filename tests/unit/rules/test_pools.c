#include "layers.h"

#include <check.h>
#include <stdlib.h>

Suite *pools_suite(void);

static cvs_layer pool(cvs_framework framework, int64_t kernel, int64_t stride, int64_t padding, bool ceil_mode) {
    cvs_layer layer = layer_of(CVS_OP_MAX_POOL, 1, (window){kernel, stride, 1, padding}, CVS_PAD_EXPLICIT);
    layer.framework = framework;
    layer.ceil_mode = ceil_mode;
    layer.ceil_keeps_last = framework == CVS_ONNX;
    return layer;
}

static void check_fix(const cvs_inference *inference, const char *rule) {
    seen s = look_for(inference, rule);
    ck_assert_msg(s.has_fix, "%s has no fix", rule);
    cvs_inference repaired = infer(&s.found.layer, s.found.input);
    ck_assert_msg(look_for(&repaired, rule).count == 0, "%s: its fix does not clear it", rule);
}

/* i = 2, k = 2, s = 3, p = 1: rounded up there are 2 windows, the last one at 3 = i + p, behind the input. With i = 3
   it starts on the last input. */
START_TEST(ceil_mode) {
    cvs_layer torch = pool(CVS_PYTORCH, 2, 3, 1, true), onnx = pool(CVS_ONNX, 2, 3, 1, true);
    cvs_layer off = pool(CVS_PYTORCH, 2, 3, 1, false);
    const expected ceil = {"CV050", "PyTorch drops it and gives 1, the formula of ONNX keeps it and gives 2",
                           "Turn ceil_mode off", 0, "/ceil_mode"};
    cvs_inference dropped = infer(&torch, SHAPE(2, 16)), kept = infer(&onnx, SHAPE(2, 16));
    ck_assert_int_eq(dropped.output.shape.dim[1], 1);
    ck_assert_int_eq(kept.output.shape.dim[1], 2);
    check_finding(&ceil, &dropped);
    check_finding(&ceil, &kept);
    check_fix(&dropped, "CV050");
    cvs_inference within = infer(&torch, SHAPE(3, 16)), floored = infer(&off, SHAPE(2, 16));
    ck_assert_int_eq(look_for(&within, "CV050").count, 0);
    ck_assert_int_eq(look_for(&floored, "CV050").count, 0);
}
END_TEST

START_TEST(a_window_without_input) {
    cvs_layer onnx = pool(CVS_ONNX, 2, 3, 1, true);
    cvs_inference kept = infer(&onnx, SHAPE(2, 16));
    const expected empty = {"CV014", "1 of 2 pooling windows lies wholly in the padding", "Turn ceil_mode off", 0,
                            "/padding"};
    check_finding(&empty, &kept);
    check_fix(&kept, "CV014");
}
END_TEST

/* Rounded up, every cell is read; rounded down, the last ones are not. */
START_TEST(ceil_mode_reads_all) {
    cvs_layer floored = pool(CVS_PYTORCH, 3, 2, 0, false), rounded = pool(CVS_PYTORCH, 3, 2, 0, true);
    cvs_inference down = infer(&floored, SHAPE(112, 16)), up = infer(&rounded, SHAPE(112, 16));
    const expected dropped = {"CV012", "1 of the 112 positions, at the end, is never read", "Feed 113 instead of 112",
                              0, "/stride/0"};
    check_finding(&dropped, &down);
    ck_assert_int_eq(look_for(&up, "CV012").count, 0);
}
END_TEST

START_TEST(no_weights_to_waste) {
    cvs_layer layer = pool(CVS_CONVSCOPE, 3, 1, 1, false);
    cvs_inference tiny = infer(&layer, SHAPE(1, 16));
    ck_assert_int_eq(look_for(&tiny, "CV016").count, 0);
    ck_assert_int_eq(look_for(&tiny, "CV015").count, 0);
    layer.op = CVS_OP_AVERAGE_POOL;
    cvs_inference without = infer(&layer, SHAPE(1, 16));
    layer.count_include_pad = true;
    cvs_inference with = infer(&layer, SHAPE(1, 16));
    ck_assert_int_eq(look_for(&without, "CV015").count, 0);
    ck_assert_int_eq(look_for(&with, "CV015").count, 1);
}
END_TEST

/* Count what windows reach, one by one. */
static void count(const cvs_inference *inference, int64_t *tail, int64_t *empty) {
    const cvs_layer *layer = &inference->layer;
    int64_t i = inference->input.shape.dim[1], end = 0;
    *empty = 0;
    for (int64_t m = 0; m < inference->output.shape.dim[1]; m++) {
        int64_t start = m * layer->stride[0] - layer->padding.before[0], cells = 0;
        end = start + layer->dilation[0] * (layer->kernel[0] - 1) + 1;
        for (int64_t p = start; p < end; p++) cells += p >= 0 && p < i;
        *empty += cells == 0;
    }
    *tail = end < i ? i - end : 0;
}

START_TEST(pools_as_counted) {
    static const cvs_framework frameworks[] = {CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};
    static const char *const rules[] = {"CV004", "CV012", "CV013", "CV014", "CV050"};
    unsigned seed = 43;
    int fired[5] = {0};
    for (int round = 0; round < 6000; round++) {
        int64_t kernel = 1 + rand_r(&seed) % 5, padding = rand_r(&seed) % (kernel / 2 + 1), tail = 0, empty = 0;
        cvs_layer layer =
            pool(frameworks[round % 3], kernel, 1 + rand_r(&seed) % 6, padding, (bool)(rand_r(&seed) % 2));
        cvs_inference inference = infer(&layer, SHAPE(kernel + rand_r(&seed) % 12, 16));
        count(&inference, &tail, &empty);
        ck_assert_int_eq(look_for(&inference, "CV012").count, tail > 0 && layer.stride[0] <= kernel);
        ck_assert_int_eq(look_for(&inference, "CV014").count, empty > 0);
        for (int r = 0; r < 5; r++) {
            if (!look_for(&inference, rules[r]).count) continue;
            fired[r]++;
            check_fix(&inference, rules[r]);
        }
    }
    for (int r = 0; r < 5; r++) ck_assert_msg(fired[r] > 20, "%s fired %d times", rules[r], fired[r]);
}
END_TEST

Suite *pools_suite(void) {
    Suite *suite = suite_create("pools");
    TCase *core = tcase_create("core");
    tcase_add_test(core, ceil_mode);
    tcase_add_test(core, a_window_without_input);
    tcase_add_test(core, ceil_mode_reads_all);
    tcase_add_test(core, no_weights_to_waste);
    tcase_add_test(core, pools_as_counted);
    suite_add_tcase(suite, core);
    return suite;
}
