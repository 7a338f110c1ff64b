#include "teller.h"

void cvs__tell(cvs__teller *teller, const char *topic) {
    if (teller->speaking) cvs__add_bytes(&teller->body, "", 1);
    teller->speaking = false;
    teller->topic = topic;
}

static void open_paragraph(cvs__teller *teller) {
    teller->speaking = true;
    teller->topics[teller->count] = teller->topic;
    teller->starts[teller->count++] = teller->body.length;
}

/* Scripts with full-width punctuation put no space between sentences. */
static bool needs_space(const cvs_text *body) {
    return body->length && (unsigned char)body->data[body->length - 1] < 0x80;
}

void cvs__say(cvs__teller *teller, int sentence) {
    if (!teller->speaking) {
        if (teller->count == CVS_MAX_PARAGRAPHS) return;
        open_paragraph(teller);
    } else if (needs_space(&teller->body)) {
        cvs__add_bytes(&teller->body, " ", 1);
    }
    cvs__render(&cvs__explain_catalogue, sentence, teller->language, teller->values, &teller->body);
}

void cvs__put(cvs__teller *teller, int value, int64_t number) { teller->values[value] = cvs__integer(number); }

void cvs__put_amount(cvs__teller *teller, int value, int64_t number) { teller->values[value] = cvs__amount(number); }

void cvs__put_string(cvs__teller *teller, int value, const char *text) { teller->values[value] = cvs__string(text); }

void cvs__put_phrase(cvs__teller *teller, int value, int phrase) {
    cvs__put_string(teller, value, cvs__catalogue_plain(&cvs__explain_catalogue, phrase, teller->language));
}

static char *keep(cvs__teller *teller, const char *text, size_t length) {
    if (length > teller->left) return cvs_arena_copy(teller->arena, text, length);
    char *copy = memcpy(teller->room, text, length);
    teller->room += length;
    teller->left -= length;
    return copy;
}

void cvs__put_piece(cvs__teller *teller, int value, size_t from) {
    cvs_text *piece = &teller->piece;
    size_t length = piece->length - from;
    char *copy = piece->failed ? NULL : keep(teller, length ? piece->data + from : "", length);
    if (!copy) teller->failed = true;
    teller->values[value] =
        (cvs__value){.kind = CVS__VALUE_TEXT, .text = copy ? copy : "", .length = copy ? (uint32_t)length : 0};
    piece->length = from;
}

void cvs__write(cvs__teller *teller, int text) {
    cvs__render(&cvs__explain_catalogue, text, teller->language, teller->values, &teller->piece);
}

void cvs__put_written(cvs__teller *teller, int value, int text) {
    size_t from = teller->piece.length;
    cvs__write(teller, text);
    cvs__put_piece(teller, value, from);
}
