#include "docs/html.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

void html_text(FILE *out, const char *text) {
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else
            fputc(*text, out);
    }
}

/* ---- Markdown ------------------------------------------------------------- */

void html_markdown(FILE *out, const char *text) {
    char *html = text ? cmark_markdown_to_html(text, strlen(text), CMARK_OPT_DEFAULT) : NULL;
    if (html) fputs(html, out);
    free(html);
}

void html_phrase(FILE *out, const char *text) {
    static const char begin[] = "<p>", end[] = "</p>\n";
    char *html = text ? cmark_markdown_to_html(text, strlen(text), CMARK_OPT_DEFAULT) : NULL;
    if (!html) return;
    char *last = strstr(html, end);
    const bool single = strncmp(html, begin, strlen(begin)) == 0 && last && last[strlen(end)] == '\0';
    if (single) *last = '\0';
    fputs(single ? html + strlen(begin) : html, out);
    free(html);
}

/* ---- JSON ----------------------------------------------------------------- */

/* What is written, and how. */
typedef struct json_page {
    FILE *out;
    bool in_shell;
} json_page;

enum { A_LINE = 88, STEP = 2 };

static char *as_text(json_t *value) { return json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(9)); }

static void write_nested(const json_page *page, json_t *value, int indent, size_t used);

static void write_token(const json_page *page, const char *kind, json_t *value) {
    char *text = as_text(value);
    if (!text) return;
    fprintf(page->out, "<i class=%s>", kind);
    for (char *rest = text, *quote; rest; rest = quote ? quote + 1 : NULL) {
        quote = page->in_shell ? strchr(rest, '\'') : NULL;
        if (quote) *quote = '\0';
        html_text(page->out, rest);
        if (quote) fputs("'\\''", page->out);
    }
    fputs("</i>", page->out);
    free(text);
}

static bool fits(json_t *value, size_t column) {
    char *text = as_text(value);
    const bool does = text && strlen(text) + column <= A_LINE;
    free(text);
    return does;
}

static void separate(const json_page *page, bool first, bool broken, int indent) {
    if (!first) fputc(',', page->out);
    if (broken)
        fprintf(page->out, "\n%*s", indent, "");
    else if (!first)
        fputc(' ', page->out);
}

static void write_object(const json_page *page, json_t *object, int indent, bool broken) {
    const char *key;
    json_t *value;
    bool first = true;
    json_object_foreach(object, key, value) {
        json_t *name = json_string(key);
        separate(page, first, broken, indent + STEP);
        write_token(page, "k", name);
        fputs(": ", page->out);
        write_nested(page, value, indent + STEP, strlen(key) + strlen("\"\": "));
        json_decref(name);
        first = false;
    }
}

static void write_array(const json_page *page, json_t *array, int indent, bool broken) {
    for (size_t i = 0; i < json_array_size(array); i++) {
        separate(page, i == 0, broken, indent + STEP);
        write_nested(page, json_array_get(array, i), indent + STEP, 0);
    }
}

/* In a line that is indented so far, and of which the key before the value has used some. */
static void write_nested(const json_page *page, json_t *value, int indent, size_t used) {
    if (json_is_object(value) || json_is_array(value)) {
        const bool broken = !fits(value, (size_t)indent + used), object = json_is_object(value);
        fputc(object ? '{' : '[', page->out);
        (object ? write_object : write_array)(page, value, indent, broken);
        if (broken) fprintf(page->out, "\n%*s", indent, "");
        fputc(object ? '}' : ']', page->out);
    } else {
        write_token(page, json_is_string(value) ? "s" : json_is_number(value) ? "n" : "w", value);
    }
}

void html_json(FILE *out, json_t *value, bool in_shell) {
    const json_page page = {out, in_shell};
    write_nested(&page, value, 0, 0);
}

void html_code(FILE *out, json_t *value) {
    const json_page page = {out, false};
    fputs("<code>", out);
    if (json_is_string(value))
        html_text(out, json_string_value(value));
    else
        write_token(&page, "w", value);
    fputs("</code>", out);
}
