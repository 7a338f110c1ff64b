/* Named shapes, each plain and with a tail (odd and prime sizes), in both data formats, on every engine, by every
   algorithm: exactly the oracle's numbers on whole numbers, within the rounding bound on reals; within that of
   Winograd's method where it is chosen. Every method must be. */
#include "methods_seen.h"

#include <check.h>

Suite *shapes_suite(void);

static const sketch shapes[] = {
    {"1x1", 2, .channels = 16, .in = {8, 8}, .filters = 32, .kernel = {1, 1}},
    {"1x1 tail", 2, .batch = 3, .channels = 13, .in = {7, 11}, .filters = 17, .kernel = {1, 1}},
    {"1x1 strided", 2, .channels = 16, .in = {8, 8}, .filters = 16, .kernel = {1, 1}, .stride = {2, 2}},
    {"1x1 strided tail", 2, .batch = 3, .channels = 5, .in = {13, 11}, .filters = 7, .kernel = {1, 1},
     .stride = {3, 2}},
    {"1x1 padded", 2, .channels = 4, .in = {5, 5}, .filters = 8, .kernel = {1, 1}, .mode = CVS_PAD_EXPLICIT,
     .before = {1, 2}, .after = {2, 0}},
    {"1x1 grouped", 2, .channels = 12, .in = {6, 7}, .filters = 20, .kernel = {1, 1}, .groups = 4},
    {"1x1 on one cell, padded by 51", 2, .channels = 3, .in = {1, 1}, .filters = 2, .kernel = {1, 1},
     .mode = CVS_PAD_EXPLICIT, .before = {51, 51}, .after = {51, 51}},
    {"3x3", 2, .channels = 16, .in = {16, 16}, .filters = 32, .kernel = {3, 3}},
    {"3x3 same", 2, .channels = 8, .in = {14, 14}, .filters = 16, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"3x3 same tail", 2, .batch = 3, .channels = 7, .in = {13, 11}, .filters = 19, .kernel = {3, 3},
     .mode = CVS_PAD_SAME},
    {"3x3 strided", 2, .channels = 8, .in = {16, 16}, .filters = 16, .kernel = {3, 3}, .stride = {2, 2},
     .mode = CVS_PAD_SAME},
    {"3x3 strided tail", 2, .batch = 3, .channels = 5, .in = {17, 13}, .filters = 11, .kernel = {3, 3},
     .stride = {2, 3}, .mode = CVS_PAD_SAME_LOWER},
    {"3x3 dilated", 2, .channels = 8, .in = {16, 16}, .filters = 8, .kernel = {3, 3}, .dilation = {2, 2},
     .mode = CVS_PAD_SAME},
    {"3x3 dilated tail", 2, .batch = 3, .channels = 5, .in = {19, 17}, .filters = 7, .kernel = {3, 3},
     .dilation = {3, 5}, .mode = CVS_PAD_SAME},
    {"3x3 grouped", 2, .channels = 16, .in = {10, 10}, .filters = 32, .kernel = {3, 3}, .groups = 4,
     .mode = CVS_PAD_SAME},
    {"3x3 grouped tail", 2, .batch = 3, .channels = 15, .in = {7, 9}, .filters = 21, .kernel = {3, 3}, .groups = 3,
     .mode = CVS_PAD_SAME},
    {"depthwise", 2, .channels = 32, .in = {12, 12}, .filters = 32, .kernel = {3, 3}, .groups = 32,
     .mode = CVS_PAD_SAME},
    {"depthwise tail", 2, .batch = 3, .channels = 37, .in = {11, 7}, .filters = 37, .kernel = {3, 3}, .stride = {2, 1},
     .groups = 37, .mode = CVS_PAD_SAME},
    {"depthwise multiplier", 2, .batch = 2, .channels = 19, .in = {7, 9}, .filters = 57, .kernel = {5, 3}, .groups = 19,
     .mode = CVS_PAD_SAME},
    {"depthwise wide", 2, .batch = 2, .channels = 117, .in = {5, 13}, .filters = 117, .kernel = {3, 3}, .groups = 117,
     .mode = CVS_PAD_SAME},
    {"depthwise strided, dilated", 2, .channels = 35, .in = {9, 31}, .filters = 35, .kernel = {2, 3}, .stride = {1, 2},
     .dilation = {3, 2}, .groups = 35, .mode = CVS_PAD_SAME},
    {"depthwise kernel larger than the input", 2, .channels = 18, .in = {3, 4}, .filters = 18, .kernel = {5, 9},
     .groups = 18, .mode = CVS_PAD_SAME},
    {"depthwise reflect", 2, .channels = 21, .in = {6, 11}, .filters = 21, .kernel = {3, 5}, .groups = 21,
     .mode = CVS_PAD_EXPLICIT, .before = {2, 3}, .after = {1, 2}, .fill = CVS_FILL_REFLECT},
    {"depthwise multiplier, strided", 2, .channels = 23, .in = {7, 9}, .filters = 46, .kernel = {3, 3},
     .stride = {2, 2}, .groups = 23, .mode = CVS_PAD_SAME},
    {"4 filters a group", 2, .batch = 2, .channels = 36, .in = {5, 9}, .filters = 36, .kernel = {3, 3}, .groups = 9,
     .mode = CVS_PAD_SAME},
    {"3 channels, 5 filters a group", 2, .channels = 21, .in = {9, 11}, .filters = 35, .kernel = {3, 2},
     .dilation = {2, 3}, .groups = 7, .mode = CVS_PAD_SAME},
    {"8 channels, 2 filters a group", 2, .channels = 40, .in = {6, 7}, .filters = 10, .kernel = {3, 3}, .groups = 5,
     .mode = CVS_PAD_SAME},
    {"depthwise in several parts", 2, .channels = 20, .in = {41, 67}, .filters = 20, .kernel = {3, 3}, .groups = 20,
     .mode = CVS_PAD_SAME},
    {"asymmetric padding", 2, .channels = 8, .in = {9, 9}, .filters = 8, .kernel = {3, 3}, .mode = CVS_PAD_EXPLICIT,
     .before = {2, 0}, .after = {0, 1}},
    {"asymmetric padding tail", 2, .batch = 3, .channels = 3, .in = {11, 7}, .filters = 5, .kernel = {5, 4},
     .stride = {2, 3}, .mode = CVS_PAD_EXPLICIT, .before = {1, 3}, .after = {4, 0}},
    {"padding past the kernel", 2, .channels = 3, .in = {5, 4}, .filters = 4, .kernel = {3, 2},
     .mode = CVS_PAD_EXPLICIT, .before = {7, 4}, .after = {5, 6}},
    {"full", 2, .channels = 3, .in = {5, 7}, .filters = 5, .kernel = {3, 5}, .mode = CVS_PAD_FULL},
    {"kernel larger than the input", 2, .channels = 4, .in = {3, 2}, .filters = 6, .kernel = {7, 5},
     .mode = CVS_PAD_SAME},
    {"kernel of the whole input", 2, .channels = 8, .in = {7, 7}, .filters = 24, .kernel = {7, 7}},
    {"first layer", 2, .channels = 3, .in = {32, 32}, .filters = 16, .kernel = {7, 7}, .stride = {2, 2},
     .mode = CVS_PAD_EXPLICIT, .before = {3, 3}, .after = {3, 3}},
    {"Winograd tail", 2, .batch = 2, .channels = 33, .in = {13, 11}, .filters = 37, .kernel = {3, 3},
     .mode = CVS_PAD_SAME},
    {"Winograd of two lines", 2, .channels = 32, .in = {2, 31}, .filters = 35, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"1x7", 2, .channels = 8, .in = {9, 17}, .filters = 8, .kernel = {1, 7}, .mode = CVS_PAD_SAME},
    {"7x1", 2, .channels = 8, .in = {17, 9}, .filters = 8, .kernel = {7, 1}, .mode = CVS_PAD_SAME},
    {"one channel, one filter", 2, .channels = 1, .in = {9, 9}, .filters = 1, .kernel = {3, 3}},
    {"more channels than are summed at once", 2, .channels = 521, .in = {4, 5}, .filters = 19, .kernel = {3, 3}},
    {"1x1, many channels, many filters", 2, .channels = 1031, .in = {3, 5}, .filters = 67, .kernel = {1, 1}},
    {"more terms than a strip holds", 2, .channels = 61, .in = {9, 7}, .filters = 11, .kernel = {3, 3},
     .stride = {2, 2}, .mode = CVS_PAD_SAME},
    {"many terms", 2, .channels = 211, .in = {3, 3}, .filters = 3, .kernel = {3, 3}},
    {"1D", 1, .channels = 16, .in = {64}, .filters = 32, .kernel = {5}},
    {"1D tail", 1, .batch = 3, .channels = 11, .in = {53}, .filters = 13, .kernel = {5}, .mode = CVS_PAD_SAME},
    {"1D causal", 1, .channels = 8, .in = {32}, .filters = 16, .kernel = {2}, .dilation = {8}, .mode = CVS_PAD_CAUSAL},
    {"1D causal tail", 1, .batch = 3, .channels = 7, .in = {31}, .filters = 5, .kernel = {3}, .dilation = {5},
     .mode = CVS_PAD_CAUSAL},
    {"1D depthwise", 1, .batch = 3, .channels = 19, .in = {23}, .filters = 19, .kernel = {7}, .groups = 19,
     .mode = CVS_PAD_SAME},
    {"1D of one step", 1, .channels = 5, .in = {1}, .filters = 3, .kernel = {1}},
    {"3D", 3, .channels = 4, .in = {6, 6, 6}, .filters = 8, .kernel = {3, 3, 3}, .mode = CVS_PAD_SAME},
    {"3D tail", 3, .batch = 3, .channels = 3, .in = {5, 7, 4}, .filters = 5, .kernel = {2, 3, 4}, .stride = {2, 1, 1},
     .mode = CVS_PAD_SAME},
    {"3D dilated, asymmetric", 3, .batch = 2, .channels = 2, .in = {4, 5, 7}, .filters = 3, .kernel = {2, 2, 3},
     .dilation = {2, 1, 2}, .mode = CVS_PAD_EXPLICIT, .before = {2, 0, 1}, .after = {1, 1, 3}},
    {"3D depthwise", 3, .channels = 6, .in = {4, 5, 5}, .filters = 6, .kernel = {3, 3, 3}, .groups = 6,
     .mode = CVS_PAD_SAME},
    {"3D 1x1x1", 3, .batch = 3, .channels = 5, .in = {3, 4, 5}, .filters = 7, .kernel = {1, 1, 1}},
    {"several tiles", 2, .channels = 3, .in = {67, 61}, .filters = 5, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"reflect", 2, .channels = 4, .in = {8, 8}, .filters = 8, .kernel = {3, 3}, .mode = CVS_PAD_EXPLICIT,
     .before = {1, 1}, .after = {1, 1}, .fill = CVS_FILL_REFLECT},
    {"reflect tail", 2, .batch = 3, .channels = 3, .in = {7, 5}, .filters = 5, .kernel = {5, 3}, .stride = {1, 2},
     .mode = CVS_PAD_EXPLICIT, .before = {6, 4}, .after = {5, 3}, .fill = CVS_FILL_REFLECT},
    {"replicate", 2, .channels = 4, .in = {8, 8}, .filters = 8, .kernel = {3, 3}, .mode = CVS_PAD_EXPLICIT,
     .before = {1, 1}, .after = {1, 1}, .fill = CVS_FILL_REPLICATE},
    {"replicate tail", 3, .batch = 3, .channels = 2, .in = {3, 5, 4}, .filters = 3, .kernel = {2, 3, 2},
     .mode = CVS_PAD_EXPLICIT, .before = {4, 9, 1}, .after = {1, 2, 7}, .fill = CVS_FILL_REPLICATE},
    {"circular", 2, .channels = 4, .in = {8, 8}, .filters = 8, .kernel = {3, 3}, .mode = CVS_PAD_EXPLICIT,
     .before = {1, 1}, .after = {1, 1}, .fill = CVS_FILL_CIRCULAR},
    {"circular tail", 1, .batch = 3, .channels = 5, .in = {7}, .filters = 3, .kernel = {4}, .dilation = {3},
     .mode = CVS_PAD_EXPLICIT, .before = {7}, .after = {5}, .fill = CVS_FILL_CIRCULAR},
};

static const cvs_algorithm algorithms[] = {CVS_ALGORITHM_AUTO, CVS_ALGORITHM_DIRECT, CVS_ALGORITHM_IM2COL};

typedef struct kind_of_run {
    number_kind filling;
    cvs_activation_kind activation;
} kind_of_run;

static void run_shape(const engines *all, const sketch *shape, cvs_data_format format, kind_of_run kind,
                      methods_seen *seen) {
    trial t = trial_of(shape, CVS_CONVSCOPE, format, kind.filling);
    t.layer.activation.kind = t.inference.layer.activation.kind = kind.activation;
    trial_update(&t);
    for (int e = 0; e < all->count; e++)
        for (size_t a = 0; a < sizeof algorithms / sizeof *algorithms; a++)
            run_and_see(&t, all->engine[e], algorithms[a], all->name[e], seen);
    trial_free(&t);
}

static void run_shapes(kind_of_run kind) {
    engines all = engines_make();
    methods_seen seen = {0};
    for (size_t i = 0; i < 2 * sizeof shapes / sizeof *shapes; i++)
        run_shape(&all, &shapes[i / 2], (cvs_data_format)(i % 2), kind, &seen);
    assert_all_methods_seen(&seen);
    engines_free(&all);
}

START_TEST(whole_numbers_are_exact) { run_shapes((kind_of_run){WHOLE_NUMBERS, CVS_ACT_LINEAR}); }
END_TEST
/* The activation comes after the last term, however the sum is cut. */
START_TEST(sums_are_clamped_when_they_are_whole) { run_shapes((kind_of_run){WHOLE_NUMBERS, CVS_ACT_RELU}); }
END_TEST
START_TEST(reals_are_within_the_bound) { run_shapes((kind_of_run){REALS, CVS_ACT_LINEAR}); }
END_TEST

Suite *shapes_suite(void) {
    Suite *suite = suite_create("shapes");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, whole_numbers_are_exact);
    tcase_add_test(core, sums_are_clamped_when_they_are_whole);
    tcase_add_test(core, reals_are_within_the_bound);
    suite_add_tcase(suite, core);
    return suite;
}
