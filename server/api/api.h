/*
 * api.h - the JSON contract without HTTP: request bytes in, response bytes and
 * a status out. The command line, the fuzzers and the tests call it without a
 * socket; server/http puts it on a port.
 */
#ifndef CONVSCOPE_API_H
#define CONVSCOPE_API_H

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

/* The defaults of every limit: 64 MiB, 512 MiB, 2^26 elements, 2^40 MACs, 512 MiB. */
void api_context_defaults(api_context *context, const cvs_engine *engine);

typedef struct api_request {
    const char *body; /* borrowed */
    size_t body_length;
    const char *accept_language; /* the header of that name, or NULL; borrowed */
} api_request;

/* The language the client likes best among those spoken here (RFC 9110, 12.5.4); English when it names none. */
cvs_language api_language(const api_request *request);

typedef struct api_response {
    int status;               /* an HTTP status code */
    const char *content_type; /* static */
    char *body;               /* the receiver's to free() */
    size_t body_length;
} api_response;

/* POST /v1/shape, POST /v1/solve, GET /v1/rules, POST /v1/convolve, GET /healthz. Never fail: what is wrong is in the
 * response. */
void api_shape(const api_context *context, const api_request *request, api_response *response);
void api_solve(const api_context *context, const api_request *request, api_response *response);
void api_rules(const api_context *context, const api_request *request, api_response *response);
void api_convolve(const api_context *context, const api_request *request, api_response *response);
void api_health(const api_context *context, const api_request *request, api_response *response);

/*
 * An RFC 9457 problem for what goes wrong before an endpoint is reached: `status` an HTTP status code, `code`
 * kebab-case, `detail` a sentence. When memory is short the body is a static text's copy or NULL with length 0.
 */
void api_problem(api_response *response, int status, const char *code, const char *detail);

#endif
