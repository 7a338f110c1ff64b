#include "api/review/source.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pointers that are longer are looked for in vain. */
enum { MAX_DEPTH = 64, MAX_POINTER = 1024 };

typedef struct scan {
    const char *at, *end;
    const char *counted; /* line and column are those of this place */
    const char *text;
    int line, column;
    char path[MAX_POINTER]; /* of the value at `at` */
    size_t path_length;
    source_mark *marks;
    size_t count;
} scan;

/* ---- marks, sorted by their pointers --------------------------------------------------- */

static int compare(const void *a, const void *b) {
    return strcmp(((const source_mark *)a)->pointer, ((const source_mark *)b)->pointer);
}

/* The first mark whose pointer is not before `path`. */
static size_t first_from(const source_mark *marks, size_t count, const char *path) {
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(marks[middle].pointer, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const source_mark *source_mark_of(const source_mark *marks, size_t count, const char *pointer) {
    const size_t i = first_from(marks, count, pointer);
    return i < count && strcmp(marks[i].pointer, pointer) == 0 ? &marks[i] : NULL;
}

/* ---- places ------------------------------------------------------------------------------ */

static void count_to(scan *s, const char *place) {
    for (; s->counted < place; s->counted++) {
        if (*s->counted == '\n') {
            s->line++;
            s->column = 1;
        } else if ((*s->counted & 0xC0) != 0x80) {
            s->column++;
        }
    }
}

static void skip_space(scan *s) {
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) s->at++;
}

/* From an opening quote to behind the closing one. */
static void skip_string(scan *s) {
    for (s->at++; s->at < s->end && *s->at != '"'; s->at++)
        if (*s->at == '\\') s->at++;
    s->at = s->at < s->end ? s->at + 1 : s->end;
}

/* A value in which nothing is looked for. */
static void skip_value(scan *s) {
    int depth = 0;
    while (s->at < s->end) {
        const char c = *s->at;
        if (c == '"') {
            skip_string(s);
        } else if (c == ']' || c == '}' || c == ',') {
            if (depth == 0) return;
            depth -= c != ',';
            s->at++;
        } else {
            depth += c == '[' || c == '{';
            s->at++;
        }
        if (depth == 0 && (c == '"' || c == ']' || c == '}')) return;
    }
}

/* ---- going down ---------------------------------------------------------------------------- */

static void visit(scan *s, int depth);

/* `key` escaped as RFC 6901 asks; its JSON escapes stay, which no key of a framework has. */
static bool push(scan *s, const char *key, size_t length) {
    if (s->path_length + 2 * length + 2 > sizeof s->path) return false;
    char *out = s->path + s->path_length;
    *out++ = '/';
    for (size_t i = 0; i < length; i++) {
        const char c = key[i];
        *out++ = c == '~' || c == '/' ? '~' : c;
        if (c == '~' || c == '/') *out++ = c == '~' ? '0' : '1';
    }
    *out = '\0';
    s->path_length = (size_t)(out - s->path);
    return true;
}

/* A member or an element, whose key is pushed if it could be. */
static void visit_below(scan *s, bool pushed, size_t length_before, int depth) {
    skip_space(s);
    if (pushed)
        visit(s, depth + 1);
    else
        skip_value(s);
    s->path_length = length_before;
    s->path[length_before] = '\0';
    skip_space(s);
    if (s->at < s->end && *s->at == ',') s->at++;
    skip_space(s);
}

static void visit_object(scan *s, int depth) {
    const size_t before = s->path_length;
    s->at++;
    skip_space(s);
    while (s->at < s->end && *s->at == '"') {
        const char *key = s->at + 1;
        skip_string(s);
        const bool pushed = push(s, key, (size_t)(s->at - 1 - key));
        skip_space(s);
        if (s->at < s->end) s->at++; /* the colon */
        visit_below(s, pushed, before, depth);
    }
    if (s->at < s->end) s->at++;
}

static void visit_array(scan *s, int depth) {
    const size_t before = s->path_length;
    s->at++;
    skip_space(s);
    for (size_t i = 0; s->at < s->end && *s->at != ']'; i++) {
        char number[24];
        const int length = snprintf(number, sizeof number, "%zu", i);
        visit_below(s, push(s, number, (size_t)length), before, depth);
    }
    if (s->at < s->end) s->at++;
}

/* Is anything below this value looked for? */
static bool wanted_below(const scan *s) {
    char first[MAX_POINTER + 1];
    memcpy(first, s->path, s->path_length);
    memcpy(first + s->path_length, "/", 2);
    const size_t i = first_from(s->marks, s->count, first);
    return i < s->count && strncmp(s->marks[i].pointer, first, s->path_length + 1) == 0;
}

static void note_begin(scan *s, source_region *region) {
    count_to(s, s->at);
    *region = (source_region){.line = s->line, .column = s->column, .offset = (size_t)(s->at - s->text)};
}

/* Recursion ends at MAX_DEPTH. */
static void visit(scan *s, int depth) {
    const size_t mark = first_from(s->marks, s->count, s->path);
    const bool wanted = mark < s->count && strcmp(s->marks[mark].pointer, s->path) == 0;
    source_region region;
    if (wanted) note_begin(s, &region);
    const char c = s->at < s->end ? *s->at : '\0';
    if ((c == '{' || c == '[') && depth < MAX_DEPTH && wanted_below(s))
        (c == '{' ? visit_object : visit_array)(s, depth);
    else
        skip_value(s);
    if (!wanted) return;
    const char *end = s->at;
    while (end > s->text && strchr(" \t\r\n", end[-1])) end--; /* behind a number */
    count_to(s, end);
    region.end_line = s->line;
    region.end_column = s->column;
    region.end_offset = (size_t)(end - s->text);
    for (size_t i = mark; i < s->count && strcmp(s->marks[i].pointer, s->path) == 0; i++) s->marks[i].region = region;
}

void source_find(const char *text, size_t length, source_mark *marks, size_t count) {
    scan s = {.at = text, .end = text + length, .counted = text, .text = text, .line = 1, .column = 1};
    qsort(marks, count, sizeof *marks, compare);
    s.marks = marks;
    s.count = count;
    skip_space(&s);
    visit(&s, 0);
}
