/* shape_input.h - "input_shape" of a request: sizes, unknowns, names, and names with a value. */
#ifndef CONVSCOPE_SHAPE_INPUT_H
#define CONVSCOPE_SHAPE_INPUT_H

#include <convscope/layer.h>
#include <jansson.h>

/* The names in a request's shapes: the same name is the same size in all of them. A zeroed struct has none. */
typedef struct shape_names {
    cvs_symbols *symbols;  /* NULL as long as there is no name; in the arena, as the bindings are */
    cvs_binding *bindings; /* the names that "H=224" gave a value */
    size_t count, capacity;
} shape_names;

/*
 * Read an array of sizes: 0 or more, null or -1 for unknown, "H" for a name, "H=224" for a name and its value. Names
 * are symbolic in `out`, also those with a value. Errors are CVS_INVALID with a pointer below `json`.
 */
cvs_status shape_input_read(const json_t *json, cvs_arena *arena, shape_names *names, cvs_shape *out,
                            cvs_error *err) CVS_NODISCARD;

/* The shape with the values put in for the names that have one. */
cvs_shape shape_input_bound(const shape_names *names, const cvs_shape *shape);

#endif
