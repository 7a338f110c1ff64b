#include <convscope/base.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

char *cvs_text_reserve(cvs_text *text, size_t size) {
    if (text->failed) return NULL;
    if (size >= SIZE_MAX / 2 - text->length) {
        text->failed = true;
        return NULL;
    }
    size_t needed = text->length + size + 1;
    if (needed > text->capacity) {
        size_t capacity = text->capacity ? text->capacity : FIRST_CAPACITY;
        while (capacity < needed) capacity *= 2;
        const size_t more = capacity - text->capacity;
        const bool allowed = !text->allowance || text->allowance->take(text->allowance, more);
        char *data = allowed ? realloc(text->data, capacity) : NULL;
        if (!data) {
            text->failed = true;
            return NULL;
        }
        text->data = data;
        text->capacity = capacity;
    }
    return text->data + text->length;
}

void cvs_text_commit(cvs_text *text, size_t size) {
    text->length += size;
    text->data[text->length] = '\0';
}

void cvs_text_append(cvs_text *text, const char *bytes, size_t length) {
    char *room = cvs_text_reserve(text, length);
    if (!room) return;
    if (length) memcpy(room, bytes, length);
    cvs_text_commit(text, length);
}

void cvs_text_add(cvs_text *text, const char *string) { cvs_text_append(text, string, strlen(string)); }

void cvs_text_addf(cvs_text *text, const char *format, ...) {
    enum { USUAL = 64 }; /* mostly the first attempt finds room */
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    char *room = cvs_text_reserve(text, USUAL);
    int length = room ? vsnprintf(room, text->capacity - text->length, format, args) : -1;
    if (length >= 0 && (size_t)length >= text->capacity - text->length) {
        room = cvs_text_reserve(text, (size_t)length);
        if (room) vsnprintf(room, (size_t)length + 1, format, again);
    }
    if (room && length >= 0) {
        cvs_text_commit(text, (size_t)length);
    } else {
        text->failed = true;
    }
    va_end(again);
    va_end(args);
}

void cvs_text_add_int(cvs_text *text, int64_t value) {
    char digits[24];
    char *end = digits + sizeof digits, *p = end;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0) *--p = '-';
    cvs_text_append(text, p, (size_t)(end - p));
}

void cvs_text_clear(cvs_text *text) {
    text->length = 0;
    text->failed = false;
    if (text->data) text->data[0] = '\0';
}

void cvs_text_free(cvs_text *text) {
    free(text->data);
    *text = (cvs_text){.allowance = text->allowance};
}

char *cvs_text_take(cvs_text *text, size_t *length) {
    if (text->failed || !text->data) {
        cvs_text_free(text);
        *length = 0;
        return NULL;
    }
    char *data = text->data;
    *length = text->length;
    *text = (cvs_text){.allowance = text->allowance};
    return data;
}
