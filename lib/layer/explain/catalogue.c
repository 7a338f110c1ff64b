#include "layer/explain/catalogue.h"

int cvs__catalogue_find(const cvs__catalogue *catalogue, const char *key) {
    int low = 0, high = catalogue->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(catalogue->names[catalogue->by_name[middle]], key);
        if (order == 0) return catalogue->by_name[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

const char *cvs__catalogue_plain(const cvs__catalogue *catalogue, int text, cvs_language language) {
    const cvs__catalogue_language *in = &catalogue->language[language];
    return in->bytes + in->pieces[in->first[text]].offset;
}

static int digits_of(uint64_t number) {
    uint64_t limit = 10;
    int digits = 1;
    for (; number >= limit; limit *= 10) {
        digits++;
        if (digits == 20) break; /* the next power of ten does not fit */
    }
    return digits;
}

char *cvs__write_number(char *out, int64_t number, bool grouped) {
    if (number >= 0 && number < 10) {
        *out = (char)('0' + number);
        return out + 1;
    }
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    if (number < 0) *out++ = '-';
    int digits = digits_of(rest), commas = grouped ? (digits - 1) / 3 : 0;
    char *end = out + digits + commas, *p = end;
    for (int written = 0; written < digits; written++) {
        if (commas && written && written % 3 == 0) *--p = ',';
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    }
    return end;
}

void cvs__add_amount(cvs_text *out, int64_t number) {
    char *room = cvs_text_reserve(out, CVS__LONGEST_NUMBER);
    if (room) cvs_text_commit(out, (size_t)(cvs__write_number(room, number, true) - room));
}

static char *write_value(char *out, const cvs__value *value) {
    switch (value->kind) {
    case CVS__VALUE_INTEGER:
        return cvs__write_number(out, value->number, false);
    case CVS__VALUE_COUNT:
        return cvs__write_number(out, value->number, true);
    case CVS__VALUE_TEXT:
        memcpy(out, value->text, value->length);
        return out + value->length;
    case CVS__VALUE_MISSING:
        break;
    }
    memcpy(out, "{?}", 3);
    return out + 3;
}

static bool is_one(const cvs__value *value) { return value->kind != CVS__VALUE_TEXT && value->number == 1; }

/* At most this many bytes come out of the pieces, and a short copy past them. */
static size_t bound(const cvs__piece *piece, const cvs__piece *end, const cvs__value *values) {
    size_t size = CVS__COPIED;
    for (; piece < end; piece++) {
        size += piece->length;
        if (piece->kind == CVS__PIECE_VALUE) size += CVS__LONGEST_NUMBER + values[piece->value].length;
    }
    return size;
}

void cvs__render(const cvs__catalogue *catalogue, int text, cvs_language language, const cvs__value *values,
                 cvs_text *out) {
    const cvs__catalogue_language *in = &catalogue->language[language];
    const cvs__piece *piece = in->pieces + in->first[text], *end = in->pieces + in->first[text + 1];
    char *start = cvs_text_reserve(out, bound(piece, end, values)), *p = start;
    if (!start) return;
    for (; piece < end; piece++) {
        if (piece->kind == CVS__PIECE_VALUE) {
            p = write_value(p, &values[piece->value]);
            continue;
        }
        if (piece->kind == CVS__PIECE_IF_ONE && !is_one(&values[piece->value])) continue;
        if (piece->kind == CVS__PIECE_IF_MANY && is_one(&values[piece->value])) continue;
        if (piece->length <= CVS__COPIED)
            memcpy(p, in->bytes + piece->offset, CVS__COPIED);
        else
            memcpy(p, in->bytes + piece->offset, piece->length);
        p += piece->length;
    }
    cvs_text_commit(out, (size_t)(p - start));
}
