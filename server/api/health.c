#include "api/call.h"

void api_health(const api_context *context, const api_request *request, api_response *response) {
    cvs_engine_info info;
    cvs_engine_describe(context->engine, &info);
    json_writer writer = {0};
    json_begin_object(&writer);
    json_member_string(&writer, "status", "ok");
    json_member_string(&writer, "version", cvs_version());
    json_member_string(&writer, "blas", info.blas);
    json_member_string(&writer, "isa", cvs_isa_name(info.isa));
    json_end_object(&writer);
    call_respond(&writer, response);
}

void api_ready(const api_context *context, const api_request *request, api_response *response) {
    json_writer writer = {0};
    if (!call_ready(request, response)) return;
    json_begin_object(&writer);
    json_member_bool(&writer, "ready", true);
    json_end_object(&writer);
    call_respond(&writer, response);
}
