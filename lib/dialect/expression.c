/* expression.c - values, names, and the operators between them. */
#include <string.h>

#include "dialect/parser.h"

static cvs_status parse_literal(cvs__parser *p, cvs_node_kind kind, cvs_node **out) {
    const cvs__token *token = &p->lexer.token;
    cvs_node *node = cvs__parser_new_node(p, kind, token->place);
    if (!node) return cvs__parser_no_memory(p);
    node->integer = token->integer;
    node->real = token->real;
    node->text = token->text;
    node->text_length = token->text_length;
    *out = node;
    return cvs__parser_advance(p);
}

/* Words that are values. */
static const struct constant {
    const char *word;
    cvs_node_kind kind;
    bool value;
} constants[] = {{"True", CVS_NODE_BOOL, true},   {"true", CVS_NODE_BOOL, true},  {"False", CVS_NODE_BOOL, false},
                 {"false", CVS_NODE_BOOL, false}, {"None", CVS_NODE_NULL, false}, {"null", CVS_NODE_NULL, false}};

static const struct constant *constant_at(const cvs__parser *p) {
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (cvs__lexer_at_word(&p->lexer, constants[i].word)) return &constants[i];
    return NULL;
}

static cvs_status skip_dotted(cvs__parser *p, bool *any);

static cvs_status parse_name(cvs__parser *p, cvs_node **out) {
    const struct constant *constant = constant_at(p);
    if (constant) {
        cvs_status status = parse_literal(p, constant->kind, out);
        if (!status) (*out)->boolean = constant->value;
        return status;
    }
    cvs_place place = p->lexer.token.place;
    if (cvs__lexer_at_word(&p->lexer, "lambda")) return cvs__parser_unexpected(p, "a value; functions cannot be read");
    bool dotted;
    cvs_status status = cvs__parser_advance(p);
    if (!status) status = skip_dotted(p, &dotted);
    return status ? status : cvs__parser_source_node(p, place, out);
}

static cvs_status parse_primary(cvs__parser *p, cvs_node **out) {
    switch (p->lexer.token.kind) {
    case CVS__TOKEN_INT:
        return parse_literal(p, CVS_NODE_INT, out);
    case CVS__TOKEN_REAL:
        return parse_literal(p, CVS_NODE_REAL, out);
    case CVS__TOKEN_STRING:
        return parse_literal(p, CVS_NODE_STRING, out);
    case CVS__TOKEN_NAME:
        return parse_name(p, out);
    case CVS__TOKEN_SYMBOL:
        if (cvs__lexer_at(&p->lexer, '(') || cvs__lexer_at(&p->lexer, '[')) return cvs__parse_list(p, out);
        if (cvs__lexer_at(&p->lexer, '{')) return cvs__parse_dict(p, out);
        break;
    case CVS__TOKEN_END:
        break;
    }
    return cvs__parser_unexpected(p, "a value: a layer's call, a number, a string, a list");
}

/* Past `[...]`, whatever is in it. */
static cvs_status skip_subscript(cvs__parser *p) {
    int outside = p->depth;
    cvs_status status = cvs__parser_open_bracket(p);
    while (!status && p->depth > outside) {
        if (p->lexer.token.kind == CVS__TOKEN_END) return cvs__parser_unexpected(p, "']'");
        if (cvs__parser_at_closer(p) && !cvs__parser_closes(p)) return cvs__parser_unexpected(p, "']'");
        bool opens = cvs__lexer_at(&p->lexer, '[') || cvs__lexer_at(&p->lexer, '(') || cvs__lexer_at(&p->lexer, '{');
        status = opens                      ? cvs__parser_open_bracket(p)
                 : cvs__parser_at_closer(p) ? cvs__parser_close_bracket(p)
                                            : cvs__parser_advance(p);
    }
    return status;
}

static cvs_status skip_attribute(cvs__parser *p) {
    cvs_status status = cvs__parser_advance(p);
    if (status) return status;
    if (p->lexer.token.kind != CVS__TOKEN_NAME) return cvs__parser_unexpected(p, "a name after '.'");
    return cvs__parser_advance(p);
}

/* a.b and a[i] are names, the way they are written: past what follows the first of them. */
static cvs_status skip_dotted(cvs__parser *p, bool *any) {
    cvs_status status = CVS_OK;
    bool dot;
    *any = false;
    while (!status && ((dot = cvs__lexer_at(&p->lexer, '.')) || cvs__lexer_at(&p->lexer, '['))) {
        *any = true;
        status = dot ? skip_attribute(p) : skip_subscript(p);
    }
    return status;
}

/* (a).b */
static cvs_status parse_dotted(cvs__parser *p, cvs_node **node) {
    cvs_place place = (*node)->place;
    bool more;
    cvs_status status = skip_dotted(p, &more);
    return status || !more ? status : cvs__parser_source_node(p, place, node);
}

/* Lines of a printed module begin with a bracket too: it only calls what stands on its own line. */
static bool at_call(const cvs__parser *p) { return cvs__lexer_at(&p->lexer, '(') && !cvs__parser_on_new_line(p); }

static cvs_status skip_arguments(cvs__parser *p) {
    cvs_node applied = {.kind = CVS_NODE_CALL};
    return cvs__parse_arguments(p, &applied);
}

/* Is anything done with what was just read? */
static bool at_use(const cvs__parser *p) {
    return cvs__lexer_at(&p->lexer, '.') || cvs__lexer_at(&p->lexer, '[') || at_call(p);
}

/* What is done with a layer is not part of it: f(...)(x), f(...).to(device), f(...)(x)[0]. */
static cvs_status skip_uses(cvs__parser *p) {
    cvs_status status = CVS_OK;
    while (!status && at_use(p))
        status = cvs__lexer_at(&p->lexer, '.')   ? skip_attribute(p)
                 : cvs__lexer_at(&p->lexer, '[') ? skip_subscript(p)
                                                 : skip_arguments(p);
    return status;
}

/* ---- uses that are kept, as code.h has them ---- */

/* At '.': ".to", in the arena. */
static cvs_status parse_method(cvs__parser *p, const char **text) {
    const cvs_place place = p->lexer.token.place;
    cvs_node *name = NULL;
    cvs_status status = skip_attribute(p);
    if (!status) status = cvs__parser_source_node(p, place, &name);
    if (!status) *text = name->text;
    return status;
}

static cvs_status keep_use(cvs__parser *p, cvs_node **out) {
    const bool subscript = cvs__lexer_at(&p->lexer, '[');
    cvs_node *use = cvs__parser_new_node(p, CVS_NODE_CALL, (*out)->place);
    if (!use) return cvs__parser_no_memory(p);
    use->text = subscript ? "[]" : "()";
    cvs__node_append(use, NULL, *out);
    cvs_node *callee = *out;
    *out = use;
    if (subscript) return skip_subscript(p);
    cvs_status status = cvs__lexer_at(&p->lexer, '.') ? parse_method(p, &use->text) : CVS_OK;
    use->text_length = strlen(use->text);
    return status || !at_call(p) ? status : cvs__parse_more_arguments(p, use, callee);
}

/* As many in a row as brackets may stand in each other: a use stands in the next one. */
static cvs_status keep_uses(cvs__parser *p, cvs_node **out) {
    cvs_status status = CVS_OK;
    for (int count = 0; !status && at_use(p) && !cvs__parser_at_line_end(p); count++) {
        if (count == CVS_NODE_MAX_DEPTH)
            return cvs__lexer_fail(&p->lexer, p->lexer.token.place, "too-deep",
                                   "more than %d calls are made of one another's results", CVS_NODE_MAX_DEPTH);
        status = keep_use(p, out);
    }
    return status;
}

/* ---- calls ---- */

static cvs_status parse_call(cvs__parser *p, cvs_node *node) {
    node->kind = CVS_NODE_CALL;
    cvs_status status = cvs__parse_arguments(p, node);
    if (!status) cvs__compute_call(node);
    return status;
}

static cvs_status parse_postfix(cvs__parser *p, cvs_node **out) {
    cvs_status status = parse_primary(p, out);
    if (!status && (*out)->kind == CVS_NODE_NAME) status = parse_dotted(p, out);
    if (!status && (*out)->kind == CVS_NODE_NAME) status = at_call(p) ? parse_call(p, *out) : cvs__parser_let(p, out);
    if (status || (*out)->kind != CVS_NODE_CALL) return status;
    return p->keep_uses ? keep_uses(p, out) : skip_uses(p);
}

/* ---- operators ---- */

static bool at_operator(const cvs__parser *p, const char *symbols) {
    const cvs__token *token = &p->lexer.token;
    if (token->kind != CVS__TOKEN_SYMBOL) return false;
    while (*symbols && *symbols != token->symbol) symbols++;
    return *symbols;
}

/* Numbers, or a list repeated: (3,)*2. */
static bool compute(cvs__parser *p, cvs_node *left, char symbol, bool doubled, const cvs_node *right,
                    cvs_status *status) {
    if (left->kind != CVS_NODE_LIST) return cvs__compute(left, symbol, doubled, right);
    return symbol == '*' && !doubled && cvs__repeat(p, left, right, status);
}

static bool at_power(const cvs__parser *p) { return at_operator(p, "*") && p->lexer.token.doubled; }

/* What cannot be computed stays as its source; so does x**y**z, which nobody pastes. */
static cvs_status raise_to_power(cvs__parser *p, cvs_node **out) {
    cvs_status status = CVS_OK;
    bool computed = true;
    for (int count = 0; !status && at_power(p); count++) {
        cvs_node *right = NULL;
        if ((status = cvs__parser_advance(p))) break;
        bool negative = at_operator(p, "-");
        if (negative && (status = cvs__parser_advance(p))) break;
        if ((status = parse_postfix(p, &right))) break;
        computed = count == 0 && !negative && cvs__compute(*out, '*', true, right);
    }
    return status || computed ? status : cvs__parser_source_node(p, (*out)->place, out);
}

static cvs_status parse_power(cvs__parser *p, cvs_node **out) {
    cvs_status status = parse_postfix(p, out);
    return status || !at_power(p) ? status : raise_to_power(p, out);
}

static cvs_status parse_signed(cvs__parser *p, cvs_node **out) {
    cvs_place place = p->lexer.token.place;
    bool negative = false, any = false;
    cvs_status status = CVS_OK;
    for (; !status && at_operator(p, "+-"); status = cvs__parser_advance(p)) {
        any = true;
        if (p->lexer.token.symbol == '-') negative = !negative;
    }
    if (!status) status = parse_power(p, out);
    if (status || !any) return status;
    if (negative && !cvs__negate(*out)) return cvs__parser_source_node(p, place, out);
    (*out)->place = place;
    return CVS_OK;
}

/* Past all that follows *out with one of these operators; `operand` parses what stands between them. */
static cvs_status combine(cvs__parser *p, const char *symbols, cvs_status (*operand)(cvs__parser *p, cvs_node **out),
                          cvs_node **out) {
    cvs_status status = CVS_OK;
    bool computed = true;
    while (!status && at_operator(p, symbols) && !cvs__parser_at_augmented(p)) {
        char symbol = p->lexer.token.symbol;
        bool doubled = p->lexer.token.doubled;
        cvs_node *right = NULL;
        status = cvs__parser_advance(p);
        if (!status) status = operand(p, &right);
        if (!status) computed = computed && compute(p, *out, symbol, doubled, right, &status);
    }
    return status || computed ? status : cvs__parser_source_node(p, (*out)->place, out);
}

static const char product[] = "*/%", sum[] = "+-";

static cvs_status parse_product(cvs__parser *p, cvs_node **out) {
    cvs_status status = parse_signed(p, out);
    return status || !at_operator(p, product) ? status : combine(p, product, parse_signed, out);
}

static cvs_status parse_sum(cvs__parser *p, cvs_node **out) {
    cvs_status status = parse_product(p, out);
    return status || !at_operator(p, sum) ? status : combine(p, sum, parse_product, out);
}

/* ---- conditions: read to their end, never decided ---- */

static bool at_condition(const cvs__parser *p) {
    static const char *const words[] = {"if", "is", "in", "not", "and", "or", "for"};
    const cvs__token *token = &p->lexer.token;
    if (token->kind != CVS__TOKEN_NAME) return at_operator(p, "=") && token->doubled;
    if (cvs__parser_at_line_end(p)) return false;
    if (token->end - (size_t)token->place.offset > 3) return false; /* as most names are */
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (cvs__lexer_at_word(&p->lexer, words[i])) return true;
    return false;
}

/* Up to the ',' or the bracket that ends the value. */
static cvs_status skip_condition(cvs__parser *p) {
    int outside = p->depth;
    cvs_status status = CVS_OK;
    p->lexer.any_symbol = true; /* i > 0 */
    while (!status && p->lexer.token.kind != CVS__TOKEN_END) {
        bool closes = cvs__parser_at_closer(p);
        if (p->depth == outside && (closes || cvs__lexer_at(&p->lexer, ',') || cvs__parser_at_line_end(p))) break;
        if (closes && !cvs__parser_closes(p)) break;
        status = at_operator(p, "([{") ? cvs__parser_open_bracket(p)
                 : closes              ? cvs__parser_close_bracket(p)
                                       : cvs__parser_advance(p);
    }
    p->lexer.any_symbol = false;
    return status || p->depth == outside ? status : cvs__parser_unexpected(p, "the bracket's end");
}

/* A literal or a name right before what ends it, as most are: nothing is done with it. */
static bool stands_alone(const cvs__parser *p) {
    const cvs__token *token = &p->lexer.token;
    if (token->kind == CVS__TOKEN_SYMBOL || token->end + 1 >= p->lexer.length || p->keep_uses) return false;
    const char *after = p->lexer.source + token->end;
    return after[0] == ',' || after[0] == ')' || after[0] == ']' || (after[0] == '=' && after[1] != '=');
}

bool cvs__parser_at_keyword(const cvs__parser *p) {
    const cvs__token *token = &p->lexer.token;
    if (token->kind != CVS__TOKEN_NAME || token->end + 1 >= p->lexer.length) return false;
    const char *after = p->lexer.source + token->end;
    if (after[0] != '=' || after[1] == '=') return false;
    return !at_condition(p) && !constant_at(p) && !cvs__lexer_at_word(&p->lexer, "lambda");
}

cvs_status cvs__parse_expression(cvs__parser *p, cvs_node **out) {
    cvs_place place = p->lexer.token.place;
    bool condition = at_condition(p);
    if (!condition && stands_alone(p)) return parse_primary(p, out);
    cvs_status status = condition ? CVS_OK : parse_sum(p, out);
    if (status || !at_condition(p)) return status;
    status = skip_condition(p);
    return status ? status : cvs__parser_source_node(p, place, out);
}
