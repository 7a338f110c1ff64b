#include "source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool complain(const struct language *in, int line, const char *what, const char *about) {
    fprintf(stderr, "%s:%d: error: %s%s%s\n", in->path, line, what, *about ? ": " : "", about);
    return false;
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        bytes = size < 0 ? NULL : malloc((size_t)size + 1);
        size_t got = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
        if (bytes) bytes[got] = '\0';
        if (bytes && got != (size_t)size) bytes[0] = '\0';
    }
    if (file) fclose(file);
    return bytes;
}

/* The number of a placeholder name, added when it is new; -1 when it is no name or there are too many. */
static int name_index(struct source *source, const char *name, size_t length) {
    if (length == 0) return -1;
    for (size_t i = 0; i < length; i++)
        if (!islower((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) && name[i] != '_') return -1;
    for (int i = 0; i < source->names; i++)
        if (strlen(source->name[i]) == length && memcmp(source->name[i], name, length) == 0) return i;
    if (source->names == MAX_NAMES) return -1;
    source->name[source->names] = strndup(name, length);
    return source->names++;
}

static bool add_piece(struct text *text, enum piece_kind kind, const char *bytes, size_t length, int name) {
    if (text->count == MAX_PIECES || length > 60000) return false;
    text->piece[text->count++] = (struct piece){kind, bytes, length, name};
    return true;
}

/* What stands between the braces: "name" or "name?one:many". */
static bool read_placeholder(struct source *source, struct text *text, const char *start, const char *end) {
    const char *mark = memchr(start, '?', (size_t)(end - start));
    int name = name_index(source, start, (size_t)((mark ? mark : end) - start));
    if (name < 0) return false;
    if (!mark) return add_piece(text, VALUE, start, 0, name);
    const char *colon = memchr(mark, ':', (size_t)(end - mark));
    return colon && add_piece(text, IF_ONE, mark + 1, (size_t)(colon - mark - 1), name) &&
           add_piece(text, IF_MANY, colon + 1, (size_t)(end - colon - 1), name);
}

static bool read_text(struct source *source, const struct language *in, struct text *text, const char *p) {
    if (!*p) return complain(in, text->line, "no text after the =", text->key);
    while (*p) {
        size_t literal = strcspn(p, "{}");
        if (literal && !add_piece(text, LITERAL, p, literal, 0)) return complain(in, text->line, "too long", text->key);
        p += literal;
        if (!*p) break;
        const char *end = *p == '{' ? p + 1 + strcspn(p + 1, "{}") : p;
        if (*p != '{' || *end != '}') return complain(in, text->line, "a brace without its partner", text->key);
        if (!read_placeholder(source, text, p + 1, end))
            return complain(in, text->line, "not {name} or {name?one:many}", p);
        p = end + 1;
    }
    return true;
}

/* Length of the UTF-8 sequence at p (Unicode, table 3-7), or 0. */
static size_t utf8_length(const unsigned char *p) {
    if (p[0] < 0x80) return p[0] >= 0x20 && p[0] != 0x7f;
    size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4) return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80) return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f)) return 0;
    if ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)) return 0;
    return length;
}

static bool is_clean(const char *text) {
    const unsigned char *p = (const unsigned char *)text;
    while (*p) {
        size_t length = utf8_length(p);
        if (length == 0) return false;
        p += length;
    }
    return true;
}

static char *trim(char *start) {
    start += strspn(start, " ");
    size_t length = strlen(start);
    while (length && (start[length - 1] == ' ' || start[length - 1] == '\r')) start[--length] = '\0';
    return start;
}

static bool is_key(const char *key) {
    for (const char *p = key; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("._-", *p)) return false;
    return isalpha((unsigned char)*key);
}

static struct text *find(struct language *in, const char *key) {
    for (int i = 0; i < in->count; i++)
        if (strcmp(in->text[i].key, key) == 0) return &in->text[i];
    return NULL;
}

static bool read_line(struct source *source, struct language *in, char *start, int line) {
    start = trim(start);
    if (!*start || *start == '#') return true;
    if (!is_clean(start)) return complain(in, line, "not UTF-8, or a control character", "");
    char *equals = strchr(start, '=');
    if (!equals) return complain(in, line, "not `key = text`", start);
    *equals = '\0';
    const char *key = trim(start);
    if (!is_key(key)) return complain(in, line, "a key starts with a letter; then letters, digits, . _ -", key);
    if (find(in, key)) return complain(in, line, "the key is already there", key);
    if (in->count == MAX_TEXTS) return complain(in, line, "too many texts", key);
    struct text *text = &in->text[in->count++];
    *text = (struct text){.key = key, .line = line, .piece = calloc(MAX_PIECES, sizeof(struct piece))};
    return text->piece && read_text(source, in, text, trim(equals + 1));
}

bool read_language(struct source *source, const char *path) {
    struct language *in = &source->language[source->languages++];
    in->path = path;
    in->bytes = read_file(path);
    if (!in->bytes || !*in->bytes) return complain(in, 1, "cannot be read, or is empty", "");
    bool good = true;
    int line = 1;
    for (char *start = in->bytes, *next; start; start = next, line++) {
        next = strchr(start, '\n');
        if (next) *next++ = '\0';
        good = read_line(source, in, start, line) && good;
    }
    return good;
}

static bool uses(const struct text *text, int name, bool as_value) {
    for (int i = 0; i < text->count; i++) {
        const struct piece *piece = &text->piece[i];
        if (piece->kind == VALUE ? piece->name == name : !as_value && piece->kind != LITERAL && piece->name == name)
            return true;
    }
    return false;
}

/* The same {name}s in both; {name?..} only for names that the first uses in some way. */
static bool same_placeholders(const struct source *source, const struct language *in, const struct text *first,
                              const struct text *other) {
    for (int name = 0; name < source->names; name++) {
        if (uses(first, name, true) && !uses(other, name, true))
            return complain(in, other->line, "lacks a placeholder of the first language", source->name[name]);
        if (!uses(first, name, true) && uses(other, name, true))
            return complain(in, other->line, "has a placeholder that the first language lacks", source->name[name]);
        if (!uses(first, name, false) && uses(other, name, false))
            return complain(in, other->line, "chooses by a placeholder that the first language lacks",
                            source->name[name]);
    }
    return true;
}

static bool check_language(const struct source *source, struct language *first, struct language *other) {
    bool good = true;
    for (int i = 0; i < first->count; i++) {
        const struct text *text = find(other, first->text[i].key);
        if (!text)
            good = complain(other, 1, "lacks a key", first->text[i].key);
        else
            good = same_placeholders(source, other, &first->text[i], text) && good;
    }
    for (int i = 0; i < other->count; i++)
        if (!find(first, other->text[i].key))
            good = complain(other, other->text[i].line, "a key that the first language lacks", other->text[i].key);
    return good;
}

bool check_languages(struct source *source) {
    bool good = true;
    for (int i = 1; i < source->languages; i++)
        good = check_language(source, &source->language[0], &source->language[i]) && good;
    return good;
}

void order_languages(struct source *source) {
    struct language *first = &source->language[0];
    for (int l = 1; l < source->languages; l++) {
        struct language *other = &source->language[l];
        for (int i = 0; i < first->count; i++) {
            struct text *found = find(other, first->text[i].key), moved = *found;
            *found = other->text[i];
            other->text[i] = moved;
        }
    }
}

void free_source(struct source *source) {
    for (int l = 0; l < source->languages; l++) {
        for (int i = 0; i < source->language[l].count; i++) free(source->language[l].text[i].piece);
        free(source->language[l].bytes);
    }
    for (int i = 0; i < source->names; i++) free(source->name[i]);
}
