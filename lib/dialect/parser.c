#include "dialect/parser.h"

/* ---- errors ---- */

cvs_status cvs__parser_no_memory(cvs__parser *p) {
    return cvs_fail(p->err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory to read the text");
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

cvs_status cvs__parser_source_node(cvs__parser *p, cvs_place place, cvs_node **out) {
    cvs_node *node = cvs__parser_new_node(p, CVS_NODE_NAME, place);
    if (!node) return cvs__parser_no_memory(p);
    node->text_length = p->consumed - (size_t)place.offset;
    node->text = cvs_arena_copy(p->lexer.arena, p->lexer.source + place.offset, node->text_length);
    *out = node;
    return node->text ? CVS_OK : cvs__parser_no_memory(p);
}
