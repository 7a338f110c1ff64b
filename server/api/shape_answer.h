/*
 * shape_answer.h - one layer on one input, answered: the members of /v1/shape's response, each computed only when it
 * is wanted.
 */
#ifndef CONVSCOPE_SHAPE_ANSWER_H
#define CONVSCOPE_SHAPE_ANSWER_H

#include "api/layer_input.h"
#include "api/shape_input.h"

/* The members of the response, in its order. */
typedef enum shape_field {
    SHAPE_FRAMEWORK,
    SHAPE_LAYER,
    SHAPE_INPUT,
    SHAPE_OUTPUT,
    SHAPE_WEIGHTS,
    SHAPE_WEIGHTS_LAYOUTS,
    SHAPE_PARAMETERS,
    SHAPE_COST,
    SHAPE_RECEPTIVE_FIELD,
    SHAPE_EXPLANATION,
    SHAPE_FINDINGS,
    SHAPE_EQUIVALENTS,
    SHAPE_FIELD_COUNT
} shape_field;

/* What is wanted beside the layer and its input. */
typedef struct shape_wish {
    unsigned fields; /* bit i: shape_field i */
    cvs_language language;
    const cvs_shape *weights; /* "weights_shapes", NULL when not asked */
    size_t weights_count;
    const int64_t *cell; /* "cell", NULL when not asked */
    int cell_rank;
} shape_wish;

/* "framework", "layer", "input", ...; NULL at the end. */
extern const char *const shape_field_names[SHAPE_FIELD_COUNT + 1];
enum { SHAPE_ALL_FIELDS = (1 << SHAPE_FIELD_COUNT) - 1 };

static inline bool shape_wants(const shape_wish *wish, shape_field field) { return wish->fields & 1U << field; }

/* A layer that was put on its input, or a merge on its inputs. */
typedef struct shape_case {
    cvs_reading reading;
    cvs_inference inference; /* with the values of bound names put in */
    const cvs_shape *inputs; /* all that were listed, values put in; NULL where there is but one */
    size_t input_count;
    cvs_shape symbolic; /* the output in names, where names were bound; else rank 0 */
    const cvs_symbols *symbols;
    const layer_place *at;
} shape_case;

/* Write the answer as one JSON object. The error's pointer is as the library gave it. */
cvs_status shape_answer_write(api_call *call, const shape_case *subject, const shape_wish *wish, json_writer *writer,
                              cvs_text *scratch) CVS_NODISCARD;

#endif
