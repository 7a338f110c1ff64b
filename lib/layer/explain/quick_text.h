/*
 * quick_text.h - the appends of base.h for many small pieces: when there is room, which is nearly always, they
 * cost a few instructions and no call. Same rules: a text that has failed stays as it is.
 */
#ifndef CONVSCOPE_LAYER_QUICK_TEXT_H
#define CONVSCOPE_LAYER_QUICK_TEXT_H

#include "layer/explain/catalogue.h"

#include <string.h>

static inline void cvs__add_bytes(cvs_text *text, const char *bytes, size_t length) {
    if (text->failed || text->capacity - text->length <= length) {
        cvs_text_append(text, bytes, length);
        return;
    }
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

static inline void cvs__add_string(cvs_text *text, const char *string) { cvs__add_bytes(text, string, strlen(string)); }

static inline void cvs__add_integer(cvs_text *text, int64_t number) {
    char digits[CVS__LONGEST_NUMBER];
    cvs__add_bytes(text, digits, (size_t)(cvs__write_number(digits, number, false) - digits));
}

#endif
