#include "api/call.h"

#include "api/flow.h"
#include "api/json_memory.h"
#include "api/members.h"
#include "api/problem.h"

#include <string.h>

static cvs_status fail_exhausted(const api_call *call, cvs_status status, cvs_error *err) {
    if (api_account_short(call->account)) return api_account_explain(call->account, err);
    if (status == CVS_NO_MEMORY) return problem_no_memory(err);
    return cvs_fail(err, status, "json-too-large", "",
                    "Parsing this JSON takes more than %zu bytes of memory, which is the limit (--max-json). A tensor "
                    "takes none of them while "
                    "everything in it is right: look for what is wrong in the largest one, or send it as base64.",
                    call->arena.limit);
}

static cvs_status fail_syntax(const json_error_t *error, const char *what, cvs_error *err) {
    bool duplicate = json_error_code(error) == json_error_duplicate_key;
    (void)cvs_fail(err, CVS_SYNTAX, duplicate ? "duplicate-member" : "not-json", "",
                   "%s is not JSON that can be used: line %d, column %d: %s.", what, error->line, error->column,
                   error->text);
    err->line = error->line > 0 ? error->line : 1;
    err->column = error->column;
    err->offset = error->position;
    return CVS_SYNTAX;
}

cvs_status call_parse(api_call *call, const char *text, size_t length, const char *what, json_t **out) {
    json_error_t error = {0};
    cvs_status failure;
    *out = json_memory_parse(&call->arena, text, length, &error, &failure);
    if (failure != CVS_OK) return fail_exhausted(call, failure, &call->error);
    return *out ? CVS_OK : fail_syntax(&error, what, &call->error);
}

cvs_status call_check_size(const api_context *context, const api_request *request, cvs_error *err) {
    const size_t limit = context->limits.body_bytes;
    if (request->body_length <= limit) return CVS_OK;
    return cvs_fail(err, CVS_TOO_LARGE, "body-too-large", "", "The body has %zu bytes, the limit is %zu.",
                    request->body_length, limit);
}

/* CVS_SYNTAX is for what is no JSON. */
static cvs_status parse(api_call *call, const api_request *request) {
    cvs_error *err = &call->error;
    if (api_account_short(call->account)) return api_account_explain(call->account, err); /* for the lifted tensors */
    cvs_status status = call_check_size(call->context, request, err);
    if (status != CVS_OK) return status;
    if (request->body_length == 0) {
        return cvs_fail(err, CVS_SYNTAX, "body-empty", "", "The request is empty; send a JSON object.");
    }
    return call_parse(call, request->body, request->body_length, "The request", &call->root);
}

void call_begin(api_call *call, const api_context *context, const api_request *request) {
    call->context = context;
    call->account = request->account;
    call->root = NULL;
    memset(call->given, 0, sizeof call->given);
    call->lifted.count = 0;
    call->arena = cvs_arena_make(context->limits.json_bytes);
    if (request->account) call->arena.allowance = &request->account->allowance;
    call->error.status = CVS_OK; /* the rest of it is read after a failure only */
}

bool call_open(api_call *call, const api_context *context, const api_request *request, const char *const *known,
               api_response *response) {
    call_begin(call, context, request);
    cvs_status status = parse(call, request);
    if (status == CVS_OK) status = members_list(call->root, "", known, call->given, &call->error);
    if (status == CVS_OK) return true;
    problem_respond(response, status == CVS_SYNTAX ? 400 : problem_status(status), &call->error, NULL, NULL);
    call_close(call);
    return false;
}

bool call_open_lifted(api_call *call, const api_context *context, const api_request *request, const char *const *known,
                      lifted_places places) {
    if (request->body_length > context->limits.body_bytes) return false;
    call_begin(call, context, request);
    if (lifted_read(&call->lifted, places, &call->arena, request->body, request->body_length)) {
        json_error_t error;
        cvs_status failure;
        call->root =
            json_memory_parse(&call->arena, call->lifted.envelope, call->lifted.envelope_length, &error, &failure);
        if (call->root && members_list(call->root, "", known, call->given, &call->error) == CVS_OK) return true;
    }
    call_close(call);
    return false;
}

void call_close(api_call *call) {
    api_account_give(call->account, call->arena.used);
    cvs_arena_free(&call->arena);
}

bool call_should_retell(const api_call *call) {
    const cvs_status status = call->error.status;
    return call->lifted.count > 0 && status != CVS_NO_MEMORY && status != CVS_INTERRUPTED &&
           !api_account_short(call->account);
}

json_writer call_writer(api_account *account) {
    return (json_writer){.text = {.allowance = account ? &account->allowance : NULL}};
}

/* The writer's text, or the response, ran out of memory: of the heap's, or of the account's. */
static void respond_no_memory(const cvs_text *text, api_response *response) {
    cvs_error error = {0};
    const api_account *account = (const api_account *)text->allowance;
    cvs_status status = CVS_NO_MEMORY;
    if (api_account_short(account))
        status = api_account_explain(account, &error);
    else
        (void)problem_no_memory(&error);
    problem_respond(response, problem_status(status), &error, NULL, NULL);
}

void call_respond(json_writer *writer, api_response *response) {
    *response = (api_response){.status = 200, .content_type = "application/json"};
    response->body = json_writer_take(writer, &response->body_length);
    if (!response->body) respond_no_memory(&writer->text, response);
}

void call_respond_flow(const api_context *context, json_writer *writer, const tensor_text *tensor, float *values,
                       api_response *response) {
    *response = (api_response){.status = 200, .content_type = "application/json"};
    response->flow = flow_create(context->engine, writer, tensor, values);
    if (!response->flow) respond_no_memory(&writer->text, response);
}

void call_explain_memory(const api_account *account, cvs_error *err) {
    if (err->status != CVS_NO_MEMORY || !api_account_short(account)) return;
    *err = (cvs_error){0};
    (void)api_account_explain(account, err);
}

void call_refuse(api_call *call, api_response *response) {
    cvs_error *err = &call->error;
    call_explain_memory(call->account, err);
    if (err->status == CVS_NO_MEMORY && call->arena.full) {
        *err = (cvs_error){0};
        (void)cvs_fail(err, CVS_TOO_LARGE, "request-too-large", "",
                       "What was sent takes more than %zu bytes of memory to be read, which is the limit (--max-json).",
                       call->arena.limit);
    }
    problem_respond(response, problem_status(call->error.status), &call->error, NULL, NULL);
}

bool call_ready(const api_request *request, api_response *response) {
    if (!request->unready) return true;
    cvs_error error = {0};
    (void)cvs_fail(&error, CVS_NO_MEMORY, "not-ready", "", "%s", request->unready);
    problem_respond(response, 503, &error, "ready", "false");
    return false;
}
