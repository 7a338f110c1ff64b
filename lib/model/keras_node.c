/* keras_node.c - what the objects in a Keras model's JSON say of themselves. */
#include "model/keras.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

cvs_status cvs__keras_fail(const cvs_node *node, const char *code, cvs_error *err, const char *format, ...) {
    char message[sizeof err->message];
    cvs_text pointer = {0};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    cvs_node_pointer(node, &pointer);
    cvs_fail(err, CVS_INVALID, code, pointer.data, "%s", message);
    cvs_text_free(&pointer);
    return CVS_INVALID;
}

const char *cvs__keras_text(const cvs_node *object, const char *key) {
    const cvs_node *node = object ? cvs_node_get(object, key) : NULL;
    return node && node->kind == CVS_NODE_STRING ? node->text : NULL;
}

bool cvs__keras_shape(const cvs_node *list, cvs_shape *out) {
    *out = (cvs_shape){0};
    if (!list || list->kind != CVS_NODE_LIST || list->count > CVS_MAX_RANK) return false;
    for (const cvs_node *size = list->child; size; size = size->next) {
        const bool known = size->kind == CVS_NODE_INT && size->integer >= 0;
        if (!known && size->kind != CVS_NODE_NULL && size->kind != CVS_NODE_INT) return false;
        out->dim[out->rank++] = known ? size->integer : CVS_DIM_UNKNOWN;
    }
    return true;
}

/* ---- layers --------------------------------------------------------------------- */

const char *cvs__keras_class(const cvs_node *layer) {
    const char *name = layer->kind == CVS_NODE_DICT ? cvs__keras_text(layer, "class_name") : NULL;
    return name ? name : "";
}

const char *cvs__keras_name(const cvs_node *layer) {
    const char *name = cvs__keras_text(layer, "name");
    if (!name) name = cvs__keras_text(cvs_node_get(layer, "config"), "name");
    return name ? name : cvs__keras_class(layer);
}

bool cvs__keras_is_sequential(const cvs_node *model) { return strcmp(cvs__keras_class(model), "Sequential") == 0; }

/* A subclass of Model that kept Keras's own serialisation has "layers" as well. */
bool cvs__keras_is_model(const cvs_node *layer) {
    const cvs_node *config = cvs_node_get(layer, "config");
    if (cvs__keras_is_sequential(layer)) return true;
    return config && config->kind == CVS_NODE_DICT && cvs_node_get(config, "layers") &&
           cvs_node_get(config, "output_layers");
}

const cvs_node *cvs__keras_layers(const cvs_node *model) {
    const cvs_node *config = cvs_node_get(model, "config"); /* of a model within a model perhaps not there */
    return config && config->kind == CVS_NODE_DICT ? cvs_node_get(config, "layers") : config;
}

const cvs_node *cvs__keras_find_model(const cvs_node *node) {
    static const char *const around[] = {"modelTopology", "model_config"};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        const cvs_node *inside = node->kind == CVS_NODE_DICT ? cvs_node_get(node, around[i]) : NULL;
        if (inside) node = inside;
    }
    if (node->kind != CVS_NODE_DICT || !cvs_node_get(node, "config")) return NULL;
    return cvs__keras_is_model(node) ? node : NULL;
}

/* ---- names of classes -------------------------------------------------------------- */

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/* A word begins at a capital that a small letter follows, or that a small letter stands before. */
const char *cvs__keras_snake_case(cvs_arena *arena, const char *name) {
    cvs_text text = {0};
    for (size_t i = 0; name[i]; i++) {
        const bool begins =
            i > 0 && is_upper(name[i]) && name[i - 1] != '_' && (is_lower(name[i + 1]) || is_lower(name[i - 1]));
        const char letter = is_upper(name[i]) ? (char)(name[i] - 'A' + 'a') : name[i];
        if (begins) cvs_text_add(&text, "_");
        cvs_text_append(&text, &letter, 1);
    }
    return cvs__model_keep(arena, &text);
}
