/*
 * dialect.h - how others write a layer: Keras 1, Keras 2/3, PyTorch, ONNX and
 * our own form, serialised or as pasted text, read into a cvs_layer and
 * written back.
 *
 * Text and JSON become one tree first (cvs_node); every dialect reads that
 * tree, so a framework's rules exist once. Nodes know where they came from:
 * a place in the text, or a JSON pointer.
 */
#ifndef CONVSCOPE_DIALECT_H
#define CONVSCOPE_DIALECT_H

#include <convscope/explain.h>
#include <convscope/layer.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the tree ---------------------------------------------------------- */

typedef enum cvs_node_kind {
    CVS_NODE_NULL,   /* null, None */
    CVS_NODE_BOOL,   /* true, False */
    CVS_NODE_INT,    /* integer */
    CVS_NODE_REAL,   /* real */
    CVS_NODE_STRING, /* text, text_length: unescaped UTF-8 */
    CVS_NODE_NAME,   /* text: a bare dotted name, e.g. same in a repr, tf.nn.relu */
    CVS_NODE_LIST,   /* children: JSON arrays, Python lists and tuples */
    CVS_NODE_DICT,   /* children with keys */
    CVS_NODE_CALL    /* text: the dotted callee, e.g. nn.Conv2d; children: arguments, keywords have keys */
} cvs_node_kind;

/* Where something stands in pasted text. */
typedef struct cvs_place {
    int64_t offset;   /* bytes from 0; -1 when it came from JSON */
    int line, column; /* from 1, columns in code points; 0 when it came from JSON */
} cvs_place;

typedef struct cvs_node cvs_node;
struct cvs_node {
    cvs_node_kind kind;
    bool boolean;
    int64_t integer;
    double real;
    const char *text; /* NUL-terminated */
    size_t text_length;
    const char *key; /* in a DICT, or a keyword argument; of a pasted text's root the name that the text gives it
                        (`self.c1 = ` "c1", `(0): ` "0"); else NULL */
    const cvs_node *parent, *child, *next;
    int count;    /* children */
    int position; /* among its siblings, from 0 */
    cvs_place place, key_place;
};

/* Nesting deeper than this is refused. */
#define CVS_NODE_MAX_DEPTH 32

/*
 * Read pasted text: an expression of Python's literal syntax plus names and calls, with the things people
 * paste around a layer allowed: `x = ...`, `self.c1 = ...`, `model.add(...)`, `x = Conv2D(...)(x)`, a
 * trailing comma or comment, `(0): Conv2d(...)` from a printed module. `text` (a `length` of at most 64 KiB)
 * must outlive nothing: strings are copied to the arena.
 * CVS_SYNTAX with offset, line and column, and in `expected` what would have been possible there.
 */
CVS_API cvs_status cvs_text_parse(cvs_arena *arena, const char *text, size_t length, const cvs_node **out,
                                  cvs_error *err) CVS_NODISCARD;

/*
 * The same tree from a JSON value. `json` is a jansson `json_t *`, taken as a plain pointer so that this
 * header needs no jansson; borrowed, and must outlive the nodes (strings are not copied).
 */
CVS_API cvs_status cvs_node_from_jansson(cvs_arena *arena, const void *json, const cvs_node **out,
                                         cvs_error *err) CVS_NODISCARD;

/* The child with this key, or NULL. */
CVS_API const cvs_node *cvs_node_get(const cvs_node *node, const char *key);

/* Append the node's JSON pointer below the tree's root ("/config/strides/0"; "" for the root). A positional
   argument of a CALL counts as its position. */
CVS_API void cvs_node_pointer(const cvs_node *node, cvs_text *out);

/* ---- reading ----------------------------------------------------------- */

typedef struct cvs_reading {
    cvs_layer layer;
    cvs_framework framework; /* as said, or as recognised */
    const char *type;        /* as written: "Convolution1D", "nn.Conv2d", "Conv". In the arena. */
    const char *name;        /* the layer's own name where the text gives one, else NULL. In the arena. */
    bool has_input_shape;    /* the text itself says it: input_shape=(3, 256, 256) */
    cvs_shape input_shape;   /* then this, with an unknown batch axis put before it (batch_input_shape: its own) */
    unsigned
        asked; /* CVS_ASK_...: the settings written as "?", for cvs_layer_solve(). The layer has 1, 0, valid there. */
    const struct cvs__bindings *bindings; /* which node gave what: for cvs_reading_locate(). In the arena. */
} cvs_reading;

/*
 * Read one layer in whatever dialect it is written. `node` is a STRING (pasted text, parsed here), a CALL or a
 * DICT; `framework` is the user's word for it, or CVS_FRAMEWORK_AUTO to recognise it by its spelling:
 *   {"class_name", "config"} Keras; nb_filter, border_mode, Convolution1D ... Keras 1
 *   {"op_type", "attributes"} ONNX
 *   {"op": ...} ours
 *   Conv2D(...) Keras, Conv2d(...) PyTorch, with or without keras.layers. / nn. / tf.keras.
 * Unknown members are errors that name the nearest known one; members of a framework's own `config` that do
 * not influence the result (initializers, regularizers, constraints, name, dtype, trainable) pass.
 * Errors of JSON have a pointer below `node`; those of text have the pointer "" and offset, line and column. After an
 * error nothing in `out` is to be used.
 */
CVS_API cvs_status cvs_dialect_read(cvs_arena *arena, const cvs_node *node, cvs_framework framework, cvs_reading *out,
                                    cvs_error *err) CVS_NODISCARD;

/*
 * An error about `reading->layer` in the names of our own form (pointer "/stride/0", from cvs_layer_validate(),
 * cvs_infer() ...) becomes one about what the user wrote: "/config/strides/0", or a place in the text. A pointer
 * that nothing of the user's stands for ("/input_shape", a default) is left alone, as is a NULL or empty error. Without
 * memory to find the place it becomes an error of its own, of CVS_NO_MEMORY.
 */
CVS_API void cvs_reading_locate(const cvs_reading *reading, cvs_error *err);

/* Did the user say this setting (in the name of our own form: "multiplier")? What nobody said is a default. */
CVS_API bool cvs_reading_says(const cvs_reading *reading, const char *setting);

/* ---- writing ----------------------------------------------------------- */

/*
 * Write the layer as a user of `framework` would: a line of code for Keras 1, Keras and PyTorch, e.g.
 * "Conv1D(111, 5, activation='relu')" and "nn.Conv1d(1, 111, 5)"; a JSON object for ONNX and our own form.
 * Where code takes more than one line (a pad layer before a convolution, PyTorch's activation after it) the lines
 * are separated by '\n'; where ONNX takes more than one node, the JSON is an array of them.
 * Reading a single line or object back gives the same layer on the same input. CVS_UNSUPPORTED, with the reason in the
 * message, in `language`, where the framework cannot express it.
 */
CVS_API cvs_status cvs_dialect_write(const cvs_inference *inference, cvs_framework framework, cvs_language language,
                                     cvs_text *out, cvs_error *err) CVS_NODISCARD;

#ifdef __cplusplus
}
#endif

#endif
