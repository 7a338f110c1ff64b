/*
 * convolve_call.c - POST /v1/convolve: a layer with its weights on an input, computed.
 */
#include "api/convolve_call.h"

#include "api/problem.h"

static const char *const convolve_members[] = {"layer",     "framework", "input", "weights", "filters",
                                               "algorithm", "output",    "trace", NULL};
_Static_assert(sizeof convolve_members / sizeof *convolve_members <= CALL_MOST_MEMBERS, "a call has room for them");

/* 200 with what was written, the output's numbers in its gap. */
static cvs_status respond_json(convolve_call *call, api_response *response) {
    json_writer writer = call_writer(call->c.account);
    cvs_status status = convolve_write(call, &writer);
    if (status == CVS_OK) convolve_respond(&call->c, &writer, response);
    json_writer_free(&writer);
    return status;
}

static cvs_status respond(convolve_call *call, api_response *response) {
    return call->media == CONVOLVE_JSON ? respond_json(call, response) : convolve_respond_binary(call, response);
}

/* Answer the call that is open, and close it. False, without a response, when it has tensors lifted and fails. */
static bool answer(convolve_call *call, api_response *response) {
    bool told = true;
    cvs_status status = convolve_read(call);
    if (status == CVS_OK) status = convolve_open_weights(call);
    if (status == CVS_OK) status = convolve_check_media(call);
    if (status == CVS_OK) status = convolve_check_trace(call);
    if (status == CVS_OK) status = convolve_compute(&call->c, &call->json.error);
    if (status == CVS_OK) status = respond(call, response);
    if (status == CVS_OK) response->macs = call->c.macs;
    if (status != CVS_OK && call_should_retell(&call->json)) {
        told = false;
    } else if (status != CVS_OK) {
        convolve_refuse(&call->c, &call->json.error, response);
    }
    convolve_free(&call->c);
    call_close(&call->json);
    return told;
}

/* Errors are told from the body as it is, whatever was lifted: they name places in it. */
static void answer_json(const convolve_call *fresh, const api_request *request, api_response *response) {
    const api_context *context = fresh->c.context;
    convolve_call call = *fresh;
    if (call_open_lifted(&call.json, context, request, convolve_members, LIFTED_CONVOLVE) && answer(&call, response))
        return;
    call = *fresh;
    if (call_open(&call.json, context, request, convolve_members, response)) (void)answer(&call, response);
}

static void answer_form(convolve_call *fresh, const api_request *request, api_response *response) {
    multipart parts;
    cvs_error err = {0};
    char *memory = NULL;
    api_request inner = *request;
    cvs_status status = call_check_size(fresh->c.context, request, &err);
    if (status == CVS_OK)
        status = multipart_read(request->form_type, request->body, request->body_length, &parts, &err);
    if (status == CVS_OK) status = convolve_find_json(&parts, &inner, &memory, &err);
    if (status == CVS_OK) {
        fresh->parts = &parts;
        answer_json(fresh, &inner, response);
    } else {
        problem_respond(response, status == CVS_SYNTAX ? 400 : problem_status(status), &err, NULL, NULL);
    }
    free(memory);
}

void api_convolve(const api_context *context, const api_request *request, api_response *response) {
    convolve_call fresh = {
        .c = {.context = context,
              .account = request->account,
              .interrupt = request->interrupt,
              .at = {.layer = "/layer", .input_shape = "/input"},
              .input = {.pointer = "/input"},
              .weights_at = "/weights",
              .algorithm_at = "/algorithm"},
        .takes_flow = request->takes_flow,
    };
    if (!convolve_choose_media(&fresh, request->accept, response)) return;
    if (request->form_type) {
        answer_form(&fresh, request, response);
    } else {
        answer_json(&fresh, request, response);
    }
}
