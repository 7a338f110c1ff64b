/* keras.h - what the parts of reading a Keras model share. */
#ifndef CONVSCOPE_MODEL_KERAS_H
#define CONVSCOPE_MODEL_KERAS_H

#include "model/graph.h"

/* A tensor as Keras names it: output number `tensor` of use number `use` of a layer. */
typedef struct cvs__keras_ref {
    const char *layer;
    int use, tensor;
} cvs__keras_ref;

/* What one use of a layer reads, in order. In the arena. */
typedef struct cvs__keras_refs {
    cvs__keras_ref *ref;
    int count, capacity;
} cvs__keras_refs;

/*
 * keras_inbound.c: the references of one entry of "inbound_nodes", in each spelling:
 *   [["conv1", 0, 0, {}], ...]   Keras 1 and 2      ["conv1", 0, 0, {}]   newer ones of a single tensor
 *   {"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["conv1", 0, 0]}}], "kwargs": {}}   Keras
 * 3 and of "input_layers" and "output_layers", [["conv1", 0, 0], ...] or a single one. `refs` is emptied first.
 */
cvs_status cvs__keras_read_refs(cvs_arena *arena, const cvs_node *node, cvs__keras_refs *refs,
                                cvs_error *err) CVS_NODISCARD;

/* keras.c: the model that is, or is within, the JSON `root`; its texts are borrowed. As cvs_model_read_keras(). */
cvs_status cvs__model_read_keras(cvs_arena *arena, const cvs_node *root, cvs_framework framework, cvs_model **out,
                                 cvs_error *err) CVS_NODISCARD;

/* ---- keras_node.c ---- */

/* The object with class_name and config, of whatever was saved around it; NULL when there is none. */
const cvs_node *cvs__keras_find_model(const cvs_node *root);

/* The class of a layer, "" when it has none; its name, which is its class when it has none. */
const char *cvs__keras_class(const cvs_node *layer);
const char *cvs__keras_name(const cvs_node *layer);
bool cvs__keras_is_sequential(const cvs_node *model);
bool cvs__keras_is_model(const cvs_node *layer);
/* The list of a model's layers; something else, or NULL, when it has none. */
const cvs_node *cvs__keras_layers(const cvs_node *model);

/* "max_pooling2d" of "MaxPooling2D", as Keras names layers after their class. In the arena; NULL: no memory. */
const char *cvs__keras_snake_case(cvs_arena *arena, const char *name);

/* The text of member `key`, or NULL. */
const char *cvs__keras_text(const cvs_node *object, const char *key);

/* A list of sizes, null where one is not known. False when it is none. */
bool cvs__keras_shape(const cvs_node *list, cvs_shape *out);

/* CVS_INVALID at a node. */
cvs_status cvs__keras_fail(const cvs_node *node, const char *code, cvs_error *err, const char *format, ...)
    CVS_PRINTF(4, 5);

#endif
