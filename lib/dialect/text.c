/* text.c - pasted text: the statement around a layer. */
#include "dialect/parser.h"

enum { LONGEST_TEXT = 64 * 1024 };

/* ---- statements ---- */

/* Past `: Type` of an annotated target; the target stays in *out. */
static cvs_status skip_annotation(cvs__parser *p) {
    cvs_node *annotation = NULL;
    cvs_status status = cvs__parser_advance(p);
    if (!status) status = cvs__parse_expression(p, &annotation);
    if (status) return status;
    return cvs__lexer_at(&p->lexer, '=') ? CVS_OK : cvs__parser_unexpected(p, "'=' and the layer");
}

/* At '=', '+=' or ':' after a target: the value. It is called by the last target's last component. */
static cvs_status parse_target(cvs__parser *p, cvs_node **out) {
    if (cvs__parser_is_label(p, *out)) return cvs__parse_keyed(p, out);
    if ((*out)->kind != CVS_NODE_NAME) return cvs__parser_unexpected(p, "the end of the text");
    if (cvs__parser_at_augmented(p)) {
        cvs_status status = cvs__parser_advance(p);
        if (status) return status;
    }
    if (cvs__lexer_at(&p->lexer, ':')) {
        cvs_status status = skip_annotation(p);
        if (status) return status;
    }
    cvs_status status = cvs__parse_keyed(p, out);
    if (!status) (*out)->key = cvs__last_component((*out)->key);
    return status;
}

/* Calls that do something with a layer, and which of their arguments it and its name are. */
static const struct wrapper {
    const char *callee;
    int layer, name; /* name: -1 where none is given */
    bool alone;      /* there are no other arguments */
} wrappers[] = {
    {"add", 0, -1, true},        {"append", 0, -1, true},         {"extend", 0, -1, true},
    {"insert", 1, -1, true},     {"add_module", 1, 0, true},      {"register_module", 1, 0, true},
    {"setattr", 2, 1, true},     {"spectral_norm", 0, -1, false}, {"weight_norm", 0, -1, false},
    {"Sequential", 0, -1, true}, {"ModuleList", 0, -1, true},
};

static const struct wrapper *wrapper_of(const cvs_node *call) {
    const char *callee = cvs__last_component(call->text);
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (cvs__same_word(wrappers[i].callee, callee)) return &wrappers[i];
    return NULL;
}

/* The only one of a list, an argument of a wrapper; NULL where there is no layer to be found. */
static const cvs_node *wrapped(const cvs_node *node, const char **name) {
    if (node->kind == CVS_NODE_LIST) return node->count == 1 ? node->child : NULL;
    const struct wrapper *wrapper = node->kind == CVS_NODE_CALL ? wrapper_of(node) : NULL;
    const cvs_node *layer = wrapper ? cvs__node_at(node, wrapper->layer) : NULL;
    if (!layer || (wrapper->alone && layer->next)) return NULL;
    const cvs_node *called = wrapper->name < 0 ? NULL : cvs__node_at(node, wrapper->name);
    if (called && called->kind == CVS_NODE_STRING) *name = called->text;
    return layer;
}

/* model.add(layer), self.add_module('name', layer), [layer]: the layer is what is added. */
static cvs_node *unwrap(cvs_node *node) {
    const char *name = node->key;
    const cvs_node *layer = node, *inner = node;
    while ((inner = wrapped(layer, &name)) && (inner->kind == CVS_NODE_CALL || inner->kind == CVS_NODE_LIST))
        layer = inner;
    if (layer == node || layer->kind != CVS_NODE_CALL) return node;
    cvs_node *root = (cvs_node *)(uintptr_t)layer; /* made by this parser, hence writable */
    root->parent = NULL;
    root->next = NULL;
    root->position = 0;
    root->key = name;
    return root;
}

static cvs_status parse_end(cvs__parser *p) {
    cvs_status status = CVS_OK;
    while (!status && (cvs__lexer_at(&p->lexer, ',') || cvs__lexer_at(&p->lexer, ';'))) status = cvs__parser_advance(p);
    if (status || p->lexer.token.kind == CVS__TOKEN_END) return status;
    return cvs__parser_unexpected(p, "the end of the text; one layer is read at a time, several as \"layers\": [...]");
}

static cvs_status parse_statement(cvs__parser *p, cvs_node **out) {
    cvs_status status = CVS_OK;
    if (cvs__lexer_at_word(&p->lexer, "return")) status = cvs__parser_advance(p);
    if (!status && p->lexer.token.kind == CVS__TOKEN_END) {
        cvs__lexer_fail(&p->lexer, p->lexer.token.place, "empty-text", "the text is empty");
        cvs_fail_expected(p->err, "a layer, e.g. Conv2D(32, 3)");
        return CVS_SYNTAX;
    }
    if (!status) status = cvs__parse_expression(p, out);
    while (!status && (cvs__lexer_at(&p->lexer, '=') || cvs__lexer_at(&p->lexer, ':') || cvs__parser_at_augmented(p)))
        status = parse_target(p, out);
    return status ? status : parse_end(p);
}

static cvs_status parse(cvs__parser *p, cvs_arena *arena, const char *text, size_t length, cvs_node **out) {
    if (length > LONGEST_TEXT) {
        cvs_fail(p->err, CVS_SYNTAX, "text-too-long", NULL, "the text has %zu bytes, more than %d", length,
                 LONGEST_TEXT);
        cvs_fail_expected(p->err, "at most %d bytes", LONGEST_TEXT);
        return CVS_SYNTAX;
    }
    cvs_status status = cvs__lexer_start(&p->lexer, arena, text, length, p->err);
    return status ? status : parse_statement(p, out);
}

cvs_status cvs_text_parse(cvs_arena *arena, const char *text, size_t length, const cvs_node **out, cvs_error *err) {
    cvs_error spare;
    cvs__parser p;
    p.err = cvs__error_usable(err, &spare);
    p.consumed = 0;
    p.depth = 0;
    p.keep_uses = p.bind = false;
    p.find = NULL;
    cvs_node *root = NULL;
    cvs_status status = parse(&p, arena, text, length, &root);
    *out = status ? NULL : unwrap(root);
    return status;
}
