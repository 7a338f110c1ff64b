#include "api/json_writer.h"

#include <convscope/number.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Appends, without leaving this file as long as the buffer has room. */
static inline void put(json_writer *writer, const char *bytes, size_t length) {
    cvs_text *text = &writer->text;
    if (text->capacity - text->length > length && !text->failed) {
        memcpy(text->data + text->length, bytes, length);
        text->length += length;
        text->data[text->length] = '\0';
    } else {
        cvs_text_append(text, bytes, length);
    }
}

/* Where `length` bytes can be written, to be followed by finish(); NULL on failure. */
static inline char *room(json_writer *writer, size_t length) {
    cvs_text *text = &writer->text;
    bool has = text->capacity - text->length > length && !text->failed;
    return has ? text->data + text->length : cvs_text_reserve(text, length);
}

/* All up to `end` is written. */
static inline void finish(json_writer *writer, char *end) {
    *end = '\0';
    writer->text.length = (size_t)(end - writer->text.data);
}

/* What goes before every value: a comma, unless it is the first of its container or follows its key. */
static inline void begin_value(json_writer *writer) {
    if (writer->needs_comma) put(writer, ",", 1);
    writer->needs_comma = true;
}

static inline void begin_container(json_writer *writer, char bracket) {
    char *out = room(writer, 2);
    if (!out) return;
    if (writer->needs_comma) *out++ = ',';
    *out++ = bracket;
    finish(writer, out);
    writer->needs_comma = false;
}

static inline void end_container(json_writer *writer, const char *bracket) {
    put(writer, bracket, 1);
    writer->needs_comma = true;
}

void json_begin_object(json_writer *writer) { begin_container(writer, '{'); }
void json_end_object(json_writer *writer) { end_container(writer, "}"); }
void json_begin_array(json_writer *writer) { begin_container(writer, '['); }
void json_end_array(json_writer *writer) { end_container(writer, "]"); }

/* A word that needs no escapes, in quotes: a key, or a value of its own. */
static inline void put_word(json_writer *writer, const char *word, bool key) {
    size_t length = strlen(word);
    char *out = room(writer, length + sizeof ",\"\":");
    if (!out) return;
    if (writer->needs_comma) *out++ = ',';
    *out++ = '"';
    memcpy(out, word, length);
    out += length;
    *out++ = '"';
    if (key) *out++ = ':';
    finish(writer, out);
    writer->needs_comma = !key;
}

void json_key(json_writer *writer, const char *key) { put_word(writer, key, true); }
void json_write_name(json_writer *writer, const char *name) { put_word(writer, name, false); }

/* ---- strings ------------------------------------------------------------- */

/* Bytes that may stand in a JSON string as they are, and need no look at their neighbours. */
static inline bool is_plain(unsigned char byte) { return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\'; }

/* Are all eight bytes plain? Each test sets the top bit of the bytes that are not (Warren, "Hacker's Delight", 6-1). */
static inline bool all_plain(const unsigned char *p) {
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t v;
    memcpy(&v, p, sizeof v);
    uint64_t quote = v ^ ones * '"', backslash = v ^ ones * '\\';
    uint64_t control = v - ones * 0x20;
    return ((v | control | (quote - ones) | (backslash - ones)) & tops) == 0;
}

static inline bool is_tail(unsigned char byte) { return (byte & 0xc0) == 0x80; }

/* The length of the UTF-8 sequence at `p`, 0 when it is none (Unicode 15, table 3-7). */
static size_t sequence_length(const unsigned char *p, size_t left) {
    if (left >= 2 && p[0] >= 0xc2 && p[0] <= 0xdf) return is_tail(p[1]) ? 2 : 0;
    if (left >= 3 && (p[0] & 0xf0) == 0xe0) {
        bool overlong = p[0] == 0xe0 && p[1] < 0xa0, surrogate = p[0] == 0xed && p[1] > 0x9f;
        return is_tail(p[1]) && is_tail(p[2]) && !overlong && !surrogate ? 3 : 0;
    }
    if (left >= 4 && p[0] >= 0xf0 && p[0] <= 0xf4) {
        bool overlong = p[0] == 0xf0 && p[1] < 0x90, beyond = p[0] == 0xf4 && p[1] > 0x8f;
        return is_tail(p[1]) && is_tail(p[2]) && is_tail(p[3]) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

/* One byte that is not plain and no UTF-8 sequence's first. */
static void put_escape(json_writer *writer, unsigned char byte) {
    static const char shorthand[0x20] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (byte == '"' || byte == '\\') {
        put(writer, (char[]){'\\', (char)byte}, 2);
    } else if (byte >= 0x80) {
        put(writer, "\\ufffd", 6);
    } else if (shorthand[byte]) {
        put(writer, (char[]){'\\', shorthand[byte]}, 2);
    } else {
        char escape[8];
        snprintf(escape, sizeof escape, "\\u%04x", byte);
        put(writer, escape, 6);
    }
}

/* What starts at `p` and is not plain; its length in bytes. */
static size_t put_special(json_writer *writer, const unsigned char *p, size_t left) {
    size_t length = p[0] >= 0x80 ? sequence_length(p, left) : 0;
    if (length == 0) {
        put_escape(writer, p[0]);
        return 1;
    }
    /* U+2028 and U+2029 end a line in JavaScript: escaped, so that the text may stand in a script. */
    bool line_end = p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9);
    if (line_end) {
        put(writer, p[2] == 0xa8 ? "\\u2028" : "\\u2029", 6);
    } else {
        put(writer, (const char *)p, length);
    }
    return length;
}

void json_write_text(json_writer *writer, const char *bytes, size_t length) {
    begin_value(writer);
    put(writer, "\"", 1);
    const unsigned char *p = (const unsigned char *)bytes, *end = p + length;
    while (p < end) {
        const unsigned char *run = p;
        while (end - p >= 8 && all_plain(p)) p += 8;
        while (p < end && is_plain(*p)) p++;
        put(writer, (const char *)run, (size_t)(p - run));
        if (p < end) p += put_special(writer, p, (size_t)(end - p));
    }
    put(writer, "\"", 1);
}

void json_write_string(json_writer *writer, const char *string) {
    if (string) {
        json_write_text(writer, string, strlen(string));
    } else {
        json_write_null(writer);
    }
}

void json_key_text(json_writer *writer, const char *key) {
    json_write_string(writer, key);
    put(writer, ":", 1);
    writer->needs_comma = false;
}

/* ---- the rest ------------------------------------------------------------ */

void json_write_int(json_writer *writer, int64_t value) {
    char *out = room(writer, sizeof ",-9223372036854775808");
    if (!out) return;
    if (writer->needs_comma) *out++ = ',';
    if (value < 0) *out++ = '-';
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *end = out + 1;
    for (uint64_t more = rest; more >= 10; more /= 10) end++;
    for (char *p = end; p > out; rest /= 10) *--p = (char)('0' + rest % 10);
    finish(writer, end);
    writer->needs_comma = true;
}

void json_write_raw(json_writer *writer, const char *json, size_t length) {
    begin_value(writer);
    put(writer, json, length);
}

void json_write_bool(json_writer *writer, bool value) {
    json_write_raw(writer, value ? "true" : "false", value ? 4 : 5);
}

void json_write_null(json_writer *writer) { json_write_raw(writer, "null", 4); }

void json_write_float(json_writer *writer, float value) {
    char text[CVS_FLOAT_TEXT_MAX];
    json_write_raw(writer, text, cvs_float_to_text(value, text));
}

void json_write_double(json_writer *writer, double value) {
    if (!isfinite(value)) {
        json_write_null(writer);
        return;
    }
    /* 17 digits always read back, and 15 are never more than the number has; %g leaves out the zeros at the end. */
    char text[32];
    int precision = 15;
    do {
        snprintf(text, sizeof text, "%.*g", precision, value);
    } while (strtod(text, NULL) != value && ++precision <= 17);
    json_write_raw(writer, text, strlen(text));
}

void json_write_floats(json_writer *writer, const float *values, size_t count) {
    if (count == 0) return;
    if (count > SIZE_MAX / (CVS_FLOAT_TEXT_MAX + 1)) {
        writer->text.failed = true;
        return;
    }
    char *out = json_reserve_value(writer, count * (CVS_FLOAT_TEXT_MAX + 1));
    if (out) json_commit(writer, cvs_floats_to_text(values, count, out));
}

void json_leave_gap(json_writer *writer) {
    begin_value(writer);
    writer->gap = writer->text.length;
}

char *json_reserve_value(json_writer *writer, size_t size) {
    begin_value(writer);
    return cvs_text_reserve(&writer->text, size);
}

void json_commit(json_writer *writer, size_t size) { cvs_text_commit(&writer->text, size); }

void json_member_string(json_writer *writer, const char *key, const char *string) {
    json_key(writer, key);
    json_write_string(writer, string);
}

void json_member_int(json_writer *writer, const char *key, int64_t value) {
    json_key(writer, key);
    json_write_int(writer, value);
}

void json_member_bool(json_writer *writer, const char *key, bool value) {
    json_key(writer, key);
    json_write_bool(writer, value);
}

void json_member_null(json_writer *writer, const char *key) {
    json_key(writer, key);
    json_write_null(writer);
}

void json_writer_reserve(json_writer *writer, size_t size) { (void)cvs_text_reserve(&writer->text, size); }
char *json_writer_take(json_writer *writer, size_t *length) { return cvs_text_take(&writer->text, length); }
void json_writer_free(json_writer *writer) { cvs_text_free(&writer->text); }
