/*
 * weights.c - which layer a stored weight belongs to.
 *
 * Keras 1 and 2 list the layers of a .h5 in "layer_names", and the weights of each in its group's "weight_names"; those
 * of a model within the model stand in its group, under their own layers' names (keras/engine/saving.py of 2.2). Keras
 * 3 has no names: a layer's group is called by its class, counted within its model, and its weights by their number
 * (keras/src/saving/saving_lib.py); later releases call it by the layer's name.
 */
#include <stdio.h>
#include <string.h>

#include "model/file/file.h"
#include "model/keras.h"

typedef struct sorter {
    cvs_model *model;
    const cvs__hdf5 *hdf5;
    cvs__names layers; /* by their whole names */
    cvs__names last;   /* by what stands behind the last '/' */
    cvs_error *err;
} sorter;

static const char *join(const sorter *s, const char *a, const char *between, const char *b) {
    cvs_text text = {0};
    cvs_text_add(&text, a);
    if (*a) cvs_text_add(&text, between);
    cvs_text_add(&text, b);
    return cvs__model_keep(s->model->arena, &text);
}

static bool list_layers(sorter *s) {
    s->layers.arena = s->last.arena = s->model->arena;
    for (int i = s->model->layer_count - 1; i >= 0; i--) {
        const char *name = s->model->layers[i].name, *slash = strrchr(name, '/');
        if (!cvs__names_add(&s->layers, name, i) || !cvs__names_add(&s->last, slash ? slash + 1 : name, i))
            return false;
    }
    return true;
}

/* ---- Keras 1 and 2 ---------------------------------------------------------------------- */

/* A list of names: in parts, "layer_names0", "layer_names1" ..., where it was too long for an attribute. */
static cvs_status read_names(const sorter *s, const char *path, const char *attribute, cvs__texts *all) {
    enum { MOST_PARTS = 4096 };
    char part[32];
    cvs_status status = cvs__hdf5_texts(s->hdf5, path, attribute, all);
    for (int i = 0; i < MOST_PARTS && status == CVS_OK; i++) {
        cvs__texts more;
        snprintf(part, sizeof part, "%s%d", attribute, i);
        status = cvs__hdf5_texts(s->hdf5, path, part, &more);
        if (status != CVS_OK || more.count == 0) return status;
        const char **joined =
            cvs_arena_take(s->model->arena, ((size_t)all->count + (size_t)more.count) * sizeof *joined);
        if (!joined) return cvs__model_no_memory(s->err);
        if (all->count > 0) memcpy(joined, all->text, (size_t)all->count * sizeof *joined);
        memcpy(joined + all->count, more.text, (size_t)more.count * sizeof *joined);
        *all = (cvs__texts){joined, all->count + more.count};
    }
    return status;
}

/* The layer of a weight "conv1/kernel:0" in the group of `owner`: owner itself, or one within it. -1: none. */
static int layer_of(const sorter *s, const char *owner, const char *weight) {
    const int itself = cvs__names_find(&s->layers, owner);
    const char *end = strrchr(weight, '/'), *start = end;
    if (itself >= 0 || !end) return itself;
    while (start > weight && start[-1] != '/') start--;
    const char *name = cvs_arena_copy(s->model->arena, start, (size_t)(end - start));
    const int inside = name ? cvs__names_find(&s->last, name) : -1;
    const size_t length = strlen(owner);
    const bool within = inside >= 0 && strncmp(s->model->layers[inside].name, owner, length) == 0 &&
                        s->model->layers[inside].name[length] == '/';
    return within ? inside : -1;
}

static cvs_status store_named(const sorter *s, const char *group, const char *owner, const char *weight) {
    cvs_shape shape;
    const int layer = layer_of(s, owner, weight);
    const char *path = join(s, group, "/", weight);
    if (!path) return cvs__model_no_memory(s->err);
    const cvs_status status = cvs__hdf5_shape(s->hdf5, path, &shape);
    if (status != CVS_OK) return status;
    if (shape.rank < 0)
        return cvs_fail(s->err, CVS_INVALID, "broken-hdf5", "",
                        "The file lists the weights %s, and does not hold them.", path);
    return layer < 0 ? CVS_OK : cvs__model_store(s->model, layer, &shape, s->err);
}

cvs_status cvs__weights_by_name(cvs_model *model, const cvs__hdf5 *hdf5, cvs_error *err) {
    sorter s = {.model = model, .hdf5 = hdf5, .err = err};
    cvs__texts layers, weights;
    bool within;
    if (!list_layers(&s)) return cvs__model_no_memory(err);
    cvs_status status = cvs__hdf5_has(hdf5, "model_weights", &within);
    const char *root = within ? "model_weights" : "";
    if (status == CVS_OK) status = read_names(&s, root, "layer_names", &layers);
    for (int i = 0; status == CVS_OK && i < layers.count; i++) {
        const char *group = join(&s, root, "/", layers.text[i]);
        status = group ? read_names(&s, group, "weight_names", &weights) : cvs__model_no_memory(err);
        for (int w = 0; status == CVS_OK && w < weights.count; w++)
            status = store_named(&s, group, layers.text[i], weights.text[w]);
    }
    return status;
}

/* ---- Keras 3 ------------------------------------------------------------------------------- */

/* A model's place in the file, and in our names. */
typedef struct place {
    const char *group;  /* "layers" */
    const char *list;   /* what a model's group has its layers in: "layers" */
    const char *prefix; /* "" or "encoder/" */
    bool by_class;
} place;

/* The layer's group by its class: "conv2d", "conv2d_1". `counts` are those of the classes before it. */
static const char *class_group(const sorter *s, const place *at, const cvs_node *layer, cvs__names *counts) {
    char number[16] = "";
    const char *name = cvs__keras_snake_case(s->model->arena, cvs__keras_class(layer));
    if (!name) return NULL;
    const int before = cvs__names_find(counts, name);
    if (before > 0) snprintf(number, sizeof number, "_%d", before);
    if (!cvs__names_add(counts, name, before > 0 ? before + 1 : 1)) return NULL;
    name = join(s, name, "", number);
    return name ? join(s, at->group, "/", name) : NULL;
}

/* Which of both ways finds more groups? */
static cvs_status choose(const sorter *s, const cvs_node *layers, place *at) {
    cvs__names counts = {.arena = s->model->arena};
    int by_class = 0, by_name = 0;
    for (const cvs_node *layer = layers->child; layer; layer = layer->next) {
        const char *class = class_group(s, at, layer, &counts);
        const char *name = join(s, at->group, "/", cvs__keras_name(layer));
        if (!class || !name) return cvs__model_no_memory(s->err);
        bool has_class, has_name = false;
        cvs_status status = cvs__hdf5_has(s->hdf5, class, &has_class);
        if (status == CVS_OK) status = cvs__hdf5_has(s->hdf5, name, &has_name);
        if (status != CVS_OK) return status;
        by_class += has_class;
        by_name += has_name;
    }
    at->by_class = by_class >= by_name;
    return CVS_OK;
}

static cvs_status store_numbered(const sorter *s, const char *group, int layer) {
    cvs_status status = CVS_OK;
    for (int i = 0; status == CVS_OK && i < CVS_MODEL_MAX_TENSORS; i++) {
        char path[24];
        cvs_shape shape;
        snprintf(path, sizeof path, "vars/%d", i);
        const char *whole = join(s, group, "/", path);
        status = whole ? cvs__hdf5_shape(s->hdf5, whole, &shape) : cvs__model_no_memory(s->err);
        if (status != CVS_OK || shape.rank < 0) break;
        status = cvs__model_store(s->model, layer, &shape, s->err);
    }
    return status;
}

static cvs_status store_model(const sorter *s, const cvs_node *model, place at, int depth);

static cvs_status store_layer(const sorter *s, const cvs_node *layer, const char *group, const place *at, int depth) {
    const char *name = join(s, at->prefix, "", cvs__keras_name(layer));
    if (!name) return cvs__model_no_memory(s->err);
    if (!cvs__keras_is_model(layer)) {
        const int number = cvs__names_find(&s->layers, name);
        return number < 0 ? CVS_OK : store_numbered(s, group, number);
    }
    const place inside = {join(s, group, "/", at->list), at->list, join(s, name, "", "/"), false};
    if (!inside.group || !inside.prefix) return cvs__model_no_memory(s->err);
    return store_model(s, layer, inside, depth + 1);
}

static cvs_status store_model(const sorter *s, const cvs_node *model, place at, int depth) {
    cvs__names counts = {.arena = s->model->arena};
    const cvs_node *layers = cvs__keras_layers(model);
    if (!layers || layers->kind != CVS_NODE_LIST || depth == CVS_MODEL_MAX_DEPTH) return CVS_OK;
    cvs_status status = choose(s, layers, &at);
    for (const cvs_node *layer = layers->child; layer && status == CVS_OK; layer = layer->next) {
        const char *group =
            at.by_class ? class_group(s, &at, layer, &counts) : join(s, at.group, "/", cvs__keras_name(layer));
        status = group ? store_layer(s, layer, group, &at, depth) : cvs__model_no_memory(s->err);
    }
    return status;
}

cvs_status cvs__weights_by_place(cvs_model *model, const cvs_node *config, const cvs__hdf5 *hdf5, cvs_error *err) {
    sorter s = {.model = model, .hdf5 = hdf5, .err = err};
    const cvs_node *root = cvs__keras_find_model(config);
    /* TensorFlow 2.12's Keras called the list otherwise. */
    bool now;
    if (!list_layers(&s)) return cvs__model_no_memory(err);
    const cvs_status status = cvs__hdf5_has(hdf5, "layers", &now);
    const char *list = now ? "layers" : "_layer_checkpoint_dependencies";
    if (status != CVS_OK) return status;
    return root ? store_model(&s, root, (place){list, list, "", false}, 0) : CVS_OK;
}
