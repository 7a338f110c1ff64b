/* reader.h - the state of reading one layer, and what the types of argument need of it. */
#ifndef CONVSCOPE_DIALECT_READER_H
#define CONVSCOPE_DIALECT_READER_H

#include "dialect/node.h"
#include "dialect/table.h"
#include "dialect/utf8.h"

#define CVS__MAX_ARGUMENTS 56 /* of one class, with the common ones and those beside it */

/* Which node gave which argument. */
typedef struct cvs__binding {
    const cvs__argument *argument;
    const cvs_node *node;
} cvs__binding;

typedef struct cvs__bindings {
    const cvs_node *base; /* pointers are told from here */
    int spatial_rank;
    int count;
    cvs__binding binding[CVS__MAX_ARGUMENTS]; /* where they are kept there is only room for `count` */
} cvs__bindings;

struct cvs__reader {
    cvs_arena *arena;
    const cvs__dialect *dialect;
    const cvs__class *row;
    cvs__bindings *bindings;
    cvs_layer *layer; /* out->layer */
    cvs_reading *out;
    cvs_error *err; /* never NULL, empty at first */
};

/* The node that gave an argument of this name, or NULL. */
const cvs_node *cvs__reader_given(const cvs__reader *reader, const char *name);

/* Record an error about `node`: its pointer, or its place in the text. Returns CVS_INVALID. */
cvs_status cvs__reader_fail(const cvs__reader *reader, const cvs_node *node, const char *code, const char *format, ...)
    CVS_PRINTF(4, 5);

/* The node is of a kind that the argument does not take; `expected` is what it does. */
cvs_status cvs__reader_wrong_kind(const cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                                  const char *expected);

/* Point an error at a node below `base`: by pointer when it is JSON, by place when it is text. */
void cvs__error_at(cvs_error *err, const cvs_node *base, const cvs_node *node);

/* The same for the key that the node was given by. */
void cvs__error_at_key(cvs_error *err, const cvs_node *base, const cvs_node *node);

/* Show a node as the error's value. */
void cvs__error_value(cvs_error *err, const cvs_node *node);

/* `count` integers: an INT that stands for all of them (if `broadcast`), or a LIST of just so many. */
cvs_status cvs__read_ints(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node, int count,
                          bool broadcast, int64_t *out) CVS_NODISCARD;

/*
 * What a padding layer puts at the ends of its spatial axes; negative numbers cut off, which makes it a crop.
 * CVS_UNSUPPORTED where it does both.
 */
cvs_status cvs__read_sides(cvs__reader *reader, const cvs_node *node, const int64_t *before,
                           const int64_t *after) CVS_NODISCARD;

/* The word of a STRING or NAME among `choices`. */
cvs_status cvs__read_choice(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                            const cvs__choice *choices, int *value) CVS_NODISCARD;

/* The field that an argument fills. */
static inline void *cvs__field(cvs_layer *layer, const cvs__argument *argument) {
    return (char *)layer + argument->offset;
}
static inline const void *cvs__field_of(const cvs_layer *layer, const cvs__argument *argument) {
    return (const char *)layer + argument->offset;
}

/* ---- recognise.c: which row, and which argument each node is ---- */

/*
 * Find the row that a CALL or DICT is written for and bind its arguments: sets dialect, row and bindings. Of several
 * rows with that name the one wins that the arguments fit best: Convolution2D(64, 3, 3) is Keras 1, Convolution2D(64,
 * (3, 3)) Keras 2. Pointers of errors start at `base`.
 */
cvs_status cvs__recognise(cvs__reader *reader, const cvs_node *base, const cvs_node *node,
                          cvs_framework framework) CVS_NODISCARD;

/* ---- read.c ---- */

/* Read a layer, up to but without its validation: sets layer and what is in `out`. */
cvs_status cvs__read_layer(cvs__reader *reader, const cvs_node *base, const cvs_node *node,
                           cvs_framework framework) CVS_NODISCARD;

#endif
