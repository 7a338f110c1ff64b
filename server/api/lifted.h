/*
 * lifted.h - the numbers of a request, read before its JSON is parsed.
 *
 * A tree of a tensor costs many times its text. So the arrays that stand where a request has its tensors, and the texts
 * in base64, are read straight from the body, and what is parsed is an envelope with a short string in the place of
 * each.
 *
 * Only what is right is lifted: full rows of equal length, numbers within float32; whole float32 in base64. All else
 * stays in the envelope, and whoever meets an error with an envelope parses the body itself to tell it: so errors, and
 * the places that they name, are those of the whole body.
 */
#ifndef CONVSCOPE_LIFTED_H
#define CONVSCOPE_LIFTED_H

#include <convscope/layer.h>
#include <jansson.h>

/* The input and every weight. */
enum { LIFTED_MOST = 1 + CVS_MAX_WEIGHTS };

typedef struct lifted_array {
    const char *begin, *end; /* where it stands in the body, with its brackets or quotes */
    float *values;           /* shape's product of them, row-major; in the arena */
    cvs_shape shape;         /* no size is 0 */
    size_t count;
} lifted_array;

/* A zeroed struct has lifted nothing. */
typedef struct lifted_arrays {
    lifted_array array[LIFTED_MOST];
    size_t count;
    const char *envelope; /* in the arena; not terminated */
    size_t envelope_length;
} lifted_arrays;

/* Where tensors stand: at "/input" and in "/weights", or in their "data" or "base64"; or at "/inputs/N/data". */
typedef enum lifted_places { LIFTED_CONVOLVE, LIFTED_INFER } lifted_places;

/* Lift what can be from `body`, which may be no JSON at all. False when nothing was, or memory is short. */
bool lifted_read(lifted_arrays *lifted, lifted_places places, cvs_arena *arena, const char *body,
                 size_t length) CVS_NODISCARD;

/* The array that `json`, of the parsed envelope, stands for; NULL when it is a value of its own. */
const lifted_array *lifted_find(const lifted_arrays *lifted, const json_t *json);

#endif
