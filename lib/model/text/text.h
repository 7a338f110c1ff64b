/*
 * text.h - models written as code, or as PyTorch prints them: what the files of this folder share.
 *
 * Statements are evaluated one by one (statements.c, evaluate.c): a call makes a module, what is applied to tensors
 * leaves steps, a trace of single layers in the order of the text. What the text at last calls the model says which
 * tensors go in and come out; build.c makes the graph of the steps between them.
 */
#ifndef CONVSCOPE_MODEL_TEXT_H
#define CONVSCOPE_MODEL_TEXT_H

#include "dialect/code.h"
#include "model/graph.h"

/* ---- modules ------------------------------------------------------------------ */

typedef enum cvs__module_kind {
    CVS__LEAF,     /* a layer */
    CVS__SEQUENCE, /* modules one after the other */
    CVS__CUSTOM,   /* modules of which the text does not say what becomes of them */
    CVS__GRAPH,    /* steps between tensors: Keras's Model(inputs, outputs) */
    CVS__INPUT     /* of a sequence: Keras's Input(shape), which only says the shape */
} cvs__module_kind;

typedef struct cvs__module cvs__module;

/* A module's place in another one. */
typedef struct cvs__member {
    const char *label; /* "conv1", "0" */
    cvs__module *module;
    struct cvs__member *next;
} cvs__member;

struct cvs__module {
    cvs__module_kind kind;
    const char *name;     /* its own: name='conv1', or as Keras calls it; NULL in PyTorch */
    const char *type;     /* "nn.Conv2d" */
    const cvs_node *node; /* where it stands */

    const cvs__model_op *op; /* of a leaf; NULL until it is described */
    const void *detail;
    const cvs_reading *reading; /* of a leaf that is an operator of layer.h, else NULL */
    int layer;                  /* the number of its first use in the model; -1: none */

    cvs__member *first, *last; /* of a sequence, or custom */
    int count;

    const cvs_shape *built; /* of a sequence: what build() was told; or NULL */
    int *inputs, *outputs;  /* tensors of a graph; of a sequence that was asked for its input or output, one each */
    int input_count, output_count;
};

/* ---- the trace ------------------------------------------------------------------ */

typedef struct cvs__step {
    cvs__module *leaf;
    const char *name; /* unique */
    const int *inputs;
    int input_count, output;
} cvs__step;

/* A tensor, with what can be known before any shape is: 0 channels are not known. */
typedef struct cvs__trace_tensor {
    int step; /* that makes it; -1: it goes in */
    const char *name;
    bool stated; /* `shape` is there: of what goes in */
    cvs_shape shape;
    int64_t channels;
    bool spatial; /* it has positions beside the channels */
    bool single;  /* just one position */
} cvs__trace_tensor;

/* ---- values ----------------------------------------------------------------------- */

typedef enum cvs__value_kind { CVS__NOTHING, CVS__TENSORS, CVS__MODULE } cvs__value_kind;

/* What an expression comes to. NOTHING is what is no part of a model: data, optimizers, numbers. */
typedef struct cvs__value {
    cvs__value_kind kind;
    const int *tensors;
    int count;
    cvs__module *module;
} cvs__value;

typedef struct cvs__binding_of_name {
    const char *name;
    const cvs_node *node; /* that it was bound to */
    cvs__value value;
} cvs__binding_of_name;

/* ---- the reader -------------------------------------------------------------------- */

typedef struct cvs__text_reader {
    cvs_model *model;
    cvs_arena *arena;
    cvs__code code;
    cvs_framework framework;
    cvs_error *err;

    cvs__names binding_names;
    cvs__binding_of_name *bindings;
    int binding_count, binding_capacity;

    cvs__step *steps;
    int step_count, step_capacity;
    cvs__trace_tensor *tensors;
    int tensor_count, tensor_capacity;

    cvs__names counts;  /* how many layers of a type Keras has named */
    cvs__names taken;   /* names of steps and inputs: how many times they were wanted */
    cvs__names noted;   /* types that there is a note about */
    cvs__module *found; /* the last model that the text makes */
    int depth, work;    /* how deep in modules; how many were visited */
} cvs__text_reader;

/* ---- text.c ---- */

/* An error of `status` about a node: its place, and what stands there. */
cvs_status cvs__text_fail(cvs__text_reader *reader, const cvs_node *node, const char *code, const char *format, ...)
    CVS_PRINTF(4, 5);

/* "a", `between`, "b"; b alone where a is empty. NULL: no memory. */
const char *cvs__text_join(cvs__text_reader *reader, const char *a, const char *between, const char *b);

/* One item more of `size` bytes in an array of the arena, zeroed; NULL: no memory. */
void *cvs__text_push(cvs_arena *arena, void **items, int *count, int *capacity, size_t size);

/* Count a visit. CVS_TOO_LARGE when a few lines make models upon models. */
cvs_status cvs__text_work(cvs__text_reader *reader, int amount) CVS_NODISCARD;

/* Visit what stands in `node`, until cvs__text_leave(): counted, and no deeper than any text needs. A list may name
 * itself: x = [x]. */
cvs_status cvs__text_enter(cvs__text_reader *reader, const cvs_node *node) CVS_NODISCARD;
void cvs__text_leave(cvs__text_reader *reader);

/* ---- evaluate.c ---- */

/* What an expression is. CVS_SYNTAX, CVS_INVALID with its place when tensors go where nobody can follow them. */
cvs_status cvs__text_evaluate(cvs__text_reader *reader, const cvs_node *node, cvs__value *out) CVS_NODISCARD;

/* The same of what has to be tensors: a name, a call, a list of them. */
cvs_status cvs__text_tensors(cvs__text_reader *reader, const cvs_node *node, cvs__value *out) CVS_NODISCARD;

/* Join the tensors of the arguments from `argument` on; *out is NOTHING when they have none. `strict`: an error when
   one is none. */
cvs_status cvs__text_arguments(cvs__text_reader *reader, const cvs_node *argument, bool strict,
                               cvs__value *out) CVS_NODISCARD;

/* The binding of a name, or NULL. */
const cvs__binding_of_name *cvs__text_bound(const cvs__text_reader *reader, const char *name);

/* ---- methods.c ---- */

/*
 * `method` of a module, at the call `node`, whose arguments begin at `argument`: model.add(...), net.to(device). *known
 * is false when it is none of those.
 */
cvs_status cvs__text_method(cvs__text_reader *reader, cvs__module *module, const char *method, const cvs_node *argument,
                            cvs__value *out, bool *known) CVS_NODISCARD;

/* ---- keras.c ---- */

/* Input(shape), Model(inputs, outputs): what Keras has beside layers. *known is false when it is none of those. */
cvs_status cvs__text_keras(cvs__text_reader *reader, const cvs_node *call, cvs__value *out, bool *known) CVS_NODISCARD;

/* The tensor of Input(...) or InputLayer(...). */
cvs_status cvs__text_keras_input(cvs__text_reader *reader, const cvs_node *call, int *tensor) CVS_NODISCARD;

/* As Keras calls a layer that nobody named: "max_pooling2d_1" is the second MaxPooling2D. NULL: no memory. */
const char *cvs__text_keras_name(cvs__text_reader *reader, const char *type);

/* ---- module.c ---- */

/* The module that a call makes. */
cvs_status cvs__text_module(cvs__text_reader *reader, const cvs_node *call, cvs__module **out) CVS_NODISCARD;

/* Put what `node` is (a layer, a model, a list of them) at the module's end. `label` NULL: its number. */
cvs_status cvs__text_add_member(cvs__text_reader *reader, cvs__module *module, const cvs_node *node,
                                const char *label) CVS_NODISCARD;

/* A leaf of ours beside those of the text, of code like "nn.Flatten()"; it stands where `node` does. */
cvs_status cvs__text_helper(cvs__text_reader *reader, const char *source, const cvs_node *node,
                            cvs__module **out) CVS_NODISCARD;

/* Find out what a leaf does. */
cvs_status cvs__text_describe(cvs__text_reader *reader, cvs__module *leaf) CVS_NODISCARD;

/* ---- trace.c ---- */

/* A tensor that goes in. `name` NULL: "input". */
cvs_status cvs__text_add_input(cvs__text_reader *reader, const char *name, const cvs_shape *shape,
                               int *tensor) CVS_NODISCARD;

/* Apply a leaf to tensors, as a step called `name`, or one like it. */
cvs_status cvs__text_add_step(cvs__text_reader *reader, cvs__module *leaf, const char *name, const cvs__value *inputs,
                              int *output) CVS_NODISCARD;

/* ---- apply.c ---- */

/* Apply a module to tensors. `path` is what its parts' names begin with: "", "layer1". */
cvs_status cvs__text_apply(cvs__text_reader *reader, cvs__module *module, const char *path, const cvs__value *inputs,
                           cvs__value *out) CVS_NODISCARD;

/* Apply a module's member to one tensor. */
cvs_status cvs__text_apply_member(cvs__text_reader *reader, const cvs__member *member, const char *path,
                                  int *tensor) CVS_NODISCARD;

/* A sequence's own input and output, made when they are first asked for; those of a graph. */
cvs_status cvs__text_open(cvs__text_reader *reader, cvs__module *module) CVS_NODISCARD;

/* ---- custom.c, recipes.c ---- */

/* The first leaf of a module that says how many channels it reads, when nothing before it changes them; else NULL. */
cvs_status cvs__text_entry(cvs__text_reader *reader, const cvs__module *module, cvs__module **entry) CVS_NODISCARD;

/* Apply a module whose text does not say how. */
cvs_status cvs__text_apply_custom(cvs__text_reader *reader, cvs__module *module, const char *path,
                                  int *tensor) CVS_NODISCARD;

/* What classes of torchvision do with their members. NULL: it is none of them, or has members that those have not. */
const char *cvs__text_recipe(const cvs__module *module);
/* Is it a class whose members are applied one after the other? */
bool cvs__text_is_sequence(const char *type);

/* Apply its members as the recipe says. */
cvs_status cvs__text_follow(cvs__text_reader *reader, const cvs__module *module, const char *path, const char *recipe,
                            int *tensor) CVS_NODISCARD;

/* Let the model carry a note, once for each `about`. */
cvs_status cvs__text_note(cvs__text_reader *reader, cvs_model_order order, const char *about, const char *format, ...)
    CVS_PRINTF(4, 5) CVS_NODISCARD;

/* ---- build.c ---- */

/* The graph of what was found. */
cvs_status cvs__text_build(cvs__text_reader *reader) CVS_NODISCARD;

#endif
