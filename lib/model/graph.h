/*
 * graph.h - a model from the inside: how readers build it, and what an operator has to say.
 *
 * A reader creates the model, adds tensors and layers in any order, says which tensors go in and come out, and ends
 * with cvs__model_finish(), which orders the layers. Names that a file gives are data: they are made unique here.
 */
#ifndef CONVSCOPE_MODEL_GRAPH_H
#define CONVSCOPE_MODEL_GRAPH_H

#include <convscope/model.h>

#include "model/names.h"

/* What a layer does: of one kind of layer, or of one operator. Static. */
typedef struct cvs__model_op {
    /*
     * Put layer number `layer` on its inputs, which all have shapes: cvs__model_set_shape() for each output, and in its
     * cvs_model_layer the weights, the cost, `inference`. What goes wrong is the layer's failure; CVS_NO_MEMORY is the
     * model's. An UNSUPPORTED says that nobody knows the type. Pointers are below where the layer stands, those at
     * "/input_shape" about what it reads.
     */
    cvs_status (*infer)(cvs_model *model, int layer, cvs_error *err);
    /* What one output cell sees of the layer's inputs; NULL: its own cell. */
    void (*see)(const cvs_model *model, int layer, cvs_receptive_field *out);
} cvs__model_op;

/* What only this room knows of a layer. */
typedef struct cvs__model_part {
    const cvs__model_op *op;
    const void *detail;       /* the op's own */
    cvs_inference *inference; /* room that cvs_model_infer() uses again */
    int first_use;            /* the layer whose weights these are; itself when they are its own */
    cvs_shape *stored;        /* of the weights that the model's file stores for it */
    int stored_count, stored_capacity;
    bool frozen; /* none of them is trained */
} cvs__model_part;

/* Numbers in the arena, growing. */
typedef struct cvs__numbers {
    int *items;
    int count, capacity;
} cvs__numbers;

struct cvs_model {
    cvs_arena *arena;
    cvs_framework framework;
    const char *name;
    cvs_symbols *symbols; /* of the last cvs_model_infer() */

    cvs_model_layer *layers; /* `parts` beside it */
    cvs__model_part *parts;
    int layer_count, layer_capacity;
    cvs__names layer_names;

    cvs_model_tensor *tensors; /* `stated` and `fields` beside it */
    cvs_model_tensor *stated;  /* what the model says of an input itself */
    cvs_model_field *fields;   /* what one of its cells sees */
    int tensor_count, tensor_capacity;
    cvs__names tensor_names;

    cvs__numbers inputs, outputs;

    cvs_model_order order;
    const char **notes;
    int note_count, note_capacity;

    /* A reader's own; NULL: nothing. Called before shapes are found, and before those of inputs are replaced. */
    cvs_status (*begin)(cvs_model *model, cvs_error *err);
    void *source;
};

/* ---- graph.c: building ------------------------------------------------------ */

/* NULL: no memory. */
cvs_model *cvs__model_create(cvs_arena *arena, cvs_framework framework) CVS_NODISCARD;

/* Room for as many, where it is known how many there will be. */
cvs_status cvs__model_reserve(cvs_model *model, int layers, int tensors, cvs_error *err) CVS_NODISCARD;

/* The number of the tensor called `name`, which is copied; a new one when there is none. CVS_TOO_LARGE, CVS_NO_MEMORY.
 */
cvs_status cvs__model_tensor(cvs_model *model, const char *name, int *number, cvs_error *err) CVS_NODISCARD;

/* A layer to add: names are copied, `op` and `detail` are not. */
typedef struct cvs__model_draft {
    const char *name, *type;
    const cvs_node *node; /* where it stands; NULL: nowhere in a text or JSON */
    const int *inputs, *outputs;
    int input_count, output_count;
    const cvs__model_op *op;
    const void *detail;
    int first_use; /* -1: its own */
    bool frozen;   /* none of its weights is trained, whatever they are */
} cvs__model_draft;

/* Add it; *number may be NULL. CVS_INVALID when a tensor has two makers. */
cvs_status cvs__model_add(cvs_model *model, const cvs__model_draft *draft, int *number, cvs_error *err) CVS_NODISCARD;

/* Let a tensor go in, with the shape that the model itself gives it (NULL: none). */
cvs_status cvs__model_add_input(cvs_model *model, int tensor, const cvs_shape *shape, cvs_error *err) CVS_NODISCARD;
cvs_status cvs__model_add_output(cvs_model *model, int tensor, cvs_error *err) CVS_NODISCARD;

/* The file stores a weight of this shape for a layer, behind those said before: compared when shapes are found. */
cvs_status cvs__model_store(cvs_model *model, int layer, const cvs_shape *shape, cvs_error *err) CVS_NODISCARD;

/* Let the model carry a sentence, which is in the arena. False: no memory. */
bool cvs__model_add_note(cvs_model *model, const char *note) CVS_NODISCARD;

/* "no memory for the model" */
cvs_status cvs__model_no_memory(cvs_error *err);

/* A copy of `text` in the arena, "" of an empty one, and the text freed. NULL: no memory. */
const char *cvs__model_keep(cvs_arena *arena, cvs_text *text) CVS_NODISCARD;

/* ---- order.c ------------------------------------------------------------------ */

/*
 * The end of building: layers behind those they read from, otherwise in the order they were added; readers counted.
 * CVS_INVALID: "tensor-unknown" for one that nobody makes, "cycle" for layers that wait for each other.
 */
cvs_status cvs__model_finish(cvs_model *model, cvs_error *err) CVS_NODISCARD;

/* ---- infer.c ------------------------------------------------------------------- */

/* The two halves of cvs_model_infer(), for a model in a model: forget all and begin; then, with inputs as they are by
   now, find the shapes. */
cvs_status cvs__model_start(cvs_model *model, cvs_symbols *symbols, cvs_error *err) CVS_NODISCARD;
cvs_status cvs__model_run(cvs_model *model, cvs_error *err) CVS_NODISCARD;

/* The shape of an output. */
void cvs__model_set_shape(cvs_model *model, int tensor, const cvs_shape *shape);

/* ---- stored.c ------------------------------------------------------------------- */

/* Do the weights that the file stores have the shapes that the layer gives them? Where not, it is the layer's failure.
 */
void cvs__model_compare_stored(cvs_model *model, int layer);

/* ---- describe.c: layers of the dialects ------------------------------------------ */

/* A layer without weights, whose outputs are as its inputs. No detail. */
extern const cvs__model_op cvs__same_op;

/*
 * What the layer at `node`, of the type that the draft has, is: fills in the draft's op and detail. One that cannot be
 * read is a layer that fails, not a model that does: only CVS_NO_MEMORY is returned.
 */
cvs_status cvs__model_describe(const cvs_model *model, const cvs_node *node, cvs_framework framework,
                               cvs__model_draft *draft, cvs_error *err) CVS_NODISCARD;

/* ---- layer_node.c: the operators of layer.h ------------------------------------- */

/* detail: a cvs_reading. */
extern const cvs__model_op cvs__layer_op;
/* One that could not be read, or whose type nobody knows. detail: the cvs_error that says why. */
extern const cvs__model_op cvs__unread_op;

/* ---- field.c, memory.c ------------------------------------------------------------ */

/* What the cells of a layer's outputs see, once its shapes are known. */
void cvs__model_see(cvs_model *model, int layer);
/* Are the cells with this field the input's own? Not where there is no field. */
bool cvs__field_is_of_input(const cvs_receptive_field *field);
/* Forget what was seen: the cells of inputs see themselves. */
void cvs__model_see_nothing(cvs_model *model);

/* output_bytes and live_bytes of every layer. */
void cvs__model_measure(cvs_model *model);

#endif
