/*
 * keras.c - models as Keras serialises them.
 *
 * A functional model is a list of layers, each with its uses ("inbound_nodes"); a sequential one a list in which each
 * reads the one before. A model within a model is put in its place: its inputs are the tensors that are given to it,
 * its outputs those that its user reads. Sources: keras/engine/network.py and sequential.py of Keras 2.2,
 * keras/src/models/functional.py of Keras 3, and their get_config().
 */
#include "model/keras.h"

#include <stdio.h>
#include <string.h>

typedef struct keras_reader {
    cvs_model *model;
    cvs_framework framework;
    cvs__names first_uses; /* of a layer, by where it is defined: the number of its first use */
    int depth;
    cvs_error *err;
} keras_reader;

/* Where names mean something: one model. */
typedef struct scope {
    keras_reader *reader;
    const char *prefix;   /* before the names of this use of the model: "", "encoder/", "encoder#2/" */
    const char *origin;   /* the same for all of its uses: where its layers are defined */
    cvs__names tensors;   /* those that are not called by prefix and key: given from outside, or made for outside */
    cvs__names most_used; /* of a layer: the largest number of a use that is referred to */
} scope;

/* What a model is connected to outside: NULL arrays for the whole model itself. */
typedef struct connections {
    const int *inputs, *outputs;
    int input_count, output_count;
} connections;

static cvs_status read_model(keras_reader *reader, const cvs_node *model, const char *prefix, const char *origin,
                             const connections *outside);

/* ---- names ---------------------------------------------------------------------- */

static const char *join(cvs_arena *arena, const char *a, const char *b, const char *c) {
    cvs_text text = {0};
    cvs_text_add(&text, a);
    cvs_text_add(&text, b);
    cvs_text_add(&text, c);
    return cvs__model_keep(arena, &text);
}

typedef struct use_name {
    char text[16];
} use_name;

/* What a use after the first has behind its layer's name: "#2" of the second; `end` behind it. */
static use_name name_use(int use, const char *end) {
    use_name name;
    if (use > 0)
        snprintf(name.text, sizeof name.text, "#%d%s", use + 1, end);
    else
        snprintf(name.text, sizeof name.text, "%s", end);
    return name;
}

/* "conv1", of its second use "conv1#2", of its third output "conv1:2". */
static const char *key_of(cvs_arena *arena, const cvs__keras_ref *ref) {
    char tensor[16] = "";
    if (ref->tensor > 0) snprintf(tensor, sizeof tensor, ":%d", ref->tensor);
    return join(arena, ref->layer, name_use(ref->use, "").text, tensor);
}

static cvs_status resolve(const scope *s, const cvs__keras_ref *ref, int *tensor) {
    cvs_arena *arena = s->reader->model->arena;
    const char *key = key_of(arena, ref);
    if (!key) return cvs__model_no_memory(s->reader->err);
    *tensor = cvs__names_find(&s->tensors, key);
    if (*tensor >= 0) return CVS_OK;
    const char *name = join(arena, s->prefix, key, "");
    return name ? cvs__model_tensor(s->reader->model, name, tensor, s->reader->err)
                : cvs__model_no_memory(s->reader->err);
}

/* From here on `ref` is that tensor. False in *taken when it is another already. */
static cvs_status bind(scope *s, const cvs__keras_ref *ref, int tensor, bool *taken) {
    const char *key = key_of(s->reader->model->arena, ref);
    *taken = key && cvs__names_find(&s->tensors, key) >= 0;
    if (!*taken && (!key || !cvs__names_add(&s->tensors, key, tensor))) return cvs__model_no_memory(s->reader->err);
    return CVS_OK;
}

/* ---- layers ------------------------------------------------------------------------ */

static bool is_input(const cvs_node *layer) { return strcmp(cvs__keras_class(layer), "InputLayer") == 0; }

/* "trainable": false of a layer freezes all of its weights, also those that would be trained. */
static bool is_frozen(const cvs_node *layer) {
    const cvs_node *config = cvs_node_get(layer, "config");
    const cvs_node *trainable = config && config->kind == CVS_NODE_DICT ? cvs_node_get(config, "trainable") : NULL;
    return trainable && trainable->kind == CVS_NODE_BOOL && !trainable->boolean;
}

/* One use of a layer that is no model. */
static cvs_status add_layer(const scope *s, const cvs_node *layer, int use, const connections *at) {
    keras_reader *reader = s->reader;
    cvs_arena *arena = reader->model->arena;
    cvs__model_draft draft = {
        .name = join(arena, s->prefix, cvs__keras_name(layer), name_use(use, "").text),
        .type = cvs__keras_class(layer),
        .node = layer,
        .inputs = at->inputs,
        .outputs = at->outputs,
        .input_count = at->input_count,
        .output_count = at->output_count,
        .frozen = is_frozen(layer),
    };
    const char *defined = join(arena, s->origin, cvs__keras_name(layer), "");
    if (!draft.name || !defined) return cvs__model_no_memory(reader->err);
    draft.first_use = cvs__names_find(&reader->first_uses, defined);
    int added;
    cvs_status status = cvs__model_describe(reader->model, layer, reader->framework, &draft, reader->err);
    if (status == CVS_OK) status = cvs__model_add(reader->model, &draft, &added, reader->err);
    if (status == CVS_OK && draft.first_use < 0 && !cvs__names_add(&reader->first_uses, defined, added))
        status = cvs__model_no_memory(reader->err);
    return status;
}

/* A tensor under another name as well. */
static cvs_status add_identity(const scope *s, const cvs_node *model, int from, int to) {
    const char *name = join(s->reader->model->arena, s->prefix, cvs__keras_name(model), "");
    if (!name) return cvs__model_no_memory(s->reader->err);
    const cvs__model_draft draft = {.name = name,
                                    .type = "Identity",
                                    .node = model,
                                    .inputs = &from,
                                    .outputs = &to,
                                    .input_count = 1,
                                    .output_count = 1,
                                    .op = &cvs__same_op,
                                    .first_use = -1};
    return cvs__model_add(s->reader->model, &draft, NULL, s->reader->err);
}

/* A layer, or a model in its place. */
static cvs_status add_use(const scope *s, const cvs_node *layer, int use, const connections *at) {
    cvs_arena *arena = s->reader->model->arena;
    if (!cvs__keras_is_model(layer)) return add_layer(s, layer, use, at);
    const char *prefix = join(arena, s->prefix, cvs__keras_name(layer), name_use(use, "/").text);
    const char *origin = join(arena, s->origin, cvs__keras_name(layer), "/");
    if (!prefix || !origin) return cvs__model_no_memory(s->reader->err);
    return read_model(s->reader, layer, prefix, origin, at);
}

/* ---- the shape of an input -------------------------------------------------------- */

/* As the layer itself, or the first one of the model that it is, says it. */
static bool stated_shape(const cvs_node *layer, int depth, cvs_shape *out) {
    static const char *const keys[] = {"batch_input_shape", "batch_shape", "build_input_shape"};
    const cvs_node *config = cvs_node_get(layer, "config");
    if (!config || depth == CVS_MODEL_MAX_DEPTH) return false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && config->kind == CVS_NODE_DICT; i++)
        if (cvs__keras_shape(cvs_node_get(config, keys[i]), out)) return true;
    if (!cvs__keras_is_model(layer)) return false;
    const cvs_node *layers = config->kind == CVS_NODE_LIST ? config : cvs_node_get(config, "layers");
    return layers && layers->child && stated_shape(layers->child, depth + 1, out);
}

/* Let `ref` be an input of the whole model, with the shape that `layer` states. */
static cvs_status add_input(scope *s, const cvs__keras_ref *ref, const cvs_node *layer, int *tensor) {
    cvs_shape shape;
    const bool stated = layer && stated_shape(layer, 0, &shape);
    const cvs_status status = resolve(s, ref, tensor);
    if (status != CVS_OK) return status;
    return cvs__model_add_input(s->reader->model, *tensor, stated ? &shape : NULL, s->reader->err);
}

/* ---- sequential models -------------------------------------------------------------- */

static cvs_status begin_sequence(scope *s, const cvs_node *layers, const connections *outside, int *tensor) {
    const cvs_node *first = layers->child;
    if (outside) {
        *tensor = outside->inputs[0];
        return CVS_OK;
    }
    const char *name = first ? cvs__keras_name(first) : "input";
    if (first && !is_input(first)) name = join(s->reader->model->arena, name, "_input", "");
    if (!name) return cvs__model_no_memory(s->reader->err);
    const cvs_node *states = first;
    cvs_shape shape;
    if (first && !stated_shape(first, 0, &shape)) states = layers->parent->parent; /* the model: build_input_shape */
    return add_input(s, &(cvs__keras_ref){.layer = name}, states, tensor);
}

static cvs_status read_sequential(scope *s, const cvs_node *model, const connections *outside) {
    const cvs_node *config = cvs_node_get(model, "config"), *layers = cvs__keras_layers(model);
    cvs_error *err = s->reader->err;
    if (!layers || layers->kind != CVS_NODE_LIST)
        return cvs__keras_fail(config ? config : model, "layers-missing", err,
                               "A Sequential model has a list of \"layers\".");
    if (outside && (outside->input_count != 1 || outside->output_count > 1))
        return cvs__keras_fail(model, "inputs-of-a-model", err, "A Sequential model reads one tensor and makes one.");
    int tensor;
    cvs_status status = begin_sequence(s, layers, outside, &tensor);
    const cvs_node *last = NULL;
    for (const cvs_node *layer = layers->child; layer; layer = layer->next)
        if (!is_input(layer)) last = layer;
    for (const cvs_node *layer = layers->child; layer && status == CVS_OK; layer = layer->next) {
        int made;
        if (is_input(layer)) continue;
        if (layer == last && outside && outside->output_count == 1)
            made = outside->outputs[0];
        else
            status = resolve(s, &(cvs__keras_ref){.layer = cvs__keras_name(layer)}, &made);
        if (status == CVS_OK) status = add_use(s, layer, 0, &(connections){&tensor, &made, 1, 1});
        tensor = made;
    }
    if (status != CVS_OK) return status;
    if (!outside) return cvs__model_add_output(s->reader->model, tensor, err);
    return last || outside->output_count == 0 ? CVS_OK : add_identity(s, model, tensor, outside->outputs[0]);
}

/* ---- functional models ----------------------------------------------------------------- */

static const cvs_node *layer_named(const cvs_node *layers, const char *name) {
    for (const cvs_node *layer = layers->child; layer; layer = layer->next)
        if (strcmp(cvs__keras_name(layer), name) == 0) return layer;
    return NULL;
}

static cvs_status note_refs(scope *s, const cvs__keras_refs *refs) {
    for (int i = 0; i < refs->count; i++) {
        const cvs__keras_ref *ref = &refs->ref[i];
        if (cvs__names_find(&s->most_used, ref->layer) >= ref->use) continue;
        if (!cvs__names_add(&s->most_used, ref->layer, ref->use)) return cvs__model_no_memory(s->reader->err);
    }
    return CVS_OK;
}

/*
 * Keras counts the uses of a model from 1 where the model was made by calling it on inputs of its own, which is its use
 * number 0 and not written down; otherwise from 0. What is referred to tells.
 */
static int first_number(const scope *s, const cvs_node *layer, int uses) {
    return cvs__keras_is_model(layer) && cvs__names_find(&s->most_used, cvs__keras_name(layer)) >= uses ? 1 : 0;
}

static cvs_status bind_inputs(scope *s, const cvs_node *layers, const cvs__keras_refs *refs, const cvs_node *model,
                              const connections *outside) {
    cvs_status status = CVS_OK;
    if (outside && outside->input_count != refs->count)
        return cvs__keras_fail(model, "inputs-of-a-model", s->reader->err,
                               "This model reads %d tensors, and is given %d.", refs->count, outside->input_count);
    for (int i = 0; i < refs->count && status == CVS_OK; i++) {
        bool taken;
        int tensor;
        if (outside)
            status = bind(s, &refs->ref[i], outside->inputs[i], &taken);
        else
            status = add_input(s, &refs->ref[i], layer_named(layers, refs->ref[i].layer), &tensor);
    }
    return status;
}

static cvs_status bind_outputs(scope *s, const cvs__keras_refs *refs, const cvs_node *model,
                               const connections *outside) {
    cvs_status status = CVS_OK;
    for (int i = 0; i < refs->count && status == CVS_OK; i++) {
        int tensor;
        bool taken = false;
        if (!outside) {
            status = resolve(s, &refs->ref[i], &tensor);
            if (status == CVS_OK) status = cvs__model_add_output(s->reader->model, tensor, s->reader->err);
        } else if (i < outside->output_count) {
            status = bind(s, &refs->ref[i], outside->outputs[i], &taken);
            if (status == CVS_OK && taken) {
                status = resolve(s, &refs->ref[i], &tensor);
                if (status == CVS_OK) status = add_identity(s, model, tensor, outside->outputs[i]);
            }
        }
    }
    return status;
}

/* How many tensors a layer makes. */
static int count_made(const cvs_node *layer, cvs_arena *arena) {
    cvs__keras_refs refs = {0};
    cvs_error ignored = {0};
    if (!cvs__keras_is_model(layer) || cvs__keras_is_sequential(layer)) return 1;
    const cvs_node *outputs = cvs_node_get(cvs_node_get(layer, "config"), "output_layers");
    return cvs__keras_read_refs(arena, outputs, &refs, &ignored) == CVS_OK ? refs.count : 1;
}

static cvs_status add_one_use(scope *s, const cvs_node *layer, int use, int number, const cvs__keras_refs *refs) {
    cvs_arena *arena = s->reader->model->arena;
    const int made = count_made(layer, arena);
    int *tensors = cvs_arena_take(arena, (size_t)(refs->count + made + 1) * sizeof *tensors);
    cvs_status status = tensors ? CVS_OK : cvs__model_no_memory(s->reader->err);
    for (int i = 0; i < refs->count && status == CVS_OK; i++) status = resolve(s, &refs->ref[i], &tensors[i]);
    for (int i = 0; i < made && status == CVS_OK; i++)
        status = resolve(s, &(cvs__keras_ref){cvs__keras_name(layer), number, i}, &tensors[refs->count + i]);
    if (status != CVS_OK) return status;
    return add_use(s, layer, use, &(connections){tensors, tensors + refs->count, refs->count, made});
}

static cvs_status add_uses(scope *s, const cvs_node *layer, cvs__keras_refs *refs) {
    const cvs_node *uses = cvs_node_get(layer, "inbound_nodes");
    cvs_status status = CVS_OK;
    int use = 0;
    if (is_input(layer) || !uses || uses->kind != CVS_NODE_LIST) return CVS_OK;
    const int first = first_number(s, layer, uses->count);
    for (const cvs_node *node = uses->child; node && status == CVS_OK; node = node->next, use++) {
        status = cvs__keras_read_refs(s->reader->model->arena, node, refs, s->reader->err);
        if (status == CVS_OK) status = add_one_use(s, layer, use, use + first, refs);
    }
    return status;
}

static cvs_status note_all_refs(scope *s, const cvs_node *layers, cvs__keras_refs *refs) {
    cvs_status status = CVS_OK;
    for (const cvs_node *layer = layers->child; layer && status == CVS_OK; layer = layer->next) {
        if (layer->kind != CVS_NODE_DICT)
            return cvs__keras_fail(layer, "not-a-layer", s->reader->err, "A layer of a model is an object.");
        status =
            cvs__keras_read_refs(s->reader->model->arena, cvs_node_get(layer, "inbound_nodes"), refs, s->reader->err);
        if (status == CVS_OK) status = note_refs(s, refs);
    }
    return status;
}

static cvs_status read_functional(scope *s, const cvs_node *model, const connections *outside) {
    const cvs_node *config = cvs_node_get(model, "config"), *layers = cvs_node_get(config, "layers");
    cvs_arena *arena = s->reader->model->arena;
    cvs__keras_refs ins = {0}, outs = {0}, refs = {0};
    cvs_error *err = s->reader->err;
    if (!layers || layers->kind != CVS_NODE_LIST)
        return cvs__keras_fail(config, "layers-missing", err, "A model has a list of \"layers\".");
    cvs_status status = cvs__keras_read_refs(arena, cvs_node_get(config, "input_layers"), &ins, err);
    if (status == CVS_OK) status = cvs__keras_read_refs(arena, cvs_node_get(config, "output_layers"), &outs, err);
    if (status == CVS_OK) status = note_all_refs(s, layers, &refs);
    if (status == CVS_OK) status = note_refs(s, &outs);
    if (status == CVS_OK) status = bind_inputs(s, layers, &ins, model, outside);
    if (status == CVS_OK) status = bind_outputs(s, &outs, model, outside);
    for (const cvs_node *layer = layers->child; layer && status == CVS_OK; layer = layer->next)
        status = add_uses(s, layer, &refs);
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static cvs_status read_model(keras_reader *reader, const cvs_node *model, const char *prefix, const char *origin,
                             const connections *outside) {
    scope s = {.reader = reader, .prefix = prefix, .origin = origin};
    s.tensors.arena = s.most_used.arena = reader->model->arena;
    if (reader->depth == CVS_MODEL_MAX_DEPTH)
        return cvs__keras_fail(model, "too-deep", reader->err, "Models stand in models, deeper than %d.",
                               CVS_MODEL_MAX_DEPTH);
    reader->depth++;
    const cvs_status status =
        cvs__keras_is_sequential(model) ? read_sequential(&s, model, outside) : read_functional(&s, model, outside);
    reader->depth--;
    return status;
}

static bool lists_layers(const cvs_node *node) {
    return node->kind == CVS_NODE_LIST && node->key &&
           (strcmp(node->key, "layers") == 0 || strcmp(node->key, "config") == 0);
}

/* Layers below the node, as far as they look like some; those of models in it among them. Depth is bounded by
   CVS_NODE_MAX_DEPTH. */
static int count_layers(const cvs_node *node) {
    int count = 0;
    for (const cvs_node *child = node->child; child; child = child->next)
        count += count_layers(child) + (lists_layers(node) && *cvs__keras_class(child));
    return count;
}

/* Words of Keras 1 that no later version has. Depth is bounded by CVS_NODE_MAX_DEPTH. */
static bool speaks_keras1(const cvs_node *node) {
    if (node->key && (strcmp(node->key, "border_mode") == 0 || strcmp(node->key, "nb_filter") == 0)) return true;
    for (const cvs_node *child = node->child; child; child = child->next)
        if (speaks_keras1(child)) return true;
    return false;
}

cvs_status cvs__model_read_keras(cvs_arena *arena, const cvs_node *root, cvs_framework framework, cvs_model **out,
                                 cvs_error *err) {
    const cvs_node *node = cvs__keras_find_model(root);
    if (!node)
        return cvs_fail(err, CVS_INVALID, "not-a-model", "",
                        "This is no model of Keras: an object with \"class_name\" and \"config\", as model.to_json() "
                        "writes it, or one that holds it as \"modelTopology\".");
    if (framework == CVS_FRAMEWORK_AUTO) framework = speaks_keras1(root) ? CVS_KERAS1 : CVS_KERAS;
    keras_reader reader = {.model = cvs__model_create(arena, framework), .framework = framework, .err = err};
    if (!reader.model) return cvs__model_no_memory(err);
    const int listed = count_layers(node), layers = listed < CVS_MODEL_MAX_LAYERS ? listed : CVS_MODEL_MAX_LAYERS;
    cvs_status status = cvs__model_reserve(reader.model, layers, layers, err);
    if (status != CVS_OK) return status;
    reader.first_uses.arena = arena;
    const char *name = cvs__keras_text(cvs_node_get(node, "config"), "name");
    if (name) reader.model->name = name;
    status = read_model(&reader, node, "", "", NULL);
    if (status == CVS_OK) status = cvs__model_finish(reader.model, err);
    if (status == CVS_OK) *out = reader.model;
    return status;
}

cvs_status cvs_model_read_keras(cvs_arena *arena, const void *json, cvs_framework framework, cvs_model **out,
                                cvs_error *err) {
    const cvs_node *root;
    const cvs_status status = cvs_node_from_jansson(arena, json, &root, err);
    return status == CVS_OK ? cvs__model_read_keras(arena, root, framework, out, err) : status;
}
