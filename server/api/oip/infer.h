/*
 * infer.h - what the parts of POST /v2/models/{model}/infer share: one inference request, and the convolution that it
 * asks for.
 *
 *     {"id": "...", "parameters": {"layer": "Conv2D(8, 3)"}, "inputs": [{"name": "input", ...}, {"name": "kernel",
 * ...},
 *      {"name": "bias", ...}], "outputs": [{"name": "output"}]}
 *
 * The layer stands among the parameters, which the protocol has hold strings, numbers and booleans only: it is text.
 * The weights are inputs, by the names and in the layout of the layer's framework.
 */
#ifndef CONVSCOPE_OIP_INFER_H
#define CONVSCOPE_OIP_INFER_H

#include "api/convolve.h"

/* The layer's input and its weights. */
enum { INFER_MOST_INPUTS = 1 + CVS_MAX_WEIGHTS };

/* An entry of "inputs". */
typedef struct infer_input {
    const char *name;
    convolve_tensor tensor;
} infer_input;

/* What stands behind the JSON and was not taken yet. */
typedef struct infer_bytes {
    const char *data;
    size_t length;
    bool announced; /* the request says where its JSON ends */
} infer_bytes;

typedef struct infer_call {
    api_call json;
    convolution c;
    infer_bytes bytes;
    infer_input inputs[INFER_MOST_INPUTS];
    size_t input_count;
    char shape_pointer[40]; /* of the layer's input */
    const char *id;         /* NULL when there is none */
    bool binary_output;
    bool takes_flow; /* as in the api_request */
} infer_call;

/* infer_request.c: everything but the inputs. */
cvs_status infer_read(infer_call *call) CVS_NODISCARD;

/* infer_inputs.c: look at "inputs", and take their binary data from call->bytes. */
cvs_status infer_open_inputs(infer_call *call) CVS_NODISCARD;

/* infer_answer.c: 200 with the output, which is taken over when it is not copied. */
void infer_respond(infer_call *call, api_response *response);

/* infer_request.c, of an object at `pointer`: */

/* A string that has to be there; code "member-missing". */
cvs_status infer_needed_string(const json_t *object, const char *pointer, const char *key, const char **out,
                               cvs_error *err) CVS_NODISCARD;
/* Its "parameters", NULL where there are none: known ones only (NULL at their end), "content_type" looked at. */
cvs_status infer_parameters(const json_t *object, const char *pointer, const char *const *known, const json_t **out,
                            cvs_error *err) CVS_NODISCARD;

#endif
