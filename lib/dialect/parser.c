#include "dialect/parser.h"

#include <string.h>

/* ---- errors ---- */

cvs_status cvs__parser_no_memory(cvs__parser *p) {
    return cvs_fail(p->err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory to read the text");
}

bool cvs__parser_on_new_line(const cvs__parser *p) {
    return memchr(p->lexer.source + p->consumed, '\n', (size_t)p->lexer.token.place.offset - p->consumed);
}

bool cvs__parser_closes(const cvs__parser *p) {
    char open = p->depth ? p->open[p->depth - 1].symbol : '\0';
    return cvs__lexer_at(&p->lexer, open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : '\0');
}

cvs_status cvs__parser_unexpected(cvs__parser *p, const char *expected) {
    char met[80];
    const cvs__token *token = &p->lexer.token;
    cvs__lexer_describe(&p->lexer, met, sizeof met);
    const char *code = "unexpected-token";
    if (p->depth && (token->kind == CVS__TOKEN_END || cvs__parser_at_closer(p))) {
        cvs_place open = p->open[p->depth - 1].place;
        char symbol = p->open[p->depth - 1].symbol;
        code = token->kind == CVS__TOKEN_END ? "unclosed-bracket" : "mismatched-bracket";
        if (token->kind == CVS__TOKEN_END)
            cvs__lexer_fail(&p->lexer, token->place, code, "unclosed '%c' opened at line %d, column %d", symbol,
                            open.line, open.column);
        else
            cvs__lexer_fail(&p->lexer, token->place, code, "%s does not close the '%c' opened at line %d, column %d",
                            met, symbol, open.line, open.column);
    } else {
        if (token->kind == CVS__TOKEN_END) code = "unexpected-end";
        cvs__lexer_fail(&p->lexer, token->place, code, "%s cannot stand here", met);
    }
    cvs_fail_value(p->err, "%s", met);
    cvs_fail_expected(p->err, "%s", expected);
    return CVS_SYNTAX;
}

/* ---- steps ---- */

cvs_status cvs__parser_open_bracket(cvs__parser *p) {
    if (p->depth == CVS_NODE_MAX_DEPTH)
        return cvs__lexer_fail(&p->lexer, p->lexer.token.place, "too-deep",
                               "brackets are nested more than %d levels deep", CVS_NODE_MAX_DEPTH);
    p->open[p->depth].place = p->lexer.token.place;
    p->open[p->depth++].symbol = p->lexer.token.symbol;
    return cvs__parser_advance(p);
}

cvs_status cvs__parser_close_bracket(cvs__parser *p) {
    p->depth--;
    return cvs__parser_advance(p);
}

enum { MOST_ELEMENTS = 16 }; /* of a list that a name stands for: sizes, strides, shapes */

/* Numbers and words, and short lists of them: what stands for a name can be copied without much growing. */
static bool is_constant(const cvs_node *value) {
    if (value->kind != CVS_NODE_LIST) return value->kind != CVS_NODE_DICT && value->kind != CVS_NODE_CALL;
    bool flat = value->count <= MOST_ELEMENTS;
    for (const cvs_node *element = value->child; element; element = element->next) flat &= !element->child;
    return flat;
}

static cvs_node *copy_constant(cvs__parser *p, const cvs_node *value, cvs_place place) {
    cvs_node *copy = cvs__parser_new_node(p, value->kind, place), *last = NULL;
    if (!copy) return NULL;
    *copy = *value;
    copy->parent = copy->child = copy->next = NULL;
    copy->key = NULL;
    copy->count = 0;
    copy->place = place;
    for (const cvs_node *element = value->child; element; element = element->next) {
        cvs_node *inner = copy_constant(p, element, place);
        if (!inner) return NULL;
        cvs__node_append(copy, last, inner);
        last = inner;
    }
    return copy;
}

cvs_status cvs__parser_let(cvs__parser *p, cvs_node **out) {
    const cvs_node *value = p->find && p->bind ? p->find(p->names, (*out)->text) : NULL;
    if (!value || !is_constant(value)) return CVS_OK;
    *out = copy_constant(p, value, (*out)->place);
    return *out ? CVS_OK : cvs__parser_no_memory(p);
}

cvs_status cvs__parser_source_node(cvs__parser *p, cvs_place place, cvs_node **out) {
    cvs_node *node = cvs__parser_new_node(p, CVS_NODE_NAME, place);
    if (!node) return cvs__parser_no_memory(p);
    node->text_length = p->consumed - (size_t)place.offset;
    node->text = cvs_arena_copy(p->lexer.arena, p->lexer.source + place.offset, node->text_length);
    *out = node;
    return node->text ? CVS_OK : cvs__parser_no_memory(p);
}
