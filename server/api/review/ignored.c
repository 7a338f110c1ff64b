#include "api/review/ignored.h"

#include "api/problem.h"

#include <stdlib.h>
#include <string.h>

static const char mark[] = "convscope:", line_word[] = "ignore", file_word[] = "ignore-file";

/* A comment with our mark, and the words behind it. */
typedef struct comment {
    const char *at, *words, *end;
    int line, column;
    int64_t offset; /* of `at` in the text */
} comment;

static const char *skip_blanks(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    return at;
}

/* Our mark behind a '#': the first in the line that has it, for other tools' comments may stand before. NULL: none. */
static const char *find_mark(const char *line, const char *end) {
    for (const char *sign = line; (sign = memchr(sign, '#', (size_t)(end - sign))) != NULL; sign++) {
        const char *at = skip_blanks(sign + 1, end);
        if ((size_t)(end - at) >= sizeof mark - 1 && memcmp(at, mark, sizeof mark - 1) == 0) return at;
    }
    return NULL;
}

/* The comment of one line; false when it has none, or not ours. */
static bool find_comment(const char *line, const char *end, comment *out) {
    const char *at = find_mark(line, end);
    if (!at) return false;
    out->at = at;
    out->column = 1;
    for (const char *c = line; c < at; c++) out->column += ((unsigned char)*c & 0xC0) != 0x80;
    out->words = skip_blanks(at + sizeof mark - 1, end);
    out->end = end;
    return true;
}

static bool takes(comment *c, const char *word) {
    const size_t length = strlen(word), left = (size_t)(c->end - c->words);
    if (left < length || memcmp(c->words, word, length) != 0) return false;
    if (left > length && !strchr(" \t\r,", c->words[length])) return false;
    c->words = skip_blanks(c->words + length, c->end);
    return true;
}

static cvs_status fail(const comment *c, const char *message, cvs_error *err) {
    (void)cvs_fail(err, CVS_INVALID, "comment-unknown", "", "%s", message);
    err->offset = c->offset;
    err->line = c->line;
    err->column = c->column;
    return CVS_INVALID;
}

static cvs_status read_rules(const comment *c, cvs_rule_set *out, cvs_error *err) {
    char words[512] = "";
    const size_t length = (size_t)(c->end - c->words);
    if (length >= sizeof words) return fail(c, "This comment is too long: name fewer rules, or none for all.", err);
    memcpy(words, c->words, length);
    words[strcspn(words, "\r")] = '\0';
    if (!*words) {
        *out = cvs_rule_set_all();
        return CVS_OK;
    }
    cvs_error wrong = {0};
    return cvs_rule_set_read(words, out, &wrong) == CVS_OK ? CVS_OK : fail(c, wrong.message, err);
}

static cvs_status read_comment(ignored *all, comment *c, cvs_error *err) {
    cvs_rule_set rules = {0};
    const bool file = takes(c, file_word);
    if (!file && !takes(c, line_word))
        return fail(c,
                    "A comment for Convscope is \"convscope: ignore\" or \"convscope: ignore-file\", with rules behind "
                    "it or without.",
                    err);
    const cvs_status status = read_rules(c, &rules, err);
    if (status != CVS_OK) return status;
    if (file)
        all->everywhere.bits |= rules.bits;
    else
        all->lines[all->count++] = (ignored_line){c->line, rules};
    return CVS_OK;
}

static size_t count_marks(const review_text *text) {
    size_t count = 0;
    const char *at = text->bytes, *end = at + text->length;
    while ((at = memmem(at, (size_t)(end - at), mark, sizeof mark - 1)) != NULL) {
        at += sizeof mark - 1;
        count++;
    }
    return count;
}

cvs_status ignored_read(ignored *out, const review_text *text, cvs_arena *arena, cvs_error *err) {
    *out = (ignored){.count = 0};
    const size_t marks = text->bytes && !text->is_json ? count_marks(text) : 0;
    if (marks == 0) return CVS_OK;
    out->lines = cvs_arena_alloc(arena, marks * sizeof *out->lines);
    if (!out->lines) return problem_no_memory(err);
    cvs_status status = CVS_OK;
    const char *end = text->bytes + text->length;
    comment c = {.line = 1};
    for (const char *line = text->bytes; line < end && status == CVS_OK; c.line++) {
        const char *newline = memchr(line, '\n', (size_t)(end - line)), *line_end = newline ? newline : end;
        if (find_comment(line, line_end, &c)) {
            c.offset = c.at - text->bytes;
            status = read_comment(out, &c, err);
        }
        line = line_end + 1;
    }
    return status;
}

static int compare(const void *key, const void *entry) {
    return *(const int *)key - ((const ignored_line *)entry)->line;
}

bool ignored_has(const ignored *all, const cvs_rule *rule, int line) {
    if (cvs_rule_set_has(all->everywhere, rule)) return true;
    if (all->count == 0) return false;
    const ignored_line *at = bsearch(&line, all->lines, all->count, sizeof *all->lines, compare);
    return at && cvs_rule_set_has(at->rules, rule);
}
