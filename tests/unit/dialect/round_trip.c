#include "round_trip.h"

#include "follow.h"
#include "same_layer.h"

#include <stdlib.h>

/* The same input, its axes in the order of the layer that was read. */
static cvs_inference infer_back(const cvs_inference *inference, const cvs_layer *layer, const char *text) {
    cvs_shape input = inference->input.shape;
    if (turns_for(inference, layer->framework))
        input = reorder(&input, inference->layer.data_format, layer->data_format);
    const cvs_shape inputs[ROUND_TRIP_INPUTS] = {input, input, input};
    cvs_inference back;
    cvs_error err = {0};
    cvs_status status = layer->op < CVS_OP_ADD ? cvs_infer(layer, &input, NULL, &back, &err)
                                               : cvs_infer_merge(layer, inputs, ROUND_TRIP_INPUTS, NULL, &back, &err);
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
    ck_assert_int_eq(cvs_dialect_write(inference, CVS_CONVSCOPE, CVS_ENGLISH, &both, &err), CVS_OK);
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

static void check_serialised(const cvs_inference *inference, cvs_framework framework, const char *line) {
    char *other = serialised(line, framework);
    check_read(inference, framework, other);
    free(other);
}

round_trip check_round_trip(const cvs_inference *inference, cvs_framework framework, cvs_error *refusal) {
    cvs_text text = {0};
    round_trip kind = ROUND_TRIP_REFUSED;
    const bool keras = framework == CVS_KERAS || framework == CVS_KERAS1;
    *refusal = (cvs_error){0};
    if (cvs_dialect_write(inference, framework, CVS_ENGLISH, &text, refusal) == CVS_OK)
        kind = is_single(text.data) ? ROUND_TRIP_SINGLE : ROUND_TRIP_SEVERAL;
    if (kind == ROUND_TRIP_SINGLE) check_read(inference, framework, text.data);
    if (kind == ROUND_TRIP_SINGLE && keras) check_serialised(inference, framework, text.data);
    if (kind == ROUND_TRIP_SEVERAL) check_several(inference, framework, text.data);
    cvs_text_free(&text);
    return kind;
}
