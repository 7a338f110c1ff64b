/* brackets.c - lists, dicts and the arguments of calls. */
#include <string.h>

#include "dialect/parser.h"

/* ---- brackets ---- */

static cvs_status expect_value(cvs__parser *p, char close) {
    return cvs__parser_unexpected(p, close == ')' ? "a value or ')'" : "a value or ']'");
}

static cvs_status expect_comma(cvs__parser *p, char close) {
    return cvs__parser_unexpected(p, close == ')' ? "',' or ')'" : "',' or ']'");
}

/* Elements up to `close`, which is consumed. *only: the element of `[x]`, NULL when there are others or a comma. */
static cvs_status parse_elements(cvs__parser *p, cvs_node *list, char close, cvs_node **only) {
    cvs_node *last = NULL, *element = NULL;
    *only = NULL;
    while (!cvs__lexer_at(&p->lexer, close)) {
        if (cvs__parser_at_closer(p) || p->lexer.token.kind == CVS__TOKEN_END) return expect_value(p, close);
        cvs_status status = cvs__parse_expression(p, &element);
        if (status) return status;
        cvs__node_append(list, last, element);
        last = element;
        *only = list->count == 1 ? element : NULL;
        if (cvs__lexer_at(&p->lexer, close)) break;
        if (!cvs__lexer_at(&p->lexer, ',')) return expect_comma(p, close);
        *only = NULL;
        if ((status = cvs__parser_advance(p))) return status;
    }
    return cvs__parser_close_bracket(p);
}

/* [x] and (x, y) are lists; (x) is x itself. */
cvs_status cvs__parse_list(cvs__parser *p, cvs_node **out) {
    cvs_place place = p->lexer.token.place;
    char close = cvs__lexer_at(&p->lexer, '(') ? ')' : ']';
    cvs_node *list = cvs__parser_new_node(p, CVS_NODE_LIST, place), *only = NULL;
    if (!list) return cvs__parser_no_memory(p);
    cvs_status status = cvs__parser_open_bracket(p);
    if (!status) status = parse_elements(p, list, close, &only);
    *out = list;
    if (status || close == ']' || !only) return status;
    only->parent = NULL;
    only->place = place;
    *out = only;
    return CVS_OK;
}

static cvs_status parse_member(cvs__parser *p, cvs_node **out) {
    cvs_node *key = NULL;
    cvs_status status = cvs__parse_expression(p, &key);
    if (status) return status;
    if (key->kind != CVS_NODE_STRING && key->kind != CVS_NODE_NAME)
        return cvs__lexer_fail(&p->lexer, key->place, "bad-key", "a key must be a string, this is %s",
                               cvs__node_kind_name(key));
    if (!cvs__lexer_at(&p->lexer, ':')) return cvs__parser_unexpected(p, "':' and the key's value");
    if ((status = cvs__parser_advance(p))) return status;
    if ((status = cvs__parse_expression(p, out))) return status;
    (*out)->key = key->text;
    (*out)->key_place = key->place;
    return CVS_OK;
}

cvs_status cvs__parse_dict(cvs__parser *p, cvs_node **out) {
    cvs_node *dict = cvs__parser_new_node(p, CVS_NODE_DICT, p->lexer.token.place), *last = NULL, *member = NULL;
    if (!dict) return cvs__parser_no_memory(p);
    cvs_status status = cvs__parser_open_bracket(p);
    while (!status && !cvs__lexer_at(&p->lexer, '}')) {
        if (cvs__parser_at_closer(p) || p->lexer.token.kind == CVS__TOKEN_END)
            return cvs__parser_unexpected(p, "a key or '}'");
        if ((status = parse_member(p, &member))) return status;
        cvs__node_append(dict, last, member);
        last = member;
        if (cvs__lexer_at(&p->lexer, '}')) break;
        if (!cvs__lexer_at(&p->lexer, ',')) return cvs__parser_unexpected(p, "',' or '}'");
        status = cvs__parser_advance(p);
    }
    *out = dict;
    return status ? status : cvs__parser_close_bracket(p);
}

/* ---- calls ---- */

bool cvs__parser_is_label(const cvs__parser *p, const cvs_node *node) {
    return cvs__lexer_at(&p->lexer, ':') && p->lexer.source[node->place.offset] == '(' &&
           (node->kind == CVS_NODE_NAME || node->kind == CVS_NODE_INT);
}

/* As it is written: `(0-3): ` is the range, not what the two differ by. */
static cvs_status label_text(cvs__parser *p, const cvs_node *node, const char **text) {
    if (node->kind == CVS_NODE_NAME) {
        *text = node->text;
        return CVS_OK;
    }
    const char *start = p->lexer.source + node->place.offset + 1;
    const char *end = memchr(start, ')', p->lexer.length - (size_t)node->place.offset - 1);
    *text = cvs_arena_copy(p->lexer.arena, start, (size_t)(end - start));
    return *text ? CVS_OK : cvs__parser_no_memory(p);
}

/* At the `x` of `4 x Block(...)`, which *out has the number of: the call, which gets it. */
static cvs_status parse_repeated(cvs__parser *p, cvs_node **out) {
    const cvs_node *number = *out;
    cvs_status status = cvs__parser_advance(p);
    if (!status) status = cvs__parse_expression(p, out);
    if (status) return status;
    if ((*out)->kind != CVS_NODE_CALL)
        return cvs__lexer_fail(&p->lexer, (*out)->place, "unexpected-token", "a module's call must stand here");
    (*out)->integer = number->integer;
    return CVS_OK;
}

/* At '=' or ':' after a key that stands at `place`. */
static cvs_status parse_value(cvs__parser *p, const char *key, cvs_place place, cvs_node **out) {
    cvs_status status = cvs__parser_advance(p);
    if (!status) status = cvs__parse_expression(p, out);
    if (!status && p->keep_uses && (*out)->kind == CVS_NODE_INT && cvs__lexer_at_word(&p->lexer, "x"))
        status = parse_repeated(p, out);
    if (status) return status;
    (*out)->key = key;
    (*out)->key_place = place;
    return CVS_OK;
}

cvs_status cvs__parse_keyed(cvs__parser *p, cvs_node **out) {
    cvs_place place = (*out)->place;
    const char *key = NULL;
    cvs_status status = label_text(p, *out, &key);
    return status ? status : parse_value(p, key, place, out);
}

/* `name=value` is what most arguments are: the name needs no node. */
static cvs_status parse_keyword(cvs__parser *p, cvs_node **out) {
    cvs_place place = p->lexer.token.place;
    size_t start = (size_t)place.offset;
    const char *key = cvs_arena_copy(p->lexer.arena, p->lexer.source + start, p->lexer.token.end - start);
    if (!key) return cvs__parser_no_memory(p);
    cvs_status status = cvs__parser_advance(p);
    return status ? status : parse_value(p, key, place, out);
}

static cvs_status parse_argument(cvs__parser *p, const cvs_node *last, cvs_node **out, bool *printed) {
    if (cvs__lexer_at(&p->lexer, '*') || (p->lexer.token.symbol == '*' && p->lexer.token.doubled)) {
        cvs__parser_unexpected(p, "the arguments themselves, written out");
        return CVS_SYNTAX;
    }
    if (cvs__parser_at_keyword(p)) return parse_keyword(p, out);
    cvs_status status = cvs__parse_expression(p, out);
    if (status) return status;
    *printed = cvs__parser_is_label(p, *out);
    if (*printed) return cvs__parse_keyed(p, out);
    if (cvs__lexer_at(&p->lexer, '=')) {
        if ((*out)->kind != CVS_NODE_NAME)
            return cvs__parser_unexpected(p, "',' or ')'; only a name may stand before '='");
        return cvs__parse_keyed(p, out);
    }
    if (last && last->key)
        return cvs__lexer_fail(&p->lexer, (*out)->place, "positional-after-keyword",
                               "this argument has no name, but stands after '%s=', which has one", last->key);
    return CVS_OK;
}

cvs_status cvs__parse_arguments(cvs__parser *p, cvs_node *call) { return cvs__parse_more_arguments(p, call, NULL); }

cvs_status cvs__parse_more_arguments(cvs__parser *p, cvs_node *call, cvs_node *last) {
    cvs_node *argument = NULL;
    cvs_status status = cvs__parser_open_bracket(p);
    while (!status && !cvs__lexer_at(&p->lexer, ')')) {
        bool printed = false;
        if (cvs__parser_at_closer(p) || p->lexer.token.kind == CVS__TOKEN_END)
            return cvs__parser_unexpected(p, "an argument or ')'");
        if ((status = parse_argument(p, last, &argument, &printed))) return status;
        cvs__node_append(call, last, argument);
        last = argument;
        if (cvs__lexer_at(&p->lexer, ')')) break;
        if (cvs__lexer_at(&p->lexer, ','))
            status = cvs__parser_advance(p);
        else if (!printed) /* the lines of a printed module have no commas between them */
            return cvs__parser_unexpected(p, "',' or ')'");
    }
    return status ? status : cvs__parser_close_bracket(p);
}
