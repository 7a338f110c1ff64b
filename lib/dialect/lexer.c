#include "dialect/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/rare.h"

/* ---- the characters of ASCII ---- */

/* What a byte may be, in bits; those of other characters have none. */
enum { SPACE = 1, SOLID = 2 /* begins nothing that is skipped */, FIRST = 4, INNER = 8 /* of a name */ };
enum { DIGIT = 16, QUOTE = 32, PREFIX = 64 /* of a string */, SYMBOL = 128 };
enum { L = SOLID | FIRST | INNER, P = L | PREFIX, D = SOLID | INNER | DIGIT, S = SOLID | SYMBOL, Q = SOLID | QUOTE };

// clang-format off
static const unsigned char classes[256] = {
    ['\t'] = SPACE, SPACE, SPACE, SPACE, SPACE, [' '] = SPACE,
    ['0'] = D, D, D, D, D, D, D, D, D, D,
    ['A'] = L, P, L, L, L, P, L, L, L, L, L, L, L, L, L, L, L, P, L, L, P, L, L, L, L, L,
    ['a'] = L, P, L, L, L, P, L, L, L, L, L, L, L, L, L, L, L, P, L, L, P, L, L, L, L, L,
    ['_'] = L, ['?'] = SOLID | FIRST, /* a lone '?' stands for a value that is asked for */
    ['\''] = Q, ['"'] = Q,
    ['('] = S, [')'] = S, ['['] = S, [']'] = S, ['{'] = S, ['}'] = S, [','] = S, [':'] = S, [';'] = S, ['='] = S,
    ['+'] = S, ['-'] = S, ['*'] = S, ['/'] = S, ['%'] = S, ['.'] = SYMBOL,
};
// clang-format on

static inline unsigned class_at(const cvs__lexer *lexer, size_t at) {
    return classes[(unsigned char)lexer->source[at]];
}

/* ---- places and errors ---- */

static inline void count_byte(cvs_place *place, char c) {
    place->offset++;
    if (c == '\n') {
        place->line++;
        place->column = 1;
    } else if (((unsigned char)c & 0xC0) != 0x80) {
        place->column++;
    }
}

/* A column moves on with the first byte of a code point, so the place of a code point is counted before it. */
CVS__RARE static cvs_place count_place(cvs__lexer *lexer, size_t offset) {
    cvs_place place = lexer->counted;
    if (place.offset > (int64_t)offset) place = (cvs_place){0, 1, 1};
    while (place.offset < (int64_t)offset) count_byte(&place, lexer->source[place.offset]);
    lexer->counted = place;
    return place;
}

cvs_place cvs__lexer_place(cvs__lexer *lexer, size_t offset) {
    return lexer->one_line ? (cvs_place){(int64_t)offset, 1, (int)offset + 1} : count_place(lexer, offset);
}

cvs_status cvs__lexer_fail(const cvs__lexer *lexer, cvs_place place, const char *code, const char *format, ...) {
    char message[sizeof lexer->err->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    cvs_fail(lexer->err, CVS_SYNTAX, code, NULL, "%s", message);
    lexer->err->offset = place.offset;
    lexer->err->line = place.line;
    lexer->err->column = place.column;
    return CVS_SYNTAX;
}

/* ---- characters that are not ASCII ---- */

/* What people mean by a typographic character, or 0. Full-width forms U+FF01..U+FF5E mirror ASCII. */
static char plain_form(uint32_t point) {
    static const struct {
        uint32_t point;
        char plain;
    } forms[] = {{0x2018, '\''}, {0x2019, '\''}, {0x201A, '\''}, {0x201B, '\''}, {0x2032, '\''}, {0x201C, '"'},
                 {0x201D, '"'},  {0x201E, '"'},  {0x201F, '"'},  {0x2033, '"'},  {0xAB, '"'},    {0xBB, '"'},
                 {0x2010, '-'},  {0x2011, '-'},  {0x2013, '-'},  {0x2014, '-'},  {0x2212, '-'},  {0xD7, '*'},
                 {0x3001, ','},  {0x3002, '.'},  {0x3010, '['},  {0x3011, ']'}};
    if (point >= 0xFF01 && point <= 0xFF5E) return (char)(point - 0xFEE0);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].point == point) return forms[i].plain;
    return 0;
}

static bool is_space_point(uint32_t point) {
    return point == 0x85 || point == 0xA0 || (point >= 0x2000 && point <= 0x200B) || point == 0x2028 ||
           point == 0x2029 || point == 0x202F || point == 0x3000 || point == 0xFEFF;
}

/* Letters of other scripts may stand in names; marks that only look like Python's may not. */
CVS__RARE static int letter_bytes(const cvs__lexer *lexer, size_t at) {
    uint32_t point = 0;
    int size = cvs__utf8_decode(lexer->source + at, lexer->length - at, &point);
    return is_space_point(point) || plain_form(point) ? 0 : size;
}

static inline int name_bytes(const cvs__lexer *lexer, size_t at, unsigned part) {
    if ((unsigned char)lexer->source[at] < 0x80) return (class_at(lexer, at) & part) != 0;
    return letter_bytes(lexer, at);
}

/* ---- what is skipped ---- */

static bool starts_line(const cvs__lexer *lexer, size_t at) {
    while (at > 0 && (lexer->source[at - 1] == ' ' || lexer->source[at - 1] == '\t')) at--;
    return at == 0 || lexer->source[at - 1] == '\n';
}

static bool has(const cvs__lexer *lexer, size_t at, const char *word) {
    size_t length = strlen(word);
    return lexer->length - at >= length && memcmp(lexer->source + at, word, length) == 0;
}

/* Bytes of a comment, a line continuation, a prompt or a space beyond ASCII at `at`; 0 when there is none. */
CVS__RARE static size_t unusual_blank(const cvs__lexer *lexer, size_t at) {
    char c = lexer->source[at];
    if (c == '#') {
        const char *end = memchr(lexer->source + at, '\n', lexer->length - at);
        return end ? (size_t)(end - (lexer->source + at)) : lexer->length - at;
    }
    if (c == '\\') return has(lexer, at, "\\\n") ? 2 : has(lexer, at, "\\\r\n") ? 3 : 0;
    if ((has(lexer, at, ">>>") || has(lexer, at, "...")) && starts_line(lexer, at)) return 3;
    uint32_t point = 0;
    int size = cvs__utf8_decode(lexer->source + at, lexer->length - at, &point);
    return size > 1 && is_space_point(point) ? (size_t)size : 0;
}

/* Bytes of what is skipped at `at`. */
static inline size_t blank(const cvs__lexer *lexer, size_t at) {
    unsigned class = class_at(lexer, at);
    return class & SPACE ? 1 : class & SOLID ? 0 : unusual_blank(lexer, at);
}

/* ---- tokens ---- */

CVS__RARE static cvs_status fail_character(cvs__lexer *lexer, size_t at) {
    uint32_t point = 0;
    int size = cvs__utf8_decode(lexer->source + at, lexer->length - at, &point);
    const char *c = lexer->source + at;
    char plain = plain_form(point);
    cvs_place place = cvs__lexer_place(lexer, at);
    if (plain) {
        cvs__lexer_fail(lexer, place, "typographic-character",
                        "%.*s (U+%04X) is a typographic character, not Python's %c", size, c, (unsigned)point, plain);
        cvs_fail_expected(lexer->err, "the plain character %c", plain);
    } else if (*c == '<') {
        cvs__lexer_fail(lexer, place, "unexpected-character",
                        "'<' begins a printed Python object or a comparison, which does not say how a layer was made");
        cvs_fail_expected(lexer->err, "the line of code that makes the layer, e.g. Conv2D(32, 3)");
    } else if (point < 0x20 || point == 0x7F) {
        cvs__lexer_fail(lexer, place, "unexpected-character", "the control character U+%04X cannot stand here",
                        (unsigned)point);
        return CVS_SYNTAX;
    } else {
        cvs__lexer_fail(lexer, place, "unexpected-character", "the character '%.*s' has no meaning here", size, c);
    }
    cvs_fail_value(lexer->err, "%.*s", size, c);
    return CVS_SYNTAX;
}

/* `first` is the length of its first character. */
static void read_name(const cvs__lexer *lexer, size_t at, int first, cvs__token *token) {
    token->kind = CVS__TOKEN_NAME;
    for (int size = first; size; size = at < lexer->length ? name_bytes(lexer, at, INNER) : 0) {
        at += (size_t)size;
        while (at < lexer->length && class_at(lexer, at) & INNER) at++;
    }
    token->end = at;
}

static cvs_status read_symbol(cvs__lexer *lexer, size_t at, cvs__token *token) {
    char c = lexer->source[at];
    bool known = class_at(lexer, at) & SYMBOL;
    if (!known && !(lexer->any_symbol && c && strchr("<>!&|^~@", c))) return fail_character(lexer, at);
    token->kind = CVS__TOKEN_SYMBOL;
    token->symbol = c;
    bool doubles = c == '=' || c == '*' || c == '/';
    token->doubled = doubles && at + 1 < lexer->length && lexer->source[at + 1] == c;
    token->end = at + (token->doubled ? 2 : 1);
    return CVS_OK;
}

cvs_status cvs__lexer_next(cvs__lexer *lexer) {
    size_t at = lexer->token.end, skip = 0;
    while (at < lexer->length && (skip = blank(lexer, at)) > 0) at += skip;
    cvs__token *token = &lexer->token;
    *token = (cvs__token){CVS__TOKEN_END, .place = cvs__lexer_place(lexer, at), .end = at};
    if (at == lexer->length) return CVS_OK;
    unsigned class = class_at(lexer, at);
    bool quoted = class & QUOTE || (class & PREFIX && cvs__lexer_string_prefix(lexer, at) >= 0);
    if (quoted) return cvs__lexer_string(lexer, at, token);
    bool fraction = lexer->source[at] == '.' && at + 1 < lexer->length && class_at(lexer, at + 1) & DIGIT;
    if (class & DIGIT || fraction) return cvs__lexer_number(lexer, at, token);
    int first = name_bytes(lexer, at, FIRST);
    if (!first) return read_symbol(lexer, at, token);
    read_name(lexer, at, first, token);
    return CVS_OK;
}

/* How many bytes of ASCII without NUL there are from `at` on: eight at a time, then one by one. */
static size_t ascii_run(const cvs__lexer *lexer, size_t at) {
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    size_t start = at;
    for (uint64_t eight; lexer->length - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, lexer->source + at, sizeof eight);
        if ((eight | (eight - ones)) & tops) break; /* a top bit is set, or was borrowed by a NUL */
    }
    while (at < lexer->length && lexer->source[at] > 0) at++;
    return at - start;
}

/* Everything after this may rely on well-formed UTF-8 without NUL. */
static cvs_status check_bytes(cvs__lexer *lexer) {
    uint32_t point = 0;
    bool ascii = true;
    for (size_t at = 0; at < lexer->length;) {
        at += ascii_run(lexer, at);
        if (at == lexer->length) break;
        ascii = false;
        int size = cvs__utf8_decode(lexer->source + at, lexer->length - at, &point);
        if (!size)
            return cvs__lexer_fail(lexer, cvs__lexer_place(lexer, at), "not-utf8",
                                   "the byte 0x%02X at offset %zu is not UTF-8", (unsigned char)lexer->source[at], at);
        if (!point)
            return cvs__lexer_fail(lexer, cvs__lexer_place(lexer, at), "unexpected-character",
                                   "there is a NUL character in the text");
        at += (size_t)size;
    }
    lexer->one_line = ascii && !memchr(lexer->source, '\n', lexer->length);
    return CVS_OK;
}

cvs_status cvs__lexer_start(cvs__lexer *lexer, cvs_arena *arena, const char *source, size_t length, cvs_error *err) {
    lexer->arena = arena;
    lexer->source = source;
    lexer->length = length;
    lexer->one_line = false; /* until the bytes are checked */
    lexer->counted = (cvs_place){0, 1, 1};
    lexer->token.end = 0; /* the rest of it comes with the first token */
    lexer->any_symbol = false;
    lexer->err = err;
    cvs_status status = check_bytes(lexer);
    return status ? status : cvs__lexer_next(lexer);
}

bool cvs__lexer_is_word(const cvs__lexer *lexer, const char *word) {
    size_t start = (size_t)lexer->token.place.offset, length = strlen(word);
    return lexer->token.end - start == length && memcmp(lexer->source + start, word, length) == 0;
}

const char *cvs__lexer_describe(const cvs__lexer *lexer, char *buffer, size_t size) {
    static const char *const kinds[] = {[CVS__TOKEN_NAME] = "the name ",
                                        [CVS__TOKEN_INT] = "the number ",
                                        [CVS__TOKEN_REAL] = "the number ",
                                        [CVS__TOKEN_STRING] = "the string ",
                                        [CVS__TOKEN_SYMBOL] = ""};
    const cvs__token *token = &lexer->token;
    if (token->kind == CVS__TOKEN_END) {
        snprintf(buffer, size, "the end of the text");
        return buffer;
    }
    const char *source = lexer->source + token->place.offset, *quote = token->kind == CVS__TOKEN_STRING ? "" : "'";
    size_t length = token->end - (size_t)token->place.offset, shown = cvs__utf8_cut(source, length, 40);
    snprintf(buffer, size, "%s%s%.*s%s%s", kinds[token->kind], quote, (int)shown, source, shown < length ? "..." : "",
             quote);
    return buffer;
}
