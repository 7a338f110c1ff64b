/* NaN and infinity go where the plain sum takes them, by every algorithm: in the weights they meet the zeros of the
   padding as well. */
#include "methods_seen.h"

#include <check.h>
#include <math.h>

Suite *values_suite(void);

static const float strange[] = {NAN, INFINITY, -INFINITY};

static const sketch sketches[] = {
    {"3x3 same", 2, .channels = 4, .in = {7, 9}, .filters = 6, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"1x1", 2, .channels = 8, .in = {5, 5}, .filters = 8, .kernel = {1, 1}},
    {"3x3 strided, padded", 2, .channels = 3, .in = {7, 8}, .filters = 4, .kernel = {3, 3}, .stride = {2, 3},
     .mode = CVS_PAD_EXPLICIT, .before = {3, 2}, .after = {1, 4}},
    {"depthwise", 2, .channels = 20, .in = {5, 6}, .filters = 20, .kernel = {3, 3}, .groups = 20, .mode = CVS_PAD_SAME},
    {"grouped", 2, .channels = 12, .in = {5, 6}, .filters = 9, .kernel = {3, 3}, .groups = 3, .mode = CVS_PAD_SAME},
    {"1D causal", 1, .batch = 2, .channels = 5, .in = {19}, .filters = 7, .kernel = {3}, .dilation = {4},
     .mode = CVS_PAD_CAUSAL},
    {"reflect", 2, .channels = 3, .in = {6, 5}, .filters = 4, .kernel = {3, 3}, .mode = CVS_PAD_EXPLICIT,
     .before = {2, 1}, .after = {1, 3}, .fill = CVS_FILL_REFLECT},
    {"depthwise of two filters", 2, .channels = 9, .in = {5, 6}, .filters = 18, .kernel = {3, 3}, .groups = 9,
     .mode = CVS_PAD_SAME},
    {"3D depthwise", 3, .channels = 5, .in = {3, 4, 5}, .filters = 5, .kernel = {3, 2, 3}, .groups = 5,
     .mode = CVS_PAD_SAME},
    {"many filters", 2, .batch = 2, .channels = 9, .in = {7, 6}, .filters = 21, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"many filters and cells", 2, .channels = 5, .in = {17, 19}, .filters = 18, .kernel = {1, 1}},
    {"tiny", 1, .channels = 2, .in = {7}, .filters = 3, .kernel = {3}, .mode = CVS_PAD_SAME},
    {"Winograd", 2, .channels = 32, .in = {7, 8}, .filters = 35, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"Winograd of two lines", 2, .channels = 32, .in = {2, 25}, .filters = 32, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
};

static void run_everywhere(const engines *all, trial *t, methods_seen *seen) {
    trial_update(t);
    for (int e = 0; e < all->count; e++)
        for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_IM2COL; a++)
            run_and_see(t, all->engine[e], a, all->name[e], seen);
}

/* Put each strange value at a few places of `data` in turn. */
static void sow(const engines *all, trial *t, float *data, int64_t count, methods_seen *seen) {
    for (size_t s = 0; s < sizeof strange / sizeof *strange; s++) {
        for (int64_t at = 0; at < count; at += count / 3 + 1) {
            const float before = data[at];
            data[at] = strange[s];
            run_everywhere(all, t, seen);
            data[at] = before;
        }
    }
}

static void sow_everywhere(cvs_activation_kind activation) {
    engines all = engines_make();
    methods_seen input = {0}, kernel = {0}, bias = {0}; /* kernels that are not finite are not for Winograd's method */
    for (size_t i = 0; i < 2 * sizeof sketches / sizeof *sketches; i++) {
        trial t = trial_of(&sketches[i / 2], CVS_CONVSCOPE, (cvs_data_format)(i % 2), WHOLE_NUMBERS);
        t.layer.activation.kind = t.inference.layer.activation.kind = activation;
        sow(&all, &t, t.input, t.input_count, &input);
        sow(&all, &t, t.kernel, t.kernel_count, &kernel);
        sow(&all, &t, t.bias, t.layer.filters, &bias);
        trial_free(&t);
    }
    assert_all_methods_seen(&input);
    assert_all_methods_seen(&bias);
    engines_free(&all);
}

START_TEST(linear) { sow_everywhere(CVS_ACT_LINEAR); }
END_TEST
START_TEST(relu) { sow_everywhere(CVS_ACT_RELU); }
END_TEST

Suite *values_suite(void) {
    Suite *suite = suite_create("values");
    TCase *limits = tcase_create("limits");
    tcase_set_timeout(limits, 60);
    tcase_add_test(limits, linear);
    tcase_add_test(limits, relu);
    suite_add_tcase(suite, limits);
    return suite;
}
