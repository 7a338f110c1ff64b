/* rows.c - maps that become rows, and rows that are read: lengths, orders, samples. */
#include "model/rules/rule.h"

/* ---- CV028: a row of another length ---------------------------------------------------------------- */

bool cvs__check_flatten_size(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_layer *dense = cvs__layer_as_read(s->model, at);
    const cvs_model_tensor *input = cvs__input_of(s, at);
    if (s->kinds[at] != CVS__KIND_DENSE || !dense || !input || !cvs__failed_with(s, at, "channel-mismatch"))
        return false;
    const int64_t has = input->shape.dim[input->shape.rank - 1];
    const int flatten = cvs__maker_past(s, at, CVS__KINDS_PASSING);
    cvs__say(found, MODEL_RULES_VALUE_TO, dense->in_channels);
    cvs__say(found, MODEL_RULES_VALUE_HAS, has);
    cvs__tell_number(found, "in_features", (double)dense->in_channels);
    cvs__tell_number(found, "features", (double)has);
    found->member = "in_channels";
    found->message = MODEL_RULES_CV028_MESSAGE;
    found->fix = MODEL_RULES_CV028_FIX;
    if (!cvs__is_kind(s, flatten, CVS__KIND_BIT(FLATTEN)) || !cvs__input_of(s, flatten)) return true;
    cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, flatten);
    cvs__say_shape(s, found, MODEL_RULES_VALUE_SHAPE, &cvs__input_of(s, flatten)->shape);
    found->other = flatten;
    found->message = MODEL_RULES_CV028_MESSAGE_FLATTEN;
    return true;
}

/* ---- CV055: a reshape that takes from other samples --------------------------------------------------- */

bool cvs__check_reshape(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_layer *reshape = cvs__layer_as_read(s->model, at);
    const cvs_model_tensor *input = cvs__input_of(s, at);
    if (!reshape || !input || !cvs__failed_with(s, at, "reshape-touches-batch")) return false;
    cvs_shape target = {.rank = reshape->target_rank + 1, .dim = {input->shape.dim[0]}};
    for (int axis = 0; axis < reshape->target_rank; axis++) target.dim[axis + 1] = reshape->target[axis];
    cvs__say_shape(s, found, MODEL_RULES_VALUE_SHAPE, &input->shape);
    cvs__say_shape(s, found, MODEL_RULES_VALUE_OTHER_SHAPE, &target);
    found->value[MODEL_RULES_VALUE_HAS] = cvs__amount(cvs__sample_count(input));
    cvs__tell_number(found, "numbers", (double)cvs__sample_count(input));
    found->member = "target";
    found->message = MODEL_RULES_CV055_MESSAGE;
    return true;
}

/* ---- CV029: what a flattened map's order hangs on -------------------------------------------------------- */

/* A dense layer reads the row, and the map has both positions and channels to be ordered. */
static bool orders_weights(const cvs__scene *s, int at, int window) {
    const cvs_layer *layer = cvs__layer_at(s, at);
    const int reader = cvs__reader_past(s, at, CVS__KINDS_PASSING);
    if (!layer || window < 0 || !cvs__is_kind(s, reader, CVS__KIND_BIT(DENSE))) return false;
    const int64_t numbers = cvs__sample_count(cvs__input_of(s, at)), channels = cvs__width_out(s, window);
    return channels > 1 && numbers > channels && cvs__layer_at(s, window);
}

bool cvs__check_flatten_order(cvs__scene *s, int at, cvs__model_found *found) {
    const unsigned between = CVS__KINDS_PASSING | CVS__KIND_BIT(RESIZE) | CVS__KIND_BIT(MERGE);
    int window = cvs__maker_past(s, at, between);
    if (!cvs__is_kind(s, window, CVS__KIND_BIT(CONV) | CVS__KIND_BIT(POOL))) window = -1;
    if (!orders_weights(s, at, window)) return false;
    const cvs_layer *flatten = cvs__layer_at(s, at), *windowed = cvs__layer_at(s, window);
    const bool differ = cvs__is_keras(flatten->framework) && flatten->data_format != windowed->data_format;
    if (!differ && !s->options->weights_move) return false;
    cvs__say_word(found, MODEL_RULES_VALUE_FIRST, cvs_data_format_name(windowed->data_format));
    cvs__say_word(found, MODEL_RULES_VALUE_SECOND, cvs_data_format_name(flatten->data_format));
    cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, window);
    cvs__say_shape(s, found, MODEL_RULES_VALUE_SHAPE, &cvs__input_of(s, at)->shape);
    found->other = window;
    found->member = "data_format";
    found->message = differ ? MODEL_RULES_CV029_MESSAGE_DIFFER : MODEL_RULES_CV029_MESSAGE;
    found->fix = differ ? MODEL_RULES_CV029_FIX_DIFFER : -1;
    return true;
}
