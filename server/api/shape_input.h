/* shape_input.h - "input_shape" of a request: sizes, unknowns, names, and names with a value. */
#ifndef CONVSCOPE_SHAPE_INPUT_H
#define CONVSCOPE_SHAPE_INPUT_H

#include <convscope/layer.h>
#include <jansson.h>

typedef struct shape_input {
    cvs_shape shape;      /* as written: names are symbolic, also those that "H=224" gives a value */
    cvs_symbols *symbols; /* NULL when there is no name; in the arena */
    cvs_binding bindings[CVS_MAX_RANK];
    size_t binding_count;
} shape_input;

/*
 * Read an array of sizes: 0 or more, null or -1 for unknown, "H" for a name, "H=224" for a name and its value.
 * Errors are CVS_INVALID with a pointer below `json`.
 */
cvs_status shape_input_read(const json_t *json, cvs_arena *arena, shape_input *out, cvs_error *err) CVS_NODISCARD;

/* The shape with the values put in for the names that have one. */
cvs_shape shape_input_bound(const shape_input *input);

#endif
