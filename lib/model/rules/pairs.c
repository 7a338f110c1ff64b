/* pairs.c - a layer and the one beside it. */
#include "model/rules/rule.h"

/* ---- CV032: a bias that a normalisation takes away -------------------------------- */

/* Batch normalisation subtracts each channel's mean, and with it whatever was added to the channel. */
bool cvs__check_bias_before_norm(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_layer *layer = cvs__layer_at(s, at);
    const int reader = cvs__only_reader(s, at);
    if (!layer || !layer->use_bias || cvs__activates(s, at) || s->uses[at] != 1) return false;
    if (!cvs__is_kind(s, reader, CVS__KIND_BIT(BATCH_NORM))) return false;
    const int64_t filters = cvs__width_out(s, at);
    if (filters == CVS_DIM_UNKNOWN) return false;
    found->value[MODEL_RULES_VALUE_AMOUNT] = cvs__amount(filters);
    cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, reader);
    cvs__tell_number(found, "parameters", (double)filters);
    found->other = reader;
    found->member = "use_bias";
    found->message = MODEL_RULES_CV032_MESSAGE;
    found->fix = layer->framework == CVS_PYTORCH   ? MODEL_RULES_CV032_FIX_PYTORCH
                 : cvs__is_keras(layer->framework) ? MODEL_RULES_CV032_FIX_KERAS
                                                   : MODEL_RULES_CV032_FIX;
    return true;
}

/* ---- CV033: two linear layers that are one ------------------------------------------- */

/* A kernel that is 1 wherever the other is not: k x 1 and 1 x k. */
static bool share_a_kernel(const cvs_layer *a, const cvs_layer *b) {
    if (cvs__is_pointwise(a) || cvs__is_pointwise(b) || a->spatial_rank != b->spatial_rank) return false;
    for (int axis = 0; axis < a->spatial_rank; axis++)
        if (a->kernel[axis] > 1 && b->kernel[axis] > 1) return false;
    return true;
}

/* MobileNet's blocks end with a 1x1 convolution behind a depthwise one, and leave it linear (Sandler et al., arXiv
   1801.04381, section 3.2). */
static bool ends_a_block(const cvs__scene *s, int layer) {
    const int before = cvs__maker_past(s, layer, CVS__KINDS_PASSING);
    return before >= 0 && cvs__is_pointwise(cvs__layer_at(s, layer)) && cvs__is_depthwise(cvs__layer_at(s, before));
}

/* Is the pair one layer written as two on purpose? */
static bool is_factorised(const cvs__scene *s, int first, int second) {
    const cvs_layer *a = cvs__layer_at(s, first), *b = cvs__layer_at(s, second);
    const int64_t in = cvs__width_in(s, first), middle = cvs__width_out(s, first), out = cvs__width_out(s, second);
    if (a->op == CVS_OP_DENSE || b->op == CVS_OP_DENSE) return middle < in && middle < out;
    if (cvs__is_depthwise(a) || cvs__is_depthwise(b) || share_a_kernel(a, b)) return true;
    return (middle < in && middle < out) || ends_a_block(s, first);
}

/* What a printed module does between its parts is not printed: activations are often only there. */
bool cvs__check_linear_pair(cvs__scene *s, int at, cvs__model_found *found) {
    const unsigned between = CVS__KIND_BIT(BATCH_NORM) | CVS__KIND_BIT(DROPOUT) | CVS__KIND_BIT(SAME) |
                             CVS__KIND_BIT(FLATTEN) | CVS__KIND_BIT(RESIZE);
    const int second = cvs__reader_past(s, at, between);
    if (!cvs__layer_at(s, at) || cvs__activates(s, at) || s->model->order == CVS_MODEL_ORDER_PRINTED) return false;
    if (!cvs__is_kind(s, second, CVS__KIND_BIT(CONV) | CVS__KIND_BIT(DENSE))) return false;
    if (!cvs__layer_at(s, second) || is_factorised(s, at, second)) return false;
    if (s->uses[at] != 1 || s->uses[second] != 1) return false; /* one of several uses: not to be put together */
    cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, second);
    found->other = second;
    found->member = "activation";
    found->message = MODEL_RULES_CV033_MESSAGE;
    found->fix = MODEL_RULES_CV033_FIX;
    return true;
}

/* ---- CV034: an activation of an activation ---------------------------------------------- */

static const char *activation_name(const cvs__scene *s, int layer) {
    const cvs_layer *settings = cvs__layer_at(s, layer);
    return settings ? cvs_activation_name(settings->activation.kind) : s->layers[layer].type;
}

/* Twice is as once: relu(relu(x)) = relu(x). */
static bool changes_nothing(const cvs__scene *s, int first, int second) {
    const cvs_layer *a = cvs__layer_at(s, first), *b = cvs__layer_at(s, second);
    if (!a || !b) return false;
    const cvs_activation_kind x = a->activation.kind, y = b->activation.kind;
    return (y == CVS_ACT_RELU && (x == CVS_ACT_RELU || x == CVS_ACT_RELU6 || x == CVS_ACT_SIGMOID ||
                                  x == CVS_ACT_HARD_SIGMOID || x == CVS_ACT_SOFTMAX || x == CVS_ACT_SOFTPLUS)) ||
           (y == CVS_ACT_RELU6 && x == CVS_ACT_RELU6);
}

bool cvs__check_double_activation(cvs__scene *s, int at, cvs__model_found *found) {
    const int maker = cvs__maker_past(s, at, CVS__KIND_BIT(SAME));
    if (maker < 0 || !cvs__activates(s, maker)) return false;
    cvs__say_word(found, MODEL_RULES_VALUE_FIRST, activation_name(s, maker));
    cvs__say_word(found, MODEL_RULES_VALUE_SECOND, activation_name(s, at));
    cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, maker);
    found->other = maker;
    found->member = "activation";
    found->message = changes_nothing(s, maker, at) ? MODEL_RULES_CV034_MESSAGE_NOTHING : MODEL_RULES_CV034_MESSAGE;
    found->fix = MODEL_RULES_CV034_FIX;
    return true;
}

/* ---- CV035 to CV037: dropout ---------------------------------------------------------------- */

/* 0: none, or not known. */
static double rate_of(const cvs__scene *s, int layer) {
    const cvs_layer *settings = cvs__layer_at(s, layer);
    return settings ? settings->rate : 0;
}

/* A reader of the dropout's output of one of these kinds, past what passes everything on; -1. */
static int fed_by(const cvs__scene *s, int dropout, unsigned kinds) {
    const int reader = cvs__reader_past(s, dropout, CVS__KIND_BIT(SAME));
    if (cvs__is_kind(s, reader, kinds)) return reader;
    const int tensor = s->layers[dropout].output_count > 0 ? s->layers[dropout].outputs[0] : -1;
    for (int i = tensor >= 0 ? s->first[tensor] : 0; tensor >= 0 && i < s->first[tensor + 1]; i++)
        if (cvs__is_kind(s, s->readers[i], kinds)) return s->readers[i];
    return -1;
}

static void tell_rate(cvs__scene *s, cvs__model_found *found, int dropout, int other) {
    cvs__say_share(s, found, MODEL_RULES_VALUE_SHARE, rate_of(s, dropout));
    cvs__tell_number(found, "rate", rate_of(s, dropout));
    found->other = other;
    if (other >= 0) cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, other);
}

/* Li et al. 2018, "Understanding the disharmony between dropout and batch normalization", arXiv 1801.05134. */
bool cvs__check_dropout_before_norm(cvs__scene *s, int at, cvs__model_found *found) {
    const int norm = fed_by(s, at, CVS__KIND_BIT(BATCH_NORM));
    if (norm < 0 || rate_of(s, at) <= 0) return false;
    tell_rate(s, found, at, norm);
    found->message = MODEL_RULES_CV035_MESSAGE;
    found->fix = MODEL_RULES_CV035_FIX;
    return true;
}

/* Dropping whole maps is not hidden: no neighbour is left for the pool to take. */
bool cvs__check_dropout_before_pool(cvs__scene *s, int at, cvs__model_found *found) {
    const int pool = fed_by(s, at, CVS__KIND_BIT(POOL));
    if (pool < 0 || rate_of(s, at) <= 0 || cvs__layer_at(s, at)->whole_maps) return false;
    const cvs_layer *settings = cvs__layer_at(s, pool);
    if (!settings || settings->op != CVS_OP_MAX_POOL) return false;
    tell_rate(s, found, at, pool);
    cvs__say_sizes(s, found, MODEL_RULES_VALUE_K, settings->kernel, settings->spatial_rank);
    found->message = MODEL_RULES_CV036_MESSAGE;
    found->fix = MODEL_RULES_CV036_FIX;
    return true;
}

bool cvs__check_dropout_rate(cvs__scene *s, int at, cvs__model_found *found) {
    const double most = s->options->thresholds.dropout_rate;
    if (rate_of(s, at) <= most) return false;
    tell_rate(s, found, at, -1);
    cvs__say_share(s, found, MODEL_RULES_VALUE_LIMIT, most);
    cvs__tell_number(found, "limit", most);
    found->member = "rate";
    found->message = MODEL_RULES_CV037_MESSAGE;
    found->fix = MODEL_RULES_CV037_FIX;
    return true;
}

/* ---- CV038: what the loss expects ------------------------------------------------------------- */

bool cvs__check_final_activation(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_model_layer *layer = &s->layers[at];
    if (s->options->loss != CVS_LOSS_OF_PROBABILITIES || cvs__activates(s, at)) return false;
    const int64_t units = cvs__width_out(s, at);
    if (units == CVS_DIM_UNKNOWN || layer->output_count != 1 || !s->model->tensors[layer->outputs[0]].is_output)
        return false;
    cvs__say(found, MODEL_RULES_VALUE_UNITS, units);
    cvs__say_word(found, MODEL_RULES_VALUE_SECOND, units == 1 ? "sigmoid" : "softmax");
    cvs__tell_number(found, "units", (double)units);
    found->member = "activation";
    found->message = MODEL_RULES_CV038_MESSAGE;
    found->fix = MODEL_RULES_CV038_FIX;
    return true;
}
