#include "model/keras.h"

#include <string.h>

/* ---- references ---------------------------------------------------------------- */

static cvs_status add_ref(cvs_arena *arena, cvs__keras_refs *refs, cvs__keras_ref ref, cvs_error *err) {
    if (refs->count == refs->capacity) {
        const int capacity = refs->capacity ? refs->capacity * 2 : 4;
        cvs__keras_ref *larger = cvs_arena_take(arena, (size_t)capacity * sizeof *larger);
        if (!larger) return cvs__model_no_memory(err);
        if (refs->count > 0) memcpy(larger, refs->ref, (size_t)refs->count * sizeof *larger);
        refs->ref = larger;
        refs->capacity = capacity;
    }
    refs->ref[refs->count++] = ref;
    return CVS_OK;
}

static bool is_index(const cvs_node *node) {
    return node && node->kind == CVS_NODE_INT && node->integer >= 0 && node->integer < CVS_MODEL_MAX_LAYERS;
}

/* ["conv1", 0, 0, ...] */
static cvs_status read_ref(cvs_arena *arena, const cvs_node *node, cvs__keras_refs *refs, cvs_error *err) {
    const cvs_node *layer = node->child, *use = layer->next, *tensor = use ? use->next : NULL;
    if (!is_index(use) || !is_index(tensor))
        return cvs__keras_fail(node, "bad-reference", err,
                               "A tensor is a layer's name, the number of its use and the number of its output, as in "
                               "[\"conv1\", 0, 0].");
    return add_ref(arena, refs, (cvs__keras_ref){layer->text, (int)use->integer, (int)tensor->integer}, err);
}

static bool is_ref(const cvs_node *node) {
    return node->kind == CVS_NODE_LIST && node->child && node->child->kind == CVS_NODE_STRING;
}

/* {"class_name": "__keras_tensor__", ...}: its history; else NULL. */
static const cvs_node *history_of(const cvs_node *node) {
    const char *class_name = node->kind == CVS_NODE_DICT ? cvs__keras_text(node, "class_name") : NULL;
    if (!class_name || strcmp(class_name, "__keras_tensor__") != 0) return NULL;
    const cvs_node *config = cvs_node_get(node, "config");
    const cvs_node *history = config ? cvs_node_get(config, "keras_history") : NULL;
    return history && is_ref(history) ? history : NULL;
}

/* Nodes are no deeper than CVS_NODE_MAX_DEPTH. */
static cvs_status collect(cvs_arena *arena, const cvs_node *node, cvs__keras_refs *refs, cvs_error *err) {
    if (is_ref(node)) return read_ref(arena, node, refs, err);
    const cvs_node *history = history_of(node);
    if (history) return read_ref(arena, history, refs, err);
    cvs_status status = CVS_OK;
    if (node->kind != CVS_NODE_LIST && node->kind != CVS_NODE_DICT) return CVS_OK;
    for (const cvs_node *child = node->child; child && status == CVS_OK; child = child->next)
        status = collect(arena, child, refs, err);
    return status;
}

cvs_status cvs__keras_read_refs(cvs_arena *arena, const cvs_node *node, cvs__keras_refs *refs, cvs_error *err) {
    refs->count = 0;
    return node ? collect(arena, node, refs, err) : CVS_OK;
}
