/*
 * harness.h - what the fuzz targets share: an endpoint asked without a socket, and what every answer has to keep.
 *
 * A target is a file fuzz_<target>.c with LLVMFuzzerTestOneInput() (https://llvm.org/docs/LibFuzzer.html). A property
 * that does not hold ends the process by abort(): libFuzzer keeps the input as it keeps one that crashes.
 */
#ifndef CONVSCOPE_TESTS_FUZZ_HARNESS_H
#define CONVSCOPE_TESTS_FUZZ_HARNESS_H

#include "api/api.h"

#include <jansson.h>

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Say what does not hold, and end. */
void fuzz_require(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The bytes, which may hold NULs, with one behind them: free() it. */
char *fuzz_text(const void *bytes, size_t length);

/* Made at the first call, with one thread and limits so small that a request takes milliseconds at most. */
const api_context *fuzz_context(void);

typedef void (*fuzz_endpoint)(const api_context *context, const api_request *request, api_response *response);

typedef struct fuzz_answer {
    int status;
    json_t *json;     /* what jansson reads in the body; NULL where it is no JSON, or memory is short */
    const char *type; /* static */
    char *body;
    size_t length, json_length; /* of the body, and of the JSON at its start */
} fuzz_answer;

/*
 * Ask, and check what holds of every answer: a status of 200, 400, 413, 422, or 503 for want of memory and nothing
 * else; its media type; a body that is JSON, unless the request accepts others or it is binary data behind JSON; and of
 * a problem the members that it must have, each with a value that makes sense. fuzz_answer_free() it.
 */
fuzz_answer fuzz_ask(fuzz_endpoint endpoint, const api_request *request);
fuzz_answer fuzz_ask_json(fuzz_endpoint endpoint, const json_t *request);
void fuzz_answer_free(fuzz_answer *answer);

/* The same checks of a body that came another way. */
void fuzz_check_answer(int status, const json_t *json);

/* The request's JSON; NULL when it is none. json_decref() it. */
json_t *fuzz_parse(const void *data, size_t size);

/* An output's shape: sizes of at least 1, or null or an expression where the request leaves them open. */
void fuzz_check_shape(const json_t *shape);

#endif
