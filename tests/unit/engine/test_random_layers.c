/* Twenty thousand small layers of all operators but the plain convolution, drawn at random and held against their
   definitions, with arrays that end or begin at an unmapped page. */
#include "draw_layer.h"
#include "layer_trial.h"

#include <check.h>
#include <stdio.h>

Suite *random_layers_suite(void);

enum { LAYERS_OF_AN_OPERATOR = 1000 };

static bool is_drawn(cvs_op op) { return op != CVS_OP_CONV && op < CVS_OP_ADD; }

START_TEST(random_layers_agree_with_their_definition) {
    const cvs_op op = (cvs_op)_i;
    uint64_t state = 7000 + (uint64_t)_i;
    if (!is_drawn(op)) return;
    engines all = engines_make();
    for (int n = 0; n < LAYERS_OF_AN_OPERATOR; n++) {
        char name[64];
        snprintf(name, sizeof name, "layer %d", n);
        const cvs_inference inference = draw_inference(op, &state);
        const number_kind filling = random_in(&state, 0, 2) ? WHOLE_NUMBERS : REALS;
        layer_trial t = layer_trial_make(name, &inference, filling, next_random(&state));
        const int e = (int)random_in(&state, 0, all.count - 1);
        const run_how how = {all.engine[e], (cvs_algorithm)random_in(&state, 0, CVS_ALGORITHM_IM2COL),
                             (fence_side)random_in(&state, 0, 1), all.name[e]};
        layer_trial_run(&t, &how);
        layer_trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

START_TEST(twenty_thousand_in_all) {
    int operators = 0;
    for (cvs_op op = CVS_OP_CONV; op < CVS_OP_COUNT; op++) operators += is_drawn(op);
    fprintf(stderr, "%d random layers of %d operators\n", operators * LAYERS_OF_AN_OPERATOR, operators);
    ck_assert_int_ge(operators * LAYERS_OF_AN_OPERATOR, 20000);
}
END_TEST

Suite *random_layers_suite(void) {
    Suite *suite = suite_create("random_layers");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 120);
    tcase_add_loop_test(core, random_layers_agree_with_their_definition, 0, CVS_OP_COUNT);
    tcase_add_test(core, twenty_thousand_in_all);
    suite_add_tcase(suite, core);
    return suite;
}
