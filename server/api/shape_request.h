/* shape_request.h - what POST /v1/shape is asked, read from its body. */
#ifndef CONVSCOPE_SHAPE_REQUEST_H
#define CONVSCOPE_SHAPE_REQUEST_H

#include "api/layer_input.h"
#include "api/shape_answer.h"

/* The members that a request may have: call.given is in this order. */
typedef enum shape_member {
    SHAPE_ASKS_LAYER,
    SHAPE_ASKS_LAYERS,
    SHAPE_ASKS_FRAMEWORK,
    SHAPE_ASKS_INPUT_SHAPE,
    SHAPE_ASKS_INPUT_SHAPES,
    SHAPE_ASKS_WEIGHTS_SHAPES,
    SHAPE_ASKS_FIELDS,
    SHAPE_ASKS_CELL,
    SHAPE_ASKS_LANGUAGE,
    SHAPE_MEMBER_COUNT
} shape_member;

_Static_assert((int)SHAPE_MEMBER_COUNT <= CALL_MOST_MEMBERS, "a call has room for them");

/* Their names; NULL at the end. */
extern const char *const shape_request_members[SHAPE_MEMBER_COUNT + 1];

/* What goes into a layer: one shape, or those of "input_shapes". */
typedef struct shape_inputs {
    cvs_shape one;           /* "input_shape", or what the layer before gave; rank 0: not said */
    const cvs_shape *listed; /* "input_shapes", in the arena; NULL when it is one */
    size_t count;            /* of those listed */
    shape_names names;       /* of all of them */
} shape_inputs;

typedef struct shape_request {
    api_call call;
    cvs_framework framework;
    shape_inputs inputs; /* of the first layer */
    shape_wish wish;
    cvs_shape weights[CVS_MAX_WEIGHTS];
    int64_t cell[CVS_MAX_SPATIAL];
} shape_request;

/* Nothing is asked yet, in `language` where the request says none. The call is left to call_open(). */
void shape_request_start(shape_request *r, cvs_language language);

/* Read everything but the layers. */
cvs_status shape_request_read(shape_request *r) CVS_NODISCARD;

#endif
