/* literal.c - the values of string and number literals. */
#include "dialect/lexer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

/* ---- strings ---- */

static bool is_prefix(char c) {
    c |= 0x20; /* in lower case */
    return c == 'r' || c == 'b' || c == 'u' || c == 'f';
}

int cvs__lexer_string_prefix(const cvs__lexer *lexer, size_t offset) {
    for (int i = 0; i < 3 && offset + (size_t)i < lexer->length; i++) {
        char c = lexer->source[offset + (size_t)i];
        if (c == '\'' || c == '"') return i;
        if (!is_prefix(c)) return -1;
    }
    return -1;
}

static bool is_raw(const cvs__lexer *lexer, size_t offset, int prefix) {
    for (int i = 0; i < prefix; i++)
        if (tolower((unsigned char)lexer->source[offset + (size_t)i]) == 'r') return true;
    return false;
}

/* The offset of the closing quote, or `length` when the string does not end on its line. *plain: no backslash in it. */
static size_t find_quote(const cvs__lexer *lexer, size_t at, char quote, bool *plain) {
    *plain = true;
    while (at < lexer->length) {
        char c = lexer->source[at++];
        if (c == quote) return at - 1;
        if (c == '\n') return lexer->length;
        if (c != '\\') continue;
        *plain = false;
        if (at < lexer->length) at++;
    }
    return lexer->length;
}

static int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* Up to `most` digits of a base; how many there were. */
static int read_digits(const char *text, size_t length, int base, int most, uint32_t *value) {
    int count = 0;
    *value = 0;
    while (count < most && (size_t)count < length && digit_of(text[count]) < base)
        *value = *value * (uint32_t)base + (uint32_t)digit_of(text[count++]);
    return count;
}

/* \x41, \u0041, \U00000041, \101: how many bytes after the backslash were read, 0 when it is no such escape. */
static int numeric_escape(const char *text, size_t length, uint32_t *point) {
    int digits = text[0] == 'x' ? 2 : text[0] == 'u' ? 4 : text[0] == 'U' ? 8 : 0;
    if (digits) return read_digits(text + 1, length - 1, 16, digits, point) == digits ? digits + 1 : 0;
    return read_digits(text, length, 8, 3, point);
}

/* Append what the escape after a backslash stands for; how many bytes of it were read, 0 when it is not legal. */
static int escape(const char *text, size_t length, char *out, size_t *size) {
    static const char letters[] = "ntr\\'\"abfv\n", values[] = "\n\t\r\\'\"\a\b\f\v";
    const char *letter = text[0] ? strchr(letters, text[0]) : NULL;
    if (letter) {
        if (*letter != '\n') out[(*size)++] = values[letter - letters];
        return 1;
    }
    uint32_t point = 0;
    int read = numeric_escape(text, length, &point);
    if (!read && !strchr("xuU", text[0])) { /* an unknown escape stands for itself, as in Python */
        out[(*size)++] = '\\';
        out[(*size)++] = text[0];
        return 1;
    }
    if (!read || !point || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return 0;
    *size += (size_t)cvs__utf8_encode(point, out + *size);
    return read;
}

/* What stands from `at` to the closing quote, with its escapes put in. */
static cvs_status unescape(cvs__lexer *lexer, size_t at, size_t close, char *out, size_t *size) {
    *size = 0;
    while (at < close) {
        char c = lexer->source[at++];
        if (c != '\\') {
            out[(*size)++] = c;
            continue;
        }
        int read = escape(lexer->source + at, close - at, out, size);
        if (!read)
            return cvs__lexer_fail(lexer, cvs__lexer_place(lexer, at - 1), "bad-escape",
                                   "this escape sequence stands for no character");
        at += (size_t)read;
    }
    return CVS_OK;
}

cvs_status cvs__lexer_string(cvs__lexer *lexer, size_t offset, cvs__token *token) {
    int prefix = cvs__lexer_string_prefix(lexer, offset);
    bool plain;
    size_t at = offset + (size_t)prefix + 1, close = find_quote(lexer, at, lexer->source[at - 1], &plain);
    if (close == lexer->length) {
        cvs__lexer_fail(lexer, token->place, "unclosed-string", "the string that opens here has no closing quote");
        cvs_fail_expected(lexer->err, "%c at the end of the string", lexer->source[at - 1]);
        return CVS_SYNTAX;
    }
    /* No escape is shorter than what it stands for, so the literal's own length is room enough. */
    char *out = cvs_arena_take(lexer->arena, close - at + 1);
    if (!out) return cvs_fail(lexer->err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory to read the text");
    size_t size = close - at;
    if (plain || is_raw(lexer, offset, prefix))
        memcpy(out, lexer->source + at, size);
    else if (unescape(lexer, at, close, out, &size))
        return CVS_SYNTAX;
    out[size] = '\0';
    token->kind = CVS__TOKEN_STRING;
    token->end = close + 1;
    token->text = out;
    token->text_length = size;
    return CVS_OK;
}

/* ---- numbers ---- */

typedef struct number_shape {
    size_t end;
    bool real, malformed;
} number_shape;

static size_t skip_digits(const cvs__lexer *lexer, size_t at) {
    while (at < lexer->length && (cvs__is_digit(lexer->source[at]) || lexer->source[at] == '_')) at++;
    return at;
}

static char char_at(const cvs__lexer *lexer, size_t at) { return at < lexer->length ? lexer->source[at] : '\0'; }

static number_shape measure_number(const cvs__lexer *lexer, size_t at) {
    number_shape shape = {.end = skip_digits(lexer, at)};
    if (char_at(lexer, shape.end) == '.') {
        shape.real = true;
        shape.end = skip_digits(lexer, shape.end + 1);
    }
    char e = char_at(lexer, shape.end);
    if (e == 'e' || e == 'E') {
        char sign = char_at(lexer, shape.end + 1);
        size_t digits = shape.end + (sign == '+' || sign == '-' ? 2 : 1);
        shape.real = true;
        shape.malformed = !cvs__is_digit(char_at(lexer, digits));
        shape.end = skip_digits(lexer, digits);
    }
    char after = char_at(lexer, shape.end);
    shape.malformed |= cvs__is_letter(after) || lexer->source[shape.end - 1] == '_';
    return shape;
}

static bool read_integer(const cvs__lexer *lexer, size_t at, size_t end, int64_t *value) {
    *value = 0;
    for (; at < end; at++) {
        if (lexer->source[at] == '_') continue;
        if (!cvs__mul(*value, 10, value) || !cvs__add(*value, lexer->source[at] - '0', value)) return false;
    }
    return true;
}

enum { LONGEST_REAL = 64 };

/* strtod() wants a NUL, and no underscores. False when the literal is absurdly long. */
static bool read_real(const cvs__lexer *lexer, size_t at, size_t end, double *value) {
    char digits[LONGEST_REAL + 1];
    size_t length = 0;
    for (; at < end; at++) {
        if (lexer->source[at] == '_') continue;
        if (length == LONGEST_REAL) return false;
        digits[length++] = lexer->source[at];
    }
    digits[length] = '\0';
    *value = strtod(digits, NULL);
    return true;
}

cvs_status cvs__lexer_number(cvs__lexer *lexer, size_t offset, cvs__token *token) {
    number_shape shape = measure_number(lexer, offset);
    token->kind = shape.real ? CVS__TOKEN_REAL : CVS__TOKEN_INT;
    token->end = shape.end;
    if (shape.malformed || shape.end - offset > INT32_MAX) {
        cvs__lexer_fail(lexer, token->place, "bad-number", "this is not a number that Python would read");
        cvs_fail_expected(lexer->err, "a decimal number such as 3, 1_000 or 0.5");
        return CVS_SYNTAX;
    }
    int shown = (int)(shape.end - offset < 40 ? shape.end - offset : 40);
    bool ok = shape.real ? read_real(lexer, offset, shape.end, &token->real)
                         : read_integer(lexer, offset, shape.end, &token->integer);
    if (ok) return CVS_OK;
    cvs__lexer_fail(lexer, token->place, "number-too-large", "the number %.*s is too large", shown,
                    lexer->source + offset);
    cvs_fail_value(lexer->err, "%.*s", shown, lexer->source + offset);
    if (shape.real)
        cvs_fail_expected(lexer->err, "at most %d digits", LONGEST_REAL);
    else
        cvs_fail_expected(lexer->err, "at most 9223372036854775807");
    return CVS_SYNTAX;
}
