#include "dialect/code.h"

#include <string.h>

/* ---- lines ---- */

/* Outside of brackets: is the statement over? */
static bool at_end(const cvs__parser *p) {
    return p->lexer.token.kind == CVS__TOKEN_END || cvs__lexer_at(&p->lexer, ';') || cvs__parser_on_new_line(p);
}

/* Past an import: to the end of its line, or of the bracket that it ends with. */
static cvs_status skip_line(cvs__parser *p) {
    cvs_status status = cvs__parser_advance(p);
    while (!status && (p->depth > 0 || !at_end(p))) {
        const bool closes = cvs__parser_at_closer(p), opens = cvs__lexer_at(&p->lexer, '(');
        if (p->lexer.token.kind == CVS__TOKEN_END || (closes && !cvs__parser_closes(p)))
            return cvs__parser_unexpected(p, "what is imported");
        status = opens ? cvs__parser_open_bracket(p) : closes ? cvs__parser_close_bracket(p) : cvs__parser_advance(p);
    }
    return status;
}

/* ---- what is not read ---- */

static bool at_word_of(const cvs__parser *p, const char *const *words) {
    while (*words && !cvs__lexer_at_word(&p->lexer, *words)) words++;
    return *words;
}

static cvs_status fail_running(cvs__parser *p) {
    static const char *const words[] = {"def", "class", "for",   "while",  "if",    "elif",   "else", "with",
                                        "try", "raise", "async", "assert", "yield", "global", "del",  NULL};
    if (!at_word_of(p, words)) return CVS_OK;
    char word[80];
    cvs__lexer_describe(&p->lexer, word, sizeof word);
    cvs__lexer_fail(
        &p->lexer, p->lexer.token.place, "code-not-run",
        "%s begins code that would have to be run; only lines that make layers, bind and apply them are read", word);
    cvs_fail_value(p->err, "%s", word);
    cvs_fail_expected(p->err, "Sequential([...]), model.add(...), x = Conv2D(...)(x), nn.Sequential(...), or what "
                              "print(model) shows");
    return CVS_SYNTAX;
}

/* ---- statements ---- */

/* Does a single '=' follow the token, or a dotted name that begins with it? Then it is bound, not used. */
static bool at_binding(const cvs__parser *p) {
    const char *source = p->lexer.source;
    size_t at = p->lexer.token.end;
    if (p->lexer.token.kind != CVS__TOKEN_NAME) return false;
    while (at < p->lexer.length && (cvs__is_letter(source[at]) || cvs__is_digit(source[at]) || source[at] == '_' ||
                                    source[at] == '.' || source[at] == ' '))
        at++;
    return at + 1 < p->lexer.length && source[at] == '=' && source[at + 1] != '=';
}

/* At the first target, or behind one and its '='. */
static cvs_status parse_targets(cvs__parser *p, cvs__statement *out, cvs_node **value) {
    cvs_status status = CVS_OK;
    while (!status && at_binding(p)) {
        p->bind = false;
        status = cvs__parse_expression(p, value);
        p->bind = true;
        if (status) break;
        if ((*value)->kind != CVS_NODE_NAME || !cvs__lexer_at(&p->lexer, '='))
            return cvs__parser_unexpected(p, "a name and '='");
        out->target = (*value)->text;
        status = cvs__parser_advance(p);
    }
    return status;
}

/* `a, b = c, d`: past all the others. */
static cvs_status parse_unpacked(cvs__parser *p, cvs__statement *out, cvs_node **value) {
    cvs_status status = CVS_OK;
    while (!status && (cvs__lexer_at(&p->lexer, ',') || cvs__lexer_at(&p->lexer, '='))) {
        status = cvs__parser_advance(p);
        if (status || at_end(p)) return status;
        status = cvs__parse_expression(p, value);
        out->unpacked = true;
    }
    return status;
}

static cvs_status parse_statement(cvs__parser *p, cvs__statement *out) {
    cvs_node *value = NULL;
    cvs_status status = parse_targets(p, out, &value);
    if (!status) status = cvs__parse_expression(p, &value);
    if (status) return status;
    if (cvs__parser_is_label(p, value)) status = cvs__parse_keyed(p, &value);
    if (!status) status = parse_unpacked(p, out, &value);
    out->value = value;
    if (status || p->lexer.token.kind == CVS__TOKEN_END || cvs__lexer_at(&p->lexer, ';') || cvs__parser_on_new_line(p))
        return status;
    return cvs__parser_unexpected(p, "the end of the line");
}

/* Past what says nothing of the model: to the next statement. */
static cvs_status skip_silent(cvs__parser *p) {
    static const char *const imports[] = {"import", "from", NULL};
    cvs_status status = CVS_OK;
    while (!status) {
        if (at_word_of(p, imports))
            status = skip_line(p);
        else if (cvs__lexer_at(&p->lexer, ';') || cvs__lexer_at_word(&p->lexer, "return"))
            status = cvs__parser_advance(p);
        else
            break;
    }
    return status;
}

cvs_status cvs__code_start(cvs__code *code, cvs_arena *arena, const char *text, size_t length, size_t limit,
                           cvs_error *err) {
    cvs__parser *p = &code->parser;
    *p = (cvs__parser){.err = err, .keep_uses = true, .bind = true};
    if (length > limit) {
        cvs_fail(err, CVS_SYNTAX, "text-too-long", NULL, "the text has %zu bytes, more than %zu", length, limit);
        cvs_fail_expected(err, "at most %zu bytes", limit);
        return CVS_SYNTAX;
    }
    return cvs__lexer_start(&p->lexer, arena, text, length, err);
}

void cvs__code_let(cvs__code *code, const cvs_node *(*find)(void *names, const char *name), void *names) {
    code->parser.find = find;
    code->parser.names = names;
}

cvs_status cvs__code_next(cvs__code *code, cvs__statement *out) {
    cvs__parser *p = &code->parser;
    *out = (cvs__statement){0};
    cvs_status status = skip_silent(p);
    if (status || p->lexer.token.kind == CVS__TOKEN_END) return status;
    status = fail_running(p);
    return status ? status : parse_statement(p, out);
}

bool cvs__code_is_label(const cvs__code *code, const cvs_node *node) {
    return node->key && node->key_place.offset >= 0 && code->parser.lexer.source[node->key_place.offset] == '(';
}
