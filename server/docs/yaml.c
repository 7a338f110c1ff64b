#include "docs/yaml.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* An alias inside what it stands for would go on for ever. */
enum { MOST_DEPTH = 64 };

typedef struct reader {
    const char *name;
    yaml_document_t *document;
    int depth;
} reader;

static json_t *read_node(reader *r, int id);

/* Always NULL. */
static json_t *complain(const reader *r, yaml_mark_t mark, const char *what) {
    fprintf(stderr, "%s:%zu:%zu: %s\n", r->name, mark.line + 1, mark.column + 1, what);
    return NULL;
}

/* ---- scalars ----------------------------------------------------------- */

static bool is(const char *text, const char *first, const char *second, const char *third) {
    return strcmp(text, first) == 0 || strcmp(text, second) == 0 || strcmp(text, third) == 0;
}

/* Of an integer that is one in every reader's JSON. */
enum { MOST_DIGITS = 15 };

/* 10.3.2 of YAML 1.2: [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?, and NULL where it is none. */
static json_t *read_number(const char *text) {
    const char *digits = text + (*text == '-' || *text == '+'), *at = digits + strspn(digits, "0123456789");
    char *end;
    if (at == digits && (*at != '.' || at[1] < '0' || at[1] > '9')) return NULL;
    if (*at == '\0' && at - digits <= MOST_DIGITS) return json_integer(strtoll(text, NULL, 10));
    const double number = strtod(text, &end);
    const bool decimal = strspn(text, "+-.0123456789eE") == strlen(text);
    return *end == '\0' && decimal && isfinite(number) ? json_real(number) : NULL;
}

static json_t *read_plain(const char *text) {
    json_t *number = read_number(text);
    if (number) return number;
    if (*text == '\0' || strcmp(text, "~") == 0 || is(text, "null", "Null", "NULL")) return json_null();
    if (is(text, "true", "True", "TRUE")) return json_true();
    if (is(text, "false", "False", "FALSE")) return json_false();
    return json_string(text);
}

static json_t *read_scalar(const reader *r, const yaml_node_t *node) {
    const char *text = (const char *)node->data.scalar.value;
    if (strcmp((const char *)node->tag, YAML_STR_TAG) != 0) return complain(r, node->start_mark, "a tag is no JSON");
    json_t *value = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? read_plain(text)
                                                                       : json_stringn(text, node->data.scalar.length);
    return value ? value : complain(r, node->start_mark, "this is no text in UTF-8");
}

/* ---- collections ------------------------------------------------------- */

static json_t *read_sequence(reader *r, const yaml_node_t *node) {
    json_t *array = json_array();
    for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        json_t *element = read_node(r, *item);
        if (element && json_array_append_new(array, element) == 0) continue;
        json_decref(array);
        return NULL;
    }
    return array;
}

static bool read_member(reader *r, const yaml_node_pair_t *pair, json_t *object) {
    const yaml_node_t *key = yaml_document_get_node(r->document, pair->key);
    const char *name = key->type == YAML_SCALAR_NODE ? (const char *)key->data.scalar.value : NULL;
    if (!name || json_object_get(object, name)) {
        complain(r, key->start_mark, name ? "this key occurs twice" : "a key has to be text");
        return false;
    }
    return json_object_set_new(object, name, read_node(r, pair->value)) == 0;
}

static json_t *read_mapping(reader *r, const yaml_node_t *node) {
    json_t *object = json_object();
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        if (read_member(r, pair, object)) continue;
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *read_node(reader *r, int id) {
    const yaml_node_t *node = yaml_document_get_node(r->document, id);
    json_t *value = NULL;
    if (r->depth == MOST_DEPTH) return complain(r, node->start_mark, "this is nested too deep");
    r->depth++;
    if (node->type == YAML_SCALAR_NODE) value = read_scalar(r, node);
    if (node->type == YAML_SEQUENCE_NODE) value = read_sequence(r, node);
    if (node->type == YAML_MAPPING_NODE) value = read_mapping(r, node);
    r->depth--;
    return value;
}

/* ---- the file ---------------------------------------------------------- */

static json_t *read_document(reader *r, yaml_parser_t *parser) {
    yaml_document_t document;
    if (!yaml_parser_load(parser, &document)) return complain(r, parser->problem_mark, parser->problem);
    r->document = &document;
    json_t *value = yaml_document_get_root_node(&document) ? read_node(r, 1) : NULL;
    yaml_document_delete(&document);
    return value;
}

json_t *yaml_read(FILE *file, const char *name) {
    yaml_parser_t parser;
    reader r = {.name = name};
    if (!yaml_parser_initialize(&parser)) return NULL;
    yaml_parser_set_input_file(&parser, file);
    json_t *value = read_document(&r, &parser);
    yaml_parser_delete(&parser);
    return value;
}
