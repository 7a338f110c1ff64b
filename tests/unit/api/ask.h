/* ask.h - requests to the API without a socket, for its tests. */
#ifndef CONVSCOPE_TESTS_API_ASK_H
#define CONVSCOPE_TESTS_API_ASK_H

#include "api/api.h"

#include <jansson.h>

typedef void endpoint(const api_context *context, const api_request *request, api_response *response);

/* The context that the requests are asked in: the default limits, an engine of its own; may be changed. */
api_context *ask_context(void);

/*
 * Ask with `body`, in which ' stands for ", and check that `status` comes back and JSON with it. The caller's to
 * json_decref().
 */
json_t *ask(endpoint *call, int status, const char *body);

/* An endpoint: POST /v2/models/convolve/infer. What follows the body's last } is the binary data behind its JSON. */
void ask_infer(const api_context *context, const api_request *request, api_response *response);

/* The member at a path such as "output.shape.1"; the test fails when there is none. Borrowed. */
const json_t *at(const json_t *json, const char *path);
/* Check a member against JSON text (' for "), numbers exactly. */
void check_at(const json_t *json, const char *path, const char *expected);
/* Ask, and check status, errors.0.pointer and errors.0.code. */
void check_refused(endpoint *call, int status, const char *pointer, const char *code, const char *body);

#endif
