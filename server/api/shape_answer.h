/*
 * shape_answer.h - one layer on one input, answered: the members of /v1/shape's response, each computed only when it
 * is wanted.
 */
#ifndef CONVSCOPE_SHAPE_ANSWER_H
#define CONVSCOPE_SHAPE_ANSWER_H

#include "api/layer_input.h"
#include "api/shape_input.h"

/* What is wanted beside the layer and its input. */
typedef struct shape_wish {
    unsigned fields; /* bit i: the i-th of shape_field_names */
    cvs_language language;
    const cvs_shape *weights; /* "weights_shapes", NULL when not asked */
    size_t weights_count;
    const int64_t *cell; /* "cell", NULL when not asked */
    int cell_rank;
} shape_wish;

/* "framework", "layer", "input", ... in the order of the response; NULL at the end. */
extern const char *const shape_field_names[];
enum { SHAPE_ALL_FIELDS = (1 << 12) - 1 };
/* Is the field wanted? The name must be one of them. */
bool shape_wants(const shape_wish *wish, const char *field);

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
