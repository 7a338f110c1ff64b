/*
 * metadata.c - what the Open Inference Protocol tells of the server and its model: GET /v2, /v2/health/live,
 * /v2/health/ready, /v2/models/{model} and its /ready.
 */
#include "api/call.h"
#include "api/oip/model.h"

#include <convscope/convscope.h>

/* ---- health ------------------------------------------------------------------------ */

void api_oip_live(const api_context *context, const api_request *request, api_response *response) {
    json_writer writer = {0};
    json_begin_object(&writer);
    json_member_bool(&writer, "live", true);
    json_end_object(&writer);
    call_respond(&writer, response);
}

/* The specification prints "live" in this answer too; KServe's server says "ready", and its client looks for that. */
void api_oip_ready(const api_context *context, const api_request *request, api_response *response) {
    json_writer writer = {0};
    if (!call_ready(request, response)) return;
    json_begin_object(&writer);
    json_member_bool(&writer, "live", true);
    json_member_bool(&writer, "ready", true);
    json_end_object(&writer);
    call_respond(&writer, response);
}

void api_oip_model_ready(const api_context *context, const api_request *request, api_response *response) {
    json_writer writer = {0};
    if (!oip_model_asked(request, response) || !call_ready(request, response)) return;
    json_begin_object(&writer);
    json_member_string(&writer, "name", oip_model_name);
    json_member_bool(&writer, "ready", true);
    json_end_object(&writer);
    call_respond(&writer, response);
}

/* ---- metadata ------------------------------------------------------------------------ */

void api_oip_server(const api_context *context, const api_request *request, api_response *response) {
    json_writer writer = {0};
    json_begin_object(&writer);
    json_member_string(&writer, "name", "convscope");
    json_member_string(&writer, "version", cvs_version());
    json_key(&writer, "extensions");
    json_begin_array(&writer);
    json_write_string(&writer, "binary_tensor_data"); /* the name that Triton's extension asks to be listed by */
    json_end_array(&writer);
    json_end_object(&writer);
    call_respond(&writer, response);
}

/* Every size varies: -1. */
static void write_tensor(json_writer *writer, const char *name, int rank) {
    json_begin_object(writer);
    json_member_string(writer, "name", name);
    json_member_string(writer, "datatype", "FP32");
    json_key(writer, "shape");
    json_begin_array(writer);
    for (int i = 0; i < rank; i++) json_write_int(writer, -1);
    json_end_array(writer);
    json_end_object(writer);
}

/*
 * The protocol has one shape a tensor and no way to say that its rank varies too: the ranks are those of a 2D
 * convolution. The layer, which settles them, is a parameter of the request.
 */
static void write_tensors(json_writer *writer) {
    enum { IMAGES = 4, KERNEL = 4, BIAS = 1 };
    json_key(writer, "inputs");
    json_begin_array(writer);
    write_tensor(writer, "input", IMAGES);
    write_tensor(writer, "kernel", KERNEL);
    write_tensor(writer, "bias", BIAS);
    json_end_array(writer);
    json_key(writer, "outputs");
    json_begin_array(writer);
    write_tensor(writer, "output", IMAGES);
    json_end_array(writer);
}

void api_oip_model(const api_context *context, const api_request *request, api_response *response) {
    json_writer writer = {0};
    if (!oip_model_asked(request, response)) return;
    json_begin_object(&writer);
    json_member_string(&writer, "name", oip_model_name);
    json_key(&writer, "versions");
    json_begin_array(&writer);
    json_write_string(&writer, oip_model_version);
    json_end_array(&writer);
    json_member_string(&writer, "platform", "convscope_layer"); /* the protocol's form: project, "_", format */
    write_tensors(&writer);
    json_end_object(&writer);
    call_respond(&writer, response);
}
