/* json.c - a jansson value as a tree of nodes. The only file of the room that knows jansson. */
#include <jansson.h>
#include <string.h>

#include "dialect/node.h"

typedef struct builder {
    cvs_arena *arena;
    cvs_error *err;
    int depth;
    bool copies; /* strings, which otherwise stay the JSON's */
} builder;

static cvs_node *build(builder *b, json_t *json);

/* A string, or a copy of it; NULL with the error recorded. */
static const char *keep(const builder *b, const char *text, size_t length) {
    const char *kept = b->copies ? cvs_arena_copy(b->arena, text, length) : text;
    if (!kept) cvs_fail(b->err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory for the JSON's values");
    return kept;
}

static bool add_child(builder *b, cvs_node *node, cvs_node **last, const char *key, json_t *json) {
    cvs_node *child = build(b, json);
    if (!child || (key && !(key = keep(b, key, strlen(key))))) return false;
    child->key = key;
    cvs__node_append(node, *last, child);
    *last = child;
    return true;
}

static bool add_members(builder *b, cvs_node *node, json_t *object) {
    cvs_node *last = NULL;
    for (void *i = json_object_iter(object); i; i = json_object_iter_next(object, i))
        if (!add_child(b, node, &last, json_object_iter_key(i), json_object_iter_value(i))) return false;
    return true;
}

static bool add_elements(builder *b, cvs_node *node, const json_t *array) {
    cvs_node *last = NULL;
    for (size_t i = 0; i < json_array_size(array); i++)
        if (!add_child(b, node, &last, NULL, json_array_get(array, i))) return false;
    return true;
}

static bool fill(builder *b, cvs_node *node, json_t *json) {
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return add_members(b, node, json);
    case JSON_ARRAY:
        return add_elements(b, node, json);
    case JSON_STRING:
        node->text_length = json_string_length(json);
        node->text = keep(b, json_string_value(json), node->text_length);
        return node->text;
    case JSON_INTEGER:
        node->integer = json_integer_value(json);
        return true;
    case JSON_REAL:
        node->real = json_real_value(json);
        return true;
    case JSON_TRUE:
        node->boolean = true;
        return true;
    case JSON_FALSE:
    case JSON_NULL:
        return true;
    }
    return true;
}

/* NULL with the error recorded. Recursion is bounded by CVS_NODE_MAX_DEPTH. */
static cvs_node *build(builder *b, json_t *json) {
    static const cvs_node_kind kinds[] = {
        [JSON_OBJECT] = CVS_NODE_DICT, [JSON_ARRAY] = CVS_NODE_LIST, [JSON_STRING] = CVS_NODE_STRING,
        [JSON_INTEGER] = CVS_NODE_INT, [JSON_REAL] = CVS_NODE_REAL,  [JSON_TRUE] = CVS_NODE_BOOL,
        [JSON_FALSE] = CVS_NODE_BOOL,  [JSON_NULL] = CVS_NODE_NULL,
    };
    if (b->depth == CVS_NODE_MAX_DEPTH) {
        cvs_fail(b->err, CVS_INVALID, "too-deep", NULL, "the JSON is nested more than %d levels deep",
                 CVS_NODE_MAX_DEPTH);
        return NULL;
    }
    cvs_node *node = cvs__node_new(b->arena, kinds[json_typeof(json)], CVS__JSON_PLACE);
    if (!node) {
        cvs_fail(b->err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory for the JSON's values");
        return NULL;
    }
    b->depth++;
    bool ok = fill(b, node, json);
    b->depth--;
    return ok ? node : NULL;
}

cvs_status cvs_node_from_jansson(cvs_arena *arena, const void *json, const cvs_node **out, cvs_error *err) {
    cvs_error spare;
    builder b = {.arena = arena, .err = cvs__error_usable(err, &spare)};
    *out = build(&b, (json_t *)(uintptr_t)json); /* jansson's iterators want a json_t that is not const */
    return b.err->status;
}

/* jansson counts a column in characters and a position in bytes. */
static cvs_status fail_json(const json_error_t *why, cvs_error *err) {
    if (json_error_code(why) == json_error_out_of_memory)
        return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory to read the JSON");
    cvs_fail(err, CVS_SYNTAX, "not-json", NULL, "this is not JSON: %s", why->text);
    err->offset = why->position;
    err->line = why->line;
    err->column = why->column;
    return CVS_SYNTAX;
}

/*
 * jansson takes its memory from the heap, and gives it back: who counts memory is asked for what it may come to. Lists
 * of empty lists, three bytes each, take most: some hundred.
 */
static bool may_take(const cvs_arena *arena, size_t length) {
    enum { MOST_A_BYTE = 40 };
    if (!arena->allowance) return true;
    return length < SIZE_MAX / MOST_A_BYTE && arena->allowance->take(arena->allowance, length * MOST_A_BYTE);
}

cvs_status cvs__node_from_json(cvs_arena *arena, const char *text, size_t length, const cvs_node **out,
                               cvs_error *err) {
    json_error_t why;
    cvs_error spare;
    builder b = {.arena = arena, .err = cvs__error_usable(err, &spare), .copies = true};
    if (!may_take(arena, length))
        return cvs_fail(b.err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory to read the JSON");
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (!json) return fail_json(&why, b.err);
    *out = build(&b, json);
    json_decref(json);
    return b.err->status;
}
