/*
 * Generated layers of every operator, written in every framework and read back: the same layer on the same input, or
 * several that make of it the same output. What is refused the framework cannot express.
 */
#include "follow.h"
#include "refusals.h"
#include "roll.h"
#include "same_layer.h"

#include <stdio.h>
#include <stdlib.h>

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
    const cvs_shape input = roll_tensor(d, op), inputs[] = {input, input, input};
    cvs_layer layer = roll_other(d, op, &input);
    if (op < CVS_OP_ADD) return cvs_infer(&layer, &input, NULL, out, err);
    return cvs_infer_merge(&layer, inputs, 3, NULL, out, err);
}

/* The same input, its axes in the order of the layer that was read. */
static cvs_inference infer_back(const cvs_inference *inference, const cvs_layer *layer, const char *text) {
    cvs_shape input = inference->input.shape;
    if (turns_for(inference, layer->framework))
        input = reorder(&input, inference->layer.data_format, layer->data_format);
    const cvs_shape inputs[] = {input, input, input};
    cvs_inference back;
    cvs_error err = {0};
    cvs_status status = layer->op < CVS_OP_ADD ? cvs_infer(layer, &input, NULL, &back, &err)
                                               : cvs_infer_merge(layer, inputs, 3, NULL, &back, &err);
    ck_assert_msg(status == CVS_OK, "%s: %s", text, err.message);
    return back;
}

/* ---- there and back ---- */

static void check_read(const cvs_inference *inference, cvs_framework framework, const char *text) {
    /* Pools are written alike in both generations of Keras; convolutions tell which one it is. */
    bool told = inference->layer.op == CVS_OP_CONV && text[0] != '{';
    cvs_layer layer = read_layer_as(text, told ? CVS_FRAMEWORK_AUTO : framework);
    ck_assert_int_eq(layer.framework, framework);
    cvs_inference back = infer_back(inference, &layer, text);
    cvs_text both = {0};
    cvs_error err = {0};
    cvs_text_addf(&both, "%s for ", text);
    ck_assert_int_eq(cvs_dialect_write(inference, CVS_CONVSCOPE, &both, &err), CVS_OK);
    check_same_layer(inference, &back, both.data);
    cvs_text_free(&both);
}

static void check_several(const cvs_inference *inference, cvs_framework framework, const char *text) {
    bool keras = framework == CVS_KERAS || framework == CVS_KERAS1;
    cvs_data_format mine = inference->layer.data_format, format = keras ? mine : CVS_CHANNELS_FIRST;
    cvs_inference at = {.output.shape = inference->input.shape};
    if (turns_for(inference, framework)) at.output.shape = reorder(&at.output.shape, mine, format);
    follow_all(text, framework, &at);
    at.layer.data_format = format;
    at.layer.framework = framework;
    check_same_output(inference, &at, text);
}

static void check_framework(const cvs_inference *inference, cvs_framework framework, tally *count) {
    cvs_text text = {0};
    cvs_error err = {0};
    cvs_status status = cvs_dialect_write(inference, framework, &text, &err);
    if (status != CVS_OK) {
        count->refused++;
        check_refusal(inference, framework, status, &err);
    } else if (is_single(text.data)) {
        count->single++;
        check_read(inference, framework, text.data);
        if (framework == CVS_KERAS || framework == CVS_KERAS1) {
            char *other = serialised(text.data, framework);
            check_read(inference, framework, other);
            free(other);
        }
    } else {
        count->several++;
        check_several(inference, framework, text.data);
    }
    cvs_text_free(&text);
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
