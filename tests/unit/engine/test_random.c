/* Thousands of small layers drawn at random: every kernel, stride, dilation, padding, fill, group, format, engine and
   algorithm meets every other. Whole numbers: equality with the oracle. */
#include "draw_layer.h"
#include "trial.h"

#include <check.h>
#include <stdio.h>

Suite *random_suite(void);

enum { LAYERS_A_BATCH = 500, BATCHES = 6 };

START_TEST(random_layers_agree_with_the_oracle) {
    uint64_t state = 1000 + (uint64_t)_i;
    engines all = engines_make();
    for (int n = 0; n < LAYERS_A_BATCH; n++) {
        char name[64];
        snprintf(name, sizeof name, "batch %d, layer %d", _i, n);
        const cvs_inference layer = draw_conv(&state);
        trial t = trial_make(name, &layer.layer, &layer.input.shape, WHOLE_NUMBERS, next_random(&state));
        const int e = (int)random_in(&state, 0, all.count - 1);
        trial_run(&t, all.engine[e], (cvs_algorithm)random_in(&state, 0, 2), all.name[e]);
        trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

Suite *random_suite(void) {
    Suite *suite = suite_create("random");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 120);
    tcase_add_loop_test(core, random_layers_agree_with_the_oracle, 0, BATCHES);
    suite_add_tcase(suite, core);
    return suite;
}
