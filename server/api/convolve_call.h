/*
 * convolve_call.h - what the parts of POST /v1/convolve share: the request in JSON around a convolution, and what of it
 * the answer should have.
 */
#ifndef CONVSCOPE_CONVOLVE_CALL_H
#define CONVSCOPE_CONVOLVE_CALL_H

#include "api/convolve.h"
#include "api/multipart.h"

/* "trace": one output cell whose arithmetic is shown. */
typedef struct trace_wish {
    bool wanted;
    int64_t cell[CVS_MAX_SPATIAL];
    int cell_rank;
    int64_t filter, sample;
} trace_wish;

/* What an answer is: JSON, bare float32 (little-endian, row-major), or these in a .npy file. */
typedef enum convolve_media { CONVOLVE_JSON = 0, CONVOLVE_BYTES, CONVOLVE_NPY } convolve_media;

typedef struct convolve_call {
    api_call json;
    convolution c;
    convolve_media media;
    const char *content_type; /* the medium's, by the name that was asked for; static */
    const multipart *parts;   /* where tensors may be, as .npy files, instead of in the JSON; NULL: nowhere else */
    bool takes_flow;          /* as in the api_request */
    const int64_t *filters;   /* in the arena; NULL when the whole output is wanted */
    size_t filter_count;
    trace_wish trace;
} convolve_call;

/* convolve_request.c: read everything but the numbers and the weights, and put the layer on the input's shape. */
cvs_status convolve_read(convolve_call *call) CVS_NODISCARD;

/* convolve_request_weights.c: look at "weights" and prove that they are the layer's. */
cvs_status convolve_open_weights(convolve_call *call) CVS_NODISCARD;

/*
 * convolve_parts.c: the JSON of a form: its part "request", or an object of its text parts "layer", "framework" and
 * "algorithm", which is in *memory, the caller's to free() in any case.
 */
cvs_status convolve_find_json(const multipart *parts, api_request *request, char **memory,
                              cvs_error *err) CVS_NODISCARD;
/* The part "input", which is there. */
cvs_status convolve_open_input_part(convolve_call *call) CVS_NODISCARD;
/*
 * All other parts: each has to be a weight, by its name or as "weights[0]", "weights[1]", ... in the framework's order.
 * *any says whether there are some.
 */
cvs_status convolve_open_weight_parts(convolve_call *call, bool *any) CVS_NODISCARD;

/* convolve_answer.c: the whole response; where it has a gap, the output's numbers go there. */
cvs_status convolve_write(convolve_call *call, json_writer *writer) CVS_NODISCARD;

/*
 * convolve_binary.c: the medium that the Accept header (or NULL) likes best. False when there is none: `response` then
 * says so.
 */
bool convolve_choose_media(convolve_call *call, const char *accept, api_response *response) CVS_NODISCARD;
/* Can what is asked for be told in that medium? */
cvs_status convolve_check_media(convolve_call *call) CVS_NODISCARD;
/* The whole answer of a medium that is not JSON; with "filters" as convolve_stack_maps() has them. */
cvs_status convolve_respond_binary(convolve_call *call, api_response *response) CVS_NODISCARD;

/* convolve_maps.c: where one filter's map lies in the output: `outer` runs of `inner` numbers, `step` apart. */
typedef struct map_layout {
    cvs_tensor_shape map; /* the output's shape and axes without that of the filters */
    int64_t outer, inner, step;
    int64_t count; /* of one map's numbers */
} map_layout;

map_layout convolve_map_layout(const cvs_tensor_shape *output);
void convolve_gather_map(const float *output, const map_layout *layout, int64_t filter, float *map);

typedef struct convolve_numbers {
    float *values; /* owned; NULL when there was no memory */
    int64_t count;
    cvs_tensor_shape tensor;
} convolve_numbers;

/*
 * The maps of call->filters, one behind the other in the order they are asked for: (filters, then the other axes of the
 * output in their order), as numpy.stack() makes it of the "feature_maps" of an answer in JSON.
 */
convolve_numbers convolve_stack_maps(const convolve_call *call);

/* convolve_trace.c: can call->trace be answered? Needs no numbers. */
cvs_status convolve_check_trace(convolve_call *call) CVS_NODISCARD;
/* The arithmetic of call->trace as one JSON object. */
cvs_status convolve_write_trace(convolve_call *call, json_writer *writer) CVS_NODISCARD;

#endif
