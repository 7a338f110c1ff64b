#include "api/call.h"

#include "api/members.h"
#include "api/problem.h"

/*
 * What jansson 2.14 takes from the heap at most, measured: 40 bytes a number, and for every array and object their
 * header and first table besides. Strings take what they are long.
 */
enum { BYTES_PER_VALUE = 40, BYTES_PER_ARRAY = 136, BYTES_PER_OBJECT = 232, WORST_PER_BYTE = 80 };

/* Strings are counted as if they were JSON: an estimate that is never too low. */
static size_t parsed_size(const char *body, size_t length) {
    size_t size = length;
    for (size_t i = 0; i < length; i++) {
        size += body[i] == ',' ? BYTES_PER_VALUE : 0;
        size += body[i] == '[' ? BYTES_PER_ARRAY : 0;
        size += body[i] == '{' ? BYTES_PER_OBJECT : 0;
    }
    return size;
}

static cvs_status check_size(const api_context *context, const api_request *request, cvs_error *err) {
    size_t length = request->body_length, limit = context->limits.json_bytes;
    if (length > context->limits.body_bytes) {
        return cvs_fail(err, CVS_TOO_LARGE, "body-too-large", "", "The body has %zu bytes, the limit is %zu.", length,
                        context->limits.body_bytes);
    }
    if (length <= limit / WORST_PER_BYTE) return CVS_OK;
    size_t size = parsed_size(request->body, length);
    if (size <= limit) return CVS_OK;
    return cvs_fail(err, CVS_TOO_LARGE, "json-too-large", "",
                    "Parsing this JSON would take %zu bytes of memory, the limit is %zu; send tensors as base64.", size,
                    limit);
}

/* The HTTP status, with the details in `err`. */
static int refuse_json(const json_error_t *error, cvs_error *err) {
    enum json_error_code code = json_error_code(error);
    if (!error->text[0] || code == json_error_out_of_memory) {
        return problem_status(cvs_fail(err, CVS_NO_MEMORY, "no-memory", "", "Memory is short; try again later."));
    }
    (void)cvs_fail(err, CVS_SYNTAX, code == json_error_duplicate_key ? "duplicate-member" : "not-json", "",
                   "The body is not JSON that can be used: line %d, column %d: %s.", error->line, error->column,
                   error->text);
    err->line = error->line > 0 ? error->line : 1;
    err->column = error->column;
    err->offset = error->position;
    return 400;
}

static int parse(api_call *call, const api_request *request, const char *const *known) {
    if (check_size(call->context, request, &call->error) != CVS_OK) return problem_status(call->error.status);
    if (request->body_length == 0) {
        (void)cvs_fail(&call->error, CVS_SYNTAX, "body-empty", "", "The body is empty; send a JSON object.");
        return 400;
    }
    json_error_t error = {0};
    call->root = json_loadb(request->body, request->body_length, JSON_REJECT_DUPLICATES, &error);
    if (!call->root) return refuse_json(&error, &call->error);
    if (members_check(call->root, "", known, &call->error) != CVS_OK) return problem_status(call->error.status);
    return 0;
}

bool call_open(api_call *call, const api_context *context, const api_request *request, const char *const *known,
               api_response *response) {
    *call = (api_call){.context = context, .arena = cvs_arena_make(context->limits.json_bytes)};
    int refused = parse(call, request, known);
    if (refused == 0) return true;
    problem_respond(response, refused, &call->error, NULL, NULL);
    call_close(call);
    return false;
}

void call_close(api_call *call) {
    json_decref(call->root);
    cvs_arena_free(&call->arena);
}

void call_respond(json_writer *writer, api_response *response) {
    *response = (api_response){.status = 200, .content_type = "application/json"};
    response->body = json_writer_take(writer, &response->body_length);
    if (!response->body) api_problem(response, 503, "no-memory", "Memory is short; try again later.");
}

void call_refuse(const api_call *call, api_response *response) {
    problem_respond(response, problem_status(call->error.status), &call->error, NULL, NULL);
}
