#include "teller.h"

enum { EXPECTED_BODY = 4000, EXPECTED_PIECE = 250 };

static void tell_layer(cvs__teller *teller) {
    cvs__tell_volume(teller);
    cvs__tell_conv(teller);
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

cvs_status cvs_explain(cvs_arena *arena, const cvs_inference *inference, cvs_language language, cvs_explanation *out,
                       cvs_error *err) {
    cvs__teller teller = {.arena = arena, .language = language, .inference = inference, .layer = &inference->layer};
    /* Weights that cannot be counted (open channels, overflow) are not spoken of. */
    if (cvs_layer_weights(inference, CVS_FRAMEWORK_AUTO, &teller.weights, NULL) != CVS_OK) teller.weights.count = 0;
    bool good = cvs_text_reserve(&teller.body, EXPECTED_BODY) && cvs_text_reserve(&teller.piece, EXPECTED_PIECE);
    if (good) {
        tell_layer(&teller);
        good = hand_over(&teller, out);
    }
    cvs_text_free(&teller.body);
    cvs_text_free(&teller.piece);
    if (!good) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", "", "There is not enough memory for the explanation.");
    return CVS_OK;
}
