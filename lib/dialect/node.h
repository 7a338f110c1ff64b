/* node.h - building trees of nodes, and showing them in messages. */
#ifndef CONVSCOPE_DIALECT_NODE_H
#define CONVSCOPE_DIALECT_NODE_H

#include <convscope/dialect.h>
#include <string.h>

#define CVS__JSON_PLACE ((cvs_place){.offset = -1})

/* Where to record an error that is read again: `err` where it is there and empty, else `spare`, emptied. */
static inline cvs_error *cvs__error_usable(cvs_error *err, cvs_error *spare) {
    if (err && err->status == CVS_OK) return err;
    spare->status = CVS_OK;
    return spare;
}

/* A node of `kind` in the arena, or NULL. */
static inline cvs_node *cvs__node_new(cvs_arena *arena, cvs_node_kind kind, cvs_place place) {
    cvs_node *node = cvs_arena_take(arena, sizeof *node);
    if (node) *node = (cvs_node){.kind = kind, .place = place, .key_place = CVS__JSON_PLACE};
    return node;
}

/* Make `child` the last child; `last` is the one before it, or NULL. */
static inline void cvs__node_append(cvs_node *parent, cvs_node *last, cvs_node *child) {
    child->parent = parent;
    child->position = parent->count++;
    if (last)
        last->next = child;
    else
        parent->child = child;
}

/* json.c: the tree of JSON as text, whose strings are copied. CVS_SYNTAX with its place, CVS_INVALID where it is too
   deep. */
cvs_status cvs__node_from_json(cvs_arena *arena, const char *text, size_t length, const cvs_node **out,
                               cvs_error *err) CVS_NODISCARD;

/* Does it come from pasted text? */
static inline bool cvs__node_is_text(const cvs_node *node) { return node->place.offset >= 0; }

/* Most words differ in their first letter: no call is needed to see that. */
static inline bool cvs__same_word(const char *a, const char *b) { return a[0] == b[0] && strcmp(a, b) == 0; }

/* Has it this key? */
static inline bool cvs__node_has_key(const cvs_node *node, const char *key) {
    return node->key && cvs__same_word(node->key, key);
}

/* Child number `position`, or NULL. */
const cvs_node *cvs__node_at(const cvs_node *node, int position);

/* Append the pointer to `node` below `base`, which is an ancestor or the node itself. */
void cvs__node_pointer_below(const cvs_node *node, const cvs_node *base, cvs_text *out);

/* Append the node as a person would write it, cut short when it is long: "[3, 3]", "'same'", "2.0". */
void cvs__node_show(const cvs_node *node, cvs_text *out);

/* What kind of thing it is, in words: "an integer", "a list". */
const char *cvs__node_kind_name(const cvs_node *node);

/* The last component of a dotted name: "Conv2d" of "nn.Conv2d". */
const char *cvs__last_component(const char *name);

#endif
