/*
 * Generated layers of every operator, written in every framework and read back: the same layer on the same input, or
 * several that make of it the same output. What is refused the framework cannot express.
 */
#include "refusals.h"
#include "roll.h"
#include "round_trip.h"

#include <stdio.h>

Suite *round_trip_suite(void);

/* Of each operator; convolutions have the most settings. */
enum { LAYERS = 300, CONVOLUTIONS = 1000 };
_Static_assert(2 * CONVOLUTIONS + (CVS_OP_COUNT - 2) * LAYERS >= 5000, "fewer layers than were promised");

/* How often a layer of an operator came back, and how. */
typedef struct tally {
    int made, single, several, refused;
} tally;

/* ---- layers on inputs ---- */

static cvs_status infer_rolled(dice *d, cvs_op op, cvs_inference *out, cvs_error *err) {
    if (op < CVS_OP_DENSE) {
        cvs_layer layer = roll_layer(d, op);
        cvs_shape input = roll_input(d, &layer);
        return cvs_infer(&layer, &input, NULL, out, err);
    }
    const cvs_shape input = roll_tensor(d, op), inputs[ROUND_TRIP_INPUTS] = {input, input, input};
    cvs_layer layer = roll_other(d, op, &input);
    if (op < CVS_OP_ADD) return cvs_infer(&layer, &input, NULL, out, err);
    return cvs_infer_merge(&layer, inputs, ROUND_TRIP_INPUTS, NULL, out, err);
}

static void check_framework(const cvs_inference *inference, cvs_framework framework, tally *count) {
    cvs_error refusal;
    switch (check_round_trip(inference, framework, &refusal)) {
    case ROUND_TRIP_REFUSED:
        count->refused++;
        check_refusal(inference, framework, refusal.status, &refusal);
        break;
    case ROUND_TRIP_SINGLE:
        count->single++;
        break;
    case ROUND_TRIP_SEVERAL:
        count->several++;
    }
}

START_TEST(written_and_read_back) {
    cvs_op op = (cvs_op)_i;
    dice d = {UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)_i};
    tally tallies[CVS_FRAMEWORK_COUNT] = {0};
    int layers = op <= CVS_OP_CONV_TRANSPOSE ? CONVOLUTIONS : LAYERS;
    for (int i = 0; i < layers; i++) {
        cvs_inference inference;
        cvs_error err = {0};
        ck_assert_msg(infer_rolled(&d, op, &inference, &err) == CVS_OK, "%s", err.message);
        for (int framework = CVS_KERAS; framework <= CVS_CONVSCOPE; framework++)
            check_framework(&inference, (cvs_framework)framework, &tallies[framework]);
    }
    ck_assert_int_eq(tallies[CVS_CONVSCOPE].single, layers);
    for (int framework = CVS_KERAS; framework <= CVS_CONVSCOPE; framework++) {
        const tally *count = &tallies[framework];
        ck_assert_int_eq(count->single + count->several + count->refused, layers);
        printf(" %s in %s: %d in one piece, %d in several, %d refused\n", cvs_op_name(op),
               cvs_framework_name((cvs_framework)framework), count->single, count->several, count->refused);
    }
}
END_TEST

Suite *round_trip_suite(void) {
    Suite *suite = suite_create("round_trip");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, written_and_read_back, 0, CVS_OP_COUNT);
    suite_add_tcase(suite, core);
    return suite;
}
