#include "dialect/node.h"

#include <math.h>
#include <string.h>

#include "dialect/utf8.h"

const cvs_node *cvs_node_get(const cvs_node *node, const char *key) {
    for (const cvs_node *child = node->child; child; child = child->next)
        if (cvs__node_has_key(child, key)) return child;
    return NULL;
}

const cvs_node *cvs__node_at(const cvs_node *node, int position) {
    const cvs_node *child = node->child;
    while (child && child->position != position) child = child->next;
    return child;
}

/* RFC 6901: ~ and / of a key are written ~0 and ~1. */
static void add_reference_token(const char *key, cvs_text *out) {
    for (; *key; key++) {
        if (*key == '~')
            cvs_text_add(out, "~0");
        else if (*key == '/')
            cvs_text_add(out, "~1");
        else
            cvs_text_append(out, key, 1);
    }
}

/* Recursion is bounded: no tree is deeper than CVS_NODE_MAX_DEPTH. */
void cvs__node_pointer_below(const cvs_node *node, const cvs_node *base, cvs_text *out) {
    if (node == base || !node->parent) return;
    cvs__node_pointer_below(node->parent, base, out);
    cvs_text_add(out, "/");
    if (node->key)
        add_reference_token(node->key, out);
    else
        cvs_text_add_int(out, node->position);
}

void cvs_node_pointer(const cvs_node *node, cvs_text *out) { cvs__node_pointer_below(node, NULL, out); }

/* ---- showing ---- */

enum { LONGEST_SHOWN = 80 };

static void show_real(double value, cvs_text *out) {
    size_t start = out->length;
    cvs_text_addf(out, "%.9g", value);
    if (!out->failed && isfinite(value) && !strpbrk(out->data + start, ".e")) cvs_text_add(out, ".0");
}

static void show_text(const cvs_node *node, const char *quote, cvs_text *out) {
    size_t shown = cvs__utf8_cut(node->text, node->text_length, LONGEST_SHOWN);
    cvs_text_add(out, quote);
    cvs_text_append(out, node->text, shown);
    if (shown < node->text_length) cvs_text_add(out, "...");
    cvs_text_add(out, quote);
}

static void show_children(const cvs_node *node, const char *open, const char *close, cvs_text *out) {
    cvs_text_add(out, open);
    for (const cvs_node *child = node->child; child; child = child->next) {
        if (child->position) cvs_text_add(out, ", ");
        if (out->length > LONGEST_SHOWN) {
            cvs_text_add(out, "...");
            break;
        }
        if (child->key) cvs_text_addf(out, "%s%s", child->key, node->kind == CVS_NODE_DICT ? ": " : "=");
        cvs__node_show(child, out);
    }
    cvs_text_add(out, close);
}

void cvs__node_show(const cvs_node *node, cvs_text *out) {
    bool text = cvs__node_is_text(node);
    switch (node->kind) {
    case CVS_NODE_NULL:
        cvs_text_add(out, text ? "None" : "null");
        break;
    case CVS_NODE_BOOL:
        cvs_text_add(out, node->boolean ? text ? "True" : "true" : text ? "False" : "false");
        break;
    case CVS_NODE_INT:
        cvs_text_add_int(out, node->integer);
        break;
    case CVS_NODE_REAL:
        show_real(node->real, out);
        break;
    case CVS_NODE_STRING:
        show_text(node, text ? "'" : "\"", out);
        break;
    case CVS_NODE_NAME:
        show_text(node, "", out);
        break;
    case CVS_NODE_LIST:
        show_children(node, "[", "]", out);
        break;
    case CVS_NODE_DICT:
        show_children(node, "{", "}", out);
        break;
    case CVS_NODE_CALL:
        show_text(node, "", out);
        show_children(node, "(", ")", out);
        break;
    }
}

const char *cvs__node_kind_name(const cvs_node *node) {
    static const char *const names[] = {
        [CVS_NODE_NULL] = "null",          [CVS_NODE_BOOL] = "a boolean",  [CVS_NODE_INT] = "an integer",
        [CVS_NODE_REAL] = "a real number", [CVS_NODE_STRING] = "a string", [CVS_NODE_NAME] = "a name",
        [CVS_NODE_LIST] = "a list",        [CVS_NODE_DICT] = "an object",  [CVS_NODE_CALL] = "a call",
    };
    return names[node->kind];
}

const char *cvs__last_component(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}
