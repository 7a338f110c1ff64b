/*
 * infer.c - POST /v2/models/{model}/infer: the Open Inference Protocol's way to compute a layer on its input.
 */
#include "api/oip/infer.h"

#include "api/members.h"
#include "api/oip/model.h"

#include <stdio.h>
#include <string.h>

static const char *const infer_members[] = {"id",         "parameters",    "inputs", "outputs",
                                            "model_name", "model_version", NULL};
_Static_assert(sizeof infer_members / sizeof *infer_members <= CALL_MOST_MEMBERS, "a call has room for them");

/* ---- which input is what ------------------------------------------------------------------- */

static cvs_status assign_input(infer_call *call, size_t *place) {
    static const char name[] = "input";
    convolution *c = &call->c;
    size_t i = 0;
    while (i < call->input_count && strcmp(call->inputs[i].name, name) != 0) i++;
    if (i == call->input_count) {
        return cvs_fail(&call->json.error, CVS_INVALID, "input-missing", "/inputs",
                        "What goes in? Add to \"inputs\" one called \"%s\".", name);
    }
    c->input = call->inputs[i].tensor;
    snprintf(call->shape_pointer, sizeof call->shape_pointer, "/inputs/%zu/shape", i);
    c->at.input_shape = call->shape_pointer;
    c->at.input_has_sizes = true;
    *place = i;
    return CVS_OK;
}

/* Names the inputs that this layer has. */
static cvs_status fail_unknown(infer_call *call, size_t place) {
    static const char *const common[] = {"kernel", "bias"};
    const convolution *c = &call->c;
    const char *known[INFER_MOST_INPUTS + 3] = {"input"};
    char at[48];
    int count = 1, choice;
    for (int i = 0; i < c->needed.count; i++) known[count++] = c->needed.weight[i].name;
    for (int i = 0; i < 2; i++) {
        if (convolve_find_weight(c, common[i]) >= 0 && members_find(common[i], known) < 0) known[count++] = common[i];
    }
    snprintf(at, sizeof at, "/inputs/%zu/name", place);
    return members_choice(call->inputs[place].name, at, known, "unknown-input", &choice, &call->json.error);
}

static cvs_status assign_weight(infer_call *call, size_t place) {
    convolution *c = &call->c;
    const infer_input *input = &call->inputs[place];
    const int weight = convolve_find_weight(c, input->name);
    if (weight < 0) return fail_unknown(call, place);
    if (c->weights[weight].given) {
        return cvs_fail(&call->json.error, CVS_INVALID, "input-twice", input->tensor.pointer,
                        "\"%s\" is the weight \"%s\", which is there already.", input->name,
                        c->needed.weight[weight].name);
    }
    c->weights[weight] = input->tensor;
    return CVS_OK;
}

static cvs_status assign_inputs(infer_call *call) {
    convolution *c = &call->c;
    size_t place = 0;
    cvs_status status = assign_input(call, &place);
    if (status == CVS_OK) status = convolve_infer(c, &call->json.error);
    for (int i = 0; i < CVS_MAX_WEIGHTS; i++) strcpy(c->weights[i].pointer, c->weights_at);
    for (size_t i = 0; i < call->input_count && status == CVS_OK; i++) {
        if (i != place) status = assign_weight(call, i);
    }
    return status == CVS_OK ? convolve_check_weights(c, &call->json.error) : status;
}

/* ---- the endpoint ----------------------------------------------------------------------------- */

/*
 * The body's JSON as a request of its own, and what follows it. Answers 400 when there is no telling them apart. A body
 * beyond the limit stays whole, and is refused as one.
 */
static bool split_body(const api_request *request, size_t limit, api_request *json, infer_bytes *bytes,
                       api_response *response) {
    char detail[160];
    *json = *request;
    *bytes = (infer_bytes){.data = request->body + request->body_length, .announced = request->has_json_length};
    if (!request->has_json_length || request->body_length > limit) return true;
    if (request->json_length > request->body_length) {
        snprintf(detail, sizeof detail, "Inference-Header-Content-Length is %llu, more than the %zu bytes of the body.",
                 (unsigned long long)request->json_length, request->body_length);
        api_problem(response, 400, "json-length-too-large", detail);
        return false;
    }
    if (request->json_length == 0) {
        api_problem(response, 400, "json-length-zero",
                    "Inference-Header-Content-Length is 0: without JSON, nothing says which layer is meant.");
        return false;
    }
    json->body_length = (size_t)request->json_length;
    bytes->data = request->body + json->body_length;
    bytes->length = request->body_length - json->body_length;
    return true;
}

/* Answer the call that is open, and close it. False, without a response, when it has tensors lifted and fails. */
static bool answer(infer_call *call, api_response *response) {
    bool told = true;
    cvs_status status = infer_read(call);
    if (status == CVS_OK) status = infer_open_inputs(call);
    if (status == CVS_OK) status = assign_inputs(call);
    if (status == CVS_OK) status = convolve_compute(&call->c, &call->json.error);
    if (status == CVS_OK) {
        infer_respond(call, response);
        response->macs = call->c.macs;
    } else if (!call_should_retell(&call->json)) {
        convolve_refuse(&call->c, &call->json.error, response);
    } else {
        told = false;
    }
    convolve_free(&call->c);
    call_close(&call->json);
    return told;
}

/* Errors are told from the body as it is, whatever was lifted: they name places in it. */
void api_oip_infer(const api_context *context, const api_request *request, api_response *response) {
    infer_call fresh = {
        .c = {.context = context,
              .account = request->account,
              .interrupt = request->interrupt,
              .at = {.layer = "/parameters/layer"},
              .weights_at = "/inputs",
              .algorithm_at = "/parameters/algorithm",
              .weights_advice = " Each is one of the \"inputs\", by its name."},
        .takes_flow = request->takes_flow,
    };
    api_request json;
    if (!oip_model_asked(request, response)) return;
    if (!split_body(request, context->limits.body_bytes, &json, &fresh.bytes, response)) return;
    infer_call call = fresh;
    if (call_open_lifted(&call.json, context, &json, infer_members, LIFTED_INFER) && answer(&call, response)) return;
    call = fresh;
    if (call_open(&call.json, context, &json, infer_members, response)) (void)answer(&call, response);
}
