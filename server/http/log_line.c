#include "http/log_line.h"

#include <stdio.h>
#include <string.h>

/* What texts leave free: names, numbers and ends always have room. */
enum { RESERVED = 512 };

static void put(http_log_line *line, const char *bytes, size_t length) {
    memcpy(line->text + line->length, bytes, length);
    line->length += length;
}

static bool has_room(const http_log_line *line) { return line->length < sizeof line->text - RESERVED; }

static void put_name(http_log_line *line, const char *name) {
    if (line->length) put(line, line->json ? "," : " ", 1);
    if (line->json) put(line, line->length ? "\"" : "{\"", line->length ? 1 : 2);
    put(line, name, strlen(name));
    put(line, line->json ? "\":" : "=", line->json ? 2 : 1);
}

static void put_escaped(http_log_line *line, unsigned char byte) {
    char escape[8];
    if (byte == '"' || byte == '\\') {
        put(line, (char[]){'\\', (char)byte}, 2);
    } else if (byte < 0x20 || byte > 0x7e) {
        put(line, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", byte));
    } else {
        put(line, (const char *)&byte, 1);
    }
}

/* Whether a value can be told from what follows it, and from none, without quotation marks. */
static bool is_bare(const char *value) {
    if (!*value || strcmp(value, "-") == 0) return false;
    for (const char *p = value; *p; p++) {
        if (*p <= ' ' || *p > '~' || strchr("\"'\\=", *p)) return false;
    }
    return true;
}

void http_log_line_text(http_log_line *line, const char *name, const char *value) {
    put_name(line, name);
    if (!value) {
        put(line, line->json ? "null" : "-", line->json ? 4 : 1);
    } else {
        const bool bare = !line->json && is_bare(value);
        if (!bare) put(line, "\"", 1);
        for (; *value && has_room(line); value++) put_escaped(line, (unsigned char)*value);
        if (!bare) put(line, "\"", 1);
    }
}

void http_log_line_word(http_log_line *line, const char *name, const char *word) {
    put_name(line, name);
    if (line->json) put(line, "\"", 1);
    put(line, word, strlen(word));
    if (line->json) put(line, "\"", 1);
}

void http_log_line_number(http_log_line *line, const char *name, int64_t value) {
    char digits[24];
    put_name(line, name);
    put(line, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)value));
}

void http_log_line_begin(http_log_line *line, bool json, struct timespec when) {
    char text[64];
    struct tm utc;
    line->length = 0;
    line->json = json;
    gmtime_r(&when.tv_sec, &utc);
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
             utc.tm_hour, utc.tm_min, utc.tm_sec, when.tv_nsec / 1000);
    http_log_line_text(line, "time", text);
}

void http_log_line_end(http_log_line *line) { put(line, line->json ? "}\n" : "\n", line->json ? 2 : 1); }
