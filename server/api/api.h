/*
 * api.h - the JSON contract without HTTP: request bytes in, response bytes and
 * a status out. The command line, the fuzzers and the tests call it without a
 * socket; server/http puts it on a port.
 */
#ifndef CONVSCOPE_API_H
#define CONVSCOPE_API_H

#include "api/budget.h"

#include <convscope/convscope.h>

/* What every call needs and none changes. Shared between threads. */
typedef struct api_context {
    const cvs_engine *engine;
    struct {
        size_t body_bytes;       /* larger request bodies are refused (413) */
        uint64_t stream_bytes;   /* the same for a body of many requests, a line each */
        size_t json_bytes;       /* memory that a parsed body may take (413) */
        int64_t output_elements; /* of one convolution's output, and of a random input (413) */
        int64_t macs;            /* of one convolution (413) */
        size_t workspace_bytes;  /* of one convolution: packed weights and columns (413) */
    } limits;
} api_context;

/* Once per process, before it starts threads and before any other call: seeds jansson's hash tables, watches its
 * memory. */
void api_init(void);

/* The defaults of every limit: 64 MiB, 4 GiB, 128 MiB, 2^26 elements, 2^40 MACs, 512 MiB. */
void api_context_defaults(api_context *context, const cvs_engine *engine);

/* Parts that a path may leave open. */
enum { API_PATH_VALUES = 2 };

/* Of a query or of a command line, decoded: "input_shape" and "1,3,224,224". Borrowed. */
typedef struct api_parameter {
    const char *name, *value;
} api_parameter;

/* More than these are refused where parameters mean anything. */
enum { API_MOST_PARAMETERS = 16 };

typedef struct api_request {
    const char *body; /* borrowed */
    size_t body_length;
    api_account *account; /* asked before memory is taken, that of the response included; borrowed; NULL: nobody is */
    const char *accept;   /* the headers of these names, or NULL; borrowed */
    const char *accept_language;
    const char *unready;                     /* a sentence: why no work is taken now, or NULL when it is; borrowed */
    const char *form_type;                   /* Content-Type when that is multipart/form-data, else NULL; borrowed */
    const cvs_interrupt *interrupt;          /* who may want the computation to end; borrowed; NULL: nobody */
    bool takes_flow;                         /* the receiver reads a response's `flow` */
    const char *path_value[API_PATH_VALUES]; /* what stands where the path is open, or NULL; borrowed */
    const api_parameter *parameters;         /* of the query: at most API_MOST_PARAMETERS, though more were counted */
    size_t parameter_count;
    bool has_json_length; /* the body's first `json_length` bytes are JSON, the others binary data; */
    uint64_t json_length; /* it may be larger than body_length */
} api_request;

/* The language the client likes best among those spoken here (RFC 9110, 12.5.4); English when it names none. */
cvs_language api_language(const api_request *request);

/* A long body that becomes text while it is read. One thread at a time; the context must outlive it. */
typedef struct api_flow api_flow;

/* The next bytes, at most `size` (not 0); 0 at the end. Does not fail. */
size_t api_flow_read(api_flow *flow, char *out, size_t size);
size_t api_flow_bytes(const api_flow *flow); /* that it takes of memory */
void api_flow_free(api_flow *flow);          /* NULL is fine */

/* What an answer says beside its body: "Convscope-Shape: 1,64,112,112". */
typedef struct api_header {
    const char *name; /* static */
    char value[192];
} api_header;

enum { API_MOST_HEADERS = 6 };

typedef struct api_response {
    int status;               /* an HTTP status code */
    const char *content_type; /* static */
    const char *varies;       /* static; NULL, or headers of the request that another answer would come of: of a GET */
    api_header headers[API_MOST_HEADERS];
    size_t header_count;
    char *body; /* the receiver's to free() */
    size_t body_length;
    char *tail; /* NULL, or what follows the body: numbers that nobody has to copy; the receiver's to free() */
    size_t tail_length;
    api_flow *flow; /* NULL, or the body instead of `body`; the receiver's to api_flow_free() */
    int64_t macs;   /* multiply-adds that were computed for it */
    bool cut_short; /* the request's `interrupt` ended it: a problem that nobody needs to see */
} api_response;

/* One header more. Values are cut at their end; there must be room (API_MOST_HEADERS). */
void api_response_header(api_response *response, const char *name, const char *format, ...) CVS_PRINTF(3, 4);

/* The memory that the body takes, in whichever form it is. */
size_t api_response_bytes(const api_response *response);

/* Free the body, in whichever form it is: for a receiver that has not taken it over. */
void api_response_free(api_response *response);

/* POST /v1/shape, POST /v1/solve, GET /v1/rules, POST /v1/convolve, POST /v1/review, POST /v1/diff, GET /healthz,
 * GET /readyz. Never fail: what is wrong is in the response. */
void api_shape(const api_context *context, const api_request *request, api_response *response);
void api_solve(const api_context *context, const api_request *request, api_response *response);
void api_rules(const api_context *context, const api_request *request, api_response *response);
void api_convolve(const api_context *context, const api_request *request, api_response *response);
void api_review(const api_context *context, const api_request *request, api_response *response);
void api_diff(const api_context *context, const api_request *request, api_response *response);
void api_health(const api_context *context, const api_request *request, api_response *response);
void api_ready(const api_context *context, const api_request *request, api_response *response);

/*
 * The Open Inference Protocol (oip/model.h): GET /v2/health/live, GET /v2/health/ready, GET /v2, and of the model that
 * path_value[0] names, in the version path_value[1]: GET /v2/models/{model}, GET .../ready, POST .../infer. Never fail
 * either.
 */
void api_oip_live(const api_context *context, const api_request *request, api_response *response);
void api_oip_ready(const api_context *context, const api_request *request, api_response *response);
void api_oip_server(const api_context *context, const api_request *request, api_response *response);
void api_oip_model(const api_context *context, const api_request *request, api_response *response);
void api_oip_model_ready(const api_context *context, const api_request *request, api_response *response);
void api_oip_infer(const api_context *context, const api_request *request, api_response *response);

/*
 * An RFC 9457 problem for what goes wrong before an endpoint is reached: `status` an HTTP status code, `code`
 * kebab-case, `detail` a sentence. When memory is short the body is a static text's copy or NULL with length 0.
 */
void api_problem(api_response *response, int status, const char *code, const char *detail);

#endif
