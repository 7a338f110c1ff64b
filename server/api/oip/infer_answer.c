#include "api/oip/infer.h"

#include "api/call.h"
#include "api/layer_json.h"
#include "api/oip/model.h"

#include <math.h>

/* Members that only some answers have: where the numbers are, and what null stands for. */
static void write_output_parameters(const infer_call *call, json_writer *writer) {
    const convolution *c = &call->c;
    const int64_t non_finite = call->binary_output ? 0 : convolve_count_non_finite(c);
    if (!call->binary_output && non_finite == 0) return;
    json_key(writer, "parameters");
    json_begin_object(writer);
    if (call->binary_output)
        json_member_int(writer, "binary_data_size", c->output_count * (int64_t)sizeof *c->output);
    else
        json_member_int(writer, "non_finite", non_finite);
    json_end_object(writer);
}

static void write_output(const infer_call *call, json_writer *writer) {
    const cvs_shape *shape = &call->c.inference.output.shape;
    json_begin_object(writer);
    json_member_string(writer, "name", "output");
    json_member_string(writer, "datatype", "FP32");
    layer_json_list(writer, "shape", shape->dim, shape->rank);
    write_output_parameters(call, writer);
    if (!call->binary_output) {
        json_key(writer, "data");
        convolve_write_data(&call->c, call->takes_flow, writer);
    }
    json_end_object(writer);
}

/*
 * How the output was computed. The protocol's parameters may be any number, but those of its form for gRPC, which
 * KServe's gateways turn them into, are integers: InferParameter of open_inference_grpc.proto.
 */
static void write_parameters(const convolution *c, json_writer *writer) {
    json_key(writer, "parameters");
    json_begin_object(writer);
    convolve_write_execution(c, writer);
    json_member_int(writer, "compute_us", (int64_t)ceil(c->compute_us));
    json_end_object(writer);
}

/* Without an id in the request, the member is left out: a null has broken clients. */
static void write_answer(const infer_call *call, json_writer *writer) {
    json_begin_object(writer);
    json_member_string(writer, "model_name", oip_model_name);
    json_member_string(writer, "model_version", oip_model_version);
    if (call->id) json_member_string(writer, "id", call->id);
    write_parameters(&call->c, writer);
    json_key(writer, "outputs");
    json_begin_array(writer);
    write_output(call, writer);
    json_end_array(writer);
    json_end_object(writer);
}

/* The extension's form: the JSON, and behind it the output as it lies in memory; the header says where it begins. */
static void append_output(infer_call *call, api_response *response) {
    convolution *c = &call->c;
    if (response->status != 200) return;
    response->content_type = "application/octet-stream";
    api_response_header(response, "Inference-Header-Content-Length", "%zu", response->body_length);
    response->tail = (char *)c->output;
    response->tail_length = (size_t)c->output_count * sizeof *c->output;
    c->output = NULL;
}

void infer_respond(infer_call *call, api_response *response) {
    json_writer writer = call_writer(call->c.account);
    write_answer(call, &writer);
    convolve_respond(&call->c, &writer, response);
    if (call->binary_output) append_output(call, response);
}
