#include "teller.h"

enum { EXPECTED_BODY = 4000, EXPECTED_PIECE = 250, EXPECTED_VALUES = 1000 };

/* What is said of each operator after the shapes. */
static void (*const tell_operator[CVS_OP_COUNT])(cvs__teller *) = {
    [CVS_OP_CONV] = cvs__tell_conv,
    [CVS_OP_CONV_TRANSPOSE] = cvs__tell_conv_transpose,
    [CVS_OP_DEPTHWISE_CONV] = cvs__tell_depthwise,
    [CVS_OP_SEPARABLE_CONV] = cvs__tell_separable,
    [CVS_OP_MAX_POOL] = cvs__tell_pool,
    [CVS_OP_AVERAGE_POOL] = cvs__tell_pool,
    [CVS_OP_GLOBAL_MAX_POOL] = cvs__tell_global_pool,
    [CVS_OP_GLOBAL_AVERAGE_POOL] = cvs__tell_global_pool,
    [CVS_OP_ADAPTIVE_MAX_POOL] = cvs__tell_adaptive_pool,
    [CVS_OP_ADAPTIVE_AVERAGE_POOL] = cvs__tell_adaptive_pool,
    [CVS_OP_PAD] = cvs__tell_pad,
    [CVS_OP_CROP] = cvs__tell_crop,
    [CVS_OP_UPSAMPLE] = cvs__tell_upsample,
    [CVS_OP_DENSE] = cvs__tell_dense,
    [CVS_OP_FLATTEN] = cvs__tell_flatten,
    [CVS_OP_RESHAPE] = cvs__tell_reshape,
    [CVS_OP_PERMUTE] = cvs__tell_permute,
    [CVS_OP_REPEAT] = cvs__tell_repeat,
    [CVS_OP_BATCH_NORM] = cvs__tell_norm,
    [CVS_OP_LAYER_NORM] = cvs__tell_norm,
    [CVS_OP_GROUP_NORM] = cvs__tell_norm,
    [CVS_OP_ACTIVATION] = cvs__tell_activation,
    [CVS_OP_DROPOUT] = cvs__tell_dropout,
    [CVS_OP_ADD] = cvs__tell_merge,
    [CVS_OP_MULTIPLY] = cvs__tell_merge,
    [CVS_OP_AVERAGE] = cvs__tell_merge,
    [CVS_OP_MAXIMUM] = cvs__tell_merge,
    [CVS_OP_CONCATENATE] = cvs__tell_concatenate,
};

static bool has_weights(cvs_op op) {
    switch (op) {
    case CVS_OP_CONV:
    case CVS_OP_CONV_TRANSPOSE:
    case CVS_OP_DEPTHWISE_CONV:
    case CVS_OP_SEPARABLE_CONV:
    case CVS_OP_DENSE:
    case CVS_OP_BATCH_NORM:
    case CVS_OP_LAYER_NORM:
    case CVS_OP_GROUP_NORM:
        return true;
    default:
        return false;
    }
}

/* Weights that cannot be counted (open channels, overflow) are not spoken of. */
static void look_up_weights(cvs__teller *teller) {
    if (!has_weights(teller->layer->op)) return;
    if (cvs_layer_weights(teller->inference, CVS_FRAMEWORK_AUTO, &teller->weights, NULL) != CVS_OK)
        teller->weights.count = 0;
}

/* Paragraphs and their bytes move from the teller into the arena. */
static bool hand_over(cvs__teller *teller, cvs_explanation *out) {
    if (teller->failed || teller->body.failed || teller->piece.failed) return false;
    const char *bytes = cvs_arena_copy(teller->arena, teller->body.data, teller->body.length);
    if (!bytes) return false;
    out->count = teller->count;
    for (int i = 0; i < teller->count; i++)
        out->paragraph[i] = (cvs_paragraph){.topic = teller->topics[i], .text = bytes + teller->starts[i]};
    return true;
}

static void tell_layer(cvs__teller *teller) {
    look_up_weights(teller);
    cvs__name_open_sizes(teller);
    cvs__tell_volume(teller);
    tell_operator[teller->layer->op](teller);
}

/* Let `tell` say what it has to say, in room of its own, and hand that over. */
static cvs_status compose(cvs__teller *teller, void (*tell)(cvs__teller *), cvs_explanation *out, cvs_error *err) {
    char room[EXPECTED_VALUES];
    teller->room = room;
    teller->left = sizeof room;
    teller->layer = &teller->inference->layer;
    bool good = cvs_text_reserve(&teller->body, EXPECTED_BODY) && cvs_text_reserve(&teller->piece, EXPECTED_PIECE);
    if (good) {
        tell(teller);
        cvs__tell(teller, NULL);
        good = hand_over(teller, out);
    }
    cvs_text_free(&teller->body);
    cvs_text_free(&teller->piece);
    if (!good) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", "", "There is not enough memory for the explanation.");
    return CVS_OK;
}

cvs_status cvs_explain(cvs_arena *arena, const cvs_inference *inference, cvs_language language, cvs_explanation *out,
                       cvs_error *err) {
    cvs__teller teller = {.arena = arena, .language = language, .inference = inference};
    return compose(&teller, tell_layer, out, err);
}

cvs_status cvs_explain_match(cvs_arena *arena, const cvs_inference *inference, const cvs_match *match,
                             cvs_language language, cvs_explanation *out, cvs_error *err) {
    cvs__teller teller = {.arena = arena, .language = language, .inference = inference, .match = match};
    return compose(&teller, cvs__tell_match, out, err);
}
