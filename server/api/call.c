#include "api/call.h"

#include "api/json_memory.h"
#include "api/members.h"
#include "api/problem.h"

#include <string.h>

static cvs_status fail_exhausted(const cvs_arena *arena, cvs_status status, cvs_error *err) {
    if (status == CVS_NO_MEMORY) return cvs_fail(err, status, "no-memory", "", "Memory is short; try again later.");
    return cvs_fail(
        err, status, "json-too-large", "",
        "Parsing this JSON takes more than %zu bytes of memory, which is the limit; send tensors as base64.",
        arena->limit);
}

static cvs_status fail_syntax(const json_error_t *error, cvs_error *err) {
    bool duplicate = json_error_code(error) == json_error_duplicate_key;
    (void)cvs_fail(err, CVS_SYNTAX, duplicate ? "duplicate-member" : "not-json", "",
                   "The body is not JSON that can be used: line %d, column %d: %s.", error->line, error->column,
                   error->text);
    err->line = error->line > 0 ? error->line : 1;
    err->column = error->column;
    err->offset = error->position;
    return CVS_SYNTAX;
}

/* CVS_SYNTAX is for what is no JSON. */
static cvs_status parse(api_call *call, const api_request *request) {
    cvs_error *err = &call->error;
    size_t limit = call->context->limits.body_bytes;
    if (request->body_length > limit) {
        return cvs_fail(err, CVS_TOO_LARGE, "body-too-large", "", "The body has %zu bytes, the limit is %zu.",
                        request->body_length, limit);
    }
    if (request->body_length == 0) {
        return cvs_fail(err, CVS_SYNTAX, "body-empty", "", "The body is empty; send a JSON object.");
    }
    json_error_t error = {0};
    cvs_status failure;
    call->root = json_memory_parse(&call->arena, request->body, request->body_length, &error, &failure);
    if (failure != CVS_OK) return fail_exhausted(&call->arena, failure, err);
    return call->root ? CVS_OK : fail_syntax(&error, err);
}

bool call_open(api_call *call, const api_context *context, const api_request *request, const char *const *known,
               api_response *response) {
    call->context = context;
    call->root = NULL;
    memset(call->given, 0, sizeof call->given);
    call->arena = cvs_arena_make(context->limits.json_bytes);
    call->error.status = CVS_OK; /* the rest of it is read after a failure only */
    cvs_status status = parse(call, request);
    if (status == CVS_OK) status = members_list(call->root, "", known, call->given, &call->error);
    if (status == CVS_OK) return true;
    problem_respond(response, status == CVS_SYNTAX ? 400 : problem_status(status), &call->error, NULL, NULL);
    call_close(call);
    return false;
}

void call_close(api_call *call) { cvs_arena_free(&call->arena); }

void call_respond(json_writer *writer, api_response *response) {
    *response = (api_response){.status = 200, .content_type = "application/json"};
    response->body = json_writer_take(writer, &response->body_length);
    if (!response->body) api_problem(response, 503, "no-memory", "Memory is short; try again later.");
}

void call_refuse(const api_call *call, api_response *response) {
    problem_respond(response, problem_status(call->error.status), &call->error, NULL, NULL);
}
